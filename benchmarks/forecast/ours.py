"""The server's own forecast, asked about simulated days: what is seen of them becomes its situation."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import inf

from benchmarks.forecast.estimator import Estimate, History
from protocol.ids import FieldId
from queue_server.core.estimates import Estimate as Told
from queue_server.core.estimates import window
from queue_server.forecast.announcement import LEVEL_FIRST, estimate, level_after
from queue_server.forecast.cycles import CYCLES_KEPT, Cycles
from queue_server.forecast.cycles import History as Lived
from queue_server.forecast.rollouts import Habits, roll
from queue_server.forecast.situation import Break, Counsellor, Doing, Situation, Standing, Visit
from walkin.planning.assumptions import read_assumptions
from walkin.planning.place import reference
from walkin.planning.seen import At, AtDesk, Seen, Ticket, Waiting

MINUTE_S = 60.0
OPENED_S = 1_790_000_400.0
"""An instant on the grid of windows, at which simulated days open."""
WIDEST = (0.10, 0.90)
"""Quantiles between which four in five waits should lie."""
_DOING = {
    At.NOT_YET: Doing.TO_COME,
    At.IDLE: Doing.READY,
    At.SERVING: Doing.SESSION,
    At.BREAK: Doing.PAUSED,
    At.AWAY: Doing.PAUSED,
}


class Ours:
    """The forecast as the server runs it: two hundred rollouts, today's factor, a level that learns."""

    def __init__(self, history: History) -> None:
        limits_min = reference(read_assumptions()).limits_min
        self._limits_s = {field: limit_min * MINUTE_S for field, limit_min in limits_min.items()}
        self._lived = Lived(_newest(history))
        self._habits = _habits(history)
        self._level = LEVEL_FIRST
        self._told: dict[Ticket, float] = {}
        self._seed = self._version = 0

    def begins(self, seed: int) -> None:
        """Another day, with the level of the one before."""
        self._seed = seed
        self._told.clear()

    def called(self, seen: Seen) -> None:
        """The level of the upper bound moves by whether the call was late."""
        assert seen.ticket is not None
        told_until_s = self._told.pop(seen.ticket.ticket, None)
        if told_until_s is not None:
            self._level = level_after(self._level, [_instant(seen.now_min) > told_until_s])

    def at(self, seen: Seen, visitor: Waiting) -> Estimate | None:
        """What the ticket says, as long as a window on the clock is told."""
        waits = self._waits(seen)[visitor.ticket]
        told = estimate(waits, self._level)
        if told is None or told.upper_s == 0:
            return None if told is None else _said(told, waits, 0.0)
        ends_at = window(_instant(seen.now_min), told).ends_at
        self._told[visitor.ticket] = ends_at
        return _said(told, waits, ends_at - _instant(seen.now_min))

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        """For everybody who waits."""
        found = {ticket: (estimate(waits, self._level), waits) for ticket, waits in self._waits(seen).items()}
        return {
            ticket: _said(told, waits, told.upper_s)
            for ticket, (told, waits) in found.items()
            if told is not None
        }

    def _waits(self, seen: Seen) -> dict[Ticket, list[float]]:
        self._version += 1
        sums: defaultdict[FieldId, list[float]] = defaultdict(list)
        for cycle in seen.cycles:
            sums[cycle.field].append(cycle.lasted_min * MINUTE_S)
        here = Situation(
            day=f"day {self._seed}",
            version=self._version,
            now=_instant(seen.now_min),
            closes_at=_instant(seen.closes_min),
            waiting=tuple(map(_standing, seen.waiting)),
            counsellors=tuple(_counsellor(desk) for desk in seen.desks if desk.state is not At.GONE),
        )
        finished = {field: (len(lasted), sum(lasted)) for field, lasted in sums.items()}
        rolled = roll(here, Cycles(self._lived, self._limits_s, finished), self._habits)
        return {int(code[1:]): waits for code, waits in rolled.waiting.items()}


def _instant(minute: float) -> float:
    return OPENED_S + minute * MINUTE_S


def _newest(history: History) -> dict[FieldId, tuple[float, ...]]:
    cycles: defaultdict[FieldId, list[float]] = defaultdict(list)
    for cycle in history.cycles:
        cycles[cycle.field].append(cycle.lasted_min * MINUTE_S)
    return {field: tuple(lasted[-CYCLES_KEPT:]) for field, lasted in cycles.items()}


def _habits(history: History) -> Habits:
    first = [ticket for ticket in history.tickets if not ticket.transferred]
    open_s = history.days * max(ticket.issued_min for ticket in first) * MINUTE_S
    return Habits(
        shares=dict(Counter(ticket.cell for ticket in first)),
        transfer_share=(len(history.tickets) - len(first)) / len(history.cycles),
        priority_per_s=sum(ticket.priority for ticket in first) / open_s,
    )


def _standing(waiting: Waiting) -> Standing:
    return Standing(
        ticket=f"A{waiting.ticket:06}",
        key=_instant(waiting.key_min),
        order=waiting.ticket,
        field=waiting.field,
        languages=waiting.languages,
    )


def _counsellor(desk: AtDesk) -> Counsellor:
    back_min = {At.BREAK: desk.break_ends_min, At.NOT_YET: desk.begins_min}.get(desk.state)
    return Counsellor(
        desk=desk.counsellor,
        fields=desk.fields,
        languages=desk.languages,
        doing=_DOING[desk.state],
        since=_instant(desk.since_min),
        visit=None if desk.serving is None else _visit(desk, desk.serving),
        back_at=None if back_min is None else _instant(back_min),
        breaks=tuple(Break(_instant(one.begins_min), one.lasts_min * MINUTE_S) for one in desk.breaks),
        ends_at=_instant(desk.ends_min),
        stays=desk.stays,
    )


def _visit(desk: AtDesk, serving: Waiting) -> Visit:
    spoken = next(language for language in serving.languages if language in desk.languages)
    return Visit(serving.field, spoken, _instant(serving.key_min))


def _said(told: Told, waits: Sequence[float], upper_s: float) -> Estimate:
    early, late = (waits[int(share * len(waits))] for share in WIDEST)
    return Estimate(
        told.middle_s / MINUTE_S,
        upper_s / MINUTE_S,
        early / MINUTE_S,
        min(late, told.upper_s if late == inf else late) / MINUTE_S,
    )
