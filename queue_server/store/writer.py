"""One thread that does all work on one file, in order. Lighter than an executor: this is the hot path."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import TypeVar

import structlog

STOP_MAX_S = 5.0
"""So long a disk that stalls is waited for at the end, as elsewhere; whoever stops the server has more."""

T = TypeVar("T")

log = structlog.get_logger()


class Writer:
    """Runs what it is given, one thing after the other, off the event loop."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self.stopped = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[], T]) -> T:
        """The result of this work, done after everything asked before; raises what it raises."""
        assert not self.stopped, "nothing is asked of a writer that was stopped: it would never answer"
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def tell(result: T | None, error: BaseException | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(result)  # type: ignore[arg-type]

        def job() -> None:
            result, failed = None, None
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - whoever asked gets it
                failed = error
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
                loop.call_soon_threadsafe(tell, result, failed)

        self._jobs.put(job)
        return await done

    async def stop(self) -> None:
        """End after what was asked before; what the disk has not done by STOP_MAX_S is left to it, and told.

        Again does nothing.
        """
        self.stopped = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, STOP_MAX_S)
        if self._thread.is_alive():  # it is a daemon: no program waits for it to end
            log.warning("writer.left", file=self._thread.name, waited_s=STOP_MAX_S, advice="check the disk")

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
