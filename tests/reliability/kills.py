"""The server is killed with SIGKILL: under load, and while it starts or ends."""

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

from reliability.load import Day, Load, at_work, check, check_grown, days, free_port, open_day
from reliability.trial import Trial
from support.servers import server_process

ANSWERS = (10, 60)
"""So many questions are answered between two kills under load."""
KILLS = 3
TICKETS = 120
START_S = 1.5
"""A start takes about so long: the kill strikes somewhere in it, or just after."""
END_S = 0.1
"""The same for the end of a server that was told to stop."""
UNREADY = "kills before it was ready"


def under_load(seed: int, directory: Path) -> Counter[str]:
    """Kills between answers, then a start that goes on where the last kill was."""
    return asyncio.run(_under_load(random.Random(seed), directory))


async def _under_load(dice: random.Random, directory: Path) -> Counter[str]:
    port, load = free_port(), Load()
    url = f"ws://127.0.0.1:{port}"
    seen: list[Day] = []
    async with at_work(load, url) as finish:
        for life in range(KILLS + 1):
            async with server_process(directory, port) as server:
                await server.ready()
                await open_day(url)
                await load.more(dice.randint(*ANSWERS))
                if life < KILLS:
                    server.signal(signal.SIGKILL)
                else:
                    await finish()
                    server.signal(signal.SIGTERM)
                await server.ended()
            left = await days(directory)
            check(load.answers, left)
            check_grown(seen, left)
            seen = left
    return Counter(kills=KILLS, answers=len(load.answers), events=sum(len(day.events) for day in seen))


def while_starting(seed: int, directory: Path) -> Counter[str]:
    """A server that has a day to replay is killed somewhere in its start, and again in the next."""
    return asyncio.run(_at_the_edge(random.Random(seed), directory, signal.SIGKILL))


def while_ending(seed: int, directory: Path) -> Counter[str]:
    """A server that was told to stop is killed before it has."""
    return asyncio.run(_at_the_edge(random.Random(seed), directory, signal.SIGTERM))


async def _at_the_edge(dice: random.Random, directory: Path, first: signal.Signals) -> Counter[str]:
    port, load = free_port(), Load()
    url = f"ws://127.0.0.1:{port}"
    async with server_process(directory, port) as server:
        await server.ready()
        await open_day(url)
        async with at_work(load, url) as finish:
            await load.more(TICKETS)
            await finish()
        server.signal(first)
        if first is not signal.SIGKILL:
            await asyncio.sleep(dice.uniform(0, END_S))
            server.signal(signal.SIGKILL)
        await server.ended()
    seen, met = await days(directory), Counter(kills=KILLS + 1)
    check(load.answers, seen)
    for _ in range(KILLS):
        async with server_process(directory, port) as server:
            await asyncio.sleep(dice.uniform(0, START_S))
            server.signal(signal.SIGKILL)
            assert server.process.stdout is not None
            met[UNREADY] += not await server.process.stdout.read()
            await server.ended()
        left = await days(directory)
        check(load.answers, left)
        check_grown(seen, left)
        seen = left
    return met + Counter(events=sum(len(day.events) for day in seen))


TRIALS = (
    Trial(
        name="kill -9 under load",
        one_try="Four kiosks and a desk at work, the server is killed three times and started again.",
        never="an answer that is not on disk; a number or call twice or left out; a question done twice.",
        gate=9,
        night=-(-1000 // KILLS),
        play=under_load,
        meets=("kills", "answers"),
    ),
    Trial(
        name="kill -9 while it starts",
        one_try="A server with a day to replay is killed somewhere in three starts, one after the other.",
        never="a day that was changed, or cannot be read afterwards.",
        gate=2,
        night=-(-200 // KILLS),
        play=while_starting,
        meets=("kills", UNREADY),
    ),
    Trial(
        name="kill -9 while it ends",
        one_try="A server that was told to stop is killed before it has, then in three starts.",
        never="a day that was changed, or cannot be read afterwards.",
        gate=2,
        night=-(-200 // KILLS),
        play=while_ending,
        meets=("kills", UNREADY),
    ),
)
