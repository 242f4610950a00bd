"""How long whoever comes now will wait, as a visitor is told it before the choice: facts, and keys."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec import Struct

from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import IN_VAIN, Expected, WaitKind, WaitWindow

GRID_MIN = 5
"""Minutes are told in whole fives: shorter rounded down, longer rounded up."""
SHORT_MIN = 10
"""A wait that ends before is told without a beginning."""
LONG_H = 2
"""A wait that begins later is told without an end: nobody stays in the hall for it."""
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)

ALOUD: Mapping[str, str] = MappingProxyType(
    {
        "kiosk.wait_below": "kiosk.wait_below_said",
        "kiosk.wait_range": "kiosk.wait_range_said",
        "kiosk.wait_above": "kiosk.wait_above_said",
    }
)
"""How a wait is read that is written as short as a sign."""


class WaitWords(Struct, frozen=True):
    """A wait in words: a key of the catalogue, and the numbers in it."""

    key: str
    numbers: dict[str, int] = {}


def is_planned(queue: FieldQueue, language: LanguageCode) -> bool:
    """Whether somebody may serve this field in this language: a forecast alone knows that nobody will."""
    expected = queue.expected.get(language)
    return expected is None or expected.kind not in IN_VAIN


def is_promised(queue: FieldQueue, language: LanguageCode) -> bool:
    """Whether whoever comes now is served in this language; without a forecast, whether somebody does it."""
    if language in queue.ended:
        return False
    if language in queue.expected:
        return is_planned(queue, language)
    return language in queue.served


def soonest(queue: FieldQueue, languages: Iterable[LanguageCode]) -> Expected | None:
    """The shortest wait of those in these languages; none: nobody can tell of any."""
    known = (queue.expected[language] for language in languages if language in queue.expected)
    return min(known, key=_order, default=None)


def _order(expected: Expected) -> tuple[int, float]:
    """At once before any window, an earlier one before a later, nobody last."""
    match expected:
        case Expected(kind=WaitKind.AT_ONCE):
            return 0, 0.0
        case Expected(window=WaitWindow() as window):
            return 1, window.begins_at.timestamp()
    return 2, 0.0


def words_of(expected: Expected, at: datetime) -> WaitWords:
    """A wait as whoever comes at this instant is told it."""
    if expected.kind is WaitKind.AT_ONCE:
        return WaitWords("kiosk.wait_at_once")
    if expected.kind is WaitKind.NOT_TODAY:
        return WaitWords("kiosk.wait_not_today")
    if expected.window is None:
        return WaitWords("kiosk.wait_nobody")
    shortest, longest = expected.window.begins_at - at, expected.window.ends_at - at
    lo = max(0, shortest // (GRID_MIN * _MINUTE) * GRID_MIN)
    hi = max(SHORT_MIN, -(-longest // (GRID_MIN * _MINUTE)) * GRID_MIN)
    if shortest >= LONG_H * _HOUR:
        return WaitWords("kiosk.wait_above", {"n": LONG_H})
    if lo == 0 or hi == SHORT_MIN:
        return WaitWords("kiosk.wait_below", {"n": hi})
    return WaitWords("kiosk.wait_range", {"lo": lo, "hi": hi})
