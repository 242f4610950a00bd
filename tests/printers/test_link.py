import asyncio
import socket

import pytest

from printers import link
from printers.link import LinkLost, Unreachable, open_tcp


async def test_a_refused_port_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="no printer at"):
            await open_tcp("127.0.0.1", closed.getsockname()[1])


async def test_a_port_that_answers_nothing_is_unreachable_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(link, "CONNECT_TIMEOUT_S", 0.01)
    monkeypatch.setattr(asyncio, "open_connection", never)
    with pytest.raises(Unreachable):
        await open_tcp("127.0.0.1", 9100)


async def test_everything_written_arrives_before_the_close_even_over_unread_replies() -> None:
    received: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def printer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x14\x00\x00\x0f" * 10)
        received.set_result(await reader.read(-1))
        writer.close()

    async with await asyncio.start_server(printer, "127.0.0.1", 0) as server:
        way = await open_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
        await way.write(b"x" * 6000)
        await way.close()
        assert await received == b"x" * 6000


async def test_the_end_of_the_connection_is_a_lost_link() -> None:
    async def printer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(printer, "127.0.0.1", 0) as server:
        way = await open_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
        with pytest.raises(LinkLost):
            await way.read()
        await way.close()
