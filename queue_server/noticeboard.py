"""The centre's news for its boards: a file that people edit while the server runs."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import structlog

from config.model import Centre, Texts
from config.news import Item, on_day, read_news
from config.problem import ConfigError
from protocol.ids import DayDate

log = structlog.get_logger()

LOOK_S = 10.0
"""Somebody saves the file and looks up at the board."""

Stamp = tuple[int, int, int]
"""Of a file: which one, when it was changed, how long it is."""


class Noticeboard:
    """What the file says; one that is wrong changes nothing, and the log says where."""

    def __init__(self, centre: Centre, path: Path | None, changed: Callable[[], None]) -> None:
        """`path`: none, there is no news. `changed` is called when there is other news than before."""
        self._centre = centre
        self._path = path
        self._changed = changed
        self._stamp: Stamp | None = None
        self._items: tuple[Item, ...] = ()

    def of_day(self, day: DayDate) -> tuple[Texts, ...]:
        """What is said on this day, in pages."""
        return on_day(self._items, date.fromisoformat(day)) if self._items else ()

    async def run(self) -> None:
        """Look at the file until cancelled."""
        while self._path is not None:
            await self.look(self._path)
            await asyncio.sleep(LOOK_S)

    async def look(self, path: Path) -> None:
        """Take the file in if it is another than before."""
        stamp = await asyncio.to_thread(_stamp_of, path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            items = await asyncio.to_thread(read_news, path, self._centre)
        except ConfigError as error:
            log.warning("news.wrong", keys=[problem.key for problem in error.problems])
            return
        if items != self._items:
            self._items = items
            self._changed()


def _stamp_of(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
