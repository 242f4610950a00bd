"""Terminals that never stop asking a real server, and what must be true of the files that it leaves."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec import Struct
from support.badges import badge
from support.series import Series
from support.servers import PATIENCE_S

from protocol import commands as c
from protocol.client import QueueClient, ServerAwayError
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Called, Done, Outcome, Refused, TicketGiven
from protocol.ids import Role
from protocol.refusals import RefusalCode
from queue_server.core.events import AnyEvent, TicketCalled, TicketIssued
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue
from queue_server.store.day_log import DayLog

KIOSKS = 4
COUNSELLOR = "c23"
FIELDS = ("education", "training")
PORTS = range(15_000, 32_000)
"""Below those that Linux gives to lines going out (ip_local_port_range)."""
DESKS = tuple(str(number) for number in range(1, 21))


def issue(field: str) -> c.IssueTicket:
    """A visitor of this field."""
    return c.IssueTicket(field=field, languages=("fr", "nl"), screen_language="fr")


async def open_day(url: str) -> None:
    """Reception opens the day, whatever the hour, as soon as there is a server."""
    async with QueueClient(url, badge(Role.RECEPTION, "reception-1")) as client:
        while True:
            with suppress(ServerAwayError):
                await client.ask(c.OpenDay())
                return


def at_desk(answer: Accepted | Refused) -> str:
    """Whom a desk has that asked for the next: called now, or since it found nobody; empty: nobody."""
    if isinstance(answer, Accepted):
        return answer.outcome.ticket if isinstance(answer.outcome, Called) else ""
    return answer.detail.rpartition("(")[2].rstrip(")") if answer.code is RefusalCode.DESK_BUSY else ""


class Load:
    """Kiosks and a desk that never stop asking, each again with the same id until it is answered."""

    def __init__(self) -> None:
        self.answers: dict[str, Outcome] = {}
        self.enough = asyncio.Event()
        self.wanted = 0
        self.stopped = False

    async def ask(self, client: QueueClient, request_id: str, command: AnyCommand) -> Accepted | Refused:
        """Ask until there is an answer; what is accepted is kept."""
        while True:
            try:
                answer = await client.ask(command, request_id)
            except ServerAwayError:
                continue
            if isinstance(answer, Accepted):
                assert request_id not in self.answers
                self.answers[request_id] = answer.outcome
                if len(self.answers) >= self.wanted:
                    self.enough.set()
            return answer

    async def kiosk(self, url: str, number: int) -> None:
        """Takes one ticket after the other."""
        own = badge(Role.KIOSK, f"kiosk-{1 + number % 2}")
        async with QueueClient(url, own) as client:
            asked = 0
            while not self.stopped:
                asked += 1
                await self.ask(client, f"kiosk-{number}-{asked:08d}", issue(FIELDS[number % 2]))

    async def desk(self, url: str) -> None:
        """Calls, rings again and finishes."""
        async with QueueClient(url, badge(Role.COUNSELLOR, "desk-1", "1")) as client:
            asked = 0
            await self.ask(client, "desk-opens-00000000", c.OpenDesk(COUNSELLOR))
            while not self.stopped:
                asked += 1
                ticket = at_desk(await self.ask(client, f"desk-calls-{asked:08d}", c.CallNext()))
                if ticket:
                    await self.ask(client, f"desk-again-{asked:08d}", c.Recall(ticket))
                    await self.ask(client, f"desk-ends-{asked:09d}", c.Finish(ticket))

    async def more(self, count: int) -> None:
        """Wait until so many more questions are answered."""
        self.wanted = len(self.answers) + count
        self.enough.clear()
        async with asyncio.timeout(PATIENCE_S * 3):
            await self.enough.wait()


class Day(Struct):
    """One day as it stands on disk."""

    date: str
    events: list[tuple[str, AnyEvent]]
    """Each with the id of the question that made it happen."""
    queue: Queue
    """What these events give."""
    secret: bytes
    """Key of its ticket tokens."""


@asynccontextmanager
async def at_work(load: Load, url: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Four kiosks and a desk; what is given lets each finish what it asked, while a server is there."""
    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(load.kiosk(url, number)) for number in range(KIOSKS)]
        working.append(tasks.create_task(load.desk(url)))

        async def finish() -> None:
            load.stopped = True
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*working)

        yield finish


def free_port() -> int:
    """A port that was free a moment ago, and that no line going out can take: a server that is started again
    keeps its address."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


async def days(directory: Path) -> list[Day]:
    """All days that a server left, read as a server reads them: their chains are proved."""
    found = []
    for path in sorted((directory / "days").glob("*.db")):
        log = DayLog(path)
        records = await log.read()
        await log.close()
        queue = Queue(path.stem, DESKS)
        for record in records:
            evolve(queue, record.event, record.at)
        events = [(record.command_id, record.event) for record in records]
        found.append(Day(path.stem, events, queue, log.secret))
    return found


def check(answers: Mapping[str, Outcome], found: list[Day]) -> None:
    """What was answered is on disk, once, and no number or call is there twice or left out."""
    for day in found:
        series = Series()
        for _, event in day.events:
            series.see(event)
        issued = [(asked, event) for asked, event in day.events if isinstance(event, TicketIssued)]
        assert len({asked for asked, _ in issued}) == len(issued), "one ticket for one question"
    events = [each for day in found for each in day.events]
    given = {asked: event.ticket for asked, event in events if isinstance(event, TicketIssued)}
    called = {asked: event.call for asked, event in events if isinstance(event, TicketCalled)}
    written = {asked for asked, _ in events}
    for asked, outcome in answers.items():
        if isinstance(outcome, TicketGiven):
            assert given.get(asked) == outcome.ticket, "a ticket that was answered is on disk"
        elif isinstance(outcome, Called):
            assert called.get(asked) == outcome.call, "a call that was answered is on disk"
        elif isinstance(outcome, Done):
            assert asked in written, "what was answered is on disk"


def check_grown(before: list[Day], after: list[Day]) -> None:
    """What was on disk stays as it was."""
    later = {day.date: day.events for day in after}
    for day in before:
        assert later[day.date][: len(day.events)] == day.events, f"{day.date} was changed"
