"""The disk fails at a call for what lies beside the days: the registry and the statistics."""

import asyncio
import signal
from collections import Counter
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

from msgspec import Struct
from reliability.closing import left_of
from reliability.disk import ANSWERS_AFTER, ERRORS, STRUCK, SYNCS, WRITES
from reliability.lives import days_aside, last_life, prove_told, told_to_end
from reliability.load import Load, at_work, check, free_port, open_day
from reliability.past import ZONE, lived
from reliability.tracing import data_files, injecting, missing, traced_server, written
from reliability.trial import Trial
from support.servers import server_process, until

from queue_server.clock import Clock
from queue_server.store.copies import DamagedError, counted

REGISTRY, STATISTICS = "registry.db", "statistics.db"
CALLS = {(REGISTRY, WRITES): 12, (REGISTRY, SYNCS): 6, (STATISTICS, WRITES): 90, (STATISTICS, SYNCS): 24}
"""How many of each a life makes, about."""
KINDS = {WRITES: "writes", SYNCS: "syncs"}
AGES = (1, 2)
"""Of the days (in days) that are counted as the server starts."""
ANSWERS = 60
TOLD = {REGISTRY: ("registry.not_written", "registry.not_read"), STATISTICS: ("days.not_closed",)}


class Fault(Struct, frozen=True):
    """What fails, and when."""

    file: str
    calls: tuple[str, ...]
    error: str
    nth: int
    for_good: bool
    """This call and all after it; else it alone."""


def _faults() -> list[Fault]:
    """Every one, in an order of its own, the four kinds in turns at first."""
    found = [
        Fault(file, calls, error, nth, for_good)
        for (file, calls), reach in CALLS.items()
        for error, nth, for_good in product(
            ERRORS if calls == WRITES else ERRORS[:1], range(1, reach + 1), (False, True)
        )
    ]
    Random(0).shuffle(found)
    first = [next(one for one in found if (one.file, one.calls) == kind and one.nth == 1) for kind in CALLS]
    return [*first, *(one for one in found if one not in first)]


FAULTS = _faults()


def play(seed: int, directory: Path) -> Counter[str]:
    """One call fails, sometimes all after it; the queue goes on, and the next disk is well."""
    return asyncio.run(_play(Random(seed), directory / "house", FAULTS[seed % len(FAULTS)]))


async def _play(dice: Random, house: Path, fault: Fault) -> Counter[str]:
    port, load, today = free_port(), Load(), Clock(str(ZONE)).now().date()
    past = {(today - timedelta(days=age)).isoformat() for age in AGES}
    for age in AGES:
        await lived(house, today - timedelta(days=age), dice, ended=True)
    record = house.with_name("record")
    when = f"{fault.nth}+" if fault.for_good else f"{fault.nth}"
    files = data_files(house / fault.file)
    options = injecting(record, fault.calls, f"{fault.error}:when={when}", files)
    async with at_work(load, f"ws://127.0.0.1:{port}") as finish:
        async with traced_server(house, port, options) as server:
            ending = asyncio.create_task(server.process.communicate())
            working = asyncio.create_task(_works(house, port, load, record, past))
            await asyncio.wait({ending, working}, return_when=asyncio.FIRST_COMPLETED)
            held_up = ending.done()
            working.cancel()
            server.signal(signal.SIGTERM)
            _, complained = await ending
            if not held_up:
                await working
        status, said = server.process.returncode, complained.decode()
        assert status is not None
        if held_up:
            assert fault.file == REGISTRY, f"it ended for its statistics with {status}: {said[-500:]}"
            prove_told(status, said)
        else:
            assert status == 0, f"exit status {status}: {said[-500:]}"
        strikes = (await written(record, server)).count(STRUCK)
        check(load.answers, await days_aside(house))
        await last_life(house, port, load, ANSWERS_AFTER, finish)
    await _catches_up(house, past)
    check(load.answers, await days_aside(house))
    told = any(word in said for word in TOLD[fault.file])
    kind = f"{fault.file}: failed {KINDS[fault.calls]}"
    ends = {"ends with 70": int(held_up), "told of": int(told), "struck nothing": int(not strikes)}
    return Counter({kind: strikes, "answers": len(load.answers), **ends})


async def _works(house: Path, port: int, load: Load, record: Path, past: set[str]) -> None:
    """Visitors come until the days are counted, or something has failed, and then go on coming."""
    await open_day(f"ws://127.0.0.1:{port}")
    await load.more(ANSWERS)
    await until(lambda: STRUCK in _read(record) or _counted(house) >= past)
    await load.more(ANSWERS_AFTER)


def _read(record: Path) -> str:
    return record.read_text(encoding="ascii")


async def _catches_up(house: Path, past: set[str]) -> None:
    """A server counts what is not counted yet; every row is that of its day."""
    async with server_process(house, free_port()) as server:
        await server.ready()
        await until(lambda: _counted(house) >= past)
        await told_to_end(server)
    assert {*(await left_of(house)).rows} == past


def _counted(house: Path) -> set[str]:
    try:
        return counted(house / STATISTICS)
    except DamagedError:
        return set()


TRIALS = (
    Trial(
        name="disk fails beside the days",
        one_try="One write or sync of the registry or of the statistics fails, alone or with all after it,"
        " while a server counts two days and works; the next server finds a disk that is well.",
        never="an answer that is not on disk; a server that ends for its statistics, or for its registry but"
        " with 70 and a sentence as it starts; a registry that cannot be used afterwards; a day that is not"
        " counted afterwards, or whose rows are not its own.",
        gate=4,
        night=len(FAULTS),
        play=play,
        meets=tuple(f"{file}: failed {KINDS[calls]}" for file, calls in CALLS),
        missing=missing,
    ),
)
