"""Lines from standard input: a terminal, a pipe or a file, whose end ends nothing."""

import asyncio
import os
from collections.abc import AsyncIterator

READ_BYTES_MAX = 4096
LINE_BYTES_MAX = 200
"""More than any command; the rest of a longer line is another line."""


async def lines(descriptor: int) -> AsyncIterator[str]:
    """Each line as it comes, without its end, until the input ends. Never blocks the loop, never raises."""
    waiting = b""
    while chunk := await _read(descriptor):
        *whole, waiting = (waiting + chunk).split(b"\n")
        if len(waiting) > LINE_BYTES_MAX:
            whole, waiting = [*whole, waiting], b""
        for line in whole:
            yield line.decode(errors="replace").strip()
    if waiting:
        yield waiting.decode(errors="replace").strip()


async def _read(descriptor: int) -> bytes:
    """Empty at the end, and when the terminal belongs to another program now."""
    readable = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        loop.add_reader(descriptor, readable.set)
    except OSError:
        pass  # a file, or no input at all: a read does not wait
    else:
        try:
            await readable.wait()
        finally:
            loop.remove_reader(descriptor)
    try:
        return os.read(descriptor, READ_BYTES_MAX)
    except OSError:
        return b""
