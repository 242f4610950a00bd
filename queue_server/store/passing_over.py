"""A restored day says so itself: what may have been given after its backup is passed over."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
from sqlite_utils import Database

from protocol.ids import DayDate
from queue_server.core.policy import PASSED_OVER
from queue_server.log_port import ENDED
from queue_server.store.chain import IN_ORDER, Chain, link
from queue_server.store.copies import DamagedError
from queue_server.store.migrations import day_migrations

EASTERNMOST = timezone(timedelta(hours=14))
"""Where a date begins first."""


def pass_over(path: Path) -> None:
    """One event more at the end of a proved day that nobody has open, unless it has ended; DamagedError."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            day_migrations.apply(Database(db, execute_plugins=False))
            chain, kind, at = Chain(), "", ""
            for row in db.execute(IN_ORDER).fetchall():
                chain.prove(*row)
                kind, at = row[5], row[1]  # it stands where the backup stood: whatever came later is unknown
            if kind == ENDED:
                return
            at = at or _beginning(path.stem).isoformat()
            position = chain.position + 1
            tag, body = str(PASSED_OVER.__struct_config__.tag), msgspec.json.encode(PASSED_OVER).decode()
            event = (at, "server:restore", f"restored:{position}", 0, tag, body)
            db.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (position, *event, link(chain.link, event)),
            )
    except sqlite3.Error as error:
        raise DamagedError(str(error)) from error


def _beginning(day: DayDate) -> datetime:
    """Of a day in which nothing has happened, wherever on earth: the clock here may be wrong.

    The queue's time never goes back behind an event, so one that came too late would hold the hours up.
    """
    return datetime.fromisoformat(day).replace(tzinfo=EASTERNMOST)
