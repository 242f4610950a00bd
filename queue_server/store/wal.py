"""The write-ahead log, or nothing: commits in any other mode can be taken back by a power cut."""

import sqlite3

from sqlite_utils import Database


def require_wal(db: Database) -> None:
    """Go over to it; sqlite3.Error. A sync that fails on a new file leaves another mode, and says nothing."""
    mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise sqlite3.OperationalError(f"the disk does not take its write-ahead log (mode {mode})")
