"""A spooler in a process of its own, which can be killed without goodbye."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec
from chaos.plan import Stop
from chaos.slips import COPIES_MAX, plain
from chaos.starts import quiet_logs
from msgspec import Struct

from config.model import Printer
from printers.driver import Patience
from printers.job import Job, JobOutcome
from printers.spooler import Pauses, Spooler

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; sys.path[:0] = sys.argv[2:]; from chaos.apart import main; main(sys.argv[1])"


class Setting(Struct, frozen=True, kw_only=True):
    """What a start of the spooler is told; everything else it finds in the list of slips."""

    printers: tuple[Printer, ...]
    store: str
    patience: Patience
    pauses: Pauses


class Order(Struct, frozen=True):
    """What whoever started the spooler asks of it."""

    submit: Job | None = None
    drop: tuple[str, str] | None = None


class Word(Struct, frozen=True):
    """What the process says: news, or that an order has been written down."""

    news: JobOutcome | None = None


class Apart:
    """The process, seen from outside."""

    def __init__(
        self, process: asyncio.subprocess.Process, on_outcome: Callable[[JobOutcome], Awaitable[None]]
    ) -> None:
        self._process = process
        self._on_outcome = on_outcome
        self._done = asyncio.Semaphore(0)
        self._listening = asyncio.create_task(self._listen(), name="spooler apart")

    @classmethod
    async def start(
        cls,
        printers: Sequence[Printer],
        store: Path,
        on_outcome: Callable[[JobOutcome], Awaitable[None]],
        patience: Patience,
        pauses: Pauses,
    ) -> Self:
        """A spooler over this list of slips, alive until it is killed."""
        setting = Setting(printers=tuple(printers), store=str(store), patience=patience, pauses=pauses)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            PROGRAM,
            msgspec.json.encode(setting).decode(),
            str(ROOT),
            str(ROOT / "tests"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process, on_outcome)

    async def submit(self, job: Job) -> None:
        """As the spooler's own."""
        await self._ask(Order(submit=job))

    async def drop(self, day: str, ticket: str) -> None:
        """As the spooler's own."""
        await self._ask(Order(drop=(day, ticket)))

    async def stop(self, how: Stop = Stop.KILLED) -> None:
        """SIGKILL; news it had told before still counts."""
        assert how is Stop.KILLED, "a process of its own knows no other end"
        self.check()
        self._process.kill()
        await self._process.wait()
        await self._listening

    async def abandon(self) -> None:
        """Ends it, if it has not ended."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await asyncio.wait([self._listening])

    def check(self) -> None:
        """Fails if it has ended by itself; what it died of stands on the error output."""
        assert not self._listening.done(), "the spooler died"

    async def _ask(self, order: Order) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        done = asyncio.create_task(self._done.acquire())
        await asyncio.wait([done, self._listening], return_when=asyncio.FIRST_COMPLETED)
        assert done.done(), "the spooler died"

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if not line.endswith(b"\n"):
                return
            word = msgspec.json.decode(line, type=Word)
            if word.news is None:
                self._done.release()
            else:
                await self._on_outcome(word.news)


def main(setting: str) -> None:
    """The process: prints and follows orders until it is killed."""
    quiet_logs()  # standard output is for news
    asyncio.run(_run(msgspec.json.decode(setting, type=Setting)))


async def _run(setting: Setting) -> None:
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer
    )
    async with Spooler(
        setting.printers,
        Path(setting.store),
        _tell,
        plain,
        patience=setting.patience,
        pauses=setting.pauses,
    ) as spooler:
        async for line in orders:
            order = msgspec.json.decode(line, type=Order)
            if order.submit is not None:
                await spooler.submit(order.submit)
            if order.drop is not None:
                await spooler.drop(*order.drop, COPIES_MAX)
            _say(Word())


async def _tell(outcome: JobOutcome) -> None:
    _say(Word(news=outcome))


def _say(word: Word) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
    sys.stdout.buffer.flush()
