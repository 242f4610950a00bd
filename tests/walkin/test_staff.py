"""The server's own console says who of the team may sign in; a PIN is told once, and only there."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.broken import ROOT

from protocol.envelope import Done
from protocol.ids import Role
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from queue_server.clock import Clock
from queue_server.core.policy import Refusal
from queue_server.devices import By, Device, RegistryError
from queue_server.people import Session
from queue_server.sessions import Sessions
from queue_server.store.registry import Registry
from walkin.cli import main
from walkin.devices import by_hand
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED

DESK = Device("desk-7", Role.COUNSELLOR, "7")


def staff(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["staff", *words, "--data", str(directory)])


def pins(run: Result) -> dict[str, str]:
    assert run.exit_code == 0, run.output
    return dict(re.findall(r"^(\w+) .* PIN ([0-9]{6})$", run.output, re.MULTILINE))


def accounts(directory: Path) -> dict[str, dict[str, object]]:
    return {row["staff"]: row for row in json.loads(staff(directory, "list", "--json").stdout)}


def sign_in(directory: Path, order: SignIn, device: Device = DESK) -> Done | Refusal:
    async def tried() -> Done | Refusal:
        registry = Registry(directory / "registry.db")
        await registry.open()
        if not (await registry.members()).devices:
            await registry.add({b"7": DESK}, by_hand())
        members = await registry.members()
        sessions = Sessions(registry, Clock("Europe/Brussels"), 600.0)
        sessions.learn(members.accounts, members.sessions)
        answer = await sessions.sign_in(order, device, By("counsellor:desk-7:7", by_hand().at))
        await registry.close()
        return answer

    return asyncio.run(tried())


def at_work(directory: Path, key: str) -> None:
    async def seated() -> None:
        registry = Registry(directory / "registry.db")
        await registry.open()
        if not (await registry.members()).devices:
            await registry.add({b"7": DESK}, by_hand())
        [own] = (one for one in (await registry.members()).accounts if one.staff == key)
        assert await registry.sign_in(Session(DESK.name, key, by_hand().at), own, None, by_hand())
        await registry.close()

    asyncio.run(seated())


def test_the_pin_that_is_told_lets_its_person_choose_another_and_nothing_else(tmp_path: Path) -> None:
    told = pins(staff(tmp_path, "add", "c01", "r01"))
    assert set(told) == {"c01", "r01"}
    first = SignIn(staff="c01", pin=told["c01"])
    assert sign_in(tmp_path, first) == Refusal(RefusalCode.OWN_PIN_NEEDED)
    assert sign_in(tmp_path, SignIn(staff="c01", pin=told["c01"], new_pin="739154")) == Done()
    assert sign_in(tmp_path, SignIn(staff="c01", pin="739154")) == Done()
    assert told["c01"].encode() not in (tmp_path / "registry.db").read_bytes()
    assert accounts(tmp_path)["c01"] == {
        "staff": "c01",
        "roles": ["counsellor"],
        "own_pin": True,
        "at": "desk-7",
    }


def test_people_work_where_the_centre_s_file_says_and_where_the_console_adds(tmp_path: Path) -> None:
    staff(tmp_path, "add", "c01", "r01")
    staff(tmp_path, "add", "c02", "--also", "reception")
    assert {key: row["roles"] for key, row in accounts(tmp_path).items()} == {
        "c01": ["counsellor"],
        "r01": ["reception"],
        "c02": ["counsellor", "reception"],
    }


def test_a_new_pin_changes_nothing_about_where_a_person_works(tmp_path: Path) -> None:
    staff(tmp_path, "add", "c01", "--also", "reception")
    staff(tmp_path, "reset", "c01")
    assert accounts(tmp_path)["c01"]["roles"] == ["counsellor", "reception"]
    staff(tmp_path, "add", "c02")
    staff(tmp_path, "reset", "c02", "--also", "reception")
    assert accounts(tmp_path)["c02"]["roles"] == ["counsellor", "reception"]


def test_everybody_in_a_roster_who_had_no_account_gets_one(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "staff,weekday,from,to\nc01,monday,09:00,13:00\nc02,monday,13:00,17:00\nc02,friday,09:00,12:00\n"
    )
    staff(tmp_path, "add", "c01")
    assert set(pins(staff(tmp_path, "import", str(tmp_path / "roster.csv")))) == {"c02"}
    again = staff(tmp_path, "import", str(tmp_path / "roster.csv"))
    assert (again.exit_code, "can sign in already" in again.output) == (0, True)
    assert set(accounts(tmp_path)) == {"c01", "c02"}


def test_a_roster_with_a_mistake_makes_no_account(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "staff,weekday,from,to\nc01,monday,09:00,13:00\nc99,monday,9:00,10:00\n"
    )
    run = staff(tmp_path, "import", str(tmp_path / "roster.csv"))
    assert run.exit_code == EXIT_CONFIG
    assert "line 3: the centre knows nobody called 'c99'" in run.output
    assert accounts(tmp_path) == {}


@pytest.mark.parametrize("how", ["reset", "remove"])
def test_who_gets_another_pin_or_is_removed_is_signed_out(tmp_path: Path, how: str) -> None:
    first = pins(staff(tmp_path, "add", "c01"))["c01"]
    at_work(tmp_path, "c01")
    assert accounts(tmp_path)["c01"]["at"] == "desk-7"
    run = staff(tmp_path, how, "c01")
    assert run.exit_code == 0, run.output
    assert sign_in(tmp_path, SignIn(staff="c01", pin=first)) == Refusal(RefusalCode.WRONG_PIN)
    if how == "reset":
        assert accounts(tmp_path)["c01"]["at"] is None
        assert sign_in(tmp_path, SignIn(staff="c01", pin=pins(run)["c01"])) == Refusal(
            RefusalCode.OWN_PIN_NEEDED
        )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("add", "c99"), EXIT_CONFIG, "nobody there has the key c99"),
        (
            ("add", "c01"),
            EXIT_REFUSED,
            "c01: has an account already. If the PIN is forgotten,",
        ),
        (("reset", "c02"), EXIT_REFUSED, "c02: has no account. Make one: walkin staff add."),
        (("reset", "c01", "c02"), EXIT_REFUSED, "c02: has no account. Make one: walkin staff add."),
        (("remove", "c02"), EXIT_REFUSED, "c02: has no account, see walkin staff list."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(
    tmp_path: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    staff(tmp_path, "add", "c01")
    before = accounts(tmp_path)
    run = staff(tmp_path, *words)
    assert run.exit_code == status
    assert said in run.output
    assert accounts(tmp_path) == before


def test_a_disk_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise RegistryError("The disk is full.")

    monkeypatch.setattr(Registry, "add_staff", full)
    run = staff(tmp_path, "add", "c01")
    assert run.exit_code == EXIT_DISK
    assert "PIN" not in run.output


def test_the_file_of_another_centre_is_refused_before_anybody_s_pin_is_touched(tmp_path: Path) -> None:
    staff(tmp_path, "add", "c01")
    before = accounts(tmp_path)
    charleroi = ("--config", str(ROOT / "config" / "charleroi.toml"))
    for words in (("reset", "c01"), ("add", "c02")):
        run = staff(tmp_path, *words, *charleroi)
        assert run.exit_code == EXIT_CONFIG
        assert "belongs to the centre 'brussels'" in run.output
        assert "PIN" not in run.output
    assert accounts(tmp_path) == before


@pytest.mark.parametrize("words", [("list",), ("remove", "c01"), ("reset", "c01")])
def test_looking_for_somebody_makes_no_directory(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = staff(tmp_path / "typo", *words)
    assert run.exit_code == EXIT_REFUSED
    assert "There is no data directory" in run.output
    assert not (tmp_path / "typo").exists()
