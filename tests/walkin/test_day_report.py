import io
import sys
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from walkin.day.report import FIGURES, DayResult, Waits, as_json, progress_bar, render, waits_of


def a_result(**changes: Any) -> DayResult:
    fields: dict[str, Any] = {
        "seed": 7,
        "visitors": 250,
        "elsewhere": {"computers": 77, "tablets": 20, "group-sessions": 35},
        "speed": 1000.0,
        "limited": False,
        "took_s": 31.2,
        "closed_at": "17:22",
        "desks": 12,
        "counsellors": 17,
        "figures": dict.fromkeys(FIGURES, 118),
        "waits": Waits(118, 4.0, 22.5, 61.0),
        "waits_by_field": {"training": Waits(30, 3.0, 20.0, 61.0), "mobility": waits_of(())},
        "waits_by_language": {"fr": Waits(104, 3.0, 21.0, 30.0), "nl": Waits(14, 9.0, 40.0, 61.0)},
        "differences": (),
    }
    return DayResult(**{**fields, **changes})


def test_the_report_fits_a_terminal_of_80_columns() -> None:
    for result in (a_result(), a_result(visitors=10**6, took_s=86_400.0)):
        assert all(len(line) <= 80 for line in render(result).splitlines())


def test_the_report_names_every_figure_and_every_group() -> None:
    text = render(a_result())
    for name in FIGURES:
        assert name.replace("_", " ") in text
    for words in ("training", "mobility", "fr", "nl", "Nothing was lost"):
        assert words in text


def test_the_report_says_when_the_server_had_no_limit_of_tickets() -> None:
    assert "without the kiosks' limit" in render(a_result())
    assert "without the kiosks' limit" not in render(a_result(limited=True))


def test_a_day_with_differences_says_them_and_is_not_ok() -> None:
    result = a_result(differences=("the slip of K 001 is not on paper",))
    assert not result.ok
    assert "1 difference:" in render(result)
    assert "the slip of K 001 is not on paper" in render(result)
    assert "Nothing was lost" not in render(result)


def test_many_differences_are_counted_in_the_text_and_all_in_the_json() -> None:
    result = a_result(differences=tuple(f"difference {number}" for number in range(1, 31)))
    assert "and 10 more" in render(result)
    assert len(msgspec.json.decode(as_json(result))["differences"]) == 30


def test_the_json_is_one_object_on_one_line() -> None:
    line = as_json(a_result())
    assert "\n" not in line
    said = msgspec.json.decode(line)
    assert said["ok"] is True
    assert said["waits_by_language"]["nl"] == {
        "tickets": 14,
        "median_min": 9.0,
        "p90_min": 40.0,
        "longest_min": 61.0,
    }


def test_nobody_waiting_has_no_wait() -> None:
    assert waits_of(()) == Waits(0, None, None, None)
    assert waits_of((3.0,)) == Waits(1, 3.0, 3.0, 3.0)


@given(st.lists(st.floats(0, 600), min_size=1))
def test_the_median_is_at_most_the_p90_and_that_the_longest(minutes: list[float]) -> None:
    waits = waits_of(minutes)
    assert waits.median_min is not None
    assert waits.p90_min is not None
    assert waits.longest_min is not None
    assert waits.median_min <= waits.p90_min <= waits.longest_min == round(max(minutes), 1)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe = Screen(), io.StringIO()
    for stream in (screen, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar() as show:
            for share in (0.0, 0.5, 0.4, 1.0):
                show(share)
    assert "100%" in screen.getvalue()
    assert not pipe.getvalue()
