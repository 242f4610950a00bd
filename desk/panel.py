"""What the two staff programs share: the line to the server, who is signed in, one question at a time.

A panel is a whole program in a widget: it brings its own keys, and fills a terminal or stands beside others.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from config.model import Centre
from config.phrases import Phrases
from desk.actions import ENTER, LOCK_KEY, Action, DeskSight, Form, HallSight, of_key
from desk.frame import Frame
from desk.hall_clock import HallClock
from desk.sign_in import NamesDialog, PinDialog, no_words
from desk.widgets.dialogs import Choice, confirm
from desk.widgets.keys import Pressed
from desk.words import Voice
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import StaffId, shown
from protocol.orders import AnyOrder, SignIn, SignOut
from protocol.views import CounsellorView, LockedView, ReceptionView

TICK_S = 1.0
PRESENT_EVERY_S = 20.0
"""The server locks after a minute at least: a terminal in use stays open although two of these are lost."""
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


class StaffPanel(Frame, Generic[S]):
    """A staff program; each program fills in its body, its table of actions and its forms."""

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
        super().__init__(Voice(phrases, language, centre))
        self.client = client
        self.centre = centre
        self.clock = HallClock(monotonic)
        self.asking: AnyCommand | AnyOrder | None = None
        self.locked: LockedView | None = None
        """Nobody is signed in: nothing of the queue is known here."""
        self._leaving = False
        """Whoever was here has left, and the server may not know it yet."""
        self._monotonic = monotonic
        self._touched_s = monotonic()
        self._told_s = float("-inf")
        self._dialog_for: tuple[Action[S], str | None] | None = None
        self._link_down = False
        self._down_since = ""

    # The parts each program fills in

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

    def place(self) -> str:
        """Where this terminal stands, also while nobody is signed in."""
        raise NotImplementedError

    def team(self) -> list[Choice]:
        """Who may sign in here, the likeliest first."""
        raise NotImplementedError

    def signed_in(self) -> None:
        """Somebody has just signed in; the view may follow."""

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep a new view."""
        raise NotImplementedError

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:
        """The server has done it; say what is worth saying."""
        raise NotImplementedError

    # The line

    def on_mount(self) -> None:
        """Start listening and the clock."""
        self.run_worker(self._listen(), group="line", exit_on_error=True)
        self.set_interval(TICK_S, self.tick)

    async def _listen(self) -> None:
        async with self.client:
            async for update in self.client.updates():
                self.post_message(Updated(update))

    def on_updated(self, event: Updated) -> None:
        """A view, or the line has gone or come back."""
        match event.update:
            case CounsellorView() | ReceptionView() | LockedView() as view:
                self.show(view)
            case LinkLost():
                if not self._link_down and self._has_view:  # until then it connects
                    self._down_since = self.voice.time(self.clock.now())
                self._link_down = True
                self._say_away()
            case LinkRefused():
                self._link_down = True
                self.link.say(self.voice.say("desk.link_refused"))
                self.connecting.say(self.voice.say("desk.link_refused"))
            case LinkUp():
                if self._link_down and self._has_view:
                    self.tell(self.voice.say("link.restored"))
                self._link_down, self._down_since = False, ""
                self.connecting.say(self.voice.say("link.connecting"))
        self.set_class(self._link_down, "-away")
        self.tick()

    def _say_away(self) -> None:
        """Since when the server is away, and what to do; nothing before the first view."""
        if self._down_since:
            key = self.AWAY if self.locked is None else "desk.locked_server_gone"
            self.link.say(self.voice.say(key, time=self._down_since))

    @property
    def _has_view(self) -> bool:
        return self.locked is not None or self.sight() is not None

    def show(self, view: CounsellorView | ReceptionView | LockedView) -> None:
        """Show this view now."""
        self.clock.set(view.at)
        self.remove_class("-connecting")
        if isinstance(view, LockedView):
            self._leaving = False
            self._lock(view)
            return
        if self._leaving:
            self.ask(SignOut())
            return
        if self.locked is not None:
            self._unlock()
        first = self.sight() is None
        self.accept(view)
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

    def on_focus(self) -> None:
        """The panel hands the keys on to its list."""
        if self._has_view:
            self.take_focus()

    def tick(self) -> None:
        """Everything, at the time it is now; nothing when nobody was here for long, server or not."""
        if self._monotonic() - self._touched_s >= self.centre.rules.lock_after_min * 60:
            self.leave()
        if self.locked is not None:
            self._draw_locked()
        elif self.sight() is not None:
            self.draw()

    # Who is here

    def touched(self) -> None:
        """Somebody is at this terminal: the server hears of it now and then, and does not lock it."""
        self._touched_s = self._monotonic()
        if not self._link_down and self._monotonic() - self._told_s >= PRESENT_EVERY_S:
            self.present()

    def present(self) -> None:
        """Let the server know that somebody is here, unless nobody is."""
        if self.sight() is not None:
            self._told_s = self._touched_s = self._monotonic()
            self.run_worker(self.client.present, group="present")  # type: ignore[arg-type] # as it is written

    def leave(self) -> None:
        """Whoever is here goes: nothing is shown from now on, whatever becomes of the line."""
        sight = self.sight()
        if sight is not None:
            self._leaving = True
            self._lock(LockedView(day=sight.view.day, at=self.clock.now(), last=sight.view.staff))
            self.ask(SignOut())

    def _lock(self, view: LockedView) -> None:
        """Nobody is signed in; who is asked for is known already when it was locked before."""
        before, self.locked = self.locked, view
        if before is None:
            self._told_s = float("-inf")
            self._ask_who(view.last)
            self.add_class("-locked")
            self.forget()
            self._say_away()
        self._draw_locked()

    def _unlock(self) -> None:
        self.locked = None
        self._touched_s = self._monotonic()
        self.remove_class("-locked")
        self._say_away()
        self.close_dialog()

    def _draw_locked(self) -> None:
        locked = self.voice.say("desk.locked")
        self.who.say(Content.assemble((self.place(), "bold"), f"  ·  {locked}"))
        self.status.say(self.head_status())

    def _ask_who(self, staff: StaffId | None) -> None:
        """Ask this person for the PIN; everybody of the team, when it is nobody who works here."""
        self._dialog_for = None
        if any(choice.key == staff for choice in self.team()):
            assert staff is not None
            self.open_dialog(PinDialog(self.voice, staff, self.ask, lambda: self._ask_who(None)))
        else:
            self.open_dialog(NamesDialog(self.voice, self.team(), self._ask_who))

    def _answered_sign_in(self, order: SignIn, answer: Accepted | Refused | None) -> None:
        if isinstance(answer, Accepted):
            self._leaving = False
            self.signed_in()
            return
        if isinstance(self.dialog, PinDialog) and self.dialog.staff == order.staff:
            self.dialog.told_no(order, None if answer is None else answer.code)
        else:
            self.tell(no_words(self.voice, None if answer is None else answer.code), refused=True)
        if self._leaving:
            self.ask(SignOut())

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
        if sight is None or (self.dialog is not None and key != LOCK_KEY):
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
        if isinstance(command, SignOut):
            self.leave()
            return
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
        command, answer = event.command, event.answer
        if isinstance(command, SignIn):
            self._answered_sign_in(command, answer)
        elif self.locked is not None:  # nobody is here to be told
            if self._leaving and not isinstance(command, SignOut):
                self.ask(SignOut())
        elif isinstance(answer, Accepted):
            self.answered(command, answer)
        else:
            sentence = no_words(self.voice, None if answer is None else answer.code)
            if answer is None or self.dialog is None or not self.dialog.refused(sentence):
                self.tell(sentence, refused=True)

    def _drop_stale_dialog(self) -> None:
        """Close a dialog about something that is no longer possible."""
        if self.dialog is None or self._dialog_for is None:
            return
        action, code = self._dialog_for
        sight = self.sight_of(code)
        if sight is None or not action.enabled(sight) or self.code_meant(action, sight) != code:
            self.dialog.end()
