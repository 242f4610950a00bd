"""How a day's file came to be as it is; each step is recorded in the transaction that makes it."""

import sqlite3

from sqlite_utils import Database, Migrations

SPOILED = (sqlite3.Error, UnicodeDecodeError, LookupError)
"""What a file raises whose schema is spoiled: in SQLite, in its words that are none, in the migrations."""


def tells_damage(error: BaseException) -> bool:
    """It is the file that is spoiled; else the disk takes or gives nothing, and the file is as it was."""
    if not isinstance(error, sqlite3.OperationalError):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # none: its words are none
    return bool(code & 0xFF == sqlite3.SQLITE_ERROR)


day_migrations = Migrations("day")


@day_migrations()
def m001_events(db: Database) -> None:
    """The append-only log and the day's own secrets."""
    db.execute(
        """
        CREATE TABLE events (
            position INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            command_id TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            chain BLOB NOT NULL,
            UNIQUE (command_id, ordinal)
        ) STRICT
        """
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
            f"BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
    db.execute("CREATE TABLE day (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID")
