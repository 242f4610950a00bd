"""Which tickets reception looks at, in which order. Pure."""

from enum import StrEnum

from protocol.views import ReceptionView, StaffTicket


class Shelf(StrEnum):
    """The lists; texts `reception.list_<shelf>`. The last two stand beside the others in wide panels."""

    WAITING = "waiting"
    AT_DESKS = "at_desks"
    ASIDE = "aside"
    ENDED = "ended"
    DESKS = "desks"
    DEVICES = "devices"


TICKET_SHELVES = (Shelf.WAITING, Shelf.AT_DESKS, Shelf.ASIDE, Shelf.ENDED)
HOUSE_SHELVES = (Shelf.DESKS, Shelf.DEVICES)


class Order(StrEnum):
    """How a list is sorted; texts `reception.order_<order>`."""

    ARRIVAL = "arrival"
    FIELD = "field"
    LANGUAGE = "language"


def on_shelf(view: ReceptionView, shelf: Shelf) -> tuple[StaffTicket, ...]:
    """The tickets of a list, as the server orders them."""
    tickets = {
        Shelf.WAITING: view.waiting,
        Shelf.AT_DESKS: view.at_desks,
        Shelf.ASIDE: view.aside,
        Shelf.ENDED: view.ended,
    }
    return tickets.get(shelf, ())


def everything(view: ReceptionView) -> tuple[StaffTicket, ...]:
    """Every ticket the view names."""
    return tuple(ticket for shelf in TICKET_SHELVES for ticket in on_shelf(view, shelf))


def found(view: ReceptionView, typed: str) -> tuple[StaffTicket, ...]:
    """The tickets whose number has these letters and digits, wherever they are."""
    wanted = "".join(typed.split()).upper()
    return tuple(ticket for ticket in everything(view) if wanted in ticket.ticket)


def ordered(tickets: tuple[StaffTicket, ...], order: Order) -> tuple[StaffTicket, ...]:
    """Sorted; within one field or language the server's order stays."""
    if order is Order.FIELD:
        return tuple(sorted(tickets, key=lambda ticket: ticket.ticket[0]))
    if order is Order.LANGUAGE:
        return tuple(sorted(tickets, key=lambda ticket: ticket.languages))
    return tickets


def after(order: Order) -> Order:
    """The next way to sort."""
    ways = list(Order)
    return ways[(ways.index(order) + 1) % len(ways)]
