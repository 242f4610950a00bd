"""The frame of a staff screen: head, notice, keys, one dialog at most. It knows nothing of the queue."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from desk.widgets.dialogs import Dialog
from desk.widgets.keys import KeyBar
from desk.widgets.parts import Forgetful, Line, Room, Sentences
from desk.words import Voice

COLUMNS_MIN, ROWS_MIN = 80, 24
NARROW_COLUMNS, LOW_ROWS = 100, 30
"""Below: fewer columns and smaller type."""
STANDARD_COLUMNS, WIDE_COLUMNS = 120, 150
"""From here: room for larger type."""
NOTICE_S = 6.0
"""One short sentence, read twice."""

Sentence = Callable[[Voice], str]
"""What is to be said, in whichever language is spoken by then."""


class Frame(Widget, can_focus=True):
    """Lays itself out by its own size, so that it fills a terminal or stands beside others in one."""

    OVER_A_DIALOG: ClassVar[frozenset[str]] = frozenset()
    """Keys of the footer that do what they say while a question is open."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(classes="staff -connecting")
        self.voice = voice
        self.dialog: Dialog | None = None
        self._notice_timer: Timer | None = None
        self._told: Sentence | None = None
        self.who = Line("who")
        self.status = Line("status")
        self.link = Sentences("link")
        self.heed = Line("heed")
        """What has to be known before anything is done here; without words it takes no room."""
        self.notice = Line("notice")
        self.keys = KeyBar()
        self.connecting = Line("connecting")
        self.too_small = Line("too-small")
        self.base = Vertical(classes="base")

    def compose_body(self) -> ComposeResult:
        """The program's own widgets."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keys where they are of use."""
        if self.dialog is not None:
            self.dialog.take_keys()

    def tick(self) -> None:
        """Show everything as it is now."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Head, link, body, notice, keys; and the two sentences that stand instead of them."""
        yield self.too_small
        yield self.connecting
        with self.base:
            with Horizontal(classes="head"):
                yield self.who
                yield self.status
            yield self.link
            yield self.heed
            with Horizontal(classes="body"):
                yield from self.compose_body()
            yield self.notice
            yield self.keys

    def on_mount(self) -> None:
        """What is said before there is anything to see."""
        self.connecting.say(self.voice.say("link.connecting"))
        self.say_size()

    def say_size(self) -> None:
        """What is said in a terminal that is too small."""
        self.too_small.say(self.voice.say("desk.too_small", columns=COLUMNS_MIN, rows=ROWS_MIN))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out by the panel's own size."""
        width, height = event.size
        self.set_class(width < COLUMNS_MIN or height < ROWS_MIN, "-tiny")
        self.set_class(width < NARROW_COLUMNS, "-narrow")
        self.set_class(width >= STANDARD_COLUMNS, "-standard")
        self.set_class(width >= WIDE_COLUMNS, "-wide")
        self.set_class(height < LOW_ROWS, "-low")
        if self.dialog is not None:
            self.dialog.fit(self._spare_rows)

    def on_room_resized(self, event: Room.Resized) -> None:
        """Other columns, other sizes of type."""
        event.stop()
        self.tick()

    def forget(self) -> None:
        """Nothing of the queue is left on the screen, and nothing that could be drawn again."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._be_quiet()
        for part in self.base.query("*"):
            if part is not self.link and isinstance(part, Forgetful):  # the line is no secret
                part.forget()

    def tell(self, sentence: Sentence, *, refused: bool = False, seconds: float = NOTICE_S) -> None:
        """One sentence that goes away by itself."""
        self._told = sentence
        self.say_notice()
        self.notice.set_class(refused, "-refused")
        self.notice.set_class(not refused, "-said")
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(seconds, self._be_quiet)

    def say_notice(self) -> None:
        """What was told last and has not gone away yet, in the language of now."""
        self.notice.say("" if self._told is None else self._told(self.voice))

    def _be_quiet(self) -> None:
        self._told = None
        self.say_notice()
        self.notice.remove_class("-refused", "-said")

    def open_dialog(self, dialog: Dialog) -> None:
        """Lay a dialog over the panel; there is one at most."""
        if self.dialog is not None:
            self._take_away(self.dialog)
        with_keys = self._has_keys()
        self.dialog = dialog
        dialog.fit(self._spare_rows)
        self.base.disabled = True
        self.keys.only(self.OVER_A_DIALOG)
        self.mount(dialog)
        if with_keys:
            dialog.take_keys()

    def on_dialog_closed(self, event: Dialog.Closed) -> None:
        """The panel is alive again; a dialog that has followed another stays."""
        event.stop()
        if event.dialog is self.dialog:
            self.close_dialog()
            self.tick()

    def close_dialog(self) -> None:
        """Take the dialog away; the keys go back to the list, if they were in it."""
        if self.dialog is not None:
            with_keys = self._has_keys()
            self._take_away(self.dialog)
            self.dialog = None
            self.base.disabled = False
            self.keys.only(None)
            if with_keys:
                self.take_focus()

    def focus_on_click(self) -> bool:
        """A click brings the keys here; are they here already, nothing moves and nothing is drawn anew."""
        focused = self.screen.focused
        return focused is None or self not in focused.ancestors_with_self

    def _take_away(self, dialog: Dialog) -> None:
        """Remove it for good: the screen would keep each of its inputs until somebody selects text."""
        for line in dialog.query(Input):
            self.screen.text_selection_started_signal.unsubscribe(line)
        dialog.remove()

    @property
    def _spare_rows(self) -> int:
        return max(self.size.height - ROWS_MIN, 0)

    def _has_keys(self) -> bool:
        """Whether keys come here: not when they are in another panel of the same terminal."""
        focused = self.screen.focused
        return focused is None or self in focused.ancestors_with_self
