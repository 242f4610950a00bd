"""The day's file: what goes in comes out, nothing in it can be changed unnoticed, and it is private."""

import sqlite3
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.centre import MORNING, ZONE

from protocol.commands import HelpTopic, IntakeHold, UnservedWhy
from protocol.views import CallReason, PrintState
from queue_server.core import events as e
from queue_server.log_port import ENDED, LogError, Record
from queue_server.store.day_log import DayLog

EVENTS: tuple[e.AnyEvent, ...] = (
    e.DayOpened(),
    e.DayClosed(),
    e.FieldOpened("work"),
    e.FieldClosed("work"),
    e.TicketIssued(
        ticket="T001",
        number=1,
        field="training",
        languages=("fr", "nl"),
        screen_language="nl",
        ahead=3,
        priority=True,
        head_start_s=900,
        kiosk="kiosk-1",
    ),
    e.NumbersReserved(kiosk="kiosk-1", field="training", first=2, tickets=("T002", "T003")),
    e.DayRestored(numbers=200, provisional=40, calls=1000),
    e.TicketCalled(ticket="T001", desk="1", call=1, how="next", reason=CallReason.LONGEST_WAIT),
    e.TicketRecalled(ticket="T001", desk="1", call=2),
    e.ServingStarted("T001", "1"),
    e.TicketFinished("T001"),
    e.TicketMissed("T001"),
    e.TicketReinstated("T001"),
    e.TicketTransferred(ticket="T001", field="work", languages=("nl",), desk="2", by_desk="1"),
    e.TicketParked("T001"),
    e.TicketParked("T001", 10),
    e.TicketCancelled("T001", "day-over"),
    e.DemandUnserved(kiosk="kiosk-1", field="work", languages=("nl",), why=UnservedWhy.ENDED),
    e.IntakeEnded((("work", "fr"), ("work", "nl"))),
    e.IntakeHeld("work", "fr", IntakeHold.OPEN),
    e.HelpCalled(kiosk="kiosk-1", topic=HelpTopic.UNSURE, language="nl"),
    e.HelpAnswered("kiosk-1"),
    e.HelpEnded("kiosk-1", "over"),
    e.BurstNoticed(kiosk="kiosk-1", tickets=("T001", "T002")),
    e.BurstDismissed(kiosk="kiosk-1", tickets=("T001",)),
    e.PrioritySet("T001", True, 900),
    e.ActionUndone("1", "T001", "call"),
    e.DeskOpened(desk="1", counsellor="staff-ar", fields=("training",), languages=("fr",)),
    e.DeskNarrowed(desk="1", fields=("work",), languages=("nl",)),
    e.DeskClosed("1"),
    e.DeskReadied("1"),
    e.DeskPaused("1", "lunch"),
    e.DeskResumed("1"),
    e.MessagePosted({"fr": "Fermé à 16 h « demain »", "nl": "\x00\x1f\N{GRINNING FACE}"}),
    e.SlipRequested("T001", 2, "kiosk-1"),
    e.SlipReported(
        ticket="T001", copy_number=2, outcome=PrintState.FAILED, printer="printer-1", reason="paper"
    ),
    e.DayEnded(),
)


def records_of(*events: e.AnyEvent) -> list[Record]:
    return [
        Record(MORNING + timedelta(seconds=i), "kiosk:kiosk-1", f"request-{i:08d}", 0, event)
        for i, event in enumerate(events)
    ]


async def written(path: Path, *events: e.AnyEvent) -> None:
    log = DayLog(path)
    await log.read()
    await log.append(records_of(*events))
    await log.close()


async def read(path: Path) -> list[Record]:
    log = DayLog(path)
    try:
        return await log.read()
    finally:
        await log.close()


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(e.AnyEvent))


async def test_every_event_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    assert await read(path) == records_of(*EVENTS)


async def test_a_day_goes_on_where_it_was_closed(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    log = DayLog(path)
    await log.read()
    records = records_of(*EVENTS)
    await log.append(records[:5])
    await log.append(records[5:9])
    await log.close()
    log = DayLog(path)
    assert await log.read() == records[:9]
    await log.append(records[9:])
    await log.close()
    assert await read(path) == records


instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(ZONE))  # noqa: DTZ001


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=120), at=instants, actor=st.text("abc:-0123456789", max_size=20))
async def test_any_text_at_any_instant_comes_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, at: datetime, actor: str
) -> None:
    path = tmp_path_factory.mktemp("log") / "day.db"
    log = DayLog(path)
    await log.read()
    record = Record(at, actor, "request-00000000", 0, e.MessagePosted({"fr": text}))
    await log.append([record])
    await log.close()
    [found] = await read(path)
    assert found.event == record.event
    assert found.actor == actor
    assert found.at.timestamp() == at.timestamp()
    assert found.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize("wish", ["UPDATE events SET body = '{}'", "DELETE FROM events"])
async def test_the_file_itself_refuses_to_change_or_forget(tmp_path: Path, wish: str) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    stranger = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        stranger.execute(wish)
    stranger.close()
    assert await read(path) == records_of(*EVENTS)


async def test_a_command_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    log = DayLog(path)
    await log.read()
    await log.append(records_of(e.DayOpened()))
    with pytest.raises(LogError):
        await log.append(records_of(e.DayOpened()))
    await log.close()
    assert len(await read(path)) == 1


async def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    log = DayLog(path)
    await log.read()
    first, second, third = records_of(e.DayOpened(), e.DayClosed(), e.DayOpened())
    await log.append([first])
    with pytest.raises(LogError, match="not on disk"):
        await log.append([second, third, first])
    await log.append([second])
    await log.close()
    assert await read(path) == [first, second]


async def test_a_changed_byte_is_found_and_its_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    content = path.read_bytes()
    assert content.count(b'"ahead":3') == 1
    path.write_bytes(content.replace(b'"ahead":3', b'"ahead":0'))
    with pytest.raises(LogError, match="after event 4"):
        await read(path)


@pytest.mark.parametrize("column", ["at", "actor", "command_id", "kind"])
async def test_every_column_is_under_the_chain(tmp_path: Path, column: str) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    _tamper(path, f"UPDATE events SET {column} = {column} || 'x' WHERE position = 7")
    with pytest.raises(LogError, match="after event 6"):
        await read(path)


async def test_a_removed_row_is_found_and_its_place_is_named(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    _tamper(path, "DELETE FROM events WHERE position = 3")
    with pytest.raises(LogError, match="after event 2"):
        await read(path)


def _tamper(path: Path, wish: str) -> None:
    stranger = sqlite3.connect(path)
    for trigger in ("events_no_update", "events_no_delete"):
        stranger.execute(f"DROP TRIGGER {trigger}")
    stranger.execute(wish)
    stranger.commit()
    stranger.close()


async def test_what_is_no_day_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    path.write_bytes(b"this is no database at all, by no means" * 100)
    with pytest.raises(LogError, match="backup"):
        await DayLog(path).read()


async def test_asking_a_damaged_file_how_the_day_ended_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    await written(path, *EVENTS)
    content = bytearray(path.read_bytes())
    stranger = sqlite3.connect(path)
    page = stranger.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()[0]
    size = stranger.execute("PRAGMA page_size").fetchone()[0]
    stranger.close()
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    with pytest.raises(LogError):
        await DayLog(path).last_kind()


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "days" / "day.db"
    log = DayLog(path)
    await log.read()
    await log.append(records_of(e.DayOpened()))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await log.close()
    assert "day.db-wal" in modes
    assert set(modes.values()) == {0o600}


async def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    log = DayLog(tmp_path / "day.db")
    await log.read()

    def pragma(name: str) -> object:
        assert log._db is not None
        return log._db.execute(f"PRAGMA {name}").fetchone()[0]

    full = 2
    assert await log._writer.do(lambda: pragma("synchronous")) == full
    assert await log._writer.do(lambda: pragma("journal_mode")) == "wal"
    await log.close()


async def test_the_days_secret_stays_with_the_file_and_each_day_has_its_own(tmp_path: Path) -> None:
    secrets = []
    for name in ("one", "one", "two"):
        log = DayLog(tmp_path / f"{name}.db")
        await log.read()
        secrets.append(log.secret)
        await log.close()
    assert secrets[0] == secrets[1] != secrets[2]
    assert len(secrets[0]) == 32


async def test_the_last_event_says_whether_the_day_ended(tmp_path: Path) -> None:
    assert await DayLog(tmp_path / "new.db").last_kind() == ""
    await written(tmp_path / "day.db", *EVENTS)
    assert await DayLog(tmp_path / "day.db").last_kind() == ENDED


async def test_a_glance_says_whether_the_day_ended_also_of_a_file_that_a_killed_server_left(
    tmp_path: Path,
) -> None:
    live = tmp_path / "day.db"
    log = DayLog(live)
    await log.read()
    *before, last = records_of(*EVENTS)
    await log.append(before)
    assert not await DayLog(live).has_ended()
    await log.append([last])
    killed = tmp_path / "killed"
    killed.mkdir()
    for left in (live, live.with_suffix(".db-wal")):
        (killed / left.name).write_bytes(left.read_bytes())
    await log.close()
    assert await DayLog(live).has_ended()
    assert await DayLog(killed / "day.db").has_ended()


async def test_a_glance_sees_no_end_where_there_is_no_day_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "noise.db").write_bytes(b"this is no database at all" * 100)
    for name in ("empty", "noise", "none"):
        assert not await DayLog(tmp_path / f"{name}.db").has_ended()
    assert not (tmp_path / "none.db").exists()


def test_instants_keep_their_offset_through_their_text() -> None:
    at = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE, fold=1)
    found = datetime.fromisoformat(at.isoformat())
    assert found.tzinfo == timezone(timedelta(hours=1))
    assert found.timestamp() == at.timestamp()


async def test_a_day_that_was_closed_may_be_closed_again(tmp_path: Path) -> None:
    log = DayLog(tmp_path / "day.db")
    await log.read()
    await log.close()
    await log.close()


def frames_of(path: Path) -> bytes:
    return path.with_name(f"{path.name}-wal").read_bytes()


async def test_every_beat_writes_to_the_disk(tmp_path: Path) -> None:
    log = DayLog(tmp_path / "day.db")
    await log.read()
    for _ in range(3):
        before = frames_of(log.path)
        await log.beat()
        assert len(frames_of(log.path)) > len(before)
    await log.close()


async def test_the_first_beat_of_a_start_writes_too(tmp_path: Path) -> None:
    for _ in range(3):
        log = DayLog(tmp_path / "day.db")
        await log.read()
        before = frames_of(log.path)
        await log.beat()
        assert frames_of(log.path) != before
        await log.close()


async def test_beats_alone_do_not_let_the_write_ahead_log_grow_without_end(tmp_path: Path) -> None:
    log = DayLog(tmp_path / "day.db")
    await log.read()
    db = log._db
    assert db is not None
    await log._writer.do(lambda: db.execute("PRAGMA synchronous=OFF"))  # what is counted here are pages
    for _ in range(2500):
        await log.beat()
    page_and_header = 4096 + 24
    assert len(frames_of(log.path)) <= 1100 * page_and_header
    await log.close()


async def test_beats_change_neither_the_day_nor_what_its_witness_saw(tmp_path: Path) -> None:
    log = DayLog(tmp_path / "day.db")
    await log.read()
    await log.append(records_of(e.DayOpened()))
    seen = log._witness.path.read_bytes()
    await log.beat()
    assert log._witness.path.read_bytes() == seen
    await log.close()
    assert [record.event for record in await read(log.path)] == [e.DayOpened()]
