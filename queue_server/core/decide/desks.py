"""Decisions at a desk: sit down, call, serve, pause, take back."""

from typing import assert_never

from protocol import commands as c
from protocol.ids import CounsellorId, DeskId, FieldId, LanguageCode, Role
from protocol.refusals import RefusalCode
from protocol.views import CallReason, DeskState, Stage
from queue_server.core.decide.tickets import Arrival, assigned
from queue_server.core.events import (
    ActionUndone,
    AnyEvent,
    DeskClosed,
    DeskNarrowed,
    DeskOpened,
    DeskPaused,
    DeskReadied,
    DeskResumed,
    ServingStarted,
    TicketCalled,
    TicketFinished,
    TicketMissed,
    TicketParked,
    TicketRecalled,
    TicketReinstated,
    TicketTransferred,
)
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Desk, Queue, Ticket
from queue_server.core.transitions import AT_DESK, Action, following
from queue_server.core.turns import next_for, why_next

Decision = list[AnyEvent] | Refusal


def _own_desk(queue: Queue, context: Context) -> Desk | Refusal:
    desk = queue.desks.get(context.actor.desk or "")
    if desk is None:
        return Refusal(RefusalCode.UNKNOWN_DESK, context.actor.desk or "this terminal stands at no desk")
    return desk


def _attended(queue: Queue, context: Context) -> Desk | Refusal:
    """The actor's desk, with a counsellor at it."""
    desk = _own_desk(queue, context)
    if isinstance(desk, Desk) and desk.counsellor is None:
        return Refusal(RefusalCode.DESK_CLOSED, desk.id)
    return desk


def attend(
    queue: Queue, command: c.OpenDesk | c.NarrowDesk | c.CloseDesk | c.Pause | c.Resume, context: Context
) -> Decision:
    """Sit down, say for whom, leave, pause, resume."""
    if isinstance(command, c.OpenDesk):
        return _open(queue, command, context)
    if isinstance(command, c.NarrowDesk):
        return _narrow(queue, command, context)
    desk = _attended(queue, context)
    if isinstance(desk, Refusal):
        return desk
    if desk.ticket is not None:
        return Refusal(RefusalCode.DESK_BUSY, desk.ticket)
    match command:
        case c.CloseDesk():
            return _close(queue, desk)
        case c.Pause(reason=reason):
            if desk.state is DeskState.PAUSED:
                return Refusal(RefusalCode.DESK_PAUSED, desk.id)
            return [DeskPaused(desk.id, reason)]
        case c.Resume():
            if desk.state is not DeskState.PAUSED:
                return Refusal(RefusalCode.ALREADY_OPEN, desk.id)
            return [DeskResumed(desk.id)]
        case _:
            assert_never(command)


def _open(queue: Queue, command: c.OpenDesk, context: Context) -> Decision:
    desk = _own_desk(queue, context)
    if isinstance(desk, Refusal):
        return desk
    if desk.counsellor is not None:
        code = RefusalCode.ALREADY_OPEN if desk.counsellor == command.counsellor else RefusalCode.DESK_IN_USE
        return Refusal(code, desk.id)
    if command.counsellor in queue.counsellors:
        return Refusal(RefusalCode.COUNSELLOR_ELSEWHERE, queue.counsellors[command.counsellor])
    served = _served_today(command.counsellor, command, context)
    if isinstance(served, Refusal):
        return served
    fields, languages = served
    return [DeskOpened(desk=desk.id, counsellor=command.counsellor, fields=fields, languages=languages)]


def _served_today(
    who: CounsellorId, command: c.OpenDesk | c.NarrowDesk, context: Context
) -> tuple[tuple[FieldId, ...], tuple[LanguageCode, ...]] | Refusal:
    """What this counsellor serves today, in the order of the configuration, and never more than it says."""
    counsellor = next((one for one in context.centre.counsellors if one.id == who), None)
    if counsellor is None:
        return Refusal(RefusalCode.UNKNOWN_COUNSELLOR, who)
    if context.actor.staff not in {None, who}:
        return Refusal(RefusalCode.NOT_YOURSELF)
    beyond = [field for field in command.fields if field not in counsellor.fields]
    beyond += [language for language in command.languages if language not in counsellor.languages]
    if beyond:
        return Refusal(RefusalCode.BEYOND_PROFILE, beyond[0])
    fields, languages = command.fields or counsellor.fields, command.languages or counsellor.languages
    return (
        tuple(field for field in counsellor.fields if field in fields),
        tuple(language for language in counsellor.languages if language in languages),
    )


def _narrow(queue: Queue, command: c.NarrowDesk, context: Context) -> Decision:
    """Another choice of the own fields and languages; a ready desk gets whoever waits for it then."""
    desk = _attended(queue, context)
    if isinstance(desk, Refusal):
        return desk
    assert desk.counsellor is not None
    served = _served_today(desk.counsellor, command, context)
    if isinstance(served, Refusal):
        return served
    fields, languages = served
    if served == (desk.fields, desk.languages):
        return []
    narrowed = DeskNarrowed(desk=desk.id, fields=fields, languages=languages)
    if desk.state is not DeskState.READY:
        return [narrowed]
    serving = Desk(id=desk.id, fields=fields, languages=languages)
    code = next_for(queue, serving, context.centre)
    if code is None:
        return [narrowed]
    number = queue.last_call + 1
    reason = why_next(queue, serving, queue.tickets[code])
    called = TicketCalled(ticket=code, desk=desk.id, call=number, how="assigned", reason=reason)
    return [narrowed, called]


def _close(queue: Queue, desk: Desk) -> Decision:
    """The counsellor leaves; whoever was parked here or waits for this desk alone waits for the others."""
    left = [
        ticket
        for code in queue.aside
        if (ticket := queue.tickets[code]).placement.stage is Stage.PARKED
        and ticket.placement.desk == desk.id
    ]
    left += [queue.tickets[code] for _, _, code in queue.lines.desks.get(desk.id, ())]
    released: list[AnyEvent] = []
    arrivals: list[Arrival] = []
    for ticket in sorted(left, key=lambda ticket: ticket.place):
        now = ticket.placement
        if now.stage is Stage.PARKED:
            released.append(TicketReinstated(ticket.code))
        else:
            released.append(TicketTransferred(ticket=ticket.code, field=now.field, languages=now.languages))
        arrivals.append((ticket.code, now.field, now.languages, None))
    return [DeskClosed(desk.id), *released, *assigned(queue, arrivals, leaving=desk.id)]


def call(queue: Queue, command: c.CallNext | c.CallTicket | c.Unpark, context: Context) -> Decision:
    """Call a visitor to the actor's desk."""
    desk = _attended(queue, context)
    if isinstance(desk, Refusal):
        return desk
    if desk.ticket is not None:
        return Refusal(RefusalCode.DESK_BUSY, desk.ticket)
    if desk.state is DeskState.PAUSED:
        return Refusal(RefusalCode.DESK_PAUSED, desk.id)
    if isinstance(command, c.CallNext):
        return _call_next(queue, desk, context)
    ticket = queue.tickets.get(command.ticket)
    if ticket is None:
        return Refusal(RefusalCode.UNKNOWN_TICKET, command.ticket)
    now = ticket.placement
    number = queue.last_call + 1
    if isinstance(command, c.Unpark):
        if following(Action.UNPARK, now.stage) is None:
            return Refusal(RefusalCode.WRONG_STAGE, now.stage)
        if now.desk != desk.id:
            return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
        reason = CallReason.PARKED
        return [TicketCalled(ticket=ticket.code, desk=desk.id, call=number, how="unparked", reason=reason)]
    if following(Action.CALL, now.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, now.stage)
    if now.desk not in {None, desk.id}:
        return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
    if now.desk is None and not desk.covers(now.field, now.languages):
        return Refusal(RefusalCode.DESK_NOT_COVERING, ticket.code)
    reason = CallReason.CHOSEN
    return [TicketCalled(ticket=ticket.code, desk=desk.id, call=number, how="chosen", reason=reason)]


def _call_next(queue: Queue, desk: Desk, context: Context) -> Decision:
    code = next_for(queue, desk, context.centre)
    if code is None:
        return [DeskReadied(desk.id)] if desk.state is not DeskState.READY else []
    return [
        TicketCalled(
            ticket=code,
            desk=desk.id,
            call=queue.last_call + 1,
            how="next",
            reason=why_next(queue, desk, queue.tickets[code]),
        )
    ]


Serving = c.Recall | c.StartServing | c.Finish | c.MarkNoShow | c.Park

_ACTIONS: dict[type[c.Command], Action] = {
    c.Recall: Action.RECALL,
    c.StartServing: Action.START,
    c.Finish: Action.FINISH,
    c.MarkNoShow: Action.NO_SHOW,
    c.Park: Action.PARK,
}


def serve(queue: Queue, command: Serving, context: Context) -> Decision:
    """What happens to a visitor who was called."""
    ticket = queue.tickets.get(command.ticket)
    if ticket is None:
        return Refusal(RefusalCode.UNKNOWN_TICKET, command.ticket)
    now = ticket.placement
    if following(_ACTIONS[type(command)], now.stage) is None:
        return Refusal(RefusalCode.WRONG_STAGE, now.stage)
    assert now.desk is not None
    if context.actor.role is Role.COUNSELLOR and now.desk != context.actor.desk:
        return Refusal(RefusalCode.NOT_YOUR_TICKET, ticket.code)
    return [_served(queue, command, now.desk)]


def _served(queue: Queue, command: Serving, desk: DeskId) -> AnyEvent:
    match command:
        case c.Recall(ticket=code):
            return TicketRecalled(ticket=code, desk=desk, call=queue.last_call + 1)
        case c.StartServing(ticket=code):
            return ServingStarted(code, desk)
        case c.Finish(ticket=code):
            return TicketFinished(code)
        case c.MarkNoShow(ticket=code):
            return TicketMissed(code)
        case c.Park(ticket=code, remind_min=remind_min):
            return TicketParked(code, remind_min)
        case _:
            assert_never(command)


def undo(queue: Queue, context: Context) -> Decision:
    """Take back the desk's last action, if the ticket has not moved on since."""
    desk = _attended(queue, context)
    if isinstance(desk, Refusal):
        return desk
    last = desk.last
    if last is None:
        return Refusal(RefusalCode.NOTHING_TO_UNDO, desk.id)
    ticket = queue.tickets[last.ticket]
    if not undo_possible(desk, ticket):
        return Refusal(RefusalCode.UNDO_TOO_LATE, ticket.code)
    before = last.before
    undone = ActionUndone(desk.id, ticket.code, last.action)
    if before.stage is not Stage.WAITING:
        return [undone]
    return [undone, *assigned(queue, [(ticket.code, before.field, before.languages, before.desk)])]


def undo_possible(desk: Desk, ticket: Ticket) -> bool:
    """Whether the ticket is still where the desk's last action left it, and the desk has room for it."""
    last = desk.last
    assert last is not None
    if ticket.placement != last.after:
        return False
    return last.before.stage not in AT_DESK or desk.ticket in {None, ticket.code}
