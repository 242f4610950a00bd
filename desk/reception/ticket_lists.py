"""The lists of tickets: their names, the search, the rows, which is shown and how it is sorted."""

from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Input

from desk.numbers import number_typed
from desk.reception.expected import fields_told
from desk.reception.lists import (
    HOUSE_SHELVES,
    SORTED_BY,
    TICKET_SHELVES,
    Order,
    Shelf,
    after,
    below,
    found,
    on_shelf,
    ordered,
    shelf_names,
    shown_shelves,
)
from desk.rows import row_of, shape_of
from desk.widgets.parts import Entry, Line, Room
from desk.widgets.shelves import ShelfBar
from desk.widgets.tickets import TicketTable
from desk.words import Voice, stage_words
from protocol.ids import TicketCode
from protocol.views import ReceptionView

SEARCH_CHARS_MAX = 8
AIR_ROWS = 1
"""Above the fields in their list."""
LINE_MARGINS = 2
"""Columns of air beside the fields."""
ROWS_EVERY_S = 20
"""Rows tell minutes: while nothing else changes they are made anew this often, not with every tick."""


class TicketLists(Room):
    """One list at a time; updated in place, so that the cursor stays on its ticket."""

    class Changed(Message):
        """Another list, another order or another search: all is to be drawn anew."""

    class Left(Message):
        """The search has ended: the keys go back to the list."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(classes="lists")
        self._voice = voice
        self._view: ReceptionView | None = None
        self._rows_of: tuple[object, ...] | None = None
        """What the rows were made of last; none: they are to be made anew."""
        self.shelf = Shelf.WAITING
        self.order = Order.ARRIVAL
        self._with_house = False
        self.shelves = ShelfBar()
        self.search = Entry(
            placeholder=voice.say("reception.search_hint"), max_length=SEARCH_CHARS_MAX, classes="search"
        )
        self.table = TicketTable()
        self.more = Line("more")
        self.fields = Line("fields")

    def compose(self) -> ComposeResult:
        """One under the other."""
        yield self.shelves
        yield self.search
        yield self.fields
        yield self.table
        yield self.more

    @property
    def meant(self) -> TicketCode | None:
        """The ticket under the cursor, or the number that is typed."""
        code = self.table.code if self.shelf in TICKET_SHELVES else None
        return code or number_typed(self.search.value)

    @property
    def on_house(self) -> bool:
        """The desks or the devices are shown instead of tickets."""
        return self.shelf in HOUSE_SHELVES

    @property
    def searching(self) -> bool:
        """The line in which a number is searched is open."""
        return self.has_class("-searching")

    @property
    def typing(self) -> bool:
        """The keys are in that line."""
        return self.search.has_focus

    def speak(self, voice: Voice) -> None:
        """In the language of whoever is here now."""
        self._voice = voice
        self.search.placeholder = voice.say("reception.search_hint")

    def show(self, view: ReceptionView, now: datetime, *, with_house: bool, with_order: bool) -> None:
        """This view's list; `with_house`: desks and devices are lists too; `with_order`: say the order."""
        if view is not self._view:
            self._rows_of = None
        self._view, self._with_house = view, with_house
        if self.shelf not in self._shown():
            self.shelf = Shelf.WAITING
        typed = self.search.value
        order = self._voice.say(f"reception.order_{self.order}")
        self.shelves.show(
            shelf_names(view, self._voice, with_house=with_house),
            None if typed else self.shelf,
            order if with_order and self.shelf in TICKET_SHELVES else "",
        )
        self._show_fields(view, now, typed)
        self._show_rows(view, now, typed)
        self.styles.height = self.shelves.lines if self.on_house else "1fr"

    def _show_fields(self, view: ReceptionView, now: datetime, typed: str) -> None:
        """What whoever comes now has to expect, in place of the rows."""
        here = self.shelf is Shelf.FIELDS and not typed
        self.set_class(here, "-fields")
        if not here:
            return
        width = self.content_size.width - LINE_MARGINS
        rows = self.content_size.height - self.shelves.lines - AIR_ROWS
        self.fields.say(Content("\n").join(fields_told(view, now, self._voice, width, rows)))

    def _show_rows(self, view: ReceptionView, now: datetime, typed: str) -> None:
        """The list itself."""
        moment = now.timestamp() // ROWS_EVERY_S
        made_of = (typed, self.shelf, self.order, self._voice.language, self.table.size.width, moment)
        if made_of == self._rows_of:
            return
        self._rows_of = made_of
        tickets = ordered(found(view, typed) if typed else on_shelf(view, self.shelf), self.order)
        waiting = self.shelf is Shelf.WAITING and not typed
        shape = shape_of(
            self._voice,
            self.table.size.width,
            stands=None if waiting else [stage_words(self._voice, ticket, now) for ticket in tickets],
            groups=any(ticket.people > 1 for ticket in tickets),
            windows=any(ticket.window or ticket.nobody for ticket in tickets),
        )
        self.table.show(shape.columns, [row_of(self._voice, ticket, now, shape) for ticket in tickets])
        self.more.say(below(view, self.shelf, typed, len(tickets), self._voice))
        self.more.display = bool(self.more.plain)
        self.set_class(not tickets, "-empty")

    def _shown(self) -> tuple[Shelf, ...]:
        assert self._view is not None
        return shown_shelves(self._view) + (HOUSE_SHELVES if self._with_house else ())

    def start_over(self) -> None:
        """As it is for whoever signs in: nothing searched, the first list."""
        self._view, self._rows_of = None, None
        self.shelf, self.order = Shelf.WAITING, Order.ARRIVAL
        self.search.value = ""
        self.remove_class("-searching")

    def begin_search(self) -> None:
        """The keys go to the search."""
        self.add_class("-searching")
        self.post_message(self.Changed())
        self.screen.set_focus(self.search)  # at once: letters typed meanwhile would be lost

    def end_search(self) -> None:
        """Back to the list."""
        self.search.value = ""
        self.remove_class("-searching")
        self.post_message(self.Left())

    def turn(self, by: int) -> None:
        """On to the list beside."""
        shelves = self._shown()
        self._look_at(shelves[(shelves.index(self.shelf) + by) % len(shelves)])

    def _look_at(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.end_search()

    def sort_on(self) -> None:
        """The next order."""
        self._sort(after(self.order))

    def _sort(self, order: Order) -> None:
        self.order = order
        self.post_message(self.Changed())

    def on_ticket_table_sideways(self, event: TicketTable.Sideways) -> None:
        """Left or right: another list."""
        event.stop()
        self.turn(event.by)

    def on_shelf_bar_chosen(self, event: ShelfBar.Chosen) -> None:
        """A list's name was clicked."""
        event.stop()
        if not self.is_disabled:
            self._look_at(Shelf(event.shelf))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while it is typed."""
        event.stop()
        self.post_message(self.Changed())

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
