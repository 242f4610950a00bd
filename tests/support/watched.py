"""A hall whose every event is held against the rules, counted naively, as it happens."""

from datetime import datetime
from typing import Literal

from support.centre import small_centre
from support.lately import Lately
from support.queue import Hall
from support.series import Series

from config.model import Rules
from protocol.views import DeskState, Stage
from queue_server.core.events import (
    ActionUndone,
    AnyEvent,
    ServingStarted,
    TicketCalled,
    TicketFinished,
    TicketIssued,
    TicketMissed,
    TicketParked,
    TicketTransferred,
)
from queue_server.core.policy import Refusal
from queue_server.core.state import Desk, Placement, Ticket

IDLE = {DeskState.FREE, DeskState.READY}


class WatchedHall(Hall):
    """A hall in which every event is held against the rules, counted naively, as it happens."""

    def __init__(self, numbering: str) -> None:
        self.undoable: dict[str, tuple[str, Placement]] = {}
        self.idle_since: dict[str, datetime] = {}
        self.series = Series(shared=numbering == "shared")
        shared: Literal["shared", "per-field"] = "shared" if numbering == "shared" else "per-field"
        rules = Rules(numbering=shared, tickets_per_field_max=3, tickets_per_kiosk_max=5)
        self.lately = Lately(rules)
        super().__init__(small_centre(rules))

    def _apply(self, decision: list[AnyEvent] | Refusal) -> list[AnyEvent] | Refusal:
        if isinstance(decision, Refusal):
            return decision
        for event in decision:
            self._before(event)
            self.series.see(event)
            self.lately.see(event, self.now)
            busy = [desk for desk in self.queue.desks.values() if desk.state not in IDLE]
            super()._apply([event])
            for desk in busy:
                if desk.state in IDLE:
                    self.idle_since[desk.id] = self.now
            self._after(event)
        return decision

    def waiting(self) -> list[Ticket]:
        tickets = self.queue.tickets.values()
        return [ticket for ticket in tickets if ticket.placement.stage is Stage.WAITING]

    def can_take(self, desk: Desk, ticket: Ticket) -> bool:
        now = ticket.placement
        if now.desk is not None:
            return now.desk == desk.id
        return now.field in desk.fields and bool(set(now.languages) & set(desk.languages))

    def rank(self, ticket: Ticket) -> tuple[float, int]:
        """Oldest first, with the head start of accessible priority."""
        head_start_s = self.centre.rules.priority_head_start_min * 60 if ticket.priority else 0
        return ticket.issued_at.timestamp() - head_start_s, ticket.order

    def _before(self, event: AnyEvent) -> None:
        match event:
            case TicketIssued():
                self._check_ahead(event)
            case TicketCalled():
                self._check_call(event)
                self._note(event.desk, event.ticket)
            case ServingStarted(ticket, desk):
                self._note(desk, ticket)
            case TicketFinished(ticket) | TicketMissed(ticket) | TicketParked(ticket):
                self._note(self.queue.tickets[ticket].placement.desk, ticket)
            case TicketTransferred():
                self._note(event.by_desk, event.ticket)
            case _:
                pass

    def _note(self, desk: str | None, code: str) -> None:
        if desk is not None:
            self.undoable[desk] = (code, self.queue.tickets[code].placement)

    def _check_ahead(self, event: TicketIssued) -> None:
        came_at = self.now.timestamp() - event.waited_s
        rank = (came_at - event.head_start_s, len(self.queue.tickets) + 1)
        within_reach = set(event.languages)
        for desk in self.queue.desks.values():
            if desk.covers(event.field, event.languages):
                within_reach |= set(desk.languages)
        before = [
            other
            for other in self.waiting()
            if other.placement.desk is None
            and other.placement.field == event.field
            and within_reach & set(other.placement.languages)
            and self.rank(other) < rank
        ]
        at_once = not event.provisional and any(
            self.queue.desks[ready].covers(event.field, event.languages) for ready in self.queue.ready
        )
        assert event.ahead == (0 if at_once else len(before)), "who is called at once has nobody before"

    def _check_call(self, event: TicketCalled) -> None:
        desk, called = self.queue.desks[event.desk], self.queue.tickets[event.ticket]
        if event.how in {"next", "assigned"}:
            line = [ticket for ticket in self.waiting() if self.can_take(desk, ticket)]
            assert called is min(line, key=self.rank), "who waits longest is called first"
        if event.how == "assigned" and called.placement.desk is None:
            ready = [self.queue.desks[name] for name in self.queue.ready]
            fitting = [other for other in ready if self.can_take(other, called)]
            best = min((other.cells, self.idle_since[other.id]) for other in fitting)
            assert (desk.cells, self.idle_since[desk.id]) == best, "fewest cells, then longest idle"

    def _after(self, event: AnyEvent) -> None:
        if not isinstance(event, ActionUndone):
            return
        code, before = self.undoable.pop(event.desk)
        assert code == event.ticket
        assert self.queue.tickets[code].placement == before, "undo restores the placement exactly"
        if before.stage in {Stage.WAITING, Stage.PARKED}:
            rung = [call for call in self.queue.calls if (call.ticket, call.desk) == (code, event.desk)]
            if event.action in {"call", "unpark"}:
                assert all(call.call in self.queue.withdrawn for call in rung)
