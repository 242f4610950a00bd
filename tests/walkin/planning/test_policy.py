from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from support.planned import a_day, duty, visitor

from config.load import load
from config.model import Rules
from walkin.planning.assumptions import read_assumptions
from walkin.planning.day import Visitor
from walkin.planning.place import place_of
from walkin.planning.policy import SCARCITY_MOST_MIN, Policy, Rule, rule_of
from walkin.planning.simulator import simulate

CENTRE = load(Path(__file__).parents[3] / "config" / "brussels.toml")
ASSUMED = read_assumptions()
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


def test_a_centre_s_own_rule_and_head_starts_are_simulated() -> None:
    rules = CENTRE.rules
    assert (rules.scarcity_head_start_min, rules.priority_head_start_min) == (0, 15)
    plain = place_of(CENTRE, "monday", ASSUMED)
    assert rule_of(plain) is Rule.FIFO
    assert Policy.at(plain, Rule.FIFO) == Policy(Rule.FIFO, 15, SCARCITY_MOST_MIN)
    own = replace(rules, scarcity_head_start_min=8, priority_head_start_min=5)
    scarce = place_of(replace(CENTRE, rules=own), "monday", ASSUMED)
    assert rule_of(scarce) is Rule.SCARCITY
    assert Policy.at(scarce, Rule.SCARCITY) == Policy(Rule.SCARCITY, 5, 8)


@pytest.mark.parametrize(("minutes", "order"), [(20.0, [2, 1]), (8.0, [1, 2])])
def test_scarcity_is_worth_what_the_centre_says(minutes: float, order: list[int]) -> None:
    everywhere = [duty("a", ("work", "study")), duty("b", ("work",)), duty("c", ("work",))]
    busy = [visitor(0, session_min=length) for length in (12, 40, 40)]
    waiting = [visitor(3), visitor(10, "study")]
    visits = simulate(a_day([*busy, *waiting], everywhere), Policy(Rule.SCARCITY, 15.0, minutes)).visits
    assert [visit.visitor - 2 for visit in sorted(visits, key=lambda each: each.called_min or 0.0)][
        3:
    ] == order


def test_the_most_that_scarcity_can_be_worth_is_the_most_that_a_centre_can_say() -> None:
    most = int(SCARCITY_MOST_MIN)
    assert msgspec.convert({"scarcity_head_start_min": most}, Rules).scarcity_head_start_min == most
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"scarcity_head_start_min": most + 1}, Rules)


def test_hard_scarcity_passes_whoever_more_can_serve_however_long_they_wait() -> None:
    everywhere = [duty("a", ("work", "study")), duty("b", ("work",))]
    busy = [visitor(0, session_min=25), visitor(0, session_min=60)]
    waiting = [visitor(1), visitor(25, "study")]
    visits = simulate(a_day([*busy, *waiting], everywhere), Policy(Rule.HARD_SCARCITY)).visits
    assert (visits[3].called_min or 0) < (visits[2].called_min or 0)
