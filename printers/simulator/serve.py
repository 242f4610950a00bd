"""The simulated printer as a program: listens, prints, keeps every slip, does what is typed."""

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from printers.simulator.commands import act, obey
from printers.simulator.keyboard import lines
from printers.simulator.paper import Paper
from printers.simulator.printer import RECEIVE_BUFFER_BYTES, SimulatedPrinter

SPEED_DOTS_PER_S = 1200.0
"""150 mm a second at 203 dpi: a common ticket printer."""


class Trial(Struct, frozen=True, kw_only=True):
    """How the printer is set up, beside its address and its paper."""

    pty: bool = False
    """On a pseudo terminal instead of TCP."""
    link: Path | None = None
    """A name of that terminal that stays."""
    flow_control: bool = True
    buffer_bytes: int = RECEIVE_BUFFER_BYTES
    dots_per_s: float = SPEED_DOTS_PER_S
    faults: tuple[str, ...] = ()
    """Commands obeyed before the first host comes."""
    typed: int | None = None
    """Descriptor from which commands are read; None: nobody sits there."""


async def run(
    host: str,
    port: int,
    directory: Path | None,
    width_dots: int,
    announce: Callable[[Paper], None],
    trial: Trial | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Prints until cancelled or told to end (SIGTERM); a directory keeps 0001.png, .txt and .bin.

    `announce` gets every slip, `say` where the printer is once it is there, then the answer to each command.
    OSError: it cannot be there; NotUnderstood: no such fault.
    """
    trial = trial or Trial()
    if directory is not None:
        await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    slips: asyncio.Queue[Paper] = asyncio.Queue()
    printer = SimulatedPrinter(
        width_dots,
        dots_per_s=trial.dots_per_s,
        buffer_bytes=trial.buffer_bytes,
        on_slip=slips.put_nowait,
    )
    running, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert running is not None
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        say(f"Simulated printer on {await _place(printer, host, port, trial)}.")
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep_all(slips, directory, announce, say))
            if trial.typed is not None:
                group.create_task(_obey_all(printer, trial.typed, say))
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        await printer.stop()


async def _place(printer: SimulatedPrinter, host: str, port: int, trial: Trial) -> str:
    """Puts the printer there, faults and all, and says where."""
    for fault in trial.faults:
        await act(printer, fault)
    if trial.pty:
        return str(printer.plug_serial(flow_control=trial.flow_control, link=trial.link))
    await printer.listen(host, port)
    return f"{host}:{printer.port}"


async def _keep_all(
    slips: asyncio.Queue[Paper],
    directory: Path | None,
    announce: Callable[[Paper], None],
    say: Callable[[str], None],
) -> None:
    while True:
        paper = await slips.get()
        try:
            if directory is not None:
                await asyncio.to_thread(partial(keep, paper, directory))
        except OSError as error:
            say(f"Slip {paper.serial} is not kept in {directory}: {error.strerror}.")
        announce(paper)


async def _obey_all(printer: SimulatedPrinter, typed: int, say: Callable[[str], None]) -> None:
    signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # in the background nothing is typed, and nothing stops
    async for line in lines(typed):
        if line:
            say(await obey(printer, line))


def keep(paper: Paper, directory: Path) -> None:
    """Writes one slip as picture, text and bytes, under its serial number; never over an older file."""
    first = paper.serial
    while (directory / f"{first:04}.png").exists():
        first += 1
    (directory / f"{first:04}.png").write_bytes(paper.png)
    (directory / f"{first:04}.txt").write_text(paper.text + "\n", encoding="utf-8")
    (directory / f"{first:04}.bin").write_bytes(paper.raw)
