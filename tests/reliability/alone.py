"""Kiosks go on while the server is killed, restored from a backup, or has ended the day; one is killed.

Each has a printer of its own, for the numbers that it gives alone.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct
from reliability.crowd import Watcher, came_true, played, watching
from reliability.lives import told_to_end
from reliability.load import FIELDS, Day, check, days, free_port, open_day
from reliability.lonely import Said
from reliability.trial import Trial
from support.badges import badge
from support.servers import ROOT, START_PATIENCE_S, ServerProcess, server_process

from printers.simulator.paper import Paper, Picture
from printers.simulator.printer import SimulatedPrinter
from protocol import commands as c
from protocol.client import QueueClient
from protocol.ids import Role
from protocol.views import ReceptionView
from queue_server.answers import token_of
from queue_server.store.backup import back_up
from queue_server.store.restore import restore

KINDS = ("killed", "restored", "ended")
"""What becomes of the server while the kiosks are alone, in turns."""
EARLY = 0.5
"""So often the backup is made before the kiosks fill their blocks for the first time."""
VISITORS = (2, 4)
"""Of an outage at each kiosk: fewer than it holds numbers of one field."""
BETWEEN_S = 0.15
"""Longest time between two visitors."""
KILLED_WITHIN_S = 0.03
"""After a visitor has asked: the number is being written, is on the screen, or is not there yet."""
AWAY_S = (2.5, 3.5)
"""Until the last visitors of the first outage come."""
SLACK_S = 1.5
"""So long a question may be on the way on a busy machine: a visitor's place is that much late, at most."""
ROUNDING_S = 1e-5
PROVISIONAL = "Numéro provisoire"
"""On every slip that a kiosk prints itself."""


class Visitor(Struct):
    """Somebody who asked at a kiosk."""

    kiosk: str
    said: Said | None = None
    """What the kiosk showed; none: nothing yet, or it was killed before."""
    lost_with_the_disk: bool = False
    """An ordinary ticket after the backup that was restored: reception takes them in by the slip."""


class Kiosk:
    """A kiosk's program on its own directory; what it shows is on `visitors`."""

    def __init__(self, name: str, directory: Path, url: str) -> None:
        self.name = name
        self.idle = False
        self.visitors: list[Visitor] = []
        self.printer = SimulatedPrinter()
        self._process: asyncio.subprocess.Process | None = None
        self._words = (str(directory / name), name, url)

    async def start(self) -> None:
        """Switch it on."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "reliability.lonely", *self._words, str(self.printer.port)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._hearing = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            with suppress(msgspec.DecodeError):  # the log's own lines, and one that a kill has cut
                said = msgspec.json.decode(line, type=Said)
                if said.visitor:
                    self.visitors[said.visitor - 1].said = said
                else:
                    self.idle = said.idle

    def ask(self, field: str) -> Visitor:
        """A visitor touches it."""
        assert self._process is not None
        assert self._process.stdin is not None
        self.visitors.append(Visitor(self.name))
        self._process.stdin.write(f"{len(self.visitors)} {field}\n".encode())
        return self.visitors[-1]

    async def take(self, field: str) -> Visitor:
        """A visitor who stays until something is shown."""
        visitor = self.ask(field)
        assert await came_true(lambda: visitor.said is not None, START_PATIENCE_S), f"{self.name} is silent"
        return visitor

    async def kill(self) -> None:
        """SIGKILL, and everything it had said is heard."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            await self._hearing
        self.idle = False

    async def done(self) -> None:
        """Until it has nothing more to do with the server."""
        assert await came_true(lambda: self.idle, START_PATIENCE_S), f"{self.name} does not come to rest"


@asynccontextmanager
async def _switched_on(kiosks: Sequence[Kiosk], there: Sequence[Kiosk]) -> AsyncIterator[None]:
    """Those that are there are on, and every printer; no kiosk is on afterwards."""
    async with AsyncExitStack() as at_the_end:
        for kiosk in kiosks:
            await at_the_end.enter_async_context(kiosk.printer)
            at_the_end.push_async_callback(kiosk.kill)
        for kiosk in there:
            await kiosk.start()
        yield


def alone(seed: int, directory: Path) -> Counter[str]:
    """Two outages of a centre with two kiosks."""
    return played(_Try(seed, directory).play())


class _Try:
    def __init__(self, seed: int, directory: Path) -> None:
        self._dice = Random(seed)
        self._kind = KINDS[seed % len(KINDS)]
        self._house, self._backup = directory / "house", directory / "backup"
        self._port = free_port()
        self._url = f"ws://127.0.0.1:{self._port}"
        self._kiosks = [Kiosk(name, directory, self._url) for name in ("kiosk-1", "kiosk-2")]
        self._met: Counter[str] = Counter()

    async def play(self) -> Counter[str]:
        """AssertionError: a visitor was lost."""
        early = self._kind == "restored" and self._dice.random() < EARLY
        there = self._kiosks[:1] if early else self._kiosks
        async with _switched_on(self._kiosks, there):
            await self._morning(there, early=early)
            await self._visitors(killed=self._kind == "killed", away_s=self._dice.uniform(*AWAY_S))
            if self._kind == "restored":
                await asyncio.to_thread(restore, self._backup, self._house, _unheard, replace=True)
                self._met["restores"] += 1
            async with self._server() as server:
                await self._at_rest()
                for kiosk in self._kiosks:
                    await kiosk.take(FIELDS[0])
                await self._kill(server)
            await self._visitors(killed=self._kind == "ended" or self._dice.random() < 0.5)
            async with self._server(ended=self._kind == "ended") as server:
                await self._at_rest()
                told = await self._told()
                await told_to_end(server)
        self._judge(await days(self._house), told)
        return self._met

    @asynccontextmanager
    async def _server(self, *, ended: bool = False) -> AsyncIterator[ServerProcess]:
        """It is there, and the day is open; `ended`: reception ends it before the kiosks are back."""
        if ended:
            for kiosk in self._kiosks:
                await kiosk.kill()
        async with server_process(self._house, self._port) as server:
            await server.ready()
            await open_day(self._url)
            if ended:
                await _end_day(self._url)
                for kiosk in self._kiosks:
                    await kiosk.start()
            yield server

    async def _morning(self, there: Sequence[Kiosk], *, early: bool) -> None:
        """Kiosks fill their blocks, the backup is made before that or afterwards; then somebody comes."""
        async with server_process(self._house, self._port) as server:
            await server.ready()
            if early:
                await asyncio.to_thread(back_up, self._house, self._backup, _unheard)
            await open_day(self._url)
            await asyncio.gather(*(kiosk.done() for kiosk in there))
            if self._kind == "restored" and not early:
                await asyncio.to_thread(back_up, self._house, self._backup, _unheard)
            for kiosk in there:
                visitor = await kiosk.take(self._dice.choice(FIELDS))
                visitor.lost_with_the_disk = self._kind == "restored"
            await self._kill(server)
        for kiosk in self._kiosks[len(there) :]:
            await kiosk.start()  # it is handed its first numbers by the restored server

    async def _kill(self, server: ServerProcess) -> None:
        server.signal(signal.SIGKILL)
        await server.ended()
        for kiosk in self._kiosks:
            kiosk.idle = False
        self._met["kills of the server"] += 1

    async def _visitors(self, *, killed: bool, away_s: float = 0.0) -> None:
        """They come while the server is away; one kiosk is killed in the middle of it and started again."""
        count = self._dice.randint(*VISITORS)
        victim = self._dice.choice(self._kiosks)
        for number in range(count):
            if number == count - 1:
                await asyncio.sleep(away_s)
            for kiosk in self._kiosks:
                field = self._dice.choice(FIELDS)
                if killed and number == count - 1 and kiosk is victim:
                    kiosk.ask(field)
                    await asyncio.sleep(self._dice.uniform(0, KILLED_WITHIN_S))
                    await kiosk.kill()
                    await kiosk.start()
                    self._met["kiosks killed"] += 1
                await kiosk.take(field)
                await asyncio.sleep(self._dice.uniform(0, BETWEEN_S))

    async def _at_rest(self) -> None:
        await asyncio.gather(*(kiosk.done() for kiosk in self._kiosks))

    async def _told(self) -> dict[str, tuple[str, ...]]:
        """What reception is shown of each kiosk."""
        reception = Watcher(self._url, badge(Role.RECEPTION, "reception-1"))
        async with watching([reception]):
            assert await came_true(lambda: reception.view is not None, START_PATIENCE_S)
        assert isinstance(reception.view, ReceptionView)
        return {seen.device: seen.left_out for seen in reception.view.devices}

    def _judge(self, found: Sequence[Day], told: dict[str, tuple[str, ...]]) -> None:
        check({}, list(found))
        [day] = found
        everybody = [visitor for kiosk in self._kiosks for visitor in kiosk.visitors]
        shown = Counter(visitor.said.ticket for visitor in everybody if visitor.said and visitor.said.ticket)
        assert max(shown.values()) == 1, f"shown twice: {shown.most_common(1)}"
        for kiosk in self._kiosks:
            self._find(kiosk, day, told[kiosk.name])
            self._read(kiosk, day, told[kiosk.name])

    def _read(self, kiosk: Kiosk, day: Day, told: Sequence[str]) -> None:
        """On its own paper are provisional numbers, each once: those that its screen has shown.

        And one that it would have shown, had it not been killed: that is known to the day like any other.
        """
        shown = {one.said.ticket for one in kiosk.visitors if one.said is not None and one.said.alone}
        known = {token_of(day.secret, ticket): ticket for ticket in (*shown, *day.queue.tickets, *told)}
        unseen = sum(one.said is None for one in kiosk.visitors)
        papers = [" ".join(paper.text.split()) for paper in kiosk.printer.papers]
        assert all(PROVISIONAL in words for words in papers), f"{kiosk.name} prints {papers}"
        printed = [known.get(_token_on(paper), "?") for paper in kiosk.printer.papers]
        assert len({*printed}) == len(printed), f"{kiosk.name} prints {printed}"
        assert len({*printed} - shown) <= unseen, f"{kiosk.name} shows {shown} and prints {printed}"
        assert "?" not in printed, f"{kiosk.name} prints a number that nobody knows"
        self._met["slips of their own"] += len(printed)

    def _find(self, kiosk: Kiosk, day: Day, told: Sequence[str]) -> None:
        """Everybody who was shown a number is in the queue, or told to reception; in the order of arrival."""
        line = []
        for visitor in kiosk.visitors:
            if visitor.said is None or not visitor.said.ticket or visitor.lost_with_the_disk:
                continue
            ticket = visitor.said.ticket
            ways = (ticket in day.queue.tickets) + (ticket in told)
            assert ways == 1, f"{ticket} of {kiosk.name}: in the queue or told to reception {ways} times"
            assert ticket not in told or self._kind == "ended", f"{ticket}: the day takes its visitor"
            self._met["told to reception"] += ticket in told
            if visitor.said.alone:
                self._met["numbers given alone"] += 1
            if visitor.said.alone and ticket in day.queue.tickets:
                line.append(day.queue.tickets[ticket].issued_at)
                late_s = line[-1].timestamp() - visitor.said.asked_at
                assert abs(late_s) < SLACK_S, f"{ticket} of {kiosk.name} stands {late_s} s behind its arrival"
        for first, second in pairwise(line):
            assert (first - second).total_seconds() <= ROUNDING_S, f"{kiosk.name}: out of order"


def _token_on(paper: Paper) -> str:
    """The end of what the one QR of a slip says."""
    [said] = [part.qr for part in paper.parts if isinstance(part, Picture) and part.qr is not None]
    return said.rpartition("/")[2]


async def _end_day(url: str) -> None:
    async with QueueClient(url, badge(Role.RECEPTION, "reception-0")) as client:
        await client.ask(c.CloseDay())
        await client.ask(c.EndDay())


def _unheard(_done: int, _of: int) -> None:
    """Nobody looks."""


TRIALS = (
    Trial(
        name="kiosks alone",
        one_try=(
            "Two kiosks hold numbers and the server is killed twice; meanwhile visitors come, a kiosk is "
            "killed and started again, a backup is restored or reception ends the day."
        ),
        never=(
            "a number twice; a visitor out of the order of arrival, or neither in the queue nor told to "
            "reception; a slip of a kiosk's own that is not provisional, comes twice, or has another number."
        ),
        gate=3,
        night=200,
        play=alone,
        meets=("numbers given alone", "slips of their own", "kiosks killed", "restores", "told to reception"),
    ),
)
