"""Announces calls on a board's panel: flash and voice begin together, and one call follows the other."""

from collections.abc import Callable, Sequence

from textual.timer import Timer
from textual.widget import Widget

from display_board.calls import Announcements, next_beat, seen
from protocol.ids import DeskId
from protocol.views import BoardCall, BoardView
from voice.sentences import Brevity
from voice.speaker import Speaker


class Announcer:
    """What is announced now and next. The panel shows it; its loudspeaker, if it has one, says it."""

    def __init__(
        self,
        panel: Widget,
        desks: Sequence[DeskId],
        loudspeaker: Speaker | None,
        *,
        beat_s: float,
        on_beat: Callable[[], None],
        quiet: Callable[[], bool],
    ) -> None:
        """`desks`: whose calls, empty: all. `quiet`: whether calls are chimed and not spoken now.

        `on_beat` is called at each beat, and calls `beat`.
        """
        self._panel = panel
        self._loudspeaker = loudspeaker
        self._beat_s = beat_s
        self._on_beat = on_beat
        self._quiet = quiet
        self._beats: Timer | None = None
        self._official: tuple[str, ...] = ()
        self._speaking: BoardCall | None = None
        self.now = Announcements(desks=frozenset(desks))

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
        self.now = next_beat(before, speaking=self._speaking is not None)
        if self.now.current is before.current:
            return False
        self._go_on()
        return True

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
            await loudspeaker.announce(call, self._official, brevity)
        finally:
            if self._speaking is call:
                self._speaking = None
