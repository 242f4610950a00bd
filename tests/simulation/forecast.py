"""Stands for the forecast, which really plays the queue on in a process of its own: here it is a robot."""

import asyncio
from random import Random

from simulation.robots import FIELDS, SPOKEN

from queue_server.core.housekeeping import EndIntake
from queue_server.engine import Engine, StoppedError

FORESEEN_S = (40.0, 120.0)
"""Between two times when whoever came for a field in a language would not be served any more."""


async def foresees(engine: Engine, dice: Random) -> None:
    """Now and then tickets of a field in a language come to an end for today; until the server ends."""
    while True:
        await asyncio.sleep(dice.uniform(*FORESEEN_S))
        try:
            engine.wish(EndIntake(((dice.choice(FIELDS), dice.choice(SPOKEN)),)))
        except StoppedError:
            return
