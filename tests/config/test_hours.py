"""When a centre says it opens next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from support.centre import small_centre

from config.hours import next_opening, within_hours

BRUSSELS = ZoneInfo("Europe/Brussels")
CENTRE = small_centre()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of September 2026; the 14th is a Monday."""
    return datetime(2026, 9, day, hour, minute, tzinfo=BRUSSELS)


def date(day: int) -> str:
    return f"2026-09-{day}"


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(15, 7), at(15, 9, 30)),
        (at(15, 9, 30), at(16, 9, 30)),
        (at(15, 17), at(16, 9, 30)),
        (at(18, 20), at(21, 9, 30)),
        (at(19, 12), at(21, 9, 30)),
    ],
)
def test_the_next_opening_follows_from_the_hours(now: datetime, opening: datetime) -> None:
    assert next_opening(CENTRE, now) == opening


def test_a_holiday_is_passed_over_and_nobody_is_there_on_it() -> None:
    holidays = (date(16), date(17), date(18), date(21))
    assert next_opening(CENTRE, at(15, 18), holidays) == at(22, 9, 30)
    assert next_opening(CENTRE, at(16, 8), holidays) == at(22, 9, 30)
    assert within_hours(CENTRE, at(16, 12))
    assert not within_hours(CENTRE, at(16, 12), holidays)


def test_two_weeks_of_holidays_are_passed_over() -> None:
    assert next_opening(CENTRE, at(11, 18), tuple(map(date, range(12, 28)))) == at(28, 9, 30)


def test_a_centre_without_hours_names_no_opening() -> None:
    assert next_opening(msgspec.structs.replace(CENTRE, hours={}), at(15, 7)) is None


def test_a_centre_open_one_day_a_week_names_that_day() -> None:
    weekly = msgspec.structs.replace(CENTRE, hours={"tuesday": CENTRE.hours["tuesday"]})
    assert next_opening(weekly, at(15, 18)) == at(22, 9, 30)


@pytest.mark.parametrize(
    ("hour", "minute", "open_"), [(9, 29, False), (9, 30, True), (16, 59, True), (17, 0, False)]
)
def test_the_hours_hold_their_first_minute_and_not_their_last(hour: int, minute: int, open_: bool) -> None:
    assert within_hours(CENTRE, at(15, hour, minute)) is open_
