"""A clock may drift, be corrected, be set: the queue's time goes on, and takes no new date from a jump."""

import time
from datetime import datetime, timedelta

import pytest
from support.centre import ZONE
from support.servers import HandClock

from queue_server import clock as module
from queue_server.clock import Clock, day_of
from queue_server.timekeeping import Timekeeper

DAY = "2026-09-15"
A_DAY_MIN = 24 * 60


def kept(hour: int = 10, minute: int = 0) -> tuple[HandClock, Timekeeper]:
    clock = HandClock(datetime(2026, 9, 15, hour, minute, tzinfo=ZONE))
    timekeeper = Timekeeper(clock)
    timekeeper.begin(DAY, None)
    return clock, timekeeper


@pytest.mark.parametrize("days", [1, 10, 400])
def test_a_date_that_came_by_a_jump_is_not_believed_and_time_goes_on_in_its_day(days: int) -> None:
    clock, timekeeper = kept()
    right = clock.at
    clock.jump(days * A_DAY_MIN)
    clock.forward(3)
    assert timekeeper.now() == right + timedelta(minutes=3)
    clock.forward(3)
    assert timekeeper.now() == right + timedelta(minutes=6)


def test_whoever_asks_hears_the_date_and_until_when_it_is_not_believed() -> None:
    clock, timekeeper = kept()
    right = clock.at
    assert timekeeper.ahead is None
    clock.jump(A_DAY_MIN)
    timekeeper.now()
    assert timekeeper.ahead is not None
    assert timekeeper.ahead.date == "2026-09-16"
    assert timekeeper.ahead.until == right + timedelta(minutes=10)


def test_a_clock_that_is_set_right_in_time_has_done_nothing() -> None:
    clock, timekeeper = kept()
    right = clock.at
    clock.jump(10 * A_DAY_MIN)
    timekeeper.now()
    clock.forward(9)
    timekeeper.now()
    clock.jump(-10 * A_DAY_MIN)
    assert timekeeper.now() == right + timedelta(minutes=9) == clock.at
    assert timekeeper.ahead is None


def test_a_date_is_believed_once_the_clock_has_stood_so_for_ten_minutes() -> None:
    clock, timekeeper = kept()
    clock.jump(A_DAY_MIN)
    timekeeper.now()
    clock.forward(9.9)
    assert day_of(timekeeper.now()) == DAY
    clock.forward(0.1)
    assert timekeeper.now() == clock.at
    assert timekeeper.ahead is None


def test_a_clock_that_is_set_on_once_more_has_to_stand_anew() -> None:
    clock, timekeeper = kept()
    clock.jump(A_DAY_MIN)
    timekeeper.now()
    clock.forward(9)
    clock.jump(A_DAY_MIN)
    timekeeper.now()
    clock.forward(9)
    assert day_of(timekeeper.now()) == DAY
    assert timekeeper.ahead is not None
    assert timekeeper.ahead.date == "2026-09-17"


def test_midnight_by_the_time_that_goes_on_begins_the_day_although_the_clock_is_in_doubt() -> None:
    clock, timekeeper = kept(23, 55)
    clock.jump(60)
    assert day_of(timekeeper.now()) == DAY
    clock.forward(5)
    assert day_of(timekeeper.now()) == "2026-09-16"
    timekeeper.begin("2026-09-16", None)
    assert timekeeper.now() == clock.at
    assert timekeeper.ahead is None


def test_midnight_and_a_machine_that_slept_over_it_begin_the_day_at_once() -> None:
    clock, timekeeper = kept(18, 0)
    clock.forward(14 * 60)
    assert timekeeper.now() == clock.at
    assert timekeeper.ahead is None


def test_a_small_correction_over_midnight_is_believed() -> None:
    clock, timekeeper = kept(23, 59)
    clock.jump(2)
    assert timekeeper.now() == clock.at


def test_a_jump_within_the_day_is_believed() -> None:
    clock, timekeeper = kept()
    clock.jump(6 * 60)
    assert timekeeper.now() == clock.at


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        (datetime(2026, 3, 29, 1, 59, tzinfo=ZONE), datetime(2026, 3, 29, 3, 1, tzinfo=ZONE), "2026-03-29"),
        (
            datetime(2026, 10, 25, 2, 59, tzinfo=ZONE),
            datetime(2026, 10, 25, 2, 1, tzinfo=ZONE, fold=1),
            "2026-10-25",
        ),
    ],
    ids=["to-summer-time", "to-winter-time"],
)
def test_a_change_of_summer_time_is_no_jump(before: datetime, after: datetime, day: str) -> None:
    clock = HandClock(before)
    timekeeper = Timekeeper(clock)
    timekeeper.begin(day, None)
    clock.at = after
    assert timekeeper.now() == after
    assert timekeeper.ahead is None


def test_while_the_clock_is_behind_time_goes_on_at_half_its_speed_until_it_has_come_up() -> None:
    clock, timekeeper = kept()
    right = clock.at
    clock.jump(-60)
    assert timekeeper.now() == right
    clock.forward(2)
    assert timekeeper.now() == right + timedelta(minutes=1)
    clock.forward(2 * 60)
    assert timekeeper.now() == clock.at


def test_a_day_that_came_further_than_the_clock_goes_on_from_there() -> None:
    clock, timekeeper = kept()
    came_to = clock.at + timedelta(hours=1)
    timekeeper.begin(DAY, came_to)
    assert timekeeper.now() == came_to


def test_what_has_gone_by_counts_the_sleep_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(module.time, "clock_gettime", lambda which: asked.append(which) or 4.5)
    assert Clock("Europe/Brussels").elapsed_s() == 4.5
    assert asked == [time.CLOCK_BOOTTIME]
