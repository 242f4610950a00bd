"""A key that is held down is one press: terminals repeat it, and never tell that it was let go."""

from math import inf

from kiosk.visit import HELD_S, SETTLE_S


class HeldKey:
    """The key that was pressed last."""

    def __init__(self) -> None:
        self._key = ""
        self._taken_s = self._last_s = -inf

    def repeats(self, key: str, at_s: float) -> bool:
        """Whether a press at this instant only repeats the one before; it is the newest from now on.

        Keyboards repeat a key after 0.25 to 0.7 s, then every 0.03 to 0.25 s. Whoever presses again, because
        the screen was still changing, waits HELD_S at most.
        """
        same = key == self._key and (at_s - self._last_s < SETTLE_S or at_s - self._taken_s < HELD_S)
        self._key, self._last_s = key, at_s
        if not same:
            self._taken_s = at_s
        return same
