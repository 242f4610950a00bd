"""The real programs, each with a mistake built in, in a terminal of its own; and what is seen there."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from pathlib import Path

from msgspec import Struct
from support.servers import ROOT, START_PATIENCE_S

COLUMNS, ROWS = 100, 40
PROGRAM = """
import sys
exec(sys.argv.pop(1))
from walkin.cli import main
main(sys.argv[1:])
"""


class End(Struct):
    """How a program ended."""

    status: int
    seen: str
    """All that was on its terminal, with what moves the cursor."""


async def struck(state: Path, mistake: str, *command: str) -> End:
    """Run a command to its end, after these lines of Python; `state`: where it keeps what it remembers."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, mistake, *command),
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "XDG_STATE_HOME": str(state), "TERM": "xterm-256color"},
    )
    os.close(slave)
    try:
        seen = await asyncio.wait_for(asyncio.to_thread(_all_of, master), START_PATIENCE_S)
        return End(await asyncio.wait_for(program.wait(), START_PATIENCE_S), seen)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
        os.close(master)


def _all_of(terminal: int) -> str:
    """Everything until its program has let go of it."""
    seen = bytearray()
    try:
        while said := os.read(terminal, 65536):
            seen += said
    except OSError:  # so a terminal ends under Linux
        pass
    return seen.decode(errors="replace")
