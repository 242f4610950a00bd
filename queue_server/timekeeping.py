"""The queue's own time: the wall clock's, but it never goes back, and takes no date from a jump at once."""

from datetime import UTC, date, datetime, time, timedelta

import structlog
from msgspec import Struct

from protocol.ids import DayDate
from protocol.server_seen import ClockAhead
from queue_server.clock import Clock, day_of

JUMP_MAX = timedelta(minutes=2)
"""A clock that is further ahead than time went by was set; less is a correction, as clocks get every day."""
STANDS_S = 600.0
"""A date that came by a jump is believed when the clock has stood so for so long: time to set it right."""
SLOWLY = 0.5
"""How fast time goes on while the clock is behind: an hour is made up in two."""

log = structlog.get_logger()


class _Doubt(Struct, frozen=True):
    """A date that came by a jump."""

    ahead: timedelta
    since_s: float
    seen: ClockAhead


class Timekeeper:
    """Tells the time of the queue's day by a clock that anybody may set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = clock.now().astimezone(UTC)
        self._elapsed_s = clock.elapsed_s()
        """When `_at` was, by the clock that nobody sets."""
        self._day: DayDate = ""
        self._doubt: _Doubt | None = None

    @property
    def ahead(self) -> ClockAhead | None:
        """The date that the clock shows and nobody believes yet; none: all is well."""
        return None if self._doubt is None else self._doubt.seen

    def begin(self, day: DayDate, at: datetime | None) -> None:
        """The queue is in this day, and came to this instant; none: nothing has happened in it.

        It is not before the day's own date either: papers of two days would carry the same one.
        """
        self._day = day
        midnight = datetime.combine(date.fromisoformat(day), time(), self._clock.now().tzinfo)
        self._at = max(self._at, (at or midnight).astimezone(UTC))

    def now(self) -> datetime:
        """This instant; never before the last one, so that no wait is negative.

        While the clock is behind, since it was set back, time goes on slowly until the clock has come up.
        While its date is in doubt, time goes on from where it was.
        """
        wall, elapsed_s = self._clock.now(), self._clock.elapsed_s()
        at, gone = wall.astimezone(UTC), timedelta(seconds=elapsed_s - self._elapsed_s)
        went_on = self._at + gone
        jumped = at - went_on > JUMP_MAX and day_of(wall) > self._day
        if (jumped or self._doubt is not None) and not self._believed(
            wall, went_on, elapsed_s, jumped=jumped
        ):
            at = went_on
        elif at < self._at:
            at = self._at + gone * SLOWLY
        self._at, self._elapsed_s = at, elapsed_s
        return at.astimezone(wall.tzinfo)

    def _believed(self, wall: datetime, went_on: datetime, elapsed_s: float, *, jumped: bool) -> bool:
        """Whether the clock's date is the queue's: it was set right, or has stood long enough."""
        doubt = self._doubt
        ahead = wall.astimezone(UTC) - went_on
        if not jumped:
            log.warning("clock.right_again", day=self._day)
        elif doubt is None or abs(ahead - doubt.ahead) > JUMP_MAX:
            until = (went_on + timedelta(seconds=STANDS_S)).astimezone(wall.tzinfo)
            self._doubt = _Doubt(ahead, elapsed_s, ClockAhead(day_of(wall), until))
            log.warning("clock.ahead", clock=day_of(wall), day=self._day, until=until.isoformat())
            return False
        elif elapsed_s - doubt.since_s < STANDS_S:
            return False
        else:
            log.warning("clock.believed", clock=day_of(wall), day=self._day)
        self._doubt = None
        return True
