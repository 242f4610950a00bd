"""The front door: what a receptionist or a script is told."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.badges import badge, worn

from config.look.lettering import Blocks
from kiosk.keep import Keep
from protocol.ids import Role
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_MISTAKE, EXIT_REFUSED
from walkin.screens import board, kiosk
from walkin.terminal import terminal

ROOT = Path(__file__).parent.parent.parent
EXIT_USAGE = 2
BRUSSELS = (ROOT / "config" / "brussels.toml").read_text(encoding="utf-8")


NOWHERE = "ws://127.0.0.1:1"
OWN = {
    "kiosk": badge(Role.KIOSK, "kiosk-1"),
    "board": badge(Role.BOARD, "board-1"),
    "counsellor": badge(Role.COUNSELLOR, "desk-1", "1"),
    "reception": badge(Role.RECEPTION, "reception-1"),
}


def walkin(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "walkin", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_says_what_it_found_and_how_many_counsellors_cover_each_field() -> None:
    run = walkin("check")
    assert run.returncode == 0
    assert "fields 5" in run.stdout
    assert "mobility" in run.stdout


def test_check_speaks_to_scripts() -> None:
    run = walkin("check", "--json")
    assert json.loads(run.stdout)


def test_a_second_kiosk_of_a_name_on_one_machine_is_refused_in_words(tmp_path: Path) -> None:
    keep = Keep(tmp_path, "kiosk-1")
    keep.lock()
    run = walkin("kiosk", "--data", str(tmp_path), "--server", NOWHERE, *worn(tmp_path, OWN["kiosk"]))
    assert run.returncode == 1
    assert "Another kiosk kiosk-1 already runs" in run.stderr
    assert keep._lock is not None
    keep._lock.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8765",
        "ws://",
        "ws://a..b:8765",
        "ws://127.0.0.1:99999",
        "ws://127.0.0.1:0",
        "ws://h:1#x",
        "ws://user@h",
    ],
)
def test_an_address_that_is_none_is_refused_with_one_that_is(address: str) -> None:
    run = CliRunner().invoke(main, ["board", "--server", address])
    assert run.exit_code == EXIT_USAGE
    assert "for example ws://127.0.0.1:8765" in " ".join(run.output.split())


BROKEN_SCREEN = """
from functools import partialmethod
from textual.app import App
from {module} import {panel} as Panel
from walkin.cli import main

def mistake(panel):
    raise AssertionError("a rule does not hold")

App.run = partialmethod(App.run, headless=True)
Panel.compose = mistake
main()
"""


@pytest.mark.parametrize(
    ("panel", "command"),
    [
        ("kiosk.panel.KioskPanel", ("kiosk", "--data", "state")),
        ("display_board.terminal.panel.BoardPanel", ("board",)),
        ("desk.counsellor.panel.CounsellorPanel", ("counsellor",)),
        ("desk.reception.panel.ReceptionPanel", ("reception",)),
    ],
)
def test_a_screen_that_ends_by_a_mistake_says_so_to_whatever_started_it(
    panel: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    module, _, name = panel.rpartition(".")
    centre = str(ROOT / "config" / "brussels.toml")
    run = subprocess.run(
        [
            *(sys.executable, "-c", BROKEN_SCREEN.format(module=module, panel=name)),
            *(*command, "--config", centre, "--server", NOWHERE, *worn(tmp_path, OWN[command[0]])),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == EXIT_MISTAKE, run.stderr
    assert [line[:4] for line in run.stderr.splitlines()] == ["Cet ", "Dit "]
    [log] = tmp_path.rglob("*.log")
    assert "a rule does not hold" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", ["check", "server", "kiosk", "board", "reception", "day"])
def test_no_program_starts_with_a_wrong_configuration_and_each_names_place_and_suggestion(
    program: str, tmp_path: Path
) -> None:
    path = tmp_path / "centre.toml"
    path.write_text(BRUSSELS.replace("letter =", "lettr =", 1), encoding="utf-8")
    more = ("--data", str(tmp_path / "data")) if program == "server" else ()
    run = walkin(program, "--config", str(path), *more)
    assert run.returncode == EXIT_CONFIG
    assert f"{path}: fields[0].lettr" in run.stderr
    assert "letter" in run.stderr
    assert not (tmp_path / "data").exists()


def test_a_kiosk_that_the_centre_does_not_have_is_told_which_there_are(tmp_path: Path) -> None:
    own = worn(tmp_path, badge(Role.KIOSK, "kiosk-9"))
    run = walkin("kiosk", "--server", NOWHERE, *own)
    assert run.returncode == EXIT_CONFIG
    assert "kiosk-1, kiosk-2" in run.stderr


def test_a_printer_place_that_makes_no_sense_is_a_usage_error(tmp_path: Path) -> None:
    run = walkin("server", "--data", str(tmp_path), "--printer", "printer-1=nowhere")
    assert run.returncode == EXIT_CONFIG
    assert "NAME=HOST:PORT" in run.stderr


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = walkin("server", "--data", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert run.returncode == EXIT_REFUSED
    assert "cannot start on 127.0.0.1" in run.stderr


@pytest.mark.parametrize("address", ["127.0.0.1:8765", "http://127.0.0.1:8765"])
def test_an_address_that_is_no_websocket_is_a_usage_error(address: str) -> None:
    run = walkin("board", "--server", address)
    assert run.returncode == EXIT_CONFIG
    assert "ws://" in run.stderr


@pytest.mark.parametrize(
    ("said", "term", "drawn"),
    [
        (None, "foot", Blocks.SEXTANTS),
        (None, "linux", Blocks.QUADRANTS),
        ("sextants", "linux", Blocks.SEXTANTS),
        ("quadrants", "foot", Blocks.QUADRANTS),
    ],
)
def test_large_type_is_made_of_what_the_terminal_can_draw(
    said: str | None, term: str, drawn: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[Blocks] = []
    monkeypatch.setattr("config.look.lettering.draw_with", chosen.append)
    monkeypatch.setenv("TERM", term)
    [option] = [option for option in kiosk.params if option.name == "blocks"]
    assert option.callback is not None
    option.callback(click.Context(kiosk), option, said)
    assert chosen == [drawn]
    assert all(
        "--blocks" in {name for one in command.params for name in one.opts} for command in (board, terminal)
    )
