"""Reception's program: the whole queue live, the desks, the devices, the day."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import DataTable

from config.model import Centre
from config.phrases import Phrases
from desk.actions import (
    ENTER,
    HELP_KEY,
    LOCK_KEY,
    RECEPTION_ACTIONS,
    Action,
    Form,
    HallSight,
)
from desk.frame import NOTICE_S
from desk.panel import StaffPanel, key_bindings
from desk.reception.alarms import alarms
from desk.reception.answers import done_words
from desk.reception.dialogs import dialog_of
from desk.reception.figures import FigureCard
from desk.reception.forms import reprint_of
from desk.reception.help_calls import Ring, help_in_head, help_lines, rings, unanswered
from desk.reception.help_lines import HELP_ROWS, HelpLines
from desk.reception.house import figures_of, head_trouble, head_words
from desk.reception.house_column import HouseColumn
from desk.reception.lists import Shelf, everything
from desk.reception.menu import KEYS, SEARCH_ENDS_KEY, key_names, menu, of_ticket
from desk.reception.offer import OfferLine
from desk.reception.pairing import PairingDialog
from desk.reception.planning import PlanningDialog
from desk.reception.printers import offered
from desk.reception.ticket_lists import TicketLists
from desk.sign_in import counsellors, receptionists
from desk.widgets.dialogs import NO, YES, Choice, Dialog, confirm
from desk.widgets.parts import Room, Sentences
from desk.words import capital
from protocol.client import QueueClient
from protocol.commands import AnswerHelp, AnyCommand, EndDay
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import DeviceName
from protocol.orders import AnyOrder, PairDevice
from protocol.plan import PlanShown
from protocol.views import CounsellorView, ReceptionView

HEAD_MARGINS, HEAD_MARGINS_NARROW = 6, 4
"""Columns of air in the head: at its ends, and before what is on its right."""
ASKED_S = 10.0
"""A little longer than a question waits for its answer."""
ISSUED_S = 30.0
"""How long the number of a ticket just given stays: somebody may have to write it down."""


class ReceptionPanel(StaffPanel[HallSight]):
    """Shows views and asks commands; the lists are updated in place, the cursor stays on its ticket."""

    CSS_FILES = (*StaffPanel.CSS_FILES, Path(__file__).parent / "reception.tcss")
    ACTIONS = RECEPTION_ACTIONS
    OVER_A_DIALOG = frozenset({HELP_KEY, LOCK_KEY})
    AWAY = "reception.server_gone"
    BINDINGS: ClassVar[list[BindingType]] = [
        *key_bindings(KEYS),
        Binding(SEARCH_ENDS_KEY, "end_search", show=False),
    ]

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
        self.view: ReceptionView | None = None
        self.figures = tuple(FigureCard() for _ in range(6))
        self.lists = TicketLists(self.voice)
        self.house = HouseColumn()
        self.heads_up = Vertical(classes="heads-up")
        self.calls = HelpLines()
        self.alarm = Sentences("alarm")
        self.offer = OfferLine()
        self._rung: frozenset[Ring] = frozenset()

    def compose_body(self) -> ComposeResult:
        """Figures above, the lists left, the house right."""
        with Room(classes="hall"):
            with Horizontal(classes="figures"):
                yield from self.figures
            with self.heads_up:
                yield self.calls
                yield self.alarm
                yield self.offer
            with Horizontal(classes="floor"):
                yield self.lists
                yield self.house

    def take_focus(self) -> None:
        """The dialog first, else the list."""
        if self.dialog is not None:
            super().take_focus()
        else:
            self.lists.table.focus()

    # What there is to see

    def sight(self) -> HallSight | None:
        """The view and the ticket under the cursor, or the number that is typed."""
        return self.sight_of(self.lists.meant)

    def sight_of(self, code: str | None) -> HallSight | None:
        """The view, and in it this ticket; the bare number of one that is in no list."""
        view = self.view
        if view is None:
            return None
        ticket = next((ticket for ticket in everything(view) if ticket.ticket == code), None)
        return HallSight(
            view,
            ticket,
            None if ticket else code,
            next(iter(offered(view, self.centre)), None),
            next(iter(view.bursts), None),
            next(iter(unanswered(view)), None),
        )

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep the view."""
        assert isinstance(view, ReceptionView), "the server shows reception its own view"
        self.view = view

    def spoken(self) -> None:
        """The lists too."""
        super().spoken()
        self.lists.speak(self.voice)

    def place(self) -> str:
        """Reception."""
        return self.voice.say("reception.title")

    def team(self) -> list[Choice]:
        """Those who work at reception alone first; a counsellor may help out."""
        return [*receptionists(self.voice), *counsellors(self.voice)]

    def forget(self) -> None:
        """The view too, and what was searched."""
        super().forget()
        self.view, self._rung = None, frozenset()
        self.lists.start_over()

    def draw(self) -> None:
        """Everything, at the time it is now; only what differs is drawn."""
        view = self.view
        if view is None:
            return
        narrow, now = self.has_class("-narrow"), self.clock.now()
        large = not narrow and not self.has_class("-low")
        for card, figure in zip(self.figures, figures_of(view, now, self.voice), strict=True):
            card.show(figure, large=large)
        self.lists.show(view, now, with_house=narrow, with_order=self.has_class("-standard"))
        self._draw_head(view, narrow=narrow)
        self._draw_help(view, now)
        self._draw_alarms(view, narrow=narrow)
        self._draw_house(view, now)
        self._draw_keys()

    def _draw_head(self, view: ReceptionView, *, narrow: bool) -> None:
        called = Content() if self.dialog is None else help_in_head(view, self.voice)
        trouble = called or head_trouble(view, self.voice, printers=not narrow)
        status = Content.assemble(trouble, "  ", self.head_status())
        self.status.say(status)
        room = self.size.width - len(status) - (HEAD_MARGINS_NARROW if narrow else HEAD_MARGINS)
        self.who.say(head_words(view, self.voice, room))

    def _draw_help(self, view: ReceptionView, now: datetime) -> None:
        """Who calls from which kiosk; the terminal rings once for each, once more for who is forgotten."""
        rows = HELP_ROWS - self.has_class("-low")
        self.calls.show(help_lines(view, now, self.voice, self.calls.room, rows))
        heard = rings(view, now)
        if heard - self._rung:
            self.app.bell()
        self._rung = heard

    def _draw_alarms(self, view: ReceptionView, *, narrow: bool) -> None:
        """What has to be looked at, with a printer that is out of sight; slips that are in doubt."""
        out_of_sight = narrow and self.lists.shelf is not Shelf.DEVICES
        self.alarm.say(alarms(view, self.voice, printers=out_of_sight))
        self.alarm.display = bool(self.alarm.plain)
        self.offer.show(self.voice, offered(view, self.centre))
        self.heads_up.display = any(part.display for part in self.heads_up.children)

    def _draw_house(self, view: ReceptionView, now: datetime) -> None:
        shelf, on_house = self.lists.shelf, self.lists.on_house
        self.set_class(on_house, "-house")
        self.house.show(view, now, self.voice, shelf if on_house else None)

    def open_dialog(self, dialog: Dialog) -> None:
        """What must not be missed meanwhile stands in the head."""
        super().open_dialog(dialog)
        self.tick()

    def _draw_keys(self) -> None:
        sight = self.sight()
        assert sight is not None
        names = key_names(self.voice, sight, searching=self.lists.searching, typing=self.lists.typing)
        self.keys.show((*names, *self.language_key()))

    # What there is to do

    def press(self, key: str) -> None:
        """A key; Enter offers everything possible with the ticket, an arrow the next list."""
        sight = self.sight()
        if key == LOCK_KEY:
            super().press(key)
        elif key == HELP_KEY and sight is not None and sight.help is not None:
            self._go_to(sight.help.kiosk)
        elif self.dialog is not None or self.view is None:
            return
        elif key == "right":
            self.lists.turn(1)
        elif key == SEARCH_ENDS_KEY:
            self.lists.end_search()
        elif key == ENTER and self.lists.typing:
            self.lists.table.focus()
        elif key == ENTER:
            if sight is not None and sight.ticket is not None:
                self._open_menu(sight)
        else:
            super().press(key)

    def _open_menu(self, sight: HallSight) -> None:
        assert sight.ticket is not None
        code, actions = sight.ticket.ticket, of_ticket(sight)
        self._dialog_for = None
        self.open_dialog(
            menu(self.voice, sight.ticket, actions, lambda name: self._do_with(actions[name], code))
        )

    def _do_with(self, action: Action[HallSight], code: str) -> None:
        """Do it with this ticket as it is now."""
        sight = self.sight_of(code)
        if sight is not None and action.enabled(sight):
            self.do(action, sight)

    def ask(self, command: AnyCommand | AnyOrder) -> bool:
        """Without a server, say that it is asked all the same: what stood there was of something else."""
        asks = super().ask(command)
        if asks and self.has_class("-away"):
            self.tell(lambda voice: voice.say("reception.asked_away"), seconds=ASKED_S)
        return asks

    def _go_to(self, kiosk: DeviceName) -> None:
        """Say that somebody goes there: in one press, whatever lies over the screen."""
        self.ask(AnswerHelp(kiosk))

    def open_form(self, form: Form, sight: HallSight) -> None:
        """Forms, and what changes on the screen alone."""
        match form:
            case Form.SEARCH:
                self.lists.begin_search()
                return
            case Form.ORDER:
                self.lists.sort_on()
                order = self.lists.order
                self.tell(lambda voice: capital(voice.say(f"reception.order_{order}")))
                return
            case Form.REPRINT_OFFER:
                assert sight.offer is not None
                copy = reprint_of(sight.offer, sight.view, self.centre)
                if copy is not None:
                    self.ask(copy)
                    return
        if form in {Form.REPRINT, Form.REPRINT_OFFER}:
            self._dialog_for = None  # it never becomes impossible
        self.open_dialog(dialog_of(form, sight, self.voice, self.ask, self.tell, self.open_dialog))

    def confirm_values(self, action: Action[HallSight], sight: HallSight) -> dict[str, object]:
        """Closing the day says how many still wait."""
        return super().confirm_values(action, sight) | {"n": sight.view.waiting_total}

    def confirmation(
        self, sight: HallSight, command: AnyCommand | AnyOrder, question: str, label: str
    ) -> Dialog:
        """A question with yes first; what sends everybody home for good wants more than Enter."""
        people = sight.view.waiting_total or sight.view.at_desks
        offered = NO if isinstance(command, EndDay) and people else YES
        return confirm(self.voice, question, label, lambda: self.ask(command), offered=offered)

    def code_meant(self, action: Action[HallSight], sight: HallSight) -> str | None:
        """Only some actions are about a ticket."""
        return super().code_meant(action, sight) if action.of_ticket else None

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:
        """Say the number that was given: somebody may have to write it down."""
        view = self.view
        assert view is not None, "who asks has seen the queue"
        if isinstance(answer.outcome, PlanShown):
            if isinstance(self.dialog, PlanningDialog):
                self.dialog.take(answer.outcome)
            return
        given = isinstance(answer.outcome, TicketGiven)
        self.tell(
            lambda voice: done_words(voice, view, command, answer), seconds=ISSUED_S if given else NOTICE_S
        )
        if isinstance(command, PairDevice) and isinstance(self.dialog, PairingDialog):
            self.dialog.end()

    def action_end_search(self) -> None:
        """Back to the list."""
        self.lists.end_search()

    def on_ticket_lists_changed(self, event: TicketLists.Changed) -> None:
        """Another list, or the same in another order."""
        event.stop()
        self.tick()

    def on_ticket_lists_left(self, event: TicketLists.Left) -> None:
        """The keys go to the list, which may have another size now."""
        event.stop()
        self.tick()
        self.call_after_refresh(self.tick)
        self.take_focus()

    def on_help_lines_answered(self, event: HelpLines.Answered) -> None:
        """A call was clicked."""
        event.stop()
        self._go_to(event.kiosk)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter, or a click on the ticket under the cursor."""
        event.stop()
        self.press(ENTER)

    def on_descendant_focus(self) -> None:
        """Other keys do something where a number is typed than in a list."""
        if self.view is not None:
            self._draw_keys()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Other things are possible with another ticket."""
        event.stop()
        if self.view is not None:
            self._draw_keys()
