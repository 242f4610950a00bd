"""Whoever opens lines and says nothing does not keep those out who say who they are."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing
from pathlib import Path

import pytest
from support.badges import badge
from support.servers import (
    PATIENCE_S,
    Running,
    Terminal,
    server_in_process,
    stranger,
    terminal,
)

from protocol import commands as c
from protocol.envelope import Accepted, Welcome
from protocol.ids import Role
from queue_server import doorway as module
from queue_server import server as port_module
from queue_server.doorway import LINES_OF_AN_ADDRESS_MAX, UNKNOWN_MAX, Doorway

ELSEWHERE = "127.0.0.2"
"""Another machine, as far as this test is concerned."""
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


@pytest.fixture(autouse=True)
def _network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_here", lambda host: host == "127.0.0.1")


@pytest.fixture
def doorway() -> Iterator[Doorway]:
    with closing(Doorway("127.0.0.1", 0)) as found:
        found.listen()
        found.settimeout(PATIENCE_S)
        yield found


def comes(doorway: Doorway, host: str) -> socket.socket:
    return socket.create_connection(doorway.getsockname(), PATIENCE_S, source_address=(host, 0))


def is_ended(line: socket.socket) -> bool:
    """Whether the other side has let it go; waits until it has said something."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_another_machine_has_so_many_lines_and_no_more(doorway: Doorway) -> None:
    with ExitStack() as stack:
        for _ in range(LINES_OF_AN_ADDRESS_MAX):
            stack.enter_context(comes(doorway, ELSEWHERE))
            stack.enter_context(doorway.accept()[0])
        beyond = stack.enter_context(comes(doorway, ELSEWHERE))
        with pytest.raises(ConnectionAbortedError):
            doorway.accept()
        assert is_ended(beyond)
        stack.enter_context(comes(doorway, "127.0.0.3"))
        stack.enter_context(doorway.accept()[0])
        assert doorway.turned_away == 1


def test_another_machine_opens_lines_no_faster_than_a_screen_comes_back(
    doorway: Doorway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LINES_PER_S", 1e-6)
    with ExitStack() as stack:
        for _ in range(module.LINES_AT_ONCE):
            stack.enter_context(comes(doorway, ELSEWHERE))
            doorway.accept()[0].close()
        stack.enter_context(comes(doorway, ELSEWHERE))
        with pytest.raises(ConnectionAbortedError):
            doorway.accept()
        stack.enter_context(comes(doorway, "127.0.0.3"))
        doorway.accept()[0].close()


def test_a_line_that_ends_makes_room_for_another(doorway: Doorway) -> None:
    with ExitStack() as stack:
        for _ in range(LINES_OF_AN_ADDRESS_MAX + 1):
            stack.enter_context(comes(doorway, ELSEWHERE))
            doorway.accept()[0].close()
        assert doorway.turned_away == 0
        assert not doorway._of_address
        assert not doorway._unknown


def test_this_machine_has_as_many_lines_as_it_likes(doorway: Doorway) -> None:
    with ExitStack() as stack:
        for _ in range(2 * LINES_OF_AN_ADDRESS_MAX):
            stack.enter_context(comes(doorway, "127.0.0.1"))
            line, peer = doorway.accept()
            stack.enter_context(line)
            doorway.known(peer)
        assert doorway.turned_away == 0


def test_when_too_many_have_not_said_who_they_are_one_goes_of_whoever_has_most(doorway: Doorway) -> None:
    with ExitStack() as stack:
        known, lone = (stack.enter_context(comes(doorway, host)) for host in ("127.0.0.1", "127.0.0.3"))
        for first in (True, False):
            line, peer = doorway.accept()
            stack.enter_context(line)
            if first:
                doorway.known(peer)
        crowd = []
        for _ in range(UNKNOWN_MAX):
            crowd.append(stack.enter_context(comes(doorway, "127.0.0.1")))
            stack.enter_context(doorway.accept()[0])
        assert doorway.turned_away == 1
        for line in (known, lone, *crowd):
            line.settimeout(0)
        ended = []
        for line in (known, lone, *crowd):
            try:
                ended.append(line.recv(1) == b"")
            except BlockingIOError:
                ended.append(False)
        assert ended[:2] == [False, False]
        assert sum(ended) == 1


@pytest.mark.parametrize("host", ["::1", "::", "0.0.0.0", "localhost"])
def test_it_listens_to_every_kind_of_address(host: str) -> None:
    with closing(Doorway(host, 0)) as found:
        found.listen()
        family = "::1" if host.startswith("::") else "127.0.0.1"
        with socket.create_connection((family, found.getsockname()[1]), PATIENCE_S):
            found.settimeout(PATIENCE_S)
            found.accept()[0].close()


def test_an_address_that_another_program_has_cannot_be_had(doorway: Doorway) -> None:
    with closing(Doorway(*doorway.getsockname())) as other, pytest.raises(OSError, match="in use"):
        other.listen()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path) as found:
        yield found


@asynccontextmanager
async def crowd(port: int, words: bytes, count: int) -> AsyncIterator[list[asyncio.StreamWriter]]:
    """Lines from everywhere that say these words, and then nothing."""
    writers: list[asyncio.StreamWriter] = []
    try:
        for number in range(count):
            host = f"127.0.{1 + number // 200}.{1 + number % 200}"
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
            writer.write(words)
            writers.append(writer)
        yield writers
    finally:
        for writer in writers:
            writer.transport.abort()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        pytest.param(b"", 1000, id="a thousand lines that say nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", 500, id="five hundred slow handshakes"),
        pytest.param(bytes(range(256)) * 8, 500, id="garbage"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500, 300, id="too many headers"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", 500, id="half a TLS handshake"),
    ],
)
async def test_a_terminal_comes_and_is_served_while_a_crowd_stands_in_the_doorway(
    running: Running, words: bytes, count: int
) -> None:
    port = int(running.url.rpartition(":")[2])
    async with terminal(running.url, Role.RECEPTION) as before, crowd(port, words, count):
        async with terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk:
            assert isinstance(await kiosk.ask(ISSUE), Accepted)
        assert isinstance(await before.ask(c.PostMessage({"fr": "Bonjour"})), Accepted)


async def test_a_known_terminal_is_never_pushed_out_by_a_crowd(running: Running) -> None:
    port = int(running.url.rpartition(":")[2])
    async with terminal(running.url, Role.RECEPTION) as reception:
        async with crowd(port, b"", UNKNOWN_MAX + 50):
            assert isinstance(await reception.ask(ISSUE), Accepted)
        assert isinstance(await reception.ask(ISSUE), Accepted)


async def test_a_terminal_that_asks_on_and_on_is_heard_at_its_pace_and_all_others_as_ever(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_module, "MESSAGES_PER_S", 1e-3)
    monkeypatch.setattr(port_module, "MESSAGES_AT_ONCE", 3)
    own = badge(Role.KIOSK, "kiosk-1").token
    async with stranger(running.url, own) as one, stranger(running.url, own) as other:
        for guest in (one, other):
            assert isinstance(await guest.answer(), Welcome)
        for guest in (one, other, one):
            assert isinstance(await guest.ask(ISSUE), Accepted)
        await one.say("garbage too is a message")
        await other.say("on every line of that terminal")
        async with terminal(running.url, Role.RECEPTION) as reception:
            for _ in range(3):
                assert isinstance(await reception.ask(ISSUE), Accepted)
        assert not any(b"malformed" in frame for guest in (one, other) for frame in unread(guest))


def unread(guest: Terminal) -> list[bytes]:
    """What has come to a terminal that nobody has read yet."""
    return [frame.data for frame in guest.connection.recv_messages.frames.queue]
