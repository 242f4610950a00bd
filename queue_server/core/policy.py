"""The rules: who may ask what, who is next, who gets whom. Pure questions to the queue."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct

from config.model import Centre, Hours
from protocol import commands as c
from protocol.ids import DeskId, DeviceName, FieldId, LanguageCode, Role, TicketCode
from protocol.refusals import RefusalCode
from queue_server.core.state import SHARED_SERIES, Desk, Queue

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Refusal(Struct, frozen=True):
    """An ordinary no: a value, not an exception."""

    code: RefusalCode
    detail: str = ""


class Actor(Struct, frozen=True):
    """Who asks, as the server knows it. No role: the server itself."""

    role: Role | None
    device: DeviceName
    desk: DeskId | None = None


HOUSE = Actor(None, "server")


class Context(Struct, frozen=True):
    """What a decision is made in: the instant (aware), who asks, and the centre's rules."""

    now: datetime
    actor: Actor
    centre: Centre


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
    c.SetPriority,
    c.Reprint,
    c.OpenDay,
    c.CloseDay,
    c.OpenField,
    c.CloseField,
    c.PostMessage,
)
MAY_ASK: Mapping[Role, frozenset[type[c.Command]]] = MappingProxyType(
    {
        Role.KIOSK: frozenset({c.IssueTicket}),
        Role.COUNSELLOR: frozenset(_AT_A_DESK),
        Role.RECEPTION: frozenset(_AT_RECEPTION),
        Role.BOARD: frozenset(),
    }
)
"""Deny by default: what is not named here is refused."""


def may_ask(actor: Actor, command: c.AnyCommand) -> bool:
    """Whether this role may ask this at all."""
    return actor.role is not None and type(command) in MAY_ASK[actor.role]


def next_number(queue: Queue, centre: Centre, letter: str) -> int:
    """The number of the next ticket with this letter."""
    series = SHARED_SERIES if centre.rules.numbering == "shared" else letter
    return queue.numbers[series] + 1


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


def hours_of(centre: Centre, now: datetime) -> tuple[datetime, datetime] | None:
    """Opening and closing instant of the day that holds this instant; none on a day without hours."""
    local = now.astimezone(ZoneInfo(centre.timezone))
    hours: Hours | None = centre.hours.get(WEEKDAYS[local.weekday()])  # type: ignore[call-overload]
    if hours is None:
        return None
    zone = local.tzinfo
    return (
        datetime.combine(local.date(), hours.opens, zone),
        datetime.combine(local.date(), hours.closes, zone),
    )
