"""An ordinary day is made of days that have ended: of its own weekday, if there are enough of them."""

from datetime import time

import pytest
from msgspec.structs import replace
from support.centre import small_centre
from support.ended import each, ended

from config.model import Hours
from config.roster import Roster, Span, opening
from queue_server.core.past import PastDay
from queue_server.core.state import Group
from queue_server.forecast.asked import DAYS_ENOUGH, Ordinary, ordinary

CENTRE = small_centre()
TUESDAY, WEDNESDAY = "2026-12-01", "2026-12-02"
SESSIONS = {"work": 30, "training": 20, "abroad": 20}
BUSY = ended({(10, "work", "fr"): 4, (10, "training", "fr+nl"): 3}, sessions_min=SESSIONS)
QUIET = ended({(10, "work", "fr"): 1}, sessions_min=SESSIONS)
TUESDAYS = each(BUSY, "2026-10-06", 5, days=7)
WEDNESDAYS = each(QUIET, "2026-10-07", 5, days=7)


def hours(day: str) -> Span:
    found = opening(Roster(), CENTRE, day)
    assert found is not None
    return found


def of(past: dict[str, PastDay], day: str = TUESDAY) -> Ordinary:
    found = ordinary(past, CENTRE, day, hours(day))
    assert found is not None
    return found


def asked(found: Ordinary) -> dict[str, dict[Group, float]]:
    """By the begin of each half hour in which anything is asked for."""
    return {f"{load.begins:%H:%M}": dict(load.by_group) for load in found.loads if load.by_group}


def test_who_comes_in_an_hour_keeps_so_many_counsellors_busy_in_both_its_halves() -> None:
    each_half = {("work", ("fr",)): pytest.approx(2.0), ("training", ("fr", "nl")): pytest.approx(1.0)}
    assert asked(of(TUESDAYS)) == {"10:00": each_half, "10:30": each_half}


def test_a_day_has_a_part_for_each_half_hour_that_the_centre_is_open() -> None:
    parts = [f"{load.begins:%H:%M}-{load.ends:%H:%M}" for load in of(TUESDAYS).loads]
    assert (parts[0], parts[-1], len(parts)) == ("09:30-10:00", "16:30-17:00", 15)


def test_an_odd_opening_makes_a_shorter_first_part() -> None:
    odd = Span(hours(TUESDAY).begins.replace(minute=40), hours(TUESDAY).begins.replace(hour=10, minute=40))
    found = ordinary(TUESDAYS, CENTRE, TUESDAY, odd)
    assert found is not None
    assert [f"{load.begins:%H:%M}-{load.ends:%H:%M}" for load in found.loads] == [
        "09:40-10:00",
        "10:00-10:30",
        "10:30-10:40",
    ]


def test_who_comes_at_opening_comes_in_the_half_hour_that_is_open() -> None:
    past = each(ended({(9, "work", "fr"): 2}, sessions_min=SESSIONS), "2026-10-06", 5, days=7)
    assert asked(of(past)) == {"09:30": {("work", ("fr",)): pytest.approx(2.0)}}


def test_who_comes_while_the_centre_is_closed_is_not_spread_over_the_day() -> None:
    past = each(
        ended({(8, "work", "fr"): 2, (17, "work", "fr"): 2}, sessions_min=SESSIONS), TUESDAY, 5, days=7
    )
    assert asked(of(past)) == {}


def test_who_went_without_a_ticket_has_asked_too() -> None:
    day = ended({(10, "work", "fr"): 1}, refused={(10, "work", "fr"): 3}, sessions_min=SESSIONS)
    assert asked(of(each(day, "2026-10-06", 5, days=7)))["10:00"] == {("work", ("fr",)): pytest.approx(2.0)}


def test_the_same_weekday_speaks_when_there_are_enough_of_it() -> None:
    found = of(TUESDAYS | WEDNESDAYS, WEDNESDAY)
    assert (found.weekday, found.days) == ("wednesday", tuple(sorted(WEDNESDAYS)))
    assert asked(found)["10:00"] == {("work", ("fr",)): pytest.approx(0.5)}


def test_all_days_speak_when_there_are_too_few_of_the_weekday() -> None:
    fewer = dict(list(WEDNESDAYS.items())[1:])
    found = of(TUESDAYS | fewer, WEDNESDAY)
    assert (found.weekday, len(found.days)) == (None, 9)
    assert asked(found)["10:00"]["work", ("fr",)] == pytest.approx((5 * 4 + 4 * 1) / 9 / 2)


def test_of_too_few_days_no_ordinary_one_is_made() -> None:
    few = dict(list(TUESDAYS.items())[1:])
    assert ordinary(few, CENTRE, TUESDAY, hours(TUESDAY)) is None
    assert ordinary({}, CENTRE, TUESDAY, hours(TUESDAY)) is None
    assert len(few) == DAYS_ENOUGH - 1


def test_days_on_which_nobody_came_or_the_centre_is_never_open_do_not_count() -> None:
    few = dict(list(TUESDAYS.items())[1:])
    empty, sunday = {"2026-11-24": PastDay()}, {"2026-11-22": BUSY}
    assert ordinary(few | empty | sunday, CENTRE, TUESDAY, hours(TUESDAY)) is None


def test_an_hour_in_which_one_weekday_alone_is_open_is_measured_by_those_days_alone() -> None:
    late = replace(CENTRE, hours={**CENTRE.hours, "wednesday": Hours(opens=time(9, 30), closes=time(19))})
    evening = ended({(10, "work", "fr"): 1, (18, "work", "fr"): 4}, sessions_min=SESSIONS)
    past = TUESDAYS | each(evening, "2026-10-07", 2, days=7)
    found = ordinary(
        past, late, WEDNESDAY, Span(hours(WEDNESDAY).begins, hours(WEDNESDAY).ends.replace(hour=19))
    )
    assert found is not None
    assert asked(found)["18:30"] == {("work", ("fr",)): pytest.approx(2.0)}


def test_a_field_that_the_centre_has_no_more_is_not_asked_for() -> None:
    past = each(ended({(10, "baking", "fr"): 4}, sessions_min={"baking": 30}), "2026-10-06", 5, days=7)
    assert asked(of(past)) == {}


def test_how_long_a_session_takes_is_learned_from_all_days() -> None:
    long = each(ended({(10, "work", "fr"): 4}, sessions_min={"work": 50}), "2026-10-08", 5, days=7)
    assert asked(of(TUESDAYS | long))["10:00"]["work", ("fr",)] == pytest.approx(4 * 40 / 60)
