"""What a server is given in place of the world: little time for its printers and small slips for them; and
what passes between queue and spooler is noted on the way."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from unittest.mock import patch

from chaos.queue_slips import Key, named_in, plain
from chaos.starts import Tearable
from msgspec import Struct
from support.links import Through

import printers.render
import printers.spooler
from config.model import Printer
from printers.driver import Patience
from printers.job import Job, JobOutcome, JobState
from printers.link import Link
from printers.render import Render
from printers.spooler import Pauses, Spooler


class What(StrEnum):
    """What was noted."""

    SUBMITTED = "submitted"
    """The slip is on the list of slips."""
    SENT = "sent"
    """Its first byte leaves for a printer."""
    TOLD = "told"
    """The queue has heard what became of it."""
    DROPPED = "dropped"
    """The spooler knows that this ticket needs no paper any more."""
    BEGUN = "begun"
    """The spooler knows that this day has begun."""


class Trace(Struct, frozen=True):
    """One of these, with as much as it has."""

    what: What
    day: str
    ticket: str = ""
    copy: int = 0
    printer: str = ""
    state: JobState | None = None

    @property
    def slip(self) -> Key:
        """Of which slip."""
        return self.day, self.ticket, self.copy


Note = Callable[[Trace], None]


class Stage(Struct, frozen=True):
    """What one server is given."""

    note: Note
    patience: Patience
    pauses: Pauses
    torn: Callable[[], bool]


STAGE: ContextVar[Stage] = ContextVar("stage")


@contextmanager
def staged() -> Iterator[None]:
    """Servers started meanwhile find their printers' patience and slips on the stage."""
    with (
        patch.object(printers.spooler, "Spooler", NotedSpooler),
        patch.object(printers.render, "renderer", lambda *_: plain),
    ):
        yield


class NotedSpooler(Spooler):
    """A spooler that notes what it is asked and what it does, in order."""

    def __init__(
        self,
        printers: Sequence[Printer],
        store_path: Path,
        on_outcome: Callable[[JobOutcome], Awaitable[None]],
        render: Render,
        *,
        day: str,
        needless: Mapping[str, int] = MappingProxyType({}),
        **others: Any,
    ) -> None:
        stage = STAGE.get()
        self._note = stage.note
        self._today = day
        self._not_needed = needless

        async def told(news: JobOutcome) -> None:
            await on_outcome(news)
            self._note(Trace(What.TOLD, news.day, news.ticket, news.copy, news.printer, news.state))

        super().__init__(
            printers,
            store_path,
            told,
            render,
            day=day,
            needless=needless,
            patience=stage.patience,
            pauses=stage.pauses,
            way_to=Through(lambda link: Noted(link, stage.torn, self._note)),
            **others,
        )

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._note(Trace(What.BEGUN, self._today))
        for ticket in self._not_needed:
            self._note(Trace(What.DROPPED, self._today, ticket))
        return self

    async def submit(self, job: Job) -> None:
        await super().submit(job)
        self._note(Trace(What.SUBMITTED, job.day, job.slip.ticket, job.slip.copy, job.printer))

    async def begin_day(self, day: str) -> None:
        await super().begin_day(day)
        self._note(Trace(What.BEGUN, day))

    async def drop(self, day: str, ticket: str, copies: int) -> None:
        await super().drop(day, ticket, copies)
        self._note(Trace(What.DROPPED, day, ticket))


class Noted(Tearable):
    """A link that notes each slip that leaves."""

    def __init__(self, link: Link, torn: Callable[[], bool], note: Note) -> None:
        super().__init__(link, torn)
        self._note = note

    async def write(self, words: bytes) -> None:
        key = named_in(words)
        if key is not None:
            self._note(Trace(What.SENT, *key))
        await super().write(words)
