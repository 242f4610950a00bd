"""Files of the data directory read beside the server: never written to, never folded.

A connection that may write would fold the write-ahead log while the server does, which older versions of
SQLite do not survive: ours has the file open for reading alone.
"""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from protocol.commands import UnservedWhy
from protocol.discretion import hidden
from protocol.ids import DayDate
from protocol.whole import sync
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastCycle, PastDay, PastPromise, PastUnserved
from queue_server.store.chain import IN_ORDER, START_OF_CHAIN, Chain, ChainBrokenError
from queue_server.store.manifest import End
from queue_server.store.migrations import SPOILED, day_migrations
from queue_server.store.statistics_tables import ROWS, proved_days, statistics_migrations

BUSY_TIMEOUT_S = 10.0
"""A server that starts on a file has it for itself for a moment."""


class DamagedError(Exception):
    """A file is not as it was written, or cannot be read; in words that follow its name and a colon."""


class Proved(Struct, frozen=True):
    """A day that is as it was written."""

    at: str
    """When the last event was; empty: nothing has happened."""
    links: list[bytes]
    """Of the chain: its start, then one for each event."""
    secret: bytes

    def __repr__(self) -> str:
        return hidden(self, "secret")

    @property
    def end(self) -> End:
        """How far it goes."""
        return End(len(self.links) - 1, self.links[-1].hex(), self.at)

    def goes_on_from(self, end: End) -> bool:
        """Whether it is that day, then or later."""
        return end.position < len(self.links) and self.links[end.position].hex() == end.chain


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection; DamagedError, and OSError when a disk is full."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True)) as db:
            db.execute("PRAGMA wal_autocheckpoint=0")
            yield db
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise OSError(ENOSPC, os.strerror(ENOSPC)) from error
        raise DamagedError(str(error)) from error


def copy(path: Path, to: Path) -> None:
    """The file as it is in one instant, put on disk; DamagedError, OSError."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _reading(path) as db:
        db.execute("VACUUM INTO ?", (str(to),))
    sync(to)


def has_begun(path: Path) -> bool:
    """Whether the server has come so far as to make the day's tables; DamagedError."""
    with _reading(path) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE '~_sqlite~_%' ESCAPE '~'")
        return bool(tables.fetchone()[0])


def last(path: Path) -> End:
    """How far a day went, unproved; DamagedError."""
    with _reading(path) as db:
        row = db.execute(
            "SELECT position, lower(hex(chain)), CAST(at AS TEXT) FROM events ORDER BY position DESC LIMIT 1"
        ).fetchone()
    return End(*row) if row else End(0, START_OF_CHAIN.hex(), "")


def prove_whole(path: Path) -> None:
    """Every page and index of a file is sound; DamagedError."""
    with _reading(path) as db:
        _refuse_spoiled(db)


def into_memory(path: Path, db: sqlite3.Connection) -> None:
    """The file as it is in one instant, every page of it sound; DamagedError."""
    with _reading(path) as file:
        file.backup(db)
    _refuse_spoiled(db)


def prove_day(path: Path) -> Proved:
    """All of a day, proved as the server proves it, which also migrates it; DamagedError."""
    chain, links, at = Chain(), [START_OF_CHAIN], ""
    try:
        with closing(sqlite3.connect(":memory:")) as db:
            into_memory(path, db)
            day_migrations.apply(Database(db, execute_plugins=False))
            for row in db.execute(IN_ORDER):
                chain.prove(*row)
                links.append(chain.link)
                at = row[1]
            secret = db.execute("SELECT value FROM day WHERE name = 'secret'").fetchone()
    except (*SPOILED, ChainBrokenError, msgspec.DecodeError) as error:
        raise DamagedError(f"{error} after event {chain.position}{f' of {at}' if at else ''}") from error
    if chain.position and secret is None:
        raise DamagedError("the key of its tickets is missing")
    return Proved(at, links, b"" if secret is None else secret[0])


def _refuse_spoiled(db: sqlite3.Connection) -> None:
    [found] = db.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise DamagedError(str(found))


@contextmanager
def _proved_statistics(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy in memory, as the newest version would have it, each day of it proved; DamagedError."""
    try:
        with closing(sqlite3.connect(":memory:")) as db:
            into_memory(path, db)
            statistics_migrations.apply(Database(db, execute_plugins=False))
            proved_days(db)
            yield db
    except SPOILED as error:
        raise DamagedError(str(error)) from error


def counted(statistics: Path) -> set[DayDate]:
    """Days whose anonymous statistics are kept for good, each as it was written; DamagedError."""
    with _proved_statistics(statistics) as db:
        return {day for (day,) in db.execute("SELECT day FROM day")}


def promises(statistics: Path, days: int) -> list[PastPromise]:
    """What visitors of the newest so many days were told, and how it was; DamagedError."""
    with _proved_statistics(statistics) as db:
        return [
            PastPromise(field, languages, early, middle, upper, waited, bool(late))
            for told in _by_day(db, "promise", days).values()
            for field, languages, early, middle, upper, waited, late in told
        ]


def past_days(statistics: Path, days: int) -> dict[DayDate, PastDay]:
    """What the newest so many days asked for and how long it took, without promises; DamagedError."""
    with _proved_statistics(statistics) as db:
        legs = _by_day(db, "leg", days)
        cycles = _by_day(db, "cycle", days)
        unserved = _by_day(db, "unserved", days)
        newest = [day for (day,) in db.execute("SELECT day FROM day ORDER BY day DESC LIMIT ?", (days,))]
    return {
        day: PastDay(
            legs=tuple(
                Leg(hour, field, languages, screen, number, LegEnd(end), wait, service)
                for hour, field, languages, screen, number, end, wait, service in legs[day]
            ),
            cycles=tuple(PastCycle(*row) for row in cycles[day]),
            unserved=tuple(
                PastUnserved(hour, field, languages, UnservedWhy(why))
                for hour, field, languages, why in unserved[day]
            ),
        )
        for day in newest
    }


def _by_day(db: sqlite3.Connection, table: str, days: int) -> defaultdict[DayDate, list[tuple[Any, ...]]]:
    """Rows of the newest so many days."""
    found: defaultdict[DayDate, list[tuple[Any, ...]]] = defaultdict(list)
    newest = "(SELECT day FROM day ORDER BY day DESC LIMIT ?)"
    rows = f"SELECT day, {ROWS[table]} FROM {table} WHERE day IN {newest}"  # noqa: S608 - names of our own
    for day, *row in db.execute(rows, (days,)):
        found[day].append(tuple(row))
    return found
