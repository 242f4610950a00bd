"""What kiosks gave lately, counted naively from the events: a model of the limit and of the alarm."""

from datetime import datetime, timedelta

from msgspec import Struct

from config.model import Rules
from queue_server.core.events import (
    AnyEvent,
    BurstDismissed,
    BurstNoticed,
    PrioritySet,
    ServingStarted,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
    TicketMissed,
    TicketParked,
    TicketTransferred,
)

SETTLING = (
    ServingStarted,
    TicketCancelled,
    TicketFinished,
    TicketMissed,
    TicketParked,
    TicketTransferred,
    PrioritySet,
)
BOUND = timedelta(microseconds=1)
"""Of two instants this near, a float does not say which comes first."""


class Given(Struct, frozen=True):
    """A ticket that counts."""

    kiosk: str
    field: str
    at: datetime


class Lately:
    """Every ticket of a kiosk that nobody has settled."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._given: dict[str, Given] = {}
        self._newest = ""
        self.noticed: set[tuple[str, str]] = set()
        """Kiosk and ticket, of all that is an alarm."""

    def see(self, event: AnyEvent, now: datetime) -> None:
        """An event happens: it must be one that the rules allow."""
        match event:
            case TicketIssued(giver=str() as kiosk, field=field):
                at = now - timedelta(seconds=event.waited_s)
                assert event.provisional or not self.full(kiosk, field, now), "a full kiosk gives nothing"
                self._given[event.ticket] = Given(kiosk, field, at)
                self._newest = event.ticket
            case BurstNoticed(kiosk=kiosk, tickets=tickets):
                code = tickets[-1]
                assert self._much(code), f"{tickets} are no burst"
                assert len(tickets) == len(set(tickets))
                assert all(self._given[other].kiosk == kiosk for other in tickets if other in self._given)
                fresh = {(kiosk, other) for other in tickets if other in self._given}
                assert not fresh & self.noticed, "each is noticed once"
                self.noticed |= fresh
                assert {(kiosk, other) for other in self._much(code)} <= self.noticed
            case BurstDismissed(tickets=tickets):
                for ticket in tickets:
                    self._settle(ticket)
            case _ if isinstance(event, SETTLING):
                self._settle(event.ticket)
            case _:
                pass

    def full(self, kiosk: str, field: str, now: datetime) -> bool:
        """Whether the kiosk has given as many as it may, for this field or for all."""
        rules = self._rules
        of_kiosk = self._in_window(kiosk, now)
        of_field = [code for code in of_kiosk if self._given[code].field == field]
        return len(of_field) >= rules.tickets_per_field_max or len(of_kiosk) >= rules.tickets_per_kiosk_max

    def alarmed(self) -> bool:
        """Whether reception hears of the newest ticket, if it has to."""
        given = self._given.get(self._newest)
        return given is None or not self._much(self._newest) or (given.kiosk, self._newest) in self.noticed

    def _much(self, code: str) -> list[str]:
        """The tickets that this one makes a burst of; none: it makes none."""
        rules, given = self._rules, self._given[code]
        of_kiosk = self._in_window(given.kiosk, given.at)
        of_field = [other for other in of_kiosk if self._given[other].field == given.field]
        if len(of_kiosk) > rules.tickets_per_kiosk_max / 2:
            return of_kiosk
        return of_field if len(of_field) > rules.tickets_per_field_max / 2 else []

    def _in_window(self, kiosk: str, until: datetime) -> list[str]:
        after = until - timedelta(minutes=self._rules.tickets_window_min)
        return [
            code
            for code, given in self._given.items()
            if given.kiosk == kiosk and after < given.at <= until + BOUND
        ]

    def _settle(self, ticket: str) -> None:
        given = self._given.pop(ticket, None)
        if given is not None:
            self.noticed.discard((given.kiosk, ticket))
