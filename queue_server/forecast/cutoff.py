"""When no more tickets are given for a cell: so that whoever gets one is served before the doors close."""

from collections.abc import Sequence
from math import inf

from msgspec import Struct

SERVED_SHARE_MIN = 0.8
"""Of the courses, those in which a newcomer's conversation ends by closing time, for a cell to stay open."""
LATE_SHARE = 0.9
"""Quantile of wait and conversation together that a last ticket leaves room for before closing time."""


class Intake(Struct, frozen=True, gc=False):
    """Whether a cell takes visitors in."""

    served_share: float
    """Probability that whoever comes now is served by closing."""
    last_ticket_at: float
    """POSIX seconds; -inf: nobody is there for it."""

    @property
    def opens(self) -> bool:
        """Whether a ticket can be given in good faith."""
        return self.served_share >= SERVED_SHARE_MIN


def intake(now: float, closes_at: float, ends: Sequence[float]) -> Intake:
    """Of the ends of a newcomer's conversation in all courses, seconds from now, shortest first."""
    served = sum(now + end <= closes_at for end in ends) / len(ends)
    late = ends[min(len(ends) - 1, int(LATE_SHARE * len(ends)))]
    return Intake(served, closes_at - late if late < inf else -inf)
