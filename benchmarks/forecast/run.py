"""Every contestant on every kind of days: history, learning, then the days that count, over processes."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from statistics import median
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.forecast.estimator import Contestant, Estimator, History
from benchmarks.forecast.judged import DayJudged, judged
from benchmarks.forecast.scores import Scores, scores_of
from queue_server.closing import DAYS_LEARNED
from walkin.planning.assumptions import Assumptions, Scenario, read_assumptions
from walkin.planning.day import Day
from walkin.planning.days import generated_day
from walkin.planning.place import reference
from walkin.planning.policy import Policy
from walkin.planning.seen import Call, Cycle, Seen, Waiting
from walkin.planning.simulator import simulate
from walkin.processes import spread

HISTORY_DAYS = DAYS_LEARNED
"""As many as the server learns from."""
HISTORY_SEED = 90_000
LEARNING_SEED = 50_000
"""Days before the measured ones have seeds of their own."""
CHUNK_DAYS = 5
"""Days in one job: each begins with what was learned before."""
CROWD_WAITING = 40
CROWD_COUNSELLORS = 20
CROWD_VISITORS = 500.0
CROWD_ROUNDS = 30


class Case(Struct, frozen=True):
    """One kind of days."""

    scenario: str
    messy: bool

    @property
    def name(self) -> str:
        """As the tables call it."""
        return f"{self.scenario}, {'messy' if self.messy else 'clean'}"


CASES = tuple(Case(scenario, messy) for messy in (False, True) for scenario in ("tight", "normal"))


class Found(Struct, frozen=True):
    """One contestant."""

    contestant: Contestant
    scores: dict[str, Scores]
    """By the name of the case."""
    crowd_ms: float
    """Median time of one refresh with CROWD_WAITING waiting and CROWD_COUNSELLORS on duty."""


class _Lesson(Struct, frozen=True):
    case: Case
    contestant: Contestant


class _Chunk(Struct, frozen=True):
    case: Case
    estimator: Estimator
    seeds: range
    every_min: float


def measure(
    contestants: tuple[Contestant, ...],
    days: int,
    every_min: float,
    done: Callable[[], None],
    *,
    processes: int,
) -> list[Found]:
    """All of them on the same days; `done` is told of each of `steps(…)`."""
    lessons = [_Lesson(case, contestant) for contestant in contestants for case in CASES]
    taught = spread(_taught, lessons, done, processes=processes)
    chunks = [
        _Chunk(lesson.case, estimator, range(first, min(first + CHUNK_DAYS, days)), every_min)
        for lesson, estimator in zip(lessons, taught, strict=True)
        for first in range(0, days, CHUNK_DAYS)
    ]
    judged_chunks = spread(_judged, chunks, done, processes=processes)
    each = len(chunks) // len(lessons)
    scores = {
        (lesson.contestant.name, lesson.case.name): scores_of(
            day for chunk in judged_chunks[index * each : (index + 1) * each] for day in chunk
        )
        for index, lesson in enumerate(lessons)
    }
    return [
        Found(
            contestant,
            {case.name: scores[contestant.name, case.name] for case in CASES},
            crowd_ms(contestant),
        )
        for contestant in contestants
    ]


def steps(contestants: tuple[Contestant, ...], days: int) -> int:
    """How often `measure` tells that something is done."""
    return len(contestants) * len(CASES) * (1 + -(-days // CHUNK_DAYS))


def day_of_case(case: Case, seed: int) -> Day:
    """The day of this seed at the reference centre."""
    assumptions = _assumptions()
    scenario = assumptions.scenarios[case.scenario]
    return generated_day(reference(assumptions), assumptions, scenario, seed, messy=case.messy)


@cache
def history_of(case: Case) -> History:
    """Earlier days of this kind."""
    tickets: list[Waiting] = []
    cycles: list[Cycle] = []
    calls: list[Call] = []
    for seed in range(HISTORY_SEED, HISTORY_SEED + HISTORY_DAYS):
        last: list[Seen] = []

        def keep(seen: Seen, last: list[Seen] = last) -> None:
            last[:] = [seen]

        outcome = simulate(day_of_case(case, seed), Policy(), keep)
        tickets += [visit.ticket for visit in outcome.visits]
        cycles += last[-1].cycles
        calls += last[-1].calls
    return History(HISTORY_DAYS, tuple(tickets), tuple(cycles), tuple(calls))


def crowd_ms(contestant: Contestant) -> float:
    """Median time of a refresh in a full house."""
    case = CASES[0]
    estimator = contestant.made(history_of(case))
    estimator.begins(0)
    seen = crowd()
    took_s = []
    for _ in range(CROWD_ROUNDS):
        began_s = perf_counter()
        estimator.refresh(seen)
        took_s.append(perf_counter() - began_s)
    return 1e3 * median(took_s)


def crowd() -> Seen:
    """The first moment of a very busy day at which so many wait."""
    assumptions = _assumptions()
    busy = replace(assumptions, demand=replace(assumptions.demand, visitors_mean=CROWD_VISITORS))
    scenario = Scenario(whole_days=CROWD_COUNSELLORS, mornings=0, afternoons=0)
    full: list[Seen] = []

    def keep(seen: Seen) -> None:
        if len(seen.waiting) == CROWD_WAITING and not full:
            full.append(seen)

    simulate(generated_day(reference(busy), busy, scenario, 0, messy=False), Policy(), keep)
    return full[0]


@cache
def _assumptions() -> Assumptions:
    return read_assumptions()


def _taught(lesson: _Lesson) -> Estimator:
    estimator = lesson.contestant.made(history_of(lesson.case))
    for seed in range(LEARNING_SEED, LEARNING_SEED + lesson.contestant.learns_days):
        judged(day_of_case(lesson.case, seed), Policy(), estimator, None)
    return estimator


def _judged(chunk: _Chunk) -> list[DayJudged]:
    estimator = deepcopy(chunk.estimator)  # in one process it would go on learning from chunk to chunk
    return [
        judged(day_of_case(chunk.case, seed), Policy(), estimator, chunk.every_min) for seed in chunk.seeds
    ]
