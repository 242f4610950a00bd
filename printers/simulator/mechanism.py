"""The mechanism: executes a program at the speed of paper, and stands still when it must."""

import asyncio

from printers.simulator.changes import Changes
from printers.simulator.faults import Faults
from printers.simulator.program import Program, Take, Work
from printers.simulator.reception import Reception
from printers.simulator.state import State

MOVE_S = 0.05
"""Paper moves in pieces this long, so that a cover opened in the middle of a picture stops it there."""


class Mechanism:
    """One program at a time; `dots_per_s` None = no waiting at all."""

    def __init__(
        self, received: Reception, state: State, faults: Faults, changes: Changes, dots_per_s: float | None
    ) -> None:
        self._received = received
        self._state = state
        self._faults = faults
        self._changes = changes
        self._dots_per_s = dots_per_s
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """It has a program."""
        return self._task is not None

    def start(self, program: Program) -> None:
        """Executes this program from now on; one under way is broken off where it is."""
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._run(program), name="printer mechanism")

    async def halt(self) -> None:
        """Stops at once."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, program: Program) -> None:
        step = next(program)
        while True:
            match step:
                case Take(count):
                    step = program.send(await self._bytes(count))
                case Work(dots):
                    await self._move(dots)
                    step = program.send(b"")
                    self._changes.tell()

    async def _bytes(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            while self._stands_still or not self._received:
                await self._changes.next()
            taken += self._received.take(count - len(taken))
        return taken

    async def _move(self, dots: float) -> None:
        while True:
            while self._stands_still:
                await self._changes.next()
            speed = self._faults.dots_per_s or self._dots_per_s
            if speed is None or dots <= 0:
                return
            piece = min(dots, speed * MOVE_S)
            await asyncio.sleep(piece / speed)
            dots -= piece

    @property
    def _stands_still(self) -> bool:
        return self._state.offline or not self._faults.moves
