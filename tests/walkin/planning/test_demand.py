from pathlib import Path
from statistics import mean, stdev

import pytest
from msgspec.structs import replace

from config.load import load
from walkin.planning.assumptions import read_assumptions
from walkin.planning.day import Visitor
from walkin.planning.demand import cell_weights, habits_of, language_weights, visitors_of
from walkin.planning.place import place_of, reference

CONFIG = Path(__file__).parents[3] / "config"
ASSUMED = read_assumptions()
REFERENCE = reference(ASSUMED)
BRUSSELS = place_of(load(CONFIG / "brussels.toml"), "thursday", ASSUMED)
DAYS = 200


@pytest.fixture(scope="module")
def year() -> list[tuple[Visitor, ...]]:
    return [visitors_of(REFERENCE, ASSUMED, seed, messy=True) for seed in range(DAYS)]


def near(share: float, of: int) -> object:
    """Within four standard deviations of a share found in so many."""
    return pytest.approx(share, abs=4 * (share * (1 - share) / of) ** 0.5 + 1e-9)


def test_as_many_come_as_is_assumed_and_some_days_are_busier(year: list[tuple[Visitor, ...]]) -> None:
    counts = [len(visitors) for visitors in year]
    assert mean(counts) == pytest.approx(100, abs=4 * 22.4 / DAYS**0.5)
    assert stdev(counts) == pytest.approx(22.4, rel=0.2)  # a fifth of the mean, and chance beside it


def test_each_cell_is_asked_for_as_often_as_is_assumed(year: list[tuple[Visitor, ...]]) -> None:
    cells = [visitor.cell for visitors in year for visitor in visitors]
    for cell, weight in cell_weights(REFERENCE, ASSUMED).items():
        assert cells.count(cell) / len(cells) == near(weight, len(cells))


def test_shares_of_visitors_are_as_assumed(year: list[tuple[Visitor, ...]]) -> None:
    everybody = [visitor for visitors in year for visitor in visitors]
    count = len(everybody)
    assert mean(visitor.priority for visitor in everybody) == near(0.06, count)
    assert mean(not visitor.comes for visitor in everybody) == near(0.05, count)
    assert mean(visitor.then is not None for visitor in everybody) == near(0.05, count)
    assert mean(visitor.patience_min is not None for visitor in everybody) == near(0.08, count)


def test_sessions_have_the_mean_of_their_field_before_the_limit(year: list[tuple[Visitor, ...]]) -> None:
    for field, mean_min in ASSUMED.sessions.mean_min.items():
        found = [each.first.session_min for day in year for each in day if each.first.field == field]
        assert mean(found) == pytest.approx(mean_min, abs=4 * 0.5 * mean_min / len(found) ** 0.5)


def test_nobody_comes_after_the_last_ticket_and_the_noon_is_quieter(year: list[tuple[Visitor, ...]]) -> None:
    arrivals = [visitor.arrives_min for visitors in year for visitor in visitors]
    assert max(arrivals) < REFERENCE.closes_min - 30
    noon = sum(150 <= minute < 180 for minute in arrivals)
    assert noon / len(arrivals) == near(5 / 97, len(arrivals))


def test_visitors_stand_in_the_order_in_which_they_come(year: list[tuple[Visitor, ...]]) -> None:
    for visitors in year:
        arrivals = [visitor.arrives_min for visitor in visitors]
        assert arrivals == sorted(arrivals)


def test_a_messy_day_has_the_same_visitors_as_the_clean_one() -> None:
    clean = visitors_of(REFERENCE, ASSUMED, 5, messy=False)
    messy = visitors_of(REFERENCE, ASSUMED, 5, messy=True)
    assert tuple(replace(visitor, patience_min=None) for visitor in messy) == clean


def test_the_pace_of_messy_days_differs_and_that_of_clean_ones_does_not() -> None:
    assert {habits_of(REFERENCE, ASSUMED, seed, messy=False).pace for seed in range(9)} == {1.0}
    paces = [habits_of(REFERENCE, ASSUMED, seed, messy=True).pace for seed in range(DAYS)]
    assert stdev(paces) == pytest.approx(0.15, rel=0.2)


def test_further_languages_share_their_weight_and_a_centre_may_name_its_own() -> None:
    assert language_weights(BRUSSELS, ASSUMED) == {"fr": 72, "nl": 18, "de": 5, "en": 5}
    languages = replace(ASSUMED.demand.languages, own={"nl": 3.0, "fr": 1.0})
    own = replace(ASSUMED, demand=replace(ASSUMED.demand, languages=languages))
    assert language_weights(BRUSSELS, own) == {"fr": 1, "nl": 3, "de": 0, "en": 0}


def test_who_also_accepts_the_first_language_asks_in_their_own() -> None:
    demand = replace(ASSUMED.demand, also_first_language_share=1.0)
    visitors = visitors_of(REFERENCE, replace(ASSUMED, demand=demand), 1, messy=False)
    assert {visitor.languages for visitor in visitors} == {("fr",), ("nl", "fr"), ("en", "fr")}
