"""The server's one clock: aware local time, which day of the centre it is, and what has gone by meanwhile."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

GOING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Nobody sets it; on Linux it goes on while the machine sleeps."""


class Clock:
    """Wall clock in the centre's time zone, whatever zone the machine is in."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def now(self) -> datetime:
        """This instant, aware."""
        return datetime.now(self._zone)

    def elapsed_s(self) -> float:
        """Seconds since some instant before, by a clock that nobody sets."""
        return time.clock_gettime(GOING)


def day_of(now: datetime) -> str:
    """The day of the centre an instant belongs to: its local date."""
    return now.date().isoformat()


def is_day(words: str) -> bool:
    """Whether a day can be named so: a date that there is, as `day_of` writes it."""
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False
