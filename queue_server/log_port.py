"""The narrow port behind which the log stands: append a batch, read a day, open, close and fence a day.

The engine and the closing of days know no more of it, so that another store can stand behind it without
either being touched. Whatever may wait for a disk or a network is awaited.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from queue_server.core.events import AnyEvent, DayEnded
from queue_server.core.past import PastDay, Recent

ENDED = str(DayEnded.__struct_config__.tag)
"""Kind of the event that seals a day."""


class LogError(Exception):
    """The log cannot be used; the sentence says what to do. The process must end."""


class FencedError(LogError):
    """Another server has taken the day over: nothing more may be written by this one."""


class Record(Struct, frozen=True):
    """One event with its circumstances, as the log keeps it."""

    at: datetime
    actor: str
    command_id: str
    ordinal: int
    event: AnyEvent


class LogPort(Protocol):
    """The log of one day; used by one task."""

    secret: bytes
    """Key of the day's ticket tokens, once it was read; dies with the day."""

    async def fence(self) -> None:
        """Open or make the day and take it: whoever had it before writes nothing more.

        LogError, FencedError: a later one has it.
        """

    async def read(self) -> list[Record]:
        """All that happened, in order, once it is proved whole; LogError when it is not."""

    async def last_kind(self) -> str:
        """The kind of the last event, empty when there is none; the day is closed again.

        LogError when it is damaged: all that is stored of it is looked at, the chain is not.
        """

    async def has_ended(self) -> bool:
        """Whether its last event says so, at a glance; False also where that cannot be seen.

        Nothing is proved: a day that is damaged elsewhere is not noticed.
        """

    async def append(self, records: Sequence[Record]) -> None:
        """Put a batch on disk, whole or not at all; LogError, FencedError: it may be there or not."""

    async def beat(self) -> None:
        """Prove that a batch would come to the disk now, and that the day is ours; LogError, FencedError."""

    async def close(self) -> None:
        """Let the day go; again does nothing."""


class StatisticsPort(Protocol):
    """What is kept of days for good: anonymous."""

    async def days(self) -> set[str]:
        """The days that are in it; LogError."""

    async def write(self, day: str, past: PastDay) -> None:
        """Put a day in whole, instead of what was there of it; LogError."""

    async def recent(self, days: int) -> Recent:
        """What the newest so many days tell; LogError."""

    async def close(self) -> None:
        """Let it go; a disk that stalls is not waited for longer than a moment."""


class HousePort(Protocol):
    """All days of a centre: all that the engine and the closing of days know of a store."""

    epoch: int
    """Of this server's reign: higher than that of every server before it on the same days."""

    def day_log(self, day: str) -> LogPort:
        """The log of this day."""

    async def days(self) -> list[str]:
        """Every day that has begun, the oldest first; LogError."""

    async def delete(self, day: str) -> None:
        """Forget a day for good; what was interrupted is done again with the same result. LogError."""

    def statistics(self) -> StatisticsPort:
        """What is kept of days that have ended; to be closed after use."""
