"""The simulated printer as a program: listens, prints, keeps every slip."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from printers.simulator.paper import Paper
from printers.simulator.printer import SimulatedPrinter

SPEED_DOTS_PER_S = 1200.0
"""150 mm a second at 203 dpi: a common ticket printer."""


async def run(
    host: str, port: int, directory: Path | None, width_dots: int, announce: Callable[[Paper], None]
) -> None:
    """Prints until cancelled: `announce` gets every slip; a directory keeps 0001.png, .txt and .bin."""
    if directory is not None:
        await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    slips: asyncio.Queue[Paper] = asyncio.Queue()
    printer = SimulatedPrinter(width_dots, dots_per_s=SPEED_DOTS_PER_S, on_slip=slips.put_nowait)
    await printer.listen(host, port)
    try:
        while True:
            paper = await slips.get()
            if directory is not None:
                await asyncio.to_thread(partial(keep, paper, directory))
            announce(paper)
    finally:
        await printer.stop()


def keep(paper: Paper, directory: Path) -> None:
    """Writes one slip as picture, text and bytes, under its serial number; never over an older file."""
    first = paper.serial
    while (directory / f"{first:04}.png").exists():
        first += 1
    (directory / f"{first:04}.png").write_bytes(paper.png)
    (directory / f"{first:04}.txt").write_text(paper.text + "\n", encoding="utf-8")
    (directory / f"{first:04}.bin").write_bytes(paper.raw)
