"""The counsellor's program: one desk, its visitor, its queue."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import DataTable

from config.model import Centre
from config.phrases import Phrases
from desk.actions import ENTER, NUMBER, Action, DeskSight, Form, keys, of_key, possible
from desk.counsellor.actions import COUNSELLOR_ACTIONS, calls_of, is_own
from desk.counsellor.card import card_of
from desk.counsellor.desk_side import DeskSide
from desk.counsellor.forms import PickDialog, ServedDialog, park_dialog
from desk.counsellor.leaving import ClosingDialog, PauseDialog
from desk.counsellor.queue_side import QueueSide
from desk.counsellor.queue_words import served_words
from desk.counsellor.reminders import Rung, due, due_words
from desk.panel import StaffPanel, key_bindings
from desk.sign_in import counsellors
from desk.transfer import TransferDialog, where_to
from desk.widgets.dialogs import Choice, Dialog
from desk.widgets.keys import KeyName
from protocol.client import QueueClient
from protocol.commands import AnyCommand, CallTicket, CloseDesk, OpenDesk, Transfer, Undo
from protocol.envelope import Accepted
from protocol.ids import CounsellorId, DeskId, StaffId, TicketCode, shown
from protocol.orders import AnyOrder
from protocol.refusals import RefusalCode
from protocol.views import CounsellorView, DeskState, ReceptionView

KEYS = tuple(key for key in keys(COUNSELLOR_ACTIONS) if key != NUMBER)
CAPS = {ENTER: "↵", NUMBER: "0–9"}
"""How keys are written in the footer that have no name of their own."""
IDLE = (DeskState.FREE, DeskState.READY)


class CounsellorPanel(StaffPanel[DeskSight]):
    """One desk. It shows views and asks commands; a call made for it by the server rings and flashes."""

    CSS_FILES = (*StaffPanel.CSS_FILES, Path(__file__).parent / "counsellor.tcss")
    ACTIONS = COUNSELLOR_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(KEYS)

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        desk: DeskId,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client, centre, phrases, language, monotonic=monotonic)
        self.desk = desk
        self.view: CounsellorView | None = None
        self._seated: CounsellorId | None = None
        """For whom the desk was open last."""
        self._begins = False
        """Somebody has just signed in, and wants to work."""
        self._typed = ""
        """What a number begins with."""
        self._rung = Rung()
        self.desk_side = DeskSide()
        self.queue_side = QueueSide()

    def compose_body(self) -> ComposeResult:
        """Left the desk, right its queue."""
        yield self.desk_side
        yield self.queue_side

    def take_focus(self) -> None:
        """The dialog first, else the queue."""
        if self.dialog is not None:
            super().take_focus()
        else:
            self.queue_side.waiting.focus()

    # What there is to see

    def sight(self) -> DeskSight | None:
        """The view and the ticket under the cursor of the list that has the keys."""
        if self.view is None:
            return None
        return self.sight_of(self.queue_side.code)

    def sight_of(self, code: str | None) -> DeskSight | None:
        """The view, and in it this ticket."""
        if self.view is None:
            return None
        ticket = next((ticket for ticket in calls_of(self.view) if ticket.ticket == code), None)
        return DeskSight(self.view, ticket, self.clock.now())

    def code_meant(self, action: Action[DeskSight], sight: DeskSight) -> str | None:
        """The ticket under the cursor, or the visitor at the desk."""
        if action.of_ticket:
            return super().code_meant(action, sight)
        return None if sight.view.current is None else sight.view.current.ticket

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep the view; notice a call that came by itself."""
        assert isinstance(view, CounsellorView), "the server shows a desk its own view"
        before, self.view = self.view, view
        if (
            view.desk.state is DeskState.CALLED
            and before is not None
            and before.desk.state is DeskState.READY
        ):
            self._ring(view)
        elif view.desk.state is not DeskState.CALLED:
            self.desk_side.stop_flash()
        self._seated = view.desk.counsellor or self._seated
        self._begin_work()

    def signed_in(self) -> None:
        """Whoever signs in at a closed desk opens it."""
        self._begins = True
        self._begin_work()

    def _begin_work(self) -> None:
        if self._begins and self.view is not None:
            self._begins = False
            if self.view.desk.state is DeskState.CLOSED and not self.view.over:
                self.ask(OpenDesk(self.view.staff))

    def place(self) -> str:
        """The desk."""
        return self.voice.say("desk.title", desk=self.desk)

    def away_key(self) -> str:
        """Without a visitor there is no conversation to go on with."""
        key = super().away_key()
        alone = self.view is not None and self.view.current is None
        return "desk.server_gone_alone" if key == self.AWAY and alone else key

    def team(self) -> list[Choice]:
        """The counsellors."""
        return counsellors(self.voice)

    def forget(self) -> None:
        """The view too, and the call that still rings."""
        super().forget()
        self.desk_side.stop_flash()
        self._rung.forget()
        self.view = self._seated = None

    def _ring(self, view: CounsellorView) -> None:
        """The next visitor was called by the server: bell, flash, a sentence."""
        assert view.current is not None
        self.app.bell()
        code = shown(view.current.ticket)
        self.tell(lambda voice: voice.say("desk.auto_called", code=code))
        self.desk_side.flash()

    def draw(self) -> None:
        """Everything, at the time it is now; only what differs is drawn."""
        if self.view is None:
            return
        now, narrow = self.clock.now(), self.has_class("-narrow")
        self._draw_head(self.view)
        self.desk_side.show(
            card_of(self.view, now, self.voice),
            rows=self.size.height,
            narrow=narrow,
            away=self.has_class("-away"),
        )
        self.queue_side.show(self.view, now, self.voice)
        self._draw_keys()

    def _draw_head(self, view: CounsellorView) -> None:
        parts = [self.place(), self._known_as(view.staff)]
        if view.desk.counsellor is not None and is_own(view):
            parts.append(served_words(view, self.voice))
        self.who.say(Content.assemble((parts[0], "bold"), "".join(f"  ·  {part}" for part in parts[1:])))
        self.status.say(self.head_status())
        self.heed.say(self._left_open(view) or self._remind(view))
        self.set_class(bool(self.heed.plain), "-heed")

    def _left_open(self, view: CounsellorView) -> str:
        """Who has gone away without closing the desk, and what to do; empty: nobody."""
        if is_own(view):
            return ""
        key = "desk.left_open" if view.current is None else "desk.left_with_visitor"
        return self.voice.say(key, name=self._known_as(view.desk.counsellor))

    def _remind(self, view: CounsellorView) -> str:
        """Who is to be called back by now; it rings once for each."""
        tickets = due(view, self.clock.now())
        if self._rung.ring(tickets):
            self.app.bell()
        return due_words(tickets, self.voice, free=view.desk.state in IDLE)

    def _known_as(self, staff: StaffId | None) -> str:
        return self.voice.first_name(staff) if self.has_class("-narrow") else self.voice.name(staff)

    def _draw_keys(self) -> None:
        sight = self.sight()
        assert sight is not None
        self.desk_side.show_keys(sight, lambda action: self._labels(action, sight))
        names = [
            KeyName(
                key=action.key,
                label=self.voice.short(action.name),
                cap=CAPS.get(action.key) or self.voice.cap(action.key),
            )
            for action in possible(self.ACTIONS, sight)
        ]
        self.keys.show((*names, *self.language_key()))

    def _labels(self, action: Action[DeskSight], sight: DeskSight) -> tuple[str, str]:
        """What an action is called, and in short; undo and calling back say which number."""
        label, short = self.voice.say(f"action.{action.name}"), self.voice.short(action.name)
        if not action.enabled(sight):
            return label, short
        if action.name == "unpark":
            code = shown(sight.view.parked[0].ticket)
            return self.voice.say("desk.call_back", code=code), f"{short} {code}"
        undo = sight.view.undo
        if action.name != "undo" or undo is None:
            return label, short
        code = shown(undo.ticket)
        key = f"undo.{undo.action}"
        short = f"{short} {code}"
        return (self.voice.say(key, code=code) if key in self.voice.phrases else short), short

    # What there is to do

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click on the ticket under the cursor."""
        event.stop()
        self.press(ENTER)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Other things are possible with another ticket."""
        event.stop()
        if self.view is not None:
            self._draw_keys()

    def on_descendant_focus(self) -> None:
        """The keys are in another list."""
        if self.view is not None:
            self._draw_keys()

    def on_key(self, event: events.Key) -> None:
        """A letter or a digit begins the number of a ticket."""
        typed = event.character or ""
        sight = self.sight()
        if sight is None or not (typed.isascii() and typed.isalnum()):
            return
        event.stop()
        if isinstance(self.dialog, PickDialog):  # typed faster than it opens
            self.dialog.type_on(typed)
        else:
            self._typed = typed
            self.press(NUMBER)
            self._typed = ""

    def _picked(self, code: TicketCode) -> None:
        """Do with this number what can be done with it; which is in no list here, the server knows."""
        sight = self.sight_of(code)
        if sight is None:
            return
        if sight.ticket is None:
            self.ask(CallTicket(code))
            return
        action = of_key(self.ACTIONS, sight, ENTER)
        if action.enabled(sight) and not isinstance(action.makes, Form):
            self.ask(action.makes(sight))

    def open_form(self, form: Form, sight: DeskSight) -> None:
        """Reasons, or where to send the visitor, or until when, or for whom."""
        match form:
            case Form.PARK:
                assert sight.view.current is not None
                self.open_dialog(park_dialog(self.voice, sight.view.current.ticket, self.ask))
            case Form.SERVED:
                known = {person.id: person for person in self.centre.counsellors}
                if sight.view.staff in known:
                    person = known[sight.view.staff]
                    self.open_dialog(ServedDialog(self.voice, person, sight.view, self.ask))
                else:  # this terminal's configuration is an older one
                    refusal = f"refusal.{RefusalCode.UNKNOWN_COUNSELLOR}"
                    self.tell(lambda voice: voice.say(refusal), refused=True)
            case Form.PICK:
                now = self.clock.now()
                self.open_dialog(PickDialog(self.voice, sight.view, now, self._picked, self._typed))
            case Form.PAUSE:
                self.open_dialog(PauseDialog(self.voice, sight.view, self.ask))
            case Form.TRANSFER:
                assert sight.view.current is not None
                self.open_dialog(
                    TransferDialog(self.voice, sight.view.current, sight.view, self.ask, own=self.desk)
                )
            case _:
                raise AssertionError(form)

    def confirmation(
        self, sight: DeskSight, command: AnyCommand | AnyOrder, question: str, label: str
    ) -> Dialog:
        """Closing the own desk says what nobody serves then."""
        if isinstance(command, CloseDesk) and is_own(sight.view):
            return ClosingDialog(self.voice, sight.view, question, label, lambda: self.ask(command))
        return super().confirmation(sight, command, question, label)

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:  # noqa: ARG002 - reception needs it
        """Undo, and where a visitor went: all else shows. With the own desk its counsellor leaves as well."""
        assert self.view is not None, "who asks has seen the desk"
        match command:
            case Undo():
                self.tell(lambda voice: voice.say("desk.undone"))
            case Transfer():
                code = shown(command.ticket)
                self.tell(lambda voice: voice.say("desk.sent_on", code=code, where=where_to(command, voice)))
            case CloseDesk() if self._seated == self.view.staff:
                self.leave()
            case CloseDesk():
                self.ask(OpenDesk(self.view.staff))

    def confirm_values(self, action: Action[DeskSight], sight: DeskSight) -> dict[str, object]:
        """Closing the desk of somebody else says whose it is."""
        name = self.voice.first_name(sight.view.desk.counsellor)
        return super().confirm_values(action, sight) | {"name": name}
