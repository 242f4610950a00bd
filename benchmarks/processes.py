"""Server processes under measurement: ours, and the bare ones beside it."""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

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


def walkin(directory: Path, config: Path) -> tuple[str, ...]:
    """The command of our server on this data directory."""
    return ("-m", "walkin", "server", "--config", str(config), "--data", str(directory), "--port", "0")


_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand boards, ours and bare, in one process

BARE = ("-m", "benchmarks.bare")
