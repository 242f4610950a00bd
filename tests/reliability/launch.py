"""The real server, started in a network or a time of its own; however much it logs, it is never held up."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from support.badges import enrol
from support.servers import ROOT, ServerProcess, brussels_in_a_hurry

LOG_BYTES = 16 * 1024 * 1024
"""So much of its log is kept until somebody reads it."""


@asynccontextmanager
async def launched(
    directory: Path,
    port: int,
    *,
    host: str = "127.0.0.1",
    before: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[ServerProcess]:
    """The real program, by the command that stands before it; killed at the end if it still runs."""
    enrol(directory)
    config = brussels_in_a_hurry()
    process = await asyncio.create_subprocess_exec(
        *before,
        *(sys.executable, "-m", "walkin", "server", "--config", str(config)),
        *("--data", str(directory), "--host", host, "--port", str(port)),
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LOG_BYTES,
    )
    server = ServerProcess(process)
    try:
        yield server
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()
