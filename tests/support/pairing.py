"""A centre to which terminals are brought that it does not know yet."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec import Struct
from support.badges import badge, enrol_only
from support.centre import small_centre
from support.servers import PATIENCE_S, HandClock, Terminal, until

from protocol.badge import Badge
from protocol.ids import Role
from protocol.newcomer import Newcomer, Showing, Situation
from protocol.orders import PairDevice
from protocol.server_seen import PairingSeen
from protocol.views import ReceptionView
from queue_server.app import serve_house
from queue_server.store.house import REGISTRY, House

RECEPTION = badge(Role.RECEPTION, "reception-1")
BOARD = "board-1"


class Screen(Struct):
    """A terminal in the hands of somebody who brings it in."""

    joining: "asyncio.Task[Badge]"
    shown: list[Situation]
    kept: list[Badge]

    async def shows(self, wanted: Callable[[Situation], bool]) -> Situation:
        """Once it shows this."""
        await until(lambda: bool(self.shown) and wanted(self.shown[-1]))
        return self.shown[-1]

    async def code(self) -> str:
        """What somebody reads on it."""
        situation = await self.shows(lambda now: isinstance(now, Showing))
        assert isinstance(situation, Showing)
        return situation.code


@asynccontextmanager
async def brought(url: str) -> AsyncIterator[Screen]:
    shown: list[Situation] = []
    kept: list[Badge] = []
    joining = asyncio.create_task(Newcomer(url, shown.append, kept.append).join())
    try:
        yield Screen(joining, shown, kept)
    finally:
        joining.cancel()
        with suppress(asyncio.CancelledError):
            await joining


@asynccontextmanager
async def at_work(directory: Path) -> AsyncIterator[str]:
    """A real server that knows one reception."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop, house = asyncio.Event(), House(directory)
    house.lock()
    if not (directory / REGISTRY).exists():
        enrol_only(directory, RECEPTION)
    server = asyncio.create_task(
        serve_house(small_centre(), house, HandClock(), ("127.0.0.1", 0), stop, address.set_result)
    )
    try:
        yield await asyncio.wait_for(address, PATIENCE_S)
    finally:
        stop.set()
        await asyncio.wait_for(server, PATIENCE_S)
        house.unlock()


def pair(code: str, device: str = BOARD, role: Role = Role.BOARD, desk: str | None = None) -> PairDevice:
    return PairDevice(code=code, device=device, role=role, desk=desk)


async def pairing_seen(guest: Terminal, wanted: Callable[[PairingSeen | None], object]) -> PairingSeen | None:
    view = await guest.view(lambda view: isinstance(view, ReceptionView) and wanted(view.server.pairing))
    assert isinstance(view, ReceptionView)
    return view.server.pairing
