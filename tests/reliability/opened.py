"""Opens a file of an earlier version, or a day to write to, in a process of its own that may be killed.

`python -m reliability.opened spool PATH`, the same with `registry` or `statistics`, or `day PATH COUNT`: says
each event that is on disk.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from config.roster import Roster
from printers.store import Store
from queue_server.core.events import MessagePosted
from queue_server.devices import Members
from queue_server.log_port import Record
from queue_server.store.day_log import DayLog
from queue_server.store.registry import Registry
from queue_server.store.statistics import Statistics

EPOCH = 2_000_000_000
FOLDED_PAGES = 8
"""The write-ahead log is folded into the file whenever it has so many pages."""
AT = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def record(number: int) -> Record:
    """The so-manieth event that is added."""
    return Record(AT, "clock", f"added-{number:08d}", 0, MessagePosted({"fr": f"{number} " + "Fermé. " * 40}))


async def day(path: Path, count: int) -> None:
    """Take a day, read it, and add so many events."""
    log = DayLog(path, EPOCH)
    await log.fence()
    there = sum(record.command_id.startswith("added-") for record in await log.read())
    await log._writer.do(lambda: _fold_often(log))
    for number in range(there, there + count):
        await log.append([record(number)])
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    await log.close()


def _fold_often(log: DayLog) -> None:
    assert log._db is not None
    log._db.execute(f"PRAGMA wal_autocheckpoint={FOLDED_PAGES}").fetchall()


async def registry(path: Path) -> tuple[Members, Roster]:
    """Who belongs to a centre, and its roster."""
    file = Registry(path)
    try:
        await file.open()
        return await file.members(), await file.roster()
    finally:
        await file.close()


async def statistics(path: Path) -> None:
    """Which days are counted: asked once, as a server does at its start."""
    file = Statistics(path)
    await file.days()
    await file.close()


if __name__ == "__main__":
    place = Path(sys.argv[2])
    match sys.argv[1]:
        case "spool":
            Store(place).close()
        case "registry":
            asyncio.run(registry(place))
        case "statistics":
            asyncio.run(statistics(place))
        case _:
            asyncio.run(day(place, int(sys.argv[3])))
