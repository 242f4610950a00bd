"""A break is moved where it does less harm to visitors, then to colleagues; one that lies well stays."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.roster import Cell, Span
from queue_server.forecast import breaks as module
from queue_server.forecast.breaks import Harm, Load, Move, PlannedBreak, staggered
from queue_server.forecast.coverage import Stretch

OPENS = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
A, B, A_NL = ("a", "fr"), ("b", "fr"), ("a", "nl")
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


def serves(staff: str, *cells: Cell, begins: int = 0, ends: int = 480) -> Stretch:
    return Stretch(staff=staff, cells=frozenset(cells), begins=at(begins), ends=at(ends))


def plans(
    staff: str, begins: int = 120, length: int = 30, *, first: int = 120, last: int = 240
) -> PlannedBreak:
    span = Span(at(begins), at(begins + length))
    return PlannedBreak(staff=staff, span=span, first=at(first), last=at(last))


def load(begins: int = 0, ends: int = 480, **by_field: float) -> Load:
    by_group = {(field, ("fr",)): amount for field, amount in by_field.items()}
    return Load(begins=at(begins), ends=at(ends), by_group=by_group)


def minutes(moves: tuple[Move, ...]) -> list[tuple[str, int, int]]:
    """Who, from when, to when."""
    return [
        (one.staff, (one.planned.begins - OPENS) // MINUTE, (one.better.begins - OPENS) // MINUTE)
        for one in moves
    ]


def test_of_two_who_serve_the_same_and_would_go_together_one_goes_after_the_other() -> None:
    team = [serves("c1", A), serves("c2", A)]
    [move] = staggered(team, [plans("c1"), plans("c2")], [load(a=1.0)])
    assert (move.staff, move.planned, move.better) == (
        "c1",
        Span(at(120), at(150)),
        Span(at(150), at(180)),
    )
    assert (move.before.unmet_min, move.after.unmet_min) == (30.0, 0.0)


def test_who_is_alone_goes_when_least_is_asked_for() -> None:
    day = [load(0, 170, a=1.0), load(170, 205, a=0.2), load(205, 480, a=1.0)]
    [move] = staggered([serves("c1", A)], [plans("c1")], day)
    assert minutes((move,)) == [("c1", 120, 170)]
    assert (move.before, move.after) == (
        Harm(unmet_min=30.0, carried_min=0.0),
        Harm(unmet_min=6.0, carried_min=0.0),
    )


def test_who_is_alone_waits_for_the_colleague() -> None:
    day = [serves("c1", A), serves("c2", A, begins=200)]
    assert minutes(staggered(day, [plans("c1")], [load(a=1.0)])) == [("c1", 120, 200)]


def test_that_somebody_is_met_counts_more_than_what_each_carries() -> None:
    day = [serves("c1", A, B), serves("c2", A, ends=180), serves("c3", B, begins=180)]
    for asked, better in ((load(a=1.0, b=0.1), 150), (load(a=0.1, b=1.0), 180)):
        moves = staggered(day, [plans("c1", 165, last=210)], [asked])
        assert minutes(moves) == [("c1", 165, better)]


def test_where_nobody_is_missed_the_others_carry_as_little_more_as_can_be() -> None:
    team = [serves("c1", A), serves("c2", A), serves("c3", A, begins=180)]
    [move] = staggered(team, [plans("c1")], [load(a=1.0)])
    assert minutes((move,)) == [("c1", 120, 180)]
    assert (move.before, move.after) == (
        Harm(unmet_min=0.0, carried_min=15.0),
        Harm(unmet_min=0.0, carried_min=5.0),
    )


def test_who_could_go_as_well_at_another_time_stays_with_the_plan() -> None:
    assert staggered([serves("c1", A)], [plans("c1", 180)], [load(a=1.0)]) == ()
    assert staggered([serves("c1", A), serves("c2", B)], [plans("c1", 180)], [load(b=1.0)]) == ()


def test_nobody_is_asked_to_move_a_break_for_a_minute() -> None:
    day = [load(0, 180, a=1.0), load(180, 480, a=0.85)]
    assert staggered([serves("c1", A)], [plans("c1")], day) == ()
    day = [load(0, 180, a=1.0), load(180, 480, a=0.8)]
    assert minutes(staggered([serves("c1", A)], [plans("c1")], day)) == [("c1", 120, 180)]


def test_colleagues_are_not_relieved_at_the_cost_of_a_visitor() -> None:
    team = [serves("c1", A, B), serves("c2", A), serves("c3", B, ends=150), serves("c4", A, begins=150)]
    assert staggered(team, [plans("c1")], [load(a=1.0, b=0.1)]) == ()


def test_of_equally_good_times_the_nearest_to_the_plan_is_named() -> None:
    day = [load(0, 130, a=0.0), load(130, 230, a=1.0), load(230, 480, a=0.0)]
    moves = staggered([serves("c1", A)], [plans("c1", 180, first=60, last=300)], day)
    assert minutes(moves) == [("c1", 180, 230)]


def test_who_accepts_a_language_that_is_still_served_is_not_left_alone() -> None:
    team = [serves("c1", A), serves("c2", A_NL)]
    either = Load(begins=at(0), ends=at(180), by_group={("a", ("fr", "nl")): 0.2})
    assert staggered(team, [plans("c1")], [either]) == ()
    assert minutes(staggered(team[:1], [plans("c1")], [either])) == [("c1", 120, 180)]
    only = Load(begins=at(0), ends=at(180), by_group={("a", ("fr",)): 0.2})
    assert minutes(staggered(team, [plans("c1")], [only])) == [("c1", 120, 180)]


def test_who_is_asked_for_one_move_is_asked_for_no_second_one() -> None:
    """After the colleague's move c1 could go at the very beginning, and that would be a little better."""
    day = [load(120, 150, a=0.5, b=0.5), load(150, 210, a=1.0, b=0.5), load(210, 240, b=1.0)]
    moves = staggered([serves("c1", A, B), serves("c2", A)], [plans("c1", 210), plans("c2", 120)], day)
    assert minutes(moves) == [("c1", 210, 180), ("c2", 120, 210)]


def test_whom_a_move_relieves_need_not_move_too() -> None:
    team = [serves(staff, A) for staff in ("c1", "c2", "c3")]
    moves = staggered(team, [plans("c1"), plans("c2"), plans("c3")], [load(a=1.0)])
    assert minutes(moves) == [("c1", 120, 150), ("c2", 120, 180)]


def test_a_person_does_not_have_two_breaks_at_once() -> None:
    day = [load(0, 180, a=1.0), load(180, 210, a=0.0), load(210, 480, a=1.0)]
    assert staggered([serves("c1", A)], [plans("c1", 120), plans("c1", 180)], day) == ()
    moves = staggered([serves("c1", A)], [plans("c1", 120), plans("c1", 150)], day)
    assert minutes(moves) == [("c1", 120, 180)]


def test_a_break_lies_where_its_person_is_there_and_may_have_it() -> None:
    day = [load(0, 200, a=1.0), load(200, 480, a=0.0)]
    assert staggered([serves("c1", A, ends=150)], [plans("c1")], day) == ()
    moves = staggered([serves("c1", A)], [plans("c1", last=215)], day)
    assert minutes(moves) == [("c1", 120, 185)]


def test_a_plan_without_breaks_needs_no_advice() -> None:
    assert staggered([serves("c1", A)], [], [load(a=1.0)]) == ()


def test_a_break_off_the_grid_keeps_its_length() -> None:
    day = [load(0, 180, a=1.0), load(180, 480, a=0.0)]
    [move] = staggered([serves("c1", A)], [plans("c1", 122, 17, first=62)], day)
    assert move.better == Span(at(180), at(197))


def test_the_move_that_gains_most_is_told_first_and_no_more_than_people_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team = [serves("c1", A), serves("c2", B)]
    day = [load(0, 180, a=0.5, b=1.0), load(180, 480, a=0.0, b=0.0)]
    breaks = [plans("c1"), plans("c2")]
    assert minutes(staggered(team, breaks, day)) == [("c2", 120, 180), ("c1", 120, 180)]
    monkeypatch.setattr(module, "MOVES_MAX", 1)
    assert minutes(staggered(team, breaks, day)) == [("c2", 120, 180)]


TEAM = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from((A, B)), min_size=1),
        st.integers(0, 8),
        st.integers(14, 30),
        st.integers(0, 12),
    ),
    min_size=1,
    max_size=5,
)
DEMAND = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=6, max_size=6)


def harm(team: list[Stretch], taken: dict[str, Span], loads: list[Load]) -> tuple[float, float]:
    """Minutes that meet nobody, and minutes each carries, step by step: as the definition says."""
    unmet = carried = 0.0
    for step in range(0, 300, 5):
        now = at(step)
        [asked] = [one.by_group for one in loads if one.begins <= now < one.ends]
        away = {staff for staff, span in taken.items() if span.begins <= now < span.ends}
        for (field, _), amount in asked.items():
            count = sum(
                (field, "fr") in one.cells and one.begins <= now < one.ends and one.staff not in away
                for one in team
            )
            unmet += 5 * amount * (count == 0)
            carried += 5 * amount / max(count, 1)
    return unmet, carried


def worth(unmet_min: float, carried_min: float) -> bool:
    """Whether so much is gained that somebody is asked to take a break at another time."""
    return unmet_min >= module.WORTH_MIN or (unmet_min >= 0 and carried_min >= module.WORTH_MIN)


@settings(deadline=None)
@example(
    [
        (frozenset({A, B}), 4, 22, 0),
        (frozenset({A}), 1, 14, 0),
        (frozenset({A}), 6, 17, 0),
        (frozenset({A, B}), 8, 23, 0),
        (frozenset({B}), 4, 22, 0),
    ],
    [(1, 2), (2, 1), (1, 0), (2, 2), (2, 2), (1, 1)],
)
@given(TEAM, DEMAND)
def test_moves_made_in_their_order_gain_what_is_said_and_no_other_break_alone_gains_anything(
    people: list[tuple[frozenset[Cell], int, int, int]], demand: list[tuple[int, int]]
) -> None:
    team = [
        serves(f"c{number}", *cells, begins=10 * first, ends=10 * last)
        for number, (cells, first, last, _) in enumerate(people)
    ]
    loads = [load(50 * part, 50 * part + 50, a=a, b=b) for part, (a, b) in enumerate(demand)]
    planned = [
        plans(one.staff, 10 * first + 5 * shift, 20, first=10 * first, last=min(10 * last, 200))
        for one, (_, first, last, shift) in zip(team, people, strict=True)
        if 10 * first + 5 * shift + 20 <= min(10 * last, 200)
    ]
    taken = {one.staff: one.span for one in planned}
    for move in staggered(team, planned, loads):
        assert taken[move.staff] == move.planned
        before = harm(team, taken, loads)
        taken[move.staff] = move.better
        gained = [round(one - other, 5) for one, other in zip(before, harm(team, taken, loads), strict=True)]
        said = (
            move.before.unmet_min - move.after.unmet_min,
            move.before.carried_min - move.after.carried_min,
        )
        assert gained == pytest.approx(said, abs=2e-5)
        assert worth(*gained)
    before = harm(team, taken, loads)
    for one in planned:
        if taken[one.staff] == one.span:
            for first in range(0, 181, 5):
                other = Span(at(first), at(first + 20))
                if one.first <= other.begins and other.ends <= one.last:
                    unmet, carried = harm(team, {**taken, one.staff: other}, loads)
                    assert not worth(round(before[0] - unmet, 5), round(before[1] - carried, 5))
