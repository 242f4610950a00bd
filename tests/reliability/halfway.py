"""A file is left in the middle of being made, migrated or folded."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from random import Random

from reliability import opened, struck
from reliability.tracing import missing
from reliability.trial import Trial

from printers.store import Store
from protocol.ids import DayDate
from queue_server.core.past import PastDay
from queue_server.log_port import Record
from queue_server.store.copies import past_days
from queue_server.store.day_log import DayLog

KILLS = 4
ADDED = 60
DAYS_MAX = 9
MIGRATING = {
    "day": {"fdatasync": 13, "ftruncate": 3, "pwrite64": 50, "unlink": 3},
    "spool": {"fdatasync": 13, "ftruncate": 3, "pwrite64": 50, "unlink": 3},
    "registry": {"fdatasync": 35, "pwrite64": 90, "unlink": 7},
    "statistics": {"fdatasync": 13, "ftruncate": 2, "pwrite64": 68, "unlink": 3},
}
"""Calls while a file of each kind is opened: the most that any version of it takes, or a new one."""
FOLDING = (
    {"fdatasync": 12, "ftruncate": 4, "pwrite64": 45, "unlink": 2},
    {"fdatasync": 118, "ftruncate": 18, "pwrite64": 440, "unlink": 2},
)
"""For a few events, and for many."""
STORE = struck.ROOT / "tests" / "queue_server" / "store"
VERSIONS = {
    "day": STORE / "versions",
    "spool": struck.ROOT / "tests" / "printers" / "versions",
    "registry": STORE / "registries",
    "statistics": STORE / "statistics",
}
STATES = ["printed", "unknown", "unknown", "queued", "queued"]
"""Of the slips in every one of them, once it is opened."""


def migrating(seed: int, directory: Path) -> Counter[str]:
    """A file of an earlier version, or a new one, is opened, and the program is killed meanwhile."""
    return asyncio.run(_migrating(Random(seed), directory))


async def _migrating(dice: Random, directory: Path) -> Counter[str]:
    met: Counter[str] = Counter()
    for kind, versions in VERSIONS.items():
        version = dice.choice([None, *sorted(versions.glob("*.sql"))])
        path, twin = directory / f"{kind}.db", directory / f"{kind}-untouched.db"
        for file in (path, twin):
            if version is not None:
                _write(version, file, wal=kind != "registry")
        for _ in range(KILLS):
            strike = struck.some(dice, MIGRATING[kind])
            ended = await struck.run("reliability.opened", kind, path, 0, strike=strike)
            assert ended.killed or ended.status == 0, ended.complained
            met[f"killed at {kind}"] += ended.killed
        if kind == "spool":
            assert _slips(path) == ([] if version is None else STATES), f"{version} is another list"
        else:
            assert await READERS[kind](path) == await READERS[kind](twin), f"{version} is another {kind}"
        _prove_whole(path)
        assert not path.with_suffix(".damaged").exists(), f"{version} is accused"
    return met


def _write(version: Path, path: Path, *, wal: bool) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(version.read_text(encoding="utf-8"))
        if wal:
            db.execute("PRAGMA journal_mode=WAL")


async def _read(path: Path) -> list[Record]:
    log = DayLog(path, opened.EPOCH)
    try:
        await log.fence()
        return await log.read()
    finally:
        await log.close()


async def _kept(path: Path) -> dict[DayDate, PastDay]:
    await opened.statistics(path)
    return past_days(path, DAYS_MAX)


READERS: dict[str, Callable[[Path], Awaitable[object]]] = {
    "day": _read,
    "registry": opened.registry,
    "statistics": _kept,
}


def _slips(path: Path) -> list[str]:
    Store(path).close()
    with closing(sqlite3.connect(path)) as db:
        return [state for (state,) in db.execute("SELECT state FROM job ORDER BY id")]


def _prove_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        [(verdict,)] = db.execute("PRAGMA integrity_check")
    assert verdict == "ok", f"{path.name}: {verdict}"


def folding(seed: int, directory: Path) -> Counter[str]:
    """A day's write-ahead log is folded into its file again and again, and the program is killed."""
    return asyncio.run(_folding(Random(seed), directory))


async def _folding(dice: Random, directory: Path) -> Counter[str]:
    path, met = directory / "2026-09-15.db", Counter[str]()
    sure = 0
    for _ in range(KILLS):
        count = dice.choice((dice.randint(1, 9), ADDED))  # after a few the log is folded as it is closed
        strike = struck.some(dice, FOLDING[count == ADDED])
        ended = await struck.run("reliability.opened", "day", path, count, strike=strike)
        assert ended.killed or ended.status == 0, ended.complained
        met["kills while it writes" if ended.said else "kills while it opens"] += ended.killed
        sure = max([sure, *(int(number) + 1 for number in ended.said.split("\n")[:-1])])
        found = await _read(path)
        assert found == [opened.record(number) for number in range(len(found))], "what is there is as it was"
        assert len(found) >= sure, f"{sure} events were on disk, {len(found)} are"
        met["events"] += len(found) - met["events"]
        _prove_whole(path)
        sure = len(found)
    return met


TRIALS = (
    Trial(
        name="kill -9 while migrating",
        one_try=(
            "A day, a list of slips, a registry and statistics of an earlier version are opened, and each "
            f"{KILLS} times the program is killed at a call to the disk."
        ),
        never="a file that is migrated in part, cannot be opened any more, or holds something else.",
        gate=3,
        night=60,
        play=migrating,
        meets=tuple(f"killed at {kind}" for kind in VERSIONS),
        missing=missing,
    ),
    Trial(
        name="kill -9 while folding",
        one_try=(
            "A day's write-ahead log is folded into its file every few events and at the end; "
            f"{KILLS} times the program is killed at a call to the disk."
        ),
        never="an event that was on disk and is not; a file that is damaged.",
        gate=3,
        night=60,
        play=folding,
        meets=("kills while it opens", "kills while it writes", "events"),
        missing=missing,
    ),
)
