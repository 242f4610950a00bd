"""Slips: what is committed and belongs on paper goes to the spooler; what became of it comes back as fact."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct

from config.model import Centre
from config.phrases import order_of_day
from protocol.ids import DayDate, DeviceName, TicketCode, shown
from protocol.views import PrinterSeen, PrinterState, PrintState
from queue_server.answers import printer_of, token_of, url_of
from queue_server.core.events import (
    AnyEvent,
    ServingStarted,
    SlipRequested,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
)
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.state import Queue, Ticket
from queue_server.engine import Engine

if TYPE_CHECKING:
    from printers.job import Job, JobOutcome
    from printers.outcome import PrinterHealth
    from printers.slip import Slip
    from printers.spooler import Spooler

SPOOL_FULL_PAUSE_S = 2.0
"""When too many slips wait already, the rest waits here; nothing is dropped."""

log = structlog.get_logger()


class Order(Struct, frozen=True):
    """A slip that the queue wants on paper."""

    day: DayDate
    ticket: TicketCode
    copy: int
    printer: DeviceName


class PrintRoom:
    """Between the queue and the spooler."""

    def __init__(self, centre: Centre, spool: Path, engine: Engine) -> None:
        self._centre = centre
        self._spool = spool
        self._engine = engine
        self._open: dict[Order, None] = {}
        """Ordered and not yet at an end; never more than the day's tickets and their copies."""
        self._due: dict[Order, None] = {}
        """Not yet with the spooler."""
        self._dropped: dict[TicketCode, None] = {}
        self._work = asyncio.Event()
        self._health: dict[DeviceName, PrinterHealth] = {}

    def printers(self) -> tuple[PrinterSeen, ...]:
        """Every printer as staff should see it."""
        return tuple(self._seen(printer.name) for printer in self._centre.printers)

    def _seen(self, name: DeviceName) -> PrinterSeen:
        health = self._health.get(name)
        return PrinterSeen(
            printer=name,
            state=PrinterState.UNKNOWN if health is None else PrinterState(health.condition),
            cause="" if health is None or health.cause is None else health.cause.value,
            jobs=sum(order.printer == name for order in self._open),
        )

    def committed(self, queue: Queue, events: Sequence[AnyEvent]) -> None:
        """Take orders from what is on disk; a slip that nobody needs any more is dropped."""
        for event in events:
            match event:
                case TicketIssued(kiosk=kiosk):
                    self._order(event.ticket, 1, kiosk)
                case SlipRequested(kiosk=kiosk):
                    self._order(event.ticket, event.copy_number, kiosk)
                case ServingStarted() | TicketFinished() | TicketCancelled():
                    if queue.tickets[event.ticket].slip is PrintState.QUEUED:
                        self._dropped[event.ticket] = None
                        self._work.set()

    def _order(self, ticket: TicketCode, copy: int, kiosk: DeviceName | None) -> None:
        printer = printer_of(self._centre, kiosk)
        if printer is not None:
            order = Order(self._engine.queue.day, ticket, copy, printer)
            self._open[order] = self._due[order] = None
            self._work.set()

    async def run(self) -> None:
        """Print until cancelled; what was ordered before a restart is ordered again, and comes out once."""
        if not self._centre.printers:
            return
        from config.phrases import Phrases
        from printers.render import renderer
        from printers.spooler import Spooler

        for ticket in self._engine.queue.tickets.values():
            if ticket.slip is PrintState.QUEUED:
                self._order(ticket.code, ticket.copies, ticket.kiosk)
        render = renderer(self._centre, await asyncio.to_thread(Phrases.load))
        async with Spooler(
            self._centre.printers, self._spool, self._report, render, on_health=self._well
        ) as spooler:
            self._well(spooler.health())
            day = ""
            while True:
                if day != self._engine.queue.day:
                    day = self._engine.queue.day
                    self._open = {order: None for order in self._open if order.day == day}
                    await spooler.begin_day(day)
                await self._work.wait()
                self._work.clear()
                await self._hand_over(spooler)

    async def _hand_over(self, spooler: "Spooler") -> None:
        from printers.store import SpoolFull

        while self._due:
            order = next(iter(self._due))
            job = self._job(order)
            try:
                if job is not None:
                    await spooler.submit(job)
            except SpoolFull:
                log.warning("spool.full", waiting=len(self._due))
                await asyncio.sleep(SPOOL_FULL_PAUSE_S)
                continue
            self._due.pop(order, None)
        while self._dropped:
            await spooler.drop(self._engine.queue.day, self._dropped.popitem()[0])

    def _job(self, order: Order) -> "Job | None":
        """The slip of an order; none when its day is over."""
        from printers.job import Job

        queue = self._engine.queue
        if order.day != queue.day:
            return None
        ticket = queue.tickets[order.ticket]
        return Job(order.day, order.printer, self._slip(ticket, order.copy, queue.day))

    def _slip(self, ticket: Ticket, copy: int, day: str) -> "Slip":
        from printers.slip import Slip, slip_languages

        languages = self._centre.languages
        token = token_of(self._engine.secret, ticket.code)
        return Slip(
            ticket=ticket.code,
            number=shown(ticket.code),
            field=ticket.placement.field,
            languages=slip_languages(
                ticket.screen_language, languages, order_of_day(languages.official, date.fromisoformat(day))
            ),
            talk=ticket.placement.languages,
            ahead=ticket.ahead,
            taken_at=ticket.issued_at,
            token_url=url_of(self._centre, token),
            copy=copy,
        )

    def _well(self, health: "tuple[PrinterHealth, ...]") -> None:
        self._health = {printer.name: printer for printer in health}
        self._engine.touch()

    async def _report(self, news: "JobOutcome") -> None:
        """Write what became of a slip into the log; jobs of another day are none of its business."""
        order = Order(news.day, news.ticket, news.copy, news.printer)
        outcome = _print_state(news)
        if outcome is None:
            return
        self._open.pop(order, None)
        if news.day == self._engine.queue.day:
            self._engine.keep_house(
                ReportPrint(
                    ticket=news.ticket,
                    copy_number=news.copy,
                    outcome=outcome,
                    printer=news.printer,
                    reason="" if news.reason is None else news.reason.value,
                )
            )


def _print_state(news: "JobOutcome") -> PrintState | None:
    """How the queue puts an end of a job; none while it is still on its way."""
    from printers.job import JobState
    from printers.outcome import Reason

    match news.state:
        case JobState.PRINTED:
            return PrintState.PRINTED
        case JobState.UNKNOWN | JobState.OFFERED:
            return PrintState.FAILED if news.reason is Reason.UNPRINTABLE else PrintState.UNKNOWN
        case JobState.DROPPED:
            return PrintState.NONE
        case JobState.QUEUED | JobState.SENDING:
            return None
