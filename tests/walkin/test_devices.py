"""The server's own console says which terminals belong to the centre."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from protocol.badge import read_badge
from protocol.ids import Role
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED


def device(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["device", *words, "--data", str(directory / "data")])


def add(directory: Path, name: str, role: str, *more: str) -> Result:
    path = directory / f"{name}.badge"
    return device(directory, "add", name, "--role", role, "--badge", str(path), *more)


def test_a_terminal_is_added_with_a_badge_to_bring_to_it(tmp_path: Path) -> None:
    run = add(tmp_path, "desk-3", "counsellor", "--desk", "3", "--server", "ws://127.0.0.1:9000")
    assert run.exit_code == 0, run.output
    badge = read_badge(tmp_path / "desk-3.badge")
    assert (badge.device, badge.role, badge.desk, badge.server) == (
        *("desk-3", Role.COUNSELLOR, "3"),
        "ws://127.0.0.1:9000",
    )
    assert stat.S_IMODE((tmp_path / "desk-3.badge").stat().st_mode) == 0o600
    assert "walkin counsellor --badge" in run.output
    assert badge.token not in run.output


def test_the_list_says_what_there_is_and_when_it_was_last_seen(tmp_path: Path) -> None:
    add(tmp_path, "kiosk-1", "kiosk")
    add(tmp_path, "desk-3", "counsellor", "--desk", "3")
    said = device(tmp_path, "list")
    assert said.exit_code == 0
    assert [line.split() for line in said.output.splitlines()] == [
        ["desk-3", "counsellor", "desk", "3", "never", "seen"],
        ["kiosk-1", "kiosk", "never", "seen"],
    ]
    told = json.loads(device(tmp_path, "list", "--json").output)
    assert [(row["name"], row["role"], row["desk"], row["seen_at"]) for row in told] == [
        ("desk-3", "counsellor", "3", None),
        ("kiosk-1", "kiosk", None, None),
    ]


def test_a_name_that_is_taken_is_refused_and_no_badge_is_left(tmp_path: Path) -> None:
    add(tmp_path, "board-1", "board")
    (tmp_path / "board-1.badge").unlink()
    run = add(tmp_path, "board-1", "board")
    assert run.exit_code == EXIT_REFUSED
    assert "board-1: the centre has a terminal of that name" in run.output
    assert not (tmp_path / "board-1.badge").exists()


def test_a_badge_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "board-1.badge").write_text("mine")
    assert add(tmp_path, "board-1", "board").exit_code == EXIT_CONFIG
    assert (tmp_path / "board-1.badge").read_text() == "mine"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kiosk-9", "kiosk"), "no such kiosk"),
        (("desk-99", "counsellor", "--desk", "99"), "no such desk"),
        (("desk-1", "counsellor"), "no such desk"),
        (("Jean Dupont", "board"), "cannot be called 'Jean Dupont': small letters"),
    ],
)
def test_a_terminal_for_which_the_centre_has_no_place_is_not_added(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    run = add(tmp_path, *words)
    assert run.exit_code == EXIT_CONFIG
    assert said in run.output
    assert not (tmp_path / "data").exists()


def test_a_terminal_is_removed_and_one_that_there_is_not_is_named(tmp_path: Path) -> None:
    add(tmp_path, "board-1", "board")
    assert device(tmp_path, "remove", "board-1").exit_code == 0
    assert device(tmp_path, "list", "--json").output.strip() == "[]"
    run = device(tmp_path, "remove", "board-1")
    assert run.exit_code == EXIT_REFUSED
    assert "is called board-1" in run.output


def test_a_registry_that_is_damaged_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "registry.db").write_bytes(b"no database" * 1000)
    run = device(tmp_path, "list")
    assert run.exit_code == EXIT_DISK
    assert "walkin restore" in run.output


def test_a_terminal_without_a_badge_is_told_how_it_gets_one(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["board", "--badge", str(tmp_path / "board.badge")])
    assert run.exit_code == EXIT_CONFIG
    assert "walkin device add NAME --role board" in run.output


def test_a_badge_of_another_kind_is_told_which_program_it_is_for(tmp_path: Path) -> None:
    add(tmp_path, "board-1", "board")
    run = CliRunner().invoke(main, ["kiosk", "--badge", str(tmp_path / "board-1.badge")])
    assert run.exit_code == EXIT_CONFIG
    assert "walkin board" in run.output
