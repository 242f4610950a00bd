"""What may never be found of tickets that are given while none are given."""

from collections.abc import Iterator

from chaos.queue_judge import Day

from protocol.commands import IntakeHold
from queue_server.core import events as e

SHUT = {True: IntakeHold.CLOSED, False: IntakeHold.OPEN}
"""A cell of which staff want nothing, by whether it was ended."""


def given_while_closed(day: Day) -> Iterator[str]:
    """Tickets of a day, a field or all languages closed; what a kiosk gave alone is redeemed at any time."""
    is_open, closed_fields = True, set[str]()
    ended: set[tuple[str, str]] = set()
    held: dict[tuple[str, str], IntakeHold] = {}
    for record in day.records:
        match record.event:
            case e.DayOpened():
                is_open = True
            case e.DayClosed():
                is_open = False
            case e.FieldClosed(field):
                closed_fields.add(field)
            case e.FieldOpened(field):
                closed_fields.discard(field)
            case e.IntakeEnded(cells):
                ended |= set(cells)
            case e.IntakeHeld(field, language, hold):
                held[field, language] = hold
                if hold is IntakeHold.AUTOMATIC:
                    ended.discard((field, language))
                    del held[field, language]
            case e.TicketIssued(provisional=False, ticket=ticket, field=field, languages=languages):
                cells = [(field, language) for language in languages]
                takes = any(held.get(cell, SHUT[cell in ended]) is IntakeHold.OPEN for cell in cells)
                if not is_open or field in closed_fields or not takes:
                    yield f"{day.name}: {ticket} was given while none were given"
            case _:
                pass
