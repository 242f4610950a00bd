"""What a board shows and announces, from the views it is sent: values in, values out.

A board shows the newest calls and announces each call number once, in order, one after the other. An
announcement lasts a fixed number of beats; whoever owns the clock counts the beats with `next_beat`.
"""

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from protocol.views import BoardCall, BoardView

BEAT_S = 0.5
"""Half a flash: lit for one beat, dark for the next, so the screen flashes once per second."""
FLASHES = 3
"""Flashes of one announcement; one per second stays far below the three that may harm."""
REST_BEATS = 2
"""Stillness after the flashes, so that two calls in quick succession are heard as two."""
ANNOUNCEMENT_BEATS = 2 * FLASHES + REST_BEATS
AGE_MAX_S = 60
"""A call older than this when the board starts is shown, not announced: its visitor has long stood up."""


class Announcements(Struct, frozen=True, kw_only=True):
    """What has been announced today and what is still to be; every step gives a new value."""

    day: str = ""
    """The day the numbers belong to; empty: no view yet."""
    last: int = 0
    """The highest call number heard of today."""
    missed: int = 0
    """Calls of the day that had left the view before the board saw them."""
    line: tuple[BoardCall, ...] = ()
    """Calls to announce, in order; the first one is being announced."""
    beat: int = 0
    """Beats the first call in line has had."""

    @property
    def current(self) -> BoardCall | None:
        """The call that is being announced."""
        return self.line[0] if self.line else None

    @property
    def lit(self) -> bool:
        """The flash is on."""
        return bool(self.line) and self.beat < 2 * FLASHES and self.beat % 2 == 0

    @property
    def rings(self) -> bool:
        """The first call in line begins with this beat."""
        return bool(self.line) and self.beat == 0

    @property
    def settled(self) -> int:
        """All calls up to this number were announced, withdrawn or shown as old; 0: none."""
        return self.line[0].call - 1 if self.line else self.last


def seen(before: Announcements, view: BoardView, age_max_s: float = AGE_MAX_S) -> Announcements:
    """After this view: calls not heard of before join the line, calls taken back leave it."""
    begins = view.day != before.day
    if begins:
        before = Announcements(day=view.day)
    fresh = sorted((call for call in view.calls if call.call > before.last), key=lambda call: call.call)
    withdrawn = {call.call for call in view.calls if call.withdrawn}
    last = fresh[-1].call if fresh else before.last
    reaches_back = begins or any(call.call <= before.last for call in view.calls)
    missed = before.missed + (0 if reaches_back else last - before.last - len(fresh))
    if begins:
        oldest = view.at - timedelta(seconds=age_max_s)
        fresh = [call for call in fresh if call.at >= oldest]
    line = tuple(call for call in (*before.line, *fresh) if call.call not in withdrawn)
    goes_on = bool(line) and bool(before.line) and line[0].call == before.line[0].call
    return replace(before, last=last, missed=missed, line=line, beat=before.beat if goes_on else 0)


def next_beat(before: Announcements) -> Announcements:
    """One beat later; after its last beat a call leaves the line and the next one begins."""
    if not before.line:
        return before
    if before.beat + 1 < ANNOUNCEMENT_BEATS:
        return replace(before, beat=before.beat + 1)
    return replace(before, line=before.line[1:], beat=0)


def rows(view: BoardView, announcements: Announcements, count: int) -> tuple[BoardCall, ...]:
    """What is shown, one row per ticket: the call being announced, then the newest that still stand."""
    current = announcements.current
    standing = [call for call in sorted(view.calls, key=lambda call: -call.call) if not call.withdrawn]
    newest: dict[str, BoardCall] = {} if current is None else {current.ticket: current}
    for call in standing:
        newest.setdefault(call.ticket, call)
    return tuple(newest.values())[:count]
