"""Waits that a kiosk is told of, by hand: so many minutes from the moment of its view."""

from datetime import timedelta

from msgspec.structs import replace
from support.views import LANGUAGES, NOW

from protocol.views import KioskView
from protocol.waits import Expected, WaitKind, WaitWindow


def window(begins_min: float, ends_min: float) -> WaitWindow:
    """So many minutes from now; whoever goes out is to be back before it begins."""
    begins_at, ends_at = (NOW + timedelta(minutes=minutes) for minutes in (begins_min, ends_min))
    return WaitWindow(begins_at, ends_at, begins_at - timedelta(minutes=10))


def wait(begins_min: float, ends_min: float) -> Expected:
    return Expected(kind=WaitKind.WINDOW, window=window(begins_min, ends_min))


AT_ONCE, NOBODY = Expected(kind=WaitKind.AT_ONCE), Expected(kind=WaitKind.NOBODY)
NOT_TODAY = Expected(kind=WaitKind.NOT_TODAY, next_at=NOW.replace(day=30, hour=9, minute=30))
FORESEEN = {
    "education": wait(28, 43),
    "training": AT_ONCE,
    "employment": wait(103, 188),
    "entrepreneurship": NOBODY,
    "mobility": wait(3, 8),
}
"""A wait of each kind, by field."""
LONG = window(28, 53)


def expecting(view: KioskView, field: str, **by_language: Expected) -> KioskView:
    """A view in which whoever comes for one field may expect this, by language."""
    queues = (replace(q, expected=by_language) if q.field == field else q for q in view.fields)
    return replace(view, fields=tuple(queues))


def foreseen(view: KioskView, **by_field: Expected) -> KioskView:
    """A view that tells the wait, the same in every language."""
    queues = (
        replace(
            q, expected=dict.fromkeys(LANGUAGES, by_field[q.field]) if q.field in by_field else q.expected
        )
        for q in view.fields
    )
    return replace(view, fields=tuple(queues))
