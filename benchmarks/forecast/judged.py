"""One simulated day with one estimator: what it said to each visitor, and how long each waited."""

from math import ceil, floor
from time import perf_counter

from msgspec import Struct

from benchmarks.forecast.estimator import Estimate, Estimator
from walkin.planning.day import Day
from walkin.planning.outcome import AT_ONCE_MIN
from walkin.planning.policy import Policy
from walkin.planning.seen import Seen, Ticket, Why
from walkin.planning.simulator import simulate

GRID_MIN = 5
"""Windows are announced on this grid."""
SOONER_MIN = 15
"""A window is announced anew when its end comes so much earlier, or when it is sure to be missed."""
WORSE_MIN = 10
"""An end that was put off by so much is a promise made worse."""


class Judged(Struct, frozen=True):
    """One visitor who had to wait."""

    waited_min: float
    said: Estimate | None
    worsened: bool


class DayJudged(Struct, frozen=True):
    """One day."""

    visitors: tuple[Judged, ...]
    at_s: tuple[float, ...]
    """Of the processor, for each ticket that was issued."""
    refresh_s: tuple[float, ...]


class Window(Struct):
    """What a visitor is told, on the clock: kept as long as it can be."""

    first_end_min: float
    begin_min: float
    end_min: float
    worst_end_min: float

    @classmethod
    def announced(cls, now_min: float, said: Estimate) -> "Window":
        """On the ticket."""
        begin_min, end_min = _on_grid(now_min, said)
        return cls(end_min, begin_min, end_min, end_min)

    def refreshed(self, now_min: float, said: Estimate) -> None:
        """Kept, unless it will be missed or became much too late."""
        begin_min, end_min = _on_grid(now_min, said)
        if now_min + said.p50_min > self.end_min or end_min <= self.end_min - SOONER_MIN:
            self.begin_min, self.end_min = begin_min, end_min
            self.worst_end_min = max(self.worst_end_min, end_min)

    @property
    def worsened(self) -> bool:
        """The promise on the ticket was put off."""
        return self.worst_end_min - self.first_end_min >= WORSE_MIN


def _on_grid(now_min: float, said: Estimate) -> tuple[float, float]:
    begin_min = floor((now_min + said.p50_min) / GRID_MIN) * GRID_MIN
    end_min = ceil((now_min + said.upper_min) / GRID_MIN) * GRID_MIN
    return begin_min, max(end_min, begin_min + GRID_MIN)


class _Watch:
    """Asks the estimator whenever a server would."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self.said: dict[Ticket, Estimate | None] = {}
        self.windows: dict[Ticket, Window] = {}
        self.at_s: list[float] = []
        self.refresh_s: list[float] = []

    def __call__(self, seen: Seen) -> None:
        if seen.why is Why.ISSUED and seen.ticket and not seen.ticket.transferred:
            began_s = perf_counter()
            said = self._estimator.at(seen, seen.ticket)
            self.at_s.append(perf_counter() - began_s)
            self.said[seen.ticket.ticket] = said
            if said:
                self.windows[seen.ticket.ticket] = Window.announced(seen.now_min, said)
        elif seen.why is Why.CALLED:
            self._estimator.called(seen)
        elif seen.why is Why.MINUTE and seen.waiting:
            began_s = perf_counter()
            refreshed = self._estimator.refresh(seen)
            self.refresh_s.append(perf_counter() - began_s)
            for ticket, said in refreshed.items():
                if ticket in self.windows:
                    self.windows[ticket].refreshed(seen.now_min, said)


def judged(day: Day, policy: Policy, estimator: Estimator, every_min: float | None) -> DayJudged:
    """The day, with the estimator asked at every ticket and each so many minutes; none: at tickets alone."""
    estimator.begins(day.seed)
    watch = _Watch(estimator)
    outcome = simulate(day, policy, watch, every_min=every_min)
    return DayJudged(
        visitors=tuple(
            Judged(
                waited_min=visit.waited_min,
                said=watch.said[visit.ticket.ticket],
                worsened=visit.ticket.ticket in watch.windows and watch.windows[visit.ticket.ticket].worsened,
            )
            for visit in outcome.visits
            if not visit.ticket.transferred
            and visit.waited_min is not None
            and visit.waited_min > AT_ONCE_MIN
        ),
        at_s=tuple(watch.at_s),
        refresh_s=tuple(watch.refresh_s),
    )
