"""The queue server as a whole: data directory, engine, hub, device port, and how they end together."""

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

import structlog

from config.model import Centre
from printers.outcome import SpoolError
from queue_server.clock import Clock
from queue_server.engine import Engine
from queue_server.hub import Hub
from queue_server.printing import PrintRoom
from queue_server.server import DevicePort
from queue_server.store.day_log import LogError
from queue_server.store.house import House

log = structlog.get_logger()


async def serve(
    centre: Centre,
    directory: Path,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """Run the centre's queue until `stop` is set; `ready` is told the address once terminals can come.

    Raises DirectoryInUseError, LogError and SpoolError (the process must end then), TextsError, and OSError
    when the port cannot be had.
    """

    def settled(url: str) -> None:
        gc.collect()
        gc.freeze()  # what is loaded now stays: the collector need not walk it again (20 ms each time)
        ready(url)

    house = House(directory)
    house.lock()
    try:
        await serve_house(centre, house, Clock(centre.timezone), (host, port), stop, settled)
    finally:
        house.unlock()


async def serve_house(
    centre: Centre,
    house: House,
    clock: Clock,
    address: tuple[str, int],
    stop: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """As `serve`, in a house that is locked already and by any clock."""
    engine = Engine(centre, house, clock)
    await engine.open()
    try:
        await _run(centre, house, engine, clock, address, stop, ready)
    except* (LogError, SpoolError, OSError) as errors:
        raise _first(errors) from None
    finally:
        await engine.close()


async def _run(
    centre: Centre,
    house: House,
    engine: Engine,
    clock: Clock,
    address: tuple[str, int],
    stop: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    room = PrintRoom(centre, house.spool, engine)
    hub = Hub(centre, room.printers, room.slip_at)

    engine.connect(hub.publish, room.committed)
    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(engine.run())]
        async with room, DevicePort(centre, engine, hub, clock).listening(*address) as port:
            working.append(tasks.create_task(room.run()))
            ready(f"ws://{address[0]}:{port}")
            log.info("server.ready", centre=centre.id, day=engine.queue.day, version=engine.queue.version)
            await stop.wait()
        log.info("server.stopping", version=engine.queue.version)
        for task in working:
            task.cancel()


def _first(errors: BaseExceptionGroup[Exception]) -> BaseException:
    """The first error of a group, however deep."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
