"""Slips: what is committed and belongs on paper goes to the spooler; what became of it comes back as fact."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog
from msgspec import Struct

from config.model import Centre
from config.phrases import Phrases, order_of_day
from printers.job import Job, JobOutcome, JobState
from printers.outcome import PrinterHealth, Reason
from printers.slip import Slip, slip_languages
from protocol.ids import DayDate, DeviceName, TicketCode, shown
from protocol.views import PrinterLevel, PrinterSeen, PrinterState, PrintState
from protocol.waits import back_by, begins_at
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
from queue_server.core.prospects import told_window
from queue_server.core.state import Queue, Ticket
from queue_server.core.transitions import VISITED
from queue_server.engine import Engine, StoppedError

if TYPE_CHECKING:
    from printers.spooler import Spooler

SPOOL_FULL_PAUSE_S = 2.0
"""When too many slips wait already, the rest waits here; nothing is dropped."""

SETTLED = frozenset({PrintState.NONE, PrintState.PRINTED})
"""Slips of which nothing more comes out."""

log = structlog.get_logger()


class Order(Struct, frozen=True):
    """A slip that the queue wants on paper."""

    day: DayDate
    ticket: TicketCode
    copy: int


class Needless(Struct, frozen=True):
    """A ticket whose visitor needs no paper any more: none of the slips up to this copy."""

    day: DayDate
    ticket: TicketCode
    copies: int


class PrintRoom:
    """Between the queue and the spooler. Enter it before the first terminal comes; `run` does the work."""

    def __init__(self, centre: Centre, phrases: Phrases, spool: Path, engine: Engine) -> None:
        self._centre = centre
        self._phrases = phrases
        self._path = spool
        self._engine = engine
        self._open: dict[Order, DeviceName] = {}
        """Ordered and not yet at an end, and where; never more than the day's tickets and their copies."""
        self._ended: dict[Order, DeviceName] = {}
        """At an end that is not yet in the log, and where."""
        self._due: list[Job | Needless] = []
        """Not yet with the spooler, in order. Slips are made when they are ordered: from what is on disk."""
        self._doubted: list[Job] = []
        """Ordered before the spooler's list was damaged: whether they are on paper nobody knows."""
        self._work = asyncio.Event()
        self._day: DayDate = ""
        self._keys: dict[DayDate, bytes] = {}
        """Of today's tickets, and of yesterday's, whose slips may be under way just after midnight."""
        self._health: dict[DeviceName, PrinterHealth] = {}
        self._spooler: Spooler | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the spool and look at the printers; SpoolError when slips cannot be made."""
        if not self._centre.printers:
            return self
        from printers.memory import doubt_if_gone
        from printers.render import renderer
        from printers.spooler import Spooler

        day, tickets = self._engine.queue.day, self._engine.queue.tickets.values()
        if any(ticket.slip is PrintState.QUEUED for ticket in tickets):
            doubt_if_gone(self._path)  # as after a restore: slips may have come out since the backup
        spooler = Spooler(
            self._centre.printers,
            self._path,
            self._report,
            renderer(self._centre, self._phrases),
            url_of=self._url_of,
            keep_days=self._centre.rules.keep_days,
            on_health=self._well,
            day=day,
            needless={ticket.code: copies for ticket in tickets if (copies := _needless(ticket))},
        )
        self._day = day
        self._keys[day] = self._engine.secret
        self._spooler = await self._stack.enter_async_context(spooler)
        self._well(spooler.health())
        for ticket in tickets:
            if ticket.slip is PrintState.QUEUED:
                self._order(day, ticket, ticket.copies, ticket.slip_kiosk)
                if copies := _needless(ticket):
                    self._due.append(Needless(day, ticket.code, copies))
        if spooler.begun_anew:
            self._doubted = [task for task in self._due if isinstance(task, Job)]
            self._due = [task for task in self._due if isinstance(task, Needless)]
        self._work.set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    def printers(self) -> tuple[PrinterSeen, ...]:
        """Every printer as staff should see it."""
        return tuple(self._seen(printer.name) for printer in self._centre.printers)

    def slip_at(self, ticket: Ticket) -> DeviceName | None:
        """The printer that a ticket's newest slip is with, or came to its end at; none: there is no slip."""
        order = Order(self._engine.queue.day, ticket.code, ticket.copies)
        return self._open.get(order) or self._ended.get(order) or ticket.printer

    def _seen(self, name: DeviceName) -> PrinterSeen:
        health = self._health.get(name)
        stands_in = name if self._spooler is None else self._spooler.standing_in(name)
        return PrinterSeen(
            printer=name,
            state=PrinterState.UNKNOWN if health is None else PrinterState(health.condition),
            cause="" if health is None or health.cause is None else health.cause.value,
            jobs=sum(printer == name for printer in self._open.values()),
            level=PrinterLevel.UNKNOWN if health is None or not health.level else PrinterLevel(health.level),
            spare=None if stands_in == name else stands_in,
        )

    def committed(self, queue: Queue, events: Sequence[AnyEvent]) -> None:
        """Take orders from what is on disk; a slip that nobody needs any more is dropped."""
        if queue.day != self._day:
            self._keys[queue.day] = self._engine.secret
            self._work.set()
        for event in events:
            match event:
                case TicketIssued(kiosk=kiosk, provisional=False):
                    self._order(queue.day, queue.tickets[event.ticket], 1, kiosk)
                case SlipRequested(kiosk=kiosk):
                    self._order(queue.day, queue.tickets[event.ticket], event.copy_number, kiosk)
                case ServingStarted() | TicketFinished() | TicketCancelled():
                    ticket = queue.tickets[event.ticket]
                    copies = _needless(ticket)
                    if copies and (ticket.slip not in SETTLED or ticket.copies > 1):
                        self._due.append(Needless(queue.day, ticket.code, copies))
                        self._work.set()

    def _order(self, day: DayDate, ticket: Ticket, copy: int, kiosk: DeviceName | None) -> None:
        printer = printer_of(self._centre, kiosk)
        if printer is not None:
            order = Order(day, ticket.code, copy)
            self._open[order] = printer
            self._due.append(Job(day, printer, self._slip(day, ticket, copy)))
            self._work.set()

    def _slip(self, day: DayDate, ticket: Ticket, copy: int) -> Slip:
        """The slip without its token: that is added when it is printed, and lies in no file.

        Of a ticket that stands elsewhere now it says nothing of the wait: who came back by the time on it
        might have been called long before.
        """
        languages = self._centre.languages
        official = order_of_day(languages.official, date.fromisoformat(day))
        told = None if ticket.moved else told_window(ticket.told, ticket.issued_at)
        return Slip(
            ticket=ticket.code,
            number=shown(ticket.code),
            field=ticket.placement.field,
            languages=slip_languages(ticket.screen_language, languages, official),
            talk=ticket.placement.languages,
            ahead=None if ticket.moved else ticket.ahead,
            window=None if told is None else (begins_at(told, ticket.issued_at), told.ends_at),
            back_by=None if told is None else back_by(told, ticket.issued_at),
            nobody=ticket.nobody and not ticket.moved,
            taken_at=ticket.issued_at,
            copy=copy,
        )

    def _url_of(self, job: Job) -> str:
        """By the key of the ticket's own day, whichever is open when the slip is printed."""
        return url_of(self._centre, token_of(self._keys[job.day], job.slip.ticket))

    async def run(self) -> None:
        """Hand orders to the spooler until cancelled; what was ordered before a restart comes out once."""
        if self._spooler is None:
            return
        if self._spooler.begun_anew:
            await self._spooler.doubt(self._doubted)
        while True:
            await self._work.wait()
            self._work.clear()
            await self._hand_over(self._spooler)

    async def _begin(self, spooler: "Spooler") -> None:
        """At a new date nothing of the day before comes out any more."""
        day = self._engine.queue.day
        if day != self._day:
            self._day = day
            self._open = {order: printer for order, printer in self._open.items() if order.day == day}
            self._due = [task for task in self._due if task.day == day]
            self._keys = dict(sorted(self._keys.items())[-2:])
            await spooler.begin_day(day)

    async def _hand_over(self, spooler: "Spooler") -> None:
        from printers.store import SpoolFull

        await self._begin(spooler)
        while self._due:
            task = self._first()
            try:
                if isinstance(task, Job):
                    await spooler.submit(task)
                else:
                    await spooler.drop(task.day, task.ticket, task.copies)
            except SpoolFull:
                log.warning("spool.full", waiting=len(self._due))
                await asyncio.sleep(SPOOL_FULL_PAUSE_S)
            else:
                self._due = [other for other in self._due if other is not task]
            await self._begin(spooler)

    def _first(self) -> Job | Needless:
        """What is due first: a slip that nobody needs makes room, but is not dropped before it is ordered."""
        ordered: set[TicketCode] = set()
        for task in self._due:
            if isinstance(task, Job):
                ordered.add(task.slip.ticket)
            elif task.ticket not in ordered:
                return task
        return self._due[0]

    def _well(self, health: tuple[PrinterHealth, ...]) -> None:
        self._health = {printer.name: printer for printer in health}
        self._engine.touch()

    async def _report(self, news: JobOutcome) -> None:
        """Returns once the log has what became of a slip; jobs of another day are none of its business."""
        outcome = _print_state(news)
        order = Order(news.day, news.ticket, news.copy)
        if outcome is None:
            if order in self._open:
                self._open[order] = news.printer  # it may have been handed on
                self._engine.touch()
            return
        self._open.pop(order, None)
        if news.day != self._engine.queue.day:
            return
        report = ReportPrint(
            day=news.day,
            ticket=news.ticket,
            copy_number=news.copy,
            outcome=outcome,
            printer=news.printer,
            reason="" if news.reason is None else news.reason.value,
        )
        self._ended[order] = news.printer
        try:
            await self._engine.record(report)
        except StoppedError:
            await (
                asyncio.Event().wait()
            )  # the server ends: the news stays untold, and is told at the next start
        del self._ended[order]


def _print_state(news: JobOutcome) -> PrintState | None:
    """How the queue puts an end of a job; none while it is still on its way."""
    match news.state:
        case JobState.PRINTED:
            return PrintState.PRINTED
        case JobState.OFFERED:
            return PrintState.FAILED if news.reason is Reason.UNPRINTABLE else PrintState.UNKNOWN
        case JobState.DROPPED:
            return PrintState.NONE
        case JobState.QUEUED | JobState.SENDING | JobState.UNKNOWN:
            return None


def _needless(ticket: Ticket) -> int:
    """How many of its slips nobody needs any more: a copy asked for after the visit is still needed."""
    if ticket.placement.stage not in VISITED:
        return 0
    return ticket.copies - ticket.copy_afterwards
