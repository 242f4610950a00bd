"""What each terminal is shown of the queue. A view holds what its role may see, and has a bounded length."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from operator import attrgetter

from msgspec.structs import replace

from config.model import Centre, Texts
from protocol.commands import BURST_TICKETS_MAX
from protocol.figures import Figures
from protocol.house_seen import BurstSeen, DeviceSeen
from protocol.ids import DeskId, DeviceName, StaffId, TicketCode
from protocol.server_seen import ServerSeen
from protocol.views import (
    DESK_ROWS_MAX,
    SLIPS_ROWS_MAX,
    WAITING_ROWS_MAX,
    BoardCall,
    BoardView,
    CounsellorView,
    DeskState,
    FieldQueue,
    HelpSeen,
    HelpState,
    KioskView,
    PrinterLevel,
    PrinterSeen,
    PrintState,
    ReceptionView,
    SlipSeen,
    StaffDesk,
    StaffTicket,
    Stage,
    Undoable,
)
from protocol.waits import HeldIntake
from queue_server.core.decide.desks import undo_possible
from queue_server.core.help_calls import HelpCall
from queue_server.core.policy import reach
from queue_server.core.prospects import NOTHING_FORESEEN, Prospects, Windows
from queue_server.core.state import Desk, Place, Queue, Ticket
from queue_server.core.transitions import AT_DESK
from queue_server.core.turns import in_order_of_call, why_next

SlipAt = Callable[[Ticket], DeviceName | None]
"""The printer that a ticket's newest slip is with, or came to its end at; none: not known, or no slip."""

ENDED_AT: SlipAt = attrgetter("printer")
"""All that the queue itself knows: nothing of slips under way."""
WELL = ServerSeen()
"""Nobody has to look at the server."""
LAST: Place = (float("inf"), 0, "")
"""Behind everybody."""
NEWEST_LOOKED_AT = 64
"""Newest tickets of the day among which a kiosk's own are looked for: more than are given in the minute for
which a ticket stays on a screen."""
DOUBTFUL = frozenset({PrintState.UNKNOWN, PrintState.FAILED})
"""Slips that may not be on paper though nobody prints them any more."""
EXPECTED = frozenset({Stage.WAITING, Stage.CALLED, Stage.PARKED})
"""Stages in which a visitor still needs the slip."""


def kiosk_view(
    queue: Queue,
    centre: Centre,
    now: datetime,
    kiosk: DeviceName,
    printer: PrinterSeen | None,
    slip_at: SlipAt = ENDED_AT,
    prospects: Prospects = NOTHING_FORESEEN,
) -> KioskView:
    """For a kiosk: what can be chosen, how its printer is, and where its newest slips are."""
    known = centre.kiosks_by_name.get(kiosk)
    own = None if known is None else known.printer
    slips = ((ticket, slip_at(ticket)) for ticket in islice(_newest_of(queue, kiosk), SLIPS_ROWS_MAX))
    return KioskView(
        day=queue.day,
        at=now,
        version=queue.version,
        open=queue.open,
        fields=fields_seen(queue, centre, prospects),
        printer=None if printer is None else printer.state,
        printer_cause="" if printer is None else printer.cause,
        printer_level=PrinterLevel.UNKNOWN if printer is None else printer.level,
        elsewhere=None if printer is None else printer.spare,
        slips=tuple(
            SlipSeen(ticket=one.code, slip=one.slip, elsewhere=at if at != own else None) for one, at in slips
        ),
        help=_help_state(queue.help.open.get(kiosk)),
        holidays=prospects.holidays,
    )


def _newest_of(queue: Queue, kiosk: DeviceName) -> Iterator[Ticket]:
    """Newest tickets of a kiosk, newest first."""
    newest = islice(reversed(queue.tickets.values()), NEWEST_LOOKED_AT)
    return (ticket for ticket in newest if ticket.kiosk == kiosk)


def board_view(
    queue: Queue,
    centre: Centre,
    now: datetime,
    news: tuple[Texts, ...] = (),
    prospects: Prospects = NOTHING_FORESEEN,
) -> BoardView:
    """For a public screen: calls, waiting numbers, message, news. Nothing of counsellor or organisation."""
    return BoardView(
        day=queue.day,
        at=now,
        version=queue.version,
        open=queue.open,
        calls=tuple(
            BoardCall(
                call=call.call,
                ticket=call.ticket,
                field=call.field,
                desk=call.desk,
                at=call.at,
                recall=call.recall,
                languages=call.languages,
                withdrawn=call.call in queue.withdrawn,
            )
            for call in reversed(queue.calls)
        ),
        fields=fields_seen(queue, centre, prospects),
        message=queue.message,
        news=news,
        holidays=prospects.holidays,
    )


def counsellor_view(
    queue: Queue,
    centre: Centre,
    now: datetime,
    desk_id: DeskId,
    prospects: Prospects = NOTHING_FORESEEN,
    *,
    staff: StaffId,
) -> CounsellorView:
    """For one desk: its visitor, who is next, its own line."""
    desk = queue.desks[desk_id]
    codes = list(islice(in_order_of_call(queue, desk, centre), DESK_ROWS_MAX))
    missed = (
        code
        for code in desk.missed
        if (then := queue.tickets[code].placement).stage is Stage.NO_SHOW and then.desk == desk_id
    )
    last = desk.last
    undo = last is not None and undo_possible(desk, queue.tickets[last.ticket])
    return CounsellorView(
        staff=staff,
        day=queue.day,
        at=now,
        version=queue.version,
        open=queue.open,
        desk=desk_seen(queue, desk),
        current=None if desk.ticket is None else ticket_seen(queue.tickets[desk.ticket]),
        next=_next_seen(queue, desk, codes[0], prospects.windows) if codes else None,
        waiting=_tickets(queue, codes, prospects.windows),
        waiting_total=sum(map(len, queue.lines.lines_of(desk))),
        parked=_tickets(queue, islice(_parked_at(queue, desk_id), DESK_ROWS_MAX)),
        missed=_tickets(queue, missed),
        undo=Undoable(last.action, last.ticket) if undo and last is not None else None,
        desks=tuple(desk_seen(queue, other) for other in queue.desks.values()),
        fields=fields_seen(queue, centre, prospects),
        bare=prospects.bare.get(desk_id, ()),
        bare_without=prospects.bare_without.get(desk_id, ()),
        last_tickets=tuple(one for one in prospects.last_tickets if desk.covers(one.field, (one.language,))),
        over=queue.ended,
    )


def reception_view(  # noqa: PLR0913 - the whole house
    queue: Queue,
    centre: Centre,
    now: datetime,
    devices: tuple[DeviceSeen, ...],
    printers: tuple[PrinterSeen, ...],
    server: ServerSeen = WELL,
    prospects: Prospects = NOTHING_FORESEEN,
    *,
    staff: StaffId,
    unattended: Collection[DeskId] = (),
) -> ReceptionView:
    """For reception: the whole house. `unattended`: desks, open or not, at which nobody is signed in."""
    waiting = (place[2] for place in islice(queue.lines.everybody(), WAITING_ROWS_MAX))
    doubtful = _doubtful(queue)
    return ReceptionView(
        staff=staff,
        day=queue.day,
        at=now,
        version=queue.version,
        open=queue.open,
        waiting=_tickets(queue, waiting, prospects.windows),
        waiting_total=queue.stages[Stage.WAITING],
        at_desks=_tickets(queue, queue.at_desks),
        aside=_tickets(queue, islice(reversed(queue.aside), DESK_ROWS_MAX)),
        ended=_tickets(queue, _ended(queue)),
        doubtful=_tickets(queue, doubtful[:DESK_ROWS_MAX]),
        doubtful_total=len(doubtful),
        desks=tuple(desk_seen(queue, desk) for desk in queue.desks.values()),
        fields=fields_seen(queue, centre, prospects),
        figures=_figures(queue),
        message=queue.message,
        devices=devices,
        printers=printers,
        over=queue.ended,
        server=server,
        bursts=_bursts(queue),
        coverage=prospects.coverage,
        last_tickets=prospects.last_tickets,
        held=tuple(
            HeldIntake(field=field, language=language, hold=hold)
            for (field, language), hold in queue.intake.held.items()
        ),
        closed_fields=tuple(queue.closed_fields),
        help=_help(queue),
        left_desks=tuple(desk for desk in queue.counsellors.values() if desk in unattended),
    )


def fields_seen(
    queue: Queue, centre: Centre, prospects: Prospects = NOTHING_FORESEEN
) -> tuple[FieldQueue, ...]:
    """Every field as the public sees it."""
    lines = queue.lines
    attended = [desk for desk in queue.desks.values() if desk.counsellor is not None]
    languages, crowded_out = centre.languages.all, prospects.crowded_out
    full = {
        field.id: tuple(one for one in languages if queue.intake.is_full((field.id, one), crowded_out))
        for field in centre.fields
    }
    return tuple(
        FieldQueue(
            field=field.id,
            open=queue.open and field.id not in queue.closed_fields and len(full[field.id]) < len(languages),
            waiting={
                language: lines.ahead(LAST, field.id, reach(queue, field.id, (language,)))
                for language in languages
            },
            waiting_total=lines.fields[field.id],
            served=tuple(
                language
                for language in languages
                if any(desk.covers(field.id, (language,)) for desk in attended)
            ),
            ended=full[field.id],
            expected={
                language: prospects.expected[field.id, language]
                for language in languages
                if (field.id, language) in prospects.expected
            },
        )
        for field in centre.fields
    )


def ticket_seen(ticket: Ticket, windows: Windows = NOTHING_FORESEEN.windows) -> StaffTicket:
    """A ticket as staff sees it."""
    now = ticket.placement
    waits = now.stage is Stage.WAITING
    return StaffTicket(
        ticket=ticket.code,
        field=now.field,
        languages=now.languages,
        screen_language=ticket.screen_language,
        issued_at=ticket.issued_at,
        priority=ticket.priority,
        stage=now.stage,
        desk=now.desk,
        calls=now.calls,
        called_at=now.called_at,
        started_at=now.started_at,
        transferred=now.transferred,
        rung_at=now.rung_at,
        remind_at=now.remind_at,
        slip=ticket.slip,
        kiosk=ticket.kiosk,
        printer=ticket.printer,
        people=ticket.people,
        window=windows.get(ticket.code) if waits else None,
        nobody=waits and windows.get(ticket.code, ...) is None,
        reason=now.reason if now.stage in AT_DESK else None,
    )


def _next_seen(queue: Queue, desk: Desk, code: TicketCode, windows: Windows) -> StaffTicket:
    """Whom CallNext would call, and why."""
    ticket = queue.tickets[code]
    return replace(ticket_seen(ticket, windows), reason=why_next(queue, desk, ticket))


def desk_seen(queue: Queue, desk: Desk) -> StaffDesk:
    """A desk as staff sees it."""
    return StaffDesk(
        desk=desk.id,
        state=desk.state,
        since=desk.since,
        counsellor=desk.counsellor,
        ticket=desk.ticket,
        field=None if desk.ticket is None else queue.tickets[desk.ticket].placement.field,
        pause_reason=desk.pause_reason,
        fields=desk.fields,
        languages=desk.languages,
    )


def _parked_at(queue: Queue, desk: DeskId) -> list[TicketCode]:
    """Those whose reminder is soonest first, then who was put aside first."""

    def turn(code: TicketCode) -> float:
        remind_at = queue.tickets[code].placement.remind_at
        return LAST[0] if remind_at is None else remind_at.timestamp()

    placed = ((code, queue.tickets[code].placement) for code in queue.aside)
    return sorted((code for code, at in placed if at.stage is Stage.PARKED and at.desk == desk), key=turn)


def _tickets(
    queue: Queue, codes: Iterable[TicketCode], windows: Windows = NOTHING_FORESEEN.windows
) -> tuple[StaffTicket, ...]:
    return tuple(ticket_seen(queue.tickets[code], windows) for code in codes)


def _ended(queue: Queue) -> list[TicketCode]:
    """Newest first, each once, without those that came back."""
    codes = dict.fromkeys(reversed(queue.ended_tickets))
    gone = {Stage.FINISHED, Stage.CANCELLED}
    return [code for code in codes if queue.tickets[code].placement.stage in gone]


def _doubtful(queue: Queue) -> list[TicketCode]:
    """Tickets of visitors still expected whose newest slip may not be on paper, newest first."""
    return [
        ticket.code
        for ticket in reversed(queue.tickets.values())
        if ticket.slip in DOUBTFUL and ticket.placement.stage in EXPECTED
    ]


def _bursts(queue: Queue) -> tuple[BurstSeen, ...]:
    """What of each kiosk's burst still waits; of which nothing does, nobody need decide anything."""
    found = []
    for kiosk, codes in queue.bursts.noticed.items():
        tickets = [queue.tickets[code] for code in codes]
        waiting = [ticket for ticket in tickets if ticket.placement.stage is Stage.WAITING]
        if waiting:
            waiting.sort(key=attrgetter("issued_at", "order"))
            found.append(
                BurstSeen(
                    kiosk=kiosk,
                    since=waiting[0].issued_at,
                    fields=tuple(dict.fromkeys(ticket.placement.field for ticket in waiting)),
                    tickets=tuple(ticket.code for ticket in waiting[:BURST_TICKETS_MAX]),
                    tickets_total=len(waiting),
                )
            )
    return tuple(found)


def _help_state(call: HelpCall | None) -> HelpState:
    if call is None:
        return HelpState.NONE
    return HelpState.CALLED if call.answered_at is None else HelpState.COMING


def _help(queue: Queue) -> tuple[HelpSeen, ...]:
    return tuple(
        HelpSeen(
            kiosk=kiosk,
            topic=call.topic,
            since=call.since,
            language=call.language,
            state=_help_state(call),
        )
        for kiosk, call in queue.help.open.items()
    )


def _figures(queue: Queue) -> Figures:
    stages = queue.stages
    first = next(queue.lines.everybody(), None)
    return Figures(
        issued=len(queue.tickets),
        waiting=stages[Stage.WAITING],
        called=stages[Stage.CALLED],
        serving=stages[Stage.SERVING],
        parked=stages[Stage.PARKED],
        finished=stages[Stage.FINISHED],
        no_show=stages[Stage.NO_SHOW],
        cancelled=stages[Stage.CANCELLED],
        oldest_issued_at=None if first is None else queue.tickets[first[2]].issued_at,
        went_without=queue.went_without,
        desks_open=sum(desk.state is not DeskState.CLOSED for desk in queue.desks.values()),
    )
