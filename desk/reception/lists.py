"""Which tickets reception looks at, in which order. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from math import inf

from desk.numbers import number_typed, squeezed
from desk.words import Voice
from protocol.ids import shown
from protocol.views import ReceptionView, StaffTicket


class Shelf(StrEnum):
    """The lists; texts `reception.list_<shelf>`. The last two stand beside the others in wide panels."""

    WAITING = "waiting"
    AT_DESKS = "at_desks"
    ASIDE = "aside"
    ENDED = "ended"
    DOUBTFUL = "doubtful"
    FIELDS = "fields"
    """No tickets: what whoever comes now has to expect."""
    DESKS = "desks"
    DEVICES = "devices"


TICKET_SHELVES = (Shelf.WAITING, Shelf.AT_DESKS, Shelf.ASIDE, Shelf.ENDED, Shelf.DOUBTFUL)
HOUSE_SHELVES = (Shelf.DESKS, Shelf.DEVICES)


class Order(StrEnum):
    """How a list is sorted; texts `reception.order_<order>`."""

    ARRIVAL = "arrival"
    FIELD = "field"
    LANGUAGE = "language"
    WINDOW = "window"


SORTED_BY = {
    "arrival": Order.ARRIVAL,
    "wait": Order.ARRIVAL,
    "field": Order.FIELD,
    "language": Order.LANGUAGE,
    "window": Order.WINDOW,
}
"""Heads of columns that sort when clicked."""


def on_shelf(view: ReceptionView, shelf: Shelf) -> tuple[StaffTicket, ...]:
    """The tickets of a list, as the server orders them."""
    tickets = {
        Shelf.WAITING: view.waiting,
        Shelf.AT_DESKS: view.at_desks,
        Shelf.ASIDE: view.aside,
        Shelf.ENDED: view.ended,
        Shelf.DOUBTFUL: view.doubtful,
    }
    return tickets.get(shelf, ())


def shown_shelves(view: ReceptionView) -> tuple[Shelf, ...]:
    """The lists of tickets, that of doubtful slips only while there are any; and the fields."""
    tickets = (shelf for shelf in TICKET_SHELVES if shelf is not Shelf.DOUBTFUL or view.doubtful)
    return (*tickets, Shelf.FIELDS)


def count_on(view: ReceptionView, shelf: Shelf) -> int:
    """How many tickets a list has, with those that are not shown."""
    totals = {Shelf.WAITING: view.waiting_total, Shelf.DOUBTFUL: view.doubtful_total}
    return totals.get(shelf, len(on_shelf(view, shelf)))


def everything(view: ReceptionView) -> tuple[StaffTicket, ...]:
    """Every ticket the view names, once."""
    tickets = (ticket for shelf in TICKET_SHELVES for ticket in on_shelf(view, shelf))
    return tuple({ticket.ticket: ticket for ticket in tickets}.values())


def found(view: ReceptionView, typed: str) -> tuple[StaffTicket, ...]:
    """The tickets whose number has these letters and digits, wherever they are."""
    wanted, whole = squeezed(typed), number_typed(typed)
    return tuple(ticket for ticket in everything(view) if wanted in ticket.ticket or ticket.ticket == whole)


def below(view: ReceptionView, shelf: Shelf, typed: str, rows: int, voice: Voice) -> str:
    """What stands below a list of so many rows: that it is empty, or that there is more than it shows."""
    if typed:
        number = number_typed(typed)
        if rows:
            return ""
        nothing = voice.say("desk.nothing_found")
        return nothing if number is None else voice.say("reception.not_listed", code=shown(number))
    if shelf is Shelf.WAITING and not rows:
        return voice.say("reception.nobody_waits")
    hidden = count_on(view, shelf) - rows
    return voice.say("reception.rows_more", n=hidden) if hidden > 0 else ""


def ordered(tickets: tuple[StaffTicket, ...], order: Order) -> tuple[StaffTicket, ...]:
    """Sorted; within one field, language or window the server's order stays. Without a window: last."""
    if order is Order.FIELD:
        return tuple(sorted(tickets, key=lambda ticket: ticket.ticket[0]))
    if order is Order.LANGUAGE:
        return tuple(sorted(tickets, key=lambda ticket: ticket.languages))
    if order is Order.WINDOW:
        return tuple(sorted(tickets, key=_turn))
    return tickets


def _turn(ticket: StaffTicket) -> tuple[float, float]:
    """When it will be called, POSIX seconds: earliest and latest."""
    window = ticket.window
    return (inf, inf) if window is None else (window.begins_at.timestamp(), window.ends_at.timestamp())


def after(order: Order) -> Order:
    """The next way to sort."""
    ways = list(Order)
    return ways[(ways.index(order) + 1) % len(ways)]


def shelf_names(view: ReceptionView, voice: Voice, *, with_house: bool) -> Sequence[tuple[str, str, str]]:
    """Each list with its name and how many tickets it has; the others have no number."""
    shelves = shown_shelves(view) + (HOUSE_SHELVES if with_house else ())
    return [
        (shelf, voice.say(f"reception.list_{shelf}"), str(count_on(view, shelf)))
        if shelf in TICKET_SHELVES
        else (shelf, voice.say(f"reception.{shelf}"), "")
        for shelf in shelves
    ]
