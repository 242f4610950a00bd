"""The whole server in this process on a real registry, which the test changes as its console does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from support.centre import small_centre
from support.servers import PATIENCE_S, HandClock

from protocol.badge import Badge, digest_of
from queue_server.app import serve_house
from queue_server.devices import By, Device
from queue_server.store.house import House
from queue_server.store.registry import Registry

BY = By("console", datetime(2026, 9, 15, 9, 0, tzinfo=UTC))


async def let_in(registry: Registry, *badges: Badge) -> None:
    """Make these terminals known, as the console does."""
    devices = {digest_of(one.token): Device(one.device, one.role, one.desk) for one in badges}
    assert await registry.add(devices, BY) == []


class Centre(Struct):
    """A real server, and the registry as its console has it."""

    url: str
    console: Registry
    clock: HandClock
    directory: Path


@asynccontextmanager
async def at_work(directory: Path) -> AsyncIterator[Centre]:
    """Serve the small centre while the context lasts."""
    clock = HandClock()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop, house = asyncio.Event(), House(directory)
    house.lock()
    console = house.registry()
    await console.open()
    server = asyncio.create_task(
        serve_house(small_centre(), house, clock, ("127.0.0.1", 0), stop, address.set_result)
    )
    try:
        yield Centre(await asyncio.wait_for(address, PATIENCE_S), console, clock, directory)
    finally:
        stop.set()
        await asyncio.wait_for(server, PATIENCE_S)
        await console.close()
        house.unlock()
