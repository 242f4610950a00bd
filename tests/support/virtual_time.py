"""Screens in a time of their own: what waits for a clock waits for nothing, in the same order every time.

Timers, countdowns and flashes of a Textual program run as they do on a wall, as fast as the machine computes.
Threads and connections are real: who waits for one of those alone waits for it.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from unittest import mock

from textual import _time

T = TypeVar("T")


class _Leaping(selectors.DefaultSelector):
    """Waiting moves the clock."""

    leap: Callable[[float], None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:  # nothing is scheduled: only a thread or a connection can bring news
            return super().select(None)
        events = super().select(0)
        if not events:
            self.leap(max(0.0, timeout))
        return events


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop that never sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0
        selector = _Leaping()
        selector.leap = self._leap
        super().__init__(selector)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Seconds since it began."""
        return self.now_s

    def _leap(self, seconds: float) -> None:
        self.now_s += seconds


def play(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What `main` gives, played to its end in a time of its own."""
    loop = LeapingLoop()
    try:
        with (
            mock.patch.object(_time, "get_time", loop.time),
            asyncio.Runner(loop_factory=lambda: loop) as runner,
        ):
            return runner.run(main())
    finally:
        loop.close()
