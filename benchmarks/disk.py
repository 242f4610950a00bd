"""What the disk gives: raw commits, and group commits as the server makes them."""

import sqlite3
import time
from pathlib import Path

ROW = (
    "2026-11-22T10:42:00.000000+01:00",
    "kiosk:kiosk-1",
    "0123456789abcdef-0000000000",
    0,
    "ticket_issued",
    '{"kind":"ticket_issued","ticket":"M042","number":42,"field":"training","languages":["fr"],"ahead":3}',
    b"\0" * 32,
)


class Disk:
    """A file that rows are committed to as the server does it: WAL, synchronous=FULL."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE e (p INTEGER PRIMARY KEY, a, b, c, d, e, f, g)")

    def commit(self, rows: int) -> float:
        """Seconds that a transaction of so many rows took."""
        began = time.perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO e (a, b, c, d, e, f, g) VALUES (?, ?, ?, ?, ?, ?, ?)", [ROW] * rows)
        self._db.execute("COMMIT")
        return time.perf_counter() - began

    def commits(self, rows: int, seconds: float) -> list[float]:
        """Seconds of each of the transactions that fit into this time."""
        until = time.perf_counter() + seconds
        took = []
        while time.perf_counter() < until:
            took.append(self.commit(rows))
        return took

    def close(self) -> None:
        """Close the file."""
        self._db.close()
