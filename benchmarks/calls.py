"""From a counsellor's key to the last board, beside a bare fan-out of a frame of the same size."""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from benchmarks.disk import Disk
from benchmarks.load import (
    answer,
    ask,
    frame_of,
    lines,
    open_day,
    percentile,
    sit_down,
    terminal,
    ticket_frame,
)
from benchmarks.processes import BARE, running, walkin
from protocol import commands as c
from protocol.codec import decode_from_server
from protocol.envelope import Accepted, Called

BOARDS = (10, 100, 1000)
CALLS = {10: 400, 100: 250, 1000: 40}
"""By number of boards: with hundreds the 99th percentile is not the worst of all."""
FRAME_CHARS = 4000
"""A board's picture with some calls; with all 64 it is 12,000."""
SETTLE_S = 0.06
"""Between two calls: faster than any counsellor, slower than the server's least gap between pictures."""


class FanOut(Struct):
    """One number of boards: ours and bare."""

    boards: int
    call_p50_ms: float
    call_p99_ms: float
    bare_p50_ms: float
    bare_p99_ms: float
    commit_p99_ms: float


async def measure(config: Path, counsellor: str, count: int) -> FanOut:
    """Calls, bare fan-outs and bare commits, interleaved: whatever disturbs one disturbs all."""
    with tempfile.TemporaryDirectory() as directory:
        async with (
            walkin(Path(directory), config) as ours,
            running(*BARE) as bare,
            terminal(ours.url, "reception-1") as reception,
            terminal(ours.url, "kiosk-1") as kiosk,
            terminal(ours.url, "desk-1") as desk,
        ):
            await open_day(reception)
            await sit_down(desk, counsellor)
            disk = Disk(Path(directory) / "raw.db")
            draining = asyncio.create_task(_drain(reception))
            try:
                return await _boards(ours.url, bare.url, count, kiosk, desk, disk)
            finally:
                draining.cancel()
                disk.close()


async def _drain(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


NEWEST = '"calls":[{"call":'
"""What stands before the number of the newest call in a board's picture."""


def _newest_call(frame: str) -> int:
    """The newest call in a picture, found without reading all of it: the bare side reads nothing either."""
    start = frame.find(NEWEST)
    if start < 0:
        return 0
    return int(frame[start + len(NEWEST) : frame.index(",", start + len(NEWEST))])


class _Board:
    """A board that reads all the time and notes when it saw which call."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._newest = 0
        self._seen_at = 0.0
        self._changed = asyncio.Event()
        self.shown = asyncio.Event()

    async def read(self) -> None:
        while True:
            frame = await self._connection.recv()
            arrived = time.perf_counter()
            assert isinstance(frame, str)
            self.shown.set()
            newest = _newest_call(frame)
            if newest > self._newest:
                self._newest, self._seen_at = newest, arrived
                self._changed.set()

    async def sees(self, call: int) -> float:
        """When this call was there."""
        while self._newest < call:
            self._changed.clear()
            await self._changed.wait()
        return self._seen_at


async def _boards(
    ours: str, bare: str, count: int, kiosk: ClientConnection, desk: ClientConnection, disk: Disk
) -> FanOut:
    called: list[float] = []
    fanned: list[float] = []
    committed: list[float] = []
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        boards = []
        for number in range(count):
            connection = await stack.enter_async_context(terminal(ours, f"board-{number}"))
            board = _Board(connection)
            boards.append((board, tasks.create_task(board.read())))
        trigger, *listeners = await stack.enter_async_context(lines(bare, count + 1))
        for board, _ in boards:
            await board.shown.wait()
        for _ in range(CALLS[count]):
            await answer(kiosk, ticket_frame())
            await asyncio.sleep(SETTLE_S)
            called.append(await _call([board for board, _ in boards], desk))
            fanned.append(await _fan(trigger, listeners, "fan" + "x" * FRAME_CHARS))
            committed.append(disk.commit(1))
        for _, reading in boards:
            reading.cancel()
    return FanOut(
        boards=count,
        call_p50_ms=percentile(called, 0.5) * 1e3,
        call_p99_ms=percentile(called, 0.99) * 1e3,
        bare_p50_ms=percentile(fanned, 0.5) * 1e3,
        bare_p99_ms=percentile(fanned, 0.99) * 1e3,
        commit_p99_ms=percentile(committed, 0.99) * 1e3,
    )


async def _call(boards: list[_Board], desk: ClientConnection) -> float:
    """Seconds from the counsellor's key to the last board that has the call."""
    began = time.perf_counter()
    reply = decode_from_server(await answer(desk, frame_of(c.CallNext())))
    assert isinstance(reply, Accepted)
    assert isinstance(reply.outcome, Called), reply
    last = max([await board.sees(reply.outcome.call) for board in boards])
    await ask(desk, c.Undo())
    await asyncio.sleep(SETTLE_S)
    return last - began


async def _fan(trigger: ClientConnection, listeners: list[ClientConnection], frame: str) -> float:
    began = time.perf_counter()
    waiting = [asyncio.create_task(listener.recv()) for listener in listeners]
    await trigger.send(frame)
    await asyncio.gather(*waiting)
    return time.perf_counter() - began
