"""Guessing takes time: whoever has been wrong too often has to wait, each time twice as long."""

from collections.abc import Callable

from msgspec import Struct

FREE_TRIES = 5
"""Wrong ones before anybody has to wait: a person who has forgotten asks a colleague by then."""
FIRST_WAIT_S = 60.0
LAST_WAIT_S = 3600.0
"""Longest wait: a day of guessing finds one PIN of six digits in twenty thousand, at one terminal."""
KEPT = 512
"""Names that have been wrong and are remembered, newest last: several times the largest team."""


class _Wrong(Struct):
    count: int = 0
    until_s: float = 0.0


class Tries:
    """Counts tries by name; a try counts as wrong from its beginning until it was proved right."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds, monotonic."""
        self._clock = clock
        self._wrong: dict[str, _Wrong] = {}

    def may(self, name: str) -> bool:
        """Whether this name may try now."""
        found = self._wrong.get(name)
        return found is None or found.until_s <= self._clock()

    def begin(self, name: str) -> None:
        """A try begins."""
        found = self._wrong.pop(name, None) or _Wrong()
        found.count += 1
        if (over := found.count - FREE_TRIES) >= 0:
            found.until_s = self._clock() + min(LAST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(over, 10))
        self._wrong[name] = found
        if len(self._wrong) > KEPT:
            del self._wrong[next(iter(self._wrong))]

    def was_right(self, name: str) -> None:
        """It was right: all is forgotten."""
        self._wrong.pop(name, None)
