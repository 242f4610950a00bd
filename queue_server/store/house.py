"""The data directory of a centre: one server at a time, one file a day."""

import fcntl
from pathlib import Path
from typing import IO

from queue_server.store.day_log import DayLog

DAYS = "days"


class DirectoryInUseError(Exception):
    """Another server runs on this directory."""


class House:
    """A data directory, locked while it is open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Take the directory for this process; DirectoryInUseError when another server has it."""
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
        return DayLog(self._path(day))

    def _path(self, day: str) -> Path:
        return self.directory / DAYS / f"{day}.db"

    def has(self, day: str) -> bool:
        """Whether this day has begun."""
        return self._path(day).exists()

    def last_day_before(self, day: str) -> str | None:
        """The newest day before this one that has a file; none when there is none."""
        days = sorted(path.stem for path in (self.directory / DAYS).glob("*.db") if path.stem < day)
        return days[-1] if days else None
