"""The real server under strace: what it does to its disk is written down, made to fail, or made to wait."""

import asyncio
import functools
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from reliability.launch import launched
from support.servers import PATIENCE_S, ServerProcess, until

DISK_CALLS = (
    *("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "openat"),
    *("unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat"),
)
SOCKET_CALLS = ("sendto", "sendmsg")
TAIL_BYTES = 200
STRING_BYTES_MAX = 1_000_000
"""Longer than anything the server writes or sends in one call: nothing is left out of the record."""


@functools.cache
def missing() -> str:
    """Why no program can be traced here, in a sentence; empty when one can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "-o", os.devnull, "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "ptrace is not permitted here"


def recording(record: Path) -> Sequence[str]:
    """Options to write down all that is done to files, and all that is sent."""
    calls = ",".join(f"?{name}" for name in (*DISK_CALLS, *SOCKET_CALLS))
    return ("-xx", "-y", "-s", str(STRING_BYTES_MAX), "-o", str(record), "-e", f"trace={calls}")


def injecting(record: Path, calls: Sequence[str], what: str, files: Sequence[Path]) -> Sequence[str]:
    """Options to do this to these calls on these files; what was done is written down."""
    names = ",".join(f"?{name}" for name in calls)
    only = (option for file in files for option in ("-P", str(file)))
    return ("-y", "-o", str(record), *only, "-e", f"trace={names}", "-e", f"inject={names}:{what}")


def data_files(database: Path) -> tuple[Path, ...]:
    """A database and the files that SQLite puts beside it."""
    return tuple(database.with_name(database.name + end) for end in ("", "-wal", "-journal", "-shm"))


@asynccontextmanager
async def traced_server(directory: Path, port: int, options: Sequence[str]) -> AsyncIterator[ServerProcess]:
    """The real program, strace beside it from its first instruction."""
    async with launched(directory, port, before=("strace", "-D", "-f", "--seccomp-bpf", *options)) as server:
        yield server


async def written(record: Path, server: ServerProcess) -> str:
    """All that strace wrote about a server that has ended: it may write on for a moment."""

    ends = re.compile(rf"^{server.process.pid} +\+\+\+ ", re.MULTILINE)

    def whole() -> bool:
        return ends.search(_tail(record)) is not None

    await until(whole)
    return await asyncio.to_thread(record.read_text, encoding="ascii")


def _tail(record: Path) -> str:
    with record.open("rb") as lines:
        lines.seek(max(0, record.stat().st_size - TAIL_BYTES))
        return lines.read().decode("ascii")


@asynccontextmanager
async def attached(server: ServerProcess, options: Sequence[str]) -> AsyncIterator[None]:
    """strace on a server that runs already, while the context lasts."""
    strace = await asyncio.create_subprocess_exec(
        *("strace", "-f", *options, "-p", str(server.process.pid)), stderr=asyncio.subprocess.PIPE
    )
    assert strace.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            said = await strace.stderr.readline()
        assert b" attached" in said, said.decode()
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(strace.pid, signal.SIGTERM)  # asyncio's own would race with the one who waits for its end
        await strace.communicate()
