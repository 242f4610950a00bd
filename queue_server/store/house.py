"""The data directory of a centre: one server at a time, one file a day."""

import asyncio
import fcntl
from contextlib import suppress
from pathlib import Path
from time import time
from typing import IO

import structlog

from protocol.whole import write_whole
from queue_server.clock import is_day
from queue_server.log_port import LogError
from queue_server.store.day_log import DayLog
from queue_server.store.registry import Registry
from queue_server.store.statistics import Statistics

DAYS = "days"
EPOCH = "epoch"
STATISTICS = "statistics.db"
REGISTRY = "registry.db"
TRUST = "trust"
TRUSTED = AUTHORITY, CERTIFICATE, KEY = (
    f"{TRUST}/authority.pem",
    f"{TRUST}/server.pem",
    f"{TRUST}/server.key",
)
"""What terminals know the server by, over a network."""

log = structlog.get_logger()


class DirectoryInUseError(Exception):
    """This directory cannot be taken: another server has it, or a restore of it is not done."""


def restoring(directory: Path) -> Path:
    """Where a backup is restored, beside the directory whose place it takes when it is whole."""
    whole = directory.resolve()
    return whole.parent / f"{whole.name}.restoring"


def last_epoch(directory: Path) -> int:
    """Of the last reign over a directory; 0: nobody knows. OSError."""
    with suppress(FileNotFoundError, ValueError):
        return int((directory / EPOCH).read_text(encoding="ascii"))
    return 0


def write_epoch(directory: Path, epoch: int) -> None:
    """Durably. OSError."""
    write_whole(directory / EPOCH, f"{epoch}\n".encode("ascii"))


class House:
    """A data directory, locked while it is open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.epoch = 0
        """Of this server's reign over the directory, higher than every one before; 0 until it is locked."""
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Take the directory for this process and begin an epoch; DirectoryInUseError, LogError."""
        self.refuse_half_restored()
        try:
            self.hold()
            self._begin_epoch()
        except OSError as error:
            raise LogError(
                f"The directory {self.directory} cannot be used: {error}. Check the disk, its free space and "
                "its permissions, or give another one with --data."
            ) from error

    def refuse_half_restored(self) -> None:
        """Nothing new is begun where a backup is being put back; DirectoryInUseError."""
        if not self.directory.exists() and restoring(self.directory).exists():
            raise DirectoryInUseError(
                f"{self.directory} is not there, because a restore of it was interrupted. Do that again: "
                "walkin restore."
            )

    def hold(self) -> None:
        """Take the directory for this process, without a server; DirectoryInUseError."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.directory / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise DirectoryInUseError(
                f"Another queue server already runs on {self.directory}. Stop it first, or give this one a "
                "directory of its own with --data."
            ) from error
        self._lock = lock

    def _begin_epoch(self) -> None:
        """Higher than the last, and than any before an old backup was put back: the clock's seconds."""
        self.epoch = max(last_epoch(self.directory) + 1, int(time()))
        write_epoch(self.directory, self.epoch)

    def unlock(self) -> None:
        """Let go of the directory."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def spool(self) -> Path:
        """The printing's own list of slips."""
        return self.directory / "spool.db"

    def day_log(self, day: str) -> DayLog:
        """The log of this day."""
        return DayLog(self._path(day), self.epoch)

    def _path(self, day: str) -> Path:
        return self.directory / DAYS / f"{day}.db"

    async def days(self) -> list[str]:
        """Every day that has a file, the oldest first; LogError."""
        return await asyncio.to_thread(self._days)

    def _days(self) -> list[str]:
        place = self.directory / DAYS
        try:
            names = [path.name for path in place.iterdir()] if place.exists() else []
        except OSError as error:
            raise LogError(
                f"The directory {place} cannot be read: {error.strerror}. Check the disk and who may read it."
            ) from error
        found = {name.removesuffix(".db") for name in names if name.endswith(".db")}
        days = {name for name in found if is_day(name)}  # a copy that somebody made beside one is none
        for name in sorted(found - days):
            log.warning("days.not_a_day", file=str(self._path(name)), advice="move it away")
        return sorted(days)

    def statistics(self) -> Statistics:
        """What is kept of days that have ended."""
        return Statistics(self.directory / STATISTICS)

    def registry(self) -> Registry:
        """Who belongs to the centre: its devices, and what was done about them."""
        return Registry(self.directory / REGISTRY)

    async def delete(self, day: str) -> None:
        """Forget a day for good; LogError. Its own file goes last: what was interrupted is done again."""
        await asyncio.to_thread(self._delete, day)

    def _delete(self, day: str) -> None:
        path = self._path(day)
        try:
            for suffix in (".witness", ".db-wal", ".db-shm", ".db"):
                path.with_suffix(suffix).unlink(missing_ok=True)
        except OSError as error:
            raise LogError(
                f"The day's file {path} should be deleted by now and cannot be: {error.strerror}. Check the "
                "permissions of its directory, or delete it by hand."
            ) from error
