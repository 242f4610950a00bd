"""Decisions about a ticket: give it, send it on, take it back, print it."""

from collections.abc import Iterable

from protocol import commands as c
from protocol.ids import DeskId, DeviceName, FieldId, LanguageCode, Role
from protocol.refusals import RefusalCode
from protocol.views import CallReason, Stage
from protocol.waits import WaitKind
from queue_server.core.decide.bursts import noticed, too_many
from queue_server.core.estimates import Estimate
from queue_server.core.events import (
    AnyEvent,
    PrioritySet,
    SlipReported,
    SlipRequested,
    TicketCalled,
    TicketCancelled,
    TicketIssued,
    TicketReinstated,
    TicketTransferred,
)
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import Context, Refusal, best_ready_desk, code_of, next_number, reach
from queue_server.core.state import Queue, Ticket
from queue_server.core.transitions import AT_DESK, Action, following

COPIES_MAX = 20
"""Slips of one ticket: more is a stuck key."""
SECONDS_PER_MINUTE = 60


def issue(queue: Queue, command: c.IssueTicket, context: Context) -> list[AnyEvent] | Refusal:
    """A new ticket at the end of its line, and a call if a desk is ready for it."""
    centre, foreseen = context.centre, context.foreseen
    refusal = not_offered(command.field, command.languages, context)
    if refusal is not None:
        return refusal
    if command.screen_language not in centre.languages.all:
        return Refusal(RefusalCode.UNKNOWN_LANGUAGE, command.screen_language)
    if command.priority and context.actor.role is not Role.RECEPTION:
        return Refusal(RefusalCode.NOT_ALLOWED, "accessible priority is given by reception")
    if command.people > 1 and context.actor.role is not Role.RECEPTION:
        return Refusal(RefusalCode.NOT_ALLOWED, "the size of a group is given by reception")
    if not queue.open:
        return Refusal(RefusalCode.NOT_OPEN)
    if command.field in queue.closed_fields:
        return Refusal(RefusalCode.FIELD_CLOSED, command.field)
    if not any(queue.intake.takes((command.field, language)) for language in command.languages):
        return Refusal(RefusalCode.INTAKE_ENDED, command.field)
    giver = context.actor.device if context.actor.role is Role.KIOSK else None
    refusal = None if giver is None else too_many(queue, giver, command.field, context)
    if refusal is not None:
        return refusal
    printing = _printing_kiosk(giver or command.kiosk, context)
    if isinstance(printing, Refusal):
        return printing
    letter = centre.field(command.field).letter
    number = next_number(queue, centre, letter)
    head_start_s = centre.rules.priority_head_start_min * SECONDS_PER_MINUTE if command.priority else 0
    languages = tuple(dict.fromkeys(command.languages))
    code = code_of(letter, number)
    place = (context.now.timestamp() - head_start_s, len(queue.tickets) + 1, code)
    calls = assigned(queue, [(code, command.field, languages, None)])
    told = None if calls else foreseen(command.field, languages, context.now, priority=command.priority)
    issued = TicketIssued(
        ticket=code,
        number=number,
        field=command.field,
        languages=languages,
        screen_language=command.screen_language,
        ahead=0 if calls else queue.lines.ahead(place, command.field, reach(queue, command.field, languages)),
        priority=command.priority,
        head_start_s=head_start_s,
        kiosk=printing,
        giver=giver,
        people=command.people,
        told=told if isinstance(told, Estimate) else None,
        nobody=told is WaitKind.NOBODY,
    )
    return [issued, *calls, *noticed(queue, issued, context.now, centre.rules)]


def _of_another_desk(ticket: Ticket, context: Context) -> bool:
    """Whether a counsellor asks about a visitor who belongs to somebody else's desk."""
    return context.actor.role is Role.COUNSELLOR and ticket.placement.desk != context.actor.desk


Arrival = tuple[str, FieldId, tuple[LanguageCode, ...], DeskId | None]
"""A ticket that comes to wait: code, field, languages, the one desk it waits for."""


def assigned(queue: Queue, arrivals: Iterable[Arrival], leaving: DeskId | None = None) -> list[AnyEvent]:
    """Calls for tickets that come to wait while a desk is ready for them.

    Nobody waited for those desks before, so each arrival is the only one a ready desk can take. A desk that
    is leaving takes nobody.
    """
    if not queue.ready:
        return []
    events: list[AnyEvent] = []
    taken = [] if leaving is None else [leaving]
    for code, field, languages, only in arrivals:
        if only is not None:
            desk_id = only if only in queue.ready and only not in taken else None
        else:
            desk = best_ready_desk(queue, field, languages, taken)
            desk_id = desk.id if desk else None
        if desk_id is None:
            continue
        taken.append(desk_id)
        events.append(
            TicketCalled(
                ticket=code,
                desk=desk_id,
                call=queue.last_call + len(events) + 1,
                how="assigned",
                reason=CallReason.YOUR_DESK if only else CallReason.LONGEST_WAIT,
            )
        )
    return events


def reinstate(queue: Queue, ticket: Ticket, context: Context) -> list[AnyEvent] | Refusal:
    """Back into line, with the place kept."""
    now = ticket.placement
    if following(Action.REINSTATE, now.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, now.stage)
    if now.stage is Stage.PARKED and _of_another_desk(ticket, context):
        return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
    return [
        TicketReinstated(ticket.code),
        *assigned(queue, [(ticket.code, now.field, now.languages, None)]),
    ]


def transfer(queue: Queue, ticket: Ticket, command: c.Transfer, context: Context) -> list[AnyEvent] | Refusal:
    """To another field, other languages or one desk, with the place kept."""
    now = ticket.placement
    actor = context.actor
    if following(Action.TRANSFER, now.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, now.stage)
    if (now.stage is not Stage.WAITING or now.desk is not None) and _of_another_desk(ticket, context):
        return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
    field = command.field or now.field
    languages = tuple(dict.fromkeys(command.languages)) or now.languages
    refusal = not_offered(field, languages, context)
    if refusal is not None:
        return refusal
    if command.desk is not None:
        desk = queue.desks.get(command.desk)
        if desk is None:
            return Refusal(RefusalCode.UNKNOWN_DESK, command.desk)
        if desk.counsellor is None:
            return Refusal(RefusalCode.DESK_CLOSED, command.desk)
    event = TicketTransferred(
        ticket=ticket.code,
        field=field,
        languages=languages,
        desk=command.desk,
        by_desk=actor.desk if now.stage in AT_DESK and now.desk == actor.desk else None,
    )
    return [event, *assigned(queue, [(ticket.code, field, languages, command.desk)])]


def cancel(ticket: Ticket) -> list[AnyEvent] | Refusal:
    """The visitor no longer comes."""
    if following(Action.CANCEL, ticket.placement.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, ticket.placement.stage)
    return [TicketCancelled(ticket.code)]


def set_priority(ticket: Ticket, priority: bool, context: Context) -> list[AnyEvent] | Refusal:
    """Forward in line by the head start, or back to the time of issue."""
    if following(Action.SET_PRIORITY, ticket.placement.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, ticket.placement.stage)
    head_start_s = context.centre.rules.priority_head_start_min * SECONDS_PER_MINUTE if priority else 0
    return [PrioritySet(ticket.code, priority, head_start_s)]


def reprint(ticket: Ticket, command: c.Reprint, context: Context) -> list[AnyEvent] | Refusal:
    """A further slip of any ticket of the day, marked as a copy."""
    printing = _printing_kiosk(command.kiosk or ticket.kiosk, context)
    if isinstance(printing, Refusal):
        return printing
    if printing is None:
        return Refusal(RefusalCode.UNKNOWN_KIOSK, "name the kiosk whose printer is to print")
    if ticket.copies >= COPIES_MAX:
        return Refusal(
            RefusalCode.NOT_ALLOWED, f"{ticket.copies} slips of {ticket.code} were asked for already"
        )
    return [SlipRequested(ticket.code, ticket.copies + 1, printing)]


def report_print(queue: Queue, command: ReportPrint) -> list[AnyEvent]:
    """What the spooler says of a slip."""
    ticket = queue.tickets.get(command.ticket) if command.day == queue.day else None
    if ticket is None or (ticket.copies == command.copy_number and ticket.slip is command.outcome):
        return []
    return [
        SlipReported(
            ticket=command.ticket,
            copy_number=command.copy_number,
            outcome=command.outcome,
            printer=command.printer,
            reason=command.reason,
        )
    ]


def not_offered(field: FieldId, languages: tuple[LanguageCode, ...], context: Context) -> Refusal | None:
    """Why the centre cannot receive anybody for this field in these languages, if it cannot."""
    if field not in context.centre.fields_by_id:
        return Refusal(RefusalCode.UNKNOWN_FIELD, field)
    spoken = context.centre.languages.all
    for language in languages:
        if language not in spoken:
            return Refusal(RefusalCode.UNKNOWN_LANGUAGE, language)
    return None


def _printing_kiosk(name: DeviceName | None, context: Context) -> DeviceName | Refusal | None:
    """The kiosk if it has a printer; none when there is nothing to print on."""
    if name is None:
        return None
    kiosk = context.centre.kiosks_by_name.get(name)
    if kiosk is None:
        return Refusal(RefusalCode.UNKNOWN_KIOSK, name)
    return None if kiosk.printer is None else name
