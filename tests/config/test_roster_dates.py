"""One date of a roster is changed, and nothing else of it."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.centre import ALL_ROUND, TRAINER, small_centre
from support.rosters import DATES, rosters

from config.roster import (
    WEEKDAYS,
    Absence,
    Holiday,
    Roster,
    Shift,
    clashes,
    is_holiday,
    on_day,
    roster_of,
    staff_of,
)
from config.roster_dates import as_every_week, by_date, by_week, with_holiday, with_shifts

CENTRE = small_centre()
TUESDAY = "2026-12-01"
USUAL = Shift(staff=TRAINER, day="tuesday", begins=time(9), ends=time(17), languages=("fr", "nl"))
LATER = Shift(staff=TRAINER, day=TUESDAY, begins=time(11), ends=time(17))
OTHER = Shift(staff=ALL_ROUND, day="tuesday", begins=time(9), ends=time(17))
WEEK = roster_of([USUAL, OTHER])

staff = st.sampled_from((ALL_ROUND, TRAINER))
dates = st.sampled_from(DATES)


def test_what_somebody_does_on_a_date_takes_the_place_of_the_week() -> None:
    after = with_shifts(WEEK, TRAINER, TUESDAY, [LATER])
    assert by_date(after, TRAINER, TUESDAY) == (LATER,)
    assert by_week(after, TRAINER, TUESDAY) == (USUAL,)
    assert [duty.begins.hour for duty in on_day(after, CENTRE, TUESDAY)] == [9, 11]


def test_without_shifts_the_person_is_absent() -> None:
    after = with_shifts(WEEK, TRAINER, TUESDAY, [])
    assert set(after.lines) - set(WEEK.lines) == {Absence(staff=TRAINER, day=TUESDAY)}
    assert by_date(after, TRAINER, TUESDAY) == ()


def test_whoever_comes_though_the_week_does_not_plan_them_is_planned_on_this_date_alone() -> None:
    wednesday = replace(LATER, day="2026-12-02")
    after = with_shifts(WEEK, TRAINER, "2026-12-02", [wednesday])
    assert [duty.staff for duty in on_day(after, CENTRE, "2026-12-02")] == [TRAINER]
    assert on_day(after, CENTRE, "2026-12-09") == ()


def test_a_second_change_takes_the_place_of_the_first() -> None:
    absent = with_shifts(WEEK, TRAINER, TUESDAY, [])
    assert with_shifts(absent, TRAINER, TUESDAY, [LATER]) == with_shifts(WEEK, TRAINER, TUESDAY, [LATER])


@pytest.mark.parametrize("languages", [("fr", "nl"), ("nl", "fr")])
def test_what_the_week_says_as_well_leaves_no_line_of_the_date(languages: tuple[str, ...]) -> None:
    same = replace(USUAL, day=TUESDAY, languages=languages)
    assert with_shifts(with_shifts(WEEK, TRAINER, TUESDAY, []), TRAINER, TUESDAY, [same]) == WEEK


def test_whoever_is_not_planned_cannot_be_absent() -> None:
    assert with_shifts(WEEK, TRAINER, "2026-12-02", []) == WEEK


def test_a_holiday_takes_the_place_of_all_that_the_date_said() -> None:
    changed = with_shifts(with_shifts(WEEK, TRAINER, TUESDAY, []), TRAINER, "2026-12-08", [])
    closed = with_holiday(changed, TUESDAY, closed=True)
    assert closed.by_day[TUESDAY] == (Holiday(day=TUESDAY),)
    assert closed.by_day["2026-12-08"] == changed.by_day["2026-12-08"]
    assert with_holiday(closed, TUESDAY, closed=False).by_day.get(TUESDAY) is None


@given(rosters(CENTRE), staff, dates, st.sampled_from(([], [LATER])))
def test_a_change_touches_one_person_on_one_date_and_can_be_taken_back(
    roster: Roster, staff: str, day: str, shifts: list[Shift]
) -> None:
    shifts = [replace(one, staff=staff, day=day) for one in shifts]
    after = with_shifts(roster, staff, day, shifts)
    touched = set(after.lines) ^ set(roster.lines)
    assert {(staff_of(line), line.day) for line in touched} <= {(staff, day)}
    assert by_date(as_every_week(after, staff, day), staff, day) is None
    assert as_every_week(after, staff, day) == as_every_week(roster, staff, day)
    assert by_week(after, staff, day) == by_week(roster, staff, day)


@given(rosters(CENTRE), dates, st.booleans())
def test_a_date_that_is_closed_or_opened_contradicts_nothing_and_leaves_the_week_alone(
    roster: Roster, day: str, closed: bool
) -> None:
    after = with_holiday(roster, day, closed=closed)
    assert is_holiday(after, day) is closed
    assert list(clashes([("somewhere", line) for line in after.lines])) == []
    assert {line.day for line in set(after.lines) ^ set(roster.lines)} <= {day}
    assert day not in WEEKDAYS
