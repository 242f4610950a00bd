"""Server processes under measurement: ours, and the bare ones beside it."""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from config.load import load
from protocol.badge import Badge
from protocol.ids import DeviceName, Role, StaffId
from protocol.orders import Pin
from queue_server.devices import Device
from queue_server.store.house import REGISTRY
from walkin.devices import enrol
from walkin.staff import employ
from walkin.stand import in_a_hurry

ROOT = Path(__file__).parent.parent
READY_TIMEOUT_S = 60.0


class Running(Struct):
    """A server process and where it listens."""

    url: str
    pid: int
    started_in_s: float

    @property
    def resident_mb(self) -> float:
        """Resident memory now, MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmRSS")


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[Running]:
    """A process that says `… ready on URL` on its first line; ended on leaving."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            line = (await process.stdout.readline()).decode()
        assert " ready on " in line, f"{command} said {line!r}"
        yield Running(line.split()[-1], process.pid, loop.time() - began)
    finally:
        process.terminate()
        await process.wait()


BADGES: dict[DeviceName, Badge] = {}
"""Of the terminals of the centre whose server was started last on a directory of its own."""
PINS: dict[StaffId, Pin] = {}
"""Of its people."""
BOARDS = 1000


async def furnished(directory: Path, config: Path) -> Path:
    """This data directory knows a thousand boards, every other terminal and the team; whose centre it is.

    Its kiosks give as many tickets as are asked for.
    """
    centre = load(config)
    if not (directory / REGISTRY).exists():
        devices = [Device(f"board-{number}", Role.BOARD) for number in range(BOARDS)]
        devices += [Device(f"reception-{number}", Role.RECEPTION) for number in (1, 2)]
        devices += [Device(kiosk.name, Role.KIOSK) for kiosk in centre.kiosks]
        devices += [Device(f"desk-{desk.id}", Role.COUNSELLOR, desk.id) for desk in centre.desks]
        hosts = {f"host-{number}": Role.RECEPTION for number in (1, 2)}
        hosts |= {one.id: Role.RECEPTION for one in centre.receptionists}
        counsellors = {one.id: Role.COUNSELLOR for one in centre.counsellors}
        PINS.update(await employ(directory, hosts | counsellors))
        BADGES.update({badge.device: badge for badge in await enrol(directory, devices)})
    return in_a_hurry(centre, directory.with_suffix(".toml"))


@asynccontextmanager
async def walkin(directory: Path, config: Path) -> AsyncIterator[Running]:
    """Our server on this data directory, furnished; no terminal has to hold its messages back."""
    own = await furnished(directory, config)
    command = (
        "-m",
        "benchmarks.unpaced",
        "server",
        "--config",
        str(own),
        "--data",
        str(directory),
        "--port",
        "0",
    )
    async with running(*command) as server:
        yield server


_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand boards, ours and bare, in one process

BARE = ("-m", "benchmarks.bare")
