"""A printer that stops reading in the middle of what it is sent; time is the world's own here."""

import asyncio
import os
from collections.abc import Awaitable, Callable

import pytest
from simulation.loop import VirtualLoop
from support.servers import until
from support.wire import pulled_wire

from config.model import SerialLine
from printers import link
from printers.line import open_serial
from printers.link import STALL_LOOK_S, STALLED_S, TellingStalls

XON, XOFF = b"\x11", b"\x13"


def played(world: Callable[[], Awaitable[object]]) -> None:
    loop = VirtualLoop(seed=1)
    try:
        loop.run_until_complete(world())
    finally:
        loop.end()


def test_a_write_without_headway_is_told_after_two_seconds_and_again_until_it_ends() -> None:
    async def world() -> None:
        clock = asyncio.get_running_loop().time
        began, told = clock(), list[float]()
        with TellingStalls(lambda: 3000, lambda: told.append(clock() - began)):
            await asyncio.sleep(STALLED_S + 3.2 * STALL_LOOK_S)
        await asyncio.sleep(60)
        assert told == pytest.approx([STALLED_S + n * STALL_LOOK_S for n in (1, 2, 3)])

    played(world)


def test_a_printer_that_reads_slowly_alarms_nobody() -> None:
    async def world() -> None:
        clock = asyncio.get_running_loop().time
        told: list[float] = []
        with TellingStalls(lambda: 3000 - int(clock() / (STALLED_S - STALL_LOOK_S)), lambda: told.append(1)):
            await asyncio.sleep(60)
        assert not told

    played(world)


async def test_a_serial_printer_that_says_stop_is_told_of_and_gets_the_rest_when_it_says_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "STALLED_S", 0.0)
    monkeypatch.setattr(link, "STALL_LOOK_S", 0.001)
    with pulled_wire() as wire:
        way = await open_serial(wire.path, SerialLine(baud=115200, flow="xon-xoff"))
        stalled = asyncio.Event()
        way.on_stall = stalled.set
        os.write(wire.printer, XOFF)

        async def slips() -> None:
            while not stalled.is_set():  # the kernel takes its time to hear what the printer says
                await way.write(b"slip")

        writing = asyncio.ensure_future(slips())
        await stalled.wait()
        os.write(wire.printer, XON)
        await until(writing.done)
        assert wire.heard().endswith(b"slip")
        await way.close()
