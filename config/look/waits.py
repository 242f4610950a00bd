"""How a wait is written without words: minutes from now, in whole fives. Pure."""

from datetime import datetime

from msgspec import Struct

from protocol.waits import WaitWindow

GRID_MIN = 5
"""A beginning is rounded down to it, an end up."""
SHORT_MIN = 10
"""No end is told that is nearer."""
LONG_MIN = 120
"""A wait that begins later is told without an end."""
NOBODY_CAN_TELL = "–"
_SECONDS_PER_MINUTE = 60


class Minutes(Struct, frozen=True):
    """A wait in minutes, written from and to, and where room is short as its end alone."""

    whole: str
    short: str


def in_minutes(window: WaitWindow, at: datetime) -> Minutes:
    """The wait of whoever comes at this instant."""
    begins_min = max(0, int((window.begins_at - at).total_seconds() // _SECONDS_PER_MINUTE))
    ends_min = max(0, -int((at - window.ends_at).total_seconds() // _SECONDS_PER_MINUTE))
    lo = begins_min // GRID_MIN * GRID_MIN
    hi = max(SHORT_MIN, -(-ends_min // GRID_MIN) * GRID_MIN)
    if lo >= LONG_MIN:
        return Minutes(f">{LONG_MIN}", f">{LONG_MIN}")
    return Minutes(f"{lo}–{hi}" if lo else f"<{hi}", f"<{hi}")
