"""Announces calls on a board's panel: flash and voice begin together, and one call follows the other."""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from textual.timer import Timer
from textual.widget import Widget

from display_board.calls import HUNG_REST_S, SPOKEN_BEATS_MAX, Announcements, next_beat, seen
from display_board.memory import Memory
from protocol.ids import DeskId
from protocol.views import BoardCall, BoardView
from voice.sentences import Brevity
from voice.speaker import Heard, Speaker


class Outfit(NamedTuple):
    """What makes one board another than the next."""

    desks: tuple[DeskId, ...] = ()
    """Whose calls it shows; empty: every desk's."""
    loudspeaker: Speaker | None = None
    """Chimes and speaks; none: the terminal's bell rings."""
    memory: Memory | None = None
    """What it had announced before it was started; none: nothing is known of that."""


PLAIN = Outfit()


class Announcer:
    """What is announced now and next. The panel shows it; its loudspeaker, if it has one, says it."""

    def __init__(
        self,
        panel: Widget,
        outfit: Outfit,
        *,
        beat_s: float,
        on_beat: Callable[[], None],
        quiet: Callable[[], bool],
    ) -> None:
        """`quiet`: whether calls are chimed and not spoken now. `on_beat`: called each beat, calls `beat`."""
        self._panel = panel
        self._loudspeaker = outfit.loudspeaker
        self._memory = outfit.memory
        self._beat_s = beat_s
        self._on_beat = on_beat
        self._quiet = quiet
        self._beats: Timer | None = None
        self._official: tuple[str, ...] = ()
        self._speaking: BoardCall | None = None
        self._hung_until = 0.0
        told = ("", 0) if outfit.memory is None else (outfit.memory.day, outfit.memory.call)
        self.now = Announcements(desks=frozenset(outfit.desks), told=told)

    def take(self, view: BoardView, official: tuple[str, ...]) -> None:
        """Take in this view; a call that is new begins at once when none is being announced.

        `official`: the official languages in the order of the view's day.
        """
        before, self._official = self.now, official
        self.now = seen(before, view)
        if self.now.current != before.current:
            self._go_on()

    def beat(self) -> bool:
        """One beat later; true when another call is announced, or none any more."""
        before = self.now
        speaking = self._speaking is not None and time.monotonic() >= self._hung_until
        self.now = next_beat(before, speaking=speaking)
        if self.now.current is before.current:
            return False
        if speaking and before.beat + 1 >= SPOKEN_BEATS_MAX:
            self._hung_until = time.monotonic() + HUNG_REST_S
        self._go_on()
        return True

    async def remember(self) -> int:
        """Keep how far the announcements have come; gives the number of the last call, 0: none."""
        day, call = self.now.day, self.now.settled
        if self._memory is not None and call > 0:
            await asyncio.to_thread(self._memory.keep, day, call)
        return call

    async def close(self) -> None:
        """Say nothing any more."""
        if self._loudspeaker is not None:
            await self._loudspeaker.close()

    def _go_on(self) -> None:
        """What was said is not announced any more; begin with what is now."""
        if self._speaking is not None and self._loudspeaker is not None:
            self._speaking = None
            self._loudspeaker.stop()
        if self._beats is not None:
            self._beats.stop()
            self._beats = None
        if self.now.rings:
            self._begin()

    def _begin(self) -> None:
        """Flash and ring at once; the beats are counted from here."""
        call = self.now.current
        assert call is not None
        self._beats = self._panel.set_interval(self._beat_s, self._on_beat)
        if self._loudspeaker is None:
            self._panel.app.bell()
        else:
            self._speaking = call
            self._panel.run_worker(self._say(self._loudspeaker, call), group="voice")

    async def _say(self, loudspeaker: Speaker, call: BoardCall) -> None:
        """Chime and speak; whatever becomes of it, the beats go on."""
        try:
            brevity = Brevity.CHIME if self._quiet() else self.now.brevity
            if await loudspeaker.announce(call, self._official, brevity) is Heard.SAID:
                self._hung_until = 0.0
        finally:
            if self._speaking is call:
                self._speaking = None
