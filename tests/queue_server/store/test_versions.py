"""Days that earlier versions wrote: each is migrated, proved, replayed, and goes on.

`versions/` holds one day as each version wrote it with its own code, dumped as SQL. A new migration or kind
of event needs another, written before it changes again.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from sqlite_utils import Database

from config.roster import Holiday, Roster
from protocol.ids import Role
from queue_server.core.events import AnyEvent, DayEnded
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue
from queue_server.devices import By, Device, What
from queue_server.log_port import Record
from queue_server.store.day_log import DayLog
from queue_server.store.house import DAYS
from queue_server.store.migrations import day_migrations
from queue_server.store.registry import Registry
from queue_server.store.verify import verify

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.sql"))
AT = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
TICKETS = {
    "T001": ("parked", "training", "1", 2, 1, "printed"),
    "T002": ("finished", "training", "1", 2, 2, "queued"),
    "T003": ("waiting", "work", "2", 1, 0, "none"),
    "E001": ("cancelled", "education", None, 0, 0, "none"),
    "T004": ("waiting", "training", None, 0, 0, "none"),
}
"""Stage, field, desk, calls, copies, slip: as the version that wrote them saw them."""
PROVISIONAL = {"T005": ("waiting", "training", None, 0, 1, "queued")}
RESTORED = {"T907": ("waiting", "training", None, 0, 0, "none")}
WITH_BURST = {"T205": ("waiting", "training", None, 0, 0, "none")}
WITH_A_GROUP = {"E202": ("parked", "education", "2", 1, 0, "none")}
WITH_A_WAIT = {"E203": ("cancelled", "education", None, 0, 0, "none")}
WITH_NOBODY_IN_SIGHT = {"E204": ("cancelled", "education", None, 0, 0, "none")}
SINCE_NOBODY = "8-told-that-nobody-is-in-sight"
SINCE_A_WAIT = "7-told-of-waits-and-with-an-intake-that-ended"
SINCE_HELP = "6-with-help-groups-and-reminders"
SINCE_BURST = "5-with-a-burst"
SINCE_RESTORED = "4-after-a-restore"
SINCE_PROVISIONAL = "3-with-provisional-numbers"


def written(version: Path, path: Path) -> Path:
    """The day as that version left it."""
    with closing(sqlite3.connect(as_dumped(version, path))) as db:
        db.execute("PRAGMA journal_mode=WAL")
    return path


def as_dumped(version: Path, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(version.read_text(encoding="utf-8"))
    return path


async def read(path: Path) -> list[Record]:
    log = DayLog(path, 2_000_000_000)
    try:
        await log.fence()
        return await log.read()
    finally:
        await log.close()


def seen(records: list[Record]) -> tuple[dict[str, tuple[Any, ...]], Queue]:
    queue = Queue("2026-09-15", ("1", "2"))
    for record in records:
        evolve(queue, record.event, record.at)
    return {code: _stands(ticket) for code, ticket in queue.tickets.items()}, queue


def _stands(ticket: Any) -> tuple[Any, ...]:
    placed = ticket.placement
    return (placed.stage, placed.field, placed.desk, placed.calls, ticket.copies, ticket.slip)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
async def test_a_day_of_an_earlier_version_gives_the_same_queue(tmp_path: Path, version: Path) -> None:
    records = await read(written(version, tmp_path / "2026-09-15.db"))
    tickets, queue = seen(records)
    provisional, restored = version.stem >= SINCE_PROVISIONAL, version.stem >= SINCE_RESTORED
    burst, help_ = version.stem >= SINCE_BURST, version.stem >= SINCE_HELP
    told, nobody = version.stem >= SINCE_A_WAIT, version.stem >= SINCE_NOBODY
    expected = TICKETS | (PROVISIONAL if provisional else {}) | (RESTORED if restored else {})
    expected |= (WITH_BURST if burst else {}) | (WITH_A_GROUP if help_ else {})
    expected |= WITH_A_WAIT if told else {}
    assert tickets == expected | (WITH_NOBODY_IN_SIGHT if nobody else {})
    numbers = (queue.last_call, queue.open, queue.numbers["T"], queue.numbers["E"])
    assert numbers == (
        (1006 + help_, False, 204 + burst, 201 + help_ + told + nobody) if restored else (6, False, 4, 1)
    )
    assert queue.bursts.taken == {}, "nothing of these days is in doubt any more"
    assert queue.help.open == {}
    assert [*queue.intake.ended] == ([("training", "nl"), ("education", "nl")] if told else [])
    assert queue.intake.takes(("training", "nl"))
    assert [code for code, ticket in queue.tickets.items() if ticket.told] == [*WITH_A_WAIT] * told
    assert [code for code, ticket in queue.tickets.items() if ticket.nobody] == [
        *WITH_NOBODY_IN_SIGHT
    ] * nobody
    assert sum(ticket.people for ticket in queue.tickets.values()) == len(tickets) + 2 * help_
    assert queue.message["fr"] == "Fermé à 16 h « demain »"
    assert set(queue.reserved) == ({"T005", "T006"} if provisional else set()) | (
        set(RESTORED) if restored else set()
    )


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
async def test_a_day_of_an_earlier_version_goes_on(tmp_path: Path, version: Path) -> None:
    path = written(version, tmp_path / "2026-09-15.db")
    log = DayLog(path, 2_000_000_000)
    await log.fence()
    before, secret = await log.read(), log.secret
    more = Record(AT, "clock", "question-99999999", 0, DayEnded())
    await log.append([more])
    await log.close()
    assert await read(path) == [*before, more]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT value FROM day WHERE name = 'secret'").fetchone() == (secret,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_every_step_of_the_day_s_file_has_a_day_that_was_written_before_the_next(tmp_path: Path) -> None:
    newest = set()
    for version in VERSIONS:
        with closing(sqlite3.connect(written(version, tmp_path / f"{version.stem}.db"))) as db:
            newest.add(day_migrations.applied(Database(db))[-1].name)
    with closing(sqlite3.connect(":memory:")) as db:
        assert newest == {step.name for step in day_migrations.pending(Database(db))}


async def test_every_kind_of_event_that_was_ever_written_is_in_one_of_these_days(tmp_path: Path) -> None:
    records = [
        record
        for version in VERSIONS
        for record in await read(written(version, tmp_path / f"{version.stem}.db"))
    ]
    no_day_goes_on_after_it = {DayEnded}
    assert {type(record.event) for record in records} | no_day_goes_on_after_it == set(get_args(AnyEvent))


def test_every_field_of_an_event_that_was_ever_written_is_in_one_of_these_days() -> None:
    said = "\n".join(version.read_text(encoding="utf-8") for version in VERSIONS)
    fields = {field.encode_name for kind in get_args(AnyEvent) for field in msgspec.structs.fields(kind)}
    assert {field for field in fields if f'"{field}":' not in said} == set()


REGISTRIES = sorted((Path(__file__).parent / "registries").glob("*.sql"))
"""Of the centre's devices and team, as each version wrote it with its own code."""
SINCE_TEAM = "2-team"
DEVICES = {What.DEVICE_ADDED, What.DEVICE_REMOVED}


@pytest.mark.parametrize("version", REGISTRIES, ids=lambda path: path.stem)
async def test_a_registry_of_an_earlier_version_knows_its_devices_and_goes_on(
    tmp_path: Path, version: Path
) -> None:
    registry = Registry(as_dumped(version, tmp_path / "registry.db"))
    await registry.open()
    members = await registry.members()
    known = {one.digest: (one.device, one.seen_at) for one in members.devices}
    assert known == {
        sha256(b"one").digest(): (Device("kiosk-1", Role.KIOSK), datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
        sha256(b"two").digest(): (Device("desk-3", Role.COUNSELLOR, "3"), None),
    }
    team = ["c01", "r01"] if version.stem >= SINCE_TEAM else []
    assert [one.staff for one in members.accounts] == team
    assert await registry.roster() == Roster()
    await registry.replace(b"new", Device("kiosk-1", Role.KIOSK), By("console", AT))
    assert await registry.plan(Roster(), Roster((Holiday(day="2026-12-25"),)), By("console", AT))
    trail = [(deed.what, deed.about) for deed in await registry.trail()]
    await registry.close()
    assert [deed for deed in trail if deed[0] in DEVICES] == [
        *((What.DEVICE_ADDED, name) for name in ("kiosk-1", "desk-3", "board-1")),
        (What.DEVICE_REMOVED, "board-1"),
        (What.DEVICE_REMOVED, "kiosk-1"),
        (What.DEVICE_ADDED, "kiosk-1"),
    ]
    assert trail[-1] == (What.ROSTER_CHANGED, "roster")


@pytest.mark.parametrize("version", REGISTRIES, ids=lambda path: path.stem)
def test_a_registry_of_an_earlier_version_is_proved_before_it_is_opened(
    tmp_path: Path, version: Path
) -> None:
    (tmp_path / DAYS).mkdir()
    as_dumped(version, tmp_path / "registry.db")
    assert [one.trouble for one in verify(tmp_path, lambda *_: None)] == [""]
