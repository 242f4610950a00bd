"""A day, event by event: visitors come, counsellors call by the policy. Pure; the same day ends the same way.

Ties of two events at one instant are broken by the order in which they were foreseen. Counsellors are never
interrupted, and none is idle while somebody waits whom they cover.
"""

from bisect import insort
from collections.abc import Iterator
from enum import IntEnum, auto
from heapq import heappop, heappush
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from protocol.ids import LanguageCode
from walkin.planning.coverage import Coverage
from walkin.planning.cutoff import LastTickets
from walkin.planning.day import Day, Duty, Leg, Span, Visitor
from walkin.planning.outcome import NoTicket, Outcome, Visit
from walkin.planning.policy import Policy
from walkin.planning.seen import At, AtDesk, Call, Cycle, Observer, Seen, Waiting, Why

ON_DUTY = frozenset({At.IDLE, At.SERVING})
CALLABLE = frozenset({At.IDLE, At.SERVING, At.BREAK, At.AWAY, At.NOT_YET})
"""Who calls somebody now or later."""


class _Event(IntEnum):
    ARRIVES = auto()
    TRANSFERRED = auto()
    READY = auto()
    """The cycle or the absence is over, or the shift begins."""
    DUE = auto()
    """A break, an absence or the end of the shift: whoever is idle goes, the others when they are ready."""
    MINUTE = auto()


class _Desk(Struct, eq=False):
    index: int
    duty: Duty
    breaks: list[Span]
    absences: list[Span]
    chance: Random
    """For calls out of order: each counsellor's own, so that a colleague more changes nothing here."""
    state: At = At.NOT_YET
    since_min: float = 0.0
    serving: "_Ticket | None" = None
    break_ends_min: float | None = None

    @property
    def on_shift(self) -> bool:
        return self.state in CALLABLE and self.state is not At.NOT_YET


class _Ticket(Struct, eq=False):
    waiting: Waiting
    visitor: int
    leg: Leg
    desks: tuple[_Desk, ...]
    """Whose counsellors cover it."""


def simulate(
    day: Day, policy: Policy, observer: Observer | None = None, *, every_min: float | None = None
) -> Outcome:
    """The day under this policy; the observer is told of every event, and also each so many minutes."""
    return _Simulation(day, policy, observer, every_min).run()


class _Simulation:
    def __init__(self, day: Day, policy: Policy, observer: Observer | None, every_min: float | None) -> None:
        self._day = day
        self._habits = day.habits
        self._policy = policy
        self._observer = observer
        self._every_min = every_min
        self._now_min = 0.0
        self._events: list[tuple[float, int, _Event, object]] = []
        self._foreseen = 0
        self._pending = 0
        """Events that are not of time alone."""
        self._desks = tuple(
            _Desk(
                index, duty, list(duty.breaks), list(duty.absences), Random(f"{day.seed}: {duty.counsellor}")
            )
            for index, duty in enumerate(day.duties)
        )
        self._line: list[_Ticket] = []
        self._visits: list[Visit] = []
        self._turned_away: dict[int, NoTicket] = {}
        reckoned = day.habits.last_tickets
        self._last_tickets = None if reckoned is None else LastTickets(day.habits, reckoned)
        self._cycles: list[Cycle] = []
        self._calls: list[Call] = []
        self._coverage = Coverage(day.habits)
        self._ended_min = 0.0
        self._after_close_min = 0.0
        self._who: dict[tuple[str, tuple[LanguageCode, ...]], tuple[_Desk, ...]] = {}

    def run(self) -> Outcome:
        for number, visitor in enumerate(self._day.visitors):
            self._foresee(visitor.arrives_min, _Event.ARRIVES, number)
        for desk in self._desks:
            duty = desk.duty
            self._foresee(duty.begins_min, _Event.READY, desk)
            for span in (*duty.breaks, *duty.absences):
                self._foresee(span.begins_min, _Event.DUE, desk)
            if not duty.stays:
                self._foresee(self._last_call_min(desk), _Event.DUE, desk)
        if self._observer and self._every_min:
            self._foresee(self._every_min, _Event.MINUTE, None)
        while self._pending:
            self._now_min, _, event, about = heappop(self._events)
            self._pending -= event is not _Event.MINUTE
            self._happens(event, about)
        return Outcome(
            visits=tuple(self._visits),
            turned_away=self._turned_away,
            ended_min=self._ended_min,
            after_close_min=self._after_close_min,
            uncovered_min=self._coverage.uncovered_min(),
        )

    def _foresee(self, at_min: float, event: _Event, about: object) -> None:
        self._foreseen += 1
        self._pending += event is not _Event.MINUTE
        heappush(self._events, (at_min, self._foreseen, event, about))

    def _happens(self, event: _Event, about: object) -> None:
        if event is _Event.MINUTE:
            assert self._every_min is not None
            self._foresee(self._now_min + self._every_min, event, None)
            self._tell(Why.MINUTE)
        elif isinstance(about, int):
            self._arrives(about)
        elif isinstance(about, _Ticket):
            self._transferred(about)
        else:
            assert isinstance(about, _Desk)
            if event is _Event.READY or (about.state is At.IDLE and self._must_leave(about)):
                self._ready(about)

    # Visitors

    def _arrives(self, number: int) -> None:
        visitor: Visitor = self._day.visitors[number]
        self._issue(
            number,
            visitor.first,
            Waiting(
                ticket=len(self._visits),
                field=visitor.first.field,
                languages=visitor.languages,
                priority=visitor.priority,
                issued_min=self._now_min,
                key_min=self._policy.key_min(self._now_min, priority=visitor.priority),
            ),
        )

    def _transferred(self, ticket: _Ticket) -> None:
        leg = self._day.visitors[ticket.visitor].then
        assert leg is not None
        self._issue(
            ticket.visitor,
            leg,
            replace(
                ticket.waiting,
                ticket=len(self._visits),
                field=leg.field,
                issued_min=self._now_min,
                key_min=ticket.waiting.key_min if self._policy.keeps_place else self._now_min,
                transferred=True,
            ),
        )

    def _issue(self, visitor: int, leg: Leg, waiting: Waiting) -> None:
        desks = self._who_serves(waiting)
        calling = [desk for desk in desks if self._may_call(desk)]
        if not calling and waiting.transferred:
            return  # nobody is transferred to nobody: the visit ends with the session
        why_not = None if waiting.transferred else self._no_ticket(waiting, desks, calling)
        if why_not is not None:
            self._turned_away[visitor] = why_not
            return
        ticket = _Ticket(waiting, visitor, leg, desks)
        self._visits.append(Visit(visitor=visitor, ticket=waiting))
        insort(self._line, ticket, key=_place)
        self._tell(Why.ISSUED, waiting)
        idle = [desk for desk in calling if desk.state is At.IDLE]
        if idle:
            best = min(idle, key=lambda desk: (_breadth(desk), desk.since_min, desk.index))
            self._call(best, ticket)

    def _no_ticket(self, waiting: Waiting, desks: tuple[_Desk, ...], calling: list[_Desk]) -> NoTicket | None:
        if not desks:
            return NoTicket.NOBODY
        if not calling:
            return NoTicket.GONE
        if self._last_tickets is None:
            return None
        kind = waiting.field, waiting.languages
        line = (ticket.waiting for ticket in self._line)
        given = self._last_tickets.given(kind, self._now_min, line, list(map(_seen, self._desks)))
        return None if given else NoTicket.ENDED

    def _who_serves(self, waiting: Waiting) -> tuple[_Desk, ...]:
        wanted = waiting.field, waiting.languages
        known = self._who.get(wanted)
        if known is None:
            cells = [(waiting.field, language) for language in waiting.languages]
            known = tuple(desk for desk in self._desks if any(map(desk.duty.covers, cells)))
            self._who[wanted] = known
        return known

    # Counsellors

    def _last_call_min(self, desk: _Desk) -> float:
        return desk.duty.ends_min - self._habits.last_call_before_end_min

    def _may_call(self, desk: _Desk) -> bool:
        in_time = desk.duty.stays or self._now_min < self._last_call_min(desk)
        return desk.state in CALLABLE and in_time

    def _must_leave(self, desk: _Desk) -> bool:
        due = any(spans and spans[0].begins_min <= self._now_min for spans in (desk.absences, desk.breaks))
        return due or not self._may_call(desk)

    def _becomes(self, desk: _Desk, state: At) -> None:
        was, now = desk.state in ON_DUTY, state in ON_DUTY
        if was != now:
            self._coverage.changed(desk.duty, self._now_min, present=now)
        desk.state, desk.since_min = state, self._now_min

    def _ready(self, desk: _Desk) -> None:
        """Free, or back, or here: an absence first, then a break, then home; else the next visitor."""
        now_min = self._now_min
        if desk.serving is not None:
            self._cycles.append(Cycle(desk.serving.waiting.field, now_min - desk.since_min))
            desk.serving = None
        desk.break_ends_min = None
        for spans, state in ((desk.absences, At.AWAY), (desk.breaks, At.BREAK)):
            if spans and spans[0].begins_min <= now_min:
                ends_min = now_min + spans.pop(0).lasts_min
                desk.break_ends_min = ends_min if state is At.BREAK else None
                self._becomes(desk, state)
                self._foresee(ends_min, _Event.READY, desk)
                self._tell(Why.LEFT)
                return
        if not self._may_call(desk):
            self._becomes(desk, At.GONE)
            self._tell(Why.LEFT)
            return
        self._becomes(desk, At.IDLE)
        chosen = self._next_for(desk)
        if chosen is None:
            self._tell(Why.READY)
        else:
            self._call(desk, chosen)

    def _next_for(self, desk: _Desk) -> _Ticket | None:
        covered: Iterator[_Ticket] = (ticket for ticket in self._line if desk in ticket.desks)
        share = self._habits.out_of_order_share
        if share and desk.chance.random() < share:
            somebody = list(covered)
            return desk.chance.choice(somebody) if somebody else None
        if self._policy.by_line:
            return next(covered, None)
        return min(
            covered,
            key=lambda ticket: self._policy.rank(
                ticket.waiting, desk.duty.fields, sum(each.on_shift for each in ticket.desks)
            ),
            default=None,
        )

    def _call(self, desk: _Desk, ticket: _Ticket) -> None:
        now_min, waiting = self._now_min, ticket.waiting
        visitor = self._day.visitors[ticket.visitor]
        self._line.remove(ticket)
        self._becomes(desk, At.SERVING)
        desk.serving = ticket
        waited_min = now_min - waiting.issued_min
        patient = visitor.patience_min is None or waited_min <= visitor.patience_min
        came = waiting.transferred or (visitor.comes and patient)
        if came:
            session_min = self._session_min(ticket.leg, desk.duty)
            until_min = now_min + self._habits.walk_min + session_min
            cycle_min = self._habits.walk_min + session_min + ticket.leg.wrap_up_min
            in_time = until_min < self._habits.closes_min - self._habits.no_transfer_before_close_min
            if visitor.then is not None and not waiting.transferred and in_time:
                self._foresee(until_min, _Event.TRANSFERRED, ticket)
        else:
            cycle_min = self._habits.no_show_takes_min
        if not waiting.transferred:
            self._calls.append(Call(now_min, waiting.cell, waited_min))
        self._visits[waiting.ticket] = Visit(
            visitor=ticket.visitor,
            ticket=waiting,
            called_min=now_min,
            counsellor=desk.duty.counsellor,
            came=came,
            cycle_min=cycle_min,
        )
        ends_min = now_min + cycle_min
        self._ended_min = max(self._ended_min, ends_min)
        self._after_close_min += max(0.0, ends_min - max(now_min, self._habits.closes_min))
        self._foresee(ends_min, _Event.READY, desk)
        self._tell(Why.CALLED, waiting)

    def _session_min(self, leg: Leg, duty: Duty) -> float:
        length_min = leg.session_min * duty.speed * self._habits.pace
        limit_min = self._habits.limits_min[leg.field]
        if length_min > limit_min:
            length_min = limit_min + leg.overrun_min
        return max(self._habits.least_min, length_min)

    # What can be seen

    def _tell(self, why: Why, ticket: Waiting | None = None) -> None:
        if self._observer is None:
            return
        self._observer(
            Seen(
                why=why,
                ticket=ticket,
                now_min=self._now_min,
                closes_min=self._habits.closes_min,
                waiting=tuple(each.waiting for each in self._line),
                desks=tuple(map(_seen, self._desks)),
                cycles=tuple(self._cycles),
                calls=tuple(self._calls),
                on_duty=sum(desk.state in ON_DUTY for desk in self._desks),
            )
        )


def _place(ticket: _Ticket) -> tuple[float, int]:
    return ticket.waiting.key_min, ticket.waiting.ticket


def _breadth(desk: _Desk) -> int:
    return len(desk.duty.fields) * len(desk.duty.languages)


def _seen(desk: _Desk) -> AtDesk:
    duty = desk.duty
    return AtDesk(
        counsellor=duty.counsellor,
        fields=duty.fields,
        languages=duty.languages,
        state=desk.state,
        since_min=desk.since_min,
        serving=desk.serving.waiting if desk.serving else None,
        break_ends_min=desk.break_ends_min,
        breaks=tuple(desk.breaks),
        begins_min=duty.begins_min,
        ends_min=duty.ends_min,
        stays=duty.stays,
    )
