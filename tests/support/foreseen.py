"""What is foreseen this Tuesday morning: of whoever waits, and of whoever comes now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from protocol.waits import Expected, LastTicket, WaitKind, WaitWindow

GRID = datetime(2026, 9, 15, 10, 40, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""The last whole five minutes before the clock of the views."""

FORESEEN: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "S047": (-10, 5),
        "K113": (5, 20),
        "M048": (10, 25),
        "M049": (0, 15),
        "S048": (20, 40),
        "K114": (25, 45),
    }
)
"""When they will be called, in minutes from GRID; of Z009 nobody can tell: nobody is planned."""

TOLD: Mapping[str, Mapping[str, tuple[int, int] | WaitKind]] = MappingProxyType(
    {
        "education": {"fr": (25, 45), "nl": (10, 30), "de": WaitKind.NOBODY, "en": WaitKind.NOBODY},
        "training": {"fr": (5, 15), "nl": WaitKind.NOBODY, "de": (25, 45)},
        "employment": {"fr": (75, 105), "nl": (75, 105), "de": WaitKind.NOBODY, "en": (130, 160)},
        "entrepreneurship": {"fr": WaitKind.AT_ONCE, "nl": WaitKind.AT_ONCE, "en": WaitKind.NOBODY},
        "mobility": dict.fromkeys(("fr", "nl", "de", "en"), WaitKind.NOBODY),
    }
)
"""What whoever comes now is told, in minutes from GRID."""


def window(begins_min: float, ends_min: float) -> WaitWindow:
    """A window so many minutes after the grid's last instant."""
    begins_at = GRID + timedelta(minutes=begins_min)
    return WaitWindow(begins_at, GRID + timedelta(minutes=ends_min), begins_at - timedelta(minutes=5))


def last_tickets() -> tuple[LastTicket, ...]:
    """Until when tickets are given for what somebody serves: one after the other, from 11:00 on."""
    served = [(field, language) for field, languages in TOLD.items() for language in languages]
    there = [cell for cell in served if TOLD[cell[0]][cell[1]] is not WaitKind.NOBODY]
    return tuple(
        LastTicket(field=field, language=language, at=GRID + timedelta(minutes=20 + 15 * place))
        for place, (field, language) in enumerate(there)
    )


def told(what: tuple[int, int] | WaitKind) -> Expected:
    """What whoever comes now is told."""
    if isinstance(what, WaitKind):
        return Expected(kind=what)
    return Expected(kind=WaitKind.WINDOW, window=window(*what))
