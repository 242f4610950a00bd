"""What an event changes. Replaying a day's events gives the same queue, whatever the rules say today."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from protocol.ids import DeskId
from protocol.views import PrintState, Stage
from queue_server.core.bursts import Taken
from queue_server.core.estimates import lived
from queue_server.core.events import (
    ActionUndone,
    AnyEvent,
    BurstDismissed,
    BurstNoticed,
    DayClosed,
    DayEnded,
    DayOpened,
    DayRestored,
    DemandUnserved,
    DeskClosed,
    DeskNarrowed,
    DeskOpened,
    DeskPaused,
    DeskReadied,
    DeskResumed,
    FieldClosed,
    FieldOpened,
    HelpAnswered,
    HelpCalled,
    HelpEnded,
    IntakeEnded,
    IntakeHeld,
    MessagePosted,
    NumbersReserved,
    PrioritySet,
    ServingStarted,
    SlipReported,
    SlipRequested,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
    TicketMissed,
    TicketParked,
    TicketRecalled,
    TicketReinstated,
    TicketTransferred,
)
from queue_server.core.seats import attend
from queue_server.core.state import (
    SHARED_SERIES,
    Call,
    LastAction,
    Placement,
    Queue,
    Reserved,
    Ticket,
    earlier,
    later,
)
from queue_server.core.transitions import VISITED, Action

MISSED_KEPT = 10
"""No-shows a desk sees in its own list."""
_SETTLING = (
    ServingStarted,
    TicketFinished,
    TicketParked,
    TicketTransferred,
    PrioritySet,
    TicketMissed,
    TicketCancelled,
)
"""After these nobody need ask whether a visitor took the ticket: somebody has met one, or there is none.

What is put back was settled before: parked, missed or cancelled.
"""


def evolve(queue: Queue, event: AnyEvent, at: datetime) -> None:
    """Change the queue by one event that happened at this instant."""
    queue.version += 1
    match event:
        case TicketIssued():
            _issued(queue, event, at)
        case NumbersReserved():
            _reserved(queue, event)
        case DayRestored():
            _restored(queue, event)
        case (
            TicketCalled()
            | TicketRecalled()
            | ServingStarted()
            | TicketFinished()
            | TicketMissed()
            | TicketReinstated()
            | TicketTransferred()
            | TicketParked()
            | TicketCancelled()
            | PrioritySet()
            | ActionUndone()
            | SlipRequested()
            | SlipReported()
        ):
            _ticket_event(queue, queue.tickets[event.ticket], event, at)
            if isinstance(event, _SETTLING):
                queue.bursts.settle(event.ticket)
        case BurstNoticed(kiosk=kiosk, tickets=tickets):
            queue.bursts.notice(kiosk, tickets)
        case BurstDismissed(tickets=tickets):
            for ticket in tickets:
                queue.bursts.settle(ticket)
        case DemandUnserved(kiosk=kiosk):
            queue.unserved[kiosk] = (event, at)
            queue.went_without += 1
        case IntakeEnded() | IntakeHeld():
            queue.intake.happen(event)
        case HelpCalled() | HelpAnswered() | HelpEnded():
            queue.help.happen(event, at)
        case DeskOpened() | DeskNarrowed() | DeskClosed() | DeskReadied() | DeskPaused() | DeskResumed():
            attend(queue, event, at)
        case DayOpened() | DayClosed() | DayEnded() | FieldOpened() | FieldClosed() | MessagePosted():
            _day_event(queue, event, at)
        case _:
            assert_never(event)


def _issued(queue: Queue, event: TicketIssued, at: datetime) -> None:
    assert event.ticket not in queue.tickets, f"{event.ticket} given twice"
    issued_at = earlier(at, event.waited_s) if event.waited_s else at
    ticket = Ticket(
        code=event.ticket,
        order=len(queue.tickets) + 1,
        screen_language=event.screen_language,
        issued_at=issued_at,
        kiosk=event.kiosk,
        priority=event.priority,
        key=issued_at.timestamp() - event.head_start_s,
        placement=Placement(stage=Stage.WAITING, field=event.field, languages=event.languages),
        ahead=event.ahead,
        copies=0 if event.kiosk is None else 1,
        slip=PrintState.NONE if event.kiosk is None else PrintState.QUEUED,
        slip_kiosk=event.kiosk,
        people=event.people,
        told=event.told,
        nobody=event.nobody,
    )
    queue.tickets[ticket.code] = ticket
    if event.held_by is not None:
        queue.reserved[event.ticket] = Reserved(event.held_by, event.field)
    if event.provisional:
        queue.redeemed_at[queue.reserved[event.ticket].kiosk] = issued_at
    else:
        for series in (event.ticket[0], SHARED_SERIES):
            queue.numbers[series] = max(queue.numbers[series], event.number)
    if event.giver is not None:
        queue.bursts.take(event.ticket, Taken(event.giver, event.field, issued_at.timestamp()))
    queue.settle(ticket, at)


def _reserved(queue: Queue, event: NumbersReserved) -> None:
    for ticket in event.tickets:
        assert ticket not in queue.reserved, f"{ticket} reserved twice"
        queue.reserved[ticket] = Reserved(event.kiosk, event.field)
    last = event.first + len(event.tickets) - 1
    for series in (event.tickets[0][0], SHARED_SERIES):
        queue.last_reserved[series] = max(queue.last_reserved[series], last)


def _restored(queue: Queue, event: DayRestored) -> None:
    for series in queue.numbers:
        queue.numbers[series] += event.numbers
    for series in queue.last_reserved:
        queue.last_reserved[series] += event.provisional
    queue.passed_over += event.numbers
    queue.provisional_passed_over += event.provisional
    queue.last_call += event.calls


_TicketEvent = (
    TicketCalled
    | TicketRecalled
    | ServingStarted
    | TicketFinished
    | TicketMissed
    | TicketReinstated
    | TicketTransferred
    | TicketParked
    | TicketCancelled
    | PrioritySet
    | ActionUndone
    | SlipRequested
    | SlipReported
)


def _ticket_event(queue: Queue, ticket: Ticket, event: _TicketEvent, at: datetime) -> None:
    now = ticket.placement
    match event:
        case TicketCalled():
            _called(queue, ticket, event, at)
        case TicketRecalled():
            _ring(queue, ticket, event, at)
            _recalled(queue, ticket, event.desk, at)
        case ServingStarted(desk=desk):
            _move(queue, ticket, replace(now, stage=Stage.SERVING, started_at=at), at, Action.START, desk)
        case TicketFinished():
            _move(queue, ticket, replace(now, stage=Stage.FINISHED), at, Action.FINISH, now.desk)
        case TicketMissed():
            _move(queue, ticket, replace(now, stage=Stage.NO_SHOW), at, Action.NO_SHOW, now.desk)
            if now.desk is not None:
                desk_ = queue.desks[now.desk]
                others = [code for code in desk_.missed if code != ticket.code]
                desk_.missed = (ticket.code, *others)[:MISSED_KEPT]
        case TicketParked(remind_min=minutes):
            remind_at = None if minutes is None else later(at, minutes * 60)
            _move(
                queue,
                ticket,
                replace(now, stage=Stage.PARKED, remind_at=remind_at),
                at,
                Action.PARK,
                now.desk,
            )
        case TicketTransferred():
            ticket.moved = True
            _transferred(queue, ticket, event, at)
        case TicketReinstated():
            ticket.moved = True
            queue.place(ticket, replace(now, stage=Stage.WAITING, desk=None, remind_at=None), at)
        case TicketCancelled():
            queue.place(ticket, replace(now, stage=Stage.CANCELLED, remind_at=None), at)
        case PrioritySet(priority=priority):
            queue.lines.leave(ticket.place, now)
            ticket.priority = priority
            ticket.moved = True
            ticket.key = ticket.issued_at.timestamp() - event.head_start_s
            queue.lines.join(ticket.place, now)
        case ActionUndone():
            _undone(queue, ticket, event.desk, at)
        case SlipRequested(copy_number=copy_number, kiosk=kiosk):
            ticket.copies = copy_number
            ticket.copy_afterwards = now.stage in VISITED
            ticket.slip_kiosk = kiosk
            ticket.slip = PrintState.QUEUED
            ticket.slip_at = None
            ticket.printer = None
        case SlipReported():
            if event.copy_number == ticket.copies:
                ticket.slip = event.outcome
                ticket.slip_at = at
                ticket.printer = event.printer
        case _:
            assert_never(event)


def _called(queue: Queue, ticket: Ticket, event: TicketCalled, at: datetime) -> None:
    now = ticket.placement
    if ticket.told is not None and now.called_at is None:
        waited = lived(now.field, now.languages, ticket.told, ticket.issued_at.timestamp(), at.timestamp())
        queue.lived[ticket.code] = waited
    after = replace(
        now,
        stage=Stage.CALLED,
        desk=event.desk,
        called_at=at,
        rung_at=at,
        started_at=None,
        calls=now.calls + 1,
        remind_at=None,
        reason=event.reason,
    )
    _ring(queue, ticket, event, at)
    action = Action.UNPARK if event.how == "unparked" else Action.CALL
    _move(queue, ticket, after, at, action, event.desk)


def _move(
    queue: Queue,
    ticket: Ticket,
    after: Placement,
    at: datetime,
    action: Action,
    desk: DeskId | None,
) -> None:
    before = ticket.placement
    queue.place(ticket, after, at)
    if desk is not None:
        queue.desks[desk].last = LastAction(action, ticket.code, before, after)


def _recalled(queue: Queue, ticket: Ticket, desk_id: DeskId, at: datetime) -> None:
    """Count the call; the desk's last action can still be taken back after it."""
    ticket.placement = replace(ticket.placement, calls=ticket.placement.calls + 1, rung_at=at)
    desk = queue.desks[desk_id]
    if desk.last is not None and desk.last.ticket == ticket.code:
        desk.last = LastAction(desk.last.action, ticket.code, desk.last.before, ticket.placement)


def _transferred(queue: Queue, ticket: Ticket, event: TicketTransferred, at: datetime) -> None:
    now = ticket.placement
    after = replace(
        now,
        stage=Stage.WAITING,
        field=event.field,
        languages=event.languages,
        desk=event.desk,
        transferred=True,
        started_at=None,
        remind_at=None,
    )
    _move(queue, ticket, after, at, Action.TRANSFER, event.by_desk)


def _ring(queue: Queue, ticket: Ticket, event: TicketCalled | TicketRecalled, at: datetime) -> None:
    assert event.call == queue.last_call + 1, "calls count up, without gaps but those of a restore"
    queue.last_call = event.call
    placement = ticket.placement
    languages = (ticket.screen_language, *(x for x in placement.languages if x != ticket.screen_language))
    queue.calls.append(
        Call(
            call=event.call,
            ticket=ticket.code,
            field=placement.field,
            desk=event.desk,
            at=at,
            recall=isinstance(event, TicketRecalled),
            languages=languages,
        )
    )


def _undone(queue: Queue, ticket: Ticket, desk_id: DeskId, at: datetime) -> None:
    desk = queue.desks[desk_id]
    last = desk.last
    assert last is not None
    assert last.ticket == ticket.code
    queue.place(ticket, last.before, at)
    if last.action in {Action.CALL, Action.UNPARK}:
        queue.cycles.forget(desk_id)
        if ticket.placement.called_at is None:
            queue.lived.pop(ticket.code, None)
        for call in queue.calls:
            if call.ticket == ticket.code and call.desk == desk_id:
                queue.withdrawn[call.call] = None
        oldest = queue.calls[0].call
        queue.withdrawn = {call: None for call in queue.withdrawn if call >= oldest}
    if last.action is Action.NO_SHOW:
        desk.missed = tuple(code for code in desk.missed if code != ticket.code)
    desk.last = None


_DayEvent = DayOpened | DayClosed | DayEnded | FieldOpened | FieldClosed | MessagePosted


def _day_event(queue: Queue, event: _DayEvent, at: datetime) -> None:
    match event:
        case DayOpened():
            queue.open = True
            queue.opened_at = at
            queue.message_ends = False
        case DayClosed():
            queue.open = False
            queue.message_ends = bool(queue.message)
        case DayEnded():
            queue.open = False
            queue.ended = True
            queue.help.open.clear()
            queue.message = {}
        case FieldOpened(field=field):
            queue.closed_fields.pop(field, None)
        case FieldClosed(field=field):
            queue.closed_fields[field] = None
        case MessagePosted(texts=texts):
            queue.message = texts
            queue.message_ends = False
        case _:
            assert_never(event)
