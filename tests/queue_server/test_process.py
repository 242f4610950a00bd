"""The real program: how it starts and ends, and what a kill leaves behind."""

import asyncio
import re
import resource
import signal
from pathlib import Path

from support.servers import PATIENCE_S, server_process

from protocol import commands as c
from protocol.client import QueueClient, ServerAwayError
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Called, Done, Hello, Outcome, Refused, TicketGiven
from protocol.ids import Role
from queue_server.core.events import AnyEvent, TicketCalled, TicketIssued, TicketRecalled
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue
from queue_server.store.day_log import DayLog

KILLS = 5
KIOSKS = 4
COUNSELLOR = "c23"
FIELDS = ("education", "training")


async def test_the_program_says_in_one_line_that_it_is_ready_and_ends_cleanly_when_told(
    tmp_path: Path,
) -> None:
    async with server_process(tmp_path / "data") as server:
        line = await server.ready()
        assert re.fullmatch(r"walkin server ready on ws://127\.0\.0\.1:\d+\n", line)
        server.signal(signal.SIGTERM)
        status, _ = await server.ended()
        assert status == 0


async def test_a_second_server_on_the_same_directory_is_refused_in_words(tmp_path: Path) -> None:
    async with server_process(tmp_path / "data") as first:
        await first.ready()
        async with server_process(tmp_path / "data") as second:
            status, said = await second.ended()
            assert status == 1
            assert "Another queue server already runs" in said
            assert "Traceback" not in said


async def test_a_full_disk_ends_the_server_with_a_sentence_and_the_queue_goes_on_afterwards(
    tmp_path: Path,
) -> None:
    bytes_max = 200_000
    reception = Hello(role=Role.RECEPTION, device="reception-1")
    done = 0
    async with server_process(tmp_path / "data") as server:
        async with QueueClient(await server.url(), reception) as client:
            await client.ask(c.OpenDay())
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (bytes_max, bytes_max))
            while server.process.returncode is None:
                asked = asyncio.create_task(client.ask(issue("training")))
                died = asyncio.create_task(server.process.wait())
                await asyncio.wait({asked, died}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
                if asked.done():
                    assert asked.exception() is None, "the server neither answers nor ends"
                    answer = asked.result()
                    assert isinstance(answer, Accepted), answer
                    done += 1
                else:
                    asked.cancel()
                died.cancel()
        status, said = await server.ended()
        assert status == 70
        assert "Traceback" not in said
    assert done > 0
    async with server_process(tmp_path / "data") as server:
        url = await server.url()
        async with QueueClient(url, reception) as client:
            answer = await client.ask(issue("training"))
            assert isinstance(answer, Accepted)
            assert isinstance(answer.outcome, TicketGiven)
            assert int(answer.outcome.ticket[1:]) in {done + 1, done + 2}, "the one not answered may be there"


def issue(field: str) -> c.IssueTicket:
    return c.IssueTicket(field=field, languages=("fr", "nl"), screen_language="fr")


class Load:
    """Kiosks and a desk that never stop asking, each again with the same id until it is answered."""

    def __init__(self) -> None:
        self.answers: dict[str, Outcome] = {}
        self.enough = asyncio.Event()
        self.wanted = 0
        self.stopped = False

    async def ask(self, client: QueueClient, request_id: str, command: AnyCommand) -> Accepted | Refused:
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
        hello = Hello(role=Role.KIOSK, device=f"kiosk-{1 + number % 2}")
        async with QueueClient(url, hello) as client:
            asked = 0
            while not self.stopped:
                asked += 1
                await self.ask(client, f"kiosk-{number}-{asked:08d}", issue(FIELDS[number % 2]))

    async def desk(self, url: str) -> None:
        async with QueueClient(url, Hello(role=Role.COUNSELLOR, device="desk-1", desk="1")) as client:
            asked = 0
            await self.ask(client, "desk-opens-00000000", c.OpenDesk(COUNSELLOR))
            while not self.stopped:
                asked += 1
                called = await self.ask(client, f"desk-calls-{asked:08d}", c.CallNext())
                if isinstance(called, Accepted) and isinstance(called.outcome, Called):
                    ticket = called.outcome.ticket
                    await self.ask(client, f"desk-again-{asked:08d}", c.Recall(ticket))
                    await self.ask(client, f"desk-ends-{asked:09d}", c.Finish(ticket))

    async def more(self, count: int) -> None:
        """Wait until so many more questions are answered."""
        self.wanted = len(self.answers) + count
        self.enough.clear()
        async with asyncio.timeout(PATIENCE_S * 3):
            await self.enough.wait()


async def _history(directory: Path) -> tuple[str, list[tuple[str, AnyEvent]], Queue]:
    """Day, events with their command's id, and the queue they give, from the file that a kill left."""
    [path] = (directory / "days").glob("*.db")
    log = DayLog(path)
    records = await log.read()
    await log.close()
    queue = Queue(path.stem, tuple(str(number) for number in range(1, 21)))
    for record in records:
        evolve(queue, record.event, record.at)
    return path.stem, [(record.command_id, record.event) for record in records], queue


def _check(answers: dict[str, Outcome], events: list[tuple[str, AnyEvent]]) -> None:
    issued = [(asked, event) for asked, event in events if isinstance(event, TicketIssued)]
    rung = [event.call for _, event in events if isinstance(event, TicketCalled | TicketRecalled)]
    assert rung == list(range(1, len(rung) + 1)), "calls count up without gaps"
    assert len({asked for asked, _ in issued}) == len(issued), "one ticket for one question"
    for letter in {event.ticket[0] for _, event in issued}:
        numbers = [event.number for _, event in issued if event.ticket[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1)), "numbers without gap or double"
    given = {asked: event.ticket for asked, event in issued}
    called = {asked: event.call for asked, event in events if isinstance(event, TicketCalled)}
    written = {asked for asked, _ in events}
    for asked, outcome in answers.items():
        if isinstance(outcome, TicketGiven):
            assert given[asked] == outcome.ticket
        elif isinstance(outcome, Called):
            assert called[asked] == outcome.call
        elif isinstance(outcome, Done):
            assert asked in written, "what was answered is in the log"


async def test_a_server_killed_under_load_comes_back_with_the_same_queue_numbers_and_calls(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    load, directory = Load(), tmp_path / "data"
    url = f"ws://127.0.0.1:{unused_tcp_port}"
    async with server_process(directory, unused_tcp_port) as server:
        await server.ready()
        async with QueueClient(url, Hello(role=Role.RECEPTION, device="reception-1")) as client:
            await client.ask(c.OpenDay())
    seen: list[tuple[str, AnyEvent]] = []
    async with asyncio.TaskGroup() as tasks:
        terminals = [tasks.create_task(load.kiosk(url, number)) for number in range(KIOSKS)]
        terminals.append(tasks.create_task(load.desk(url)))
        for _ in range(KILLS):
            async with server_process(directory, unused_tcp_port) as server:
                await server.ready()
                await load.more(40)
                server.signal(signal.SIGKILL)
                await server.ended()
            _, events, _ = await _history(directory)
            assert events[: len(seen)] == seen, "what was on disk stays as it was"
            _check(load.answers, events)
            seen = events
        async with server_process(directory, unused_tcp_port) as server:
            await server.ready()
            await load.more(10)
            load.stopped = True
            await asyncio.wait(terminals, timeout=PATIENCE_S)
            server.signal(signal.SIGTERM)
            assert (await server.ended())[0] == 0
    _, events, queue = await _history(directory)
    _check(load.answers, events)
    assert {outcome.ticket for outcome in load.answers.values() if isinstance(outcome, TicketGiven)} <= set(
        queue.tickets
    )
