"""The tables of the registry about people: accounts and who is where, sealed as the devices are.

All of it is done inside a transaction of the registry, which keeps the trail.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from protocol.ids import DeviceName, Role, StaffId
from queue_server.people import Account, Session

TABLES = (
    """
    CREATE TABLE staff (
        key TEXT PRIMARY KEY,
        roles TEXT NOT NULL,
        pin TEXT NOT NULL,
        given INTEGER NOT NULL,
        since TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE session (
        device TEXT PRIMARY KEY,
        staff TEXT NOT NULL UNIQUE,
        touched_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
FIRST_NAME_OF_LAST_THERE = "since"
SEAL = "team"
Row = tuple[Any, ...]


def name_last_there(db: Database) -> None:
    """The first table of sessions had another name for it; its seal holds all the same."""
    if FIRST_NAME_OF_LAST_THERE in db["session"].columns_dict:
        db.execute(f"ALTER TABLE session RENAME COLUMN {FIRST_NAME_OF_LAST_THERE} TO touched_at")


def _rows(db: Database) -> tuple[list[Row], list[Row]]:
    """Accounts by key, sessions by device, as they stand there."""
    accounts = db.conn.execute("SELECT key, roles, pin, given, since FROM staff ORDER BY key")
    sessions = db.conn.execute("SELECT device, staff, touched_at FROM session ORDER BY device")
    return accounts.fetchall(), sessions.fetchall()


def _seal(accounts: list[Row], sessions: list[Row]) -> bytes:
    return hashlib.sha256(repr([*accounts, *sessions]).encode()).digest()


def reseal(db: Database) -> None:
    """What belongs together from now on, in the transaction of what was done."""
    db.conn.execute("INSERT OR REPLACE INTO seal VALUES (?, ?)", (SEAL, _seal(*_rows(db))))


def sound_team(db: Database) -> tuple[list[Account], list[Session]]:
    """All of them, by key and by device; sqlite3.Error, ValueError: not as they were written."""
    accounts, sessions = _rows(db)
    seal = db.conn.execute("SELECT value FROM seal WHERE name = ?", (SEAL,)).fetchone()
    if (accounts or sessions or seal) and seal != (_seal(accounts, sessions),):
        raise sqlite3.DatabaseError("its accounts are not those that were written")
    return (
        [
            Account(
                staff=key,
                roles=frozenset(map(Role, roles.split())),
                pin=pin,
                given=bool(given),
                since=datetime.fromisoformat(since),
            )
            for key, roles, pin, given, since in accounts
        ],
        [
            Session(device, staff, datetime.fromisoformat(touched_at))
            for device, staff, touched_at in sessions
        ],
    )


def _roles(account: Account) -> str:
    return " ".join(sorted(account.roles))


def words_of(account: Account) -> str:
    """An account as the trail names it: its key, and where this person works."""
    return f"{account.staff} {_roles(account)}"


def put(db: Database, account: Account) -> None:
    """This account, instead of the one of its key."""
    row = (account.staff, _roles(account), account.pin, int(account.given), account.since.isoformat())
    db.conn.execute("INSERT OR REPLACE INTO staff VALUES (?, ?, ?, ?, ?)", row)


def remove(db: Database, staff: StaffId) -> bool:
    """Whether there was such an account; whoever it was is nowhere signed in any more."""
    leave(db, staff)
    return bool(db.conn.execute("DELETE FROM staff WHERE key = ?", (staff,)).rowcount)


def leave(db: Database, staff: StaffId) -> None:
    """This person is at no terminal."""
    db.conn.execute("DELETE FROM session WHERE staff = ?", (staff,))


def seat(db: Database, session: Session) -> None:
    """This person is at this terminal and at no other, and nobody else is."""
    leave(db, session.staff)
    clear(db, session.device)
    row = (session.device, session.staff, session.touched_at.isoformat())
    db.conn.execute("INSERT INTO session VALUES (?, ?, ?)", row)


def clear(db: Database, device: DeviceName) -> None:
    """Nobody is at this terminal."""
    db.conn.execute("DELETE FROM session WHERE device = ?", (device,))


def unseat(db: Database, sessions: Iterable[Session]) -> None:
    """These people are not there any more."""
    rows = [(one.device, one.staff) for one in sessions]
    db.conn.executemany("DELETE FROM session WHERE device = ? AND staff = ?", rows)


def touch(db: Database, sessions: Iterable[Session]) -> None:
    """When somebody was last at these terminals."""
    rows = [(one.touched_at.isoformat(), one.device, one.staff) for one in sessions]
    db.conn.executemany("UPDATE session SET touched_at = ? WHERE device = ? AND staff = ?", rows)


def send_home(db: Database) -> None:
    """Nobody is anywhere, and nothing is asked."""
    sound_team(db)  # no seal is put on what was not proved
    db.conn.execute("DELETE FROM session")
    db.conn.execute("DELETE FROM asked")
    reseal(db)


def settle(db: Database, centre: str) -> str:
    """The centre that all of this belongs to: this one, if nobody has said so before."""
    db.conn.execute("INSERT OR IGNORE INTO seal VALUES ('centre', ?)", (centre.encode(),))
    [found] = db.conn.execute("SELECT value FROM seal WHERE name = 'centre'").fetchone()
    return str(found, "utf-8")
