"""How long whoever comes now will wait, as a visitor is told it before the choice: facts, and keys."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from config.look.waits import LONG_MIN, SHORT_MIN, rounded_min
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import IN_VAIN, Expected, WaitKind, WaitWindow

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
    lo, hi = rounded_min(expected.window, at)
    if lo >= LONG_MIN:
        return WaitWords("kiosk.wait_above", {"n": LONG_MIN // 60})
    if lo == 0 or hi == SHORT_MIN:
        return WaitWords("kiosk.wait_below", {"n": hi})
    return WaitWords("kiosk.wait_range", {"lo": lo, "hi": hi})
