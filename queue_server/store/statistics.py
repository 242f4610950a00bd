"""What is kept of days that have ended: anonymous rows, one for each leg of a visit. Safe to give away.

It is written by one thread of the server; a day is written whole, and again with the same result.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from sqlite_utils import Database, Migrations

from protocol.ids import DayDate
from queue_server.core.legs import Leg
from queue_server.log_port import LogError
from queue_server.store.migrations import SPOILED
from queue_server.store.wal import require_wal
from queue_server.store.writer import Writer

migrations = Migrations("statistics")


@migrations()
def m001_legs(db: Database) -> None:
    """Legs without an order of their own, and the days they are from."""
    db.execute(
        """
        CREATE TABLE leg (
            day TEXT NOT NULL,
            hour INTEGER NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            screen_language TEXT NOT NULL,
            number INTEGER NOT NULL,
            "end" TEXT NOT NULL,
            wait_half_minutes INTEGER NOT NULL,
            service_half_minutes INTEGER NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX leg_day ON leg (day)")
    db.execute("CREATE TABLE day (day TEXT PRIMARY KEY, legs INTEGER NOT NULL) STRICT, WITHOUT ROWID")


class Statistics:
    """The file of anonymous rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer("statistics")

    async def days(self) -> set[DayDate]:
        """The days that are in it; LogError."""
        return await self._writer.do(self._days)

    async def write(self, day: DayDate, legs: Sequence[Leg]) -> None:
        """Put a day in, instead of what was there of it; LogError."""
        await self._writer.do(lambda: self._write(day, legs))

    def close(self) -> None:
        """Let the file go."""
        self._writer.stop()

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        """The file, closed again whatever happens; LogError."""
        try:
            self.path.touch(mode=0o600)
            with closing(Database(str(self.path), execute_plugins=False, recursive_triggers=False)) as db:
                require_wal(db)
                db.execute("PRAGMA synchronous=FULL")
                db.execute("PRAGMA secure_delete=ON")
                migrations.apply(db)
                yield db
        except (*SPOILED, OSError) as error:
            raise self._unusable(error) from error

    def _days(self) -> set[DayDate]:
        with self._opened() as db:
            return {str(day) for (day,) in db.execute("SELECT day FROM day").fetchall()}

    def _write(self, day: DayDate, legs: Sequence[Leg]) -> None:
        rows = [(day, *msgspec.structs.astuple(leg)) for leg in legs]
        with self._opened() as db, db.atomic():
            db.execute("DELETE FROM leg WHERE day = ?", (day,))
            db.conn.executemany("INSERT INTO leg VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            db.execute("INSERT OR REPLACE INTO day VALUES (?, ?)", (day, len(rows)))

    def _unusable(self, error: Exception) -> LogError:
        return LogError(
            f"The statistics {self.path} cannot be used: {error}. Check the disk; if the file is damaged, "
            "put back the newest backup, or move it away: days that are still kept are then counted again."
        )
