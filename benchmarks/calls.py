"""From a counsellor's key to the last board, beside a bare fan-out of a frame of the same size."""

import asyncio
import tempfile
import time
from pathlib import Path

from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from benchmarks.load import (
    answer,
    ask,
    frame_of,
    lines,
    percentile,
    picture,
    terminal,
    terminals,
    ticket_frame,
)
from benchmarks.processes import BARE, running, walkin
from protocol import commands as c
from protocol.codec import decode_from_server
from protocol.envelope import Accepted, Called
from protocol.ids import Role
from protocol.views import BoardView

BOARDS = (10, 100, 1000)
CALLS = 60
SETTLE_S = 0.03
"""Between two calls: faster than any counsellor, slower than the server's least gap between pictures."""


class FanOut(Struct):
    """One number of boards: ours and bare."""

    boards: int
    call_p50_ms: float
    call_p99_ms: float
    bare_p50_ms: float
    bare_p99_ms: float


async def measure(config: Path, counsellor: str) -> list[FanOut]:
    """Calls and bare fan-outs, interleaved."""
    with tempfile.TemporaryDirectory() as directory:
        async with (
            running(*walkin(Path(directory), config)) as ours,
            running(*BARE) as bare,
            terminal(ours.url, Role.RECEPTION, "reception-1") as reception,
            terminal(ours.url, Role.KIOSK, "kiosk-1") as kiosk,
            terminal(ours.url, Role.COUNSELLOR, "desk-1", "1") as desk,
        ):
            await ask(reception, c.OpenDay())
            await ask(desk, c.OpenDesk(counsellor))
            draining = asyncio.create_task(_drain(reception))
            try:
                return [await _boards(ours.url, bare.url, count, kiosk, desk) for count in BOARDS]
            finally:
                draining.cancel()


async def _drain(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


async def _boards(
    ours: str, bare: str, count: int, kiosk: ClientConnection, desk: ClientConnection
) -> FanOut:
    names = [f"board-{number}" for number in range(count)]
    called: list[float] = []
    fanned: list[float] = []
    async with (
        terminals(ours, Role.BOARD, names) as boards,
        lines(bare, count + 1) as (trigger, *listeners),
    ):
        size = 0
        for board in boards:
            size = len(str(await picture(board)))
        for _ in range(CALLS):
            await answer(kiosk, ticket_frame())
            await asyncio.sleep(SETTLE_S)
            called.append(await _call(boards, desk))
            fanned.append(await _fan(trigger, listeners, "fan" + "x" * size))
    return FanOut(
        boards=count,
        call_p50_ms=percentile(called, 0.5) * 1e3,
        call_p99_ms=percentile(called, 0.99) * 1e3,
        bare_p50_ms=percentile(fanned, 0.5) * 1e3,
        bare_p99_ms=percentile(fanned, 0.99) * 1e3,
    )


async def _call(boards: list[ClientConnection], desk: ClientConnection) -> float:
    """Seconds from the counsellor's key to the last board that has the call."""
    began = time.perf_counter()

    async def ring() -> int:
        reply = decode_from_server(await answer(desk, frame_of(c.CallNext())))
        assert isinstance(reply, Accepted)
        assert isinstance(reply.outcome, Called), reply
        return reply.outcome.call

    ringing = asyncio.create_task(ring())
    seen = [asyncio.create_task(_until_called(board)) for board in boards]
    number = await ringing
    last = max([await task for task in seen], key=lambda found: found[1])
    assert all(task.result()[0] >= number for task in seen)
    ticket = decode_from_server(await answer(desk, frame_of(c.Undo())))
    assert isinstance(ticket, Accepted)
    await asyncio.sleep(SETTLE_S)
    return last[1] - began


async def _until_called(board: ClientConnection) -> tuple[int, float]:
    """The number of the newest call and when it came: the first picture in which a call is not withdrawn."""
    while True:
        view = (await picture(board)).view
        assert isinstance(view, BoardView)
        if view.calls and not view.calls[0].withdrawn:
            return view.calls[0].call, time.perf_counter()


async def _fan(trigger: ClientConnection, listeners: list[ClientConnection], frame: str) -> float:
    began = time.perf_counter()
    waiting = [asyncio.create_task(listener.recv()) for listener in listeners]
    await trigger.send(frame)
    await asyncio.gather(*waiting)
    return time.perf_counter() - began
