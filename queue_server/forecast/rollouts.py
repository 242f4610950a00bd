"""Many possible courses of the next hours, each by the real rule: who is called when.

Under "the oldest ticket first, to whoever is free first among those who serve it" visitors who come later
move nobody who waits already, and the course of events collapses to list scheduling: tickets in order of
their keys, each to the first of its counsellors who is free. How long running sessions have lasted is counted
in (Whitt 1999, Predicting queueing delays). What jumps ahead all the same, visitors sent on to another field
and those with accessible priority, is thrown in by chance.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import groupby
from math import inf
from operator import itemgetter
from random import Random

from msgspec import Struct

from config.roster import Cell
from protocol.ids import DeskId, FieldId, LanguageCode, TicketCode
from queue_server.core.state import Group
from queue_server.forecast.cycles import TAIL_MEAN_S, Cycles
from queue_server.forecast.situation import PAUSE_LEFT_S, PAUSE_S, Counsellor, Doing, Situation, Standing

ROLLOUTS = 200
"""Courses played for one forecast."""
LAST_CALL_S = 600.0
"""Before the end of a shift no visitor is called any more, except by those who stay."""
WRAP_UP_S, WRAP_UP_MAX_S = 180.0, 600.0
"""How long a counsellor writes after a visitor has left, and when it is a pause that nobody has announced."""


class Newcomer(Struct, frozen=True):
    """Somebody who might come now."""

    field: FieldId
    languages: tuple[LanguageCode, ...]
    priority: bool = False
    """Accessible priority."""
    ahead_s: float = 0.0
    """Would stand before everybody who has come since then without a head start."""


class Habits(Struct, frozen=True):
    """What visitors of this centre tend to do."""

    shares: dict[Cell, float] = {}
    """How often each cell is asked for, in any unit; empty: nobody knows."""
    transfer_share: float = 0.05
    """Of the sessions, those after which the visitor is sent on to another field."""
    priority_per_s: float = 0.0
    """Visitors with accessible priority who come in a second."""
    head_start_s: float = 900.0
    """By how much they are placed ahead."""


class Course(Struct, frozen=True):
    """When everybody is called, POSIX seconds; inf: nobody is there for it."""

    waiting: list[float]
    newcomers: list[float]
    ends: list[float]
    """When the conversations of the newcomers would be over."""


class Rollouts(Struct, frozen=True):
    """The waits in all courses, in seconds from now, shortest first; inf: nobody is there for it."""

    waiting: dict[TicketCode, list[float]]
    newcomers: dict[Newcomer, list[float]]
    ends: dict[Newcomer, list[float]]
    """Until the conversation of such a newcomer would be over."""


class _Ghost(Struct, gc=False):
    """Somebody who comes later and stands before others."""

    key: float
    comes_at: float
    field: FieldId
    eligible: Sequence[int]


def roll(
    situation: Situation,
    cycles: Cycles,
    habits: Habits,
    newcomers: Sequence[Newcomer] = (),
    rollouts: int = ROLLOUTS,
) -> Rollouts:
    """Play what may come; the same draws for the same version of the day."""
    random = Random(f"{situation.day} {situation.version}")
    stage = Stage(situation, cycles, habits, newcomers)
    courses = [stage.play(random) for _ in range(rollouts)]
    codes = [standing.ticket for standing in situation.waiting]

    def waits(instants: Sequence[Sequence[float]]) -> list[list[float]]:
        return [sorted(at - situation.now for at in each) for each in zip(*instants, strict=True)]

    return Rollouts(
        dict(zip(codes, waits([course.waiting for course in courses]), strict=True)),
        dict(zip(newcomers, waits([course.newcomers for course in courses]), strict=True)),
        dict(zip(newcomers, waits([course.ends for course in courses]), strict=True)),
    )


_InLine = tuple[float, tuple[int, ...], Sequence[float], Standing]
"""Somebody who waits: rank, who may serve, how long it may take."""


_Asks = tuple[int, float, tuple[int, ...], Sequence[float]]
"""A newcomer: its number, rank, who may serve, how long it may take."""


class Stage:
    """A situation made ready to be played many times."""

    def __init__(
        self, situation: Situation, cycles: Cycles, habits: Habits, newcomers: Sequence[Newcomer]
    ) -> None:
        self._now = now = situation.now
        self._habits = habits
        self._cycles = cycles
        self.counsellors = sorted(
            situation.counsellors, key=lambda one: (one.cells, one.since, one.desk or "")
        )
        self._eligible: dict[tuple[FieldId, tuple[LanguageCode, ...], DeskId | None], tuple[int, ...]] = {}
        self.breaks = [one.breaks for one in self.counsellors]
        self.rests_at = [one.breaks[0].begins_at if one.breaks else inf for one in self.counsellors]
        self.last_call = [inf if one.stays else one.ends_at - LAST_CALL_S for one in self.counsellors]
        self._sessions = [
            (who, one.visit, cycles.left(one.visit.field, now - one.since))
            for who, one in enumerate(self.counsellors)
            if one.visit is not None
        ]
        self._line: list[_InLine] = [
            (one.key, self.eligible(one.field, one.languages, one.desk), cycles.of(one.field), one)
            for one in situation.waiting
        ]
        self._aside = [
            _Ghost(put.key, put.returns_at, put.field, self.eligible(put.field, put.languages, put.desk))
            for put in situation.aside
        ]
        self._asked = len(newcomers)
        self._stretches = tuple(self._by_rank(newcomers))
        shares = habits.shares or dict.fromkeys(
            (
                (field, language)
                for one in self.counsellors
                for field in one.fields
                for language in one.languages
            ),
            1.0,
        )
        self._cells, self._weights = tuple(shares), tuple(shares.values())
        self._sent_to: dict[Group, tuple[tuple[FieldId, ...], tuple[float, ...]]] = {}
        self._free = self._settled(now)

    def _by_rank(self, newcomers: Sequence[Newcomer]) -> Iterator[tuple[list[_InLine], list[_Asks]]]:
        """Whoever waits, in stretches; after each the newcomers who would stand there, with their numbers."""
        begins, line = 0, self._line
        asking = [
            (
                nth,
                self._now - one.ahead_s,
                self.eligible(one.field, one.languages),
                self._cycles.of(one.field),
            )
            for nth, one in enumerate(newcomers)
        ]
        for key, same in groupby(sorted(asking, key=itemgetter(1)), key=itemgetter(1)):
            ends = bisect_right(line, key, lo=begins, key=itemgetter(0))
            yield line[begins:ends], list(same)
            begins = ends
        yield line[begins:], []

    def _settled(self, now: float) -> list[float]:
        """When everybody is free who is in no session."""
        play = _Play(self, self._cycles, [inf] * len(self.counsellors), Random())
        for who, one in enumerate(self.counsellors):
            if one.doing is Doing.READY:
                play.free[who] = now  # takes whoever comes next, whatever is planned
            elif one.visit is None:
                play.settle(who, _free_at(one, now))
        self.rests_at, self.breaks = play.rests_at, play.breaks
        return play.free

    def eligible(
        self, field: FieldId, languages: tuple[LanguageCode, ...], desk: DeskId | None = None
    ) -> tuple[int, ...]:
        """Who may serve such a visitor; of equals the first is chosen: fewest cells, then longest idle."""
        known = self._eligible.get((field, languages, desk))
        if known is None:
            known = tuple(
                who
                for who, one in enumerate(self.counsellors)
                if (one.desk == desk if desk else one.covers(field, languages))
            )
            self._eligible[field, languages, desk] = known
        return known

    def play(self, random: Random) -> Course:
        """One course of what may come."""
        play = _Play(self, self._cycles, self._free, random)
        self._begin(play, random)
        free, rests_at, last_call = play.free, play.rests_at, play.last_call
        chance, transfers = random.random, self._habits.transfer_share
        course = Course([], [inf] * self._asked, [inf] * self._asked)
        for stretch, asking in self._stretches:
            for key, eligible, cycles, standing in stretch:
                at, who = _first(free, eligible)
                if at >= play.ghost_at:
                    play.let_pass(key, eligible)
                    at, who = _first(free, eligible)
                course.waiting.append(at)
                if who < 0:
                    continue
                drawn = chance() * len(cycles)
                nth = int(drawn)
                ends_at = at + cycles[nth]
                if ends_at < rests_at[who] and ends_at <= last_call[who]:
                    free[who] = ends_at
                else:
                    play.settle(who, ends_at)
                if drawn - nth < transfers:  # what is behind the point is chance of its own
                    self._send_on(play, key, standing.field, standing.languages, ends_at)
            if asking:
                self._ask(play.apart(), asking, course)
        return course

    def _ask(self, play: "_Play", asking: Sequence[_Asks], course: Course) -> None:
        """When those would be called who only ask: the course goes on without them."""
        chance, free = play.random.random, play.free
        for nth, key, eligible, cycles in asking:
            at, _ = _first(free, eligible)
            if at >= play.ghost_at:
                play.let_pass(key, eligible)
                at, _ = _first(free, eligible)
            course.newcomers[nth] = at
            course.ends[nth] = at + cycles[int(chance() * len(cycles))] - WRAP_UP_S

    def _begin(self, play: "_Play", random: Random) -> None:
        """Sessions that run come to their end some time, and visitors with priority come."""
        for who, visit, left in self._sessions:
            lasts_s = left[int(random.random() * len(left))] if left else random.expovariate(1 / TAIL_MEAN_S)
            play.settle(who, self._now + lasts_s)
            if random.random() < self._habits.transfer_share:
                self._send_on(play, visit.key, visit.field, (visit.language,), self._now + lasts_s)
        for put in self._aside:
            play.add(put)
        rate = self._habits.priority_per_s
        if rate and self._cells:
            at = self._now + random.expovariate(rate)
            while at < self._now + self._habits.head_start_s:
                ((field, language),) = random.choices(self._cells, self._weights)
                key = at - self._habits.head_start_s
                play.add(_Ghost(key, at, field, self.eligible(field, (language,))))
                at += random.expovariate(rate)

    def _send_on(
        self, play: "_Play", key: float, field: FieldId, languages: tuple[LanguageCode, ...], ends_at: float
    ) -> None:
        """The visitor goes on to another field, at the old place in line."""
        fields, weights = self._others(field, languages)
        if fields:
            (other,) = play.random.choices(fields, weights)
            play.add(_Ghost(key, ends_at - WRAP_UP_S, other, self.eligible(other, languages)))

    def _others(
        self, field: FieldId, languages: tuple[LanguageCode, ...]
    ) -> tuple[tuple[FieldId, ...], tuple[float, ...]]:
        """Where a visitor of this field may be sent, and how often."""
        known = self._sent_to.get((field, languages))
        if known is None:
            cells = dict(zip(self._cells, self._weights, strict=True))
            others = {
                other: weight
                for (other, language), weight in cells.items()
                if other != field and language in languages
            }
            known = tuple(others), tuple(others.values())
            self._sent_to[field, languages] = known
        return known


class _Play:
    """Who is free when, as one course goes on."""

    def __init__(self, stage: Stage, cycles: Cycles, free: Sequence[float], random: Random) -> None:
        self.free = [*free]
        self.ghosts: list[_Ghost] = []
        self.ghost_at = inf
        """When the first of them comes."""
        self.random = random
        self.rests_at = [*stage.rests_at]
        """When the next break of each begins."""
        self.last_call = stage.last_call
        self._cycles = cycles
        self.breaks = [*stage.breaks]

    def settle(self, who: int, at: float) -> None:
        """Somebody is ready at this instant, unless a break or the end of the shift comes first."""
        while self.rests_at[who] <= at < inf:  # of whoever is not expected any more no break is either
            at += self.breaks[who][0].lasts_s
            self.breaks[who] = rest = self.breaks[who][1:]
            self.rests_at[who] = rest[0].begins_at if rest else inf
        self.free[who] = at if at <= self.last_call[who] else inf

    def add(self, ghost: _Ghost) -> None:
        """Somebody will come."""
        self.ghosts.append(ghost)
        self.ghost_at = min(self.ghost_at, ghost.comes_at)

    def apart(self) -> "_Play":
        """The same, to be played on without changing this one."""
        if not self.ghosts:  # nobody passes whoever asks
            return self
        apart = copy(self)
        apart.free, apart.ghosts = [*self.free], [*self.ghosts]
        apart.rests_at, apart.breaks = [*self.rests_at], [*self.breaks]
        return apart

    def let_pass(self, key: float, eligible: Sequence[int]) -> None:
        """Serve whoever comes before a ticket of this rank while it waits for one of these counsellors."""
        free = self.free
        while True:
            at = min((free[one] for one in eligible), default=inf)
            for ghost in self.ghosts:
                if ghost.key < key and ghost.comes_at <= at:
                    self.ghosts.remove(ghost)
                    self.ghost_at = min((one.comes_at for one in self.ghosts), default=inf)
                    self._serve(ghost)
                    break
            else:
                return

    def _serve(self, ghost: _Ghost) -> None:
        """To whoever is free first for it; nobody: it waits in vain, and takes nobody's place."""
        comes_at = ghost.comes_at
        who = min(ghost.eligible, key=lambda one: max(self.free[one], comes_at), default=None)
        if who is not None and self.free[who] < inf:
            cycles = self._cycles.of(ghost.field)
            lasts_s = cycles[int(self.random.random() * len(cycles))]
            self.settle(who, max(self.free[who], comes_at) + lasts_s)


def _first(free: Sequence[float], eligible: Sequence[int]) -> tuple[float, int]:
    """When the first of these is free, and who; of equals the one named first. Nobody: inf and -1."""
    at, who = inf, -1
    for one in eligible:
        if free[one] < at:
            at, who = free[one], one
    return at, who


def _free_at(one: Counsellor, now: float) -> float:
    """When somebody is ready who is neither that nor in a session."""
    if one.back_at is not None:
        return one.back_at if one.back_at > now else now + PAUSE_LEFT_S
    if one.doing is Doing.WRAP_UP and now - one.since < WRAP_UP_MAX_S:
        return max(now, one.since + WRAP_UP_S)
    return max(one.since + PAUSE_S, now + PAUSE_LEFT_S)
