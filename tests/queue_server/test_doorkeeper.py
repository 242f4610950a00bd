"""Who may come in is what the registry says now; whoever is removed loses its line at once."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from datetime import time
from pathlib import Path

import pytest
from support.badges import badge, enrol
from support.centre import small_centre
from support.house import BY, at_work, let_in
from support.servers import PATIENCE_S, HandClock, Terminal, stranger, terminal, until
from websockets.exceptions import ConnectionClosed, InvalidStatus

from config.roster import Roster, Shift, on_day, roster_of
from protocol import commands as c
from protocol.badge import Badge, digest_of
from protocol.envelope import Request, Welcome
from protocol.ids import Role
from protocol.views import HelpState, KioskView, ReceptionView
from queue_server import doorkeeper as module
from queue_server.devices import Device, RegistryError
from queue_server.doorkeeper import Doorkeeper
from queue_server.server import DevicePort
from queue_server.store.house import House
from queue_server.store.registry import Registry

KIOSK, BOARD = badge(Role.KIOSK, "kiosk-1"), badge(Role.BOARD, "board-1")
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.01)


async def knocks(url: str, own: Badge) -> int:
    """The status that a terminal is answered; 101: it is let in."""
    try:
        async with stranger(url, own.token) as guest:
            assert isinstance(await guest.answer(), Welcome)
            return 101
    except InvalidStatus as turned_away:
        return turned_away.response.status_code


async def is_let_in(url: str, own: Badge) -> None:
    """The server has looked, and knows this terminal."""
    async with asyncio.timeout(PATIENCE_S):
        while await knocks(url, own) == 401:
            pass


async def is_thrown_out(guest: Terminal) -> None:
    """Its line ends, whatever it was still told."""
    with suppress(ConnectionClosed):
        while True:
            await guest.hear()


@pytest.mark.usefixtures("quick")
async def test_a_terminal_that_the_console_adds_while_the_server_runs_is_let_in(tmp_path: Path) -> None:
    async with at_work(tmp_path) as centre:
        assert await knocks(centre.url, KIOSK) == 401
        await let_in(centre.console, KIOSK)
        await is_let_in(centre.url, KIOSK)
        assert await knocks(centre.url, BOARD) == 401


@pytest.mark.usefixtures("quick")
async def test_a_stolen_badge_is_worth_nothing_once_its_terminal_was_removed(tmp_path: Path) -> None:
    async with at_work(tmp_path) as centre:
        await let_in(centre.console, KIOSK, BOARD)
        await is_let_in(centre.url, BOARD)
        async with stranger(centre.url, KIOSK.token) as thief, stranger(centre.url, BOARD.token) as board:
            await thief.view(lambda view: isinstance(view, KioskView))
            await centre.console.remove(["kiosk-1"], BY)
            await is_thrown_out(thief)
            assert await knocks(centre.url, KIOSK) == 401
            await board.view(lambda _: True)
        again = badge(Role.KIOSK, "kiosk-1").token[::-1]
        await let_in(centre.console, Badge(device="kiosk-1", role=Role.KIOSK, token=again))
        assert await knocks(centre.url, KIOSK) == 401


@pytest.mark.usefixtures("quick")
async def test_whoever_stood_at_a_kiosk_that_was_removed_is_not_waited_for_at_the_next(
    tmp_path: Path,
) -> None:
    again = Badge(device="kiosk-1", role=Role.KIOSK, token=KIOSK.token[::-1])
    async with at_work(tmp_path) as centre:
        await let_in(centre.console, KIOSK)
        await is_let_in(centre.url, KIOSK)
        async with stranger(centre.url, KIOSK.token) as guest:
            await guest.answer()  # welcome
            await guest.ask(c.CallForHelp())
            await guest.view(lambda view: isinstance(view, KioskView) and view.help is HelpState.CALLED)
            await centre.console.remove(["kiosk-1"], BY)
            await is_thrown_out(guest)
        await let_in(centre.console, again)
        await is_let_in(centre.url, again)
        async with stranger(centre.url, again.token) as guest:
            await guest.view(lambda view: isinstance(view, KioskView) and view.help is HelpState.NONE)


@pytest.mark.usefixtures("quick")
async def test_a_terminal_that_has_become_another_loses_its_line_and_comes_back_as_that(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as centre:
        await let_in(centre.console, KIOSK)
        await is_let_in(centre.url, KIOSK)
        async with stranger(centre.url, KIOSK.token) as guest:
            await guest.view(lambda view: isinstance(view, KioskView))
            await centre.console.remove(["kiosk-1"], BY)
            await centre.console.add({digest_of(KIOSK.token): Device("kiosk-2", Role.KIOSK)}, BY)
            await is_thrown_out(guest)
        await is_let_in(centre.url, KIOSK)  # the server may have looked between the two changes
        assert await knocks(centre.url, KIOSK) == 101


@pytest.mark.usefixtures("quick")
async def test_when_a_terminal_was_last_there_is_written_down_at_the_latest_when_the_server_ends(
    tmp_path: Path,
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    await let_in(registry, KIOSK, BOARD)
    await registry.close()
    async with at_work(tmp_path) as centre:
        assert await knocks(centre.url, KIOSK) == 101
    again = House(tmp_path).registry()
    await again.open()
    seen = {one.device.name: one.seen_at for one in (await again.members()).devices}
    await again.close()
    assert seen == {"kiosk-1": HandClock().at, "board-1": None}


@pytest.mark.usefixtures("quick")
async def test_while_the_registry_cannot_be_read_whoever_was_known_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Registry(tmp_path / "registry.db")
    await console.open()
    await let_in(console, KIOSK)
    await console.close()
    registry = Registry(console.path)
    keeper = Doorkeeper(registry, HandClock(), 600.0)
    await keeper.open()
    told: list[str] = []
    monkeypatch.setattr(module.log, "warning", lambda event, **more: told.append(f"{event} {more['why']}"))

    async def gone() -> bool:
        raise RegistryError("The disk is gone.")

    monkeypatch.setattr(registry, "changed", gone)
    running = asyncio.create_task(keeper.run())
    await until(lambda: bool(told))
    assert told[0] == "registry.not_read The disk is gone."
    assert keeper.known(KIOSK.token) == Device("kiosk-1", Role.KIOSK)
    assert not running.done()
    running.cancel()
    await keeper.close()


@pytest.mark.usefixtures("quick")
async def test_what_a_removed_terminal_had_sent_and_nobody_had_read_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    await let_in(registry, KIOSK, BOARD)
    await registry.close()
    heard = DevicePort._heard
    ports: list[DevicePort] = []

    def removed_meanwhile(port: DevicePort, *more: object) -> object:
        ports.append(port)
        port._doorkeeper._devices.clear()
        port.recheck(())
        return heard(port, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(DevicePort, "_heard", removed_meanwhile)
    async with at_work(tmp_path) as centre, stranger(centre.url, KIOSK.token) as guest:
        await guest.view(lambda view: isinstance(view, KioskView))
        frames = [Request(f"question-0000000{number}", ISSUE) for number in range(3)]
        for frame in frames:
            await guest.say(frame)
        await is_thrown_out(guest)
        assert len(ports) == 1, "of what it had sent only the frame that was being read is heard"


async def test_a_trail_that_was_changed_holds_nobody_up_and_reception_is_told(tmp_path: Path) -> None:
    enrol(tmp_path)
    with closing(sqlite3.connect(tmp_path / "registry.db")) as db:
        db.execute("DROP TRIGGER trail_no_update")
        db.execute("UPDATE trail SET actor = 'nobody' WHERE position = 3")
        db.commit()
    async with at_work(tmp_path) as centre, terminal(centre.url, Role.RECEPTION, "reception-1") as reception:
        await reception.view(lambda view: isinstance(view, ReceptionView) and view.server.trail_changed)


WEEK = roster_of([Shift(staff="staff-tr", day="tuesday", begins=time(9), ends=time(17))])


@pytest.mark.usefixtures("quick")
async def test_a_roster_that_the_console_imports_while_the_server_runs_is_known_to_it(tmp_path: Path) -> None:
    registry, console = Registry(tmp_path / "registry.db"), Registry(tmp_path / "registry.db")
    keeper = Doorkeeper(registry, HandClock(), 600.0)
    await keeper.open()
    told: list[Roster] = []
    keeper.connect(lambda _: told.append(keeper.roster), keeper._order)
    running = asyncio.create_task(keeper.run())
    await console.open()
    await console.plan(Roster(), WEEK, BY)
    await until(lambda: WEEK in told)
    [duty] = on_day(keeper.roster, small_centre(), "2026-09-15")
    assert duty.staff == "staff-tr"
    known = keeper.roster
    await let_in(console, KIOSK)
    await until(lambda: keeper.known(KIOSK.token) is not None)
    assert keeper.roster is known, "whoever looks for a change finds none"
    running.cancel()
    await console.close()
    await keeper.close()


async def test_a_roster_that_was_spoiled_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Registry(tmp_path / "registry.db")
    await console.open()
    await let_in(console, KIOSK)
    await console.plan(Roster(), WEEK, BY)
    await console.close()
    with closing(sqlite3.connect(console.path)) as db:
        db.execute("UPDATE roster SET ends = '18:00'")
        db.commit()
    told: list[str] = []
    monkeypatch.setattr(module.log, "warning", lambda event, **_: told.append(event))
    keeper = Doorkeeper(Registry(console.path), HandClock(), 600.0)
    await keeper.open()
    assert keeper.known(KIOSK.token) == Device("kiosk-1", Role.KIOSK)
    assert (keeper.roster, told) == (Roster(), ["roster.not_read"])
    await keeper.close()
