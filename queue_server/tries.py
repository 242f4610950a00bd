"""Guessing takes time: whoever has been wrong too often has to wait, each time twice as long."""

from collections.abc import Callable

from msgspec import Struct

FREE_TRIES = 5
"""Wrong ones before anybody has to wait: a person who has forgotten asks a colleague by then."""
FIRST_WAIT_S = 60.0
LAST_WAIT_S = 3600.0
"""Longest wait: a day of guessing is some forty PINs of a million, for one person or at one terminal."""
FORGOTTEN_S = 3600.0
"""One wrong try is forgotten after so long: a terminal where many sign in does not close by their slips."""
KEPT = 4096
"""Names that have been wrong and are remembered, newest last: many times the largest team."""


class _Wrong(Struct):
    count: int
    since_s: float
    """When one was last forgotten, or the first was made."""
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
        now_s = self._clock()
        found = self._wrong.pop(name, None) or _Wrong(0, now_s)
        forgotten = int((now_s - found.since_s) / FORGOTTEN_S)
        found.count = max(0, found.count - forgotten) + 1
        found.since_s += forgotten * FORGOTTEN_S
        if (over := found.count - FREE_TRIES) >= 0:
            found.until_s = now_s + min(LAST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(over, 10))
        self._wrong[name] = found
        if len(self._wrong) > KEPT:
            del self._wrong[next(iter(self._wrong))]

    def take_back(self, name: str) -> None:
        """The try that has begun last was right: it does not count, those before it do."""
        found = self._wrong.get(name)
        if found is not None:
            found.count -= 1
            found.until_s = 0.0

    def forget(self, name: str) -> None:
        """All of this name's tries are forgotten."""
        self._wrong.pop(name, None)
