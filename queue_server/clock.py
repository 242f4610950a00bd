"""The server's one clock: aware local time, and which day of the centre it is."""

from datetime import datetime
from zoneinfo import ZoneInfo


class Clock:
    """Wall clock in the centre's time zone."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def now(self) -> datetime:
        """This instant, aware."""
        return datetime.now(self._zone)


def day_of(now: datetime) -> str:
    """The day of the centre an instant belongs to: its local date."""
    return now.date().isoformat()
