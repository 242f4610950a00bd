"""Plays a planned day through real sockets, on a server of its own or on one that runs already."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.model import Centre
from printers.encode import medium_of
from printers.simulator.paper import Paper, Picture
from protocol.ids import DeskId, DeviceName, Role, StaffId
from protocol.views import BoardView, CounsellorView, KioskView, PrintState, ReceptionView, Stage
from queue_server.devices import Device, RegistryError
from walkin.day.audit import audit
from walkin.day.clock import DayClock
from walkin.day.counsellor import DeskActor
from walkin.day.day import PlayedDay
from walkin.day.ledger import Ledger
from walkin.day.plan import DayPlan, Visitor, plan_day
from walkin.day.public import ReceptionActor, announce, use_kiosk
from walkin.day.report import FIGURES, DayResult, Waits, waits_of
from walkin.day.roster import CLOSES_MIN, OPENS_MIN, Shift
from walkin.day.terminal import Terminal
from walkin.day.trouble import DayError, first_of
from walkin.devices import TakenError, dismiss, enrol
from walkin.staff import employ, let_go
from walkin.stand import Stand, StandError, in_a_hurry, own_centre

SPEED = 1000.0
"""Simulated seconds in a real one: a day from nine to five in about half a minute.

Much faster, nothing is lost either, but the waits are those of the machine and no longer of the centre.
"""
BOARD: DeviceName = "board-day"
RECEPTION: DeviceName = "reception-day"
HOST: StaffId = "host-day"
"""Whoever is at reception."""
BOARD_PATIENCE_S = 10.0
"""Real seconds the board has for the last calls."""
PROGRESS_S = 0.1
MINUTES_PER_HOUR = 60
UNTIL_CLOSING = 0.9
"""Share of the bar that the opening hours take; the rest is for those who still wait then."""


async def play_day(
    centre: Centre,
    *,
    seed: int,
    visitors: int,
    speed: float,
    running: tuple[str, Path] | None,
    progress: Callable[[float], None],
) -> DayResult:
    """Play the day of this seed and check that nothing was lost; DayError when it cannot be played.

    On a server that runs already, known by its address and its data directory, whose terminals belong to the
    centre for this one day; without, on a server and simulated printers of its own, whose kiosks
    give any number of tickets: at this speed every hour is a burst.
    """
    plan = plan_day(centre, seed, visitors)
    try:
        people = {HOST: Role.RECEPTION} | {shift.counsellor: Role.COUNSELLOR for shift in plan.shifts}
        async with _server(centre, _terminals(centre, plan), people, running) as (stand, papers):
            return await _Play(centre, plan, speed, stand, papers).run(progress)
    except (StandError, TakenError, RegistryError) as error:
        raise DayError(str(error)) from None
    except BaseExceptionGroup as errors:
        raise first_of(errors) from None


@asynccontextmanager
async def _server(
    centre: Centre,
    devices: Sequence[Device],
    people: Mapping[StaffId, Role],
    running: tuple[str, Path] | None,
) -> AsyncIterator[tuple[Stand, list[Paper] | None]]:
    """A server that knows these devices and people, and what its printers print if they are ours."""
    if running is not None:
        url, directory = running
        pins = await employ(directory, people)
        try:
            badges = await enrol(directory, devices)  # last: a terminal that is known finds its people known
            try:
                yield Stand(url, {badge.device: badge for badge in badges}, pins), None
            finally:
                await dismiss(directory, [device.name for device in devices])
        finally:
            await let_go(directory, people)
        return
    papers: list[Paper] = []
    with TemporaryDirectory(prefix="walkin-day-") as folder:
        config = in_a_hurry(centre, Path(folder) / "centre.toml")
        async with own_centre(config, centre, Path(folder), devices, people, papers.append, None) as stand:
            yield stand, papers


def _terminals(centre: Centre, plan: DayPlan) -> list[Device]:
    """Everything that the day's visitors and staff stand before."""
    desks = dict.fromkeys(shift.desk for shift in plan.shifts)
    return [
        Device(RECEPTION, Role.RECEPTION),
        Device(BOARD, Role.BOARD),
        *(Device(kiosk.name, Role.KIOSK) for kiosk in centre.kiosks),
        *(Device(_at_desk(desk), Role.COUNSELLOR, desk) for desk in desks),
    ]


def _at_desk(desk: DeskId) -> DeviceName:
    return f"desk-{desk.lower()}"


class _Play:
    """All terminals of the centre, and the actors who use them."""

    def __init__(
        self, centre: Centre, plan: DayPlan, speed: float, stand: Stand, papers: list[Paper] | None
    ) -> None:
        self._centre = centre
        self._plan = plan
        self._papers = papers
        self._day = PlayedDay(DayClock(speed), Ledger())
        self._pins = stand.pins
        url, badges = stand.url, stand.badges
        self._reception = Terminal(url, badges[RECEPTION], ReceptionView)
        self._board = Terminal(url, badges[BOARD], BoardView)
        self._kiosks = {kiosk.name: Terminal(url, badges[kiosk.name], KioskView) for kiosk in centre.kiosks}
        desks = dict.fromkeys(shift.desk for shift in plan.shifts)
        self._desks = {desk: Terminal(url, badges[_at_desk(desk)], CounsellorView) for desk in desks}

    async def run(self, progress: Callable[[float], None]) -> DayResult:
        """The whole day."""
        started = asyncio.get_running_loop().time()
        terminals: tuple[Terminal[Any], ...] = (self._board, *self._kiosks.values(), *self._desks.values())
        async with asyncio.TaskGroup() as tasks:
            lines = [tasks.create_task(self._reception.keep(self._day.ledger.look))]
            lines += [tasks.create_task(terminal.keep()) for terminal in terminals]
            for terminal in (self._reception, *terminals):
                await terminal.connected()
            lines.append(tasks.create_task(announce(self._board, self._day)))
            lines.append(tasks.create_task(self._show(progress)))
            await self._act(tasks)
            progress(1.0)
            for line in lines:
                line.cancel()
        return self._result(asyncio.get_running_loop().time() - started)

    async def _act(self, tasks: asyncio.TaskGroup) -> None:
        """Everybody does what the plan says, until all is served, printed and announced."""
        day, visitors = self._day, self._plan.visitors
        reception = ReceptionActor(self._reception, day)
        await self._reception.sign_in(HOST, self._pins[HOST])
        day.clock.start()
        open_day = tasks.create_task(reception.keep_open())
        helping = tasks.create_task(reception.help_visitors(tasks))
        taking = [tasks.create_task(reception.give_priority([one for one in visitors if one.priority]))]
        for name, terminal in self._kiosks.items():
            queue = [one for one in visitors if one.kiosk == name and not one.priority]
            taking.append(tasks.create_task(use_kiosk(terminal, queue, day)))
        desks = [
            tasks.create_task(DeskActor(desk, terminal, day, self._pins).work(self._shifts(desk)))
            for desk, terminal in self._desks.items()
        ]
        await asyncio.wait(taking)
        await reception.close()
        day.over = True
        day.served_at_min = day.clock.now_min
        helping.cancel()
        for desk_terminal in self._desks.values():
            desk_terminal.nudge()
        await asyncio.wait([open_day, *desks])
        await reception.await_slips()
        ledger = day.ledger
        await self._board.until(
            lambda _: len(ledger.announcements) >= len(ledger.desk_calls), BOARD_PATIENCE_S
        )

    def _shifts(self, desk: DeskId) -> list[Shift]:
        shifts = [shift for shift in self._plan.shifts if shift.desk == desk]
        return sorted(shifts, key=lambda shift: shift.from_min)

    async def _show(self, progress: Callable[[float], None]) -> None:
        """Say how far the day is, until cancelled."""
        ledger, clock = self._day.ledger, self._day.clock
        while True:
            hours = min(1.0, (clock.now_min - OPENS_MIN) / (CLOSES_MIN - OPENS_MIN))
            done = sum(visit.done for visit in ledger.visits.values()) / max(1, len(self._plan.visitors))
            progress(UNTIL_CLOSING * hours + (1 - UNTIL_CLOSING) * done)
            await asyncio.sleep(PROGRESS_S)

    def _result(self, took_s: float) -> DayResult:
        plan, ledger = self._plan, self._day.ledger
        elsewhere = sum(plan.elsewhere.values())
        evidence = ledger.evidence(
            own=self._papers is not None,
            shared=self._centre.rules.numbering == "shared",
            paper=self._paper(),
        )
        return DayResult(
            seed=plan.seed,
            visitors=len(plan.visitors) + elsewhere,
            elsewhere=plan.elsewhere,
            speed=self._day.clock.speed,
            limited=self._papers is None,
            took_s=round(took_s, 1),
            closed_at=_time(self._day.served_at_min),
            desks=len(self._desks),
            counsellors=len(plan.shifts),
            figures=self._figures(),
            waits=self._waits(lambda _: "all").get("all", waits_of(())),
            waits_by_field=self._waits(lambda visitor: visitor.legs[0].field),
            waits_by_language=self._waits(lambda visitor: "/".join(sorted(visitor.languages))),
            differences=audit(evidence).differences,
        )

    def _figures(self) -> dict[str, int]:
        ledger = self._day.ledger
        ended = Counter(ledger.stages.get(code) for code in ledger.visits)
        figures = {
            "issued": len(ledger.visits),
            "finished": ended[Stage.FINISHED],
            "gone_as_no_show": ended[Stage.NO_SHOW],
            "calls": len(ledger.desk_calls) - ledger.counts["recalls"],
            "announcements": len(ledger.announcements),
            "slips": self._slips(),
        }
        return {name: figures.get(name, ledger.counts[name]) for name in FIGURES}

    def _slips(self) -> int:
        if self._papers is not None:
            return len(self._papers)
        slips = self._day.ledger.slips
        return sum(slips.get(code) is PrintState.PRINTED for code in self._day.ledger.visits)

    def _waits(self, group: Callable[[Visitor], str]) -> dict[str, Waits]:
        ledger = self._day.ledger
        minutes: defaultdict[str, list[float]] = defaultdict(list)
        for code, visit in ledger.visits.items():
            called_at = ledger.first_called_at.get(code)
            if called_at is not None and code in ledger.issued_at:
                waited_s = (called_at - ledger.issued_at[code]).total_seconds()
                minutes[group(visit.visitor)].append(self._day.clock.minutes(waited_s))
        return {name: waits_of(waits) for name, waits in sorted(minutes.items())}

    def _paper(self) -> tuple[str, ...] | None:
        """What the QR codes on paper say; none when the paper is not ours, or the QR is only a picture."""
        if self._papers is None or not all(medium_of(printer).native_qr for printer in self._centre.printers):
            return None
        return tuple(map(qr_of, self._papers))


def qr_of(paper: Paper) -> str:
    """What the QR code on a slip says; empty when there is none."""
    return next((part.qr for part in paper.parts if isinstance(part, Picture) and part.qr), "")


def _time(minute: float) -> str:
    hours, minutes = divmod(round(minute), MINUTES_PER_HOUR)
    return f"{hours:02d}:{minutes:02d}"
