"""Opens a file of an earlier version, or a day to write to, in a process of its own that may be killed.

`python -m reliability.opened spool PATH`, or `day PATH COUNT`: says each event that is on disk.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from printers.store import Store
from queue_server.core.events import MessagePosted
from queue_server.log_port import Record
from queue_server.store.day_log import DayLog

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


if __name__ == "__main__":
    if sys.argv[1] == "spool":
        Store(Path(sys.argv[2])).close()
    else:
        asyncio.run(day(Path(sys.argv[2]), int(sys.argv[3])))
