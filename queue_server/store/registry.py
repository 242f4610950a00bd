"""Who belongs to a centre: its devices and its team, each with a digest of the secret; its roster; a trail.

The console changes it while the server has it open. So it has a rollback journal, which two processes may
share in every version of SQLite, and no write-ahead log, which they may not.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database, Migrations

from config.roster import Roster
from protocol.ids import DeviceName, RequestId, Role, StaffId
from protocol.whole import give_to_owner_of
from queue_server.devices import By, Deed, Device, Enrolled, Members, RegistryError, What
from queue_server.people import Account, Session
from queue_server.store import asked, roster, team, trail
from queue_server.store.migrations import SPOILED
from queue_server.store.writer import Writer

BUSY_TIMEOUT_MS = 5000
"""The other process has it for one short transaction."""

T = TypeVar("T")
registry_migrations = Migrations("registry")


@registry_migrations()
def m001_devices(db: Database) -> None:
    """Devices, the seal over them, and the append-only trail."""
    db.execute(
        """
        CREATE TABLE device (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL,
            desk TEXT,
            digest BLOB NOT NULL UNIQUE,
            since TEXT NOT NULL,
            seen_at TEXT
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE TABLE seal (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID")
    for statement in (trail.TABLE, *trail.TRIGGERS):
        db.execute(statement)


@registry_migrations()
def m002_console(db: Database) -> None:
    """What the console asks of the running server, until it has read the answer."""
    db.execute(asked.TABLE)


@registry_migrations()
def m003_team(db: Database) -> None:
    """Accounts of the team, and who is at which terminal."""
    for table in team.TABLES:
        db.execute(table)


@registry_migrations()
def m004_roster(db: Database) -> None:
    """Who is planned to work when."""
    db.execute(roster.TABLE)


@registry_migrations()
def m005_last_there(db: Database) -> None:
    """When somebody was last at a terminal stands in the column of that name in every registry."""
    team.name_last_there(db)


DEVICES = "SELECT name, role, desk, digest, since, seen_at FROM device ORDER BY name"


def _seal(rows: Sequence[tuple[object, ...]]) -> bytes:
    """Over all that is fixed of the devices: SQLite itself does not notice a bit that has turned in it."""
    return hashlib.sha256(repr([row[:-1] for row in rows]).encode()).digest()


def sound_devices(db: Database) -> list[Enrolled]:
    """All of them, in the order of their names; sqlite3.Error, ValueError: not as they were written."""
    rows = db.conn.execute(DEVICES).fetchall()
    seal = db.conn.execute("SELECT value FROM seal WHERE name = 'device'").fetchone()
    if (rows or seal) and seal != (_seal(rows),):
        raise sqlite3.DatabaseError("its devices are not those that were written")
    return [
        Enrolled(
            device=Device(name, Role(role), desk),
            digest=digest,
            since=datetime.fromisoformat(since),
            seen_at=datetime.fromisoformat(seen_at) if seen_at else None,
        )
        for name, role, desk, digest, since, seen_at in rows
    ]


def _sound_members(db: Database) -> Members:
    return Members(sound_devices(db), *team.sound_team(db))


class Registry:
    """The file `registry.db`. All work on it is done by its own thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer("registry")
        self._db: Database | None = None
        self._version = 0

    async def open(self) -> None:
        """Open or make it; RegistryError when it is damaged or cannot be used."""
        await self._do(self._open)

    async def members(self) -> Members:
        """All of them, in the order of their names; RegistryError."""
        return await self._do(self._members)

    async def add(self, devices: Mapping[bytes, Device], by: By) -> list[DeviceName]:
        """Durably, each by the digest of its token; the names that are taken: then nothing. RegistryError."""
        return await self._do(lambda: self._add(devices, by))

    async def replace(self, digest: bytes, device: Device, by: By) -> None:
        """Durably, this device with this token instead of the one of its name, if there is; RegistryError."""
        await self._do(lambda: self._replace(digest, device, by))

    async def remove(self, names: Sequence[DeviceName], by: By) -> list[DeviceName]:
        """Durably; those of these names that there are not. RegistryError."""
        return await self._do(lambda: self._remove(names, by))

    async def saw(self, seen: Mapping[DeviceName, datetime]) -> None:
        """Write down when these devices were seen; RegistryError."""
        await self._do(lambda: self._saw(seen))

    async def settle(self, centre: str) -> str:
        """The centre that this registry belongs to: this one, if nobody has said so before; RegistryError."""
        return await self._do(lambda: self._in_one(lambda db: team.settle(db, centre)))

    async def add_staff(self, accounts: Sequence[Account], by: By) -> list[StaffId]:
        """Durably; the keys that are taken: then nothing. RegistryError."""
        return await self._do(lambda: self._add_staff(accounts, by))

    async def remove_staff(self, keys: Sequence[StaffId], by: By) -> list[StaffId]:
        """Durably, and they are signed in nowhere; those of these keys that there are not. RegistryError."""
        return await self._do(lambda: self._remove_staff(keys, by))

    async def reset(self, accounts: Sequence[Account], by: By) -> list[StaffId]:
        """Durably, these instead of those of their keys; the keys of which there is none: then nothing.

        RegistryError.
        """
        return await self._do(lambda: self._reset(accounts, by))

    async def sign_in(self, session: Session, proved: Account, chosen: Account | None, by: By) -> bool:
        """Durably, this person is there and nowhere else, from now on with the account that was chosen.

        False: nothing was done, for the account is not the one that was proved any more, or the terminal is
        gone. RegistryError.
        """
        return await self._do(lambda: self._sign_in(session, proved, chosen, by))

    async def sign_out(self, sessions: Sequence[Session]) -> None:
        """Durably, these have ended; whoever came after them stays. RegistryError."""
        await self._do(lambda: self._sign_out(sessions))

    async def touched(self, sessions: Sequence[Session]) -> None:
        """Write down when somebody was last at these terminals; RegistryError."""
        await self._do(lambda: self._touched(sessions))

    async def roster(self) -> Roster:
        """Who is planned to work when; RegistryError."""
        return await self._do(self._roster)

    async def plan(self, before: Roster, after: Roster, by: By) -> bool:
        """Durably, this roster instead of that; RegistryError.

        False: nothing was done, for somebody else has changed it meanwhile.
        """
        return await self._do(lambda: self._plan(before, after, by))

    async def note(self, deed: Deed) -> None:
        """Add to the trail; RegistryError."""
        await self._do(lambda: self._in_one(lambda db: trail.note(db, deed)))

    async def ask(self, request_id: RequestId, frame: bytes) -> None:
        """Ask the running server something; RegistryError."""
        await self._do(lambda: self._in_one(lambda db: asked.ask(db, request_id, frame)))

    async def asked(self) -> list[tuple[RequestId, bytes]]:
        """Ids and frames of what the console asks now and was not answered yet; RegistryError."""
        return await self._do(lambda: asked.asked(self._opened()))

    async def answer(self, request_id: RequestId, frame: bytes) -> None:
        """Let the console find this answer; RegistryError."""
        await self._do(lambda: self._in_one(lambda db: asked.answer(db, request_id, frame)))

    async def answered(self, request_id: RequestId) -> bytes | None:
        """The server's answer to this; none: not yet. RegistryError."""
        return await self._do(lambda: asked.answered(self._opened(), request_id))

    async def withdraw(self, request_id: RequestId) -> None:
        """Nobody waits for an answer to this any more; RegistryError."""
        await self._do(lambda: self._in_one(lambda db: asked.withdraw(db, request_id)))

    async def changed(self) -> bool:
        """Whether somebody else has changed it since this was asked last; RegistryError."""
        return await self._do(self._changed)

    async def trail(self) -> list[Deed]:
        """All that was done, in order, once it is proved whole; RegistryError when it is not."""
        return await self._do(self._trail)

    async def close(self) -> None:
        """Let it go; again does nothing."""
        if not self._writer.stopped:
            await self._writer.do(self._close)
            await self._writer.stop()

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await self._writer.do(work)
        except (*SPOILED, OSError, ValueError) as error:
            raise RegistryError(
                f"The registry of devices {self.path} cannot be used: {error}. Check the disk, its free "
                "space and permissions; if the file is damaged, put back that of the newest backup (walkin "
                "restore --registry)."
            ) from error

    def _open(self) -> None:
        assert self._db is None, "a registry is opened once"
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.touch(mode=0o600)
            give_to_owner_of(self.path.parent, self.path)
        db = self._db = Database(str(self.path), execute_plugins=False, recursive_triggers=False)
        try:
            self._prepare(db)
        except BaseException:
            self._close()
            raise

    def _prepare(self, db: Database) -> None:
        for pragma in ("synchronous=EXTRA", "secure_delete=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            db.execute(f"PRAGMA {pragma}")
        if (found := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(str(found))
        registry_migrations.apply(db)
        self._changed()

    def _opened(self) -> Database:
        assert self._db is not None, "a registry is opened before it is asked"
        return self._db

    def _members(self) -> Members:
        with self._opened().atomic():
            return _sound_members(self._opened())

    @contextmanager
    def _alone(self) -> Iterator[Database]:
        """The registry for one transaction, which the other process waits for from its beginning on."""
        db = self._opened()
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise

    @contextmanager
    def _changing(self) -> Iterator[tuple[Database, Members]]:
        """The same and who belongs to it, proved before and sealed after: no seal is put on what was not."""
        with self._alone() as db:
            yield db, _sound_members(db)
            rows = db.conn.execute(DEVICES).fetchall()
            db.conn.execute("INSERT OR REPLACE INTO seal VALUES ('device', ?)", (_seal(rows),))
            team.reseal(db)

    def _add(self, devices: Mapping[bytes, Device], by: By) -> list[DeviceName]:
        with self._changing() as (db, members):
            there = {one.device.name for one in members.devices}
            taken = [device.name for device in devices.values() if device.name in there]
            for digest, device in () if taken else devices.items():
                self._insert(db, digest, device, by)
        return taken

    def _replace(self, digest: bytes, device: Device, by: By) -> None:
        with self._changing() as (db, _):
            self._delete(db, device.name, by)
            self._insert(db, digest, device, by)

    def _delete(self, db: Database, name: DeviceName, by: By) -> bool:
        """Whether there was one of this name; nobody is signed in there any more."""
        there = bool(db.conn.execute("DELETE FROM device WHERE name = ?", (name,)).rowcount)
        team.clear(db, name)
        if there:
            trail.note(db, Deed(by, What.DEVICE_REMOVED, name))
        return there

    def _insert(self, db: Database, digest: bytes, device: Device, by: By) -> None:
        row = (device.name, device.role.value, device.desk, digest, by.at.isoformat())
        db.conn.execute("INSERT INTO device (name, role, desk, digest, since) VALUES (?, ?, ?, ?, ?)", row)
        trail.note(db, Deed(by, What.DEVICE_ADDED, device.name))

    def _remove(self, names: Sequence[DeviceName], by: By) -> list[DeviceName]:
        with self._changing() as (db, _):
            return [name for name in dict.fromkeys(names) if not self._delete(db, name, by)]

    def _add_staff(self, accounts: Sequence[Account], by: By) -> list[StaffId]:
        with self._changing() as (db, members):
            there = {account.staff for account in members.accounts}
            taken = [account.staff for account in accounts if account.staff in there]
            for account in () if taken else accounts:
                team.put(db, account)
                trail.note(db, Deed(by, What.STAFF_ADDED, team.words_of(account)))
        return taken

    def _remove_staff(self, keys: Sequence[StaffId], by: By) -> list[StaffId]:
        unknown = []
        with self._changing() as (db, _):
            for key in dict.fromkeys(keys):
                if team.remove(db, key):
                    trail.note(db, Deed(by, What.STAFF_REMOVED, key))
                else:
                    unknown.append(key)
        return unknown

    def _reset(self, accounts: Sequence[Account], by: By) -> list[StaffId]:
        with self._changing() as (db, members):
            there = {account.staff for account in members.accounts}
            unknown = [account.staff for account in accounts if account.staff not in there]
            for account in () if unknown else accounts:
                team.remove(db, account.staff)
                team.put(db, account)
                trail.note(db, Deed(by, What.PIN_RESET, team.words_of(account)))
        return unknown

    def _sign_in(self, session: Session, proved: Account, chosen: Account | None, by: By) -> bool:
        with self._changing() as (db, members):
            there = any(one.device.name == session.device for one in members.devices)
            if not there or proved not in members.accounts:
                return False
            if chosen is not None:
                team.put(db, chosen)
                trail.note(db, Deed(by, What.PIN_CHOSEN, chosen.staff))
            team.seat(db, session)
        return True

    def _sign_out(self, sessions: Sequence[Session]) -> None:
        with self._changing() as (db, _):
            team.unseat(db, sessions)

    def _touched(self, sessions: Sequence[Session]) -> None:
        with self._changing() as (db, _):
            team.touch(db, sessions)

    def _roster(self) -> Roster:
        with self._opened().atomic():
            return roster.sound_roster(self._opened())

    def _plan(self, before: Roster, after: Roster, by: By) -> bool:
        with self._alone() as db:
            if roster.sound_roster(db) != before:
                return False
            if after != before:
                roster.put(db, before, after)
                trail.note(db, Deed(by, What.ROSTER_CHANGED, roster.words_of(before, after)))
        return True

    def _saw(self, seen: Mapping[DeviceName, datetime]) -> None:
        with self._alone() as db:
            db.conn.executemany(
                "UPDATE device SET seen_at = ? WHERE name = ?",
                [(at.isoformat(), name) for name, at in seen.items()],
            )

    def _in_one(self, work: Callable[[Database], T]) -> T:
        with self._alone() as db:
            return work(db)

    def _changed(self) -> bool:
        before, [self._version] = self._version, self._opened().execute("PRAGMA data_version").fetchone()
        return self._version != before

    def _trail(self) -> list[Deed]:
        return trail.sound_trail(self._opened())

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            with suppress(*SPOILED):
                db.close()
