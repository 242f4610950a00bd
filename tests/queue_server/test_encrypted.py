"""Over a network: encrypted, with a server that is the centre's own and nobody who looks like it."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme
from msgspec.structs import replace
from reliability.load import free_port
from support.badges import AT_WORK, badge
from support.centre import small_centre
from support.servers import PATIENCE_S, HandClock, engine_at_work, open_door, until
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import InvalidStatus

from protocol import client as line
from protocol import commands as c
from protocol.badge import Badge
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, Update
from protocol.envelope import Accepted
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.trust import is_here, is_safe, pinned
from queue_server import server as module
from queue_server.engine import Engine
from queue_server.hub import Hub
from queue_server.server import Place
from queue_server.store.authority import authority_of, server_context
from queue_server.store.certificates import make_authority
from queue_server.store.house import House

KIOSK = badge(Role.KIOSK, "kiosk-1")
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RETRY_S", "TURNED_AWAY_RETRY_S"):
        monkeypatch.setattr(line, name, (0.0, 0.01))


@asynccontextmanager
async def serving(directory: Path, proof: ssl.SSLContext, port: int = 0) -> AsyncIterator[str]:
    """A server as the network sees it, though it is on this machine."""
    house = House(directory)
    house.lock()
    engine = Engine(small_centre(), house, HandClock())
    await engine.open()
    hub = Hub(small_centre(), AT_WORK, lambda: ())
    engine.connect(hub.publish, lambda _queue, _events: None)
    door = open_door(small_centre(), engine, hub)
    try:
        async with engine_at_work(engine), door.listening(Place("127.0.0.1", port, proof)) as free_port:
            await until(lambda: engine.queue.open)
            yield f"wss://127.0.0.1:{free_port}"
    finally:
        house.unlock()


@pytest.fixture
def own(tmp_path: Path) -> Badge:
    """A kiosk's badge of a centre with a certificate."""
    make_authority(tmp_path, "smallville", anew=False)
    return replace(KIOSK, authority=authority_of(tmp_path))


async def first(terminal: QueueClient, wanted: Callable[[Update], bool]) -> Update:
    async with asyncio.timeout(PATIENCE_S):
        async for update in terminal.updates():
            if wanted(update):
                return update
    raise AssertionError


async def test_a_terminal_gives_a_ticket_over_tls_1_3(tmp_path: Path, own: Badge) -> None:
    async with serving(tmp_path, server_context(tmp_path)) as url, QueueClient(url, own) as terminal:
        assert isinstance(await terminal.ask(ISSUE), Accepted)
        assert terminal._connection is not None
        assert terminal._connection.transport.get_extra_info("ssl_object").version() == "TLSv1.3"


async def test_older_versions_of_tls_are_not_spoken(tmp_path: Path, own: Badge) -> None:
    old = pinned(own.authority)
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    async with serving(tmp_path, server_context(tmp_path)) as url:
        with pytest.raises(InvalidStatus):  # it was heard
            await connect(url, ssl=old, server_hostname="walkin", proxy=None)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            await connect(url, ssl=old, server_hostname="walkin", proxy=None)


async def test_whoever_speaks_without_encryption_is_not_answered(tmp_path: Path, own: Badge) -> None:
    async with serving(tmp_path, server_context(tmp_path)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        writer.write(f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {own.token}\r\n\r\n".encode())
        async with asyncio.timeout(PATIENCE_S):
            answered = await reader.read()
        writer.close()
    assert b"HTTP" not in answered


async def test_a_line_that_never_begins_to_encrypt_is_ended(
    tmp_path: Path, own: Badge, monkeypatch: pytest.MonkeyPatch
) -> None:
    del own
    assert module.HANDSHAKE_TIMEOUT_S == 3.0
    monkeypatch.setattr(module, "HANDSHAKE_TIMEOUT_S", 0.2)
    async with serving(tmp_path, server_context(tmp_path)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read() == b""
        writer.close()


def _stranger(tmp_path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("walkin", "127.0.0.1").configure_cert(context)
    del tmp_path
    return context


def _same_name(tmp_path: Path) -> ssl.SSLContext:
    make_authority(tmp_path / "other", "smallville", anew=False)
    return server_context(tmp_path / "other")


@pytest.mark.parametrize("proof", [_stranger, _same_name])
async def test_another_server_at_the_same_address_is_noticed_and_never_hears_the_secret(
    tmp_path: Path, own: Badge, proof: Callable[[Path], ssl.SSLContext]
) -> None:
    heard: list[object] = []

    async def listens(connection: object) -> None:
        heard.append(connection)

    port = free_port()  # both servers have it in turn, and no line of another test gets it in between
    async with (
        serve(listens, "127.0.0.1", port, ssl=proof(tmp_path)),
        QueueClient(f"wss://127.0.0.1:{port}", own) as terminal,
    ):
        refused = await first(terminal, lambda update: isinstance(update, LinkRefused))
        assert isinstance(refused, LinkRefused)
        assert refused.refusal.code is RefusalCode.OTHER_SERVER
        await first(terminal, lambda update: isinstance(update, LinkLost))
    assert not heard
    async with serving(tmp_path, server_context(tmp_path), port) as url, QueueClient(url, own) as terminal:
        await first(terminal, lambda update: isinstance(update, LinkUp))


async def test_an_authority_of_this_machine_does_not_count(own: Badge) -> None:
    assert pinned(own.authority).cert_store_stats()["x509_ca"] == 1
    for nothing in ("", "no certificate", own.authority[:200]):
        with pytest.raises(ValueError, match="no certificate authority"):
            pinned(nothing)


def test_only_an_encrypted_line_leaves_the_machine() -> None:
    assert all(is_here(host) for host in ("localhost", "127.0.0.1", "127.8.0.1", "::1"))
    assert not any(is_here(host) for host in ("0.0.0.0", "::", "10.0.0.1", "walkin", "localhost.example"))
    assert is_safe("ws://127.0.0.1:8765")
    assert is_safe("wss://10.0.0.1:8765")
    assert not is_safe("ws://10.0.0.1:8765")


async def test_a_server_never_listens_to_the_network_without_a_certificate(tmp_path: Path) -> None:
    house = House(tmp_path)
    engine = Engine(small_centre(), house, HandClock())
    door = open_door(small_centre(), engine, Hub(small_centre(), AT_WORK, tuple))
    with pytest.raises(AssertionError, match="encrypted"):
        async with door.listening(Place("0.0.0.0", 0)):
            pass
    with pytest.raises(AssertionError, match="encrypted"):
        QueueClient(f"ws://{socket.gethostname()}.example:8765", KIOSK)
