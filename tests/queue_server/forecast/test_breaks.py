"""Breaks are put where the least demand meets nobody, and no break alone could be taken better."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.roster import Cell, Span
from queue_server.forecast.breaks import Load, Taken, Wanted, staggered
from queue_server.forecast.coverage import Stretch

OPENS = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
A, B = ("a", "fr"), ("b", "fr")


def at(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


def serves(staff: str, *cells: Cell, begins: int = 0, ends: int = 480) -> Stretch:
    return Stretch(staff=staff, cells=frozenset(cells), begins=at(begins), ends=at(ends))


def wants(staff: str, length_min: int = 30, first: int = 120, last: int = 240) -> Wanted:
    return Wanted(staff=staff, length_min=length_min, first=at(first), last=at(last))


def load(begins: int = 0, ends: int = 480, **by_field: float) -> Load:
    by_cell = {(field, "fr"): amount for field, amount in by_field.items()}
    return Load(begins=at(begins), ends=at(ends), by_cell=by_cell)


def minutes(taken: tuple[Taken, ...]) -> list[tuple[str, int, int]]:
    return [
        (
            one.staff,
            (one.span.begins - OPENS) // timedelta(minutes=1),
            (one.span.ends - OPENS) // timedelta(minutes=1),
        )
        for one in taken
    ]


def test_two_who_serve_the_same_do_not_go_together() -> None:
    found = minutes(staggered([serves("c1", A), serves("c2", A)], [wants("c1"), wants("c2")], [load(a=1.0)]))
    assert found == [("c1", 120, 150), ("c2", 150, 180)]


def test_who_is_alone_goes_when_least_is_asked_for() -> None:
    day = [load(0, 170, a=1.0), load(170, 205, a=0.2), load(205, 480, a=1.0)]
    assert minutes(staggered([serves("c1", A)], [wants("c1")], day)) == [("c1", 170, 200)]


def test_who_is_alone_waits_for_the_colleague() -> None:
    day = [serves("c1", A), serves("c2", A, begins=200)]
    assert minutes(staggered(day, [wants("c1")], [load(a=1.0)])) == [("c1", 200, 230)]


def test_a_break_begins_when_its_person_is_surely_there() -> None:
    found = staggered([serves("c1", A, begins=123), serves("c2", A)], [wants("c1")], [load(a=1.0)])
    assert minutes(found) == [("c1", 125, 155)]


def test_that_somebody_is_met_counts_more_than_what_each_carries() -> None:
    day = [serves("c1", A, B), serves("c2", A, ends=180), serves("c3", B, begins=180)]
    assert minutes(staggered(day, [wants("c1", last=210)], [load(a=1.0, b=0.1)])) == [("c1", 120, 150)]
    assert minutes(staggered(day, [wants("c1", last=210)], [load(a=0.1, b=1.0)])) == [("c1", 180, 210)]


def test_where_nobody_is_missed_the_others_carry_as_little_more_as_can_be() -> None:
    team = [serves("c1", A), serves("c2", A), serves("c3", A, begins=180)]
    assert minutes(staggered(team, [wants("c1")], [load(a=1.0)])) == [("c1", 180, 210)]


def test_a_person_has_two_breaks_one_after_the_other() -> None:
    found = minutes(
        staggered([serves("c1", A)], [wants("c1", last=180), wants("c1", last=180)], [load(a=1.0)])
    )
    assert found == [("c1", 120, 150), ("c1", 150, 180)]


def test_who_is_not_there_long_enough_gets_no_break() -> None:
    wanted = [wants("c1"), wants("c2"), wants("c3", length_min=150)]
    assert staggered([serves("c1", A, ends=140), serves("c3", A)], wanted, [load(a=1.0)]) == ()
    assert staggered([serves("c1", A)], [], [load(a=1.0)]) == ()


def test_a_first_choice_is_revised_when_a_later_one_asks_for_the_same_time() -> None:
    team = [serves("c1", A, B), serves("c2", B)]
    only_then = wants("c2", first=120, last=150)
    found = minutes(staggered(team, [wants("c1"), only_then], [load(a=0.1, b=1.0)]))
    assert found == [("c2", 120, 150), ("c1", 150, 180)]


TEAM = st.lists(
    st.tuples(st.frozensets(st.sampled_from((A, B)), min_size=1), st.integers(0, 8), st.integers(9, 30)),
    min_size=1,
    max_size=5,
)
DEMAND = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=6, max_size=6)


def harm(team: list[Stretch], taken: list[tuple[str, Span]], loads: list[Load]) -> tuple[float, float]:
    """Uncovered demand, and what is carried, minute by five minutes: as the definition says."""
    uncovered = carried = 0.0
    for step in range(0, 300, 5):
        now = at(step)
        [asked] = [one.by_cell for one in loads if one.begins <= now < one.ends]
        away = {staff for staff, span in taken if span.begins <= now < span.ends}
        for cell, amount in asked.items():
            count = sum(
                cell in one.cells and one.begins <= now < one.ends and one.staff not in away for one in team
            )
            uncovered += amount * (count == 0)
            carried += amount / max(count, 0.5)
    return uncovered, carried


@settings(deadline=None)
@example(
    [
        (frozenset({A, B}), 4, 22),
        (frozenset({A}), 1, 10),
        (frozenset({A}), 6, 17),
        (frozenset({A, B}), 8, 23),
        (frozenset({B}), 4, 22),
    ],
    [(1, 2), (2, 1), (1, 0), (2, 2), (2, 2), (1, 1)],
)
@given(TEAM, DEMAND)
def test_no_break_alone_could_be_taken_better(
    people: list[tuple[frozenset[Cell], int, int]], demand: list[tuple[int, int]]
) -> None:
    team = [
        serves(f"c{number}", *cells, begins=10 * first, ends=10 * last)
        for number, (cells, first, last) in enumerate(people)
    ]
    loads = [load(50 * part, 50 * part + 50, a=a, b=b) for part, (a, b) in enumerate(demand)]
    wanted = [wants(one.staff, length_min=20, first=60, last=200) for one in team]
    found = staggered(team, wanted, loads)
    for one in found:
        [own] = (stretch for stretch in team if stretch.staff == one.staff)
        assert own.begins <= one.span.begins < one.span.ends <= own.ends
        others = [(other.staff, other.span) for other in found if other is not one]
        least = harm(team, [*others, (one.staff, one.span)], loads)
        for first in range(60, 181, 5):
            moved = Span(at(first), at(first + 20))
            if own.begins <= moved.begins and moved.ends <= own.ends:
                uncovered, carried = harm(team, [*others, (one.staff, moved)], loads)
                assert (round(least[0], 6), round(least[1], 6)) <= (round(uncovered, 6), round(carried, 6))
