"""Two ways to run the server: here, to be cancelled anywhere, and apart, to be killed.

Both run queue_server.app.serve_house, all of `walkin server` below its command line, and both are spoken to
through its WebSocket port: an answer that came over the line is what a visitor has seen. Here costs nothing
to start and can be torn between any two steps of it. Apart is the only honest kill: a process that gets
SIGKILL loses whatever it had not written down. It is a main of ours and not `walkin server` itself, since a
printer is believed lost after seconds there, and midnight comes once a day.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from chaos.plan import Stop
from chaos.queue_stage import STAGE, Note, Stage, Trace, staged
from chaos.starts import Life, quiet_logs
from msgspec import Struct
from msgspec.structs import replace
from support.badges import SMALLVILLE, enrol
from support.centre import small_centre
from support.servers import HandClock

from config.model import Centre, Kiosk, Printer
from printers.driver import Patience
from printers.spooler import Pauses
from queue_server.app import serve_house
from queue_server.store.house import House
from walkin.stand import hurried

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; sys.path[:0] = sys.argv[2:]; from chaos.queue_starts import main; main(sys.argv[1])"
HOST = "127.0.0.1"


class Setting(Struct, frozen=True, kw_only=True):
    """What a start of the server is told; everything else it finds on disk."""

    printers: tuple[Printer, ...]
    directory: str
    patience: Patience
    pauses: Pauses

    @property
    def centre(self) -> Centre:
        """One field, one desk for everybody, and a kiosk beside each printer."""
        kiosks = tuple(
            Kiosk(name=f"kiosk-{number}", printer=printer.name)
            for number, printer in enumerate(self.printers, 1)
        )
        return replace(hurried(small_centre(desks=("1",))), printers=self.printers, kiosks=kiosks)


async def _serve(
    setting: Setting, clock: HandClock, stop: asyncio.Event, ready: Callable[[str], None]
) -> None:
    enrol(Path(setting.directory), team=SMALLVILLE)
    house = House(Path(setting.directory))
    house.lock()
    try:
        await serve_house(setting.centre, house, clock, (HOST, 0), stop, ready)
    finally:
        house.unlock()


class Here(Life):
    """A server in this process."""

    def __init__(self, setting: Setting, clock: HandClock, note: Note) -> None:
        self._torn = False
        self._stop = asyncio.Event()
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        context = copy_context()
        context.run(STAGE.set, Stage(note, setting.patience, setting.pauses, lambda: self._torn))
        self._life = asyncio.get_running_loop().create_task(
            _serve(setting, clock, self._stop, self._ready.set_result), name="server", context=context
        )

    async def url(self) -> str:
        """Where it listens, once it does."""
        either: list[asyncio.Future[Any]] = [self._ready, self._life]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        self.check()
        return await self._ready

    async def forward(self, at: datetime) -> None:
        """It is this instant; its clock is ours."""

    async def stop(self, how: Stop) -> None:
        """Ends it as it is told to, or wherever it is; raises what it died of, if it did."""
        if how is Stop.LEFT:
            self._stop.set()
        else:
            self._torn = True
            self._life.cancel()
        await self._ended()

    def check(self) -> None:
        """Fails if it has ended by itself, with what it died of."""
        if self._life.done():
            self._life.result()
            raise AssertionError("the server ended by itself")


class Word(Struct, frozen=True, omit_defaults=True):
    """What the process says: where it listens, that its clock is set, or what it has noted."""

    url: str = ""
    trace: Trace | None = None


CLOCK_IS_SET = Word()


class Apart:
    """A server in a process of its own, seen from outside."""

    def __init__(self, process: asyncio.subprocess.Process, note: Note) -> None:
        self._process = process
        self._note = note
        self._told = False
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._clock_set = asyncio.Semaphore(0)
        self._listening = asyncio.create_task(self._listen(), name="server apart")

    @classmethod
    async def start(cls, setting: Setting, clock: HandClock, note: Note) -> Self:
        """A server that began at this instant."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            PROGRAM,
            msgspec.json.encode((setting, clock.now())).decode(),
            str(ROOT),
            str(ROOT / "tests"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process, note)

    async def url(self) -> str:
        """Where it listens, once it does."""
        either: list[asyncio.Future[Any]] = [self._ready, self._listening]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        assert self._ready.done(), "the server died before it was ready"
        return await self._ready

    async def forward(self, at: datetime) -> None:
        """It is this instant; returns once it has heard that, or has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(at) + b"\n")
        heard = asyncio.create_task(self._clock_set.acquire())
        either: list[asyncio.Future[Any]] = [heard, self._listening]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()

    async def stop(self, how: Stop) -> None:
        """SIGTERM or SIGKILL; what it had noted before still counts."""
        self.check()
        self._told = True
        self._process.send_signal(signal.SIGTERM if how is Stop.LEFT else signal.SIGKILL)
        await self._listening
        status = await self._process.wait()
        well = {0, -signal.SIGTERM} if how is Stop.LEFT else {-signal.SIGKILL}  # it may not listen yet
        assert status in well, f"the server ended with {status}"

    async def abandon(self) -> None:
        """Ends it, if it has not ended."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await asyncio.wait([self._listening])

    def check(self) -> None:
        """Fails if it has ended by itself; what it died of stands on the error output."""
        assert self._told or not self._listening.done(), "the server died"

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if not line.endswith(b"\n"):
                return
            word = msgspec.json.decode(line, type=Word)
            if word.trace is not None:
                self._note(word.trace)
            elif word.url:
                self._ready.set_result(word.url)
            else:
                self._clock_set.release()


def main(told: str) -> None:
    """The process: a queue server until it is told to end, or killed."""
    setting, at = msgspec.json.decode(told, type=tuple[Setting, datetime])
    quiet_logs()
    with staged():
        asyncio.run(_run(setting, HandClock(at)))


async def _run(setting: Setting, clock: HandClock) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    STAGE.set(Stage(_noted, setting.patience, setting.pauses, lambda: False))
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer
    )
    listening = asyncio.create_task(_listen(orders, clock, stop.set))
    await _serve(setting, clock, stop, lambda url: _say(Word(url=url)))
    listening.cancel()


async def _listen(orders: asyncio.StreamReader, clock: HandClock, stop: Callable[[], None]) -> None:
    """Sets the clock as it is told; nobody left to tell it is the end."""
    async for line in orders:
        clock.at = msgspec.json.decode(line, type=datetime)
        _say(CLOCK_IS_SET)
    stop()


def _noted(trace: Trace) -> None:
    _say(Word(trace=trace))


def _say(word: Word) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
    sys.stdout.buffer.flush()
