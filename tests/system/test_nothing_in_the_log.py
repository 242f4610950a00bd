"""A little day in which everything goes wrong, and what the server's log says of it: nobody's secret."""

import asyncio
import contextlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.badges import BRUSSELS, PIN, badge, enrol
from support.pairing import brought, pair
from support.servers import PATIENCE_S, ROOT, START_PATIENCE_S, Terminal
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from protocol import commands as c
from protocol.envelope import SUBPROTOCOL, Accepted, Refused, TicketGiven
from protocol.ids import Role
from protocol.orders import OpenPairing, SignIn
from protocol.pairing import PATH, spaced
from protocol.views import ReceptionView

HOST = "127.0.0.77"
"""Where all terminals of this day are: the server itself has another address."""
NAME = "Jean-Dupont"
"""What no frame has a place for."""
AT_DESK, WRONG_PIN = BRUSSELS["1"], "731905"
FALSE_TOKEN = "F" * 43
KIOSK, BOARD = badge(Role.KIOSK, "kiosk-1"), badge(Role.BOARD, "board-1")
RECEPTION, DESK = badge(Role.RECEPTION, "reception-1"), badge(Role.COUNSELLOR, "desk-1", "1")
PROGRAM = """
import sys
from queue_server import server

hear = server.decode_from_terminal

def wrong(frame):
    if b"gone-wrong-0000" in frame:
        return {}[frame]
    return hear(frame)

server.decode_from_terminal = wrong
from walkin.cli import main

main(["server", "--data", sys.argv[1], "--port", "0"])
"""


class Day:
    """A server process, and everything that was said to it which nobody else may know."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.secrets = {FALSE_TOKEN, NAME, HOST, AT_DESK, PIN, WRONG_PIN}
        self.ports: set[int] = set()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @asynccontextmanager
    async def line(self, token: str, path: str = "") -> AsyncIterator[Terminal]:
        self.secrets.add(token)
        async with connect(
            self.url + path,
            additional_headers={"Authorization": f"Bearer {token}"},
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            proxy=None,
            local_addr=(HOST, 0),
        ) as connection:
            self.ports.add(connection.local_address[1])
            yield Terminal(connection)

    async def says(self, words: bytes) -> None:
        """Something that is no handshake, and no more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(HOST, 0))
        self.ports.add(writer.get_extra_info("sockname")[1])
        writer.write(words)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def handshake(*lines: str) -> bytes:
    usual = ("GET / HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade")
    key = ("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13")
    return "\r\n".join((*usual, *key, *lines, "", "")).encode()


NO_HANDSHAKES = {
    "nothing": b"",
    "not even HTTP": f"{NAME} {FALSE_TOKEN}\r\n\r\n".encode(),
    "a header that is none": handshake(f"Bearer {FALSE_TOKEN} {NAME}"),
    "a secret with a zero in it": handshake(f"Authorization: Bearer {FALSE_TOKEN}\0"),
    "an upgrade to something else": handshake().replace(b"Upgrade: websocket", NAME.encode() + b": 1"),
    "a protocol that is none": handshake(f"Sec-WebSocket-Protocol: {NAME} ,,"),
    "half of one": handshake(f"Authorization: Bearer {FALSE_TOKEN}")[:-2],
    "a page": f"GET /{NAME}?token={FALSE_TOKEN} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode(),
    "too long a line": b"GET /" + NAME.encode() * 10_000 + b" HTTP/1.1\r\n\r\n",
}
MALFORMED = [
    f'{{"type":"{NAME}"}}'.encode(),
    f'{{"type":"announced","call":1,"{NAME}":1}}'.encode(),
    f'{{"type":"request","id":"question-wrong-00","command":{{"type":"{NAME}"}}}}'.encode(),
    f'{{"{NAME}'.encode(),
    b"\xff" + NAME.encode(),
]


async def strangers(day: Day) -> None:
    for words in NO_HANDSHAKES.values():
        await day.says(words)
    for token in (FALSE_TOKEN, KIOSK.token[:-1] + "-"):
        with pytest.raises(InvalidStatus):
            async with day.line(token):
                pass


async def visitors(day: Day) -> None:
    """Tickets, a call, and lines that break at once."""
    async with day.line(RECEPTION.token) as reception:
        await reception.answer()
        await reception.ask(c.OpenDay())  # refused within the hours: the day is open then
    async with day.line(KIOSK.token) as kiosk, day.line(DESK.token) as desk, day.line(BOARD.token) as board:
        for guest in (kiosk, desk, board):
            await guest.answer()
        for pin in (WRONG_PIN, PIN):
            await desk.ask(SignIn(staff=AT_DESK, pin=pin))
        assert isinstance(await desk.ask(c.OpenDesk(AT_DESK)), Accepted)
        for _ in range(3):
            answer = await kiosk.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"))
            assert isinstance(answer, Accepted), answer
            assert isinstance(answer.outcome, TicketGiven)
            day.secrets |= {answer.outcome.token, answer.outcome.ticket}
        assert isinstance(await desk.ask(c.CallNext()), Accepted)
        for frame in MALFORMED:
            assert NAME not in repr(await kiosk.refusal(frame))
        await kiosk.say(b'{"type":"announced","call":')
        for guest in (kiosk, desk, board):
            guest.connection.transport.abort()


async def newcomers(day: Day) -> None:
    """A terminal is paired, after wrong codes and strange ones."""
    async with day.line(RECEPTION.token) as reception:
        await reception.answer()
        assert isinstance(await reception.ask(OpenPairing()), Accepted)
        for frame in MALFORMED:
            async with day.line("", PATH) as stranger:
                await stranger.say(frame)
                await stranger.connection.wait_closed()
        async with brought(day.url) as screen:
            code = await screen.code()
            day.secrets |= {code, spaced(code)}
            wrong = code[:2] + ("BCDFGH" if code[2:] != "BCDFGH" else "HGFDCB")
            day.secrets.add(wrong)
            assert isinstance(await reception.ask(pair(wrong, "board-new")), Refused)
            code = await screen.code()
            day.secrets.add(code)
            await reception.view(
                lambda view: (
                    isinstance(view, ReceptionView)
                    and view.server.pairing is not None
                    and view.server.pairing.waiting > 0
                )
            )
            assert isinstance(await reception.ask(pair(code, "board-new")), Accepted)
            day.secrets.add((await asyncio.wait_for(screen.joining, PATIENCE_S)).token)


async def a_mistake(day: Day) -> None:
    """A frame that our own code does not survive."""
    with contextlib.suppress(ConnectionClosed):
        async with day.line(RECEPTION.token) as reception:
            await reception.answer()
            await reception.say(
                f'{{"type":"gone-wrong-0000","name":"{NAME}","token":"{FALSE_TOKEN}"}}'.encode()
            )
            await reception.connection.wait_closed()


async def test_no_secret_no_ticket_and_no_address_of_a_terminal_comes_into_a_log_whatever_happens(
    tmp_path: Path,
) -> None:
    enrol(tmp_path)
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-c", PROGRAM, str(tmp_path)),
        cwd=ROOT,
        env={**os.environ, "PYTHONASYNCIODEBUG": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        ready = await asyncio.wait_for(server.stdout.readline(), START_PATIENCE_S)
        day = Day(ready.decode().split()[-1])
        await strangers(day)
        await visitors(day)
        await newcomers(day)
        await a_mistake(day)
        out, errors = await asyncio.wait_for(server.communicate(), START_PATIENCE_S)
    finally:
        if server.returncode is None:
            server.kill()
            await server.communicate()
    said = re.sub(rb'"timestamp": "[^"]*"', b"", out + errors)  # any digits may stand there
    assert server.returncode == 71
    events = [json.loads(line).get("event") for line in errors.decode().splitlines() if line.startswith("{")]
    assert {"server.ready", "terminal.joined", "terminal.left", "pairing.paired", "server.mistake"} <= set(
        events
    )
    for secret in day.secrets - {""}:
        assert secret.encode() not in said, secret
    for port in day.ports:
        assert not re.search(rf"\b{port}\b".encode(), said), port
