"""A centre to try things on: a queue server in a process of its own, and simulated printers it prints on."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from config.model import TICKETS_MAX, Centre
from config.write import text_of
from printers.simulator.paper import Paper
from printers.simulator.printer import SimulatedPrinter
from protocol.badge import Badge
from protocol.ids import DeviceName, Role, StaffId
from protocol.orders import Pin
from queue_server.devices import Device
from walkin.devices import enrol
from walkin.staff import employ

HOST = "127.0.0.1"
READY_TIMEOUT_S = 20.0
"""Cold start of a small machine, with room."""
STOP_TIMEOUT_S = 10.0
READY = "walkin server ready on "


class Stand(Struct, frozen=True):
    """A running centre: where its server is, the badges of its terminals, and the PINs of its people."""

    url: str
    badges: dict[DeviceName, Badge]
    pins: dict[StaffId, Pin]


class StandError(Exception):
    """The server of the stand did not start; the sentence carries what it said."""


def hurried(centre: Centre) -> Centre:
    """The same centre for visitors whom a machine plays: its kiosks give every ticket that is asked for."""
    rules = replace(
        centre.rules,
        tickets_per_field_max=TICKETS_MAX,
        tickets_per_kiosk_max=TICKETS_MAX,
        last_tickets="closing",
    )
    return replace(centre, rules=rules)


def in_a_hurry(centre: Centre, path: Path) -> Path:
    """The hurried centre's own file, for a server of its own; gives the path."""
    path.write_text(text_of(hurried(centre)), encoding="utf-8")
    return path


@asynccontextmanager
async def own_centre(
    config_path: Path,
    centre: Centre,
    directory: Path,
    devices: Sequence[Device],
    people: Mapping[StaffId, Role],
    on_slip: Callable[[Paper], None],
    dots_per_s: float | None,
) -> AsyncIterator[Stand]:
    """A running centre of these devices and people, its data in this directory; ends all on leaving."""
    await asyncio.to_thread(directory.mkdir, parents=True, exist_ok=True)
    pins = await employ(directory, people)
    badges = {badge.device: badge for badge in await enrol(directory, devices)}
    async with AsyncExitStack() as stack:
        options: list[str] = []
        for printer in centre.printers:
            simulated = await stack.enter_async_context(
                SimulatedPrinter(printer.width_dots, dots_per_s=dots_per_s, on_slip=on_slip)
            )
            options += ["--printer", f"{printer.name}={HOST}:{simulated.port}"]
        url = await stack.enter_async_context(_server(config_path, directory, options))
        yield Stand(url, badges, pins)


@asynccontextmanager
async def _server(config_path: Path, directory: Path, options: list[str]) -> AsyncIterator[str]:
    with (directory / "server.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "walkin", "server", "--port", "0", "--host", HOST),
            *("--config", str(config_path), "--data", str(directory), *options),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        yield await _address(process, directory)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _address(process: asyncio.subprocess.Process, directory: Path) -> str:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            line = (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        line = ""
    if not line.startswith(READY):
        said = (directory / "server.log").read_text(encoding="utf-8", errors="replace")[-1000:]
        raise StandError(f"The queue server did not start. It said: {said or 'nothing'}")
    return line.removeprefix(READY)
