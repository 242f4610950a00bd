"""How fast somebody may go on: a bucket of tokens, one for each step, that fills by and by."""

from collections.abc import Callable


class Pace:
    """So many steps at once, then so many a second."""

    def __init__(self, per_s: float, at_once: int, clock: Callable[[], float]) -> None:
        """`clock`: seconds, monotonic."""
        self._per_s = per_s
        self._at_once = at_once
        self._clock = clock
        self._tokens = float(at_once)
        self._at_s = clock()

    def may(self) -> bool:
        """Take a step if it does not come too early; else it is not taken."""
        if self._filled() < 1:
            return False
        self._tokens -= 1
        return True

    def early_s(self) -> float:
        """Take a step; by how many seconds it comes too early: 0, or so long to wait before it is done."""
        self._tokens = self._filled() - 1
        return max(0.0, -self._tokens / self._per_s)

    def _filled(self) -> float:
        now_s = self._clock()
        self._tokens = min(self._at_once, self._tokens + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        return self._tokens
