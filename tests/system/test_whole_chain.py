"""Every program as a real process on loopback: kiosk, server, slip, board, counsellor, reception."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from support.badges import badge, enrol, worn
from support.screens import CONFIG, ROOT, Screen

from config.load import load
from config.model import Counsellor
from printers.simulator.paper import Paper, Picture
from printers.simulator.printer import SimulatedPrinter
from protocol.client import QueueClient
from protocol.ids import Role
from protocol.views import PrintState, ReceptionView, StaffTicket, Stage

PATIENCE_S = 60.0
"""A cold start of five programs on a busy machine of two cores."""
AGAIN_S = 2.0
"""A visitor who sees nothing happen taps again."""
FIRST_LANGUAGE, FIRST_FIELD = (20, 11), (20, 6)
"""Tiles of the day's first language and of the first field on a kiosk of 80 by 24, column and row."""
CALL, START, FINISH, OPEN_DAY = b"\x1bOQ", b"\x1bOS", b"\x1b[15~", b"\x1b[24~"
"""F2, F4, F5 and F12 as a terminal sends them."""
ENTER = b"\r"


class Onlooker:
    """Sees the queue as reception does, through a line of its own."""

    def __init__(self, client: QueueClient) -> None:
        self._client = client
        self._view: ReceptionView | None = None
        self._news = asyncio.Event()

    async def watch(self) -> None:
        async for update in self._client.updates():
            if isinstance(update, ReceptionView):
                self._view = update
                self._news.set()

    async def until(self, holds: Callable[[ReceptionView], bool], again: Callable[[], None]) -> ReceptionView:
        """The first view in which this holds; whoever waits for it tries again now and then."""
        async with asyncio.timeout(PATIENCE_S):
            while self._view is None or not holds(self._view):
                self._news.clear()
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await self._news.wait()
                except TimeoutError:
                    again()
        return self._view


def nothing() -> None:
    """Just wait."""


@asynccontextmanager
async def server(
    directory: Path, port: int, printer_port: int
) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    enrol(directory)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "server"),
        *("--config", str(at_any_hour(directory)), "--data", str(directory)),
        *("--port", str(port), "--printer", f"printer-1=127.0.0.1:{printer_port}"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        ready = (await process.stdout.readline()).decode()
    try:
        yield int(ready.rsplit(":", 1)[1]), process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def ticket_in(view: ReceptionView, *stages: Stage) -> StaffTicket | None:
    """The oldest ticket that has come so far."""
    tickets = [*view.waiting, *view.at_desks, *view.ended]
    return next((ticket for ticket in tickets if ticket.stage in stages), None)


async def take_a_ticket(kiosk: Screen, onlooker: Onlooker, issued: int) -> None:
    """A visitor taps the day's first language, then the first field, until there is a ticket."""
    taps = iter([FIRST_LANGUAGE, FIRST_FIELD] * 30)
    await onlooker.until(lambda view: view.figures.issued >= issued, lambda: kiosk.tap(*next(taps)))


def at_any_hour(directory: Path) -> Path:
    """The centre, open all day long: shortly before closing it would give no ticket any more."""
    all_day = "opens = 00:00:00, closes = 23:59:59"
    text = re.sub(r"opens = [\d:]+, closes = [\d:]+", all_day, CONFIG.read_text(encoding="utf-8"))
    path = directory / "centre.toml"
    path.write_text(text.replace('last_tickets = "forecast"', 'last_tickets = "closing"'), encoding="utf-8")
    return path


class House(NamedTuple):
    """Every program of one centre, each with whoever uses it."""

    kiosk: Screen
    desk: Screen
    reception: Screen
    onlooker: Onlooker
    papers: list[Paper]


@asynccontextmanager
async def house(url: str, state: Path, papers: list[Paper]) -> AsyncIterator[House]:
    """All terminals of a centre, and an onlooker."""
    kiosk_1, board_1, reception_1, desk_1 = (
        worn(state, own)
        for own in (
            badge(Role.KIOSK, "kiosk-1"),
            badge(Role.BOARD, "board-1"),
            badge(Role.RECEPTION, "reception-1"),
            badge(Role.COUNSELLOR, "desk-1", "1"),
        )
    )
    async with (
        QueueClient(url, badge(Role.RECEPTION, "reception-2")) as client,
        asyncio.TaskGroup() as tasks,
        Screen(state, "kiosk", "--server", url, *kiosk_1) as kiosk,
        Screen(state, "board", "--server", url, *board_1),
        Screen(state, "counsellor", "--server", url, *desk_1, "--language", "fr") as desk,
        Screen(state, "reception", "--server", url, *reception_1) as reception,
    ):
        onlooker = Onlooker(client)
        watching = tasks.create_task(onlooker.watch())
        yield House(kiosk, desk, reception, onlooker, papers)
        watching.cancel()


def all_connected(view: ReceptionView) -> bool:
    """Every program of the house is there."""
    there = {device.device for device in view.devices if device.connected}
    return {"kiosk-1", "board-1", "desk-1", "reception-1"} <= there


def called(view: ReceptionView) -> bool:
    """Somebody is called."""
    return ticket_in(view, Stage.CALLED) is not None


async def open_for_the_day(house: House, counsellor: Counsellor) -> None:
    """Reception opens the day, a counsellor signs in by name."""
    onlooker, desk = house.onlooker, house.desk
    await onlooker.until(all_connected, nothing)
    await onlooker.until(lambda view: view.open, lambda: house.reception.type(OPEN_DAY))
    keys = iter([CALL, counsellor.name[:6].encode(), ENTER] * 20)
    await onlooker.until(lambda view: view.figures.desks_open == 1, lambda: desk.type(next(keys)))


async def serve_a_visitor(house: House, counsellor: Counsellor) -> ReceptionView:
    """Ticket, slip, call, announcement, conversation, end; the picture when all is done."""
    onlooker, desk = house.onlooker, house.desk
    await take_a_ticket(house.kiosk, onlooker, 1)

    def on_paper(view: ReceptionView) -> bool:
        ticket = ticket_in(view, Stage.WAITING)
        return ticket is not None and ticket.slip is PrintState.PRINTED

    view = await onlooker.until(on_paper, nothing)
    assert len(house.papers) == view.figures.issued
    assert any(isinstance(part, Picture) and part.qr for part in house.papers[0].parts)
    assert counsellor.name not in house.papers[0].text
    await onlooker.until(called, lambda: desk.type(CALL))
    await onlooker.until(
        lambda view: any(device.device == "board-1" and device.announced == 1 for device in view.devices),
        nothing,
    )
    await onlooker.until(lambda view: ticket_in(view, Stage.SERVING) is not None, lambda: desk.type(START))
    return await onlooker.until(lambda view: view.figures.finished == 1, lambda: desk.type(FINISH))


async def test_a_visitor_is_served_through_every_program_and_after_a_kill_of_the_server(
    tmp_path: Path,
) -> None:
    centre = load(CONFIG)
    field = centre.fields[0].id
    official = {*centre.languages.official}
    counsellor = next(
        one for one in centre.counsellors if field in one.fields and official <= {*one.languages}
    )
    papers: list[Paper] = []
    async with (
        SimulatedPrinter(on_slip=papers.append) as printer,
        server(tmp_path, 0, printer.port) as (port, process),
        house(f"ws://127.0.0.1:{port}", tmp_path / "state", papers) as rooms,
    ):
        await open_for_the_day(rooms, counsellor)
        before = await serve_a_visitor(rooms, counsellor)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        async with server(tmp_path, port, printer.port):
            after = await rooms.onlooker.until(
                lambda view: all_connected(view) and view.at > before.at, nothing
            )
            assert after.figures == before.figures
            assert after.ended[0].ticket == before.ended[0].ticket
            await take_a_ticket(rooms.kiosk, rooms.onlooker, before.figures.issued + 1)
            await rooms.onlooker.until(called, lambda: rooms.desk.type(CALL))
