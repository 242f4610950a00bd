"""What the two staff programs share: what staff can do now, one question at a time.

A panel is a whole program in a widget: it brings its own keys, and fills a terminal or stands beside others.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType

from config.model import Centre
from config.phrases import Phrases
from desk.actions import ENTER, LOCK_KEY, Action, DeskSight, Form, HallSight, of_key
from desk.attended import Attended
from desk.exchange import Answered
from desk.sign_in import LANGUAGE_KEY, no_words
from desk.widgets.dialogs import Dialog, confirm
from desk.widgets.keys import Pressed
from protocol.client import QueueClient
from protocol.commands import AnyCommand
from protocol.envelope import Accepted
from protocol.ids import StaffId, shown
from protocol.orders import AnyOrder, SignIn, SignOut
from protocol.refusals import RefusalCode
from protocol.views import CounsellorView, ReceptionView

STYLES = Path(__file__).parent / "panel.tcss"

S = TypeVar("S", DeskSight, HallSight)


def key_bindings(keys: tuple[str, ...]) -> list[BindingType]:
    """The function keys of a table of actions; Enter belongs to the lists."""
    return [Binding(key, f"press({key!r})", show=False) for key in keys if key != ENTER]


class StaffPanel(Attended, Generic[S]):
    """A staff program; each program fills in its body, its table of actions and its forms."""

    CSS_FILES: ClassVar[tuple[Path, ...]] = (STYLES,)
    ACTIONS: tuple[Action[S], ...] = ()
    OVER_A_DIALOG = frozenset({LOCK_KEY})

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client, centre, phrases, language, monotonic=monotonic)
        self._dialog_for: tuple[Action[S], str | None] | None = None

    # The parts each program fills in

    def sight(self) -> S | None:
        """The view and the ticket under the cursor; none before the first view."""
        raise NotImplementedError

    def sight_of(self, code: str | None) -> S | None:
        """The newest view, and in it the ticket with this code."""
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

    # What there is to see

    def staff(self) -> StaffId | None:
        """Who is signed in, as the newest view says."""
        sight = self.sight()
        return None if sight is None else sight.view.staff

    def day(self) -> str:
        """The day of the newest view."""
        sight = self.sight()
        assert sight is not None, "there is a view where somebody is signed in"
        return sight.view.day

    def take(self, view: CounsellorView | ReceptionView) -> None:
        """Keep the view, drop a dialog that it makes senseless, draw."""
        first = self.sight() is None
        self.accept(view)
        self._drop_stale_dialog()
        if self.dialog is not None:
            self.dialog.see(view)
        self.draw()
        if first:
            self.call_after_refresh(self._begin)

    def forget(self) -> None:
        """And which ticket a question was about."""
        super().forget()
        self._dialog_for = None

    def _begin(self) -> None:
        """Sizes are known now; the keys go to the list."""
        self.draw()
        if self.has_focus:
            self.take_focus()

    def on_focus(self) -> None:
        """The panel hands the keys on to its list."""
        if self.has_view:
            self.take_focus()

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
        if key == LANGUAGE_KEY:
            self.action_next_language()
            return
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
        self.open_dialog(self.confirmation(sight, command, question, label))

    def ask(self, command: AnyCommand | AnyOrder) -> bool:
        """Ask the server; whoever wants something else before it has answered hears that it is not done."""
        asked = super().ask(command)
        if not asked and self.locked is None and command != self.asking:
            self.tell(lambda voice: voice.say("desk.still_asking"), refused=True)
        return asked

    def confirmation(
        self,
        sight: S,  # noqa: ARG002 - a desk says what it leaves bare
        command: AnyCommand | AnyOrder,
        question: str,
        label: str,
    ) -> Dialog:
        """A question with yes first."""
        return confirm(self.voice, question, label, lambda: self.ask(command))

    def confirm_values(self, action: Action[S], sight: S) -> dict[str, object]:
        """What a question may name."""
        code = self.code_meant(action, sight)
        return {"code": shown(code) if code else ""}

    def code_meant(self, action: Action[S], sight: S) -> str | None:  # noqa: ARG002 - a desk has a visitor too
        """The ticket the action is about."""
        return None if sight.ticket is None else sight.ticket.ticket

    def on_answered(self, event: Answered) -> None:
        """Say a refusal in one sentence; what was done shows in the next view."""
        self.asking = None
        self.say_waiting()
        command, answer = event.command, event.answer
        if isinstance(command, SignIn):
            self.answered_sign_in(command, answer)
        elif self.locked is not None:  # nobody is here to be told
            if self._leaving and not isinstance(command, SignOut):
                self.ask(SignOut())
        elif isinstance(answer, Accepted):
            self.answered(command, answer)
        else:
            code = None if answer is None else answer.code
            if code is None or self.dialog is None or not self.dialog.refused(no_words(self.voice, code)):
                self.tell(lambda voice: no_words(voice, code), refused=True)

    def _drop_stale_dialog(self) -> None:
        """Close a dialog about something that is no longer possible; why, unless more has been said."""
        if self.dialog is None or self._dialog_for is None:
            return
        action, code = self._dialog_for
        sight = self.sight_of(code)
        if sight is None or not action.enabled(sight) or self.code_meant(action, sight) != code:
            self.dialog.end()
            if code is not None and not self.notice.plain:
                self.tell(lambda voice: voice.say(f"refusal.{RefusalCode.WRONG_STAGE}"), refused=True)
