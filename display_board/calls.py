"""What a board shows and announces, from the views it is sent: values in, values out.

A board shows the newest calls of its desks and announces each call number once, in order, one after the
other. An announcement lasts a fixed number of beats, or until its call has been spoken; whoever owns the
clock counts the beats with `next_beat`.
"""

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from protocol.ids import DeskId
from protocol.views import BoardCall, BoardView
from voice.sentences import Brevity

BEAT_S = 0.5
"""Half a flash: lit for one beat, dark for the next, so the screen flashes once per second."""
FLASHES = 3
"""Flashes of one announcement; one per second stays far below the three that may harm."""
REST_BEATS = 2
"""Stillness after the flashes, so that two calls in quick succession are heard as two."""
ANNOUNCEMENT_BEATS = 2 * FLASHES + REST_BEATS
SPOKEN_BEATS_MAX = 50
"""An announcement whose voice has not ended after so many beats ends without it: three languages take 15
seconds, and a sound card that hangs must not hold the screen."""
HUNG_REST_S = 60.0
"""After an announcement that reached that limit its voice is not waited for, until one was heard to its end
or for so long: a sound card that hangs makes the board late once, not with every call."""
OWN_FROM = 3
"""With so many calls in line, the first one included, each is spoken in the visitor's own language alone."""
CHIME_FROM = 6
"""With so many in line nothing is spoken after the chime: nobody waits a minute for a call to be heard."""
AGE_MAX_S = 60
"""A call older than this when the board starts is shown, not announced: its visitor has long stood up."""


class Announcements(Struct, frozen=True, kw_only=True):
    """What has been announced today and what is still to be; every step gives a new value."""

    desks: frozenset[DeskId] = frozenset()
    """Whose calls this board shows; empty: every desk's."""
    told: tuple[str, int] = ("", 0)
    """Day and number of the last call that this board had announced when it was started."""
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
        """All calls up to this number were announced, withdrawn, shown as old or of other boards; 0: none."""
        return self.line[0].call - 1 if self.line else self.last

    @property
    def brevity(self) -> Brevity:
        """How much of the first call in line is spoken: the more wait, the less."""
        if len(self.line) >= CHIME_FROM:
            return Brevity.CHIME
        return Brevity.OWN if len(self.line) >= OWN_FROM else Brevity.WHOLE

    def shows(self, call: BoardCall) -> bool:
        """The call is of one of this board's desks."""
        return not self.desks or call.desk in self.desks


def seen(before: Announcements, view: BoardView, age_max_s: float = AGE_MAX_S) -> Announcements:
    """After this view: calls not heard of before join the line, calls taken back leave it."""
    begins = view.day != before.day
    if begins:
        before = Announcements(desks=before.desks, told=before.told, day=view.day)
    fresh = sorted((call for call in view.calls if call.call > before.last), key=lambda call: call.call)
    withdrawn = {call.call for call in view.calls if call.withdrawn}
    last = fresh[-1].call if fresh else before.last
    reaches_back = begins or any(call.call <= before.last for call in view.calls)
    missed = before.missed + (0 if reaches_back else last - before.last - len(fresh))
    if begins:
        oldest = view.at - timedelta(seconds=age_max_s)
        told = before.told[1] if before.told[0] == view.day else 0
        fresh = [call for call in fresh if call.at >= oldest and call.call > told]
    line = tuple(call for call in (*before.line, *fresh) if call.call not in withdrawn and before.shows(call))
    goes_on = bool(line) and bool(before.line) and line[0].call == before.line[0].call
    return replace(before, last=last, missed=missed, line=line, beat=before.beat if goes_on else 0)


def next_beat(before: Announcements, *, speaking: bool = False) -> Announcements:
    """One beat later; after its last beat a call leaves the line and the next one begins.

    While it is being spoken a call stays in line, up to SPOKEN_BEATS_MAX.
    """
    if not before.line:
        return before
    if before.beat + 1 < (SPOKEN_BEATS_MAX if speaking else ANNOUNCEMENT_BEATS):
        return replace(before, beat=before.beat + 1)
    return replace(before, line=before.line[1:], beat=0)


def rows(view: BoardView, announcements: Announcements, count: int) -> tuple[BoardCall, ...]:
    """What is shown, one row per ticket: the call being announced, then the newest that still stand."""
    current = announcements.current
    newest_first = sorted(view.calls, key=lambda call: -call.call)
    standing = [call for call in newest_first if not call.withdrawn and announcements.shows(call)]
    newest: dict[str, BoardCall] = {} if current is None else {current.ticket: current}
    for call in standing:
        newest.setdefault(call.ticket, call)
    return tuple(newest.values())[:count]
