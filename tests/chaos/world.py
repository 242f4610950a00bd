"""One seed played: real sockets, a real list of slips, simulated printers, until everything is quiet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from traceback import format_exception

from chaos.apart import Apart
from chaos.faults import mend, strike
from chaos.judge import violations
from chaos.news import ENDS, News
from chaos.plan import Deed, Drop, Fault, Kind, Machine, Mend, Plan, Restart, Stop, Submit, plan_of
from chaos.slips import DAY, Piece, job, on_paper, pieces
from chaos.starts import Here
from msgspec import Struct

from config.model import Printer
from printers.driver import Patience
from printers.job import Job, JobOutcome, JobState
from printers.outcome import Level
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB, Abilities
from printers.spooler import Pauses

RESTART_S = 0.4
"""A printer back sooner was never off: longer than most faults of a plan, shorter than its power cuts."""
PATIENCE = Patience(
    status_s=0.1,
    answer_s=0.15,
    look_s=0.01,
    print_s=0.4,
    held_s=0.15,
    held_with_spare_s=0.05,
    restart_s=RESTART_S,
    barrier_s=0.2,
)
PAUSES = Pauses(poll_s=0.05, retry_min_s=0.005, retry_max_s=0.03)
DOTS_PER_S = 8_000.0
AIM_S = 0.15
"""A fault waits so long for a slip to fall into, then it comes anyway."""
STUCK_S = 30.0
"""Everything is mended: whatever has not ended so long afterwards never will."""
ROUNDS_MAX = 5
"""A person who finds no paper asks so often for a copy, on printers that are well."""
WIDTH_DOTS = 384


class Report(Struct, frozen=True):
    """What one seed came to."""

    seed: int
    violations: tuple[str, ...]
    met: dict[str, int]
    """How often each kind of fault, stop and outcome was met."""
    seconds: float


async def play(seed: int, directory: Path) -> Report:
    """The seed's plan from the first slip to the verdict; the directory keeps its list of slips."""
    return await reported(seed, partial(_played, plan_of(seed), directory / f"{seed}.db"))


async def reported(seed: int, played: Callable[[Counter[str]], Awaitable[list[str]]]) -> Report:
    """What a seed came to: `played` finds the violations and counts what was met."""
    clock = asyncio.get_running_loop().time
    began = clock()
    met: Counter[str] = Counter()
    try:
        found = await played(met)
    except Exception as error:  # noqa: BLE001 - whatever it is, the seed that met it has to be named
        found = ["".join(format_exception(error))]
    return Report(seed, tuple(found), dict(met), clock() - began)


async def _played(plan: Plan, store: Path, met: Counter[str]) -> list[str]:
    async with AsyncExitStack() as stack:
        world = _World(plan, store, met)
        for machine in plan.machines:
            await stack.enter_async_context(world.printers[machine.name])
        stack.push_async_callback(world.abandon)
        return await world.run()


class _World:
    def __init__(self, plan: Plan, store: Path, met: Counter[str]) -> None:
        self.printers = {machine.name: simulated(machine) for machine in plan.machines}
        self.met = met
        self._plan = plan
        self._store = store
        self._news = News(self._too_early)
        self._early: list[str] = []
        self._asked: dict[tuple[str, int], Job] = {}
        self._dropped: set[str] = set()
        self._spooler: Here | Apart | None = None

    async def run(self) -> list[str]:
        """Every rule that was broken."""
        await self._start()
        clock = asyncio.get_running_loop().time
        began = clock()
        for at_s, deed in self._plan.steps:
            await asyncio.sleep(max(0.0, began + at_s - clock()))
            await self._do(deed)
        for printer in self.printers.values():
            for kind in Kind:
                await mend(printer, kind)
        stuck: list[str] = []
        try:
            async with asyncio.timeout(STUCK_S):
                await self._until_quiet()
        except TimeoutError:
            stuck = [f"{ticket} copy {copy} never ends" for ticket, copy in self._open()]
        await self._stop(Stop.KILLED if self._plan.apart else Stop.LEFT)
        self._count()
        broken = violations(self._plan, self._news, self._paper(), self._asked, self._dropped)
        return stuck or [*self._early, *broken]

    async def abandon(self) -> None:
        """Ends whatever still runs, also after a fault of the run itself."""
        if self._spooler is not None:
            await self._spooler.abandon()

    # -- deeds

    async def _do(self, deed: Deed) -> None:
        match deed:
            case Submit(number, copy, printer):
                await self._submit(job(number, printer, copy))
            case Drop(number):
                self._dropped.add(f"K{number:03}")
                await self._spooler.drop(DAY, f"K{number:03}")
            case Fault(kind, printer):
                self.met[f"fault: {kind}"] += 1
                if deed.aimed:
                    await self._aim(self.printers[printer])
                await strike(self.printers[printer], deed)
            case Mend(fault):
                await mend(self.printers[fault.printer], fault.kind)
            case Restart(how, after_s):
                self.met[f"stop: {how}"] += 1
                await self._stop(how)
                await asyncio.sleep(after_s)
                await self._start()

    async def _aim(self, printer: SimulatedPrinter) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(AIM_S):
                await printer.until(lambda: bool(printer.piece))

    async def _submit(self, asked: Job) -> None:
        key = (asked.slip.ticket, asked.slip.copy)
        await self._spooler.submit(self._asked.setdefault(key, asked))

    async def _start(self) -> None:
        settings = [configured(machine, self.printers[machine.name].port) for machine in self._plan.machines]
        if self._plan.apart:
            self._spooler = await Apart.start(settings, self._store, self._news.on_outcome, PATIENCE, PAUSES)
        else:
            self._spooler = Here(settings, self._store, self._news, PATIENCE, PAUSES)

    async def _stop(self, how: Stop) -> None:
        await self._spooler.stop(how)

    # -- the end

    async def _until_quiet(self) -> None:
        """Everything has ended, and a person has found paper for every ticket or asked for it in vain."""
        for copy in range(3, 3 + ROUNDS_MAX):
            await self._ended()
            missing = self._without_paper()
            if self._plan.nagging and copy == 3:
                missing |= {
                    ticket
                    for ticket, _ in self._asked
                    if (self._news.end(ticket) is JobState.OFFERED) and ticket not in self._dropped
                }
            if not missing:
                return
            for ticket in sorted(missing):
                home = self._asked[ticket, 1].printer
                await self._submit(job(int(ticket[1:]), home, copy))

    async def _ended(self) -> None:
        while self._open():
            self._spooler.check()
            try:
                async with asyncio.timeout(PAUSES.poll_s):
                    await self._news.until(lambda: not self._open())
            except TimeoutError:
                continue
        for printer in self.printers.values():
            await printer.until(lambda printer=printer: not printer.bytes_waiting)

    def _too_early(self, news: JobOutcome) -> None:
        """Whoever hears "printed" may look: the slip lies there already."""
        if news.state is JobState.PRINTED and (news.ticket, news.copy) not in on_paper(self._paper()):
            self._early.append(f"{news.ticket} copy {news.copy} was told printed before it was on paper")

    def _open(self) -> list[tuple[str, int]]:
        return [key for key in self._asked if self._news.end(*key) is None]

    def _without_paper(self) -> set[str]:
        there = {ticket for ticket, _ in on_paper(self._paper())}
        return {ticket for ticket, _ in self._asked} - there - self._dropped

    def _paper(self) -> list[Piece]:
        return [piece for name, printer in self.printers.items() for piece in pieces(printer.papers, name)]

    def _count(self) -> None:
        for news in self._news.told:
            self.met[f"told: {news.state}, {news.reason}"] += 1
            home = self._asked[news.ticket, news.copy].printer
            if news.state in ENDS and news.printer != home:
                self.met["a spare stood in"] += 1
        self.met["a torn piece was marked"] += sum(piece.void for piece in self._paper())
        self.met["a copy was marked"] += sum(copy > 1 for _, copy in on_paper(self._paper()))


def simulated(machine: Machine) -> SimulatedPrinter:
    """A printer as the plan has it."""
    abilities = _abilities(machine.level, clearing=machine.clearing)
    return SimulatedPrinter(WIDTH_DOTS, abilities=abilities, dots_per_s=DOTS_PER_S)


def configured(machine: Machine, port: int) -> Printer:
    """The same as a centre is told of it."""
    return Printer(name=machine.name, host="127.0.0.1", port=port, width_dots=WIDTH_DOTS, spare=machine.spare)


def _abilities(level: Level, *, clearing: bool) -> Abilities:
    match level:
        case Level.COUNTED:
            return Abilities(clearing=clearing)
        case Level.ORDERED:
            return Abilities(process_ids=False, counters=False, clearing=clearing)
        case Level.STATUS:
            return Abilities(process_ids=False, counters=False, sensors=False, clearing=clearing)
        case Level.MUTE:
            return DUMB
