"""A program of ours that is killed at the so-manieth call of one kind that it makes to the disk."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from msgspec import Struct
from support.servers import START_PATIENCE_S

ROOT = Path(__file__).parent.parent.parent
Calls = Mapping[str, int]
"""Calls that change a file or wait for it, and how many of each the program makes, about."""


class Ended(Struct, frozen=True):
    """How a program ended, killed or not."""

    status: int
    said: str
    complained: str

    @property
    def killed(self) -> bool:
        """It did not come to its end."""
        return self.status < 0


def some(dice: Random, calls: Calls) -> tuple[str, int]:
    """One of them."""
    call = dice.choice(list(calls))
    return call, dice.randint(1, calls[call])


async def run(*words: object, strike: tuple[str, int] | None = None, before: Sequence[str] = ()) -> Ended:
    """`python -m` with these words and that command before it, killed with SIGKILL at this call."""
    if strike is not None:
        call, when = strike
        kill = f"inject=?{call}:signal=KILL:when={when}"
        before = ("strace", "-f", "-o", os.devnull, "-e", f"trace=?{call}", "-e", kill)
    process = await asyncio.create_subprocess_exec(
        *before,
        *(sys.executable, "-m", *map(str, words)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(START_PATIENCE_S):
        said, complained = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, said.decode(), complained.decode())
