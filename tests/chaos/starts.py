"""The spooler in this process, to be stopped without goodbye."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from chaos.news import News
from chaos.plan import Stop
from chaos.slips import plain

from config.model import Printer
from printers.driver import Patience
from printers.job import Job
from printers.link import Link
from printers.spooler import Pauses, Spooler


class Tearable:
    """A link that is reset instead of closed once everything is torn."""

    def __init__(self, link: Link, torn: Callable[[], bool]) -> None:
        self._link = link
        self._torn = torn

    async def write(self, words: bytes) -> None:
        await self._link.write(words)

    async def read(self) -> bytes:
        return await self._link.read()

    async def close(self) -> None:
        if self._torn():
            self._link.abort()
        await self._link.close()

    def abort(self) -> None:
        self._link.abort()


class Here:
    """One start of the spooler."""

    def __init__(
        self, printers: Sequence[Printer], store: Path, news: News, patience: Patience, pauses: Pauses
    ) -> None:
        self._spooler = Spooler(
            printers,
            store,
            news.on_outcome,
            plain,
            on_health=news.on_health,
            patience=patience,
            pauses=pauses,
        )
        self._torn = False
        self._up = asyncio.Event()
        self._life = asyncio.create_task(self._live(), name="spooler")

    async def submit(self, job: Job) -> None:
        """As the spooler's own."""
        await self._started()
        await self._spooler.submit(job)

    async def drop(self, day: str, ticket: str) -> None:
        """As the spooler's own."""
        await self._started()
        await self._spooler.drop(day, ticket)

    async def stop(self, how: Stop) -> None:
        """Cancels it wherever it is; raises what it died of, if it did."""
        self._torn = how is Stop.TORN
        self._life.cancel()
        await asyncio.wait([self._life])
        if not self._life.cancelled():
            self._life.result()

    async def abandon(self) -> None:
        """Ends it, whatever it has died of."""
        self._life.cancel()
        await asyncio.wait([self._life])

    def check(self) -> None:
        """Raises what it died of."""
        if self._life.done():
            self._life.result()

    async def _started(self) -> None:
        waiting = asyncio.create_task(self._up.wait())
        await asyncio.wait([waiting, self._life], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        self.check()

    async def _live(self) -> None:
        async with self._spooler:
            for owner in self._spooler._owners.values():
                owner._driver._open_link = self._tearable(owner._driver._open_link)
            self._up.set()
            await asyncio.Event().wait()

    def _tearable(self, whole: Callable[[], Awaitable[Link]]) -> Callable[[], Awaitable[Link]]:
        async def open_link() -> Link:
            return Tearable(await whole(), lambda: self._torn)

        return open_link
