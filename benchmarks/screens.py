"""Programs with a screen, each in a terminal of its own: typed and tapped at, listened to, and weighed."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from benchmarks.processes import ROOT

COLUMNS, ROWS = 80, 24
READ_BYTES = 1 << 16
DRAWN_TIMEOUT_S = 30.0
"""Longest wait for a screen to be drawn: bounds a failing run."""
QUIET_S = 0.25
"""A screen on which nothing changes for so long has been drawn."""

_SYNC = re.compile(rb"\x1b\[\?2026[hl]")
_TOUCHED = re.compile(rb"[^\x00-\x1f]")


class Screen:
    """A program on a terminal."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.pid = process.pid
        self._master = master
        self._drawn: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    def listen(self) -> Self:
        """Take note of every piece that the program draws, and when."""
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    def _read(self) -> None:
        try:
            piece = os.read(self._master, READ_BYTES)
        except OSError:  # the program has ended
            asyncio.get_running_loop().remove_reader(self._master)
            return
        self._drawn.put_nowait((asyncio.get_running_loop().time(), piece))

    async def settled(self) -> None:
        """Nothing has been drawn for a while."""
        async with asyncio.timeout(DRAWN_TIMEOUT_S):
            while True:
                try:
                    async with asyncio.timeout(QUIET_S):
                        await self._drawn.get()
                except TimeoutError:
                    return

    async def seen(self, words: str) -> None:
        """The screen has said this, in one line and one look."""
        said = b""
        async with asyncio.timeout(DRAWN_TIMEOUT_S):
            while words.encode() not in said:
                said += (await self._drawn.get())[1]

    async def feedback_s(self, column: int, row: int) -> float:
        """Tap here, as a terminal reports a finger; seconds until the first bytes that change it."""
        while not self._drawn.empty():
            self._drawn.get_nowait()
        began = asyncio.get_running_loop().time()
        os.write(self._master, f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m".encode())
        async with asyncio.timeout(DRAWN_TIMEOUT_S):
            while True:
                at, piece = await self._drawn.get()
                if _TOUCHED.search(_SYNC.sub(b"", piece)):
                    return at - began

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def processor_s(self) -> float:
        """Seconds of processor time that the program has had."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def on_screen(
    state: Path, command: Sequence[str], size: tuple[int, int] = (COLUMNS, ROWS)
) -> AsyncIterator[Screen]:
    """A program (arguments of python) in a terminal of so many columns and rows; killed on leaving.

    `state`: where it keeps what it remembers.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={
            **os.environ,
            "XDG_STATE_HOME": str(state),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        },
    )
    os.close(slave)
    os.set_blocking(master, False)
    try:
        yield Screen(process, master).listen()
    finally:
        process.kill()
        await process.wait()
        asyncio.get_running_loop().remove_reader(master)
        os.close(master)
