"""A day is a file: an append-only, hash-chained log of events, written by one thread.

`append` returns after the transaction is on disk (WAL, synchronous=FULL). A failed commit is never retried.
Beside it stands a witness, which knows how far the file went: what was cut off its end leaves no other trace.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import msgspec
from sqlite_utils import Database

from queue_server.log_port import ENDED, FencedError, LogError, Record
from queue_server.store.chain import IN_ORDER, Chain, ChainBrokenError, link
from queue_server.store.migrations import SPOILED, day_migrations
from queue_server.store.wal import require_wal
from queue_server.store.witness import Witness
from queue_server.store.writer import Writer

SECRET_BYTES = 32
LAST_KIND = "SELECT kind FROM events ORDER BY position DESC LIMIT 1"
BEAT = (
    "INSERT INTO day VALUES ('beat', x'00') "
    "ON CONFLICT (name) DO UPDATE SET value = CASE value WHEN x'00' THEN x'01' ELSE x'00' END"
)
"""Changes what is there: SQLite writes no page that stays the same, and asks nothing of the disk."""

_encoder = msgspec.json.Encoder()


def _words(epoch: int) -> bytes:
    return b"%d" % epoch


class DayLog:
    """The log of one day. All work on the file is done by its own thread."""

    def __init__(self, path: Path, epoch: int = 0) -> None:
        """`epoch`: of the server that writes; one with a higher epoch fences it off."""
        self.path = path
        self._epoch = epoch
        self._witness = Witness(path)
        self._writer = Writer("day-log")
        self._db: Database | None = None
        self._chain = Chain()
        self.secret = b""
        """Key of the day's ticket tokens; dies with the file."""

    async def fence(self) -> None:
        """Take the day for this epoch: who had it before writes nothing more. LogError, FencedError."""
        await self._writer.do(self._fence)

    async def read(self) -> list[Record]:
        """Open or make the file and read the day; LogError when it is damaged or cannot be used."""
        return await self._writer.do(self._read)

    async def last_kind(self) -> str:
        """The kind of the day's last event, empty when there is none; the file is closed again."""
        try:
            return await self._writer.do(self._last_kind)
        finally:
            await self.close()

    async def has_ended(self) -> bool:
        """Whether its last event says so, at a glance: nothing is proved, and the file is closed again.

        False also where that cannot be seen: whoever opens it then says why.
        """
        try:
            return await self._writer.do(self._has_ended)
        finally:
            await self.close()

    async def append(self, records: Sequence[Record]) -> None:
        """Put a batch on disk in one transaction; LogError, FencedError: then the process must end."""
        await self._writer.do(lambda: self._append(records))

    async def beat(self) -> None:
        """Prove that the disk takes what it is given, and that the day is ours; LogError, FencedError."""
        await self._writer.do(self._beat)

    async def close(self) -> None:
        """Fold the write-ahead log into the file and close it; again does nothing."""
        if not self._writer.stopped:
            await self._writer.do(self._close)
            await self._writer.stop()

    def _open(self) -> Database:
        self._refuse_lost()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            db = self._db = Database(str(self.path), execute_plugins=False, recursive_triggers=False)
            require_wal(db)
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")
            db.execute("PRAGMA busy_timeout=0")
            if (found := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise self._damaged(str(found))
            day_migrations.apply(db)
            self.secret = self._read_secret(db)
        except (*SPOILED, OSError) as error:
            raise LogError(
                f"The day's file {self.path} cannot be opened: {error}. Check the disk, its free space and "
                "its permissions; if the file is damaged, put back the newest backup (walkin restore)."
            ) from error
        return db

    def _refuse_lost(self) -> None:
        """A new file in the place of one that is gone would hide that, and empty its write-ahead log."""
        if self._witness.path.exists() and not self.path.exists():
            raise self._damaged(f"it is not there (to begin it anew, remove {self._witness.path})")

    def _read_secret(self, db: Database) -> bytes:
        with db.atomic():
            db.execute("INSERT OR IGNORE INTO day VALUES ('secret', ?)", (secrets.token_bytes(SECRET_BYTES),))
            db.execute("INSERT OR IGNORE INTO day VALUES ('epoch', ?)", (_words(0),))
        return bytes(db.execute("SELECT value FROM day WHERE name = 'secret'").fetchone()[0])

    def _fence(self) -> None:
        db = self._open()
        try:
            with db.atomic():
                self._check_epoch(db)
                db.execute("UPDATE day SET value = ? WHERE name = 'epoch'", (_words(self._epoch),))
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _check_epoch(self, db: Database) -> None:
        [value] = db.execute("SELECT value FROM day WHERE name = 'epoch'").fetchone()
        if not value.isdigit():
            raise self._damaged("its epoch is no number")
        epoch = int(value)
        if epoch > self._epoch:
            raise FencedError(
                f"Another server has taken over {self.path} (epoch {epoch} after {self._epoch}). This one "
                "ends; what it has answered is kept. Run one server on a centre's days; if there is no "
                "other, put back the newest backup (walkin restore)."
            )

    def _has_ended(self) -> bool:
        uri = f"{self.path.resolve().as_uri()}?mode=rw"  # a file that is not there is not made
        with suppress(*SPOILED), closing(sqlite3.connect(uri, timeout=0, uri=True)) as db:
            return bool(db.execute(LAST_KIND).fetchone() == (ENDED,))
        return False

    def _last_kind(self) -> str:
        db = self._open()
        try:
            row = db.execute(LAST_KIND).fetchone()
        except SPOILED as error:
            raise self._damaged(str(error)) from error
        return "" if row is None else str(row[0])

    def _read(self) -> list[Record]:
        db = self._db or self._open()
        try:
            records = [self._chain.prove(*row) for row in db.execute(IN_ORDER).fetchall()]
        except (*SPOILED, msgspec.DecodeError, ChainBrokenError) as error:
            raise self._damaged(str(error)) from error
        stands = (self._chain.position, self._chain.link, self.secret)
        if trouble := self._witness.contradicts(self._witness.seen(), *stands):
            raise self._damaged(trouble)
        try:
            self._witness.open()
            self._witness.saw(*stands)
        except OSError as error:
            raise self._unwritable(error) from error
        return records

    def _damaged(self, what: str) -> LogError:
        return LogError(
            f"The day's file {self.path} is damaged or was changed after event {self._chain.position}: "
            f"{what}. Put back the newest backup (walkin restore)."
        )

    def _append(self, records: Sequence[Record]) -> None:
        assert self._db is not None
        position, chain = self._chain.position, self._chain.link
        rows = []
        for record in records:
            kind = str(record.event.__struct_config__.tag)
            body = _encoder.encode(record.event).decode()
            row = (record.at.isoformat(), record.actor, record.command_id, record.ordinal, kind, body)
            position, chain = position + 1, link(chain, row)
            rows.append((position, *row, chain))
        try:
            with self._db.atomic():
                self._prove_ours(self._db)  # nobody else can write between this and the end
                self._db.conn.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._witness.saw(position, chain, self.secret)
        except (sqlite3.Error, OSError) as error:
            raise self._unwritable(error) from error
        self._chain.position, self._chain.link = position, chain

    def _beat(self) -> None:
        assert self._db is not None
        try:
            with self._db.atomic():
                self._prove_ours(self._db)
                self._db.execute(BEAT)  # a page of the write-ahead log, which SQLite folds every 1000
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _prove_ours(self, db: Database) -> None:
        """The transaction sees the day as it is when it ends, or SQLite refuses it."""
        [(epoch,)] = db.conn.execute("SELECT value FROM day WHERE name = 'epoch'").fetchall()
        if epoch != _words(self._epoch):
            self._check_epoch(db)
            raise AssertionError("a day is fenced before it is written to")

    def _unwritable(self, error: sqlite3.Error | OSError) -> LogError:
        return LogError(
            f"Nothing more can be written to {self.path}: {error}. The queue stops so that no ticket is "
            "given that is not on disk. Free space or replace the disk; the server then goes on."
        )

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is None:
            return
        with suppress(*SPOILED):  # what was committed is safe in the write-ahead log as it is
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        self._witness.close()
