"""Of each leg of a visit, how long it took and how it ended: without number, desk or counsellor."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from protocol.ids import FieldId, LanguageCode, TicketCode
from queue_server.core.events import (
    ActionUndone,
    AnyEvent,
    ServingStarted,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
    TicketMissed,
    TicketParked,
    TicketReinstated,
    TicketTransferred,
)

HALF_MINUTE = timedelta(seconds=30)
DAY_OVER = "day-over"
"""Why the end of a day cancels whoever still waits."""

_Step = (
    TicketCalled
    | ServingStarted
    | TicketParked
    | TicketFinished
    | TicketMissed
    | TicketReinstated
    | TicketTransferred
    | TicketCancelled
)


class LegEnd(StrEnum):
    """How a leg ended."""

    SERVED = "served"
    TRANSFERRED = "transferred"
    NO_SHOW = "no_show"
    LEFT = "left"
    """Cancelled: the visitor did not wait."""
    DAY_OVER = "day_over"
    """Still there when everything ended."""


class Leg(Struct, frozen=True, order=True):
    """From arrival in a field, or transfer to it, to the end there."""

    hour: int
    """Local hour of arrival."""
    field: FieldId
    languages: str
    """Those accepted for the conversation, joined by "+"."""
    screen_language: LanguageCode
    number: int
    """1 for the first leg of a visit."""
    end: LegEnd
    wait_half_minutes: int
    """Until the first call; -1: there was none."""
    service_half_minutes: int
    """In conversation, from the last call where nobody said that it began; -1: there was none."""


class _Visit(Struct):
    """A ticket on its way through the day."""

    field: FieldId
    languages: tuple[LanguageCode, ...]
    screen_language: LanguageCode
    since: datetime
    number: int = 1
    called_at: datetime | None = None
    wait: timedelta | None = None
    began_at: datetime | None = None
    service: timedelta | None = None
    end: LegEnd | None = None

    def leg(self, end: LegEnd) -> Leg:
        return Leg(
            self.since.hour,
            self.field,
            "+".join(self.languages),
            self.screen_language,
            self.number,
            end,
            _half_minutes(self.wait),
            _half_minutes(self.service),
        )

    def pause(self, at: datetime) -> None:
        """The conversation ends or is interrupted."""
        began_at = self.began_at or self.called_at
        if began_at is not None:
            self.service = (self.service or timedelta()) + (at - began_at)
        self.began_at = self.called_at = None


def legs_of(happened: Iterable[tuple[datetime, AnyEvent]]) -> list[Leg]:
    """The legs of a whole day, in the order of what they say, so that their order says nothing."""
    steps: dict[TicketCode, list[tuple[datetime, _Step]]] = {}
    visits: dict[TicketCode, _Visit] = {}
    for at, event in happened:
        match event:
            case TicketIssued():
                since = at - timedelta(seconds=event.waited_s)
                visits[event.ticket] = _Visit(event.field, event.languages, event.screen_language, since)
                steps[event.ticket] = []
            case ActionUndone():
                steps[event.ticket].pop()  # only the last step of a ticket can be undone
            case _ if isinstance(event, _Step):
                steps[event.ticket].append((at, event))
    legs: list[Leg] = []
    for ticket, visit in visits.items():
        for at, step in steps[ticket]:
            _follow(visit, at, step, legs)
        legs.append(visit.leg(visit.end or LegEnd.DAY_OVER))
    return sorted(legs)


def _follow(visit: _Visit, at: datetime, step: _Step, legs: list[Leg]) -> None:
    match step:
        case TicketCalled():
            visit.called_at = at
            visit.wait = visit.wait if visit.wait is not None else at - visit.since
        case ServingStarted():
            visit.began_at = at
        case TicketParked():
            visit.pause(at)
        case TicketFinished():
            visit.pause(at)
            visit.end = LegEnd.SERVED
        case TicketMissed():
            visit.end, visit.called_at = LegEnd.NO_SHOW, None
        case TicketReinstated():
            visit.end = None
        case TicketTransferred():
            if visit.began_at is not None:
                visit.pause(at)
            legs.append(visit.leg(LegEnd.TRANSFERRED))
            visit.field, visit.languages, visit.since = step.field, step.languages, at
            visit.number += 1
            visit.called_at = visit.wait = visit.began_at = visit.service = visit.end = None
        case TicketCancelled():
            if visit.end is not LegEnd.NO_SHOW:
                visit.end = LegEnd.DAY_OVER if step.reason == DAY_OVER else LegEnd.LEFT
            visit.called_at = None


def _half_minutes(took: timedelta | None) -> int:
    return -1 if took is None else max(0, round(took / HALF_MINUTE))
