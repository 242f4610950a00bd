"""Reception's program: the whole queue live, the desks, the devices, the day."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import DataTable, Input

from config.model import Centre
from config.phrases import Phrases
from desk.actions import (
    ENTER,
    LOCK_KEY,
    RECEPTION_ACTIONS,
    Action,
    Form,
    HallSight,
)
from desk.numbers import number_typed
from desk.panel import StaffPanel, key_bindings
from desk.reception.alarms import alarms
from desk.reception.bursts import BurstDialog
from desk.reception.figures import FigureCard
from desk.reception.forms import (
    copy_words,
    fields_dialog,
    given_words,
    issue_dialog,
    message_dialog,
    reprint_dialog,
    reprint_of,
)
from desk.reception.house import figures_of, head_trouble, head_words
from desk.reception.house_column import HouseColumn
from desk.reception.lists import (
    HOUSE_SHELVES,
    SORTED_BY,
    TICKET_SHELVES,
    Order,
    Shelf,
    after,
    below,
    everything,
    found,
    on_shelf,
    ordered,
    shelf_names,
    shown_shelves,
)
from desk.reception.menu import KEYS, key_names, menu, of_ticket
from desk.reception.offer import OfferLine
from desk.reception.pairing import PairingDialog
from desk.reception.printers import offered
from desk.rows import row_of, shape_of
from desk.sign_in import counsellors, receptionists
from desk.transfer import transfer_dialog
from desk.widgets.dialogs import Choice
from desk.widgets.parts import Line, Room
from desk.widgets.shelves import ShelfBar
from desk.widgets.tickets import TicketTable
from protocol.client import QueueClient
from protocol.commands import AnyCommand, Reprint
from protocol.envelope import Accepted, TicketGiven
from protocol.orders import AnyOrder, PairDevice
from protocol.views import CounsellorView, ReceptionView, StaffTicket

ISSUED_S = 30.0
"""How long the number of a ticket just given stays: somebody may have to write it down."""
SEARCH_CHARS_MAX = 8


class ReceptionPanel(StaffPanel[HallSight]):
    """Shows views and asks commands; the lists are updated in place, the cursor stays on its ticket."""

    CSS_FILES = (*StaffPanel.CSS_FILES, Path(__file__).parent / "reception.tcss")
    ACTIONS = RECEPTION_ACTIONS
    AWAY = "reception.server_gone"
    BINDINGS: ClassVar[list[BindingType]] = [
        *key_bindings(KEYS),
        Binding("escape", "end_search", show=False),
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
        self.shelf = Shelf.WAITING
        self.order = Order.ARRIVAL
        self.figures = tuple(FigureCard() for _ in range(6))
        self.lists = Room(classes="lists")
        self.shelves = ShelfBar()
        self.search = Input(
            placeholder=self.voice.say("reception.search_hint"), max_length=SEARCH_CHARS_MAX, classes="search"
        )
        self.table = TicketTable()
        self.house = HouseColumn()
        self.more = Line("more")
        self.alarm = Line("alarm")
        self.offer = OfferLine()

    def compose_body(self) -> ComposeResult:
        """Figures above, the lists left, the house right."""
        with Room(classes="hall"):
            with Horizontal(classes="figures"):
                yield from self.figures
            yield self.alarm
            yield self.offer
            with Horizontal(classes="floor"):
                with self.lists:
                    yield self.shelves
                    yield self.search
                    yield self.table
                    yield self.more
                yield self.house

    def take_focus(self) -> None:
        """The dialog first, else the list."""
        if self.dialog is not None:
            super().take_focus()
        else:
            self.table.focus()

    # What there is to see

    def sight(self) -> HallSight | None:
        """The view and the ticket under the cursor, or the number that is typed."""
        code = self.table.code if self.shelf in TICKET_SHELVES else None
        return self.sight_of(code or number_typed(self.search.value))

    def sight_of(self, code: str | None) -> HallSight | None:
        """The view, and in it this ticket; the bare number of one that is in no list."""
        view = self.view
        if view is None:
            return None
        ticket = next((ticket for ticket in everything(view) if ticket.ticket == code), None)
        offer = next(iter(offered(view, self.centre)), None)
        return HallSight(view, ticket, None if ticket else code, offer, next(iter(view.bursts), None))

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep the view."""
        assert isinstance(view, ReceptionView), "the server shows reception its own view"
        self.view = view

    def spoken(self) -> None:
        """The search too."""
        super().spoken()
        self.search.placeholder = self.voice.say("reception.search_hint")

    def place(self) -> str:
        """Reception."""
        return self.voice.say("reception.title")

    def team(self) -> list[Choice]:
        """Those who work at reception alone first; a counsellor may help out."""
        return [*receptionists(self.voice), *counsellors(self.voice)]

    def forget(self) -> None:
        """The view too, and what was searched."""
        super().forget()
        self.view = None
        self.shelf, self.order = Shelf.WAITING, Order.ARRIVAL
        self.search.value = ""
        self.remove_class("-searching")

    def draw(self) -> None:
        """Everything, at the time it is now; only what differs is drawn."""
        view = self.view
        if view is None:
            return
        narrow = self.has_class("-narrow")
        if self.shelf not in self._shelves(view):
            self.shelf = Shelf.WAITING
        large = not narrow and not self.has_class("-low")
        for card, figure in zip(self.figures, figures_of(view, self.clock.now(), self.voice), strict=True):
            card.show(figure, large=large)
        self._draw_head(view, narrow=narrow)
        self._draw_alarms(view, narrow=narrow)
        self._draw_shelves(view, narrow=narrow)
        self._draw_tickets(view)
        self._draw_house(view)
        self._draw_keys()

    def _draw_head(self, view: ReceptionView, *, narrow: bool) -> None:
        self.who.say(head_words(view, self.voice, narrow=narrow))
        trouble = head_trouble(view, self.voice, printers=not narrow)
        self.status.say(Content.assemble(trouble, "  ", self.head_status()))

    def _draw_alarms(self, view: ReceptionView, *, narrow: bool) -> None:
        """What has to be looked at, with a printer that is out of sight; slips that are in doubt."""
        out_of_sight = narrow and self.shelf is not Shelf.DEVICES
        self.alarm.say(alarms(view, self.voice, printers=out_of_sight))
        self.alarm.display = bool(self.alarm.plain)
        self.offer.show(self.voice, offered(view, self.centre))

    def _shelves(self, view: ReceptionView) -> tuple[Shelf, ...]:
        return shown_shelves(view) + (HOUSE_SHELVES if self.has_class("-narrow") else ())

    def _draw_shelves(self, view: ReceptionView, *, narrow: bool) -> None:
        order = self.voice.say(f"reception.order_{self.order}")
        self.shelves.show(
            shelf_names(view, self.voice, with_house=narrow),
            None if self.search.value else self.shelf,
            order if self.has_class("-standard") else "",
        )

    def _draw_tickets(self, view: ReceptionView) -> None:
        typed = self.search.value
        tickets = ordered(found(view, typed) if typed else on_shelf(view, self.shelf), self.order)
        shape = shape_of(
            self.voice, self.table.size.width, ended=bool(typed) or self.shelf is not Shelf.WAITING
        )
        now = self.clock.now()
        self.table.show(shape.columns, [row_of(self.voice, ticket, now, shape) for ticket in tickets])
        self.more.say(below(view, self.shelf, typed, len(tickets), self.voice))
        self.more.display = bool(self.more.plain)

    def _draw_house(self, view: ReceptionView) -> None:
        on_house = self.shelf in HOUSE_SHELVES
        self.set_class(on_house, "-house")
        self.lists.styles.height = self.shelves.lines if on_house else "1fr"
        self.house.show(
            view,
            self.clock.now(),
            self.voice,
            with_desks=not on_house or self.shelf is Shelf.DESKS,
            with_devices=not on_house or self.shelf is Shelf.DEVICES,
        )

    def _draw_keys(self) -> None:
        sight = self.sight()
        assert sight is not None
        self.keys.show((*key_names(self.voice, sight), *self.language_key()))

    # What there is to do

    def press(self, key: str) -> None:
        """A key; Enter offers everything possible with the ticket, an arrow the next list."""
        sight = self.sight()
        if key == LOCK_KEY:
            super().press(key)
        elif self.dialog is not None or self.view is None:
            return
        elif key == "right":
            self._turn(1)
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

    def open_form(self, form: Form, sight: HallSight) -> None:
        """Forms, and what changes on the screen alone."""
        match form:
            case Form.ISSUE:
                self.open_dialog(issue_dialog(self.voice, sight.view, self.ask))
            case Form.MESSAGE:
                self.open_dialog(message_dialog(self.voice, sight.view, self.ask))
            case Form.FIELDS:
                self.open_dialog(fields_dialog(self.voice, sight.view, self.ask))
            case Form.PAIRING:
                self.open_dialog(PairingDialog(self.voice, sight.view, self.ask))
            case Form.BURST:
                assert sight.burst is not None
                self.open_dialog(BurstDialog(self.voice, sight.burst, self.ask))
            case Form.SEARCH:
                self.add_class("-searching")
                self.search.focus()
            case Form.ORDER:
                self._sort(after(self.order))
            case Form.TRANSFER:
                assert sight.ticket is not None
                self.open_dialog(transfer_dialog(self.voice, sight.ticket, sight.view.desks, self.ask))
            case Form.REPRINT:
                self._ask_where(sight, sight.ticket)
            case Form.REPRINT_OFFER:
                assert sight.offer is not None
                copy = reprint_of(sight.offer, sight.view, self.centre)
                if copy is None:
                    self._ask_where(sight, sight.offer)
                else:
                    self.ask(copy)
            case _:
                raise AssertionError(form)

    def _ask_where(self, sight: HallSight, ticket: StaffTicket | None) -> None:
        """A dialog about where to print a further slip of this ticket, or of the number that was typed."""
        code = sight.number if ticket is None else ticket.ticket
        assert code is not None, "a further slip is of a ticket"
        own = None if ticket is None else ticket.kiosk
        self._dialog_for = None  # it never becomes impossible
        self.open_dialog(reprint_dialog(self.voice, sight.view, code, own, self.ask))

    def confirm_values(self, action: Action[HallSight], sight: HallSight) -> dict[str, object]:
        """Closing the day says how many still wait."""
        return super().confirm_values(action, sight) | {"n": sight.view.waiting_total}

    def code_meant(self, action: Action[HallSight], sight: HallSight) -> str | None:
        """Only some actions are about a ticket."""
        return super().code_meant(action, sight) if action.of_ticket else None

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:
        """Say the number that was given: somebody may have to write it down."""
        assert self.view is not None, "who asks has seen the queue"
        if isinstance(answer.outcome, TicketGiven):
            self.tell(given_words(self.voice, self.view, answer.outcome), seconds=ISSUED_S)
        elif isinstance(command, Reprint):
            self.tell(copy_words(self.voice, self.view, command))
        elif isinstance(command, PairDevice):
            self.tell(self.voice.say("reception.paired", device=command.device))
            if isinstance(self.dialog, PairingDialog):
                self.dialog.end()
        else:
            self.tell(self.voice.say("desk.done"))

    def _sort(self, order: Order) -> None:
        self.order = order
        self.tick()

    def _turn(self, by: int) -> None:
        assert self.view is not None
        shelves = self._shelves(self.view)
        self._look_at(shelves[(shelves.index(self.shelf) + by) % len(shelves)])

    def _look_at(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.action_end_search()

    def action_end_search(self) -> None:
        """Back to the list."""
        self.search.value = ""
        self.remove_class("-searching")
        self.tick()
        self.call_after_refresh(self.tick)
        self.take_focus()

    def on_ticket_table_sideways(self, event: TicketTable.Sideways) -> None:
        """Left or right: another list."""
        event.stop()
        self._turn(event.by)

    def on_shelf_bar_chosen(self, event: ShelfBar.Chosen) -> None:
        """A list's name was clicked."""
        event.stop()
        if self.dialog is None:
            self._look_at(Shelf(event.shelf))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while it is typed."""
        event.stop()
        self.tick()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the search: on to what was found."""
        event.stop()
        self.table.focus()

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """A column's head was clicked."""
        event.stop()
        order = SORTED_BY.get(event.column_key.value or "")
        if order is not None:
            self._sort(order)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter, or a click on the ticket under the cursor."""
        event.stop()
        self.press(ENTER)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Other things are possible with another ticket."""
        event.stop()
        if self.view is not None:
            self._draw_keys()
