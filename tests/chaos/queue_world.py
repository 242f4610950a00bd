"""One seed of the queue with its paper: terminals, a real server, simulated printers, until all is quiet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from chaos.faults import mend, strike
from chaos.plan import Fault, Kind, Mend, Restart, Stop
from chaos.queue_counts import branches
from chaos.queue_judge import OVER, Day, Found, endless, rows, too_early, violations
from chaos.queue_plan import Call, Cancel, Deed, Ending, Midnight, QueuePlan, Reprint, Take, queue_plan_of
from chaos.queue_slips import Piece, on_paper, pieces
from chaos.queue_stage import Trace, What
from chaos.queue_starts import Apart, Here, Setting
from chaos.queue_terminals import DESK, RECEPTION, Terminals
from chaos.world import AIM_S, PATIENCE, PAUSES, ROUNDS_MAX, STUCK_S, Report, configured, reported, simulated
from support.centre import ALL_ROUND
from support.servers import HandClock

from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused, TicketGiven
from protocol.views import PrintState, ReceptionView, StaffTicket
from queue_server.store.house import House

A_DAY = timedelta(days=1)
LOOK_S = 0.25
"""Between two looks whether the server still lives."""
TAKE_BACK_S = 0.05
"""Reception sees that the wrong ticket was cancelled."""
CALLED = {
    Ending.SERVED: (c.StartServing,),
    Ending.FINISHED: (c.StartServing, c.Finish),
    Ending.AT_ONCE: (c.Finish,),
    Ending.SENT_BACK: (c.StartServing, c.Park),
    Ending.MISSED: (c.MarkNoShow,),
}
PAPERLESS = frozenset({PrintState.NONE, PrintState.UNKNOWN, PrintState.FAILED})
"""Reception looks whether there is a slip."""


async def play(seed: int, directory: Path) -> Report:
    """The seed's plan from the first visitor to the verdict; call it on the stage."""
    return await reported(seed, partial(_played, queue_plan_of(seed), directory / f"queue-{seed}"))


async def _played(plan: QueuePlan, directory: Path, met: Counter[str]) -> list[str]:
    async with AsyncExitStack() as stack:
        world = _World(plan, directory, met)
        for printer in world.printers.values():
            await stack.enter_async_context(printer)
        stack.push_async_callback(world.abandon)
        return await world.run()


class _World:
    def __init__(self, plan: QueuePlan, directory: Path, met: Counter[str]) -> None:
        self.printers = {machine.name: simulated(machine) for machine in plan.machines}
        self.met = met
        self._plan = plan
        self._directory = directory
        self._clock = HandClock()
        kiosks = [f"kiosk-{number}" for number in range(1, len(plan.machines) + 1)]
        self._terminals = Terminals(kiosks, self._seen)
        self._server: Here | Apart | None = None
        self._staying: asyncio.Task[None] | None = None
        self._deeds: list[asyncio.Task[None]] = []
        self._given: dict[str, TicketGiven] = {}
        self._visitors: dict[int, asyncio.Future[str | None]] = {}
        """The ticket each visitor was given; none: none was to be had."""
        self._acknowledged = asyncio.Event()
        self._acknowledged_on: set[tuple[str, str]] = set()
        self._at_desk = asyncio.Lock()
        self._served: str | None = None
        """Whoever was called last, and may still sit there."""
        self._asked = 0
        self._traces: list[Trace] = []
        self._view: ReceptionView | None = None
        self._news = asyncio.Event()
        self._early: set[str] = set()

    async def run(self) -> list[str]:
        """Every rule that was broken."""
        await self._start()
        await self._until(self._terminals.up.is_set)
        clock = asyncio.get_running_loop().time
        began = clock()
        for at_s, deed in self._plan.steps:
            await asyncio.sleep(max(0.0, began + at_s - clock()))
            await self._do(deed)
        for printer in self.printers.values():
            for kind in Kind:
                await mend(printer, kind)
        try:
            async with asyncio.timeout(STUCK_S):
                await self._looked_after()
        except TimeoutError:
            return [f"never quiet: {', '.join(self._unquiet())}"]
        await self._stop(self._plan.last)
        found = await self._found()
        self.met.update(branches(found, self._plan))
        return [*sorted(self._early), *violations(found)]

    async def abandon(self) -> None:
        """Ends whatever still runs, also after a fault of the run itself."""
        tasks = [*self._deeds, *filter(None, [self._staying])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.abandon()

    # -- the server

    async def _start(self) -> None:
        setting = Setting(
            printers=tuple(configured(one, self.printers[one.name].port) for one in self._plan.machines),
            directory=str(self._directory),
            patience=PATIENCE,
            pauses=PAUSES,
        )
        if self._plan.apart:
            self._server = await Apart.start(setting, self._clock, self._note)
        else:
            self._server = Here(setting, self._clock, self._note)
        self._staying = asyncio.create_task(self._stay(self._server))

    async def _stay(self, server: Here | Apart) -> None:
        await self._terminals.stay(await server.url())

    async def _stop(self, how: Stop) -> None:
        """The terminals lose it at the same instant: its port may be another's at once."""
        stopping = asyncio.create_task(self._server.stop(how))
        self._staying.cancel()
        await asyncio.wait([stopping, self._staying])
        await stopping

    # -- what is heard

    def _note(self, trace: Trace) -> None:
        self._traces.append(trace)
        self._news.set()

    def _seen(self, view: ReceptionView) -> None:
        self._early.update(too_early(view, self._paper()))
        self._view = view
        self._news.set()

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._server.check()
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()

    # -- deeds

    async def _do(self, deed: Deed) -> None:
        match deed:
            case Fault(kind, printer):
                self.met[f"fault: {kind}"] += 1
                if deed.aimed:
                    await self._aim(self.printers[printer].until(lambda: bool(self.printers[printer].piece)))
                await strike(self.printers[printer], deed)
            case Mend(fault):
                await mend(self.printers[fault.printer], fault.kind)
            case Restart(how, after_s, aimed):
                await self._aim_at_a_ticket(aimed=aimed)
                self.met[f"stop: {how}"] += 1
                self.met[f"{how} with slips under way"] += bool(endless(self._traces))
                await self._stop(how)
                self.met["a ticket was given and its order died with the server"] += self._orphans()
                await asyncio.sleep(after_s)
                await self._start()
            case Midnight(aimed):
                await self._aim_at_a_ticket(aimed=aimed)
                self._clock.at += A_DAY
                await self._server.forward(self._clock.at)
                self._begin(self._open_day())
            case Take() | Call() | Cancel() | Reprint():
                self._begin(self._of_a_visitor(deed))

    def _begin(self, deed: Coroutine[None, None, None]) -> None:
        self._deeds.append(asyncio.create_task(deed))

    async def _aim(self, something: Awaitable[object]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(AIM_S):
                await something

    async def _aim_at_a_ticket(self, *, aimed: bool) -> None:
        if aimed:
            self._acknowledged.clear()
            await self._aim(self._acknowledged.wait())

    async def _ask(self, device: str, command: AnyCommand) -> Accepted | Refused:
        return await self._terminals.ask(device, self._request_id(), command)

    def _request_id(self) -> str:
        self._asked += 1
        return f"seed-{self._plan.seed:06d}-question-{self._asked:06d}"

    async def _open_day(self) -> None:
        await self._ask(RECEPTION, c.OpenDay())

    async def _of_a_visitor(self, deed: Take | Call | Cancel | Reprint) -> None:
        number: asyncio.Future[str | None] = self._visitors.setdefault(
            deed.visitor, asyncio.get_running_loop().create_future()
        )
        if isinstance(deed, Take):
            number.set_result(await self._take(deed.kiosk))
            return
        ticket = await number
        if ticket is None:
            return
        match deed:
            case Call(_, ending, after_s):
                await self._call(ticket, ending, after_s)
            case Cancel(_, taken_back):
                await self._ask(RECEPTION, c.Cancel(ticket))
                if taken_back:
                    await asyncio.sleep(TAKE_BACK_S)
                    await self._ask(RECEPTION, c.Reinstate(ticket))
            case Reprint(_, kiosk):
                await self._ask(RECEPTION, c.Reprint(ticket, kiosk))

    async def _take(self, kiosk: str) -> str | None:
        wish = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
        request_id = self._request_id()
        answer = await self._terminals.ask(kiosk, request_id, wish)
        if not (isinstance(answer, Accepted) and isinstance(answer.outcome, TicketGiven)):
            return None  # the new day was not open yet
        self._given[request_id] = answer.outcome
        self._acknowledged_on.add((self._clock.at.date().isoformat(), answer.outcome.ticket))
        self._acknowledged.set()
        return answer.outcome.ticket

    async def _call(self, ticket: str, ending: Ending, after_s: float) -> None:
        async with self._at_desk:
            await self._ask(DESK, c.OpenDesk(ALL_ROUND))
            if self._served is not None:
                await self._ask(DESK, c.Finish(self._served))
            self._served = ticket
            await self._ask(DESK, c.CallTicket(ticket))
            for step in CALLED[ending]:
                await asyncio.sleep(after_s)
                await self._ask(DESK, step(ticket))

    # -- the end

    async def _looked_after(self) -> None:
        """All is quiet, and reception has found paper for whoever waits or has asked for it in vain."""
        for number in range(ROUNDS_MAX):
            await self._quiet()
            there = {(day, ticket) for day, ticket, _ in on_paper(self._paper())}
            asks = [
                row.ticket
                for row in _expected(self._view)
                if row.slip in PAPERLESS
                and ((self._view.day, row.ticket) not in there or (self._plan.nagging and number == 0))
            ]
            if not asks:
                return
            for ticket in asks:
                await self._ask(RECEPTION, c.Reprint(ticket))
        await self._quiet()

    async def _quiet(self) -> None:
        """Everybody has an answer, reception sees the queue as it is now, and no slip is under way."""
        await self._until(lambda: all(deed.done() for deed in self._deeds))
        await asyncio.gather(*self._deeds)
        sign = f"quiet {self._asked}"
        await self._ask(RECEPTION, c.PostMessage({"fr": sign}))
        await self._until(lambda: self._view is not None and self._view.message.get("fr") == sign)
        await self._until(lambda: not self._unquiet())
        for printer in self.printers.values():
            await printer.until(lambda printer=printer: not printer.bytes_waiting)

    def _unquiet(self) -> list[str]:
        """What is still under way, in words."""
        if self._view is None:
            return ["nothing was ever seen"]
        return [
            *(str(deed.get_coro()) for deed in self._deeds if not deed.done()),
            *(f"{ticket} of {day} copy {copy}" for day, ticket, copy in endless(self._traces)),
            *(f"{row.ticket} queued" for row in rows(self._view) if row.slip is PrintState.QUEUED),
            *(f"{one.printer} has {one.jobs} jobs" for one in self._view.printers if one.jobs),
        ]

    def _paper(self) -> list[Piece]:
        return [piece for name, printer in self.printers.items() for piece in pieces(printer.papers, name)]

    async def _found(self) -> Found:
        """What is on disk, beside what was heard."""
        house = House(self._directory)
        names = sorted(path.stem for path in (self._directory / "days").glob("*.db"))
        days = []
        for name in names:
            log = house.day_log(name)
            days.append(Day(name, await log.read(), log.secret))
            await log.close()
        return Found(days=days, paper=self._paper(), traces=self._traces, given=self._given)

    # -- what was met

    def _orphans(self) -> int:
        """Tickets given whose slip is not on the list of slips."""
        submitted = {(one.day, one.ticket) for one in self._traces if one.what is What.SUBMITTED}
        return len(self._acknowledged_on - submitted)


def _expected(view: ReceptionView) -> list[StaffTicket]:
    """Whose visitor still comes, and was promised a slip."""
    return [row for row in rows(view) if row.stage not in OVER and row.kiosk is not None]
