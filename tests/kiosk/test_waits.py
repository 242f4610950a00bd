import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.views import NOW, field_queues
from support.waits import AT_ONCE, NOBODY, wait

from config.look.waits import GRID_MIN, LONG_MIN
from kiosk.waits import (
    WaitWords,
    is_planned,
    is_promised,
    soonest,
    words_of,
)
from protocol.views import FieldQueue
from protocol.waits import Expected

MINUTES = st.floats(-30, 300)
LENGTHS = st.floats(0.1, 200)


def queue(served: tuple[str, ...] = (), **expected: Expected) -> FieldQueue:
    return replace(field_queues()[0], served=served, expected=expected)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (AT_ONCE, WaitWords("kiosk.wait_at_once")),
        (NOBODY, WaitWords("kiosk.wait_nobody")),
        (wait(23, 38), WaitWords("kiosk.wait_range", {"lo": 20, "hi": 40})),
        (wait(25, 40), WaitWords("kiosk.wait_range", {"lo": 25, "hi": 40})),
        (wait(5, 15), WaitWords("kiosk.wait_range", {"lo": 5, "hi": 15})),
        (wait(5, 10), WaitWords("kiosk.wait_below", {"n": 10})),
        (wait(2, 4), WaitWords("kiosk.wait_below", {"n": 10})),
        (wait(4.9, 24), WaitWords("kiosk.wait_below", {"n": 25})),
        (wait(-20, -5), WaitWords("kiosk.wait_below", {"n": 10})),
        (wait(119, 150), WaitWords("kiosk.wait_range", {"lo": 115, "hi": 150})),
        (wait(120, 150), WaitWords("kiosk.wait_above", {"n": 2})),
    ],
)
def test_a_wait_is_told_as_short_as_a_sign(expected: Expected, words: WaitWords) -> None:
    assert words_of(expected, NOW) == words


@given(MINUTES, LENGTHS)
def test_what_is_told_is_never_less_than_what_is_foreseen(begins_min: float, lasts_min: float) -> None:
    told = words_of(wait(begins_min, begins_min + lasts_min), NOW)
    if told.key == "kiosk.wait_above":
        assert begins_min >= LONG_MIN - 1e-6
        return
    shortest, longest = told.numbers.get("lo", 0), told.numbers.get("hi", told.numbers.get("n", 0))
    assert shortest <= max(0.0, begins_min) + 1e-6
    assert longest >= begins_min + lasts_min - 1e-6
    assert shortest % GRID_MIN == longest % GRID_MIN == 0
    assert shortest < longest


def test_of_several_languages_the_soonest_is_told() -> None:
    all_kinds = {"fr": wait(40, 60), "nl": wait(20, 90), "de": NOBODY, "en": AT_ONCE}
    known = queue(**all_kinds)
    assert soonest(known, ("fr", "nl", "de", "en")) == AT_ONCE
    assert soonest(known, ("de", "fr", "nl")) == all_kinds["nl"]
    assert soonest(known, ("de",)) == NOBODY
    assert soonest(queue(), ("fr", "nl")) is None


def test_nobody_is_planned_only_where_a_forecast_says_so() -> None:
    told = queue(("fr",), fr=NOBODY, nl=wait(40, 60))
    assert [is_planned(told, language) for language in ("fr", "nl", "de")] == [False, True, True]


def test_what_is_full_for_today_is_not_promised() -> None:
    full = replace(queue(("fr",), nl=AT_ONCE), ended=("fr", "nl"))
    assert not any(is_promised(full, language) for language in ("fr", "nl"))


def test_a_language_is_promised_by_the_forecast_or_else_by_who_is_there() -> None:
    told = queue(("fr", "en"), fr=NOBODY, nl=wait(40, 60))
    promised = [is_promised(told, language) for language in ("fr", "nl", "de", "en")]
    assert promised == [False, True, False, True]
