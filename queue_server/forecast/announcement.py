"""What a visitor is told of the wait: a window on the clock that mostly holds, or that nobody is planned.

An upper quantile is told rather than a mean: waiting longer than promised costs more goodwill than waiting
less gains (Kumar, Kalwani, Dada 1997; Jouini et al. 2015). A window stays until it is plainly wrong.
"""

from collections.abc import Sequence
from math import ceil, floor, inf

from msgspec import Struct

GRID_S = 300
"""Windows begin and end on whole five minutes of the clock."""
EARLIER_S = 900.0
"""By so much the end must come nearer before another window is told."""
UNSERVED_SHARE_MAX = 0.2
"""Of the courses in which nobody is there: above, no time is told."""
EARLY, MIDDLE = 0.10, 0.50
LEVEL_FIRST, LEVEL_MIN, LEVEL_MAX = 0.90, 0.80, 0.99
LATE_WANTED = 0.10
"""Share of the visitors who may be called after the end of their window."""
LEVEL_STEP = 0.005


class Window(Struct, frozen=True, gc=False):
    """When a visitor will be called, POSIX seconds on the five-minute grid."""

    begins_at: int
    ends_at: int
    back_by: int
    """Whoever goes out should be back by then."""


class Estimate(Struct, frozen=True, gc=False):
    """Quantiles of a wait, seconds from now; `upper` of the level that is announced."""

    early: float
    middle: float
    upper: float


def estimate(waits: Sequence[float], level: float) -> Estimate | None:
    """Of the waits in all courses, shortest first; none: too often nobody is there for it."""
    if waits[_nth(waits, 1 - UNSERVED_SHARE_MAX)] == inf:
        return None
    return Estimate(waits[_nth(waits, EARLY)], waits[_nth(waits, MIDDLE)], _finite(waits, level))


def _nth(waits: Sequence[float], share: float) -> int:
    return min(len(waits) - 1, int(share * len(waits)))


def _finite(waits: Sequence[float], level: float) -> float:
    """The quantile of this level; where that is never, the longest wait that ends."""
    at = _nth(waits, level)
    while waits[at] == inf:
        at -= 1
    return waits[at]


def window(now: float, found: Estimate) -> Window:
    """From the likely call to its upper bound, in whole five minutes; never empty.

    >>> window(0.0, Estimate(200.0, 700.0, 1300.0))
    Window(begins_at=600, ends_at=1500, back_by=0)
    """
    begins_at = floor((now + found.middle) / GRID_S) * GRID_S
    ends_at = max(ceil((now + found.upper) / GRID_S) * GRID_S, begins_at + GRID_S)
    return Window(begins_at, ends_at, floor((now + found.early) / GRID_S) * GRID_S)


def kept_window(shown: Window | None, now: float, found: Estimate) -> Window:
    """The window to show: the one shown before, until it cannot be held or has become far too long."""
    fresh = window(now, found)
    if shown is None or now + found.middle > shown.ends_at or fresh.ends_at <= shown.ends_at - EARLIER_S:
        return fresh
    return shown


def next_level(level: float, *, late: bool) -> float:
    """The level of the upper bound after a call that came late or not: so that one in ten comes late.

    A stochastic approximation of the quantile (Robbins, Monro 1951): right even where the model is not.
    """
    return min(LEVEL_MAX, max(LEVEL_MIN, level + LEVEL_STEP * (late - LATE_WANTED)))
