"""The list of slips in a thread of its own, begun anew where its file is damaged."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import time
from typing import TypeVar

import structlog

from printers.job import Job
from printers.outcome import SpoolError
from printers.store import Store
from protocol.whole import put_in_place, sync

SPOILED = (sqlite3.Error, LookupError, ValueError)
"""What a damaged file raises: in SQLite, in the migrations, in its words that are none."""

T = TypeVar("T")

log = structlog.get_logger()


class Memory:
    """So that no fsync stops the event loop.

    A damaged file is put aside as `<name>.doubted`: what it said of slips that were ordered nobody knows.
    Only when a person is asked for each of them is it `<name>.damaged`; whatever happens in between, the next
    start still knows that it does not know.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._store: Store | None = None
        self._path = Path()

    async def open(self, path: Path) -> None:
        """Opens or makes the list; SpoolError."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open, path)
        except (*SPOILED, OSError) as error:
            raise _unusable(path, error) from error

    @property
    def begun_anew(self) -> bool:
        """Whether what was ordered earlier is in doubt."""
        return _doubted(self._path).exists()

    def _open(self, path: Path) -> None:
        """In the thread, which goes on when the one who asked is gone: close finds what it opened."""
        self._path = path
        try:
            self._store = Store(path, damaged=self._is_damaged())
        except SPOILED as error:
            if not _tells_damage(error):
                raise
            log.error("slips.damaged", file=str(path.with_suffix(".damaged")), why=str(error))  # noqa: TRY400 - the sentence is all there is to know
            put_in_place(path, _doubted(path))
            self._store = Store(path, damaged=self._is_damaged())

    def _is_damaged(self) -> bool:
        return self.begun_anew and _doubted(self._path).stat().st_size > 0

    async def doubt(self, jobs: Sequence[Job]) -> None:
        """Whether these are on paper nobody knows, and a person is asked; SpoolError."""
        await self.ask(lambda store: self._doubt(store, jobs))

    def _doubt(self, store: Store, jobs: Sequence[Job]) -> None:
        store.doubt(jobs)
        doubted = _doubted(self._path)
        if self._is_damaged():
            put_in_place(doubted, self._path.with_suffix(".damaged"))
        else:
            doubted.unlink()

    async def ask(self, question: Callable[[Store], T]) -> T:
        """What the list answers; SpoolError."""
        assert self._store is not None, "the spooler has not been entered"
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, question, self._store)
        except (sqlite3.Error, OSError) as error:
            raise SpoolError(
                f"The list of slips {self._path} cannot be read or written: {error}. Free space on the disk; "
                "if the file is damaged, the next start begins it anew."
            ) from error

    async def close(self) -> None:
        """Closes the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()


def forget_damaged(path: Path, keep: timedelta) -> None:
    """A damaged list that was put aside is kept for whoever looks, as long as a day is."""
    damaged = path.with_suffix(".damaged")
    with suppress(OSError):  # tomorrow, then
        if time() - damaged.stat().st_mtime > keep.total_seconds():
            damaged.unlink()


def doubt_if_gone(path: Path) -> None:
    """A list that is gone, or cut to nothing, knew what became of slips: it begins in doubt. SpoolError."""
    if path.exists() and path.stat().st_size > 0:
        return
    try:
        _doubted(path).touch(mode=0o600)
        sync(path.parent)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: BaseException) -> SpoolError:
    return SpoolError(
        f"The list of slips {path} cannot be used: {error}. Check the disk, its free space and its "
        "permissions."
    )


def _doubted(path: Path) -> Path:
    return path.with_suffix(".doubted")


def _tells_damage(error: BaseException) -> bool:
    """It is the file that is spoiled; else the disk takes or gives nothing, and the file is as it was."""
    if not isinstance(error, sqlite3.OperationalError):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # none: its words are none
    return bool(code & 0xFF == sqlite3.SQLITE_ERROR)
