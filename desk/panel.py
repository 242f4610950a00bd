"""What the two staff programs share: the line to the server, one question at a time, notices, dialogs.

A panel is a whole program in a widget: it lays itself out by its own size and brings its own keys, so that it
fills a terminal or stands beside others in one.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from config.model import Centre
from config.phrases import Phrases
from desk.actions import ENTER, Action, DeskSight, Form, HallSight, of_key
from desk.hall_clock import HallClock
from desk.widgets.dialogs import Dialog, confirm
from desk.widgets.keys import KeyBar, Pressed
from desk.widgets.parts import Line, Room
from desk.words import Voice
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import shown
from protocol.orders import AnyOrder
from protocol.views import CounsellorView, ReceptionView

COLUMNS_MIN, ROWS_MIN = 80, 24
NARROW_COLUMNS, LOW_ROWS = 100, 30
"""Below: fewer columns and smaller type."""
STANDARD_COLUMNS, WIDE_COLUMNS = 120, 150
"""From here: room for larger type."""
NOTICE_S = 6.0
"""One short sentence, read twice."""
TICK_S = 1.0
STYLES = Path(__file__).parent / "panel.tcss"

S = TypeVar("S", DeskSight, HallSight)


class Updated(Message):
    """The line to the server has something new."""

    def __init__(self, update: Update) -> None:
        super().__init__()
        self.update = update


class Answered(Message):
    """The server has answered a question, or is away."""

    def __init__(self, command: AnyCommand | AnyOrder, answer: Accepted | Refused | None) -> None:
        super().__init__()
        self.command = command
        self.answer = answer


def key_bindings(keys: tuple[str, ...]) -> list[BindingType]:
    """The function keys of a table of actions; Enter belongs to the lists."""
    return [Binding(key, f"press({key!r})", show=False) for key in keys if key != ENTER]


class StaffPanel(Widget, Generic[S], can_focus=True):
    """The frame of a staff program; each program fills in its body, its table of actions and its forms."""

    CSS_FILES: ClassVar[tuple[Path, ...]] = (STYLES,)
    ACTIONS: tuple[Action[S], ...] = ()
    AWAY = "desk.server_gone"
    """What is said while the server is away: since when, and what to do."""

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(classes="staff -connecting")
        self.client = client
        self.centre = centre
        self.voice = Voice(phrases, language, centre)
        self.clock = HallClock(monotonic)
        self.asking: AnyCommand | AnyOrder | None = None
        self.dialog: Dialog | None = None
        self._dialog_for: tuple[Action[S], str | None] | None = None
        self._link_down = False
        self._notice_timer: Timer | None = None
        self.who = Line("who")
        self.status = Line("status")
        self.link = Line("link")
        self.notice = Line("notice")
        self.keys = KeyBar()
        self.connecting = Line("connecting")
        self.too_small = Line("too-small")
        self.base = Vertical(classes="base")

    # The parts each program fills in

    def compose_body(self) -> ComposeResult:
        """The program's own widgets."""
        raise NotImplementedError

    def sight(self) -> S | None:
        """The view and the ticket under the cursor; none before the first view."""
        raise NotImplementedError

    def sight_of(self, code: str | None) -> S | None:
        """The newest view, and in it the ticket with this code."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show the newest view, at the time it is now."""
        raise NotImplementedError

    def open_form(self, form: Form, sight: S) -> None:
        """Ask the member of staff what the command needs."""
        raise NotImplementedError

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep a new view."""
        raise NotImplementedError

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:
        """The server has done it; say what is worth saying."""
        raise NotImplementedError

    # The frame

    def compose(self) -> ComposeResult:
        """Head, link, body, notice, keys; and the two sentences that stand instead of them."""
        yield self.too_small
        yield self.connecting
        with self.base:
            with Horizontal(classes="head"):
                yield self.who
                yield self.status
            yield self.link
            with Horizontal(classes="body"):
                yield from self.compose_body()
            yield self.notice
            yield self.keys

    def on_mount(self) -> None:
        """Start listening and the clock."""
        self.connecting.say(self.voice.say("link.connecting"))
        self.too_small.say(self.voice.say("desk.too_small", columns=COLUMNS_MIN, rows=ROWS_MIN))
        self.run_worker(self._listen(), group="line", exit_on_error=True)
        self.set_interval(TICK_S, self._tick)

    async def _listen(self) -> None:
        async with self.client:
            async for update in self.client.updates():
                self.post_message(Updated(update))

    def on_updated(self, event: Updated) -> None:
        """A view, or the line has gone or come back."""
        match event.update:
            case CounsellorView() | ReceptionView() as view:
                self.show(view)
            case LinkLost():
                if not self._link_down and self.sight() is not None:  # until then it connects
                    since = self.voice.time(self.clock.now())
                    self.link.say(self.voice.say(self.AWAY, time=since))
                self._link_down = True
            case LinkRefused():
                self._link_down = True
                self.link.say(self.voice.say("desk.link_refused"))
                self.connecting.say(self.voice.say("desk.link_refused"))
            case LinkUp():
                if self._link_down and self.sight() is not None:
                    self.tell(self.voice.say("link.restored"))
                self._link_down = False
                self.connecting.say(self.voice.say("link.connecting"))
        self.set_class(self._link_down, "-away")
        self._tick()

    def show(self, view: CounsellorView | ReceptionView) -> None:
        """Show this view now."""
        first = self.sight() is None
        self.clock.set(view.at)
        self.accept(view)
        self.remove_class("-connecting")
        self._drop_stale_dialog()
        if self.dialog is not None:
            self.dialog.see(view)
        self.draw()
        if first:
            self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Sizes are known now; the keys go to the list."""
        self.draw()
        if self.has_focus:
            self.take_focus()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out by the panel's own size."""
        width, height = event.size
        self.set_class(width < COLUMNS_MIN or height < ROWS_MIN, "-tiny")
        self.set_class(width < NARROW_COLUMNS, "-narrow")
        self.set_class(width >= STANDARD_COLUMNS, "-standard")
        self.set_class(width >= WIDE_COLUMNS, "-wide")
        self.set_class(height < LOW_ROWS, "-low")

    def on_room_resized(self, event: Room.Resized) -> None:
        """Other columns, other sizes of type."""
        event.stop()
        self._tick()

    def on_focus(self) -> None:
        """The panel hands the keys on to its list."""
        if self.sight() is not None:
            self.take_focus()

    def take_focus(self) -> None:
        """Put the keys where they are of use."""
        if self.dialog is not None:
            self.dialog.take_keys()

    def _tick(self) -> None:
        if self.sight() is not None:
            self.draw()

    def head_status(self) -> Content:
        """Link and time, right in the head."""
        state = "desk.offline" if self._link_down else "desk.online"
        colour = "#FFB870" if self._link_down else "#7FE0A8"
        time_said = self.voice.time(self.clock.now())
        return Content.assemble(("● ", colour), self.voice.say(state), f"   {time_said}")

    # Doing things

    def action_press(self, key: str) -> None:
        """A function key."""
        self.press(key)

    def on_pressed(self, event: Pressed) -> None:
        """A click on a tile or on a key's name."""
        event.stop()
        self.press(event.key)

    def press(self, key: str) -> None:
        """Do what the key stands for now; nothing when it is not possible."""
        sight = self.sight()
        if sight is None or self.dialog is not None:
            return
        action = of_key(self.ACTIONS, sight, key)
        if action.enabled(sight):
            self.do(action, sight)

    def do(self, action: Action[S], sight: S) -> None:
        """Ask at once, after a yes, or after a form."""
        self._dialog_for = (action, self.code_meant(action, sight))
        if isinstance(action.makes, Form):
            self.open_form(action.makes, sight)
            return
        command = action.makes(sight)
        if not action.confirm:
            self.ask(command)
            return
        question = self.voice.say(action.confirm, **self.confirm_values(action, sight))
        label = self.voice.say(f"action.{action.name}")
        self.open_dialog(confirm(self.voice, question, label, lambda: self.ask(command)))

    def confirm_values(self, action: Action[S], sight: S) -> dict[str, object]:
        """What a question may name."""
        code = self.code_meant(action, sight)
        return {"code": shown(code) if code else ""}

    def code_meant(self, action: Action[S], sight: S) -> str | None:  # noqa: ARG002 - a desk has a visitor too
        """The ticket the action is about."""
        return None if sight.ticket is None else sight.ticket.ticket

    def ask(self, command: AnyCommand | AnyOrder) -> bool:
        """Ask the server, one thing at a time; false: something else is being asked, and this is not."""
        if self.asking is not None:
            return False
        self.asking = command
        self.run_worker(self._ask(command), group="ask")
        return True

    async def _ask(self, command: AnyCommand | AnyOrder) -> None:
        try:
            answer: Accepted | Refused | None = await self.client.ask(command)
        except ServerAwayError:
            answer = None
        self.post_message(Answered(command, answer))

    def on_answered(self, event: Answered) -> None:
        """Say a refusal in one sentence; what was done shows in the next view."""
        self.asking = None
        match event.answer:
            case None:
                self.tell(self.voice.say("desk.server_away"), refused=True)
            case Refused(code=code):
                sentence = self.voice.say(f"refusal.{code}")
                if self.dialog is None or not self.dialog.refused(sentence):
                    self.tell(sentence, refused=True)
            case Accepted() as answer:
                self.answered(event.command, answer)

    def tell(self, sentence: str, *, refused: bool = False, seconds: float = NOTICE_S) -> None:
        """One sentence that goes away by itself."""
        self.notice.say(sentence)
        self.notice.set_class(refused, "-refused")
        self.notice.set_class(not refused, "-said")
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(seconds, self._be_quiet)

    def _be_quiet(self) -> None:
        self.notice.say("")
        self.notice.remove_class("-refused", "-said")

    # Dialogs

    def open_dialog(self, dialog: Dialog) -> None:
        """Lay a dialog over the panel; there is one at most."""
        if self.dialog is not None:
            self.dialog.remove()
        with_keys = self._has_keys()
        self.dialog = dialog
        self.base.disabled = True
        self.mount(dialog)
        if with_keys:
            dialog.take_keys()

    def on_dialog_closed(self, event: Dialog.Closed) -> None:
        """The panel is alive again."""
        event.stop()
        with_keys = self._has_keys()
        event.dialog.remove()
        if event.dialog is self.dialog:
            self.dialog = None
            self.base.disabled = False
            if with_keys:
                self.take_focus()
            self._tick()

    def _has_keys(self) -> bool:
        """Whether keys come here: not when they are in another panel of the same terminal."""
        focused = self.screen.focused
        return focused is None or self in focused.ancestors_with_self

    def _drop_stale_dialog(self) -> None:
        """Close a dialog about something that is no longer possible."""
        if self.dialog is None or self._dialog_for is None:
            return
        action, code = self._dialog_for
        sight = self.sight_of(code)
        if sight is None or not action.enabled(sight) or self.code_meant(action, sight) != code:
            self.dialog.end()
