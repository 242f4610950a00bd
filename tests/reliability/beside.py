"""What lies beside the days is damaged: the statistics, the list of slips, and the registry."""

import asyncio
import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

from reliability.crowd import Paced
from reliability.damage import damaged
from reliability.lives import days_aside
from reliability.load import FIELDS, Load, at_work, check, free_port, open_day
from reliability.past import ZONE, lived
from reliability.trial import Trial
from support.servers import server_process, until

from queue_server.clock import Clock
from queue_server.store.copies import DamagedError, counted
from queue_server.store.statistics_tables import ROWS

DAMAGES = 4
SHARED = "-shm"
"""What programs that have a file open share in memory: the next start makes it anew."""
FOLDED = 0.7
FLIPS = (1, 3, 5)
DAYS_BEFORE = 3
ANSWERS = (20, 120)
ANSWERS_AFTER = 12
SPOOL, STATISTICS, REGISTRY = "spool.db", "statistics.db", "registry.db"
DISK = 70
TRAIL_CHANGED = "registry.trail_changed"
PUT_ASIDE = {SPOOL: ("slips.damaged", "spool.damaged"), STATISTICS: ("statistics.damaged",) * 2}
"""What the server says of each, and where it is then."""
BEGUN = "statistics.begun"


def play(seed: int, directory: Path) -> Counter[str]:
    """A server ends or is killed, and one file or another is damaged before the next one starts."""
    return asyncio.run(_play(Random(seed), directory))


async def _play(dice: Random, directory: Path) -> Counter[str]:
    house, met = directory / "house", Counter[str]()
    today = Clock(str(ZONE)).now().date()
    for age in range(1, DAYS_BEFORE + 1):
        await lived(house, today - timedelta(days=age), dice, ended=True)
    before = await _lived(house, dice)
    rows = _rows(house)
    for number in range(DAMAGES):
        copy = directory / f"copy-{number}"
        shutil.copytree(house, copy)
        if not number or dice.random() < FOLDED:
            _fold(copy / SPOOL)
        files = sorted(path for path in copy.glob("*.db*") if not path.name.endswith(SHARED))
        struck = dice.choice([*files, copy / SPOOL, copy / STATISTICS])
        if number == 0:
            damage = _halved(struck := copy / SPOOL)
        elif number == 1:
            damage = _turned(dice, struck := copy / STATISTICS)
        else:
            damage = "; ".join(_damages(dice, struck))
        try:
            met[await _served(copy, struck.name.partition("-")[0], before)] += 1
            assert _rows(copy) == rows, "other rows are kept of the days before"
        except Exception as error:
            raise AssertionError(f"{damage}: {type(error).__name__}: {error}") from error
        met[f"damages of {struck.stem}"] += 1
    return met


def _fold(path: Path) -> None:
    """As a server does that ends well: what is written is in the file, and its log is gone."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _halved(path: Path) -> str:
    """What no list outlives: it is tried once at least."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return f"{path.name} is half of what it was"


def _turned(dice: Random, path: Path) -> str:
    """A bit in a row, where SQLite itself looks for nothing: it is tried once at least."""
    _fold(path)
    words = bytearray(path.read_bytes())
    at = dice.choice([found.start() for field in FIELDS for found in re.finditer(field.encode(), words)])
    words[at] ^= 1
    path.write_bytes(words)
    return f"{path.name} has a bit of byte {at} turned, in a row"


def _damages(dice: Random, path: Path) -> Iterator[str]:
    """One, or as many as a bad sector makes."""
    for _ in range(dice.choice(FLIPS)):
        if path.exists():
            yield damaged(dice, path)


async def _lived(house: Path, dice: Random) -> Load:
    """A server counts the days, slips wait for a printer that does not answer, and it ends or is killed."""
    port, load = free_port(), Load()
    url = f"ws://127.0.0.1:{port}"
    async with server_process(house, port) as server, at_work(load, url) as finish:
        await server.ready()
        await open_day(url)
        await load.more(dice.randint(*ANSWERS))
        await until(lambda: len(_counted(house)) == DAYS_BEFORE)
        await finish()
        server.signal(dice.choice((signal.SIGKILL, signal.SIGTERM)))
        await server.ended()
    return load


def _rows(house: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is kept of the days before, as it stands in the file."""
    with closing(sqlite3.connect(house / STATISTICS)) as database:
        return {table: sorted(database.execute(f"SELECT * FROM {table}")) for table in ("day", *ROWS)}


def _counted(house: Path) -> set[str]:
    try:
        return counted(house / STATISTICS)
    except DamagedError:
        return set()


async def _served(house: Path, name: str, before: Load) -> str:
    """A server starts and gives tickets; of what cannot be used it says which file it is."""
    status, said = await _life(house, before)
    if name == REGISTRY and status == DISK:
        assert "walkin restore --registry" in said, f"it does not say what to do: {said[-500:]}"
        return f"{name} is found, and the server ends"
    assert status == 0, f"it ended with {status}: {said[-500:]}"
    if name == REGISTRY:
        return f"{name} is told of, the queue goes on" if TRAIL_CHANGED in said else f"{name} does no harm"
    says, aside = PUT_ASIDE[name]
    told = says in said
    assert told == (house / aside).exists(), f"it does not say where it is: {said[-500:]}"
    if name == STATISTICS and BEGUN in said:
        return f"{name} is gone and begun anew"
    return f"{name} is put aside, the queue goes on" if told else f"{name} does no harm"


async def _life(house: Path, before: Load) -> tuple[int, str]:
    """How a server ended that served, and what it said; what was answered is there all the same."""
    port, load = free_port(), Paced(name="after-")
    url = f"ws://127.0.0.1:{port}"
    async with server_process(house, port) as server:
        ended = asyncio.create_task(server.ended())
        async with asyncio.TaskGroup() as tasks:
            visitors = tasks.create_task(_visitors(load, url))
            await asyncio.wait({ended, visitors}, return_when=asyncio.FIRST_COMPLETED)
            visitors.cancel()
        held_up = ended.done()
        if not held_up:
            await until(lambda: len(_counted(house)) == DAYS_BEFORE)
            server.signal(signal.SIGTERM)
        status, said = await ended
    check({**before.answers, **load.answers}, await days_aside(house))
    assert held_up is (status != 0), f"it ended with {status}: {said[-500:]}"
    return status, said


async def _visitors(load: Load, url: str) -> None:
    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(load.kiosk(url, number)) for number in range(2)]
        await load.more(ANSWERS_AFTER)
        for kiosk in asking:
            kiosk.cancel()


TRIALS = (
    Trial(
        name="damage beside the days",
        one_try=(
            f"{DAMAGES} times bits are flipped in a server's statistics, list of slips or registry, or the "
            "file is cut or gone; then the real program starts, and goes on without what cannot be used. "
            "Only when it does not know its terminals any more it ends, and says what to do."
        ),
        never="an answer that is not on disk; another row in the statistics, as long as the days are kept; a"
        " server that does not give tickets, or says nothing of a file it could not use.",
        gate=3,
        night=200 // DAMAGES,
        play=play,
        meets=tuple(f"{name} is put aside, the queue goes on" for name in PUT_ASIDE),
    ),
)
