"""What is kept of days that have ended: anonymous rows, one for each leg of a visit. Safe to give away.

It is written by one thread of the server; a day is written whole, and again with the same result.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database, Migrations

from protocol.ids import DayDate
from queue_server.core.legs import LegEnd
from queue_server.core.past import PastCycle, PastDay, Recent
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


@migrations()
def m002_cycles_and_promises(db: Database) -> None:
    """How long visitors took the desks, what they were told of the wait, and who went without a ticket."""
    db.execute(
        """
        CREATE TABLE cycle (
            day TEXT NOT NULL,
            field TEXT NOT NULL,
            language TEXT NOT NULL,
            half_minutes INTEGER NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX cycle_day ON cycle (day)")
    db.execute(
        """
        CREATE TABLE promise (
            day TEXT NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            early_half_minutes INTEGER NOT NULL,
            middle_half_minutes INTEGER NOT NULL,
            upper_half_minutes INTEGER NOT NULL,
            waited_half_minutes INTEGER NOT NULL,
            late INTEGER NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX promise_day ON promise (day)")
    db.execute(
        """
        CREATE TABLE unserved (
            day TEXT NOT NULL,
            hour INTEGER NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX unserved_day ON unserved (day)")
    db.execute("ALTER TABLE day ADD COLUMN priority INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE day ADD COLUMN open_half_minutes INTEGER NOT NULL DEFAULT 0")


class Statistics:
    """The file of anonymous rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer("statistics")

    async def days(self) -> set[DayDate]:
        """The days that are in it; LogError."""
        return await self._writer.do(self._days)

    async def write(self, day: DayDate, past: PastDay) -> None:
        """Put a day in, instead of what was there of it; LogError."""
        await self._writer.do(lambda: self._write(day, past))

    async def recent(self, days: int) -> Recent:
        """What the newest so many days tell; LogError."""
        return await self._writer.do(lambda: self._recent(days))

    async def close(self) -> None:
        """Let the file go."""
        await self._writer.stop()

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

    def _recent(self, days: int) -> Recent:
        newest = "(SELECT day FROM day ORDER BY day DESC LIMIT ?)"
        with self._opened() as db:

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

    def _unusable(self, error: Exception) -> LogError:
        return LogError(
            f"The statistics {self.path} cannot be used: {error}. Check the disk; if the file is damaged, "
            "put back the newest backup, or move it away: days that are still kept are then counted again."
        )
