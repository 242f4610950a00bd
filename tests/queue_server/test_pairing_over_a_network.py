"""A terminal that comes in over a network cannot be brought to another server, nor be listened to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme
from msgspec import Struct
from support.pairing import BOARD, RECEPTION, at_work, brought, pair, pairing_seen
from support.servers import PATIENCE_S, Terminal, until
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from protocol import newcomer as terminal_module
from protocol.badge import Badge
from protocol.client import LinkUp, QueueClient
from protocol.envelope import SUBPROTOCOL, Accepted, Refused, Welcome
from protocol.ids import Role
from protocol.newcomer import Away, Showing, _encrypted_to_anybody
from protocol.orders import OpenPairing
from protocol.pairing import PATH, Knock, Offer, Paired, ServerSide, decode_from_newcomer, encode, new_code
from protocol.refusals import RefusalCode
from protocol.trust import SERVER_NAME, pinned
from queue_server import app as module
from queue_server.store.authority import authority_of
from queue_server.store.certificates import make_authority


class Centre(Struct):
    """A centre that listens as if it were on a network, though all of it is on this machine."""

    url: str
    reception: Terminal


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RETRY_S", "TURNED_AWAY_RETRY_S"):
        monkeypatch.setattr(terminal_module, name, (0.0, 0.01))
    monkeypatch.setattr(terminal_module, "WRONG_PAUSE_S_MAX", 0.01)


@pytest.fixture
async def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Centre]:
    make_authority(tmp_path, "smallville", anew=False)
    monkeypatch.setattr(module, "is_here", lambda _: False)
    async with (
        at_work(tmp_path) as url,
        connect(
            url,
            additional_headers={"Authorization": f"Bearer {RECEPTION.token}"},
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            ssl=pinned(authority_of(tmp_path)),
            server_hostname=SERVER_NAME,
            proxy=None,
        ) as line,
    ):
        reception = Terminal(line)
        assert isinstance(await reception.answer(), Welcome)
        assert isinstance(await reception.ask(OpenPairing()), Accepted)
        yield Centre(url, reception)


@asynccontextmanager
async def impostor(attend: Callable[[ServerConnection], Awaitable[None]]) -> AsyncIterator[str]:
    """Somebody else's server, with a certificate in the same name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(SERVER_NAME).configure_cert(context)
    async with serve(
        attend, "127.0.0.1", 0, ssl=context, subprotocols=[Subprotocol(SUBPROTOCOL)], close_timeout=1
    ) as server:
        yield f"wss://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def test_a_terminal_that_is_paired_over_a_network_believes_that_centre_alone_from_then_on(
    centre: Centre, tmp_path: Path
) -> None:
    async with brought(centre.url) as screen:
        assert isinstance(await centre.reception.ask(pair(await screen.code())), Accepted)
        own = await asyncio.wait_for(screen.joining, PATIENCE_S)
    assert own.authority == authority_of(tmp_path)
    async with QueueClient(own.server, own) as line:
        async for update in line.updates():
            assert isinstance(update, LinkUp)
            break


async def test_whoever_sits_between_terminal_and_server_is_found_by_both(centre: Centre) -> None:
    carried: list[str | bytes] = []

    async def carry(terminal: ServerConnection) -> None:
        async with connect(
            centre.url + PATH,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            ssl=_encrypted_to_anybody(),
            proxy=None,
            close_timeout=1,
        ) as server:

            async def up() -> None:
                try:
                    async for frame in terminal:
                        await server.send(frame)
                finally:
                    server.transport.abort()

            carrying = asyncio.create_task(up())
            try:
                async for frame in server:
                    carried.append(frame)
                    await terminal.send(frame)
            except ConnectionClosed:
                pass
            finally:
                carrying.cancel()

    async with impostor(carry) as url, brought(url) as screen:
        first = await screen.code()
        for wrong in range(3):
            await pairing_seen(
                centre.reception,
                lambda seen, left=5 - wrong: (
                    seen is not None and (seen.waiting, seen.wrong_left) == (1, left)
                ),
            )
            answer = await centre.reception.ask(pair(first))
            assert isinstance(answer, Refused)
            assert answer.code is RefusalCode.WRONG_CODE
        await screen.shows(lambda now: isinstance(now, Showing) and now.code != first)
        assert not screen.kept
    assert len(carried) == 3, "only offers, which prove nothing over another line"


async def test_a_server_that_does_not_have_the_code_cannot_give_a_terminal_a_badge() -> None:
    stolen = Badge(device=BOARD, role=Role.BOARD, token="A" * 43)

    async def give(terminal: ServerConnection) -> None:
        await terminal.recv()
        await terminal.send(encode(Paired(stolen)), text=True)
        await terminal.wait_closed()

    async with impostor(give) as url, brought(url) as screen:
        await screen.shows(lambda now: isinstance(now, Away))
        await until(lambda: len(screen.shown) > 3)
        assert not screen.kept
        assert not screen.joining.done()


async def test_a_server_that_guesses_has_three_guesses_before_the_code_is_another() -> None:
    tried: list[str] = []

    async def guess(terminal: ServerConnection) -> None:
        while True:
            knock = decode_from_newcomer(await terminal.recv())
            assert isinstance(knock, Knock)
            tried.append(knock.nameplate)
            code = knock.nameplate + new_code()[2:]
            offer = ServerSide.meet(code, b"its own", knock).offer
            await terminal.send(encode(Offer(offer.half, offer.proof)), text=True)

    async with impostor(guess) as url, brought(url) as screen:
        await until(lambda: len(tried) >= 7)
        codes = [now.code for now in screen.shown if isinstance(now, Showing)]
        assert len({*codes[:3]}) == 1
        assert codes[3] != codes[2]
        assert len({*codes[3:6]}) == 1
        assert not screen.kept
