"""What screens cost while nobody touches them: processor time of the real programs, on real terminals."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec import Struct

from benchmarks.feedback import DESK, KIOSK, program, said, signed_in
from benchmarks.load import answer, open_day, terminal, ticket_frame
from benchmarks.processes import walkin
from config.load import load

IDLE_S = 60.0
"""A whole minute: whatever is drawn once a minute is in it."""
WAITING = 200
"""Visitors who wait meanwhile: the worst day of a large centre."""
SCREENS = {
    "kiosk": (KIOSK, (80, 24)),
    "board": ("board-1", (160, 45)),
    "counsellor": (DESK, (120, 36)),
    "reception": ("reception-2", (160, 45)),
}
"""Which terminal each is, and its columns and rows as the documentation advises."""


class Idle(Struct):
    """Processor seconds for each second of the wall's clock, in percent."""

    screen: str
    percent: float


async def measure(config: Path) -> list[Idle]:
    """A kiosk, a board, a desk and reception on a server with people waiting, all at once."""
    async with AsyncExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = await stack.enter_async_context(walkin(base / "data", config))
        async with terminal(server.url, "reception-1") as reception, terminal(server.url, KIOSK) as visitors:
            await open_day(reception)
            for _ in range(WAITING):
                await answer(visitors, ticket_frame())
        screens = {
            role: await stack.enter_async_context(program(role, device, config, server.url, base, size))
            for role, (device, size) in SCREENS.items()
        }
        await screens["kiosk"].seen(said("kiosk.bell"))
        centre = load(config)
        await signed_in(screens["counsellor"], centre.counsellors[0], said("action.pause"))
        await signed_in(screens["reception"], centre.receptionists[0], said("reception.title"))
        for screen in screens.values():
            await screen.settled()
        loop = asyncio.get_running_loop()
        began_s, before = loop.time(), {role: screen.processor_s() for role, screen in screens.items()}
        await asyncio.sleep(IDLE_S)
        took_s = loop.time() - began_s
        return [
            Idle(role, 100 * (screen.processor_s() - before[role]) / took_s)
            for role, screen in screens.items()
        ]
