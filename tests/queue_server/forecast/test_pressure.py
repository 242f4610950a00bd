"""A group of cells that asks more than those who serve it can do is named, however visitors are sent."""

from itertools import chain, combinations
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.roster import Cell
from queue_server.core.state import Group
from queue_server.forecast import pressure as module
from queue_server.forecast.pressure import PRESSURE_MAX, Strain, pressures

FIELDS, LANGUAGES = ("a", "b", "c"), ("fr", "nl")
CELLS: list[Cell] = [(field, language) for field in FIELDS for language in LANGUAGES]
GROUPS: list[Group] = [(field, some) for field in FIELDS for some in (("fr",), ("nl",), ("fr", "nl"))]


def cells(*words: str) -> frozenset[Cell]:
    return frozenset((word.split("/")[0], word.split("/")[1]) for word in words)


def told(found: tuple[Strain, ...]) -> list[tuple[str, str, float, int]]:
    return [(" ".join(one.fields), " ".join(one.languages), one.work, one.staff) for one in found]


def test_a_group_is_named_that_asks_more_than_its_people_can_do() -> None:
    on_duty = {"c1": cells("a/fr", "b/fr"), "c2": cells("b/fr", "c/fr"), "c3": cells("c/fr")}
    load = {("a", ("fr",)): 0.8, ("b", ("fr",)): 1.1, ("c", ("fr",)): 0.1}
    assert told(pressures(load, on_duty)) == [("a b", "fr", pytest.approx(1.9), 2)]


def test_a_cell_that_nobody_serves_is_the_worst_and_names_no_larger_group() -> None:
    found = pressures({("a", ("fr",)): 0.01, ("b", ("fr",)): 0.5}, {"c1": cells("b/fr")})
    assert told(found) == [("a", "fr", 0.01, 0)]
    assert found[0].each == inf


def test_two_troubles_of_one_size_are_two_and_not_one() -> None:
    apart = {"c1": cells("a/fr"), "c2": cells("b/fr")}
    found = pressures({("a", ("fr",)): 1.0, ("b", ("fr",)): 1.0}, apart)
    assert told(found) == [("a", "fr", 1.0, 1), ("b", "fr", 1.0, 1)]
    found = pressures({("a", ("fr",)): 1.2, ("a", ("nl",)): 1.0}, {"c1": cells("a/fr"), "c2": cells("a/nl")})
    assert told(found) == [("a", "fr", 1.2, 1), ("a", "nl", 1.0, 1)]


def test_a_trouble_is_named_by_its_smallest_group() -> None:
    on_duty = {"c1": cells("a/fr", "b/fr"), "c2": cells("b/fr"), "c3": cells("a/fr")}
    assert told(pressures({("a", ("fr",)): 1.0, ("b", ("fr",)): 2.0}, on_duty)) == [("b", "fr", 2.0, 2)]


def test_what_can_be_done_builds_no_line() -> None:
    on_duty = {"c1": cells("a/fr", "b/fr"), "c2": cells("b/fr")}
    assert pressures({("a", ("fr",)): 0.5, ("b", ("fr",)): 1.2}, on_duty) == ()


def test_who_accepts_two_languages_presses_on_neither_alone() -> None:
    on_duty = {"c1": cells("a/fr"), "c2": cells("a/nl")}
    assert told(pressures({("a", ("fr",)): 1.2}, on_duty)) == [("a", "fr", 1.2, 1)]
    assert pressures({("a", ("fr", "nl")): 1.2}, on_duty) == ()
    assert told(pressures({("a", ("fr", "nl")): 2.2}, on_duty)) == [("a", "fr nl", 2.2, 2)]


def test_nobody_comes_and_nothing_is_told() -> None:
    assert pressures({("a", ("fr",)): 0.0}, {"c1": cells("a/fr")}) == ()
    assert pressures({}, {"c1": cells("a/fr")}) == ()


def test_the_fields_most_asked_for_are_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIELDS_MAX", 1)
    monkeypatch.setattr(module, "LANGUAGES_MAX", 1)
    load = {("a", ("fr",)): 2.0, ("b", ("fr",)): 3.0, ("b", ("nl",)): 2.5}
    assert told(pressures(load, {})) == [("b", "fr", 3.0, 0)]


def test_no_more_groups_are_told_than_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOLD_MAX", 2)
    assert len(pressures(dict.fromkeys(GROUPS, 1.0), {})) == 2


LOADS = st.dictionaries(st.sampled_from(GROUPS), st.sampled_from((0.25, 0.5, 1.0, 2.0)), max_size=6)
TEAMS = st.dictionaries(
    st.sampled_from(("c1", "c2", "c3", "c4")), st.frozensets(st.sampled_from(CELLS)), max_size=4
)


def some_of(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, count) for count in range(1, len(names) + 1)))


@settings(deadline=None)
@given(LOADS, TEAMS)
def test_a_line_is_foretold_if_and_only_if_some_group_asks_too_much(
    load: dict[Group, float], team: dict[str, frozenset[Cell]]
) -> None:
    each = {}
    for fields in some_of(FIELDS):
        for languages in some_of(LANGUAGES):
            work = sum(
                amount
                for (one, some), amount in load.items()
                if one in fields and set(some) <= set(languages)
            )
            staff = sum(
                any(field in fields and one in languages for field, one in own) for own in team.values()
            )
            if work:
                each[fields, languages] = work / staff if staff else inf
    worst = max(each.values(), default=0.0)
    found = pressures(load, team)
    assert bool(found) == (worst > PRESSURE_MAX)
    assert all(each[one.fields, one.languages] == one.each > PRESSURE_MAX for one in found)
    if found:
        assert found[0].each == worst
    assert [one.each for one in found] == sorted((one.each for one in found), reverse=True)
