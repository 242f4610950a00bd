"""The table of the registry that says who did what: append-only, each row chained to the one before.

All of it is done inside a transaction of the registry.
"""

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from queue_server.devices import By, Deed, What
from queue_server.store.chain import START_OF_CHAIN, link

TABLE = """
        CREATE TABLE trail (
            position INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            what TEXT NOT NULL,
            about TEXT NOT NULL,
            chain BLOB NOT NULL
        ) STRICT
        """
TRIGGERS = tuple(
    f"CREATE TRIGGER trail_no_{verb.lower()} BEFORE {verb} ON trail "
    f"BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)


def note(db: Database, deed: Deed) -> None:
    """Add this, in the transaction of what was done."""
    last = db.conn.execute("SELECT position, chain FROM trail ORDER BY position DESC LIMIT 1").fetchone()
    position, chain = last or (0, START_OF_CHAIN)
    row = (deed.by.at.isoformat(), deed.by.actor, deed.what.value, deed.about)
    db.conn.execute("INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?)", (position + 1, *row, link(chain, row)))


def sound_trail(db: Database) -> list[Deed]:
    """All that was done, in order; sqlite3.Error, ValueError: it is not what was written, from where on."""
    rows = db.conn.execute("SELECT position, at, actor, what, about, chain FROM trail ORDER BY position")
    chain = START_OF_CHAIN
    deeds: list[Deed] = []
    for position, at, actor, what, about, linked in rows.fetchall():
        chain = link(chain, (at, actor, what, about))
        if position != len(deeds) + 1 or linked != chain:
            since = f" of {deeds[-1].by.at.isoformat()}" if deeds else ""
            raise sqlite3.DatabaseError(f"its trail was changed after entry {len(deeds)}{since}")
        deeds.append(Deed(By(actor, datetime.fromisoformat(at)), What(what), about))
    return deeds
