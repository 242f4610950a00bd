"""How long anything holds the server's event loop: the real server with a stopwatch in its loop.

Judged by processor time, since a shared machine takes the processor away for tens of milliseconds. The time
by the clock stands beside it, and the longest gap of a program that only looks at the clock.
Run as a module it is the server; `measure` starts it, fills it, and reads what the stopwatch saw.
"""

import asyncio
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from benchmarks.load import (
    answer,
    frame_of,
    open_day,
    percentile,
    sit_down,
    terminal,
    terminals,
    ticket_frame,
)
from benchmarks.processes import furnished, running
from config.load import load
from protocol import commands as c
from queue_server.app import serve

ROUNDS = 3
WAITING = 10_000
BARE_S = 2.0
DESKS = 12


class Held(Struct):
    """Milliseconds that one step of the loop took, in processor time unless said otherwise."""

    steps: int
    p50_ms: float
    p999_ms: float
    longest_ms: float
    longest_by_clock_ms: float


class Steps(Struct):
    """The rounds of one run, and the machine's own interruptions between them."""

    rounds: list[Held]
    bare_gap_ms: float
    """The longest gap, by the clock, of a program that only looks at the clock."""

    @property
    def median(self) -> Held:
        """The round in the middle: what is long by itself is long in each."""
        return sorted(self.rounds, key=lambda held: held.longest_ms)[len(self.rounds) // 2]


async def measure(config: Path) -> Steps:
    """Every kind of terminal connected, 10,000 waiting, commands of each kind; several times."""
    rounds, gaps = [], []
    for _ in range(ROUNDS):
        rounds.append(await _round(config))
        gaps.append(_longest_gap(BARE_S))
    return Steps(rounds, max(gaps) * 1e3)


async def _round(config: Path) -> Held:
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "held.json"
        own = await furnished(Path(directory) / "data", config)
        command = ("-m", "benchmarks.loop", str(own), directory, str(report))
        async with running(*command) as server:
            await _work(server.url, [one.id for one in load(config).counsellors])
        return Held(**json.loads(await asyncio.to_thread(report.read_text, encoding="utf-8")))


def _longest_gap(seconds: float) -> float:
    longest, began = 0.0, time.perf_counter()
    before = began
    while before < began + seconds:
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest


async def _work(url: str, counsellors: list[str]) -> None:
    async with (
        terminal(url, "reception-1") as reception,
        terminals(url, ["kiosk-1"] * 8) as kiosks,
        terminals(url, [f"board-{n}" for n in range(10)]) as boards,
    ):
        drains = [asyncio.create_task(_drain(board)) for board in boards]
        await open_day(reception)
        for _ in range(WAITING // len(kiosks)):
            await asyncio.gather(*(answer(kiosk, ticket_frame()) for kiosk in kiosks))
        for number in range(1, DESKS + 1):
            async with terminal(url, f"desk-{number}") as desk:
                await sit_down(desk, counsellors[number])
                for _ in range(20):
                    await answer(desk, frame_of(c.CallNext()))
                    await answer(desk, frame_of(c.Undo()))
        for drain in drains:
            drain.cancel()


async def _drain(connection: Any) -> None:
    while True:
        await connection.recv()


async def _serve(config: Path, directory: Path, report: Path) -> None:
    """The server, with every step of its loop timed."""
    took: list[float] = []
    by_clock: list[float] = []
    run = asyncio.Handle._run  # noqa: SLF001 - the one place where every step of a loop passes

    def timed(handle: asyncio.Handle) -> None:
        began, worked = time.perf_counter(), time.thread_time()
        run(handle)
        took.append(time.thread_time() - worked)
        by_clock.append(time.perf_counter() - began)

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    def ready(url: str) -> None:
        print(f"server ready on {url}", flush=True)
        asyncio.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001

    await serve(load(config), directory, "127.0.0.1", 0, stop, ready)
    asyncio.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001
    held = {
        "steps": len(took),
        "p50_ms": percentile(took, 0.5) * 1e3,
        "p999_ms": percentile(took, 0.999) * 1e3,
        "longest_ms": max(took) * 1e3,
        "longest_by_clock_ms": max(by_clock) * 1e3,
    }
    await asyncio.to_thread(report.write_text, json.dumps(held), encoding="utf-8")


if __name__ == "__main__":
    from walkin.logs import configure_logs

    configure_logs()
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2]) / "data", Path(sys.argv[3])))
