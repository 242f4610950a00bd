"""What an estimator is asked, and what it knows from earlier days."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from walkin.planning.seen import Call, Cycle, Seen, Ticket, Waiting


class Estimate(Struct, frozen=True):
    """A wait from now on, minutes. A formula of one number has it in p50 and upper, and no p10 and p90."""

    p50_min: float
    upper_min: float
    """What is announced as the latest."""
    p10_min: float | None = None
    p90_min: float | None = None


class History(Struct, frozen=True, dict=True):
    """Earlier days of the same centre."""

    days: int
    tickets: tuple[Waiting, ...]
    """All of them, transfers too."""
    cycles: tuple[Cycle, ...]
    calls: tuple[Call, ...]

    @cached_property
    def cycle_mean_min(self) -> float:
        """From call to ready."""
        return sum(cycle.lasted_min for cycle in self.cycles) / len(self.cycles)

    @cached_property
    def wait_mean_min(self) -> float:
        """From ticket to call."""
        return sum(call.waited_min for call in self.calls) / len(self.calls)


class Estimator(Protocol):
    """One that is measured. It lives for many days, and can be pickled between two of them."""

    def begins(self, seed: int) -> None:
        """A new day, of which `seed` is the number."""

    def at(self, seen: Seen, visitor: Waiting) -> Estimate | None:
        """How long this visitor, whose ticket has just been issued, will wait; none: nobody is planned."""

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        """How long each of those who wait will wait from now on; who is left out has no number."""

    def called(self, seen: Seen) -> None:
        """`seen.ticket` has just been called: whoever learns from errors learns now."""


class Contestant(Struct, frozen=True, kw_only=True):
    """One line of the tables."""

    name: str
    made: Callable[[History], Estimator]
    learns_days: int = 0
    """Days before the measured ones in which it makes forecasts and learns from them."""
