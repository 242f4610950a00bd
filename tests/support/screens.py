"""The real programs, each in a terminal of its own."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
CONFIG = ROOT / "config" / "brussels.toml"
COLUMNS, ROWS = 80, 24


class Screen:
    """A program in a terminal of its own, and whoever sits before it."""

    def __init__(self, state: Path, *command: str) -> None:
        """`state`: where the program keeps what it remembers."""
        self._keeps = {"XDG_STATE_HOME": str(state)}
        self._command = command
        self._master = -1
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "walkin", *self._command, "--config", str(CONFIG)),
            cwd=ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **self._keeps, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(slave)
        os.set_blocking(self._master, False)
        asyncio.get_running_loop().add_reader(self._master, self._look)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)

    def _look(self) -> None:
        """Read what the program draws, as a terminal does."""
        try:
            os.read(self._master, 65536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self._master)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def tap(self, column: int, row: int) -> None:
        """Touch the screen: press and release in one, as a terminal reports a finger."""
        self.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m".encode())
