"""A day is a file: an append-only, hash-chained log of events, written by one thread.

`append` returns after the transaction is on disk (WAL, synchronous=FULL). A failed commit is never retried.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from queue_server.core.events import AnyEvent, DayEnded
from queue_server.store.migrations import day_migrations
from queue_server.store.writer import Writer

SECRET_BYTES = 32
ENDED = str(DayEnded.__struct_config__.tag)
"""Kind of the event that seals a day."""
START_OF_CHAIN = b"\0" * 32


class LogError(Exception):
    """The day's file cannot be used; the sentence says what to do."""


class Record(Struct, frozen=True):
    """One event with its circumstances, as the log keeps it."""

    at: datetime
    actor: str
    command_id: str
    ordinal: int
    event: AnyEvent


_encoder = msgspec.json.Encoder()
_event_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def _link(chain: bytes, row: tuple[str, str, str, int, str, str]) -> bytes:
    at, actor, command_id, ordinal, kind, body = row
    words = f"{at}\x1f{actor}\x1f{command_id}\x1f{ordinal}\x1f{kind}\x1f{body}"
    return hashlib.sha256(chain + words.encode()).digest()


class DayLog:
    """The log of one day. All work on the file is done by its own thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer("day-log")
        self._db: Database | None = None
        self._position = 0
        self._chain = START_OF_CHAIN
        self.secret = b""
        """Key of the day's ticket tokens; dies with the file."""

    async def read(self) -> list[Record]:
        """Open or make the file and read the day; LogError when it is damaged or cannot be used."""
        return await self._writer.do(self._read)

    async def last_kind(self) -> str:
        """The kind of the day's last event, empty when there is none; the file is closed again."""
        try:
            return await self._writer.do(self._last_kind)
        finally:
            await self.close()

    async def append(self, records: Sequence[Record]) -> None:
        """Put a batch on disk in one transaction; LogError when that fails, and then the process must end."""
        await self._writer.do(lambda: self._append(records))

    async def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        await self._writer.do(self._close)
        self._writer.stop()

    def _open(self) -> Database:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            db = self._db = Database(str(self.path), execute_plugins=False, recursive_triggers=False)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA busy_timeout=0")
            day_migrations.apply(db)
            self.secret = self._read_secret(db)
        except (sqlite3.Error, OSError) as error:
            raise LogError(
                f"The day's file {self.path} cannot be opened: {error}. Check the disk, its free space and "
                "its permissions; if the file is damaged, put back the newest backup."
            ) from error
        return db

    def _read_secret(self, db: Database) -> bytes:
        with db.atomic():
            db.execute("INSERT OR IGNORE INTO day VALUES ('secret', ?)", (secrets.token_bytes(SECRET_BYTES),))
        return bytes(db.execute("SELECT value FROM day WHERE name = 'secret'").fetchone()[0])

    def _last_kind(self) -> str:
        db = self._open()
        try:
            row = db.execute("SELECT kind FROM events ORDER BY position DESC LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise self._damaged(str(error)) from error
        return "" if row is None else str(row[0])

    def _read(self) -> list[Record]:
        db = self._open()
        try:
            rows = db.execute(
                "SELECT position, at, actor, command_id, ordinal, kind, body, chain FROM events"
                " ORDER BY position"
            )
            return [self._checked(*row) for row in rows.fetchall()]
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise self._damaged(str(error)) from error

    def _checked(  # noqa: PLR0913, PLR0917 - the columns of the table
        self,
        position: int,
        at: str,
        actor: str,
        command_id: str,
        ordinal: int,
        kind: str,
        body: str,
        chain: bytes,
    ) -> Record:
        """A row as a record, once the chain over it is proved."""
        expected = _link(self._chain, (at, actor, command_id, ordinal, kind, body))
        if position != self._position + 1 or chain != expected:
            raise self._damaged("the chain breaks")
        self._position, self._chain = position, expected
        return Record(datetime.fromisoformat(at), actor, command_id, ordinal, _event_decoder.decode(body))

    def _damaged(self, what: str) -> LogError:
        return LogError(
            f"The day's file {self.path} is damaged or was changed after event {self._position}: {what}. "
            "Put back the newest backup."
        )

    def _append(self, records: Sequence[Record]) -> None:
        assert self._db is not None
        position, chain = self._position, self._chain
        rows = []
        for record in records:
            kind = str(record.event.__struct_config__.tag)
            body = _encoder.encode(record.event).decode()
            row = (record.at.isoformat(), record.actor, record.command_id, record.ordinal, kind, body)
            position, chain = position + 1, _link(chain, row)
            rows.append((position, *row, chain))
        try:
            with self._db.atomic():
                self._db.conn.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise LogError(
                f"Nothing more can be written to {self.path}: {error}. The queue stops so that no ticket is "
                "given that is not on disk. Free space or replace the disk; the server then goes on."
            ) from error
        self._position, self._chain = position, chain

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is None:
            return
        with suppress(sqlite3.Error):  # what was committed is safe in the write-ahead log as it is
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
