import pytest
from support.planned import a_day, duty, visitor

from walkin.planning.day import Visitor
from walkin.planning.policy import Policy, Rule
from walkin.planning.simulator import simulate

BUSY = visitor(0, session_min=30)
"""Holds the counsellor while the others come."""


def called(policy: Policy, visitors: list[Visitor], fields: tuple[str, ...] = ("work", "study")) -> list[int]:
    """Visitors in the order in which the only counsellor calls them."""
    visits = simulate(a_day([BUSY, *visitors], [duty("a", fields)]), policy).visits
    return [visit.visitor for visit in sorted(visits, key=lambda visit: visit.called_min or 0.0)][1:]


def test_the_oldest_ticket_is_next_and_a_priority_has_a_head_start_of_fifteen_minutes() -> None:
    late = visitor(20, priority=True)
    assert called(Policy(), [visitor(3), visitor(7), late]) == [1, 3, 2]
    assert called(Policy(head_start_min=0.0), [visitor(3), visitor(7), late]) == [1, 2, 3]


def test_priority_first_passes_everybody() -> None:
    assert called(Policy(Rule.PRIORITY_FIRST), [visitor(3), visitor(7), visitor(30, priority=True)]) == [
        3,
        1,
        2,
    ]


def test_the_first_field_of_the_counsellor_comes_before_the_second() -> None:
    waiting = [visitor(3, "study"), visitor(7, "work")]
    assert called(Policy(Rule.OWN_FIELD_FIRST), waiting) == [2, 1]
    assert called(Policy(Rule.OWN_FIELD_FIRST), waiting, ("study", "work")) == [1, 2]


@pytest.mark.parametrize(("later_min", "order"), [(7.9, [2, 1]), (8.1, [1, 2])])
def test_scarcity_is_worth_five_minutes_for_each_counsellor_that_the_others_have_more(
    later_min: float, order: list[int]
) -> None:
    everywhere = [duty("a", ("work", "study")), duty("b", ("work",)), duty("c", ("work",))]
    busy = [visitor(0, session_min=minutes) for minutes in (12, 40, 40)]
    waiting = [visitor(3), visitor(later_min + 5, "study")]
    visits = simulate(a_day([*busy, *waiting], everywhere), Policy(Rule.SCARCITY)).visits
    assert [visit.visitor - 2 for visit in sorted(visits, key=lambda each: each.called_min or 0.0)][
        3:
    ] == order


def test_hard_scarcity_passes_whoever_more_can_serve_however_long_they_wait() -> None:
    everywhere = [duty("a", ("work", "study")), duty("b", ("work",))]
    busy = [visitor(0, session_min=25), visitor(0, session_min=60)]
    waiting = [visitor(1), visitor(25, "study")]
    visits = simulate(a_day([*busy, *waiting], everywhere), Policy(Rule.HARD_SCARCITY)).visits
    assert (visits[3].called_min or 0) < (visits[2].called_min or 0)
