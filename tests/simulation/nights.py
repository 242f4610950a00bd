"""When a day may end: at midnight, or once a clock that was set on has stood so for a while."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from simulation.disk import Committed

from queue_server.clock import Clock
from queue_server.core.events import DayEnded

LARGE_S = 120.0
STANDS_S = 600.0
TURN_S = 20.0
"""A server that is frozen, or waits for its disk, notices somewhat later that its clock was set."""


class Setting(Struct, frozen=True):
    """Somebody set the server's clock."""

    at_s: float
    before_s: float
    """The furthest that it had been ahead of the truth before: no queue's time is further."""
    after_s: float
    """How far it is ahead now."""


class WorldClock(Clock):
    """The server's clock on the wall, which may be set."""

    def __init__(self, start: datetime, loop_s: Callable[[], float]) -> None:
        super().__init__("Europe/Brussels")
        self._start = start.astimezone(UTC)
        self._loop_s = loop_s
        self.ahead_s = 0.0
        self.settings: list[Setting] = []

    def set(self, ahead_s: float) -> None:
        """Somebody sets it."""
        before_s = max((one.after_s for one in self.settings), default=0.0)
        self.settings.append(Setting(self._loop_s(), max(before_s, 0.0), ahead_s))
        self.ahead_s = ahead_s

    def now(self) -> datetime:
        """This instant, aware."""
        return (self._start + timedelta(seconds=self._loop_s() + self.ahead_s)).astimezone(self._zone)

    def elapsed_s(self) -> float:
        """Nobody sets it."""
        return self._loop_s()


class Nights(Struct, frozen=True):
    """What the clock did, and when servers started: a server that starts believes it."""

    start: datetime
    settings: Sequence[Setting]
    starts_s: Sequence[float]

    def violations(self, committed: Sequence[Committed]) -> Iterator[str]:
        """Days that ended by a jump of the clock which had not stood for long enough."""
        for day, at_s in _ends(committed):
            jump = self._jump_before(at_s)
            if jump is None or any(jump.at_s <= start_s <= at_s for start_s in self.starts_s):
                continue
            by_jump = self._date(at_s, jump.before_s) <= day < self._date(jump.at_s, jump.after_s)
            if by_jump and at_s - jump.at_s < STANDS_S:
                yield f"{day} ended {at_s - jump.at_s:.0f} s after its clock was set on over midnight"

    def met(self, committed: Sequence[Committed]) -> Counter[str]:
        """How often a date was in doubt for so long that midnight itself came, or it was believed."""
        met: Counter[str] = Counter()
        for day, at_s in _ends(committed):
            jump = self._jump_before(at_s)
            if jump is not None and jump.at_s + TURN_S < at_s and self._date(jump.at_s, jump.before_s) <= day:
                started = any(jump.at_s <= start_s <= at_s for start_s in self.starts_s)
                met["a date in doubt when the next day began"] += not started
        return met

    def _jump_before(self, at_s: float) -> Setting | None:
        """The last time before this that the clock was set far on over a midnight."""
        jumps = [
            one
            for one in self.settings
            if one.at_s <= at_s
            and one.after_s - one.before_s > LARGE_S
            and self._date(one.at_s, one.before_s) < self._date(one.at_s, one.after_s)
        ]
        return jumps[-1] if jumps else None

    def _date(self, at_s: float, ahead_s: float) -> str:
        """What a clock so far ahead shows then."""
        at = self.start.timestamp() + at_s + ahead_s
        return datetime.fromtimestamp(at, self.start.tzinfo).date().isoformat()


def _ends(committed: Sequence[Committed]) -> Iterator[tuple[str, float]]:
    return (
        (one.day, one.at_s)
        for one in committed
        if any(isinstance(record.event, DayEnded) for record in one.records)
    )
