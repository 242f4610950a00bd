"""Kiosks, reception and the board through the day."""

import asyncio

from display_board.calls import Announcements, next_beat, seen
from protocol.commands import Cancel, CloseDay, IssueTicket, OpenDay, Reinstate
from protocol.envelope import Accepted, Refused
from protocol.ids import TicketCode
from protocol.refusals import RefusalCode
from protocol.views import BoardView, KioskView, PrintState, ReceptionView, Stage
from walkin.day.audit import Announcement
from walkin.day.day import PlayedDay
from walkin.day.ledger import Visit
from walkin.day.plan import Coming, Visitor
from walkin.day.roster import CLOSES_MIN
from walkin.day.terminal import Terminal
from walkin.day.trouble import DayError

SLIPS_PATIENCE_S = 30.0
"""Real seconds the last slips have at the end."""

TOO_FAST = (
    "Visitors who come this fast are a burst to the server, whose kiosks gave no more tickets: play the day "
    "slower (--speed), or start the server with a higher tickets_per_field_max and tickets_per_kiosk_max."
)


def issue_of(visitor: Visitor) -> IssueTicket:
    """What the visitor asks for."""
    return IssueTicket(
        field=visitor.legs[0].field,
        languages=visitor.languages,
        screen_language=visitor.screen_language,
        priority=visitor.priority,
        kiosk=visitor.kiosk if visitor.priority else None,
    )


async def use_kiosk(terminal: Terminal[KioskView], visitors: list[Visitor], day: PlayedDay) -> None:
    """One visitor after the other takes a ticket."""
    for visitor in visitors:
        await day.clock.until(visitor.arrives_min)
        day.ledger.give(visitor, terminal.name, await _take_ticket(terminal, visitor))


async def _take_ticket(
    terminal: Terminal[KioskView] | Terminal[ReceptionView], visitor: Visitor
) -> list[Accepted | Refused]:
    """The answers to the tap; should hours have closed the day, reception opens it again."""
    while True:
        await terminal.until(lambda view: view.open)
        version = terminal.view.version
        answers = await terminal.taps(issue_of(visitor), 2 if visitor.taps_twice else 1)
        if isinstance(answers[0], Refused) and answers[0].code is RefusalCode.TOO_MANY_TICKETS:
            raise DayError(TOO_FAST)
        if not (isinstance(answers[0], Refused) and answers[0].code is RefusalCode.NOT_OPEN):
            return answers
        await terminal.newer(version)


class ReceptionActor:
    """Opens and closes the day, gives accessible priority, helps who missed the call or leaves."""

    def __init__(self, terminal: Terminal[ReceptionView], day: PlayedDay) -> None:
        self._terminal = terminal
        self._ledger = day.ledger
        day.ledger.listen(terminal.nudge)
        self._clock = day.clock
        self._closing = False

    async def keep_open(self) -> None:
        """Open the day, and open it again should its hours close it before the simulated day ends."""
        while True:
            await self._terminal.until(lambda view: not view.open or self._closing)
            if self._closing:
                return
            answer = await self._terminal.tap(OpenDay())
            if not isinstance(answer, Refused) or answer.code is not RefusalCode.ALREADY_OPEN:
                self._ledger.expect(answer, OpenDay(), self._terminal.name)
            await self._terminal.until(lambda view: view.open)

    async def give_priority(self, visitors: list[Visitor]) -> None:
        """Take tickets for visitors who need them sooner; the slip comes out at a kiosk."""
        for visitor in visitors:
            await self._clock.until(visitor.arrives_min)
            answers = await _take_ticket(self._terminal, visitor)
            if self._ledger.give(visitor, self._terminal.name, answers) is not None:
                self._ledger.counts["priority"] += 1

    async def help_visitors(self, tasks: asyncio.TaskGroup) -> None:
        """Take care of everyone who misses the call or gives up, until cancelled."""
        helped: set[TicketCode] = set()
        while True:
            for code, visit in self._ledger.visits.items():
                if visit.missed and not visit.done and code not in helped:
                    helped.add(code)
                    tasks.create_task(self._take_back(code, visit))
                elif visit.coming is Coming.GIVES_UP and code not in helped:
                    helped.add(code)
                    tasks.create_task(self._let_go(code, visit))
            await self._next_news(self._ledger.news)

    async def _next_news(self, known: int) -> None:
        await self._terminal.until(lambda _: self._ledger.news > known)

    async def _take_back(self, ticket: TicketCode, visit: Visit) -> None:
        await self._clock.until(visit.back_at_min)
        if self._ledger.expect(
            await self._terminal.tap(Reinstate(ticket)), Reinstate(ticket), self._terminal.name
        ):
            self._ledger.counts["reinstated"] += 1

    async def _let_go(self, ticket: TicketCode, visit: Visit) -> None:
        """Cancel, unless the call came first: then the visitor goes to the desk."""
        await self._clock.pass_by(visit.visitor.away_min)
        slips = self._ledger.slips
        await self._terminal.until_printed(
            lambda _: slips.get(ticket, PrintState.QUEUED) is not PrintState.QUEUED
        )
        if self._ledger.stages.get(ticket) is not Stage.WAITING:
            return
        self._ledger.cancelled.add(ticket)
        answer = await self._terminal.tap(Cancel(ticket))
        if isinstance(answer, Refused) and answer.code is RefusalCode.WRONG_STAGE:
            self._ledger.cancelled.discard(ticket)
        elif self._ledger.expect(answer, Cancel(ticket), self._terminal.name):
            self._ledger.counts["cancelled"] += 1
            visit.done = True
            self._ledger.tell()

    async def close(self) -> None:
        """Close the day at its hour, and return when everybody who waited has been served."""
        await self._clock.until(CLOSES_MIN)
        self._closing = True
        self._terminal.nudge()
        answer = await self._terminal.tap(CloseDay())
        if not isinstance(answer, Refused) or answer.code is not RefusalCode.ALREADY_CLOSED:
            self._ledger.expect(answer, CloseDay(), self._terminal.name)
        await self._terminal.until(lambda _: self._ledger.all_ended())

    async def await_slips(self) -> None:
        """Return when no printer has a slip to print, or patience ends."""
        await self._terminal.until(
            lambda view: all(printer.jobs == 0 for printer in view.printers), SLIPS_PATIENCE_S
        )


async def announce(terminal: Terminal[BoardView], day: PlayedDay) -> None:
    """Announce each call once, as fast as they come, until cancelled."""
    announcements = Announcements()
    told = 0
    while True:
        view = terminal.view
        announcements = _announced(seen(announcements, view), day)
        if announcements.settled > told:
            told = announcements.settled
            await terminal.announced(told)
        terminal.nudge()
        await _next_view(terminal, view)


def _announced(announcements: Announcements, day: PlayedDay) -> Announcements:
    """Everything in line has flashed and rung."""
    while announcements.current is not None:
        call = announcements.current
        if announcements.rings:
            day.ledger.announcements.append(Announcement(call.call, call.desk, call.ticket, call.recall))
            day.ledger.first_called_at.setdefault(call.ticket, call.at)
        announcements = next_beat(announcements)
    return announcements


async def _next_view(terminal: Terminal[BoardView], shown: BoardView) -> None:
    await terminal.until(lambda view: view is not shown)
