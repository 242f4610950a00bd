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


def commits(directory: Path, rows: int, seconds: float) -> list[float]:
    """How long each transaction of so many rows took (s); WAL, synchronous=FULL."""
    path = directory / f"raw-{rows}.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS e (p INTEGER PRIMARY KEY, a, b, c, d, e, f, g)")
    took = []
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO e (a, b, c, d, e, f, g) VALUES (?, ?, ?, ?, ?, ?, ?)", [ROW] * rows)
        db.execute("COMMIT")
        took.append(time.perf_counter() - began)
    db.close()
    path.unlink()
    return took
