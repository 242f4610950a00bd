"""Decisions about provisional numbers: a kiosk holds some, gives them while alone, redeems what it gave."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import PrintState, Stage
from queue_server.core.decide.bursts import noticed
from queue_server.core.decide.tickets import assigned, not_offered
from queue_server.core.events import (
    AnyEvent,
    NumbersReserved,
    SlipReported,
    TicketCancelled,
    TicketIssued,
)
from queue_server.core.policy import Context, Refusal, code_of, numbers_to_reserve, perhaps_handed_out, reach
from queue_server.core.state import Queue, Reserved, Ticket, earlier
from queue_server.core.transitions import Action, following

AT_THE_KIOSK_S = 10.0
"""A kiosk waits 8 s for an answer: a slip that came out by then was taken by whoever stood there."""
_MET = frozenset({Stage.SERVING, Stage.PARKED, Stage.FINISHED})
"""Stages in which somebody has spoken to the visitor."""
_PERHAPS_ON_PAPER = frozenset({PrintState.PRINTED, PrintState.UNKNOWN})


def reserve(queue: Queue, command: c.ReserveNumbers, context: Context) -> list[AnyEvent] | Refusal:
    """New numbers for the asking kiosk: what one was handed once is handed to nobody again, itself included.

    A kiosk that lost its file may have given any of those it held.
    """
    centre = context.centre
    if command.field not in centre.fields_by_id:
        return Refusal(RefusalCode.UNKNOWN_FIELD, command.field)
    letter = centre.field(command.field).letter
    numbers = numbers_to_reserve(queue, centre, letter, command.count)
    if not numbers:
        return Refusal(RefusalCode.NO_NUMBERS_LEFT, letter)
    tickets = tuple(code_of(letter, number) for number in numbers)
    return [
        NumbersReserved(kiosk=context.actor.device, field=command.field, first=numbers.start, tickets=tickets)
    ]


def redeem(queue: Queue, command: c.RedeemTicket, context: Context) -> list[AnyEvent] | Refusal:
    """The ticket of a number that the kiosk gave while alone, at its visitor's place; open or not."""
    code, kiosk = command.ticket, context.actor.device
    if command.day != queue.day:
        return Refusal(RefusalCode.DAY_OVER, command.day)
    refusal = not_offered(command.field, (*command.languages, command.screen_language), context)
    if refusal is not None:
        return refusal
    if not (_known(queue, command, kiosk) or _believed(queue, command, context)):
        return Refusal(RefusalCode.NUMBER_NOT_HELD, code)
    if code in queue.tickets:
        return Refusal(RefusalCode.NUMBER_USED, code)
    unheard_of = _unheard_of(queue, command, kiosk)
    if isinstance(unheard_of, Refusal):
        return unheard_of
    return _redeemed(queue, command, context, unheard_of)


def _known(queue: Queue, command: c.RedeemTicket, kiosk: str) -> bool:
    return queue.reserved.get(command.ticket) == Reserved(kiosk, command.field)


def _believed(queue: Queue, command: c.RedeemTicket, context: Context) -> bool:
    """A kiosk was handed this number after the backup that was restored: the day has no trace of it."""
    letter = context.centre.field(command.field).letter
    return command.ticket[0] == letter and perhaps_handed_out(queue, context.centre, command.ticket)


def _unheard_of(queue: Queue, command: c.RedeemTicket, kiosk: str) -> Ticket | Refusal | None:
    """The same visitor's ordinary ticket, of which the kiosk never heard; a refusal if it is to stay."""
    if command.instead_of is None:
        return None
    ticket = queue.tickets.get(command.instead_of)
    if ticket is None:
        return Refusal(RefusalCode.UNKNOWN_TICKET, command.instead_of)
    if ticket.kiosk not in {None, kiosk}:
        return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
    in_hand = (
        ticket.slip in _PERHAPS_ON_PAPER
        and ticket.slip_at is not None
        and ticket.slip_at.timestamp() - ticket.issued_at.timestamp() <= AT_THE_KIOSK_S
    )
    if in_hand or ticket.placement.stage in _MET:
        return Refusal(RefusalCode.NUMBER_NOT_NEEDED, ticket.code)
    return ticket


def _redeemed(
    queue: Queue, command: c.RedeemTicket, context: Context, unheard_of: Ticket | None
) -> list[AnyEvent]:
    centre, code = context.centre, command.ticket
    languages = tuple(dict.fromkeys(command.languages))
    waited_s = min(command.waited_s, _longest_wait_s(queue, context))
    came_at = earlier(context.now, waited_s)
    place = (came_at.timestamp(), len(queue.tickets) + 1, code)
    at_kiosk = centre.kiosks_by_name.get(context.actor.device)
    printer = None if at_kiosk is None else at_kiosk.printer
    issued = TicketIssued(
        ticket=code,
        number=int(code[1:]),
        field=command.field,
        languages=languages,
        screen_language=command.screen_language,
        ahead=queue.lines.ahead(place, command.field, reach(queue, command.field, languages)),
        kiosk=None if printer is None else context.actor.device,
        waited_s=waited_s,
        provisional=True,
        held_by=None if _known(queue, command, context.actor.device) else context.actor.device,
        giver=context.actor.device,
    )
    events: list[AnyEvent] = [issued]
    if printer is not None:
        outcome = PrintState.PRINTED if command.printed else PrintState.UNKNOWN
        events.append(
            SlipReported(ticket=code, copy_number=1, outcome=outcome, printer=printer, reason="provisional")
        )
    if unheard_of is not None and following(Action.CANCEL, unheard_of.placement.stage) is not None:
        events.append(TicketCancelled(unheard_of.code, "provisional"))
    events += assigned(queue, [(code, command.field, languages, None)])
    return [*events, *noticed(queue, issued, came_at, centre.rules, leaving=command.instead_of)]


def _longest_wait_s(queue: Queue, context: Context) -> float:
    """Since the day began, and since the visitor before this one came to the same kiosk.

    A kiosk redeems in the order of its visitors, and a question takes longer on the way than another.
    """
    midnight = datetime.combine(date.fromisoformat(queue.day), time(), ZoneInfo(context.centre.timezone))
    visitor_before = queue.redeemed_at.get(context.actor.device, midnight)
    earliest = max(midnight.astimezone(UTC), visitor_before.astimezone(UTC))
    return max(0.0, (context.now.astimezone(UTC) - earliest).total_seconds())
