"""The write-ahead log, or nothing: commits in any other mode can be taken back by a power cut."""

from sqlite_utils import Database


def require_wal(db: Database) -> None:
    """Go over to it; sqlite3.Error, OSError: a sync that fails on a new file leaves another mode, silent."""
    mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise OSError(f"the disk does not take its write-ahead log (mode {mode})")
