"""The table of the registry that says who is planned to work when, a row for each line, sealed as the others.

A row is known by person, day and begin, so that one can be put, changed or removed alone.
"""

import hashlib
import sqlite3
from typing import Any

from sqlite_utils import Database

from config.roster import Roster, as_row, from_row, roster_of, staff_of

TABLE = """
    CREATE TABLE roster (
        staff TEXT NOT NULL,
        day TEXT NOT NULL,
        begins TEXT NOT NULL,
        ends TEXT NOT NULL,
        fields TEXT NOT NULL,
        languages TEXT NOT NULL,
        breaks TEXT NOT NULL,
        stays TEXT NOT NULL,
        PRIMARY KEY (staff, day, begins)
    ) STRICT, WITHOUT ROWID
    """
SEAL = "roster"
WHOLE = "roster"
"""What the trail says when more than one person's plan has changed."""


def _rows(db: Database) -> list[tuple[Any, ...]]:
    return db.conn.execute("SELECT * FROM roster ORDER BY staff, day, begins").fetchall()


def _seal(rows: list[tuple[Any, ...]]) -> bytes:
    return hashlib.sha256(repr(rows).encode()).digest()


def sound_roster(db: Database) -> Roster:
    """The roster; sqlite3.Error, ValueError: not as it was written."""
    rows = _rows(db)
    seal = db.conn.execute("SELECT value FROM seal WHERE name = ?", (SEAL,)).fetchone()
    if (rows or seal) and seal != (_seal(rows),):
        raise sqlite3.DatabaseError("its roster is not the one that was written")
    return roster_of(from_row(row) for row in rows)


def put(db: Database, before: Roster, after: Roster) -> None:
    """Make the one of the other, which was proved to be there, in the transaction of what was done."""
    gone = set(before.lines) - set(after.lines)
    come = set(after.lines) - set(before.lines)
    db.conn.executemany(
        "DELETE FROM roster WHERE staff = ? AND day = ? AND begins = ?", [as_row(line)[:3] for line in gone]
    )
    db.conn.executemany("INSERT INTO roster VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(as_row, come))
    db.conn.execute("INSERT OR REPLACE INTO seal VALUES (?, ?)", (SEAL, _seal(_rows(db))))


def words_of(before: Roster, after: Roster) -> str:
    """Whose plan has changed, as the trail names it: one person's key, or the roster's."""
    whose = {staff_of(line) for line in set(before.lines) ^ set(after.lines)}
    return min(whose) or WHOLE if len(whose) == 1 else WHOLE
