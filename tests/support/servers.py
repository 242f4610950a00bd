"""Queue servers for tests: in this process with a clock set by hand, or the real program in its own."""

import asyncio
import atexit
import contextlib
import itertools
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct
from support.badges import AT_WORK, Everybody, badge, enrol
from support.centre import MORNING, small_centre
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from config.load import load
from config.model import Centre
from protocol.codec import decode_from_server, encode
from protocol.commands import AnyCommand
from protocol.envelope import (
    SUBPROTOCOL,
    VIEW_BYTES_MAX,
    Accepted,
    AnyFromServer,
    AnyFromTerminal,
    Refused,
    Request,
    Shown,
    Welcome,
)
from protocol.ids import Role
from protocol.orders import AnyOrder
from protocol.views import AnyView
from queue_server.clock import Clock
from queue_server.core.policy import Actor
from queue_server.devices import unfit
from queue_server.engine import Answer, Engine, StoppedError
from queue_server.hub import Hub
from queue_server.orders import Orders
from queue_server.planner import Planner
from queue_server.server import DevicePort, Place
from queue_server.store.house import House
from queue_server.vestibule import Vestibule
from walkin.stand import in_a_hurry

PATIENCE_S = 20.0
"""Longest wait for something that must come: bounds a failing test, decides nothing."""
START_PATIENCE_S = 60.0
"""Longest wait for a process to start on a busy machine."""
ROOT = Path(__file__).parent.parent.parent


class HandClock(Clock):
    """A clock that stands still until time passes, or somebody sets it."""

    def __init__(self, at: datetime = MORNING) -> None:
        super().__init__("Europe/Brussels")
        self.at = at
        self._began = at.astimezone(UTC)
        self._set_by = timedelta()

    def now(self) -> datetime:
        return self.at

    def forward(self, minutes: float) -> None:
        """Let time pass."""
        self.at += timedelta(minutes=minutes)

    def elapsed_s(self) -> float:
        return (self.at.astimezone(UTC) - self._began - self._set_by).total_seconds()

    def jump(self, minutes: float) -> None:
        """Set it: no time passes."""
        self.at += timedelta(minutes=minutes)
        self._set_by += timedelta(minutes=minutes)


def open_door(centre: Centre, engine: Engine, hub: Hub) -> DevicePort:
    """A device port that knows every terminal of this process."""
    everybody, place = Everybody(), Place("127.0.0.1", 0)
    vestibule = Vestibule(place.trust, engine.touch)
    planner = Planner(centre, everybody)
    orders = Orders(
        everybody, vestibule, planner, lambda device: unfit(device, centre), hub.is_there, engine.touch
    )
    return DevicePort(centre, engine, hub, everybody, vestibule, orders)


async def until(condition: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Give way to the others until this holds; TimeoutError when it never does."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.001)


class Running(Struct):
    """A server in this process."""

    url: str
    engine: Engine
    hub: Hub
    clock: HandClock


async def answer_of(engine: Engine, request_id: str, command: AnyCommand, actor: Actor) -> Answer:
    """What the engine answers; StoppedError when it ends before it does."""
    told: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
    engine.ask(request_id, command, actor, lambda answer: None if told.done() else told.set_result(answer))
    answer = await told
    if answer is None:
        raise StoppedError
    return answer


@asynccontextmanager
async def engine_at_work(engine: Engine) -> AsyncIterator[asyncio.Task[None]]:
    """An opened engine that runs while the context lasts; its file is closed afterwards."""
    task = asyncio.create_task(engine.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
        await engine.close()


@asynccontextmanager
async def server_in_process(
    directory: Path, centre: Centre | None = None, clock: HandClock | None = None, port: int = 0
) -> AsyncIterator[Running]:
    """Engine, hub and device port on a free port of 127.0.0.1, as soon as the day is open."""
    centre, clock = centre or small_centre(), clock or HandClock()
    house = House(directory)
    house.lock()
    try:
        engine = Engine(centre, house, clock)
        await engine.open()
        hub = Hub(centre, AT_WORK, lambda: ())
        engine.connect(hub.publish, lambda _queue, _events: None)
        async with (
            engine_at_work(engine),
            open_door(centre, engine, hub).listening(Place("127.0.0.1", port)) as free_port,
        ):
            await until(lambda: engine.queue.open)
            yield Running(f"ws://127.0.0.1:{free_port}", engine, hub, clock)
    finally:
        house.unlock()


QUESTIONS = itertools.count(1)


class Terminal:
    """A terminal by hand: sends what it is told, keeps every frame it hears."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[bytes] = []
        self.newest: AnyView | None = None

    async def say(self, message: AnyFromTerminal | bytes | str) -> None:
        """Send a message, or raw text or bytes."""
        if isinstance(message, bytes | str):
            await self.connection.send(message)
        else:
            await self.connection.send(encode(message), text=True)

    async def hear(self) -> AnyFromServer:
        """The next message, whatever it is."""
        async with asyncio.timeout(PATIENCE_S):
            frame = await self.connection.recv(decode=False)
        self.frames.append(frame)
        message = decode_from_server(frame)
        if isinstance(message, Shown):
            self.newest = message.view
        return message

    async def answer(self) -> Accepted | Refused | Welcome:
        """The next message that is no picture."""
        while True:
            message = await self.hear()
            if not isinstance(message, Shown):
                return message

    async def ask(self, command: AnyCommand | AnyOrder, request_id: str = "") -> Accepted | Refused:
        """The answer to a question, a new one unless it has this id."""
        await self.say(Request(request_id or f"question-{next(QUESTIONS):08d}", command))
        answer = await self.answer()
        assert not isinstance(answer, Welcome), answer
        return answer

    async def refusal(self, frame: AnyFromTerminal | bytes | str) -> Refused:
        """Say something that must be refused."""
        await self.say(frame)
        answer = await self.answer()
        assert isinstance(answer, Refused), answer
        return answer

    async def view(self, wanted: Callable[[AnyView], bool]) -> AnyView:
        """The newest picture if it is as wanted, or the next that is."""
        while self.newest is None or not wanted(self.newest):
            await self.hear()
        return self.newest


@asynccontextmanager
async def stranger(url: str, token: str = "", version: str = SUBPROTOCOL) -> AsyncIterator[Terminal]:
    """A connection with this secret; InvalidStatus when it is turned away."""
    async with connect(
        url,
        additional_headers={"Authorization": f"Bearer {token}"} if token else None,
        subprotocols=[Subprotocol(version)],
        compression=None,
        proxy=None,
        max_size=VIEW_BYTES_MAX,
        close_timeout=1,
    ) as connection:
        yield Terminal(connection)


@asynccontextmanager
async def terminal(
    url: str, role: Role, device: str = "", desk: str | None = None
) -> AsyncIterator[Terminal]:
    """A terminal that is welcome."""
    async with stranger(url, badge(role, device or f"{role.value}-1", desk).token) as guest:
        welcome = await guest.answer()
        assert isinstance(welcome, Welcome), welcome
        yield guest


@cache
def brussels_in_a_hurry() -> Path:
    """The file of a real centre for visitors whom a machine plays; there as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="walkin-centre-")
    atexit.register(folder.cleanup)
    return in_a_hurry(load(ROOT / "config" / "brussels.toml"), Path(folder.name) / "centre.toml")


class ServerProcess:
    """The real program on a data directory."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, directory: Path, port: int = 0) -> "ServerProcess":
        """Start it; nothing is waited for."""
        enrol(directory)
        config = brussels_in_a_hurry()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "walkin", "server", "--config", str(config)),
            *("--data", str(directory), "--port", str(port)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def ready(self) -> str:
        """The one line that says it is ready."""
        assert self.process.stdout is not None
        async with asyncio.timeout(START_PATIENCE_S):
            line = await self.process.stdout.readline()
        if not line:
            status, said = await self.ended()
            raise AssertionError(f"the server ended with {status}: {said}")
        return line.decode()

    async def url(self) -> str:
        """Where it listens, once it is ready."""
        return (await self.ready()).split()[-1]

    async def ended(self) -> tuple[int, str]:
        """Its exit status, and all that it said on standard error."""
        async with asyncio.timeout(START_PATIENCE_S):
            _, said = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, said.decode()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has ended hears nothing. Not by asyncio, which would reap it on the way."""
        with contextlib.suppress(ProcessLookupError):
            if self.process.returncode is None:
                os.kill(self.process.pid, number)


@asynccontextmanager
async def server_process(directory: Path, port: int = 0) -> AsyncIterator[ServerProcess]:
    """The real program, killed at the end if it still runs."""
    server = await ServerProcess.start(directory, port)
    try:
        yield server
    finally:
        if server.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                server.process.kill()
            await server.process.communicate()
