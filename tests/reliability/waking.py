"""Terminals are stuck in a quiet house, which wakes up while their first ping is under way."""

import asyncio
import random
import signal
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from reliability.clients import GONE, STUCK_MAX, full_house
from reliability.crowd import played, watching
from reliability.load import Load, at_work, check, days
from reliability.stuck import KINDS, Doorkeeper, stuck
from reliability.trial import Trial

from protocol.ids import Role

ROLES = (Role.BOARD, Role.RECEPTION)
APART_S, WAKES_S = 2.0, (0.5, 0.9)
"""Between the groups in which they join, and from the last group until the house wakes. A ping goes out 4 s
after each has joined, and its answer is waited for until 8 s: however long a line takes to fill up once
something happens, those of one group fill up in between."""


def play(seed: int, directory: Path) -> Counter[str]:
    """Their lines fill up in the middle of a ping."""
    return played(_play(random.Random(seed), directory))


async def _play(dice: random.Random, directory: Path) -> Counter[str]:
    async with full_house(directory) as (server, port):
        url, load = f"ws://127.0.0.1:{port}", Load()
        doorkeeper, names = Doorkeeper(url), list[str]()
        async with watching([doorkeeper]), AsyncExitStack() as groups:
            for number in range(STUCK_MAX):
                await asyncio.sleep(APART_S if number else 0)
                group = {f"{kind}-{role.value}-{number}": role for kind in KINDS for role in ROLES}
                await groups.enter_async_context(stuck(port, group))
                names += group
            await asyncio.sleep(dice.uniform(*WAKES_S))
            async with at_work(load, url) as finish:
                stayed_s = await doorkeeper.sees_off(names)
                await finish()
        server.signal(signal.SIGTERM)
        await server.ended()
    check(load.answers, await days(directory))
    return Counter({"stuck terminals": len(names), GONE: round(stayed_s), "answers": len(load.answers)})


TRIALS = (
    Trial(
        name="stuck terminals, house that wakes",
        one_try=f"Boards and receptions are stuck in the same ways, {STUCK_MAX} groups one after the other;"
        " nobody does anything until all have joined, then four kiosks and a desk as fast as they can.",
        never="a stuck terminal that is connected for more than 10 s; an answer that is not on disk.",
        gate=1,
        night=100,
        play=play,
        meets=("stuck terminals", "answers"),
        shown={"stuck terminals": "stuck terminals", GONE: GONE, "answers": "answers of others"},
    ),
)
