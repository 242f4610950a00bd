"""How a wait is written without words: minutes from now, in whole fives. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

from protocol.waits import WaitWindow

GRID_MIN = 5
"""A beginning is rounded down to it, an end up."""
SHORT_MIN = 10
"""No end is told that is nearer."""
LONG_MIN = 120
"""A wait that begins later is told without an end."""
NOBODY_CAN_TELL = "–"
_GRID = timedelta(minutes=GRID_MIN)


class Minutes(Struct, frozen=True):
    """A wait in minutes, written from and to, and where room is short as its end alone."""

    whole: str
    short: str


def rounded_min(window: WaitWindow, at: datetime) -> tuple[int, int]:
    """Begin and end of the wait of whoever comes at this instant, in whole fives of minutes."""
    shortest, longest = window.begins_at - at, window.ends_at - at
    lo = max(0, shortest // _GRID * GRID_MIN)
    return lo, max(SHORT_MIN, -(-longest // _GRID) * GRID_MIN)


def in_minutes(window: WaitWindow, at: datetime) -> Minutes:
    """The wait of whoever comes at this instant."""
    lo, hi = rounded_min(window, at)
    if lo >= LONG_MIN:
        return Minutes(f">{LONG_MIN}", f">{LONG_MIN}")
    return Minutes(f"{lo}–{hi}" if lo else f"<{hi}", f"<{hi}")
