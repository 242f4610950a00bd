"""Which of the planned breaks a counsellor takes now, and which are still to come. Pure.

A roster says when a break is planned; a session may put it off, and a quiet hour bring it forward. What is
taken lasts as long as it was planned to, from when it really began.
"""

from collections.abc import Iterable, Sequence

from queue_server.core.state import Rest
from queue_server.forecast.situation import Break

TAKEN_SHARE = 0.5
"""A rest that lasted at least this part of a planned break was that break."""
OVERDUE_S = 3600.0
"""Whoever works on for so long after the end of a planned break does without it."""


def rests_left(
    breaks: Iterable[Break], rested: Iterable[Rest], resting_since: float | None, now: float
) -> tuple[Break | None, tuple[Break, ...]]:
    """The planned break that is being taken, and those that will be; instants in POSIX seconds.

    `rested`: what is over, the first one first. `resting_since`: of the rest that goes on.
    """
    left = list(breaks)
    for rest in rested:
        began_at = rest.began.timestamp()
        one = _touched(left, began_at)
        if one is not None and rest.ended.timestamp() - began_at >= TAKEN_SHARE * one.lasts_s:
            left.remove(one)
    taken = None if resting_since is None else _touched(left, resting_since)
    return taken, tuple(one for one in left if one is not taken and now < _given_up_at(one))


def _touched(breaks: Sequence[Break], began_at: float) -> Break | None:
    """The first planned break into which a rest as long as it would reach, or that is overdue by then."""
    reached = (one for one in breaks if one.begins_at - one.lasts_s < began_at < _given_up_at(one))
    return next(reached, None)


def _given_up_at(one: Break) -> float:
    return one.begins_at + one.lasts_s + OVERDUE_S
