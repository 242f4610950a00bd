"""The server's clock between two views: this machine's wall clock may be wrong, its monotonic one is not."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class HallClock:
    """Tells the server's time from the last view and what has gone by since."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._at: datetime | None = None
        self._set_at_s = 0.0

    def set(self, at: datetime) -> None:
        """The server's clock now."""
        self._at = at
        self._set_at_s = self._monotonic()

    def now(self) -> datetime:
        """The server's time; only after the first view."""
        assert self._at is not None, "no view has told the time yet"
        return self._at + timedelta(seconds=self._monotonic() - self._set_at_s)
