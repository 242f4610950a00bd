"""A whole centre in virtual time: server, terminals, spooler and printer, all of it the real code.

One seed is one execution: what is played, when it is met, and the hash over all of it.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from traceback import format_exception
from unittest.mock import patch

from chaos.queue_slips import pieces
from chaos.queue_stage import STAGE, Stage, Trace, What, staged
from chaos.starts import quietly
from msgspec import Struct
from simulation.alone import given_alone
from simulation.board import Board
from simulation.dice import dice_of
from simulation.disk import Disk
from simulation.door import Port
from simulation.forecast import foresees
from simulation.judge import Found, violations
from simulation.kiosk import Kiosk
from simulation.loop import HERE, Process, VirtualLoop
from simulation.nights import Nights, WorldClock
from simulation.paper import OnItsWay, ordered_in_time, printed
from simulation.place import ADDRESS, COUNSELLORS, DOTS_PER_S, PRINTER, URL, centre
from simulation.plan import CALM_S, Fault, Kind, Plan, plan_of
from simulation.robots import Counsellor, History, Hours, Reception, Robot, Stopped, badge_of
from simulation.trouble import printer_fault
from simulation.verdict import counted, counted_once, days_of, over_and_read, replayed, said
from support.badges import SMALLVILLE, enrol_only

from config.model import Centre
from printers.driver import Patience
from printers.simulator.printer import SimulatedPrinter
from printers.spooler import Pauses
from protocol.views import LockedView, ReceptionView
from queue_server.app import serve_house
from queue_server.clock import Clock
from queue_server.engine import Engine
from queue_server.log_port import LogError
from queue_server.store.house import DAYS, House

RESTART_S = 0.5
"""A supervisor starts the server again after so long."""
SYNC_S = 10.0
"""So long after everything is mended, every terminal shows the truth."""
FRESH_S = 1.0
"""With nothing wrong every screen shows within this what is on disk."""
FINE_S = 30.0
"""So long the day goes on with nothing wrong."""
STUCK_S = 900.0
"""Whoever is not through by then never will be."""


class Report(Struct, frozen=True):
    """What one seed came to."""

    seed: int
    violations: tuple[str, ...]
    met: dict[str, int]
    hash: str


def play(seed: int, directory: Path) -> Report:
    """The seed's plan from the first visitor to the verdict; the directory is empty and keeps its files."""
    plan = plan_of(seed)
    loop = VirtualLoop(seed)
    world = World(plan, directory, loop)
    found: list[str] = []
    with ExitStack() as stack:
        stack.enter_context(quietly())
        stack.enter_context(staged())
        stack.enter_context(dice_of(seed))
        stack.enter_context(world.disk.under())
        stack.enter_context(patch("printers.simulator.network.Port", Port))
        stack.enter_context(patch("protocol.whole.os.fsync"))
        stack.enter_context(patch("queue_server.app.Engine", world.engine_of))
        try:
            found = loop.run_until_complete(world.run())
        except Exception as error:  # noqa: BLE001 - whatever it is, the seed that met it has to be named
            found = ["this seed never ends"] if loop.endless else ["".join(format_exception(error))]
        finally:
            loop.end()
    return Report(seed, tuple(found), dict(sorted(world.met.items())), world.trace.hexdigest())


class World:
    """The centre, its users, and what befalls them."""

    def __init__(self, plan: Plan, directory: Path, loop: VirtualLoop) -> None:
        self.plan = plan
        self.met: Counter[str] = Counter()
        self.trace = hashlib.sha256()
        self.disk = Disk(loop.dice)
        self._loop = loop
        self._directory = directory
        self._clock = WorldClock(plan.start, loop.time)
        self._history = History()
        self._hours = Hours()
        self._processes: dict[str, Process] = {}
        self._robots: dict[str, Robot] = {}
        self._ordered: list[OnItsWay] = []
        self._engine: Engine | None = None
        self._back_at_s = 0.0
        self._starts_s: list[float] = []
        self._stop = asyncio.Event()
        self._found: list[str] = []
        self._printer: SimulatedPrinter
        self._over = False

    def engine_of(self, centre: Centre, house: House, clock: Clock) -> Engine:
        """The server's engine, kept to be looked at."""
        self._engine = Engine(centre, house, clock)
        return self._engine

    async def run(self) -> list[str]:
        """What has come of a life with this server, which ends at once when the server makes a mistake."""
        (self._directory / DAYS).mkdir(parents=True)
        enrol_only(self._directory, *(badge_of(name) for name in self.plan.terminals), team=SMALLVILLE)
        STAGE.set(Stage(self._note_slip, Patience(), Pauses(), lambda: False))
        await self._start_printer()
        keeping = asyncio.create_task(self._keep_server())
        living = asyncio.create_task(self._live())
        await asyncio.wait((keeping, living), return_when=asyncio.FIRST_COMPLETED)
        if not living.done():
            living.cancel()
            return self._found
        living.result()
        await keeping
        return [*self._found, *await self._judged()]

    async def _live(self) -> None:
        """A stretch of calm, a stretch of trouble, and one in which all is mended."""
        self._make_robots()
        for name in self._robots:
            self._start_terminal(name)
        begun = [asyncio.create_task(self._befalls(fault)) for fault in self.plan.faults]
        await asyncio.sleep(CALM_S + self.plan.trouble_s)
        await asyncio.gather(*begun)
        await self._all_see_the_same()
        await self._all_come_through()
        if self.plan.ended_by_hand and not self._found:
            await self._reception_ends_the_day()
        self._over = True
        self._stop.set()

    # -- who is there

    async def _start_printer(self) -> None:
        self._printer = SimulatedPrinter(384, dots_per_s=DOTS_PER_S)

        async def stand() -> None:
            await self._printer.listen(*PRINTER)
            await asyncio.Event().wait()

        self._processes["printer-1"] = Process("printer-1")
        self._loop.start(self._processes["printer-1"], stand(), "printer-1")

    async def _keep_server(self) -> None:
        """A server after the other, until the end or the first that has made a mistake."""
        while not self._over:
            process = self._processes["server"] = Process("server")
            self._stop = asyncio.Event()
            self._starts_s.append(self._loop.time())
            house = House(self._directory)
            ready = partial(self._is_ready, process)
            serving = serve_house(centre(), house, self._clock, ADDRESS, self._stop, ready)
            failed = len(self.disk.failed)
            task = self._loop.start(process, serving, "server")
            await asyncio.wait({task, process.killed}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and (error := task.exception()) is not None:
                self.met["the server ended by itself"] += 1
                if not isinstance(error, LogError) or len(self.disk.failed) == failed:
                    self._found.append("".join(format_exception(error)))
                    return
            await asyncio.sleep(max(RESTART_S, self._back_at_s - self._loop.time()))

    def _is_ready(self, process: Process, _: str) -> None:
        assert self._engine is not None
        dice = Random(f"{self.plan.seed} forecast {len(self._starts_s)}")
        self._loop.start(process, foresees(self._engine, dice), "forecast")

    def _note_slip(self, trace: Trace) -> None:
        if trace.what in {What.SUBMITTED, What.SENT}:
            program = HERE.get()
            assert program is not None, "somebody prints it"
            leaves = trace.what is What.SENT
            self._ordered.append(OnItsWay(self._loop.time(), program.name, trace.slip, leaves))

    def _make_robots(self) -> None:
        for name in self.plan.terminals:
            kind, _, number = name.partition("-")
            dice = Random(f"{self.plan.seed} {name}")
            others = (self._history, self._hours, dice)
            match kind:
                case "kiosk":
                    at = (centre(), self._directory / "kiosks", self._wall_s)
                    robot: Robot = Kiosk(*at, URL, badge_of(name), *others)
                case "desk":
                    own = badge_of(name)
                    robot = Counsellor(COUNSELLORS[int(number) - 1], URL, own, *others)
                case "board":
                    robot = Board(self._directory / "boards", URL, badge_of(name), *others)
                case _:
                    robot = Reception(URL, badge_of(name), *others)
            self._robots[name] = robot

    def _wall_s(self) -> float:
        """What the clocks of kiosks say: nobody sets them."""
        return self.plan.start.timestamp() + self._loop.time()

    def _start_terminal(self, name: str) -> None:
        self._processes[name] = Process(name)
        self._loop.start(self._processes[name], self._robots[name].run(), name)

    # -- what befalls them

    async def _befalls(self, fault: Fault) -> None:
        await asyncio.sleep(fault.at_s)
        self.met[str(fault.kind)] += 1
        self._note(str(fault.kind), fault.whom)
        if fault.kind in {Kind.TERMINAL_KILLED, Kind.TERMINAL_FROZEN}:
            self._history.stopped.append(Stopped(self._terminal(fault), self._loop.time()))
        begin, mend = self._fault(fault)
        begin()
        await asyncio.sleep(fault.lasts_s)
        mend()

    def _terminal(self, fault: Fault) -> str:
        return fault.whom if fault.whom in self._robots else self.plan.terminals[0]

    def _fault(self, fault: Fault) -> tuple[Callable[[], object], Callable[[], object]]:
        network, disk = self._loop.network, self.disk
        terminal = self._terminal(fault)

        def nothing() -> None:
            """It mends itself."""

        match fault.kind:
            case Kind.SERVER_KILLED:
                return lambda: self._loop.kill(self._processes["server"]), nothing
            case Kind.SERVER_AWAY:
                self._back_at_s = self._loop.time() + fault.lasts_s
                return lambda: self._loop.kill(self._processes["server"]), nothing
            case Kind.SERVER_STOPPED:
                return self._stop_server, nothing
            case Kind.SERVER_FROZEN:
                return self._frozen("server")
            case Kind.TERMINAL_FROZEN:
                return self._frozen(terminal)
            case Kind.DISK_REFUSES | Kind.DISK_DOUBTFUL:
                what = fault.whom, "refused" if fault.kind is Kind.DISK_REFUSES else "doubtful"
                return lambda: setattr(disk, "fault", what), lambda: setattr(disk, "fault", None)
            case Kind.DISK_STALLS:
                until_s = self._loop.time() + fault.lasts_s
                return lambda: setattr(disk, "stalled_until_s", until_s), nothing
            case Kind.CABLE_OUT:
                return lambda: network.darken(fault.whom), lambda: network.lighten(fault.whom)
            case Kind.CONNECTIONS_CUT:
                return lambda: network.cut(fault.whom), nothing
            case Kind.NETWORK_SLOW:
                return lambda: setattr(network, "slowness", 100.0), lambda: setattr(network, "slowness", 1.0)
            case Kind.TERMINAL_KILLED:
                killed = self._processes[terminal]
                return lambda: self._loop.kill(killed), lambda: self._again(terminal, killed)
            case Kind.CLOCK_SET:
                return lambda: self._clock.set(self._clock.ahead_s + fault.amount), nothing
            case _:
                return printer_fault(self._printer, fault.kind)

    def _frozen(self, name: str) -> tuple[Callable[[], object], Callable[[], object]]:
        process = self._processes[name]
        return lambda: self._loop.freeze(process), lambda: self._loop.thaw(process)

    def _stop_server(self) -> None:
        self._stop.set()

    def _again(self, name: str, killed: Process) -> None:
        if self._processes[name] is killed:
            self._start_terminal(name)

    # -- what has come of it

    async def _all_see_the_same(self) -> None:
        """Ten seconds after the last fault, with all hands off, every terminal shows what is on disk."""
        self._hours.hands = False
        await asyncio.sleep(SYNC_S)
        await self._shown_within(FRESH_S)
        self._hours.hands = self._hours.mended = True

    async def _shown_within(self, seconds: float) -> None:
        """What is true now is on every screen by then."""
        assert self._engine is not None
        truth = self._engine.queue.day, self._engine.queue.version
        await asyncio.sleep(seconds)
        for name, robot in self._robots.items():
            view = robot.view
            if isinstance(view, LockedView):  # it shows nothing, and does not have to
                continue
            seen = ("no day", 0) if view is None else (view.day, view.version)
            if seen < truth:
                self._found.append(f"{name} shows {seen}, the queue was at {truth} {seconds} s ago")

    async def _all_come_through(self) -> None:
        """A stretch with nothing wrong, then no new visitors: everybody who waits is served."""
        until_s = self._loop.time() + FINE_S
        while self._loop.time() < until_s and not self._found:
            await self._shown_within(FRESH_S)
        self._hours.visitors = False
        until_s = self._loop.time() + STUCK_S
        while not self._quiet():
            if self._loop.time() > until_s:
                view = self._robots["reception-1"].view
                self._found.append(f"not everybody came through: {view}")
                return
            await asyncio.sleep(1)
        self.met["everybody came through"] += 1

    async def _reception_ends_the_day(self) -> None:
        """Reception closes the doors, then the day."""
        self._hours.evening = True
        until_s = self._loop.time() + STUCK_S
        while not (isinstance(view := self._robots["reception-1"].view, ReceptionView) and view.over):
            if self._loop.time() > until_s:
                self._found.append(f"reception could not end the day: {view}")
                return
            await asyncio.sleep(1)
        self.met["days ended by reception"] += 1

    def _quiet(self) -> bool:
        view = self._robots["reception-1"].view
        if not isinstance(view, ReceptionView):
            return False
        figures = view.figures
        on_the_way = figures.waiting + figures.called + figures.serving + figures.parked
        return not on_the_way and not any(printer.jobs for printer in view.printers)

    async def _judged(self) -> list[str]:
        assert self._engine is not None
        house = House(self._directory)
        days = await days_of(house)
        papers = self._printer.papers
        self.met += counted(days, self._history)
        over = over_and_read(days, self.disk)
        self.met["days counted"] += len(over)
        self.met["slips"] += len(papers)
        self.met["slips of kiosks alone"] += sum(
            one.leaves and one.program != "server" for one in self._ordered
        )
        self.met += Counter({f"{step} fails": times for step, times in self.disk.struck.items()})
        self.met[f"season: {self.plan.season}"] += 1
        nights = Nights(self.plan.start, self._clock.settings, self._starts_s)
        self.met += nights.met(self.disk.committed)
        for words in said(days, self._history):
            self._note(*words)
        self._note(*(paper.text for paper in papers))
        return [
            *given_alone(days, self._history),
            *violations(
                Found(
                    days=days,
                    committed=self.disk.committed,
                    history=self._history,
                    unread_days=self.disk.unread_days,
                )
            ),
            *nights.violations(self.disk.committed),
            *replayed(days[-1], self._engine.queue),
            *printed(days, self._history.given, pieces(papers, "printer-1")),
            *ordered_in_time(self.disk.committed, self._history.given, self._ordered),
            *counted_once(over, house.statistics().path),
        ]

    def _note(self, *words: str) -> None:
        self.trace.update("\x1f".join((f"{self._loop.time():.9f}", *words, "\n")).encode())


def once(seed: int, directory: Path) -> Report:
    """As `play`, with a directory of its own beneath this one."""
    own = directory / str(seed)
    own.mkdir()
    return play(seed, own)
