"""The demonstration: every program in one terminal, with real lines to a real server."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from support import views
from support.badges import badge
from textual.pilot import Pilot

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.reception.panel import ReceptionPanel
from printers.simulator.paper import Paper
from protocol.client import QueueClient
from protocol.ids import Role
from walkin.demo.app import DemoApp, Pane, PaperTray, at_desk
from walkin.demo.run import open_the_doors, people, staffed, terminals
from walkin.stand import Stand, own_centre

ROOT = Path(__file__).parent.parent.parent
CONFIGS = ("brussels", "charleroi")
PATIENCE_S = 60.0
LARGE, SMALL = (168, 52), (80, 24)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await pilot.pause(0.05)


def shown(app: DemoApp) -> list[str]:
    return [pane.title for pane in app.query(Pane) if pane.display]


@pytest.fixture(params=CONFIGS)
def centre(request: pytest.FixtureRequest) -> tuple[Path, Centre]:
    path = ROOT / "config" / f"{request.param}.toml"
    return path, load(path)


async def test_a_newcomer_calls_a_visitor_and_a_small_terminal_shows_one_program(
    tmp_path: Path, centre: tuple[Path, Centre]
) -> None:
    path, loaded = centre
    papers: asyncio.Queue[Paper] = asyncio.Queue()
    desks = staffed(loaded)
    devices = terminals(loaded, desks)
    at_work = people(desks)
    async with own_centre(path, loaded, tmp_path, devices, at_work, papers.put_nowait, None) as stand:
        await open_the_doors(loaded, stand, desks)
        app = DemoApp(loaded, Phrases.load(), stand, tuple(desks), papers)
        async with app.run_test(size=LARGE) as pilot:
            first, second = list(desks)
            assert shown(app) == ["Kiosk", "Board", f"Desk {first}", f"Desk {second}"]
            desk = app.query(CounsellorPanel).first()
            await until(pilot, lambda: desk.view is not None and desk.view.waiting_total > 0)
            await pilot.press("f2")
            await until(pilot, lambda: desk.view is not None and desk.view.current is not None)
            reception = app.query_one(ReceptionPanel)
            await until(
                pilot,
                lambda: (
                    reception.view is not None
                    and any(
                        seen.role == Role.BOARD and seen.announced == 1 for seen in reception.view.devices
                    )
                ),
            )
            tray = app.query_one(PaperTray)
            await until(pilot, lambda: len(tray._slips) > 0)
            await pilot.press("ctrl+n")
            assert shown(app) == ["Kiosk"]
            await pilot.press("ctrl+p")
            await pilot.resize_terminal(*SMALL)
            await until(pilot, lambda: shown(app) == ["Kiosk"])


async def test_no_screen_of_a_demonstration_is_ever_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(ROOT / "config" / "brussels.toml")
    here: set[str] = set()

    async def present(line: QueueClient) -> None:
        here.add(line.badge.device)

    monkeypatch.setattr("walkin.demo.app.PRESENT_EVERY_S", 0.05)
    monkeypatch.setattr(QueueClient, "present", present)
    desks = staffed(loaded)
    badges = {device.name: badge(device.role, device.name) for device in terminals(loaded, desks)}
    stand = SimpleNamespace(url="ws://127.0.0.1:9", badges=badges)
    app = DemoApp(loaded, Phrases.load(), cast("Stand", stand), tuple(desks), asyncio.Queue())
    async with app.run_test(size=LARGE) as pilot:
        for desk in app.query(CounsellorPanel):
            desk.show(views.counsellor_view())
        await until(pilot, lambda: len(here) == len(desks))
        assert here == {at_desk(desk) for desk in desks}, "whoever is locked stays so"


async def test_without_a_terminal_the_demonstration_plays_a_day_and_says_what_happened() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "demo"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate()
    assert process.returncode == 0, f"{said.decode()}\n{complaints.decode()}"
    assert "250" in said.decode()
