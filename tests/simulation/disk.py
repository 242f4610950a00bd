"""The simulated disk: real day files, written somewhat later, slowly, or not at all.

The files are SQLite's own. What a power cut does to them is no matter of this world, in which programs are
killed and disks fail; whatever was committed is there.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any, Literal, TypeVar
from unittest.mock import patch

from msgspec import Struct
from simulation.plan import Step
from sqlite_utils import Database

from queue_server.log_port import LogError, Record
from queue_server.store.day_log import DayLog

T = TypeVar("T")

WRITE_S = (0.0002, 0.012)
TOLD_S = (0.0, 0.002)
"""From the thread's end of the work to the loop's next turn."""

Fault = Literal["refused", "doubtful"]
"""A step fails and nothing of it is on disk; or all is, and the error came afterwards."""


READS: tuple[Step, ...] = ("opening", "reading")


class Committed(Struct, frozen=True):
    """A transaction that is on disk."""

    at_s: float
    day: str
    records: Sequence[Record]


class Disk:
    """What befalls the files of one centre."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self.stalled_until_s = 0.0
        self.fault: tuple[Step, Fault] | None = None
        """Of the next step of this kind."""
        self.struck: Counter[Step] = Counter()
        self.failed: list[Fault] = []
        self.unread_days: set[str] = set()
        """Days that could not be read once."""
        self.committed: list[Committed] = []
        self.opened: list[Database] = []

    def fault_in(self, step: Step) -> Fault | None:
        """What befalls this step now."""
        return self.fault[1] if self.fault is not None and self.fault[0] == step else None

    def takes_s(self, now_s: float) -> float:
        """How long the next work takes."""
        return max(0.0, self.stalled_until_s - now_s) + self._dice.uniform(*WRITE_S)

    def news_s(self) -> float:
        """How long its end takes to be heard of."""
        return self._dice.uniform(*TOLD_S)

    @contextmanager
    def under(self) -> Iterator[None]:
        """Day files opened meanwhile stand on this disk."""
        disk = self

        class Log(_WatchedLog):
            DISK = disk

        with (
            patch("queue_server.store.house.DayLog", Log),
            patch("queue_server.store.day_log.Writer", lambda _: _SlowWriter(disk)),
            patch("queue_server.store.statistics.Writer", lambda _: _SlowWriter(disk)),
            patch("queue_server.store.registry.Writer", lambda _: _SlowWriter(disk)),
        ):
            try:
                yield
            finally:
                for database in self.opened:  # however its program ended: the system closes its files
                    database.close()


class _SlowWriter:
    """As `queue_server.store.writer.Writer`: one work after the other, without a thread."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._free_at_s = 0.0
        self.stopped = False

    async def do(self, work: Callable[[], T]) -> T:
        """The result of this work, done after everything asked before; raises what it raises."""
        assert not self.stopped, "nothing is asked of a writer that was stopped"
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def tell(result: Any, error: BaseException | None) -> None:
            if done.done():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)

        def job() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                loop.call_later(self._disk.news_s(), tell, None, error)
            else:
                loop.call_later(self._disk.news_s(), tell, result, None)

        starts_at_s = max(loop.time(), self._free_at_s)
        self._free_at_s = starts_at_s + self._disk.takes_s(starts_at_s)
        loop.call_at(self._free_at_s, job)
        return await done

    async def stop(self) -> None:
        """Nothing more is asked of it."""
        self.stopped = True


class _WatchedLog(DayLog):
    """A day's file whose disk may fail in any of its steps, and which says what it has."""

    DISK: Disk

    def _open(self) -> Database:
        try:
            return super()._open()
        finally:
            if self._db is not None:
                self.DISK.opened.append(self._db)

    def _fence(self) -> None:
        with self._befallen("opening"):
            super()._fence()

    def _last_kind(self) -> str:
        with self._befallen("opening"):
            return super()._last_kind()

    def _read(self) -> list[Record]:
        with self._befallen("reading"):
            return super()._read()

    def _beat(self) -> None:
        with self._befallen("beating"):
            super()._beat()

    def _close(self) -> None:
        with self._befallen("closing"):
            super()._close()

    def _append(self, records: Sequence[Record]) -> None:
        disk, fault = self.DISK, self.DISK.fault_in("writing")
        try:
            with self._befallen("writing"):
                super()._append(records)
        finally:
            if fault != "refused":
                now_s = asyncio.get_running_loop().time()
                disk.committed.append(Committed(now_s, self.path.stem, tuple(records)))

    @contextmanager
    def _befallen(self, step: Step) -> Iterator[None]:
        disk, fault = self.DISK, self.DISK.fault_in(step)
        if fault is None:
            yield
            return
        disk.fault = None
        disk.struck[step] += 1
        try:
            with _failing(fault):
                yield
        except LogError:
            disk.failed.append(fault)
            if step in READS:
                disk.unread_days.add(self.path.stem)
            raise


@contextmanager
def _failing(fault: Fault) -> Iterator[None]:
    """Nothing comes to the file; or all does, and is said to have failed."""
    atomic = Database.atomic

    def refused(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    @contextmanager
    def doubtful(db: Database) -> Iterator[None]:
        with atomic(db):
            yield
        raise sqlite3.OperationalError("disk I/O error")

    with ExitStack() as stack:
        if fault == "refused":
            stack.enter_context(patch.object(Database, "execute", refused))
        stack.enter_context(patch.object(Database, "atomic", refused if fault == "refused" else doubtful))
        yield
