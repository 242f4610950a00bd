"""A server that stands still is missed by its supervisor, killed and started again."""

import asyncio
import random
import re
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from reliability.crowd import Board, Paced, Watcher, all_rung, came_true, in_sync, played, watching
from reliability.launch import launched
from reliability.load import at_work, check, days, free_port, open_day
from reliability.trial import Trial
from support.badges import badge
from support.broken import ROOT
from support.servers import START_PATIENCE_S, ServerProcess

from protocol.ids import Role
from protocol.views import BoardView

UNIT = (ROOT / "deploy" / "walkin-server.service").read_text(encoding="utf-8")
ANSWERS = 20
BEFORE_S = (0.0, 2.0)
WORD_BYTES_MAX = 256


def _said(what: str) -> float:
    """A figure of the unit with which the server is installed."""
    found = re.search(rf"^{what}=(\d+)", UNIT, re.MULTILINE)
    assert found is not None, what
    return float(found[1])


WATCHDOG_S, PAUSE_S = _said("WatchdogSec"), _said("RestartSec") / 1000


class Supervisor:
    """Does what systemd does with that unit: hears signs of life, kills who gives none, starts it again."""

    def __init__(self, directory: Path, port: int) -> None:
        self.server: ServerProcess | None = None
        self.ready = asyncio.Event()
        """It has said so, and lives."""
        self.statuses: list[int] = []
        """How its lives ended."""
        self.missed = 0
        """So many of them fell silent."""
        self._directory, self._port = directory, port

    async def run(self) -> None:
        """One life after the other, until one ends in good order."""
        while not self.statuses or self.statuses[-1] != 0:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                address = self._directory.with_name(f"notify-{len(self.statuses)}")
                line.bind(str(address))
                line.setblocking(False)
                told = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": f"{WATCHDOG_S * 1e6:.0f}"}
                async with launched(self._directory, self._port, environment=told) as self.server:
                    await self._attend(self.server, line)
            await asyncio.sleep(PAUSE_S)

    async def _attend(self, server: ServerProcess, line: socket.socket) -> None:
        """Until it has ended, of its own or because it fell silent."""
        ended = asyncio.create_task(server.process.communicate())
        listening = asyncio.create_task(self._listen(line))
        try:
            await asyncio.wait({ended, listening}, return_when=asyncio.FIRST_COMPLETED)
            self.ready.clear()
            if not ended.done():
                self.missed += 1
                server.signal(signal.SIGABRT)
                server.signal(signal.SIGCONT)  # as systemd: who stands still would not hear that it is to die
            await ended
        finally:
            for task in (ended, listening):
                task.cancel()
            await asyncio.gather(ended, listening, return_exceptions=True)
        assert server.process.returncode is not None
        self.statuses.append(server.process.returncode)

    async def _listen(self, line: socket.socket) -> None:
        """While there are signs of life; TimeoutError when there is none in time."""
        loop, patience_s = asyncio.get_running_loop(), START_PATIENCE_S
        while True:
            async with asyncio.timeout(patience_s):
                words = (await loop.sock_recv(line, WORD_BYTES_MAX)).decode().splitlines()
            if "READY=1" in words:
                self.ready.set()
                patience_s = WATCHDOG_S


@asynccontextmanager
async def supervised(directory: Path, port: int) -> AsyncIterator[Supervisor]:
    """A server that lives under a supervisor; in the end it is told to end, and does."""
    supervisor = Supervisor(directory, port)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(supervisor.run())
        await supervisor.ready.wait()
        yield supervisor
        assert supervisor.server is not None
        supervisor.server.signal(signal.SIGTERM)
        await running


def play(seed: int, directory: Path) -> Counter[str]:
    """A server stands still, for good."""
    (house := directory / "house").mkdir()
    return played(_play(random.Random(seed), house))


async def _play(dice: random.Random, house: Path) -> Counter[str]:
    port, load = free_port(), Paced()
    url = f"ws://127.0.0.1:{port}"
    board = Board(url, "board-1")
    watchers = [
        board,
        Watcher(url, badge(Role.RECEPTION, "reception-1")),
        Watcher(url, badge(Role.COUNSELLOR, "desk-2", "2")),
        Watcher(url, badge(Role.KIOSK, "kiosk-2")),
    ]
    async with supervised(house, port) as supervisor:
        await open_day(url)
        async with watching(watchers), at_work(load, url) as finish:
            await in_sync(url, watchers, "with the first")
            await load.more(ANSWERS)
            await asyncio.sleep(dice.uniform(*BEFORE_S))
            assert supervisor.server is not None
            supervisor.server.signal(signal.SIGSTOP)
            missed = await came_true(lambda: bool(supervisor.statuses), WATCHDOG_S + START_PATIENCE_S)
            assert missed, f"nobody missed it within {WATCHDOG_S + START_PATIENCE_S:.0f} s"
            async with asyncio.timeout(START_PATIENCE_S):
                await supervisor.ready.wait()
            took_s = await in_sync(url, watchers, "with the second")
            await load.more(ANSWERS)
            await finish()
            assert isinstance(board.view, BoardView)
            await all_rung([board], board.view.calls[0].call)
    assert supervisor.statuses == [-signal.SIGABRT, 0], f"its lives ended so: {supervisor.statuses}"
    assert supervisor.missed == 1, f"{supervisor.missed} were missed"
    left = await days(house)
    check(load.answers, left)
    return Counter(
        {
            "missed, killed and started again": supervisor.missed,
            "answers": len(load.answers),
            "ms until all were in sync with the next": round(1000 * took_s),
        }
    )


TRIALS = (
    Trial(
        name="watchdog",
        one_try="A server under a supervisor that does with it what systemd does with its unit stands still"
        f" (SIGSTOP) for good. {WATCHDOG_S:.0f} s after its last sign of life it is killed and begun anew.",
        never="a server that is not missed, or killed although it lives; an answer that is not on disk; a"
        " question done twice; a board that does not ring every call once and in order; a terminal that shows"
        " the past 10 s after the next server is ready.",
        gate=1,
        night=100,
        play=play,
        meets=("missed, killed and started again", "answers"),
    ),
)
