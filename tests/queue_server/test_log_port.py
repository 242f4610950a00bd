"""What stands behind the port of the log: the same is asked of the files and of any other store."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.centre import small_centre
from support.engines import given
from support.memory_house import MemoryDays, MemoryHouse, ended
from support.servers import HandClock, engine_at_work, until

from protocol.envelope import TicketGiven
from queue_server.closing import Closing
from queue_server.core.events import DayClosed, DayOpened
from queue_server.core.past import PastDay
from queue_server.engine import Engine, StoppedError
from queue_server.log_port import FencedError, HousePort, Record
from queue_server.store.house import House

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
OPENED = Record(AT, "reception:reception-1", "question-1", 0, DayOpened())
CLOSED = Record(AT, "reception:reception-1", "question-2", 0, DayClosed())
DAY, NEXT_DAY = "2026-09-15", "2026-09-16"

Reign = Callable[[], HousePort]
"""A server more, which takes the days of the one before over."""


@pytest.fixture(params=["files", "memory"])
def reign(request: pytest.FixtureRequest, tmp_path: Path) -> Reign:
    epochs, days = iter(range(1, 100)), MemoryDays()

    def on_files() -> HousePort:
        house = House(tmp_path)
        house.epoch = next(epochs)
        return house

    return on_files if request.param == "files" else lambda: MemoryHouse(days)


async def test_a_day_gives_what_was_put_into_it_in_order_to_the_reign_after(reign: Reign) -> None:
    first = reign().day_log(DAY)
    await first.fence()
    assert await first.read() == []
    assert len(first.secret) >= 16
    await first.append([OPENED])
    await first.append([CLOSED])
    await first.beat()
    await first.close()
    await first.close()
    again = reign().day_log(DAY)
    await again.fence()
    assert await again.read() == [OPENED, CLOSED]
    assert again.secret == first.secret
    await again.close()


async def test_the_reign_after_takes_the_day_and_the_one_before_neither_writes_nor_takes_it_back(
    reign: Reign,
) -> None:
    before, after = reign(), reign()
    replaced, owner = before.day_log(DAY), after.day_log(DAY)
    await replaced.fence()
    await replaced.read()
    await owner.fence()
    await owner.read()
    for refused in (replaced.append([OPENED]), replaced.beat()):
        with pytest.raises(FencedError):
            await refused
    with pytest.raises(FencedError):
        await before.day_log(DAY).fence()
    await owner.append([CLOSED])
    await replaced.close()
    await owner.close()
    assert await after.day_log(DAY).last_kind() == "day_closed"


async def test_days_are_named_from_the_oldest_and_one_that_was_deleted_is_gone(reign: Reign) -> None:
    house = reign()
    assert await house.days() == []
    for day in (NEXT_DAY, DAY):
        log = house.day_log(day)
        await log.fence()
        await log.read()
        await log.append([OPENED])
        await log.close()
    assert await house.days() == [DAY, NEXT_DAY]
    for _ in range(2):
        await house.delete(DAY)
    assert await house.days() == [NEXT_DAY]
    assert await house.day_log(DAY).last_kind() == ""


async def test_a_day_that_is_kept_for_good_is_there_once_however_often_it_is_put_in(reign: Reign) -> None:
    statistics = reign().statistics()
    for _ in range(2):
        await statistics.write(DAY, PastDay(priority=1, open_half_minutes=30))
    assert await statistics.days() == {DAY}
    await statistics.close()


async def test_an_engine_goes_on_where_the_one_before_was_replaced(reign: Reign) -> None:
    centre, clock = small_centre(), HandClock()
    before, after = Engine(centre, reign(), clock), Engine(centre, reign(), clock)
    await before.open()
    at_work = asyncio.create_task(before.run())
    await until(lambda: before.queue.open)
    tickets = [await given(before, number) for number in range(3)]
    await after.open()
    async with engine_at_work(after):
        assert [*after.queue.tickets] == [one.ticket for one in tickets if isinstance(one, TicketGiven)]
        assert await given(after, 2) == tickets[2]
        with pytest.raises(StoppedError):
            await given(before, 4)
        with pytest.raises(FencedError):
            await at_work
        await given(after, 4)
    await before.close()
    assert len(after.queue.tickets) == 4


async def test_past_days_are_ended_counted_and_deleted_behind_any_store() -> None:
    centre, clock, days = small_centre(), HandClock(), MemoryDays()
    engine = Engine(centre, MemoryHouse(days), clock)
    await engine.open()
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 1)
    yesterday = engine.queue.day
    clock.forward((centre.rules.keep_days + 1) * 24 * 60)
    house = MemoryHouse(days)
    today = Engine(centre, house, clock)
    await today.open()
    assert ended(days) == [yesterday]
    await Closing(centre, house).close_days(today.queue.day, deleting=True)
    assert len(days.counted[yesterday].legs) == 1
    assert await house.days() == [today.queue.day]
