"""The queue server as a whole: data directory, engine, hub, device port, and how they end together."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from msgspec import Struct
from msgspec.structs import replace

from config.model import Centre
from config.phrases import Phrases
from printers.outcome import SpoolError
from protocol.server_seen import ServerSeen
from protocol.trust import is_here
from queue_server.ahead import Ahead
from queue_server.clock import Clock
from queue_server.closing import Closing
from queue_server.core.events import AnyEvent
from queue_server.core.state import Queue
from queue_server.devices import unfit
from queue_server.doorkeeper import Doorkeeper
from queue_server.engine import Engine
from queue_server.forecaster import Foresight, in_a_process
from queue_server.hub import Hub
from queue_server.log_port import LogError
from queue_server.noticeboard import Noticeboard
from queue_server.orders import Orders
from queue_server.planner import Planner
from queue_server.printing import PrintRoom
from queue_server.server import DevicePort, Place
from queue_server.store.authority import AuthorityError, authority_of, certificate_of, server_context
from queue_server.store.house import House
from queue_server.supervisor import Supervisor
from queue_server.vestibule import Trust, Vestibule

log = structlog.get_logger()


class Beside(Struct, frozen=True):
    """What a server has beside its centre's configuration file."""

    phrases: Phrases | None = None
    """What slips say; none: the catalogue, for a centre without words of its own."""
    news: Path | None = None
    """File of what boards say in pages, read again whenever it changes; none: they say nothing of it."""
    foresight: Foresight | None = None
    """How whoever plays the queue on is begun; none: nothing is foreseen."""


NOTHING_BESIDE = Beside()


async def serve(
    centre: Centre,
    directory: Path,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    beside: Beside = NOTHING_BESIDE,
) -> None:
    """Run the centre's queue until `stop` is set; `ready` is told the address once terminals can come.

    Raises DirectoryInUseError, LogError and SpoolError (the process must end then), AuthorityError,
    TextsError, and OSError when the port cannot be had.
    """

    def settled(url: str) -> None:
        gc.collect()
        gc.freeze()  # what is loaded now stays: the collector need not walk it again (20 ms each time)
        ready(url)

    overheard = _Overheard()
    house = House(directory)
    house.lock()
    try:
        clock = Clock(centre.timezone)
        playing = replace(beside, foresight=in_a_process)
        await serve_house(centre, house, clock, (host, port), stop, settled, playing)
    except asyncio.CancelledError:
        if overheard.mistake is None:
            raise
        raise _mistake(overheard.mistake) from None
    finally:
        house.unlock()


OURS = frozenset({"config", "printers", "protocol", "queue_server", "walkin"})
"""Packages in which an error that nobody waits for is a mistake of ours; one of a library is only told."""


def _raised_in(error: BaseException | None) -> str:
    """The package in which an error was raised; empty: nobody knows."""
    where = None if error is None else error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return "" if where is None else str(where.tb_frame.f_globals.get("__name__", "")).partition(".")[0]


class _Overheard:
    """Errors raised by our own code where nobody waits for the outcome: in callbacks, in tasks let go."""

    def __init__(self) -> None:
        self.mistake: BaseException | None = None
        self._server = asyncio.current_task()
        asyncio.get_running_loop().set_exception_handler(self._hear)

    def _hear(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        ours = _raised_in(error) in OURS and not isinstance(error, OSError)  # that one the world raises
        if ours and self.mistake is None and self._server is not None:
            self.mistake = error
            self._server.cancel()
        else:
            loop.default_exception_handler(context)


class MistakeError(Exception):
    """One of our own: the process must end, for nobody knows what holds after it; its log says which."""


def _mistake(error: BaseException) -> MistakeError:
    log.critical("server.mistake", exc_info=error)
    return MistakeError(
        "The server has ended because of a mistake in it; its log says which (server.mistake). What was "
        "answered is on disk. It can be started again; please report the mistake."
    )


async def serve_house(
    centre: Centre,
    house: House,
    clock: Clock,
    address: tuple[str, int],
    stop: asyncio.Event,
    ready: Callable[[str], None],
    beside: Beside = NOTHING_BESIDE,
) -> None:
    """As `serve`, in a house that is locked already and by any clock."""
    place = Place(*address)
    if not is_here(place.host):
        trust = Trust(authority_of(house.directory), certificate_of(house.directory))
        place = place._replace(proof=server_context(house.directory), trust=trust)
    engine = Engine(centre, house, clock)
    phrases = beside.phrases
    if phrases is None:
        phrases = await asyncio.to_thread(Phrases.load)
    room = PrintRoom(centre, phrases, house.spool, engine)
    doorkeeper = Doorkeeper(house.registry(), clock, centre.rules.lock_after_min * 60.0)
    try:
        try:
            await doorkeeper.open()
            await engine.open()
            try:
                noticeboard = Noticeboard(centre, beside.news, engine.touch)
                ahead = Ahead(engine, doorkeeper, beside.foresight)
                await _run(house, engine, doorkeeper, room, noticeboard, place, stop, ready, ahead)
            finally:
                await engine.close()
        finally:
            await doorkeeper.close()
    except* Exception as errors:  # noqa: BLE001 - whatever it is, the process ends of it
        raise _ending(errors) from None


def _server_seen(
    engine: Engine, closing: Closing, doorkeeper: Doorkeeper, vestibule: Vestibule
) -> Callable[[], ServerSeen]:
    return lambda: ServerSeen(engine.clock_ahead, closing.stuck, doorkeeper.trail_changed, vestibule.seen())


def _orders(engine: Engine, doorkeeper: Doorkeeper, vestibule: Vestibule, hub: Hub) -> Orders:
    centre = engine.centre
    planner = Planner(centre, doorkeeper)
    return Orders(doorkeeper, vestibule, planner, lambda one: unfit(one, centre), hub.is_there, engine.touch)


def _log_ready(engine: Engine) -> None:
    queue = engine.queue
    log.info("server.ready", centre=engine.centre.id, day=queue.day, version=queue.version)


async def _run(  # noqa: PLR0913, PLR0917 - the parts of one server
    house: House,
    engine: Engine,
    doorkeeper: Doorkeeper,
    room: PrintRoom,
    noticeboard: Noticeboard,
    place: Place,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    ahead: Ahead,
) -> None:
    centre = engine.centre
    closing = Closing(centre, house, engine.touch, ahead.learn)
    supervisor, vestibule = Supervisor(), Vestibule(place.trust, engine.touch)
    hub = Hub(
        centre,
        doorkeeper.sessions,
        room.printers,
        room.slip_at,
        _server_seen(engine, closing, doorkeeper, vestibule),
        lambda: doorkeeper.enrolled,
        noticeboard.of_day,
        ahead.prospects,
    )
    orders = _orders(engine, doorkeeper, vestibule, hub)
    door = DevicePort(centre, engine, hub, doorkeeper, vestibule, orders)
    doorkeeper.connect(door.recheck, orders.of_console(engine.now))
    closing.begin(engine.queue.day)

    def committed(queue: Queue, events: Sequence[AnyEvent]) -> None:
        closing.begin(queue.day)
        room.committed(queue, events)

    def publish(queue: Queue, now: datetime) -> Iterator[None]:
        yield from hub.publish(queue, now)
        ahead.look(queue, now)

    engine.connect(publish, committed, supervisor.alive, ahead.foreseen, ahead.hours)
    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(engine.run()), tasks.create_task(door.watch())]
        working += [tasks.create_task(noticeboard.run()), tasks.create_task(ahead.run())]
        async with room:
            ordering = tasks.create_task(room.run())
            try:
                async with door.listening(place) as port:
                    working += [tasks.create_task(closing.run()), tasks.create_task(doorkeeper.run())]
                    ready(f"{'ws' if place.proof is None else 'wss'}://{place.host}:{port}")
                    supervisor.ready()
                    _log_ready(engine)
                    await stop.wait()
            finally:
                orders.cancel()
                vestibule.close()
                ordering.cancel()  # before its list is closed: the next start orders what is left
        supervisor.stopping()
        log.info("server.stopping", version=engine.queue.version)
        for task in working:
            task.cancel()


def _ending(errors: ExceptionGroup[Exception]) -> Exception:
    """What the process ends of: a mistake of ours if there is one, else the first fault of the world."""
    world, ours = errors.split((LogError, SpoolError, AuthorityError, OSError))
    found = ours or world
    assert found is not None, "a group is never empty"
    error: Exception = found
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error if ours is None else _mistake(error)
