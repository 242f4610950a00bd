"""A desk through the day: its counsellors sit down, call, talk, take breaks and leave, by what they see."""

from collections import deque
from collections.abc import Mapping

from protocol.commands import (
    AnyCommand,
    CallNext,
    CloseDesk,
    Finish,
    MarkNoShow,
    OpenDesk,
    Park,
    Pause,
    Recall,
    Resume,
    StartServing,
    Transfer,
    Undo,
    Unpark,
)
from protocol.envelope import Accepted, Called, Refused
from protocol.ids import CounsellorId, DeskId, FieldId, LanguageCode, TicketCode
from protocol.orders import Pin
from protocol.refusals import RefusalCode
from protocol.views import CounsellorView, DeskState, PrintState, StaffTicket, Stage
from walkin.day.day import PlayedDay
from walkin.day.ledger import Visit
from walkin.day.plan import Coming
from walkin.day.roster import Break, Shift
from walkin.day.terminal import Terminal
from walkin.day.trouble import DayError

RING_MIN = 1.5
"""How long a counsellor waits for a called visitor before ringing again, and then before giving up."""
SECOND_THOUGHT_MIN = 0.5
"""Until a counsellor notices that the wrong button was tapped."""


class DeskActor:
    """One desk, one counsellor after the other."""

    def __init__(
        self,
        desk: DeskId,
        terminal: Terminal[CounsellorView],
        day: PlayedDay,
        pins: Mapping[CounsellorId, Pin],
    ) -> None:
        self._desk = desk
        self._pins = pins
        self._terminal = terminal
        self._clock = day.clock
        self._ledger = day.ledger
        self._day = day
        self._written: TicketCode | None = None
        """The ticket whose call to this desk is in the ledger already."""

    async def work(self, shifts: list[Shift]) -> None:
        """All shifts of the day."""
        for shift in shifts:
            await self._clock.until(shift.from_min)
            await self._sit_down(shift)
            await self._serve(shift)

    async def _sit_down(self, shift: Shift) -> None:
        await self._terminal.sign_in(shift.counsellor, self._pins[shift.counsellor])
        answer = await self._terminal.tap(OpenDesk(shift.counsellor))
        if isinstance(answer, Refused) and answer.code is not RefusalCode.ALREADY_OPEN:
            raise DayError(
                f"{shift.counsellor} cannot sit down at desk {self._desk}: {answer.detail} Close it first."
            )
        await self._terminal.until(lambda view: view.desk.state is not DeskState.CLOSED)

    async def _serve(self, shift: Shift) -> None:
        breaks = deque(shift.breaks)
        while True:
            view = self._terminal.view
            now_min = self._clock.now_min
            if view.current is not None:
                await self._receive(view.current)
            elif breaks and breaks[0].from_min <= now_min:
                if await self._pause(view, breaks[0]):
                    breaks.popleft()
            elif self._day.over or (not shift.stays and shift.until_min <= now_min):
                if await self._leave(view):
                    return
            else:
                await self._next(view, shift, breaks)

    async def _next(self, view: CounsellorView, shift: Shift, breaks: deque[Break]) -> None:
        """Whoever is due: a parked visitor who is back, else whoever waits longest; or wait for one."""
        back = {row.ticket: (await self._ledger.visit(row.ticket)).back_at_min for row in view.parked}
        due = next((code for code, at_min in back.items() if at_min <= self._clock.now_min), None)
        if due is not None:
            await self._call(view, Unpark(due))
        elif view.desk.state is not DeskState.READY:
            await self._call(view, CallNext())
        else:
            ends = () if shift.stays else (shift.until_min,)
            until_min = min((*back.values(), *(pause.from_min for pause in breaks), *ends), default=None)
            within_s = None if until_min is None else self._clock.real_s(until_min - self._clock.now_min)
            await self._terminal.until(lambda newer: newer.current is not None or self._day.over, within_s)

    async def _call(self, view: CounsellorView, command: CallNext | Unpark) -> None:
        answer = await self._terminal.tap(command)
        if isinstance(answer, Refused):
            await self._overtaken(view, answer, command)
        elif isinstance(answer.outcome, Called):
            ticket = answer.outcome.ticket
            self._write_call(ticket)
            await self._terminal.until(
                lambda newer: (
                    (newer.current is not None and newer.current.ticket == ticket)
                    or ticket in self._ledger.cancelled
                )
            )
        else:
            await self._terminal.until(
                lambda newer: newer.current is not None or newer.desk.state is DeskState.READY
            )

    async def _overtaken(self, view: CounsellorView, answer: Refused, command: AnyCommand) -> None:
        """Somebody was sent to this desk meanwhile, which a newer view shows."""
        if answer.code is not RefusalCode.DESK_BUSY:
            self._ledger.expect(answer, command, self._terminal.name)
        await self._terminal.newer(view.version)

    async def _pause(self, view: CounsellorView, pause: Break) -> bool:
        command = Pause(pause.reason)
        answer = await self._terminal.tap(command)
        if isinstance(answer, Refused):
            await self._overtaken(view, answer, command)
            return False
        self._ledger.counts["breaks"] += 1
        await self._terminal.until(lambda newer: newer.desk.state is DeskState.PAUSED)
        await self._clock.pass_by(pause.until_min - pause.from_min)
        self._expect(await self._terminal.tap(Resume()), Resume())
        await self._terminal.until(lambda newer: newer.desk.state is not DeskState.PAUSED)
        return True

    async def _leave(self, view: CounsellorView) -> bool:
        answer = await self._terminal.tap(CloseDesk())
        if isinstance(answer, Refused):
            await self._overtaken(view, answer, CloseDesk())
            return False
        await self._terminal.until(lambda newer: newer.desk.state is DeskState.CLOSED)
        return True

    async def _receive(self, current: StaffTicket) -> None:
        """A visitor is called here, by this desk or because it was ready."""
        visit = await self._ledger.visit(current.ticket)
        if self._written != current.ticket:
            self._write_call(current.ticket)
        if current.stage is Stage.SERVING or await self._greet(visit, current.ticket):
            await self._talk(visit, current.ticket)
        self._written = None

    def _write_call(self, ticket: TicketCode) -> None:
        self._ledger.called(self._desk, ticket)
        self._written = ticket

    async def _greet(self, visit: Visit, ticket: TicketCode) -> bool:
        """Whether the visitor comes; else the ticket has left the desk."""
        await self._terminal.until_printed(
            lambda view: view.current is None or view.current.slip is not PrintState.QUEUED
        )
        if visit.coming not in {Coming.AT_ONCE, Coming.GIVES_UP}:
            await self._clock.pass_by(RING_MIN)
            if not await self._act(Recall(ticket), ticket):
                return False
            self._ledger.called(self._desk, ticket, recall=True)
            self._ledger.counts["recalls"] += 1
        if visit.coming in {Coming.LAST_MOMENT, Coming.RETURNS, Coming.NEVER}:
            await self._clock.pass_by(RING_MIN)
            if not await self._miss(visit, ticket):
                return False
        await self._clock.pass_by(visit.visitor.walk_min)
        if not await self._act(StartServing(ticket), ticket):
            return False
        await self._terminal.until(
            lambda view: view.current is not None and view.current.stage is Stage.SERVING
        )
        return True

    async def _miss(self, visit: Visit, ticket: TicketCode) -> bool:
        """Mark a no-show; whether the visitor then stood there after all."""
        if not await self._act(MarkNoShow(ticket), ticket):
            return False
        self._ledger.counts["no_shows"] += 1
        await self._gone()
        coming, visit.coming = visit.coming, Coming.AT_ONCE
        if coming is Coming.LAST_MOMENT:
            await self._clock.pass_by(SECOND_THOUGHT_MIN)
            return await self._undo(Stage.CALLED)
        visit.back_at_min = self._clock.now_min + visit.visitor.away_min
        visit.missed = True
        visit.done = coming is Coming.NEVER
        self._ledger.tell()
        return False

    async def _talk(self, visit: Visit, ticket: TicketCode) -> None:
        if visit.parks:
            visit.parks = False
            visit.left_min /= 2
            await self._clock.pass_by(visit.left_min)
            visit.back_at_min = self._clock.now_min + (visit.visitor.parked_min or 0.0)
            if await self._act(Park(ticket), ticket):
                self._ledger.counts["parked"] += 1
                await self._gone()
            return
        await self._clock.pass_by(visit.left_min)
        if len(visit.legs) > 1:
            await self._send_on(visit, ticket)
        else:
            await self._finish(visit, ticket)

    async def _send_on(self, visit: Visit, ticket: TicketCode) -> None:
        current = self._terminal.view.current
        assert current is not None
        field = visit.legs[1].field
        desk = self._desk_for(field, current.languages) if visit.visitor.to_desk else None
        answer = await self._terminal.tap(Transfer(ticket=ticket, field=field, desk=desk))
        if isinstance(answer, Refused) and answer.code is RefusalCode.DESK_CLOSED:
            answer = await self._terminal.tap(Transfer(ticket=ticket, field=field))
        if self._expect(answer, Transfer(ticket=ticket, field=field)):
            del visit.legs[0]
            visit.left_min = visit.legs[0].session_min
            self._ledger.counts["transfers"] += 1
            await self._gone()

    def _desk_for(self, field: FieldId, languages: tuple[LanguageCode, ...]) -> DeskId | None:
        """Another desk that serves this field in one of these languages."""
        for desk in self._terminal.view.desks:
            serves = field in desk.fields and not set(languages).isdisjoint(desk.languages)
            if serves and desk.desk != self._desk and desk.state is not DeskState.CLOSED:
                return desk.desk
        return None

    async def _finish(self, visit: Visit, ticket: TicketCode) -> None:
        if not await self._act(Finish(ticket), ticket, twice=visit.visitor.taps_twice):
            return
        self._ledger.finish(ticket)
        await self._gone()
        if visit.visitor.finish_undone:
            await self._clock.pass_by(SECOND_THOUGHT_MIN)
            if await self._undo(Stage.SERVING):
                self._ledger.finish(ticket, -1)
                await self._clock.pass_by(SECOND_THOUGHT_MIN)
                if await self._act(Finish(ticket), ticket):
                    self._ledger.finish(ticket)
                    await self._gone()
        self._done(visit)

    async def _undo(self, back_to: Stage) -> bool:
        answer = await self._terminal.tap(Undo())
        if not self._expect(answer, Undo()):
            return False
        self._ledger.counts["undone"] += 1
        await self._terminal.until(lambda view: view.current is not None and view.current.stage is back_to)
        return True

    async def _act(self, command: AnyCommand, ticket: TicketCode, *, twice: bool = False) -> bool:
        """Whether it was done; a visitor who gave up just before is no longer there, which is foreseen."""
        answers = await self._terminal.taps(command, 2 if twice else 1)
        if twice:
            self._ledger.compare(answers, self._terminal.name)
        if isinstance(answers[0], Refused) and ticket in self._ledger.cancelled:
            await self._gone()
            return False
        return self._expect(answers[0], command)

    def _expect(self, answer: Accepted | Refused, command: AnyCommand) -> bool:
        return self._ledger.expect(answer, command, self._terminal.name)

    async def _gone(self) -> None:
        """The desk is empty, and the terminal shows it."""
        await self._terminal.until(lambda view: view.current is None)

    def _done(self, visit: Visit) -> None:
        visit.done = True
        self._ledger.tell()
