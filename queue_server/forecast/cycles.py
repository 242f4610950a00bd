"""How long a visitor takes a desk: from the call until the counsellor is ready again, in seconds.

Drawn from what was lived on past days, no-shows included; where a field is too young, from all fields too;
where the centre is, from a guess that gives way soon. Today's sessions say whether today is a slow day.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import exp, log, sqrt
from statistics import NormalDist, fmean

from msgspec import Struct

from protocol.ids import FieldId

OWN_ENOUGH = 60
"""Cycles after which a field speaks for itself."""
GUESSES = 20
"""Pseudo-observations that stand in for a young field, and the weight of an ordinary day beside today."""
GUESS_SHARE = 0.7
"""Mean of a first guess, as a share of the field's time limit: 31 of 45 minutes."""
GUESS_VARIATION = 0.5
"""Standard deviation of a first guess, as a share of its mean."""
CYCLES_KEPT = 1000
"""Newest cycles of a field that are looked at: more tell nothing new."""
TAIL_ENOUGH = 5
"""Cycles longer than a session so far that still say how much longer it takes."""
TAIL_MEAN_S = 240.0
"""What is left of a session that is longer than nearly all before it."""


class History(Struct, frozen=True):
    """Cycles of past days by field, in seconds."""

    cycles: dict[FieldId, tuple[float, ...]] = {}


class Cycles:
    """The cycles of an ordinary day at this centre, as today changes them."""

    def __init__(
        self,
        history: History,
        limits_s: Mapping[FieldId, float],
        finished: Mapping[FieldId, tuple[int, float]],
    ) -> None:
        """`limits_s`: time limit of every field; `finished`: how many ended today, and their sum, seconds."""
        usual = {field: _usual(field, history, limit_s) for field, limit_s in limits_s.items()}
        means = {field: fmean(cycles) for field, cycles in usual.items()}
        self.factor = _factor(means, finished)
        """Of today's sessions to those of an ordinary day."""
        self._of = {field: [self.factor * cycle for cycle in cycles] for field, cycles in usual.items()}

    def of(self, field: FieldId) -> list[float]:
        """What a cycle of this field may last, shortest first, each as likely as the others."""
        return self._of[field]

    def left(self, field: FieldId, elapsed_s: float) -> list[float]:
        """What is left of a session that has lasted so long: the same; empty when none lasts longer."""
        cycles = self._of[field]
        longer = cycles[bisect_right(cycles, elapsed_s) :]
        return [cycle - elapsed_s for cycle in longer] if len(longer) >= TAIL_ENOUGH else []


def _usual(field: FieldId, history: History, limit_s: float) -> list[float]:
    own = sorted(history.cycles.get(field, ()))
    if len(own) >= OWN_ENOUGH:
        return own
    pooled = sorted(cycle for cycles in history.cycles.values() for cycle in cycles)
    return sorted([*own, *(_spread(pooled) if len(pooled) >= GUESSES else _guess(limit_s))])


def _spread(pooled: Sequence[float]) -> list[float]:
    """Some of these, evenly from the shortest to the longest."""
    return [pooled[int((nth + 0.5) * len(pooled) / GUESSES)] for nth in range(GUESSES)]


def _guess(limit_s: float) -> list[float]:
    """Lognormal, at even steps of probability."""
    variance = log(1 + GUESS_VARIATION**2)
    normal = NormalDist(log(GUESS_SHARE * limit_s) - variance / 2, sqrt(variance))
    return [exp(normal.inv_cdf((nth + 0.5) / GUESSES)) for nth in range(GUESSES)]


def _factor(means: Mapping[FieldId, float], finished: Mapping[FieldId, tuple[int, float]]) -> float:
    ordinary = GUESSES * fmean(means.values())
    lived = sum(sum_s for field, (_, sum_s) in finished.items() if field in means)
    expected = sum(count * means[field] for field, (count, _) in finished.items() if field in means)
    return (ordinary + lived) / (ordinary + expected) if ordinary else 1.0
