"""The engine over midnight, over changes of the clock, and over restarts."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.centre import ALL_ROUND, ZONE, small_centre
from support.engines import ISSUE, Witness, given, opened, request_id
from support.queue import KIOSK, RECEPTION, at_desk, snapshot
from support.servers import HandClock, answer_of, engine_at_work, until

from protocol import commands as c
from protocol.envelope import TicketGiven
from protocol.refusals import RefusalCode
from queue_server.core.events import DayEnded
from queue_server.core.policy import Refusal
from queue_server.engine import Engine
from queue_server.log_port import ENDED, FencedError, Record
from queue_server.store.day_log import DayLog
from queue_server.store.house import House


async def _last_kind(directory: Path, day: str) -> str:
    return await House(directory).day_log(day).last_kind()


async def test_at_midnight_the_old_day_ends_and_numbers_start_anew(tmp_path: Path) -> None:
    clock = HandClock(datetime(2026, 9, 15, 23, 59, tzinfo=ZONE))
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await given(engine, 0, c.OpenDay(), RECEPTION)
        assert [await given(engine, number) for number in (1, 2)]
        clock.forward(2)
        assert await answer_of(engine, request_id(3), ISSUE, KIOSK) == Refusal(RefusalCode.NOT_OPEN)
        await given(engine, 4, c.OpenDay(), RECEPTION)
        first = await given(engine, 5)
        assert isinstance(first, TicketGiven)
        assert first.ticket == "T001"
        assert engine.queue.day == "2026-09-16"
    assert await _last_kind(tmp_path, "2026-09-15") == ENDED


async def test_a_clock_that_is_days_ahead_for_a_while_ends_no_day_and_gives_no_number_again(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    engine, house = await opened(tmp_path, clock)
    witness = Witness(engine)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 1)
        clock.jump(10 * 24 * 60)
        second = await given(engine, 2)
        assert isinstance(second, TicketGiven)
        assert second.ticket == "T002"
        assert engine.clock_ahead is not None
        clock.jump(-10 * 24 * 60)
        third = await given(engine, 3)
        assert isinstance(third, TicketGiven)
        assert third.ticket == "T003"
        assert engine.clock_ahead is None
        assert set(witness.shown_at) == {clock.at}
    assert await house.days() == ["2026-09-15"]


async def test_a_clock_that_stays_days_ahead_ends_the_day_as_midnight_does(tmp_path: Path) -> None:
    clock = HandClock()
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 1)
        clock.jump(24 * 60)
        await given(engine, 2)
        clock.forward(10)
        assert await answer_of(engine, request_id(3), ISSUE, KIOSK) == Refusal(RefusalCode.NOT_OPEN)
        assert engine.queue.day == "2026-09-16"
    assert await _last_kind(tmp_path, "2026-09-15") == ENDED


async def test_a_day_that_nobody_ended_is_ended_at_the_next_start(tmp_path: Path) -> None:
    clock = HandClock()
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 0)
    clock.forward(3 * 24 * 60)
    engine, _ = await opened(tmp_path, clock)
    assert not engine.queue.tickets
    await engine.close()
    assert await _last_kind(tmp_path, "2026-09-15") == ENDED


async def test_every_day_that_nobody_ended_is_ended_at_the_next_start(tmp_path: Path) -> None:
    dates = [13, 14]
    for number in dates:
        engine, house = await opened(
            tmp_path / str(number), HandClock(datetime(2026, 9, number, 10, tzinfo=ZONE))
        )
        async with engine_at_work(engine):
            await given(engine, 0, c.OpenDay(), RECEPTION)
            await given(engine, 1)
        for file in (tmp_path / str(number) / "days").iterdir():
            (tmp_path / "days").mkdir(exist_ok=True)
            file.rename(tmp_path / "days" / file.name)
    engine, house = await opened(tmp_path)
    await engine.close()
    assert await house.days() == ["2026-09-13", "2026-09-14", "2026-09-15"]
    assert [await _last_kind(tmp_path, f"2026-09-{number}") for number in dates] == [ENDED, ENDED]


async def _ended_days(directory: Path, *days: int) -> None:
    for day in days:
        log = House(directory).day_log(f"2026-09-{day}")
        await log.fence()
        await log.read()
        await log.append([Record(HandClock().now(), "server:server", f"end-{day}", 0, DayEnded())])
        await log.close()


async def test_a_start_only_glances_at_days_that_ended_before_yesterday(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _ended_days(tmp_path, 11, 12, 13, 14)
    read: list[str] = []
    open_file = DayLog._open

    def noted(log: DayLog) -> Database:
        read.append(log.path.stem)
        return open_file(log)

    monkeypatch.setattr(DayLog, "_open", noted)
    engine, _ = await opened(tmp_path)
    await engine.close()
    assert read == ["2026-09-14", "2026-09-15"]


async def test_a_server_ends_that_finds_yesterday_taken_over_by_a_later_one(tmp_path: Path) -> None:
    later = House(tmp_path)
    later.epoch = 8
    yesterday = later.day_log("2026-09-14")
    await yesterday.fence()
    await yesterday.close()
    earlier = House(tmp_path)
    earlier.epoch = 7
    with pytest.raises(FencedError, match="Another server has taken over"):
        await Engine(small_centre(), earlier, HandClock()).open()


async def test_no_id_a_terminal_makes_up_keeps_the_day_from_ending(tmp_path: Path) -> None:
    clock = HandClock()
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await answer_of(engine, "end-of-2026-09-15", ISSUE, KIOSK)
        clock.forward(24 * 60)
        await answer_of(engine, request_id(1), ISSUE, KIOSK)
    assert await _last_kind(tmp_path, "2026-09-15") == ENDED


async def test_a_clock_that_is_set_back_makes_no_wait_negative(tmp_path: Path) -> None:
    clock = HandClock()
    engine, _ = await opened(tmp_path, clock)
    witness = Witness(engine)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 1)
        clock.jump(-60)
        await given(engine, 2)
        await until(lambda: witness.shown[-1] == engine.queue.version)
        first, second = (ticket.issued_at for ticket in engine.queue.tickets.values())
        assert first <= second <= witness.shown_at[-1]
    again, _ = await opened(tmp_path, clock)
    witness = Witness(again)
    async with engine_at_work(again):
        await given(again, 3)
        issued = [ticket.issued_at for ticket in again.queue.tickets.values()]
        assert issued == sorted(issued)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            datetime(2026, 3, 29, 1, 59, 30, tzinfo=ZONE),
            datetime(2026, 3, 29, 3, 0, 10, tzinfo=ZONE),
        ),
        (
            datetime(2026, 10, 25, 2, 59, 30, tzinfo=ZONE, fold=0),
            datetime(2026, 10, 25, 2, 0, 10, tzinfo=ZONE, fold=1),
        ),
    ],
    ids=["to-summer-time", "to-winter-time"],
)
async def test_forty_seconds_are_forty_seconds_when_the_clocks_change(
    tmp_path: Path, before: datetime, after: datetime
) -> None:
    clock = HandClock(before)
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await given(engine, 0, c.OpenDay(), RECEPTION)
        await given(engine, 1)
        clock.at = after
        await given(engine, 2)
        first, second = (ticket.issued_at.timestamp() for ticket in engine.queue.tickets.values())
        assert second - first == 40
        live = snapshot(engine.queue)
    again, _ = await opened(tmp_path, clock)
    assert snapshot(again.queue) == live
    await again.close()


async def test_a_desk_taken_out_of_the_configuration_during_the_day_does_not_stop_a_restart(
    tmp_path: Path,
) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 0, c.OpenDesk(ALL_ROUND), at_desk("4"))
    smaller = Engine(small_centre(desks=("1", "2", "3")), House(tmp_path), HandClock())
    try:
        await smaller.open()
    finally:
        await smaller.close()


async def test_a_damaged_file_of_an_earlier_day_does_not_keep_today_from_opening(tmp_path: Path) -> None:
    days = tmp_path / "days"
    days.mkdir()
    (days / "2026-09-14.db").write_bytes(b"not a database at all, " * 300)
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 0)
    assert engine.queue.tickets
