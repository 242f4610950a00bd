"""Pieces of a server's lives that several trials need."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from reliability.load import Day, Load, days, open_day
from support.servers import ServerProcess, server_process, until

EXIT_DISK = 70

Finish = Callable[[], Awaitable[None]]
"""Lets terminals finish what they asked."""


async def days_aside(house: Path) -> list[Day]:
    """All days of a data directory, which stays as it is."""
    with tempfile.TemporaryDirectory(prefix="walkin-aside-") as aside:
        shutil.copytree(house, aside, dirs_exist_ok=True)
        return await days(Path(aside))


async def killed_life(house: Path, port: int, load: Load, count: int) -> None:
    """A server that starts, answers so many questions, and is killed."""
    async with server_process(house, port) as server:
        await server.ready()
        await open_day(f"ws://127.0.0.1:{port}")
        await load.more(count)
        server.signal(signal.SIGKILL)
        await server.ended()


async def last_life(house: Path, port: int, load: Load, count: int, finish: Finish) -> None:
    """A server that starts, answers so many questions and all that were asked before, and ends as told."""
    async with server_process(house, port) as server:
        await server.ready()
        await open_day(f"ws://127.0.0.1:{port}")
        await load.more(count)
        await finish()
        await told_to_end(server)


async def told_to_end(server: ServerProcess) -> None:
    """It ends as it should."""
    server.signal(signal.SIGTERM)
    status, said = await server.ended()
    assert status == 0, f"exit status {status}: {said[-500:]}"


async def worked(server: ServerProcess, port: int, load: Load, count: int) -> tuple[int, str] | None:
    """Let it answer so many questions; status and last words when it ends before; none when it does not."""

    async def asked() -> None:
        await open_day(f"ws://127.0.0.1:{port}")
        await load.more(count)  # from now on: what a desk is told while the day is closed writes nothing

    ended, answered = asyncio.create_task(server.ended()), asyncio.create_task(asked())
    try:
        await asyncio.wait({ended, answered}, return_when=asyncio.FIRST_COMPLETED)
        return ended.result() if ended.done() else answered.result()
    finally:
        for task in (ended, answered):
            task.cancel()
        await asyncio.gather(ended, answered, return_exceptions=True)


@asynccontextmanager
async def frozen(server: ServerProcess) -> AsyncIterator[None]:
    """It stands still while the context lasts, and no call of it is under way."""
    threads = Path("/proc", str(server.process.pid), "task")

    def still() -> bool:
        return all("\nState:\tT" in (one / "status").read_text() for one in threads.iterdir())

    server.signal(signal.SIGSTOP)
    try:
        await until(still)
        yield
    finally:
        server.signal(signal.SIGCONT)


def memory_kb(server: ServerProcess, what: str) -> int:
    """VmRSS is what it takes now, VmHWM the most it took."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{what}:"))


def prove_told(status: int, said: str, *, expected: tuple[int, ...] = (EXIT_DISK,)) -> None:
    """It ended with this status, and with a sentence for a person."""
    assert status in expected, f"exit status {status}: {said[-500:]}"
    assert "Traceback" not in said, said[-500:]
    last = said.strip().splitlines()[-1]
    assert last[0].isupper(), f"no sentence: {last}"
    assert last.endswith("."), f"no sentence: {last}"
