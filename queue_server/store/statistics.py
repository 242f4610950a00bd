"""What is kept of days that have ended: anonymous rows, one for each leg of a visit. Safe to give away.

It is written by one thread of the server; a day is written whole, and again with the same result. What is
not as it was written is never told: a damaged file is put aside, and days that are kept are counted again.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog
from sqlite_utils import Database

from protocol.ids import DayDate
from protocol.whole import put_in_place
from queue_server.core.legs import LegEnd
from queue_server.core.past import PastCycle, PastDay, Recent
from queue_server.log_port import LogError
from queue_server.store.migrations import SPOILED, tells_damage
from queue_server.store.statistics_tables import proved_days, seal_day, statistics_migrations
from queue_server.store.wal import require_wal
from queue_server.store.writer import Writer

T = TypeVar("T")

ASIDE = ".damaged"
"""Ends the name of a file that was put aside: whoever looks after the server moves it away."""
PUT_BACK = (
    "the forecast begins without them, and days that are still kept are counted again; to have the older "
    "ones, stop the server and put back those of the newest backup (walkin restore --statistics)"
)

log = structlog.get_logger()


class Statistics:
    """The file of anonymous rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer("statistics")
        self._sound = False
        """Every page of the file was found sound, and nobody but this one writes to it."""

    async def days(self) -> set[DayDate]:
        """The days that are in it, every one proved; a damaged file is put aside first. LogError."""
        return await self._do(self._days)

    async def write(self, day: DayDate, past: PastDay) -> None:
        """Put a day in, instead of what was there of it; LogError."""
        await self._do(lambda: self._write(day, past))

    async def recent(self, days: int) -> Recent:
        """What the newest so many days tell, each of them proved; LogError."""
        return await self._do(lambda: self._recent(days))

    async def close(self) -> None:
        """Let the file go."""
        await self._writer.stop()

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await self._writer.do(work)
        except (*SPOILED, OSError) as error:
            raise LogError(
                f"The statistics {self.path} cannot be used: {error}. Check the disk; if the file is damaged "
                f"and {self._aside} is still there, look at that one and move it away."
            ) from error

    @property
    def _aside(self) -> Path:
        return self.path.with_suffix(ASIDE)

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        """The file, every page of it found sound once, closed again whatever happens."""
        self.path.touch(mode=0o600)
        with closing(Database(str(self.path), execute_plugins=False, recursive_triggers=False)) as db:
            require_wal(db)
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            if not self._sound and (found := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(str(found))
            self._sound = True
            statistics_migrations.apply(db)
            yield db

    def _days(self) -> set[DayDate]:
        if not self.path.exists() or not self.path.stat().st_size:
            log.info("statistics.begun", file=str(self.path), advice=f"if there were any: {PUT_BACK}")
        self._sound = False
        try:
            return self._proved()
        except SPOILED as error:
            if not tells_damage(error):
                raise
            self._put_aside(error)
            return self._proved()

    def _proved(self) -> set[DayDate]:
        with self._opened() as db:
            return set(proved_days(db.conn))

    def _put_aside(self, error: Exception) -> None:
        """Once: a disk that spoils one file after the other needs somebody, who is told by the error."""
        if self._aside.exists():
            raise error
        log.error("statistics.damaged", file=str(self._aside), why=str(error), advice=PUT_BACK)
        with suppress(FileNotFoundError):  # before the file itself: it would be done to the one that follows
            put_in_place(Path(f"{self.path}-wal"), Path(f"{self._aside}-wal"))
        Path(f"{self.path}-shm").unlink(missing_ok=True)
        put_in_place(self.path, self._aside)
        self._sound = False

    def _write(self, day: DayDate, past: PastDay) -> None:
        with self._opened() as db, db.atomic():
            for table, insert, rows in (
                ("leg", "INSERT INTO leg VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", past.legs),
                ("cycle", "INSERT INTO cycle VALUES (?, ?, ?, ?)", past.cycles),
                ("promise", "INSERT INTO promise VALUES (?, ?, ?, ?, ?, ?, ?, ?)", past.promises),
                ("unserved", "INSERT INTO unserved VALUES (?, ?, ?, ?, ?)", past.unserved),
            ):
                db.execute(f"DELETE FROM {table} WHERE day = ?", (day,))  # noqa: S608 - names of our own
                db.conn.executemany(insert, [(day, *msgspec.structs.astuple(row)) for row in rows])
            db.execute(
                "INSERT OR REPLACE INTO day (day, legs, priority, open_half_minutes) VALUES (?, ?, ?, ?)",
                (day, len(past.legs), past.priority, past.open_half_minutes),
            )
            seal_day(db.conn, day)

    def _recent(self, days: int) -> Recent:
        newest = "(SELECT day FROM day ORDER BY day DESC LIMIT ?)"
        with self._opened() as db:
            proved_days(db.conn, newest=days)

            def rows(what: str) -> list[tuple[Any, ...]]:
                return list(db.execute(what.replace("NEWEST", newest), (days,)).fetchall())

            cycles = rows("SELECT field, language, half_minutes FROM cycle WHERE day IN NEWEST ORDER BY day")
            asked = rows(
                "SELECT field, languages, count(*) FROM leg WHERE number = 1 AND day IN NEWEST "
                "GROUP BY field, languages ORDER BY field, languages"
            )
            ends = rows('SELECT "end", count(*) FROM leg WHERE day IN NEWEST GROUP BY "end" ORDER BY "end"')
            late = rows("SELECT late FROM promise WHERE day IN NEWEST ORDER BY day")
            [(priority, open_half_minutes)] = rows(
                "SELECT coalesce(sum(priority), 0), coalesce(sum(open_half_minutes), 0) FROM day "
                "WHERE day IN NEWEST"
            )
        return Recent(
            cycles=tuple(PastCycle(*cycle) for cycle in cycles),
            asked={(field, languages): count for field, languages, count in asked},
            ends={LegEnd(end): count for end, count in ends},
            late=tuple(bool(was_late) for (was_late,) in late),
            priority=priority,
            open_half_minutes=open_half_minutes,
        )
