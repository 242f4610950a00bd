"""What visitors are told of their wait, and when they are told something else."""

from math import inf
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from queue_server.core.estimates import GRID_S, Estimate, window
from queue_server.forecast.announcement import (
    EARLIER_S,
    LEVEL_FIRST,
    LEVEL_MAX,
    LEVEL_MIN,
    estimate,
    kept_window,
    level_after,
)

NOW = 1_790_000_040.0
MIN = 60.0


def likely(early: float, middle: float, upper: float) -> Estimate:
    """In minutes."""
    return Estimate(early * MIN, middle * MIN, upper * MIN)


@given(st.lists(st.floats(0, 30_000), min_size=200, max_size=200), st.floats(LEVEL_MIN, LEVEL_MAX))
def test_a_window_holds_the_likely_call_and_its_upper_bound_on_the_grid(
    waits: list[float], level: float
) -> None:
    found = estimate(sorted(waits), level)
    assert found is not None
    told = window(NOW, found)
    assert told.back_by <= told.begins_at < told.ends_at
    assert told.begins_at <= NOW + found.middle_s < told.begins_at + GRID_S
    assert NOW + found.upper_s <= told.ends_at
    assert told.back_by <= NOW + found.early_s
    assert {told.back_by % GRID_S, told.begins_at % GRID_S, told.ends_at % GRID_S} == {0}


def test_no_time_is_told_when_nobody_is_there_in_more_than_a_fifth_of_the_courses() -> None:
    assert estimate([600.0] * 160 + [inf] * 40, 0.9) is not None
    assert estimate([600.0] * 159 + [inf] * 41, 0.9) is None


def test_an_upper_bound_is_a_time_even_where_the_last_courses_never_end() -> None:
    found = estimate([600.0] * 100 + [900.0] * 70 + [inf] * 30, 0.99)
    assert found == Estimate(600.0, 900.0, 900.0)


def test_a_window_stays_while_the_likely_call_is_before_its_end() -> None:
    shown = window(NOW, likely(5, 20, 40))
    assert kept_window(shown, NOW + 600, likely(5, 25, 45)) == shown


def test_another_window_is_told_once_the_likely_call_is_after_its_end() -> None:
    shown = window(NOW, likely(5, 20, 40))
    later = likely(10, 35, 55)
    assert kept_window(shown, NOW + 600, later) == window(NOW + 600, later)


def test_another_window_is_told_once_its_end_is_a_quarter_of_an_hour_nearer() -> None:
    shown = window(NOW, likely(5, 20, 40))
    sooner, not_yet = likely(2, 10, 25), likely(2, 10, 27)
    assert kept_window(shown, NOW, sooner).ends_at <= shown.ends_at - EARLIER_S
    assert kept_window(shown, NOW, not_yet) == shown


def test_whoever_was_told_nothing_is_told_the_window_of_now() -> None:
    assert kept_window(None, NOW, likely(5, 20, 40)) == window(NOW, likely(5, 20, 40))


def test_in_the_long_run_one_in_ten_is_called_late_though_the_quantiles_are_wrong() -> None:
    random, level, late = Random(3), LEVEL_FIRST, 0
    for _ in range(20_000):
        called_late = random.random() > 0.95 * level + 0.001  # promised 90 of 100, kept by 85.6
        late += called_late
        level = level_after(level, [called_late])
        assert LEVEL_MIN <= level <= LEVEL_MAX
    assert 0.09 < late / 20_000 < 0.11
