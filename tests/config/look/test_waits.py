"""A wait in minutes: never shorter than it was foreseen, and the same for everybody who reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.look.waits import GRID_MIN, LONG_MIN, SHORT_MIN, in_minutes
from protocol.waits import WaitWindow

NOW = datetime(2026, 9, 15, 10, 42, tzinfo=UTC)


def window(begins_min: float, ends_min: float) -> WaitWindow:
    begins_at = NOW + timedelta(minutes=begins_min)
    return WaitWindow(begins_at, NOW + timedelta(minutes=ends_min), begins_at)


@pytest.mark.parametrize(
    ("begins_min", "ends_min", "whole", "short"),
    [
        (23, 43, "20–45", "<45"),
        (25, 40, "25–40", "<40"),
        (3, 8, "<10", "<10"),
        (3, 18, "<20", "<20"),
        (-7, -2, "<10", "<10"),
        (118, 150, "115–150", "<150"),
        (120, 150, ">120", ">120"),
    ],
)
def test_minutes_are_whole_fives_around_the_window(
    begins_min: float, ends_min: float, whole: str, short: str
) -> None:
    told = in_minutes(window(begins_min, ends_min), NOW)
    assert (told.whole, told.short) == (whole, short)


@given(begins_s=st.integers(-3600, 4 * 3600), lasts_s=st.integers(300, 3 * 3600))
def test_the_minutes_hold_the_window_and_are_at_most_five_too_wide(begins_s: int, lasts_s: int) -> None:
    told = in_minutes(window(begins_s / 60, (begins_s + lasts_s) / 60), NOW)
    if told.whole == f">{LONG_MIN}":
        assert begins_s >= LONG_MIN * 60
        return
    lo, _, hi = told.whole.replace("<", "0–").partition("–")
    assert told.short == f"<{hi}"
    assert int(lo) * 60 <= max(begins_s, 0) < (int(lo) + GRID_MIN) * 60
    assert begins_s + lasts_s <= int(hi) * 60 < max(begins_s + lasts_s + GRID_MIN * 60, SHORT_MIN * 60 + 1)
