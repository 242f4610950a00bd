"""A screen in the waiting room: the real announcements and the real memory, and no screen."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from simulation.robots import History, Remembered, Robot, Rung
from textual.widget import Widget

from display_board.calls import BEAT_S
from display_board.memory import Memory
from display_board.terminal.announcer import Announcer, Outfit
from protocol.client import LinkUp, Update
from protocol.ids import DayDate
from protocol.views import BoardView


class Board(Robot):
    """It rings; what it has announced stands in a file that outlives a kill."""

    def __init__(self, directory: Path, *others: object) -> None:
        super().__init__(*others)  # type: ignore[arg-type]
        self._path = directory / f"{self.badge.device}.announced"

    async def run(self) -> None:
        """A start of the board, which knows of the one before what stands in its file."""
        self._announcer = Announcer(
            cast("Widget", _Panel(self._rings)),
            Outfit(memory=_NotedMemory(self._path, self.badge.device, self._history)),
            beat_s=BEAT_S,
            on_beat=self._beat,
            quiet=lambda: False,
        )
        self._settled = asyncio.Event()
        await super().run()

    def _hear(self, update: Update) -> None:
        super()._hear(update)
        if isinstance(update, LinkUp):
            self._settled.set()
        if isinstance(update, BoardView):
            before = self._announcer.now
            self._announcer.take(update, ("fr", "nl"))
            now = self._announcer.now
            known = before.missed if before.day == now.day else 0
            self._history.missed_calls += now.missed - known
            if now.settled != before.settled:
                self._settled.set()

    def _beat(self) -> None:
        if self._announcer.beat():
            self._settled.set()

    def _rings(self) -> None:
        now, at_s = self._announcer.now, asyncio.get_running_loop().time()
        call = now.current
        assert call is not None, "a board rings for a call"
        rung = Rung(self.badge.device, self.life, at_s, now.day, call.call, call.ticket, call.desk)
        self._history.rung.append(rung)

    async def _live(self) -> None:
        """As the real board's panel reports."""
        while True:
            await self._settled.wait()
            self._settled.clear()
            if (call := await self._announcer.remember()) > 0:
                await self._client.announced(call)


class _NotedMemory(Memory):
    """Which says what is on its disk, as soon as it is."""

    def __init__(self, path: Path, board: str, history: History) -> None:
        super().__init__(path)
        self._board, self._history = board, history

    def keep(self, day: DayDate, call: int) -> None:
        super().keep(day, call)
        at_s = asyncio.get_running_loop().time()
        self._history.remembered.append(Remembered(self._board, at_s, day, call))


class _Panel:
    """Stands for the widget: its timer is the loop's, its bell is heard."""

    def __init__(self, bell: Callable[[], None]) -> None:
        self.app = self
        self.bell = bell

    def set_interval(self, interval_s: float, beat: Callable[[], Any]) -> "_Timer":
        """As a widget's."""
        return _Timer(interval_s, beat)


class _Timer:
    """As a widget's, on the virtual clock."""

    def __init__(self, interval_s: float, beat: Callable[[], Any]) -> None:
        self._interval_s, self._beat = interval_s, beat
        self._next = asyncio.get_running_loop().call_later(interval_s, self._fire)

    def _fire(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._interval_s, self._fire)
        self._beat()

    def stop(self) -> None:
        """No more beats."""
        self._next.cancel()
