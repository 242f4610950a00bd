"""The kiosk's own printer: slips of provisional numbers, while there is no server to print them.

A printer listens to one program at a time: it is held only as long as there is something to print.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from msgspec.structs import replace

from config.model import Centre, Printer
from config.phrases import Phrases, order_of_day
from kiosk.reserve import Given
from protocol.ids import DayDate, DeviceName, TicketCode, shown
from protocol.views import PrintState

if TYPE_CHECKING:
    from printers.job import Job, JobOutcome

LEAVE_S = 5.0
"""A slip that is being printed when the server comes back has this long to come out whole."""

log = structlog.get_logger()


def own_printer(centre: Centre, kiosk: DeviceName) -> Printer | None:
    """The printer that this kiosk can reach by itself; a device of the server is none."""
    name = centre.kiosks_by_name[kiosk].printer
    found = next((printer for printer in centre.printers if printer.name == name), None)
    return None if found is None or found.device else replace(found, spare=None)


class Press:
    """Prints on one printer through the spooler, whose list lives no longer than the outage."""

    def __init__(
        self,
        centre: Centre,
        printer: Printer,
        phrases: Phrases,
        path: Path,
        on_slip: Callable[[TicketCode, PrintState], Awaitable[None]],
    ) -> None:
        """`path`: of the list of slips; `on_slip` is told the end of each before anybody forgets it."""
        self._centre = centre
        self._printer = printer
        self._phrases = phrases
        self._path = path
        self._on_slip = on_slip
        self._due: list[tuple[Given, DayDate, datetime]] = []
        self._open: dict[TicketCode, Given] = {}
        """With the spooler, and not at an end."""
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._leaving = False
        self._list = asyncio.Lock()
        """Of whoever writes or removes the list of slips."""

    def print(self, given: Given, day: DayDate, taken_at: datetime) -> None:
        """Has this slip printed, some time."""
        self._due.append((given, day, taken_at))
        self._idle.clear()
        self._news.set()

    async def leave(self) -> None:
        """Gives the printer back to the server; nothing that is not on paper by then comes out."""
        self._leaving = True
        self._news.set()
        await self._idle.wait()
        async with self._list:
            self._leaving = False
            await asyncio.to_thread(self._forget)

    def _forget(self) -> None:
        try:
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        except OSError as error:
            log.warning("slips.not_forgotten", file=str(self._path), why=str(error))

    async def run(self) -> None:
        """Print what there is to print; until cancelled."""
        from printers.outcome import SpoolError

        await asyncio.to_thread(self._forget)  # who stands there after a restart is somebody else
        while True:
            await self._news.wait()
            try:
                while self._due and not self._leaving:  # one may come while the list is put away
                    async with self._list:
                        await self._print_all()
            except* (SpoolError, OSError) as errors:
                log.warning("slips.not_printed", why=str(errors.exceptions[0]))
            self._due.clear()
            self._open.clear()
            self._news.clear()
            self._idle.set()

    async def _print_all(self) -> None:
        """From the first slip to the last that is due meanwhile."""
        from printers.render import renderer
        from printers.spooler import Spooler

        render = renderer(self._centre, self._phrases)
        day = self._due[0][1]
        await asyncio.to_thread(self._path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        async with Spooler(
            (self._printer,), self._path, self._heard, render, day=day, url_of=self._url_of
        ) as spooler:
            while (self._due or self._open) and not self._leaving:
                self._news.clear()
                due, self._due = self._due, []
                for given, day, taken_at in due:
                    self._open[given.ticket] = given
                    await spooler.submit(self._job(given, day, taken_at))
                if self._open:
                    await self._news.wait()
            await self._let_out()

    def _url_of(self, job: "Job") -> str:
        given = self._open.get(job.slip.ticket)
        return "" if given is None else given.token_url

    async def _let_out(self) -> None:
        """What is being printed comes out whole, if it comes out soon."""
        try:
            async with asyncio.timeout(LEAVE_S):
                while self._open:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass

    async def _heard(self, news: "JobOutcome") -> None:
        """The end of a slip; news of trouble on the way are no end."""
        from printers.job import JobState

        ends = {JobState.PRINTED: PrintState.PRINTED, JobState.OFFERED: PrintState.UNKNOWN}
        if news.state in ends:
            await self._on_slip(news.ticket, ends[news.state])
        if news.state in ends or news.state is JobState.DROPPED:
            self._open.pop(news.ticket, None)
            self._news.set()

    def _job(self, given: Given, day: DayDate, taken_at: datetime) -> "Job":
        """The slip without its token: that is added when it is printed, and lies in no list."""
        from printers.job import Job
        from printers.slip import Slip, slip_languages

        languages = self._centre.languages
        official = order_of_day(languages.official, date.fromisoformat(day))
        slip = Slip(
            ticket=given.ticket,
            number=shown(given.ticket),
            field=given.field,
            languages=slip_languages(given.screen_language, languages, official),
            talk=given.languages,
            ahead=0,
            provisional=True,
            taken_at=taken_at,
        )
        return Job(day, self._printer.name, slip)
