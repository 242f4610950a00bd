"""The spooler in this process, to be stopped without goodbye."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog
from chaos.news import News
from chaos.plan import Stop
from chaos.slips import COPIES_MAX, job, plain
from support.links import PassingOn, Through

from config.model import Printer
from printers.driver import Patience
from printers.job import Job
from printers.link import Link
from printers.spooler import Pauses, Spooler


class Tearable(PassingOn):
    """A link that is reset instead of closed once everything is torn."""

    def __init__(self, link: Link, torn: Callable[[], bool]) -> None:
        super().__init__(link)
        self._torn = torn

    async def close(self) -> None:
        if self._torn():
            self.abort()
        await super().close()


async def until_it_dies(spooler: Spooler, then: Callable[[], None] = lambda: None) -> None:
    """Enters it, gives it a slip, and waits for what happens; raises what it dies of."""
    async with spooler:
        await spooler.submit(job(1))
        then()
        await asyncio.Event().wait()


def quiet_logs() -> None:
    """Printers out of reach are meant; what a program dies of stands beside the figures, not among them."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


@contextmanager
def quietly() -> Iterator[None]:
    """The same for a while: whoever comes after in this process is heard as before."""
    before = structlog.get_config()
    quiet_logs()
    try:
        yield
    finally:
        structlog.configure(**before)


class Life:
    """A program that runs in this process until it is ended."""

    _life: asyncio.Task[None]

    async def abandon(self) -> None:
        """Ends it, whatever it has died of."""
        self._life.cancel()
        await asyncio.wait([self._life])

    async def _ended(self) -> None:
        """Raises what it died of, unless it was cancelled."""
        await asyncio.wait([self._life])
        if not self._life.cancelled():
            self._life.result()


class Here(Life):
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
            way_to=Through(lambda link: Tearable(link, lambda: self._torn)),
        )
        self._torn = False
        self._up = asyncio.Event()
        self._life = asyncio.create_task(self._live(), name="spooler")

    async def submit(self, asked: Job) -> None:
        """As the spooler's own."""
        await self._started()
        await self._spooler.submit(asked)

    async def drop(self, day: str, ticket: str) -> None:
        """As the spooler's own."""
        await self._started()
        await self._spooler.drop(day, ticket, COPIES_MAX)

    async def stop(self, how: Stop) -> None:
        """Cancels it wherever it is; raises what it died of, if it did."""
        self._torn = how is Stop.TORN
        self._life.cancel()
        await self._ended()

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
            self._up.set()
            await asyncio.Event().wait()
