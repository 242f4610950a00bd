"""What remains of a day that has ended: anonymous rows, and what of them tells how later days will go.

No number, no desk, no counsellor, no instant finer than the hour: nobody can be found again in it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from protocol.commands import UnservedWhy
from protocol.ids import DayDate, FieldId, LanguageCode
from queue_server.core.events import AnyEvent, DayClosed, DayEnded, DayOpened, DemandUnserved
from queue_server.core.evolve import evolve
from queue_server.core.legs import HALF_MINUTE, Leg, LegEnd, legs_of
from queue_server.core.state import Queue

HALF_MINUTE_S = HALF_MINUTE.total_seconds()


class PastCycle(Struct, frozen=True, order=True):
    """How long one visitor took a desk, from the call until the counsellor did something else."""

    field: FieldId
    language: LanguageCode
    half_minutes: int


class PastPromise(Struct, frozen=True, order=True):
    """What one visitor was told of the wait, in half-minutes, and how it was."""

    field: FieldId
    languages: str
    """Those accepted for the conversation, joined by "+"."""
    early: int
    middle: int
    upper: int
    waited: int
    late: bool
    """Called after the end of the window."""


class PastUnserved(Struct, frozen=True, order=True):
    """A visitor who went without a ticket."""

    hour: int
    """Local hour."""
    field: FieldId
    languages: str
    why: UnservedWhy


class PastDay(Struct, frozen=True):
    """One day, every list in the order of what it says, so that the order says nothing."""

    legs: Sequence[Leg] = ()
    cycles: Sequence[PastCycle] = ()
    promises: Sequence[PastPromise] = ()
    unserved: Sequence[PastUnserved] = ()
    priority: int = 0
    """Tickets with accessible priority."""
    open_half_minutes: int = 0
    """So long tickets could be taken."""


class Recent(Struct, frozen=True):
    """The last days together: what a forecast learns from."""

    cycles: tuple[PastCycle, ...] = ()
    """Those of the newest day last."""
    asked: dict[tuple[FieldId, str], int] = {}
    """How many came for a field, in these languages."""
    ends: dict[LegEnd, int] = {}
    """How many legs ended so."""
    late: tuple[bool, ...] = ()
    """Whether visitors were called later than told; those of the newest day last."""
    priority: int = 0
    open_half_minutes: int = 0


def past_of(day: DayDate, happened: Sequence[tuple[datetime, AnyEvent]]) -> PastDay:
    """What remains of all that happened on a day."""
    queue = Queue(day, ())
    for at, event in happened:
        evolve(queue, event, at)
    return PastDay(
        legs=legs_of(happened),
        cycles=sorted(
            PastCycle(cycle.field, cycle.language, _half_minutes(cycle.lasted_s))
            for cycle in queue.cycles.ended
        ),
        promises=sorted(
            PastPromise(
                one.field,
                "+".join(one.languages),
                _half_minutes(one.told.early_s),
                _half_minutes(one.told.middle_s),
                _half_minutes(one.told.upper_s),
                _half_minutes(one.waited_s),
                one.late,
            )
            for one in queue.lived.values()
        ),
        unserved=sorted(
            PastUnserved(at.hour, event.field, "+".join(event.languages), event.why)
            for at, event in happened
            if isinstance(event, DemandUnserved)
        ),
        priority=sum(ticket.priority for ticket in queue.tickets.values()),
        open_half_minutes=_half_minutes(_open(happened).total_seconds()),
    )


def _open(happened: Iterable[tuple[datetime, AnyEvent]]) -> timedelta:
    """How long tickets could be taken."""
    since: datetime | None = None
    total = timedelta()
    for at, event in happened:
        if isinstance(event, DayOpened):
            since = since or at
        elif isinstance(event, DayClosed | DayEnded) and since is not None:
            total, since = total + (at - since), None
    return total


def _half_minutes(seconds: float) -> int:
    return max(0, round(seconds / HALF_MINUTE_S))
