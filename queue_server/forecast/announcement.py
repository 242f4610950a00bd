"""What is told of all courses: three quantiles, if mostly somebody is there; and when it is told anew."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import reduce
from math import inf

from queue_server.core.estimates import Estimate, Window, window

EARLIER_S = 900
"""By so much the end must come nearer before another window is told."""
UNSERVED_SHARE_MAX = 0.2
"""Of the courses in which nobody is there: above, no time is told."""
EARLY, MIDDLE = 0.10, 0.50
LEVEL_FIRST, LEVEL_MIN, LEVEL_MAX = 0.90, 0.80, 0.99
LATE_WANTED = 0.10
"""Share of the visitors who may be called after the end of their window."""
LEVEL_STEP = 0.005


def estimate(waits: Sequence[float], level: float) -> Estimate | None:
    """Of the waits in all courses, shortest first, in seconds; none: too often nobody is there for it."""
    served = bisect_left(waits, inf)
    if len(waits) - served > UNSERVED_SHARE_MAX * len(waits):
        return None

    def quantile(share: float) -> float:
        """Where that is never, the longest wait that ends."""
        return waits[min(served - 1, int(share * len(waits)))]

    return Estimate(quantile(EARLY), quantile(MIDDLE), quantile(level))


def kept_window(shown: Window | None, now_s: float, found: Estimate) -> Window:
    """The window to show: the one shown before, until it cannot be held or has become far too long."""
    fresh = window(now_s, found)
    if shown is None or now_s + found.middle_s > shown.ends_at or fresh.ends_at <= shown.ends_at - EARLIER_S:
        return fresh
    return shown


def level_after(level: float, calls: Sequence[bool]) -> float:
    """The level of the upper bound after these calls, late or not: so that one in ten comes late.

    A stochastic approximation of the quantile (Robbins, Monro 1951): right even where the model is not.
    """
    return reduce(_next_level, calls, level)


def _next_level(level: float, late: bool) -> float:
    return min(LEVEL_MAX, max(LEVEL_MIN, level + LEVEL_STEP * (late - LATE_WANTED)))
