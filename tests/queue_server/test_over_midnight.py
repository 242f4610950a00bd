"""A question asked before midnight and again after it is still one question."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from support.centre import ZONE, small_centre
from support.servers import HandClock, answer_of, engine_at_work, until

from protocol import commands as c
from protocol.envelope import TicketGiven
from protocol.ids import Role
from protocol.views import PrintState
from queue_server.core.events import DayEnded
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import Actor
from queue_server.engine import Engine
from queue_server.log_port import ENDED, LogError, Record
from queue_server.store.day_log import DayLog
from queue_server.store.house import House

KIOSK = Actor(Role.KIOSK, "kiosk-1")
RECEPTION = Actor(Role.RECEPTION, "reception-1")
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


@pytest.mark.parametrize(("starts", "later_min"), [(0, 1), (1, 1), (2, 1), (1, 90)])
async def test_a_question_asked_again_over_midnight_gets_the_same_answer_whatever_was_started_meanwhile(
    starts: int, later_min: int, tmp_path: Path
) -> None:
    clock = HandClock(datetime(2026, 9, 15, 23, 59, 30, tzinfo=ZONE))
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        await answer_of(engine, "open-the-day", c.OpenDay(), RECEPTION)
        given = await answer_of(engine, "one-visitor", ISSUE, KIOSK)
        assert isinstance(given, TicketGiven)
        clock.forward(later_min)
        if not starts:
            assert await answer_of(engine, "one-visitor", ISSUE, KIOSK) == given
    for _ in range(starts):
        engine = Engine(small_centre(), House(tmp_path), clock)
        await engine.open()
        async with engine_at_work(engine):
            assert await answer_of(engine, "one-visitor", ISSUE, KIOSK) == given
            assert engine.queue.day == "2026-09-16"
            assert not engine.queue.tickets


async def test_a_day_that_ended_by_a_clock_days_ahead_does_not_take_the_next_one_with_it(
    tmp_path: Path,
) -> None:
    house, clock = House(tmp_path), HandClock(datetime(2026, 9, 16, 9, 0, tzinfo=ZONE))
    log = house.day_log("2026-09-15")
    await log.fence()
    await log.read()
    await log.append(
        [Record(datetime(2026, 9, 19, 9, 0, tzinfo=ZONE), "server:server", "end:2026-09-15", 0, DayEnded())]
    )
    await log.close()
    engine = Engine(small_centre(), house, clock)
    await engine.open()
    assert engine.now() == clock.now()
    await engine.close()


async def test_the_server_s_own_wishes_of_two_days_are_never_taken_for_one(tmp_path: Path) -> None:
    clock = HandClock(datetime(2026, 9, 15, 23, 59, 30, tzinfo=ZONE))
    for day in ("2026-09-15", "2026-09-16"):
        engine = Engine(small_centre(), House(tmp_path), clock)
        await engine.open()
        async with engine_at_work(engine):
            await answer_of(engine, f"open-{day}", c.OpenDay(), RECEPTION)
            await answer_of(engine, f"visitor-{day}", ISSUE, KIOSK)
            printed = ReportPrint(
                day=day,
                ticket="T001",
                copy_number=1,
                outcome=PrintState.PRINTED,
                printer="printer-1",
                reason="",
            )
            await engine.record(printed)
            assert engine.queue.tickets["T001"].slip is PrintState.PRINTED
        clock.forward(1)


async def test_a_disk_that_fails_at_the_end_of_yesterday_stops_the_server_and_the_next_start_ends_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock(datetime(2026, 9, 15, 23, 59, 30, tzinfo=ZONE))
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        await answer_of(engine, "open-the-day", c.OpenDay(), RECEPTION)
    clock.forward(60)

    async def full(log: DayLog, _: Sequence[Record]) -> None:
        await log.close()
        raise LogError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(DayLog, "append", full)
        with pytest.raises(LogError, match="full"):
            await Engine(small_centre(), House(tmp_path), clock).open()
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    await engine.close()
    assert await House(tmp_path).day_log("2026-09-15").last_kind() == ENDED


async def test_a_clock_set_back_over_midnight_does_not_bring_yesterday_back(tmp_path: Path) -> None:
    clock = HandClock(datetime(2026, 9, 16, 0, 1, tzinfo=ZONE))
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        await answer_of(engine, "open-the-day", c.OpenDay(), RECEPTION)
        assert isinstance(await answer_of(engine, "first-visitor", ISSUE, KIOSK), TicketGiven)
    clock.jump(-90)
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        given = await answer_of(engine, "second-visitor", ISSUE, KIOSK)
        assert isinstance(given, TicketGiven)
        assert given.ticket == "T002"
    assert await House(tmp_path).days() == ["2026-09-16"]


async def test_a_day_that_ended_and_a_clock_set_back_before_it_give_no_paper_of_its_date_twice(
    tmp_path: Path,
) -> None:
    clock = HandClock(datetime(2026, 9, 15, 23, 59, tzinfo=ZONE))
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        await answer_of(engine, "open-the-day", c.OpenDay(), RECEPTION)
        assert isinstance(await answer_of(engine, "first-visitor", ISSUE, KIOSK), TicketGiven)
        clock.forward(2)
        await until(lambda: engine.queue.day == "2026-09-16")
    clock.jump(-90)
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    async with engine_at_work(engine):
        await answer_of(engine, "open-the-next-day", c.OpenDay(), RECEPTION)
        assert isinstance(await answer_of(engine, "second-visitor", ISSUE, KIOSK), TicketGiven)
        (ticket,) = engine.queue.tickets.values()
    assert engine.queue.day == "2026-09-16"
    assert ticket.issued_at.date().isoformat() == "2026-09-16"


async def test_a_later_day_in_which_nothing_happened_does_not_keep_today_from_its_own(tmp_path: Path) -> None:
    clock = HandClock(datetime(2027, 3, 1, 9, 50, tzinfo=ZONE))
    ahead = Engine(small_centre(), House(tmp_path), clock)
    await ahead.open()
    await ahead.close()
    clock.jump(-100 * 24 * 60)
    engine = Engine(small_centre(), House(tmp_path), clock)
    await engine.open()
    assert engine.queue.day == "2026-11-21"
    await engine.close()


@pytest.mark.parametrize("days", [1, 2, 300])
async def test_a_server_started_while_the_clock_was_ahead_takes_visitors_in_when_it_is_right_again(
    days: int, tmp_path: Path
) -> None:
    clock = HandClock(datetime(2026, 9, 15, 9, 50, tzinfo=ZONE))
    for ahead, number in ((0, 1), (days, 1), (-days, 2)):
        clock.jump(ahead * 24 * 60)
        engine = Engine(small_centre(), House(tmp_path), clock)
        await engine.open()
        async with engine_at_work(engine):
            await answer_of(engine, f"open-the-day-{ahead}", c.OpenDay(), RECEPTION)
            given = await answer_of(engine, f"visitor-{ahead}", ISSUE, KIOSK)
            assert isinstance(given, TicketGiven)
            assert given.ticket == f"T{number:03}"
