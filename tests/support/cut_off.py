"""A kiosk cut off from a real server and back again, without a screen: its machine, cable and numbers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from support.badges import badge
from support.centre import small_centre
from support.servers import Running, answer_of, until

from kiosk.alone import Alone
from kiosk.keep import Keep
from kiosk.reserve import Given
from protocol.client import LinkLost, QueueClient, ServerAwayError
from protocol.commands import BLOCK_NUMBERS, AnyCommand, IssueTicket
from protocol.envelope import Accepted, LeftOut, Refused
from protocol.ids import Role
from queue_server.core.policy import Actor

CENTRE = small_centre()
WISH = IssueTicket(field="training", languages=("fr",), screen_language="fr")


class Moving:
    """A clock that a test moves."""

    def __init__(self, at_s: float = 0.0) -> None:
        self.at_s = at_s

    def __call__(self) -> float:
        return self.at_s


class Machine:
    """A kiosk's machine: its disk and its clocks outlive the kiosk."""

    def __init__(self, directory: Path, kiosk: str = "kiosk-1") -> None:
        self.kiosk = kiosk
        self.wall = Moving(1.8e9)
        self.steady = Moving(500.0)
        self._directory = directory

    def pass_s(self, seconds: float) -> None:
        self.wall.at_s += seconds
        self.steady.at_s += seconds

    def boot(self) -> None:
        """The steady clock begins anew."""
        self.steady = Moving(3.0)

    def alone(self) -> Alone:
        return Alone(CENTRE, Keep(self._directory, self.kiosk), self.steady, self.wall)


class Cable:
    """A line to the server that loses what is asked, before or after it was done."""

    def __init__(self, client: QueueClient) -> None:
        self._client = client
        self.loses: Callable[[AnyCommand], str] = lambda _: ""
        self.asked: list[AnyCommand] = []
        self.told: list[LeftOut] = []

    async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
        self.asked.append(command)
        lost = self.loses(command)
        if lost != "question":
            answer = await self._client.ask(command, request_id)
        if lost:
            raise ServerAwayError("ws://127.0.0.1:1")
        return answer

    async def left_out(self, report: LeftOut) -> None:
        """What the kiosk says arrives."""
        self.told.append(report)
        await self._client.left_out(report)


@asynccontextmanager
async def plugged_in(
    alone: Alone, url: str, kiosk: str = "kiosk-1", cable: type[Cable] = Cable
) -> AsyncIterator[Cable]:
    """A kiosk at work on this server."""

    async def listen() -> None:
        async for update in client.updates():
            alone.hear(update)

    async with QueueClient(url, badge(Role.KIOSK, kiosk)) as client:
        line = cable(client)
        tasks = [asyncio.create_task(listen()), asyncio.create_task(alone.run(line))]
        try:
            yield line
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
    alone.hear(LinkLost("cut off"))


def whole(alone: Alone) -> bool:
    """Whether the kiosk has a block of every field and nothing to redeem."""
    reserve = alone._reserve
    blocks = [len(reserve.free.get(field.id, ())) == BLOCK_NUMBERS for field in CENTRE.fields]
    return all(blocks) and not reserve.given and alone._saved[0] == reserve


async def stocked(machine: Machine, running: Running) -> Alone:
    """A kiosk that has blocks and has lost its server."""
    alone = machine.alone()
    async with plugged_in(alone, running.url, machine.kiosk):
        await until(lambda: whole(alone))
    return alone


async def given(alone: Alone, machine: Machine, after_s: float = 60.0, wish: IssueTicket = WISH) -> Given:
    machine.pass_s(after_s)
    number = await alone.give(wish, machine.steady())
    assert number is not None
    return number


def codes(running: Running) -> list[str]:
    return [place[2] for place in running.engine.queue.lines.everybody()]


async def asked_by(running: Running, actor: Actor, command: AnyCommand) -> Any:
    name = f"by-hand-{running.engine.queue.version:012d}"
    return await answer_of(running.engine, name, command, actor)
