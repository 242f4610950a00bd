"""Other people's programs, run beside the screen: with a time limit, ended with all that they started."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress

from voice.trouble import LateError, MissingError, VoiceError

STDERR_BYTES_MAX = 2000
"""What a program may say about its failure."""
_READ_BYTES = 4096
END_S = 1.0
"""A killed program that waits for its sound card dies when the card answers: nobody waits for that."""


async def run(command: Sequence[str], limit_s: float) -> None:
    """Run it to its end; VoiceError when it fails, LateError when it takes longer than `limit_s`.

    Cancelled, the program is ended too. Either takes END_S more at most.
    """
    try:
        process = await _started(command)
    except FileNotFoundError as error:
        raise MissingError(f"{command[0]} is not installed.") from error
    except (OSError, ValueError) as error:
        raise VoiceError(f"{command[0]} cannot be started: {error}.") from error
    try:
        async with asyncio.timeout(limit_s):
            said = await _told(process)
            status = await process.wait()
    except TimeoutError as error:
        raise LateError(f"{command[0]} took longer than {limit_s:.0f} seconds.") from error
    finally:
        await _end(process)
    if status:
        raise VoiceError(f"{command[0]} failed ({status}): {said or 'it does not say why'}")


async def _started(command: Sequence[str]) -> asyncio.subprocess.Process:
    """The program, running; cancelled meanwhile, it is ended: by then it may have started others."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError, ValueError):
            await _end(await starting)
        raise


async def _told(process: asyncio.subprocess.Process) -> str:
    """The last line on its standard error, of the little that is kept; all of it is read."""
    assert process.stderr is not None
    kept = b""
    while chunk := await process.stderr.read(_READ_BYTES):
        kept = (kept + chunk)[-STDERR_BYTES_MAX:]
    lines = kept.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""


async def _end(process: asyncio.subprocess.Process) -> None:
    """Nothing of it is left, neither the program nor what it started, unless the kernel holds it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(END_S):
            await process.wait()
