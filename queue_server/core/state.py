"""The queue as it stands. Made from events alone; changed by evolve alone, through `place`."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from heapq import merge

from msgspec import Struct
from sortedcontainers import SortedList

from protocol.commands import PauseReason
from protocol.ids import CounsellorId, DeskId, DeviceName, FieldId, LanguageCode, TicketCode
from protocol.views import CallReason, DeskState, PrintState, Stage
from queue_server.core.bursts import Bursts
from queue_server.core.cycles import Cycles, Running
from queue_server.core.estimates import Estimate, Lived
from queue_server.core.events import DemandUnserved
from queue_server.core.help_calls import HelpCalls
from queue_server.core.intake import Intake
from queue_server.core.transitions import AT_DESK, Action

CALLS_KEPT = 64
"""Calls a view can reach back to: a board that was away for less misses none."""
ENDED_KEPT = 60
"""Ended tickets in reach of reception's list, newest last; all others are found by their number."""

SHARED_SERIES = ""
"""Key of the one series of numbers for the whole centre, beside those of the letters."""

Group = tuple[FieldId, tuple[LanguageCode, ...]]
"""What tickets ask for: a field, and the languages they accept."""
Place = tuple[float, int, TicketCode]
"""Where a ticket stands in line: key (POSIX seconds), order of issue, code."""


def earlier(at: datetime, seconds: float) -> datetime:
    """So long before an aware instant, with its offset: after a replay the same, whatever the clocks did."""
    return at.astimezone(timezone(at.utcoffset() or timedelta())) - timedelta(seconds=seconds)


def later(at: datetime, seconds: float) -> datetime:
    """So long after an aware instant, in the same way."""
    return earlier(at, -seconds)


class Placement(Struct, frozen=True, gc=False, kw_only=True):
    """Where a ticket is on its way: all that actions change and undo restores."""

    stage: Stage
    field: FieldId
    languages: tuple[LanguageCode, ...]
    desk: DeskId | None = None
    """The desk it is called to, served at or parked by; while waiting, the only desk it waits for."""
    calls: int = 0
    called_at: datetime | None = None
    started_at: datetime | None = None
    transferred: bool = False
    rung_at: datetime | None = None
    """When it was called or recalled last."""
    remind_at: datetime | None = None
    """When the desk is to be reminded of it, while it is parked."""
    reason: CallReason | None = None
    """Why it was called last."""


class Ticket(Struct, gc=False, kw_only=True):
    """A visitor's place in the queue."""

    code: TicketCode
    order: int
    """Order of issue in the day, from 1."""
    screen_language: LanguageCode
    issued_at: datetime
    kiosk: DeviceName | None
    priority: bool
    key: float
    """Rank in every line, POSIX seconds: time of issue less the head start. Kept by transfer and return."""
    placement: Placement
    ahead: int
    """People who waited before, when it was issued."""
    copies: int
    slip: PrintState
    slip_kiosk: DeviceName | None
    """At whose printer the newest slip was ordered."""
    printer: DeviceName | None = None
    """Printer at which the newest slip came to its end; none: it has not."""
    slip_at: datetime | None = None
    """When that was reported."""
    people: int = 1
    """How many come together with it."""
    told: Estimate | None = None
    """What its visitor was told of the wait when it was given."""
    nobody: bool = False
    """Nobody was in sight then who could serve the visitor."""
    moved: bool = False
    """Its place in the queue, or what it is for, has changed since: what its visitor was told is over."""
    copy_afterwards: bool = False
    """The newest slip was asked for when its visitor no longer waited for the call."""

    @property
    def place(self) -> Place:
        """The ticket's rank in every line."""
        return (self.key, self.order, self.code)


class LastAction(Struct, frozen=True, gc=False):
    """What a desk did last, and how to take it back."""

    action: Action
    ticket: TicketCode
    before: Placement
    after: Placement


class Desk(Struct, kw_only=True):
    """A desk of the centre."""

    id: DeskId
    counsellor: CounsellorId | None = None
    fields: tuple[FieldId, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    state: DeskState = DeskState.CLOSED
    since: datetime | None = None
    """Since when it is in its state."""
    pause_reason: str = ""
    ticket: TicketCode | None = None
    last: LastAction | None = None
    missed: tuple[TicketCode, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells the desk covers."""
        return len(self.fields) * len(self.languages)

    def covers(self, field: FieldId, languages: tuple[LanguageCode, ...]) -> bool:
        """Whether the desk serves this field in one of these languages."""
        return field in self.fields and any(language in self.languages for language in languages)


RESTS = frozenset({PauseReason.LUNCH, PauseReason.SHORT_BREAK})
"""Pauses that a roster may have planned; the others are work elsewhere."""


class Rest(Struct, frozen=True, gc=False):
    """A pause of a counsellor, from when until when, that was no work."""

    began: datetime
    ended: datetime


class Call(Struct, frozen=True, gc=False, kw_only=True):
    """One call as it was announced."""

    call: int
    ticket: TicketCode
    field: FieldId
    desk: DeskId
    at: datetime
    recall: bool
    languages: tuple[LanguageCode, ...]


class Reserved(Struct, frozen=True, gc=False):
    """Whose a provisional number is, and for which field."""

    kiosk: DeviceName
    field: FieldId


class Lines:
    """Who waits, in order. Everybody stands in one line; every change costs O(log waiting)."""

    def __init__(self) -> None:
        self.groups: dict[Group, SortedList[Place]] = {}
        """By field and languages accepted: few, for few combinations of languages are asked for."""
        self.desks: dict[DeskId, SortedList[Place]] = {}
        """Who waits for one desk alone."""
        self.fields: Counter[FieldId] = Counter()
        """How many wait for a field, at whatever desk."""

    def _of(self, placement: Placement) -> SortedList[Place]:
        if placement.desk is None:
            key = (placement.field, placement.languages)
            line = self.groups.get(key)
            return line if line is not None else self.groups.setdefault(key, SortedList())
        line = self.desks.get(placement.desk)
        return line if line is not None else self.desks.setdefault(placement.desk, SortedList())

    def join(self, place: Place, placement: Placement) -> None:
        """Stand in line."""
        self.fields[placement.field] += 1
        self._of(placement).add(place)

    def leave(self, place: Place, placement: Placement) -> None:
        """Leave the line."""
        self.fields[placement.field] -= 1
        line = self._of(placement)
        if line[0] == place:  # whoever is called mostly stands first
            del line[0]
        else:
            line.remove(place)

    def everybody(self) -> Iterator[Place]:
        """All who wait, in order, whatever they wait for."""
        return merge(*self.groups.values(), *self.desks.values())

    def ahead(self, place: Place, field: FieldId, reach: frozenset[LanguageCode]) -> int:
        """People of this field before this place who accept one of these languages."""
        return sum(
            group.bisect_left(place)
            for (of_field, languages), group in self.groups.items()
            if of_field == field and not reach.isdisjoint(languages)
        )

    def first_for(self, desk: Desk) -> TicketCode | None:
        """Who is next for this desk: the smallest place among its groups and its own line."""
        heads = [line[0] for line in self.lines_of(desk)]
        return min(heads)[2] if heads else None

    def placed_before(self, came_at: float, desk: Desk) -> Iterator[TicketCode]:
        """Whoever of those who wait for this desk stands before the place of this instant, POSIX seconds."""
        for line in self.lines_of(desk):
            for place in line.irange(maximum=(came_at, 0, "")):
                yield place[2]

    def lines_of(self, desk: Desk) -> list[SortedList[Place]]:
        """The lines this desk serves and somebody stands in."""
        lines = [group for (field, languages), group in self.groups.items() if desk.covers(field, languages)]
        if desk.id in self.desks:
            lines.append(self.desks[desk.id])
        return [line for line in lines if line]


class Queue:
    """The live state of one day."""

    def __init__(self, day: str, desks: tuple[DeskId, ...]) -> None:
        self.day = day
        self.version = 0
        self.open = False
        self.opened_at: datetime | None = None
        self.ended = False
        self.closed_fields: dict[FieldId, None] = {}
        self.tickets: dict[TicketCode, Ticket] = {}
        self.numbers: Counter[str] = Counter()
        """Highest ordinary number given, by letter; for one shared series under the empty letter."""
        self.reserved: dict[TicketCode, Reserved] = {}
        """Provisional numbers handed to kiosks today, given to visitors or not."""
        self.last_reserved: Counter[str] = Counter()
        """Highest of them, by letter as in `numbers`."""
        self.passed_over = 0
        """Ordinary numbers that restores have passed over, also in series that had none yet."""
        self.provisional_passed_over = 0
        """The same of provisional numbers."""
        self.redeemed_at: dict[DeviceName, datetime] = {}
        """When the visitor of the ticket that a kiosk redeemed last came."""
        self.bursts = Bursts()
        self.help = HelpCalls()
        self.cycles = Cycles()
        self.unserved: dict[DeviceName, tuple[DemandUnserved, datetime]] = {}
        """What a visitor wanted last at each kiosk and did not get, and when."""
        self.went_without = 0
        """Visitors who did not get what they wanted."""
        self.lived: dict[TicketCode, Lived] = {}
        """Of every visitor who was told something and has been called: what, and how it was."""
        self.intake = Intake()
        self.lines = Lines()
        self.stages: Counter[Stage] = Counter()
        self.aside: dict[TicketCode, None] = {}
        """Parked tickets and no-shows, oldest first; ordered, so that replay and live agree."""
        self.at_desks: dict[TicketCode, None] = {}
        self.ended_tickets: deque[TicketCode] = deque(maxlen=ENDED_KEPT)
        self.desks = {desk: Desk(id=desk) for desk in desks}
        self.reach: dict[Group, frozenset[LanguageCode]] = {}
        """What policy.reach found, until a counsellor comes or goes."""
        self.ready: dict[DeskId, datetime] = {}
        """Desks that wait for whoever comes next, and since when they are idle."""
        self.counsellors: dict[CounsellorId, DeskId] = {}
        self.rested: dict[CounsellorId, tuple[Rest, ...]] = {}
        """Of everybody the rests of today that are over."""
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.withdrawn: dict[int, None] = {}
        self.last_call = 0
        self.message: dict[LanguageCode, str] = {}
        self.message_ends = False
        """It stood when the doors were closed, and goes with the last visitor."""

    def told_by_a_board(self, call: int) -> int:
        """Up to which call a board has come that says it has announced all up to this one.

        Numbers that a restore has passed over are calls of nobody: it has come past them.
        """
        newest = self.calls[-1].call if self.calls else 0
        return self.last_call if call >= newest else call

    def place(self, ticket: Ticket, after: Placement, at: datetime) -> None:
        """Move a ticket: the one place where lines, stages and desks change together."""
        before = ticket.placement
        if before.stage is Stage.WAITING:
            self.lines.leave(ticket.place, before)
        if before.stage in AT_DESK and before.desk is not None:
            self._vacate(before.desk, ticket.code, at)
        self.stages[before.stage] -= 1
        self.at_desks.pop(ticket.code, None)
        self.aside.pop(ticket.code, None)
        ticket.placement = after
        self.settle(ticket, at)

    def settle(self, ticket: Ticket, at: datetime) -> None:
        """Enter a ticket where its placement says."""
        placement = ticket.placement
        self.stages[placement.stage] += 1
        match placement.stage:
            case Stage.WAITING:
                self.lines.join(ticket.place, placement)
            case Stage.CALLED | Stage.SERVING:
                assert placement.desk is not None
                self.at_desks[ticket.code] = None
                self._occupy(placement.desk, ticket, at)
            case Stage.PARKED | Stage.NO_SHOW:
                self.aside[ticket.code] = None
            case Stage.FINISHED | Stage.CANCELLED:
                self.ended_tickets.append(ticket.code)

    def end_rest(self, desk: Desk, at: datetime) -> None:
        """Whoever rested at this desk works again, or leaves it."""
        if desk.state is DeskState.PAUSED and desk.pause_reason in RESTS:
            assert desk.counsellor is not None, "a desk that pauses has somebody"
            assert desk.since is not None, "a pause has begun"
            rest = Rest(desk.since, at)
            self.rested[desk.counsellor] = (*self.rested.get(desk.counsellor, ()), rest)

    def _occupy(self, desk_id: DeskId, ticket: Ticket, at: datetime) -> None:
        desk, now = self.desks[desk_id], ticket.placement
        assert desk.ticket is None, f"desk {desk_id} holds {desk.ticket} and {ticket.code}"
        self.end_rest(desk, at)
        desk.ticket = ticket.code
        desk.state = DeskState.CALLED if now.stage is Stage.CALLED else DeskState.SERVING
        assert now.called_at is not None, "whoever is at a desk was called to it"
        spoken = next((one for one in now.languages if one in desk.languages), now.languages[0])
        begun = Running(field=now.field, language=spoken, key=ticket.key, called_at=now.called_at)
        self.cycles.hold(desk_id, begun, at)
        desk.pause_reason = ""
        desk.since = at
        self.ready.pop(desk_id, None)

    def _vacate(self, desk_id: DeskId, code: TicketCode, at: datetime) -> None:
        desk = self.desks[desk_id]
        assert desk.ticket == code, f"desk {desk_id} holds {desk.ticket}, not {code}"
        desk.ticket = None
        desk.state = DeskState.FREE
        desk.since = at
        self.cycles.leave(desk_id, at)
