"""Files that earlier versions wrote: each is migrated and proved, and goes on; a day is replayed.

`versions/` holds one day, `registries/` one registry and `statistics/` two counted days as each version
wrote them with its own code, dumped as SQL. A new migration or kind of event needs another, written before it
changes again.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from sqlite_utils import Database, Migrations

from config.roster import Absence, Break, Holiday, Roster, Shift, roster_of
from protocol.ids import Role
from queue_server.core.events import AnyEvent, DayEnded
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue
from queue_server.devices import By, Device, What
from queue_server.log_port import Record
from queue_server.people import Session
from queue_server.store.backup import back_up
from queue_server.store.copies import past_days
from queue_server.store.day_log import DayLog
from queue_server.store.house import DAYS, REGISTRY, STATISTICS
from queue_server.store.migrations import day_migrations
from queue_server.store.registry import Registry, registry_migrations
from queue_server.store.statistics import Statistics
from queue_server.store.statistics_tables import statistics_migrations
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
"""Of the centre's devices, team and roster, as each version wrote it with its own code."""
SINCE_TEAM, SINCE_ROSTER = "3", "4"
DEVICES = {What.DEVICE_ADDED, What.DEVICE_REMOVED}
NOON = (Break(time(12), time(13)),)
ROSTER = roster_of(
    [
        Shift(
            staff="c01",
            day="tuesday",
            begins=time(9, 30),
            ends=time(17),
            fields=("training",),
            languages=("fr", "nl"),
            breaks=NOON,
            stays=True,
        ),
        Absence(staff="r01", day="2026-12-01"),
        Holiday(day="2026-12-25"),
    ]
)


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
    team = version.stem >= SINCE_TEAM
    assert [one.staff for one in members.accounts] == ["c01", "r01"] * team
    there = Session("desk-3", "c01", datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    assert members.sessions == [there] * team
    roster = await registry.roster()
    assert roster == (ROSTER if version.stem >= SINCE_ROSTER else Roster())
    await registry.touched(members.sessions)
    await registry.replace(b"new", Device("kiosk-1", Role.KIOSK), By("console", AT))
    assert await registry.plan(roster, Roster((Holiday(day="2027-01-01"),)), By("console", AT))
    await registry.ask("question-99999999", b"pair")
    assert await registry.asked() == [("question-99999999", b"pair")]
    trail = [(deed.what, deed.about) for deed in await registry.trail()]
    await registry.close()
    assert [deed for deed in trail if deed[0] in DEVICES] == [
        *((What.DEVICE_ADDED, name) for name in ("kiosk-1", "desk-3", "board-1")),
        (What.DEVICE_REMOVED, "board-1"),
        (What.DEVICE_REMOVED, "kiosk-1"),
        (What.DEVICE_ADDED, "kiosk-1"),
    ]
    assert trail[-1][0] == What.ROSTER_CHANGED


@pytest.mark.parametrize("version", REGISTRIES, ids=lambda path: path.stem)
def test_a_registry_of_an_earlier_version_is_proved_and_backed_up_before_it_is_opened(
    tmp_path: Path, version: Path
) -> None:
    (tmp_path / "data" / DAYS).mkdir(parents=True)
    as_dumped(version, tmp_path / "data" / REGISTRY)
    assert [one.trouble for one in verify(tmp_path / "data", lambda *_: None)] == [""]
    assert back_up(tmp_path / "data", tmp_path / "backup", lambda *_: None).troubles == ()


STATISTICS_KEPT = sorted((Path(__file__).parent / "statistics").glob("*.sql"))
"""Of two days that were counted, as each version wrote them with its own code."""
SINCE_CYCLES, SINCE_UNSERVED = "2-cycles-and-promises", "2-with-visitors-who-went-without-a-ticket"
COUNTED = {"2026-09-14": 3, "2026-09-15": 2}
"""Legs of each day."""


@pytest.mark.parametrize("version", STATISTICS_KEPT, ids=lambda path: path.stem)
async def test_statistics_of_an_earlier_version_tell_what_they_can_and_go_on(
    tmp_path: Path, version: Path
) -> None:
    path = written(version, tmp_path / STATISTICS)
    before = past_days(path, 60)
    assert {day: len(past.legs) for day, past in before.items()} == COUNTED
    unserved = version.stem >= SINCE_UNSERVED
    assert [len(past.unserved) for past in before.values()] == [unserved, unserved]
    statistics = Statistics(path)
    assert await statistics.days() == set(COUNTED)
    recent = await statistics.recent(60)
    assert recent.asked == {
        ("education", "nl"): 1,
        ("training", "fr"): 1,
        ("work", "fr"): 1,
        ("work", "fr+nl"): 1,
    }
    cycles = version.stem >= SINCE_CYCLES
    assert (len(recent.cycles), recent.late, recent.open_half_minutes) == (
        (4, (True, False), 1800) if cycles else (0, (), 0)
    )
    await statistics.write("2026-09-16", before["2026-09-15"])
    assert await statistics.days() == {*COUNTED, "2026-09-16"}
    await statistics.close()
    assert past_days(path, 60) == {**before, "2026-09-16": before["2026-09-15"]}


@pytest.mark.parametrize("version", STATISTICS_KEPT, ids=lambda path: path.stem)
def test_statistics_of_an_earlier_version_are_proved_and_backed_up_before_they_are_opened(
    tmp_path: Path, version: Path
) -> None:
    (tmp_path / "data" / DAYS).mkdir(parents=True)
    written(version, tmp_path / "data" / STATISTICS)
    found = verify(tmp_path / "data", lambda *_: None)
    assert [(one.entries, one.trouble) for one in found] == [(len(COUNTED), "")]
    assert back_up(tmp_path / "data", tmp_path / "backup", lambda *_: None).troubles == ()


@pytest.mark.parametrize(
    ("steps", "versions"),
    [
        (day_migrations, VERSIONS),
        (registry_migrations, REGISTRIES),
        (statistics_migrations, STATISTICS_KEPT),
    ],
    ids=["day", "registry", "statistics"],
)
def test_every_step_of_every_file_has_one_that_was_written_before_the_next(
    tmp_path: Path, steps: Migrations, versions: list[Path]
) -> None:
    newest = set()
    for version in versions:
        with closing(sqlite3.connect(as_dumped(version, tmp_path / f"{version.stem}.db"))) as db:
            newest.add(steps.applied(Database(db))[-1].name)
    with closing(sqlite3.connect(":memory:")) as db:
        assert newest == {step.name for step in steps.pending(Database(db))}
