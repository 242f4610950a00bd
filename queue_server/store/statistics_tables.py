"""The tables of the statistics: how they came to be, and the seal over all that is kept of a day.

SQLite itself does not notice a bit that has turned in a row. Whoever reads days has each of them proved.
"""

import hashlib
import sqlite3

from sqlite_utils import Database, Migrations

from protocol.ids import DayDate

statistics_migrations = Migrations("statistics")
ROWS = {
    "leg": 'hour, field, languages, screen_language, number, "end", wait_half_minutes, service_half_minutes',
    "cycle": "field, language, half_minutes",
    "promise": "field, languages, early_half_minutes, middle_half_minutes, upper_half_minutes, "
    "waited_half_minutes, late",
    "unserved": "hour, field, languages, why",
}
"""Of each table that holds rows of a day, what is kept in it."""
EVERY = -1
"""Days, where SQLite asks for so many at most."""


@statistics_migrations()
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


@statistics_migrations()
def m002_cycles_and_promises(db: Database) -> None:
    """How long visitors took the desks, and what they were told of the wait."""
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
    db.execute("ALTER TABLE day ADD COLUMN priority INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE day ADD COLUMN open_half_minutes INTEGER NOT NULL DEFAULT 0")


@statistics_migrations()
def m003_seals(db: Database) -> None:
    """Who went without a ticket, which the step before had made in some files; a seal over each day."""
    db.execute(
        """
        CREATE TABLE IF NOT EXISTS unserved (
            day TEXT NOT NULL,
            hour INTEGER NOT NULL,
            field TEXT NOT NULL,
            languages TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX IF NOT EXISTS unserved_day ON unserved (day)")
    db.execute("ALTER TABLE day ADD COLUMN seal BLOB NOT NULL DEFAULT x''")
    for (day,) in db.execute("SELECT day FROM day").fetchall():
        seal_day(db.conn, day)


def _seal(db: sqlite3.Connection, day: DayDate) -> bytes:
    """Over all that is kept of a day, in whatever order it stands there."""
    held = hashlib.sha256(day.encode())
    entry = "SELECT legs, priority, open_half_minutes FROM day WHERE day = ?"
    for what in (entry, *(f"SELECT {columns} FROM {table} WHERE day = ?" for table, columns in ROWS.items())):  # noqa: S608 - names of our own
        rows = db.execute(what, (day,)).fetchall()
        held.update(repr(sorted(map(repr, rows))).encode())
    return held.digest()


def seal_day(db: sqlite3.Connection, day: DayDate) -> None:
    """What belongs together from now on, in the transaction that wrote it."""
    db.execute("UPDATE day SET seal = ? WHERE day = ?", (_seal(db, day), day))


def proved_days(db: sqlite3.Connection, newest: int = EVERY) -> list[DayDate]:
    """The newest so many days, the last first, each as it was written; sqlite3.DatabaseError: one is not."""
    for table in ROWS:
        stray = f"SELECT day FROM {table} WHERE day NOT IN (SELECT day FROM day) LIMIT 1"  # noqa: S608 - as above
        for (day,) in db.execute(stray).fetchall():
            raise sqlite3.DatabaseError(f"it has rows of {day}, which was not counted")
    days = db.execute("SELECT day, seal FROM day ORDER BY day DESC LIMIT ?", (newest,)).fetchall()
    for day, seal in days:
        if seal != _seal(db, day):
            raise sqlite3.DatabaseError(f"what is kept of {day} is not what was counted")
    return [day for day, _ in days]
