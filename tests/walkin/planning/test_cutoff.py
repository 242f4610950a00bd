"""Until when tickets are given on a simulated day: sessions of twenty minutes, a long one takes thirty."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.planned import CLOSES_MIN, FIELDS, WALK_MIN, WRAP_UP_MIN, a_day, duty, leg, visitor

from config.load import load
from walkin.planning.assumptions import read_assumptions
from walkin.planning.day import Duty, Reckoned, Span, Visitor
from walkin.planning.days import generated_day
from walkin.planning.demand import habits_of, reckoned
from walkin.planning.outcome import NoTicket, Outcome
from walkin.planning.place import place_of, reference
from walkin.planning.policy import Policy
from walkin.planning.simulator import simulate

CENTRE = load(Path(__file__).parents[3] / "config" / "brussels.toml")
ASSUMED = read_assumptions()
SESSION_MIN = 20.0
USUAL_MIN = WALK_MIN + SESSION_MIN + WRAP_UP_MIN
LONG_MIN = WALK_MIN + 30.0
LAST_MIN = CLOSES_MIN - LONG_MIN
"""At this minute a last conversation has to begin, at the latest."""


def ended(visitors: list[Visitor], duties: list[Duty]) -> Outcome:
    day = a_day(visitors, duties)
    takes = Reckoned(dict.fromkeys(FIELDS, USUAL_MIN), dict.fromkeys(FIELDS, LONG_MIN))
    return simulate(replace(day, habits=replace(day.habits, last_tickets=takes)), Policy())


def refused(visitors: list[Visitor], duties: list[Duty]) -> list[int]:
    """Who is told that no more tickets are given."""
    turned_away = ended(visitors, duties).turned_away
    assert set(turned_away.values()) <= {NoTicket.ENDED}
    return sorted(turned_away)


def test_whoever_could_be_served_until_closing_by_somebody_idle_gets_a_ticket_and_nobody_later() -> None:
    assert refused([visitor(LAST_MIN - 1)], [duty("a")]) == []
    assert refused([visitor(LAST_MIN)], [duty("a")]) == [0]


def test_a_session_under_way_and_whoever_waits_come_first() -> None:
    soon = [visitor(LAST_MIN - 2 * USUAL_MIN - 2), visitor(LAST_MIN - 2 * USUAL_MIN - 1)]
    assert refused([*soon, visitor(LAST_MIN - 2 * USUAL_MIN)], [duty("a")]) == []
    assert refused([*soon, visitor(LAST_MIN - USUAL_MIN), visitor(LAST_MIN - USUAL_MIN)], [duty("a")]) == [3]


def test_two_counsellors_share_the_work_of_those_who_wait() -> None:
    crowd = [visitor(LAST_MIN - 2 * USUAL_MIN) for _ in range(6)]
    assert refused(crowd, [duty("a")]) == [2, 3, 4, 5]
    assert refused(crowd, [duty("a"), duty("b")]) == [4, 5]


def test_whoever_waits_for_somebody_else_is_nobody_s_hindrance() -> None:
    crowd = [visitor(LAST_MIN - 2 * USUAL_MIN, "study") for _ in range(2)]
    late = visitor(LAST_MIN - 1)
    assert refused([*crowd, late], [duty("a"), duty("b", ("study",))]) == []
    assert refused([*crowd, late], [duty("a", FIELDS)]) == [2]


def test_of_those_whom_a_colleague_serves_too_only_a_part_comes_first() -> None:
    duties = [duty("a", ("work",)), duty("b", FIELDS)]
    crowd = [visitor(100, session_min=20), visitor(100, session_min=20)]
    waiting = [visitor(101) for _ in range(7)]
    alone = [visitor(101, "study")]
    assert refused([*crowd, *waiting, *alone], duties) == []
    assert refused([*crowd, *waiting, *alone], [duty("b", FIELDS)])[-1] == 9


def test_a_counsellor_who_goes_home_early_has_no_time_after_that() -> None:
    leaving = duty("a", ends_min=150.0)
    crowd = [visitor(100) for _ in range(3)]
    assert refused(crowd, [leaving]) == [2]
    assert refused(crowd, [duty("a")]) == []


def test_a_break_to_come_takes_time_and_so_does_one_under_way_and_an_absence_may_be_over_soon() -> None:
    crowd = [visitor(LAST_MIN - 2 * USUAL_MIN) for _ in range(2)]
    assert refused(crowd, [duty("a", breaks=(Span(LAST_MIN - 40, 30.0),))]) == [1]
    assert refused(crowd, [duty("a", absences=(Span(LAST_MIN - 40, 30.0),))]) == []
    resting = duty("a", breaks=(Span(LAST_MIN - 5, 10.0),))
    away = duty("a", absences=(Span(LAST_MIN - 5, 10.0),))
    assert refused([visitor(LAST_MIN - 1)], [resting]) == [0]
    assert refused([visitor(LAST_MIN - 1)], [away]) == []


def test_a_counsellor_who_is_still_to_come_has_time_from_then_on() -> None:
    crowd = [visitor(0), visitor(1), visitor(2)]
    assert refused(crowd, [duty("a", begins_min=LAST_MIN - USUAL_MIN * 1.5)]) == [2]


def test_a_session_that_lasts_longer_than_usual_goes_on_for_a_quarter_of_its_length() -> None:
    long = visitor(LAST_MIN - 44, session_min=44)
    assert refused([long, visitor(LAST_MIN - USUAL_MIN / 4 - 1)], [duty("a")]) == []
    assert refused([long, visitor(LAST_MIN - USUAL_MIN / 4 + 1)], [duty("a")]) == [1]


def test_what_is_over_is_over_for_the_day_and_the_other_language_goes_on() -> None:
    duties = [duty("a"), duty("b", languages=("nl",))]
    crowd = [visitor(0, session_min=4) for _ in range(12)]
    again = [visitor(100), visitor(100, "work", "nl"), visitor(101, "work", "fr", "nl")]
    assert refused([*crowd, *again], duties) == [*range(10, 12), 12]


def test_nobody_there_any_more_and_nobody_there_at_all_are_told_apart_from_that() -> None:
    outcome = ended([visitor(200), visitor(200, "study")], [duty("a", ends_min=100.0)])
    assert outcome.turned_away == {0: NoTicket.GONE, 1: NoTicket.NOBODY}


def test_whoever_is_transferred_is_served_though_tickets_are_over() -> None:
    crowd = [visitor(100, "study", session_min=20) for _ in range(8)]
    onward = visitor(120, session_min=10, then=leg("study", 10))
    outcome = ended([*crowd, onward], [duty("a"), duty("b", ("study",))])
    assert list(outcome.turned_away) == [5, 6, 7]
    assert [visit.called_min is None for visit in outcome.visits if visit.ticket.transferred] == [False]


@given(
    arrivals=st.lists(st.integers(0, int(CLOSES_MIN)).map(float), max_size=60), counsellors=st.integers(1, 4)
)
@settings(max_examples=60, deadline=None)
def test_where_every_session_is_as_usual_none_ends_after_closing(
    arrivals: list[float], counsellors: int
) -> None:
    duties = [duty(f"c{number}") for number in range(counsellors)]
    outcome = ended([visitor(at_min, session_min=SESSION_MIN) for at_min in arrivals], duties)
    assert outcome.ended_min - WRAP_UP_MIN <= CLOSES_MIN
    assert all(visit.called_min is not None for visit in outcome.visits)


@pytest.mark.parametrize("closing", ["centre", "assumptions", "neither"])
def test_the_centre_s_file_or_the_assumptions_give_tickets_until_closing(closing: str) -> None:
    centre, assumptions = CENTRE, ASSUMED
    if closing == "centre":
        centre = replace(centre, rules=replace(centre.rules, last_tickets="closing"))
    if closing == "assumptions":
        assumptions = replace(assumptions, rules=replace(assumptions.rules, last_tickets="closing"))
    place = place_of(centre, "monday", assumptions)
    habits = habits_of(place, assumptions, 1, messy=True)
    assert (habits.last_tickets is None) is (closing != "neither")


def test_the_days_on_which_the_forecast_is_measured_let_everybody_in() -> None:
    day = generated_day(reference(ASSUMED), ASSUMED, ASSUMED.scenarios["tight"], 3, messy=True)
    assert day.habits.last_tickets is None


def test_a_long_conversation_is_one_of_five_and_none_is_reckoned_beyond_its_limit() -> None:
    place = place_of(CENTRE, "monday", ASSUMED)
    found = reckoned(place, ASSUMED)
    sessions, limit_min = ASSUMED.sessions, place.limits_min["employment"]
    assert found.usual_min["employment"] == sessions.walk_min + sessions.mean_min["employment"] + 3
    assert found.long_min["employment"] - sessions.walk_min == pytest.approx(1.33 * 22, abs=0.1)
    always = replace(ASSUMED, sessions=replace(sessions, mean_min={"employment": 240.0}))
    slow = reckoned(place, always)
    assert slow.long_min["employment"] == sessions.walk_min + limit_min
    assert slow.usual_min["employment"] == sessions.walk_min + limit_min + 3
