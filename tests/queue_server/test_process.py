"""The real program: how it starts and ends."""

import asyncio
import re
import resource
import signal
from pathlib import Path

from reliability.load import issue
from support.badges import badge
from support.servers import PATIENCE_S, server_process

from protocol import commands as c
from protocol.client import QueueClient
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import Role


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
    reception = badge(Role.RECEPTION, "reception-1")
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
