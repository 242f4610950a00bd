"""A queue in memory, asked through decide and evolve; and all of it that must agree after a replay."""

from datetime import datetime, timedelta

from support.centre import ALL_ROUND, MORNING, small_centre

from config.model import Centre
from config.roster import Roster, opening
from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.decide import decide, keep_house
from queue_server.core.events import AnyEvent, NumbersReserved
from queue_server.core.evolve import evolve
from queue_server.core.housekeeping import Housekeeping, Tick
from queue_server.core.policy import HOUSE, Actor, Context, Refusal
from queue_server.core.state import Desk, Queue, Ticket

RECEPTION = Actor(Role.RECEPTION, "reception-1")
KIOSK = Actor(Role.KIOSK, "kiosk-1")
BOARD = Actor(Role.BOARD, "board-1")


def at_desk(desk: str) -> Actor:
    """The counsellor's terminal of a desk."""
    return Actor(Role.COUNSELLOR, f"desk-{desk}", desk)


class Hall:
    """One day of the test centre, without any input or output; time passes when it is told to."""

    def __init__(self, centre: Centre | None = None, *, is_open: bool = True) -> None:
        self.centre = centre or small_centre()
        self.now: datetime = MORNING
        self.roster = Roster()
        self.queue = self.fresh()
        self.history: list[tuple[AnyEvent, datetime]] = []
        if is_open:
            self.ask(c.OpenDay(), RECEPTION)

    def fresh(self) -> Queue:
        """The queue of the day before anything happened."""
        return Queue(self.now.date().isoformat(), tuple(desk.id for desk in self.centre.desks))

    def replayed(self) -> Queue:
        """The queue that the day's events alone give."""
        queue = self.fresh()
        for event, at in self.history:
            evolve(queue, event, at)
        return queue

    def wait(self, minutes: float = 1) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    def attempt(self, command: c.AnyCommand, actor: Actor) -> list[AnyEvent] | Refusal:
        """Ask, and let happen what is decided."""
        return self._apply(decide(self.queue, command, Context(self.now, actor, self.centre)))

    def keep_house(self, command: Housekeeping) -> list[AnyEvent]:
        """Let the server ask."""
        events = keep_house(self.queue, command, Context(self.now, HOUSE, self.centre))
        self._apply(events)
        return events

    def tick(self) -> list[AnyEvent]:
        """Let the server look at the clock."""
        return self.keep_house(Tick(opening(self.roster, self.centre, self.queue.day)))

    def let_happen(self, event: AnyEvent) -> None:
        """An event that nobody asks the queue for."""
        self._apply([event])

    def _apply(self, decision: list[AnyEvent] | Refusal) -> list[AnyEvent] | Refusal:
        if not isinstance(decision, Refusal):
            for event in decision:
                evolve(self.queue, event, self.now)
                self.history.append((event, self.now))
        return decision

    def ask(self, command: c.AnyCommand, actor: Actor) -> list[AnyEvent]:
        """Ask something that is expected to be done; gives what happened."""
        events = self.attempt(command, actor)
        assert not isinstance(events, Refusal), events
        return events

    def refusal(self, command: c.AnyCommand, actor: Actor) -> RefusalCode:
        """Ask something that is expected to be refused, and check that nothing changed; gives the code."""
        before = snapshot(self.queue)
        answer = self.attempt(command, actor)
        assert isinstance(answer, Refusal), answer
        assert snapshot(self.queue) == before
        return answer.code

    def issue(self, field: str = "training", *languages: str, priority: bool = False) -> str:
        """A visitor takes a ticket a minute after whatever came before; gives its code."""
        self.wait()
        actor = RECEPTION if priority else KIOSK
        talk = languages or ("fr",)
        self.ask(c.IssueTicket(field=field, languages=talk, screen_language="fr", priority=priority), actor)
        return next(reversed(self.queue.tickets))

    def reserve(
        self, field: str = "training", count: int = c.BLOCK_NUMBERS, kiosk: Actor = KIOSK
    ) -> list[str]:
        """A kiosk sets numbers aside; gives their codes."""
        (reserved,) = self.ask(c.ReserveNumbers(field, count), kiosk)
        assert isinstance(reserved, NumbersReserved)
        return list(reserved.tickets)

    def sit(self, desk: str = "1", counsellor: str = ALL_ROUND, *, ready: bool = False) -> Actor:
        """A counsellor sits down; gives the desk's terminal."""
        self.ask(c.OpenDesk(counsellor), at_desk(desk))
        if ready:
            self.ask(c.CallNext(), at_desk(desk))
        return at_desk(desk)

    def serve(self, desk: str, code: str) -> None:
        """A desk calls this ticket and the conversation begins."""
        self.ask(c.CallTicket(code), at_desk(desk))
        self.ask(c.StartServing(code), at_desk(desk))

    def stage(self, code: str) -> Stage:
        """Where the ticket is on its way."""
        return self.queue.tickets[code].placement.stage

    def ticket_at(self, desk: str) -> str | None:
        """The visitor at a desk."""
        return self.queue.desks[desk].ticket

    def order(self) -> list[str]:
        """Who waits, in order."""
        return [place[2] for place in self.queue.lines.everybody()]

    def calls(self) -> list[tuple[int, str, str]]:
        """The calls so far, oldest first: number, ticket, desk."""
        return [(call.call, call.ticket, call.desk) for call in self.queue.calls]


def _instant(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _placed(ticket: Ticket) -> tuple[object, ...]:
    now = ticket.placement
    return (
        now.stage,
        now.field,
        now.languages,
        now.desk,
        now.calls,
        _instant(now.called_at),
        _instant(now.started_at),
        now.transferred,
        _instant(now.rung_at),
        _instant(now.remind_at),
        now.reason,
    )


def _ticket(ticket: Ticket) -> tuple[object, ...]:
    return (
        ticket.place,
        ticket.screen_language,
        _instant(ticket.issued_at),
        ticket.kiosk,
        ticket.priority,
        ticket.ahead,
        ticket.copies,
        ticket.slip,
        _instant(ticket.slip_at),
        ticket.printer,
        ticket.slip_kiosk,
        ticket.people,
        ticket.told,
        _placed(ticket),
    )


def _desk(desk: Desk) -> tuple[object, ...]:
    last = desk.last
    return (
        desk.counsellor,
        desk.fields,
        desk.languages,
        desk.state,
        _instant(desk.since),
        desk.pause_reason,
        desk.ticket,
        desk.missed,
        None if last is None else (last.action, last.ticket),
    )


def snapshot(queue: Queue) -> dict[str, object]:
    """Everything the queue knows, in comparable values; empty lines and zero counts leave no trace."""
    lines = queue.lines
    return {
        "day": (queue.day, queue.version, queue.open, _instant(queue.opened_at), queue.ended),
        "closed fields": list(queue.closed_fields),
        "tickets": {code: _ticket(ticket) for code, ticket in queue.tickets.items()},
        "reserved": dict(queue.reserved),
        "last reserved": {series: number for series, number in queue.last_reserved.items() if number},
        "passed over": (queue.passed_over, queue.provisional_passed_over),
        "redeemed at": {kiosk: _instant(at) for kiosk, at in queue.redeemed_at.items()},
        "numbers": {series: number for series, number in queue.numbers.items() if number},
        "taken": dict(queue.bursts.taken),
        "in order of time": {
            key: list(series) for key, series in sorted(queue.bursts.series.items()) if series
        },
        "bursts": {kiosk: list(codes) for kiosk, codes in queue.bursts.noticed.items()},
        "help": [
            (kiosk, call.topic, call.language, _instant(call.since), _instant(call.answered_at))
            for kiosk, call in queue.help.open.items()
        ],
        "unserved": {kiosk: (event, _instant(at)) for kiosk, (event, at) in queue.unserved.items()},
        "intake": (list(queue.intake.ended), dict(queue.intake.held)),
        "cycles": [
            (desk, one.field, one.language, one.key, _instant(one.called_at), _instant(one.left_at))
            for desk, one in sorted(queue.cycles.running.items())
        ],
        "lived": dict(queue.lived),
        "cycles ended": list(queue.cycles.ended),
        "rings": {kiosk: list(rings) for kiosk, rings in queue.help.rings.items()},
        "lines of groups": {group: list(line) for group, line in sorted(lines.groups.items()) if line},
        "lines of desks": {desk: list(line) for desk, line in sorted(lines.desks.items()) if line},
        "waiting by field": {field: count for field, count in sorted(lines.fields.items()) if count},
        "stages": {stage: count for stage, count in sorted(queue.stages.items()) if count},
        "aside": list(queue.aside),
        "at desks": list(queue.at_desks),
        "ended": list(queue.ended_tickets),
        "desks": {name: _desk(desk) for name, desk in queue.desks.items()},
        "ready": {desk: _instant(since) for desk, since in queue.ready.items()},
        "counsellors": dict(queue.counsellors),
        "calls": [
            (call.call, call.ticket, call.field, call.desk, _instant(call.at), call.recall, call.languages)
            for call in queue.calls
        ],
        "withdrawn": list(queue.withdrawn),
        "last call": queue.last_call,
        "message": dict(queue.message),
    }
