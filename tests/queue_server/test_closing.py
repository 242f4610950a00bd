"""Days that have ended are counted anonymously once, kept as long as configured, and then gone."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextlib import closing as closing_of
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.centre import small_centre
from support.servers import PATIENCE_S, HandClock, until

from config.model import Centre
from queue_server import closing as module
from queue_server.app import serve_house
from queue_server.closing import Closing
from queue_server.core.events import AnyEvent, DayEnded, DayOpened, TicketCancelled, TicketIssued
from queue_server.core.past import Recent
from queue_server.log_port import LogError, Record
from queue_server.store.house import STATISTICS, House
from queue_server.store.statistics import Statistics

DAYS = ("2026-09-07", "2026-09-10", "2026-09-11", "2026-09-14")
TODAY = "2026-09-15"


def centre(keep_days: int = 4) -> Centre:
    known = small_centre()
    return replace(known, rules=replace(known.rules, keep_days=keep_days))


def issued(number: int) -> TicketIssued:
    return TicketIssued(
        ticket=f"T{number:03}",
        number=number,
        field="training",
        languages=("fr",),
        screen_language="fr",
        ahead=0,
    )


async def day_of(house: House, day: str, *events: AnyEvent) -> None:
    log = house.day_log(day)
    await log.fence()
    await log.read()
    at = datetime.fromisoformat(f"{day}T10:00:00+00:00").astimezone(UTC)
    await log.append(
        [Record(at, "server:server", f"c{place}", 0, event) for place, event in enumerate(events)]
    )
    await log.close()


async def past(house: House) -> None:
    for place, day in enumerate(DAYS):
        tickets = [issued(number) for number in range(1, place + 2)]
        ends = [TicketCancelled(ticket.ticket, "day-over") for ticket in tickets]
        await day_of(house, day, DayOpened(), *tickets, *ends, DayEnded())


def counted(house: House) -> dict[str, int]:
    with sqlite3.connect(house.directory / STATISTICS) as db:
        legs = dict(db.execute("SELECT day, count(*) FROM leg GROUP BY day").fetchall())
        assert legs == dict(db.execute("SELECT day, legs FROM day").fetchall())
    db.close()
    return legs


def kept(house: House) -> list[str]:
    return sorted(path.stem for path in (house.directory / "days").glob("*.db"))


def left_of(house: House, day: str) -> list[str]:
    return [path.name for path in (house.directory / "days").iterdir() if path.name.startswith(day)]


async def test_every_day_is_counted_and_only_those_older_than_configured_are_deleted(tmp_path: Path) -> None:
    house = House(tmp_path)
    await past(house)
    await Closing(centre(), house).close_days(TODAY, deleting=True)
    assert counted(house) == {"2026-09-07": 1, "2026-09-10": 2, "2026-09-11": 3, "2026-09-14": 4}
    assert kept(house) == ["2026-09-11", "2026-09-14"]
    assert left_of(house, "2026-09-07") == []


async def test_a_counted_day_whose_file_is_damaged_is_told_of_once_after_a_start_and_keeps_nobody_up(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    await past(house)
    await Closing(centre(), house).close_days(TODAY, deleting=False)
    for day in ("2026-09-07", "2026-09-11"):
        (tmp_path / "days" / f"{day}.db").write_bytes(b"no database" * 1000)
    started = Closing(centre(), house)
    with capture_logs() as said:
        await started.close_days(TODAY, deleting=False)
        await started.close_days(TODAY, deleting=True)
    told = [(line["day"], "walkin restore" in line["why"]) for line in said if line["event"] == "day.damaged"]
    assert told == [("2026-09-07", True), ("2026-09-11", True)]
    assert kept(house) == ["2026-09-11", "2026-09-14"]


async def test_days_that_were_counted_just_now_are_not_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    closing = Closing(centre(), house)
    await closing.close_days(TODAY, deleting=False)
    monkeypatch.setattr(House, "day_log", None)
    await closing.close_days(TODAY, deleting=False)


class Killed(BaseException):
    """The process was killed here."""


def _steps() -> list[tuple[str, object, str]]:
    return [
        ("before a day is counted", Statistics, "_write"),
        ("before a day is deleted", House, "delete"),
        ("while it looks which days are counted", Statistics, "_days"),
        ("while a day is deleted", Path, "unlink"),
    ]


@pytest.mark.parametrize("time", [0, 1, 2])
@pytest.mark.parametrize(("where", "room", "name"), _steps(), ids=[step[0] for step in _steps()])
async def test_interrupted_anywhere_and_repeated_the_result_is_the_same(
    where: str, room: object, name: str, time: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    whole: Callable[..., object] = getattr(room, name)
    times = iter(range(10**6))

    def interrupted(*told: object, **also: object) -> object:
        if next(times) == time:
            raise Killed(where)
        return whole(*told, **also)

    with monkeypatch.context() as patched, contextlib.suppress(Killed):
        patched.setattr(room, name, interrupted)
        await Closing(centre(), house).close_days(TODAY, deleting=True)
    for _ in range(2):
        await Closing(centre(), house).close_days(TODAY, deleting=True)
    assert counted(house) == {"2026-09-07": 1, "2026-09-10": 2, "2026-09-11": 3, "2026-09-14": 4}
    assert kept(house) == ["2026-09-11", "2026-09-14"]


async def test_a_day_that_is_damaged_or_has_not_ended_is_named_and_neither_counted_nor_deleted(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    await past(house)
    (tmp_path / "days" / "2026-09-01.db").write_bytes(b"no database" * 1000)
    await day_of(house, "2026-09-02", DayOpened(), issued(1))
    with pytest.raises(LogError, match=r"2026-09-01: .*; 2026-09-02: it has not ended.*move it away"):
        await Closing(centre(), house).close_days(TODAY, deleting=True)
    assert kept(house) == ["2026-09-01", "2026-09-02", "2026-09-11", "2026-09-14"]
    assert set(counted(house)) == set(DAYS)


async def test_a_day_that_cannot_be_deleted_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", forbidden)
    with pytest.raises(LogError, match="delete it by hand"):
        await Closing(centre(), house).close_days(TODAY, deleting=True)


async def test_a_server_closes_the_days_before_its_own_beside_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    closed = asyncio.Event()

    class Told(Closing):
        async def close_days(self, today: str, *, deleting: bool) -> None:
            await super().close_days(today, deleting=deleting)
            if deleting:
                closed.set()

    monkeypatch.setattr("queue_server.app.Closing", Told)
    monkeypatch.setattr(module, "STANDS_S", 0.0)
    stop = asyncio.Event()
    clock = HandClock(datetime.fromisoformat(f"{TODAY}T10:00:00+02:00"))
    serving = asyncio.create_task(serve_house(centre(), house, clock, ("127.0.0.1", 0), stop, lambda _: None))
    await asyncio.wait_for(closed.wait(), PATIENCE_S)
    stop.set()
    await asyncio.wait_for(serving, PATIENCE_S)
    assert kept(house) == ["2026-09-11", "2026-09-14", TODAY]
    assert len(counted(house)) == len(DAYS)


async def test_damaged_statistics_are_put_aside_and_the_days_that_are_kept_counted_again(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    await past(house)
    learned: list[Recent] = []
    await Closing(centre(), house, learn=learned.append).close_days(TODAY, deleting=False)
    with closing_of(sqlite3.connect(tmp_path / STATISTICS)) as db:
        db.execute("UPDATE leg SET wait_half_minutes = 90 WHERE day = '2026-09-11'")
        db.commit()
    await Closing(centre(), house, learn=learned.append).close_days(TODAY, deleting=True)
    assert set(counted(house)) == set(DAYS), "a day is deleted only when the new file has it"
    assert learned[0] == learned[1]
    assert (tmp_path / "statistics.damaged").exists()


async def test_statistics_that_cannot_be_written_stop_nothing_and_delete_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    for name in ("statistics.damaged", STATISTICS):
        (tmp_path / name).write_bytes(b"no database" * 1000)
    told: list[str] = []
    monkeypatch.setattr(module.log, "warning", lambda event, **more: told.append(f"{event} {more['why']}"))
    closing = Closing(centre(), house)
    running = asyncio.create_task(closing.run())
    closing.begin(TODAY)
    await until(lambda: bool(told))
    assert not running.done()
    running.cancel()
    assert kept(house) == list(DAYS)
    assert "move it away" in told[0]


@asynccontextmanager
async def closing_days(house: House) -> AsyncIterator[tuple[Closing, list[bool]]]:
    """Days are closed while the context lasts; and what those who look heard of it."""
    heard: list[bool] = []
    closing = Closing(centre(), house, lambda: heard.append(closing.stuck))
    running = asyncio.create_task(closing.run())
    closing.begin(TODAY)
    yield closing, heard
    running.cancel()


async def test_that_days_cannot_be_closed_is_seen_until_it_is_mended_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    first = tmp_path / "statistics.damaged"
    for spoiled in (first, house.directory / STATISTICS):
        spoiled.write_bytes(b"no database" * 1000)
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    async with closing_days(house) as (closing, heard):
        await until(lambda: closing.stuck)
        first.rename(tmp_path / "moved-away.db")
        await until(lambda: not closing.stuck)
    assert heard == [True, False]
    assert len(counted(house)) == len(DAYS)


async def test_no_day_is_deleted_before_the_date_has_stood_an_hour_though_days_are_counted_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    pauses: list[float | None] = []
    begun_within = Closing._begun_within

    async def skipped(closing: Closing, seconds: float | None) -> bool:
        pauses.append(seconds)
        return await begun_within(closing, seconds)

    monkeypatch.setattr(Closing, "_begun_within", skipped)
    async with closing_days(house):
        await until(lambda: len(pauses) == 2)
    assert kept(house) == list(DAYS)
    assert len(counted(house)) == len(DAYS)
    assert pauses[0] is None
    assert pauses[1] is not None
    assert pauses[1] == pytest.approx(3600, abs=PATIENCE_S)


async def test_a_date_that_has_stood_long_enough_deletes_what_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    await past(house)
    monkeypatch.setattr(module, "STANDS_S", 0.0)
    async with closing_days(house):
        await until(lambda: kept(house) == ["2026-09-11", "2026-09-14"])


async def test_a_server_that_is_told_to_stop_while_the_statistics_wait_for_their_disk_goes_on_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, disk = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def stalled(_: Statistics) -> set[str]:
        loop.call_soon_threadsafe(waiting.set)
        disk.wait()
        return set()

    monkeypatch.setattr(Statistics, "_days", stalled)
    closing = Closing(centre(), House(tmp_path))
    running = asyncio.create_task(closing.run())
    closing.begin(TODAY)
    await waiting.wait()
    with capture_logs() as said:
        running.cancel()
        await asyncio.sleep(0)
        disk.set()  # by somebody who would never come to it if the wait held everybody up
        await asyncio.wait({running})
    assert said == []
