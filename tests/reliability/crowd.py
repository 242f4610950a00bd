"""Terminals that look at a real server: each keeps its newest picture, boards ring as the real one does."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager

from reliability.load import Load
from support.badges import badge

from display_board.calls import Announcements, next_beat, seen
from protocol import commands as c
from protocol.badge import Badge
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import Role
from protocol.views import AnyView, BoardView, ReceptionView

SYNC_S = 10.0
"""So long after the last misfortune every terminal may take to show what is."""
TRY_S = 150.0
"""Longest try: bounds one that hangs, decides nothing."""
PAUSE_S: Mapping[Role, float] = {Role.KIOSK: 0.1, Role.COUNSELLOR: 0.3}
"""Between two questions of one terminal: two calls a second, so that half a minute fits in a board's view."""
BEAT_S = 0.02
"""A board's beat here: its line of announcements is worked off while one waits."""


def played(trial: Coroutine[None, None, Counter[str]]) -> Counter[str]:
    """A try from its beginning to its end, which it reaches in TRY_S; else TimeoutError."""

    async def in_time() -> Counter[str]:
        async with asyncio.timeout(TRY_S):
            return await trial

    return asyncio.run(in_time())


class Watcher:
    """A terminal that asks nothing."""

    def __init__(self, url: str, who: Badge) -> None:
        self.who = who
        self.client = QueueClient(url, who)
        self.view: AnyView | None = None
        self.ups: list[float] = []
        """Instants (s, monotonic) at which the server was there again."""
        self.downs: list[float] = []
        """Instants at which it was lost, and at which an attempt to come back failed."""
        self.refusals: list[Refused] = []

    async def run(self) -> None:
        """Look until cancelled."""
        async with self.client:
            async for update in self.client.updates():
                self.hear(update)

    def hear(self, update: Update) -> None:
        """Keep what the line says."""
        match update:
            case LinkUp():
                self.ups.append(time.monotonic())
            case LinkLost():
                self.downs.append(time.monotonic())
            case LinkRefused(refusal):
                self.refusals.append(refusal)
            case view:
                self.view = view

    @property
    def shows(self) -> tuple[str, int]:
        """Day and version of its picture."""
        return ("", -1) if self.view is None else (self.view.day, self.view.version)


class Board(Watcher):
    """A board with the real rules of what is announced, in quicker beats."""

    def __init__(self, url: str, device: str) -> None:
        super().__init__(url, badge(Role.BOARD, device))
        self.announcements = Announcements()
        self.rung: list[int] = []
        self._told = 0

    async def run(self) -> None:
        """Look, ring and tell how far it came, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(super().run())
            tasks.create_task(self._ring())

    def hear(self, update: Update) -> None:
        """As the real board: every picture is gone through for new calls; a new line is told again."""
        super().hear(update)
        if isinstance(update, BoardView):
            self.announcements = seen(self.announcements, update)
        elif isinstance(update, LinkUp):
            self._told = 0

    async def _ring(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if self.announcements.rings and self.announcements.current is not None:
                self.rung.append(self.announcements.current.call)
            self.announcements = next_beat(self.announcements)
            if self.announcements.settled != self._told and self.client.connected:
                self._told = self.announcements.settled
                await self.client.announced(self._told)

    def check(self, calls: int) -> None:
        """All calls of the day were rung, each once and in order."""
        assert self.announcements.missed == 0, f"{self.who.device} missed {self.announcements.missed} calls"
        assert self.rung == list(range(1, calls + 1)), f"{self.who.device} rang {self.rung} of {calls} calls"


class Paced(Load):
    """The same at the pace of people, each role over its own way; how long each answer took is kept."""

    def __init__(self, ways: Mapping[Role, str] | None = None, name: str = "") -> None:
        super().__init__()
        self.took_s: list[float] = []
        self._ways = ways or {}
        self._name = name

    async def ask(self, client: QueueClient, request_id: str, command: AnyCommand) -> Accepted | Refused:
        """As before, after a pause."""
        await asyncio.sleep(PAUSE_S[client.badge.role])
        began = time.perf_counter()
        answer = await super().ask(client, self._name + request_id, command)
        self.took_s.append(time.perf_counter() - began)
        return answer

    async def kiosk(self, url: str, number: int) -> None:
        """Takes tickets over the kiosks' way."""
        await super().kiosk(self._ways.get(Role.KIOSK, url), number)

    async def desk(self, url: str) -> None:
        """Calls over the desks' way."""
        await super().desk(self._ways.get(Role.COUNSELLOR, url))


@asynccontextmanager
async def watching(watchers: Sequence[Watcher]) -> AsyncIterator[None]:
    """All of them look while the context lasts."""
    async with asyncio.TaskGroup() as tasks:
        looking = [tasks.create_task(watcher.run()) for watcher in watchers]
        yield
        for task in looking:
            task.cancel()


async def came_true(condition: Callable[[], bool], within_s: float) -> bool:
    """Wait until this holds, but not longer."""
    ends = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(0.01)
    return True


async def in_sync(url: str, watchers: Sequence[Watcher], text: str) -> float:
    """Post a message that was not there, until every terminal shows it or what came after; how long (s)."""
    began = time.monotonic()
    posting = asyncio.create_task(post(url, text))
    await all_show(watchers, text)
    await posting
    return time.monotonic() - began


async def post(url: str, text: str) -> None:
    """Post a message, as soon as there is a line; TimeoutError when there is none in time."""
    async with asyncio.timeout(SYNC_S), QueueClient(url, badge(Role.RECEPTION, "reception-0")) as client:
        while True:
            try:
                await client.ask(c.PostMessage({"fr": text}))
            except ServerAwayError:
                continue
            return


async def all_show(watchers: Sequence[Watcher], text: str) -> float:
    """Until every terminal shows this message or what came after; how long (s)."""
    began = time.monotonic()
    shown = await came_true(lambda: _all_show(watchers, {"fr": text}), SYNC_S)
    late = {watcher.who.device: watcher.shows for watcher in watchers}
    assert shown, f"not in sync after {SYNC_S:.0f} s: {late}"
    return time.monotonic() - began


def _all_show(watchers: Sequence[Watcher], message: dict[str, str]) -> bool:
    """Those who are shown messages say which version has it."""
    with_it = [
        watcher.shows
        for watcher in watchers
        if isinstance(watcher.view, BoardView | ReceptionView) and watcher.view.message == message
    ]
    newest = min(with_it, default=None)
    return newest is not None and all(w.client.connected and w.shows >= newest for w in watchers)


async def all_rung(boards: Sequence[Board], calls: int) -> None:
    """Wait until the boards have worked off their lines, then judge what they rang."""
    await came_true(
        lambda: all(board.announcements.settled >= calls for board in boards), SYNC_S + calls * 10 * BEAT_S
    )
    for board in boards:
        board.check(calls)


def in_percent(part_ms: int, whole_ms: int) -> int:
    """How much it is of the other, of which a millisecond is the least."""
    return round(100 * part_ms / max(1, whole_ms))


def percentile_ms(took_s: Sequence[float], share: float) -> int:
    """The value (ms, rounded) below which this share of them lies."""
    ordered = sorted(took_s)
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))])
