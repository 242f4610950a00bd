"""The simulated disk: real day files, written somewhat later, slowly, or not at all.

The files are SQLite's own. What a power cut does to them is no matter of this world, in which programs are
killed and disks fail; whatever was committed is there.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from random import Random
from typing import Any, Literal, TypeVar
from unittest.mock import patch

from msgspec import Struct

from queue_server.store.day_log import DayLog, Record

T = TypeVar("T")

WRITE_S = (0.0002, 0.012)
TOLD_S = (0.0, 0.002)
"""From the thread's end of the work to the loop's next turn."""

Fault = Literal["refused", "doubtful"]
"""A transaction fails and is not on disk; or it is, and the error came afterwards."""


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
        self.fault: Fault | None = None
        """Of the next transaction."""
        self.failed: list[Fault] = []
        self.committed: list[Committed] = []

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
        ):
            yield


class _SlowWriter:
    """As `queue_server.store.writer.Writer`: one work after the other, without a thread."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._free_at_s = 0.0

    async def do(self, work: Callable[[], T]) -> T:
        """The result of this work, done after everything asked before; raises what it raises."""
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

    def stop(self) -> None:
        """There is no thread to end."""


class _WatchedLog(DayLog):
    """A day's file whose disk may fail, and which says what it has."""

    DISK: Disk

    def _append(self, records: Sequence[Record]) -> None:
        disk = self.DISK
        fault, disk.fault = disk.fault, None
        assert self._db is not None
        broken = (
            patch.object(self._db, "atomic", _failing(self._db.atomic, fault)) if fault else nullcontext()
        )
        try:
            with broken:
                super()._append(records)
        finally:
            if fault is not None:
                disk.failed.append(fault)
            if fault != "refused":
                now_s = asyncio.get_running_loop().time()
                disk.committed.append(Committed(now_s, self.path.stem, tuple(records)))


def _failing(atomic: Callable[[], Any], fault: Fault) -> Callable[[], Any]:
    @contextmanager
    def failing() -> Iterator[None]:
        if fault == "refused":
            raise sqlite3.OperationalError("disk I/O error")
        with atomic():
            yield
        raise sqlite3.OperationalError("disk I/O error")

    return failing
