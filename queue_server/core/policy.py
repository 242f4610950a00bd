"""The rules: who may ask what, who is next, who gets whom. Pure questions to the queue."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

from msgspec import Struct

from config.model import Centre
from protocol import commands as c
from protocol.envelope import Announced, FromTerminal, LeftOut, Present
from protocol.ids import DeskId, DeviceName, FieldId, LanguageCode, Role, StaffId, TicketCode
from protocol.orders import (
    AnyOrder,
    ClosePairing,
    FollowWeek,
    OpenPairing,
    Order,
    PairDevice,
    PlanHoliday,
    PlanPerson,
    ShowPlan,
    SignIn,
    SignOut,
)
from protocol.refusals import RefusalCode
from protocol.views import (
    BoardView,
    CounsellorView,
    KioskView,
    LockedView,
    ReceptionView,
    View,
)
from protocol.waits import WaitKind
from queue_server.core.estimates import Estimate
from queue_server.core.events import DayRestored
from queue_server.core.state import SHARED_SERIES, Desk, Queue

PROVISIONAL = range(900, 1000)
"""Numbers of each series that kiosks give while the server is away; ordinary numbering passes over them."""
PASSED_OVER = DayRestored(numbers=200, provisional=40, calls=1000)
"""What a restore passes over: more than a quarter of an hour, the time between two backups, can have given.

A centre of 250 visitors a day gives 40 in its worst quarter, and of 200 at least 100 are ordinary, wherever
PROVISIONAL lies. Eight kiosks take 40 provisional numbers of a letter when they fill up for the first time.
Twenty desks that call and ring again every minute make 600 calls.
"""
STAFFED = frozenset({Role.COUNSELLOR, Role.RECEPTION})
"""Terminals at which somebody has to be signed in; the others are the visitors' own."""


class Refusal(Struct, frozen=True):
    """An ordinary no: a value, not an exception."""

    code: RefusalCode
    detail: str = ""


class Actor(Struct, frozen=True):
    """Who asks, as the server knows it. No role: the server itself."""

    role: Role | None
    device: DeviceName
    desk: DeskId | None = None
    staff: StaffId | None = None
    """Who is signed in there; none: it is no staff terminal."""

    @property
    def signature(self) -> str:
        """As logs name who did it: role, device, desk, person; what there is not at the end is left out."""
        role = "server" if self.role is None else self.role.value
        parts = (role, self.device, self.desk or "", self.staff or "")
        return ":".join(parts).rstrip(":")


HOUSE = Actor(None, "server")

Foresaid = Estimate | Literal[WaitKind.NOBODY] | None
"""A wait, or that nobody is in sight who could serve the visitor; none: nobody can tell."""


class Foreseen(Protocol):
    """Whoever plays the queue on."""

    def __call__(
        self, field: FieldId, languages: tuple[LanguageCode, ...], now: datetime, *, priority: bool
    ) -> Foresaid:
        """The wait of a visitor who comes at this instant for a field."""


def nothing_foreseen(
    field: FieldId, languages: tuple[LanguageCode, ...], now: datetime, *, priority: bool
) -> Foresaid:
    """Where nobody plays the queue on."""
    del field, languages, now, priority
    return None


class Context(Struct, frozen=True):
    """What a decision is made in: the instant (aware), who asks, and the centre's rules."""

    now: datetime
    actor: Actor
    centre: Centre
    foreseen: Foreseen = nothing_foreseen
    """What a visitor who came now would be told."""


_AT_A_DESK: tuple[type[c.Command], ...] = (
    c.CallNext,
    c.CallTicket,
    c.Recall,
    c.StartServing,
    c.Finish,
    c.MarkNoShow,
    c.Reinstate,
    c.Transfer,
    c.Park,
    c.Unpark,
    c.Undo,
    c.OpenDesk,
    c.NarrowDesk,
    c.CloseDesk,
    c.Pause,
    c.Resume,
)
_AT_RECEPTION: tuple[type[c.Command], ...] = (
    c.IssueTicket,
    c.Recall,
    c.MarkNoShow,
    c.Reinstate,
    c.Transfer,
    c.Cancel,
    c.CancelBurst,
    c.DismissBurst,
    c.SetPriority,
    c.Reprint,
    c.OpenDay,
    c.CloseDay,
    c.EndDay,
    c.OpenField,
    c.CloseField,
    c.HoldIntake,
    c.PostMessage,
    c.AnswerHelp,
)
_ORDERED_BY_RECEPTION: tuple[type[Order], ...] = (
    OpenPairing,
    ClosePairing,
    PairDevice,
    ShowPlan,
    PlanPerson,
    FollowWeek,
    PlanHoliday,
)


_AT_STAFF_TERMINALS: tuple[type[Order], ...] = (SignIn, SignOut)


class Rights(Struct, frozen=True):
    """What one kind of terminal may do, and what it is shown: deny by default."""

    asks: frozenset[type[c.Command] | type[Order]]
    tells: frozenset[type[FromTerminal]]
    """Reports that are no questions."""
    sees: type[View]


RIGHTS: Mapping[Role, Rights] = MappingProxyType(
    {
        Role.KIOSK: Rights(
            asks=frozenset(
                (
                    c.IssueTicket,
                    c.ReserveNumbers,
                    c.RedeemTicket,
                    c.NoteUnserved,
                    c.CallForHelp,
                    c.WithdrawHelp,
                )
            ),
            tells=frozenset({LeftOut}),
            sees=KioskView,
        ),
        Role.COUNSELLOR: Rights(
            asks=frozenset((*_AT_A_DESK, *_AT_STAFF_TERMINALS)),
            tells=frozenset({Present}),
            sees=CounsellorView,
        ),
        Role.RECEPTION: Rights(
            asks=frozenset((*_AT_RECEPTION, *_ORDERED_BY_RECEPTION, *_AT_STAFF_TERMINALS)),
            tells=frozenset({Present}),
            sees=ReceptionView,
        ),
        Role.BOARD: Rights(asks=frozenset(), tells=frozenset({Announced}), sees=BoardView),
    }
)
"""Every role: what is not named here is refused, and not shown."""
LOCKED = Rights(asks=frozenset({SignIn}), tells=frozenset(), sees=LockedView)
"""A staff terminal at which nobody is signed in, of whatever role."""


def rights_at(role: Role, staff: StaffId | None) -> Rights:
    """What a terminal may do and see now."""
    return LOCKED if role in STAFFED and staff is None else RIGHTS[role]


def may_ask(actor: Actor, command: c.AnyCommand | AnyOrder) -> bool:
    """Whether this role may ask this at all."""
    return actor.role is not None and type(command) in RIGHTS[actor.role].asks


def next_number(queue: Queue, centre: Centre, letter: str) -> int:
    """The number of the next ticket with this letter."""
    number = max(queue.numbers[_series(centre, letter)], queue.passed_over) + 1
    return PROVISIONAL.stop if number in PROVISIONAL else number


def numbers_to_reserve(queue: Queue, centre: Centre, letter: str, count: int) -> range:
    """The next provisional numbers with this letter: so many, or as many as are left today."""
    fresh = PROVISIONAL.start + queue.provisional_passed_over
    first = max(fresh, queue.last_reserved[_series(centre, letter)] + 1)
    return range(first, min(first + count, PROVISIONAL.stop))


def perhaps_handed_out(queue: Queue, centre: Centre, code: TicketCode) -> bool:
    """Whether a restore passed over this provisional number: after the backup it may have been handed out."""
    letter, number = code[0], int(code[1:])
    handed = {
        int(other[1:]) for other in queue.reserved if _series(centre, other[0]) == _series(centre, letter)
    }
    passed = range(PROVISIONAL.start, numbers_to_reserve(queue, centre, letter, 1).start)
    return number in PROVISIONAL and number in passed and number not in handed


def _series(centre: Centre, letter: str) -> str:
    return SHARED_SERIES if centre.rules.numbering == "shared" else letter


def code_of(letter: str, number: int) -> TicketCode:
    """The code of a ticket.

    >>> code_of("K", 42)
    'K042'
    """
    return f"{letter}{number:03d}"


def reach(queue: Queue, field: FieldId, languages: tuple[LanguageCode, ...]) -> frozenset[LanguageCode]:
    """Languages of those who wait before such a visitor: all that a counsellor for this visitor also serves.

    A counsellor of two languages calls the older ticket of either, so both lines are before the visitor.
    """
    known = queue.reach.get((field, languages))
    if known is None:
        serving = [desk for desk in queue.desks.values() if desk.covers(field, languages)]
        known = frozenset(languages).union(*(desk.languages for desk in serving))
        queue.reach[field, languages] = known
    return known


def best_ready_desk(
    queue: Queue, field: FieldId, languages: tuple[LanguageCode, ...], taken: Iterable[DeskId] = ()
) -> Desk | None:
    """Which waiting desk gets a visitor: the one with fewest cells, then the one longest idle."""
    candidates = [
        (desk.cells, since, desk.id)
        for desk_id, since in queue.ready.items()
        if desk_id not in taken and (desk := queue.desks[desk_id]).covers(field, languages)
    ]
    return queue.desks[min(candidates)[2]] if candidates else None
