"""Who is on duty on a day follows from the week, the date, holidays and the clocks of the place."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre
from support.rosters import DATES, rosters

from config.model import Receptionist
from config.roster import (
    Absence,
    Break,
    Duty,
    Holiday,
    Line,
    Roster,
    Shift,
    Span,
    as_row,
    changes,
    faults,
    from_row,
    instant,
    on_day,
    opening,
    roster_of,
)

CENTRE = replace(small_centre(), receptionists=(Receptionist(id="host-1", name="Nadia"),))
ZONE = ZoneInfo("Europe/Brussels")
TUESDAY, WEDNESDAY = "2026-12-01", "2026-12-02"
FORWARD, BACK = "2026-03-29", "2026-10-25"
"""On these days the clocks of Brussels go forward at two, and back at three."""


def shift(staff: str, day: str, begins: time, ends: time, **more: object) -> Shift:
    return replace(Shift(staff=staff, day=day, begins=begins, ends=ends), **more)


WEEK = shift(TRAINER, "tuesday", time(9), time(17), breaks=(Break(time(12), time(12, 45)),), stays=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_weekly_shift_is_worked_on_its_weekday_and_on_no_other() -> None:
    roster = roster_of([WEEK])
    assert on_day(roster, CENTRE, TUESDAY) == (
        Duty(
            staff=TRAINER,
            fields=("training",),
            languages=("fr", "nl"),
            begins=utc("2026-12-01T08:00"),
            ends=utc("2026-12-01T16:00"),
            breaks=(Span(utc("2026-12-01T11:00"), utc("2026-12-01T11:45")),),
            stays=True,
        ),
    )
    assert on_day(roster, CENTRE, WEDNESDAY) == ()


def test_instants_know_the_hour_of_the_place() -> None:
    [duty] = on_day(roster_of([WEEK]), CENTRE, TUESDAY)
    assert duty.begins.isoformat() == "2026-12-01T09:00:00+01:00"


def test_a_date_takes_the_place_of_the_week_of_this_person_whole() -> None:
    colleague = shift(WORKER, "tuesday", time(9), time(12))
    late = shift(TRAINER, TUESDAY, time(13), time(18))
    duties = on_day(roster_of([WEEK, colleague, late]), CENTRE, TUESDAY)
    assert [(duty.staff, duty.begins.hour) for duty in duties] == [(WORKER, 9), (TRAINER, 13)]
    next_week = on_day(roster_of([WEEK, colleague, late]), CENTRE, "2026-12-08")
    assert [(duty.staff, duty.begins.hour) for duty in next_week] == [(TRAINER, 9), (WORKER, 9)]


def test_who_is_absent_on_a_date_is_not_on_duty_and_others_are() -> None:
    roster = roster_of([WEEK, replace(WEEK, staff=DUTCH), Absence(staff=TRAINER, day=TUESDAY)])
    assert [duty.staff for duty in on_day(roster, CENTRE, TUESDAY)] == [DUTCH]


def test_nobody_is_on_duty_on_a_holiday_and_the_centre_is_not_open() -> None:
    roster = roster_of([WEEK, Holiday(day=TUESDAY)])
    assert on_day(roster, CENTRE, TUESDAY) == ()
    assert opening(roster, CENTRE, TUESDAY) is None
    assert opening(roster, CENTRE, WEDNESDAY) == Span(utc("2026-12-02T08:30"), utc("2026-12-02T16:00"))
    assert opening(roster, CENTRE, "2026-12-06") is None, "a Sunday"


def test_a_shift_may_narrow_what_its_person_does_and_widens_nothing() -> None:
    narrow = shift(ALL_ROUND, "tuesday", time(9), time(12), fields=("abroad", "work"), languages=("nl",))
    [duty] = on_day(roster_of([narrow]), CENTRE, TUESDAY)
    assert duty.cells == {("work", "nl"), ("abroad", "nl")}
    retrained = replace(
        CENTRE, counsellors=tuple(replace(one, fields=("work",)) for one in CENTRE.counsellors)
    )
    [duty] = on_day(roster_of([narrow]), retrained, TUESDAY)
    assert duty.cells == {("work", "nl")}


def test_who_works_twice_on_one_day_stays_after_the_second_time() -> None:
    morning = shift(WORKER, "tuesday", time(9), time(12), stays=True)
    duties = on_day(roster_of([replace(morning, begins=time(13), ends=time(17)), morning]), CENTRE, TUESDAY)
    assert [(duty.begins.hour, duty.stays) for duty in duties] == [(9, False), (13, True)]


def test_who_works_at_reception_is_on_duty_and_serves_nothing() -> None:
    [duty] = on_day(roster_of([replace(WEEK, staff="host-1")]), CENTRE, TUESDAY)
    assert (duty.staff, duty.cells) == ("host-1", frozenset())


def test_who_has_left_the_centre_since_is_left_out() -> None:
    assert on_day(roster_of([replace(WEEK, staff="gone-1")]), CENTRE, TUESDAY) == ()


@pytest.mark.parametrize(
    ("at", "instant_of_it"),
    [
        (time(1, 59), "2026-03-29T00:59"),
        (time(2), "2026-03-29T01:00"),
        (time(2, 30), "2026-03-29T01:00"),
        (time(2, 59), "2026-03-29T01:00"),
        (time(3), "2026-03-29T01:00"),
        (time(9), "2026-03-29T07:00"),
    ],
)
def test_an_hour_that_there_is_not_is_the_moment_when_the_clocks_go_forward(
    at: time, instant_of_it: str
) -> None:
    assert instant(FORWARD, at, ZONE) == utc(instant_of_it)


@pytest.mark.parametrize(
    ("at", "instant_of_it"),
    [
        (time(1, 59), "2026-10-24T23:59"),
        (time(2), "2026-10-25T00:00"),
        (time(2, 30), "2026-10-25T00:30"),
        (time(3), "2026-10-25T02:00"),
        (time(9), "2026-10-25T08:00"),
    ],
)
def test_of_an_hour_that_there_is_twice_the_first_is_meant(at: time, instant_of_it: str) -> None:
    assert instant(BACK, at, ZONE) == utc(instant_of_it)


def test_a_shift_over_which_the_clocks_go_forward_is_an_hour_shorter_and_one_within_is_none() -> None:
    night = shift(WORKER, FORWARD, time(1), time(4), breaks=(Break(time(2, 10), time(2, 20)),))
    [duty] = on_day(roster_of([night]), CENTRE, FORWARD)
    assert (duty.ends - duty.begins, duty.breaks) == (timedelta(hours=2), ())
    assert on_day(roster_of([shift(WORKER, FORWARD, time(2), time(2, 45))]), CENTRE, FORWARD) == ()


@settings(deadline=None)
@given(
    st.dates(date(2000, 1, 2), date(2099, 12, 30)),
    st.sampled_from(
        ("Europe/Brussels", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
    ),
    st.times(),
    st.times(),
)
def test_an_hour_is_never_before_an_earlier_one(day: date, zone: str, one: time, other: time) -> None:
    first, second = (instant(day.isoformat(), at, ZoneInfo(zone)) for at in sorted((one, other)))
    assert first <= second
    assert second - first <= datetime.combine(day, max(one, other)) - datetime.combine(
        day, min(one, other)
    ) + timedelta(hours=2)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 2), date(2099, 12, 30)), st.times())
def test_an_hour_that_there_is_once_is_what_the_clock_on_the_wall_shows(day: date, at: time) -> None:
    local = datetime.combine(day, at, ZONE)
    if local.utcoffset() == local.replace(fold=1).utcoffset():
        found = instant(day.isoformat(), at, ZONE).astimezone(ZONE)
        assert (found.date(), found.time()) == (day, at)


@settings(deadline=None)
@given(rosters(CENTRE), st.sampled_from(DATES))
def test_every_duty_of_a_day_is_whole_and_of_somebody_who_is_meant_to_work(roster: Roster, day: str) -> None:
    duties = on_day(roster, CENTRE, day)
    assert duties == tuple(sorted(duties, key=lambda duty: (duty.begins, duty.staff)))
    for duty in duties:
        assert duty.begins < duty.ends
        assert all(duty.begins <= one.begins < one.ends <= duty.ends for one in duty.breaks)
        assert duty.begins.astimezone(ZONE).date().isoformat() == day
        assert Absence(staff=duty.staff, day=day) not in roster.lines
        assert duty.staff in roster.staff
    assert not duties or Holiday(day=day) not in roster.lines


@settings(deadline=None)
@given(rosters(CENTRE), st.randoms())
def test_a_roster_is_the_same_in_whatever_order_its_lines_come(roster: Roster, random: Random) -> None:
    lines = list(roster.lines)
    random.shuffle(lines)
    assert roster_of(lines) == roster


@settings(deadline=None)
@given(rosters(CENTRE))
def test_a_line_that_was_put_in_words_is_the_same_line(roster: Roster) -> None:
    assert [from_row(as_row(line)) for line in roster.lines] == list(roster.lines)


@settings(deadline=None)
@given(rosters(CENTRE), rosters(CENTRE))
def test_what_was_changed_makes_the_one_roster_of_the_other(before: Roster, after: Roster) -> None:
    found = changes(before, after)
    gone = {*found.removed, *(line for line, _ in found.changed)}
    come = {*found.added, *(line for _, line in found.changed)}
    assert roster_of((set(before.lines) - gone) | come) == after
    assert gone <= set(before.lines)
    assert not gone & set(after.lines)


@pytest.mark.parametrize(
    "other", [replace(WEEK, begins=time(10)), replace(WEEK, stays=False), replace(WEEK, languages=("nl",))]
)
def test_another_shift_of_one_person_on_one_day_is_a_change(other: Line) -> None:
    found = changes(roster_of([WEEK]), roster_of([other]))
    assert (found.added, found.changed, found.removed) == ((), ((WEEK, other),), ())


def test_what_fitted_the_centre_once_is_named_when_it_fits_no_more() -> None:
    small = replace(CENTRE, counsellors=CENTRE.counsellors[1:])
    assert list(faults(WEEK, CENTRE)) == []
    assert [what for what, _ in faults(replace(WEEK, staff=ALL_ROUND), small)] == [
        f"the centre knows nobody called '{ALL_ROUND}'"
    ]
