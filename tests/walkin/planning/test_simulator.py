"""The rules of routing, held against what the simulated day shows."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.planned import (
    CLOSES_MIN,
    LIMIT_MIN,
    WALK_MIN,
    WRAP_UP_MIN,
    a_day,
    duty,
    instants,
    leg,
    some_duties,
    some_visitors,
    visitor,
)

from walkin.planning.day import Day, Duty, Leg, Span, Visitor
from walkin.planning.outcome import NoTicket, Outcome, Visit
from walkin.planning.policy import Policy, Rule
from walkin.planning.seen import At, Seen, Why
from walkin.planning.simulator import simulate

FIFO = Policy()
ROOT = Path(__file__).parents[3]

policies = st.builds(Policy, st.sampled_from(Rule), st.sampled_from((0.0, 15.0)))


def waits(outcome: Outcome) -> list[float | None]:
    """Of the first tickets, in the order of issue."""
    return [visit.waited_min for visit in outcome.visits if not visit.ticket.transferred]


def watched(visitors: list[Visitor], duties: list[Duty], policy: Policy = FIFO) -> list[Seen]:
    seen: list[Seen] = []
    simulate(a_day(visitors, duties), policy, seen.append, every_min=5.0)
    return seen


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_nobody_is_idle_while_somebody_waits_whom_they_cover(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    for seen in watched(visitors, duties, policy):
        idle = [desk for desk in seen.desks if desk.state is At.IDLE]
        if seen.why is not Why.ISSUED:
            assert not any(desk.serves(waiting) for desk in idle for waiting in seen.waiting)


@given(visitors=some_visitors(), duties=some_duties())
@settings(max_examples=30, deadline=None)
def test_a_counsellor_calls_whoever_is_first_in_the_line_among_those_they_cover(
    visitors: list[Visitor], duties: list[Duty]
) -> None:
    by_name = {duty.counsellor: duty for duty in duties}
    visits = simulate(a_day(visitors, duties), FIFO).visits
    for later in visits:
        if later.called_min is None or later.counsellor is None:
            continue
        for other in visits:
            waited = other.ticket.issued_min < later.called_min and (
                other.called_min is None or other.called_min > later.called_min
            )
            if waited and covers(by_name[later.counsellor], other):
                assert place(later) < place(other)


def place(visit: Visit) -> tuple[float, int]:
    return visit.ticket.key_min, visit.ticket.ticket


def covers(duty: Duty, visit: Visit) -> bool:
    return any(duty.covers((visit.ticket.field, language)) for language in visit.ticket.languages)


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_a_counsellor_serves_one_visitor_at_a_time_and_only_whom_they_cover(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    visits = simulate(a_day(visitors, duties), policy).visits
    for each in duties:
        own = sorted(
            (visit.called_min, visit.called_min + visit.cycle_min)
            for visit in visits
            if visit.counsellor == each.counsellor and visit.called_min is not None
        )
        assert all(covers(each, visit) for visit in visits if visit.counsellor == each.counsellor)
        assert all(ended <= called + 1e-9 for (_, ended), (called, _) in pairwise(own))


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_nobody_calls_before_the_shift_in_its_last_minutes_or_on_a_break(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    for seen in watched(visitors, duties, policy):
        if seen.why is not Why.CALLED:
            continue
        (caller,) = (desk for desk in seen.desks if desk.serving == seen.ticket)
        assert caller.begins_min <= seen.now_min
        assert caller.stays or seen.now_min < caller.ends_min - 10
        assert all(pause.begins_min >= seen.now_min for pause in caller.breaks)


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_every_visitor_is_turned_away_at_once_or_has_a_ticket(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    outcome = simulate(a_day(visitors, duties), policy)
    first = [visit.visitor for visit in outcome.visits if not visit.ticket.transferred]
    assert sorted([*first, *outcome.turned_away]) == list(range(len(visitors)))


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_whoever_somebody_stays_for_is_served(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    staying = [each for each in duties if each.stays]
    for visit in simulate(a_day(visitors, duties), policy).visits:
        assert visit.called_min is not None or not any(covers(each, visit) for each in staying)


@given(visitors=some_visitors(plain=True), duties=some_duties(), until_min=instants)
@settings(max_examples=30, deadline=None)
def test_whoever_comes_later_moves_nobody_who_came_before(
    visitors: list[Visitor], duties: list[Duty], until_min: float
) -> None:
    earlier = [visitor for visitor in visitors if visitor.arrives_min <= until_min]
    whole = simulate(a_day(visitors, duties), FIFO)
    alone = simulate(a_day(earlier, duties), FIFO)
    assert waits(whole)[: len(alone.visits)] == waits(alone)


@given(visitors=some_visitors(), duties=some_duties(), until_min=instants, policy=policies)
@settings(max_examples=30, deadline=None)
def test_an_observer_cannot_tell_how_the_rest_of_the_day_will_go(
    visitors: list[Visitor], duties: list[Duty], until_min: float, policy: Policy
) -> None:
    day = a_day(visitors, duties)
    begun = {
        (visit.visitor, visit.ticket.transferred): visit.called_min + visit.cycle_min <= until_min
        for visit in simulate(day, policy).visits
        if visit.called_min is not None and visit.called_min < until_min
    }

    def otherwise(number: int, transferred: bool, leg: Leg) -> Leg:
        over = begun.get((number, transferred))
        if over is None:
            return replace(leg, session_min=leg.session_min + 500, overrun_min=500.0)
        return leg if over else replace(leg, wrap_up_min=500.0)

    other = replace(
        day,
        visitors=tuple(
            replace(
                each,
                first=otherwise(number, False, each.first),
                then=each.then and otherwise(number, True, each.then),
                comes=each.comes if (number, False) in begun else not each.comes,
            )
            for number, each in enumerate(day.visitors)
        ),
    )

    def past(whole: Day) -> list[bytes]:
        found: list[bytes] = []

        def keep(seen: Seen) -> None:
            if seen.now_min < until_min:
                found.append(msgspec.json.encode(seen))

        simulate(whole, policy, keep)
        return found

    assert past(day) == past(other)


@given(visitors=some_visitors(), duties=some_duties(), policy=policies)
@settings(max_examples=30, deadline=None)
def test_watching_a_day_does_not_change_it(
    visitors: list[Visitor], duties: list[Duty], policy: Policy
) -> None:
    day = a_day(visitors, duties)
    assert simulate(day, policy) == simulate(day, policy, lambda _: None, every_min=1.0)


@given(visitors=some_visitors(), duties=some_duties(), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_colleague_whom_nobody_needs_changes_no_wait_even_of_calls_out_of_order(
    visitors: list[Visitor], duties: list[Duty], seed: int
) -> None:
    without = a_day(visitors, duties, seed=seed, out_of_order_share=0.5)
    beside = replace(without, duties=(*without.duties, duty("c9", ("travel",))))
    beside = replace(
        beside, habits=replace(beside.habits, limits_min={**beside.habits.limits_min, "travel": 30})
    )
    assert waits(simulate(without, FIFO)) == waits(simulate(beside, FIFO))


def test_a_visitor_goes_to_the_idle_counsellor_of_fewest_cells_then_to_the_one_longest_idle() -> None:
    broad = duty("a", ("work", "study"))
    late, early = duty("b", begins_min=5.0), duty("c")
    outcome = simulate(a_day([visitor(10), visitor(11), visitor(12)], [broad, late, early]), FIFO)
    assert [visit.counsellor for visit in outcome.visits] == ["c", "b", "a"]


def test_a_cycle_is_the_walk_the_session_at_the_speed_of_the_counsellor_and_the_notes() -> None:
    (visit,) = simulate(a_day([visitor(0, session_min=20)], [duty("a", speed=1.5)]), FIFO).visits
    assert visit.cycle_min == WALK_MIN + 30 + WRAP_UP_MIN


def test_on_a_slow_day_sessions_are_longer_and_walks_and_notes_are_not() -> None:
    slow = a_day([visitor(0, session_min=20)], [duty("a")], pace=1.5)
    (visit,) = simulate(slow, FIFO).visits
    assert visit.cycle_min == WALK_MIN + 30 + WRAP_UP_MIN


def test_a_session_that_reaches_its_limit_goes_on_a_little_and_ends() -> None:
    (visit,) = simulate(a_day([visitor(0, session_min=90)], [duty("a")]), FIFO).visits
    assert visit.cycle_min == WALK_MIN + LIMIT_MIN + 2 + WRAP_UP_MIN


def test_the_shortest_session_takes_its_time() -> None:
    (visit,) = simulate(a_day([visitor(0, session_min=1)], [duty("a")]), FIFO).visits
    assert visit.cycle_min == WALK_MIN + 4 + WRAP_UP_MIN


def test_a_visitor_who_does_not_come_costs_three_minutes() -> None:
    outcome = simulate(a_day([visitor(0, comes=False), visitor(0)], [duty("a")]), FIFO)
    assert waits(outcome) == [0, 3]
    assert not outcome.visits[0].came


def test_a_visitor_who_left_in_silence_is_found_missing_when_called() -> None:
    outcome = simulate(a_day([visitor(0), visitor(0, patience_min=22), visitor(0)], [duty("a")]), FIFO)
    assert waits(outcome) == [0, 23, 26]
    assert [visit.came for visit in outcome.visits] == [True, False, True]


def test_a_transfer_keeps_its_place_in_the_line() -> None:
    transferred = visitor(0, session_min=10, then=leg("study", 10))
    duties = [duty("a"), duty("b", ("study",))]
    others = [visitor(1, "study", session_min=30), visitor(2, "study")]
    keeping = simulate(a_day([transferred, *others], duties), FIFO)
    last = simulate(a_day([transferred, *others], duties), Policy(Rule.TRANSFERS_LAST))
    assert [visit.called_min for visit in keeping.visits if visit.ticket.transferred] == [34.0]
    assert [visit.called_min for visit in last.visits if visit.ticket.transferred] == [57.0]
    assert keeping.visits[-1].ticket.issued_min == 11.0


def test_a_transferred_visitor_comes_however_long_it_takes_and_their_second_wait_is_no_call() -> None:
    transferred = visitor(0, session_min=10, then=leg("study", 10), patience_min=5)
    visitors = [transferred, visitor(1, "study", session_min=30)]
    duties = [duty("a"), duty("b", ("study",))]
    _, _, again = simulate(a_day(visitors, duties), FIFO).visits
    assert (again.waited_min, again.came) == (23.0, True)
    last = watched([*visitors, visitor(100)], duties)[-1]
    assert [call.at_min for call in last.calls] == [0.0, 1.0, 100.0]


def test_nobody_is_transferred_to_a_field_for_which_nobody_is_there() -> None:
    outcome = simulate(a_day([visitor(0, then=leg("study", 10))], [duty("a")]), FIFO)
    assert (len(outcome.visits), outcome.turned_away) == (1, {})


def test_nobody_is_transferred_shortly_before_closing() -> None:
    late = visitor(CLOSES_MIN - 45, session_min=20, then=leg("study", 10))
    assert len(simulate(a_day([late], [duty("a"), duty("b", ("study",))]), FIFO).visits) == 1


def test_a_counsellor_who_is_busy_when_a_break_is_due_has_it_afterwards_whole() -> None:
    outcome = simulate(
        a_day([visitor(0, session_min=20), visitor(1)], [duty("a", breaks=(Span(10.0, 30.0),))]), FIFO
    )
    assert [visit.called_min for visit in outcome.visits] == [0.0, 23.0 + 30.0]


def test_a_counsellor_who_is_idle_when_a_break_is_due_goes_at_once() -> None:
    outcome = simulate(a_day([visitor(11)], [duty("a", breaks=(Span(10.0, 30.0),))]), FIFO)
    assert waits(outcome) == [29.0]


def test_the_end_of_a_break_is_seen_and_that_of_an_absence_is_not() -> None:
    for planned in (True, False):
        spans = (Span(10.0, 30.0),)
        away = duty("a", breaks=spans if planned else (), absences=() if planned else spans)
        seen = [each for each in watched([visitor(20)], [away]) if each.now_min == 20.0]
        assert seen[0].desks[0].state is (At.BREAK if planned else At.AWAY)
        assert seen[0].desks[0].break_ends_min == (40.0 if planned else None)


def test_an_absence_is_not_seen_before_it_begins() -> None:
    visitors = [visitor(0), visitor(120)]
    absent = watched(visitors, [duty("a", absences=(Span(100.0, 30.0),))])
    present = watched(visitors, [duty("a")])
    early = [each.desks for each in absent if each.now_min < 100]
    assert early
    assert early == [each.desks for each in present if each.now_min < 100]


def test_a_visitor_for_whom_everybody_has_gone_home_is_turned_away() -> None:
    gone = duty("a", ends_min=60.0)
    outcome = simulate(a_day([visitor(49), visitor(50)], [gone]), FIFO)
    assert len(outcome.visits) == 1
    assert outcome.turned_away == {1: NoTicket.GONE}


def test_whoever_comes_at_the_very_minute_of_the_last_call_waits_for_somebody_else() -> None:
    leaving, coming = duty("a", ends_min=60.0), duty("b", begins_min=100.0)
    assert waits(simulate(a_day([visitor(50)], [leaving, coming]), FIFO)) == [50.0]


def test_whoever_still_waits_when_the_last_counsellor_goes_is_not_called() -> None:
    outcome = simulate(a_day([visitor(30), visitor(31)], [duty("a", ends_min=60.0)]), FIFO)
    assert [visit.called_min for visit in outcome.visits] == [30.0, None]


def test_work_after_closing_is_added_up() -> None:
    outcome = simulate(a_day([visitor(230), visitor(230)], [duty("a")]), FIFO)
    assert outcome.ended_min == 230 + 23 + 23
    assert outcome.after_close_min == 13 + 23


def test_a_call_out_of_order_takes_somebody_else_of_those_who_wait() -> None:
    visitors = [visitor(each) for each in range(12)]
    messy = simulate(a_day(visitors, [duty("a")], out_of_order_share=1.0), FIFO)
    called = [visit.called_min for visit in messy.visits]
    assert None not in called
    assert called != sorted(called, key=lambda minute: minute or 0.0)


def test_the_same_day_ends_the_same_way_in_another_process() -> None:
    code = (
        "from walkin.planning.assumptions import read_assumptions;"
        "from walkin.planning.place import reference;"
        "from walkin.planning.days import generated_day; from walkin.planning.simulator import simulate;"
        "from walkin.planning.policy import Policy, Rule; a = read_assumptions();"
        "day = generated_day(reference(a), a, a.scenarios['tight'], 3, messy=True);"
        "print(day.duties, simulate(day, Policy(Rule.SCARCITY)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": salt},
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout
        for salt in ("0", "7")
    }
    assert len(outputs) == 1
