"""Terminals under load: the same client code against the bare server and ours."""

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.processes import BADGES, PINS
from protocol.codec import decode_from_server, encode
from protocol.commands import AnyCommand, IssueTicket, OpenDay, OpenDesk
from protocol.envelope import SUBPROTOCOL, Accepted, Request, Shown, Welcome
from protocol.ids import DeviceName, Role, StaffId
from protocol.orders import AnyOrder, SignIn

VIEW = '{"type":"view"'
_ids = itertools.count()
_run = secrets.token_hex(8)


def frame_of(command: AnyCommand | AnyOrder) -> str:
    """A request that was never asked before."""
    return encode(Request(f"{_run}-{next(_ids):010d}", command)).decode()


def ticket_frame() -> str:
    """A visitor takes a ticket."""
    return frame_of(IssueTicket(field="training", languages=("fr",), screen_language="fr"))


@asynccontextmanager
async def line(url: str, **own: Any) -> AsyncIterator[ClientConnection]:
    """A connection as a terminal makes it."""
    async with connect(
        url, compression=None, max_size=2**20, proxy=None, ping_interval=None, **own
    ) as connection:
        yield connection


@asynccontextmanager
async def terminal(url: str, name: DeviceName) -> AsyncIterator[ClientConnection]:
    """The line of a terminal that the server knows; somebody is signed in at reception's."""
    headers = {"Authorization": f"Bearer {BADGES[name].token}"}
    async with line(url, additional_headers=headers, subprotocols=[SUBPROTOCOL]) as connection:
        assert isinstance(decode_from_server(await connection.recv()), Welcome)
        if BADGES[name].role is Role.RECEPTION:
            await sign_in(connection, name.replace("reception", "host"))
        yield connection


async def sign_in(connection: ClientConnection, staff: StaffId) -> None:
    """This person is at the terminal."""
    await ask(connection, SignIn(staff=staff, pin=PINS[staff]))


async def sit_down(connection: ClientConnection, counsellor: StaffId) -> None:
    """A counsellor signs in, and opens the desk."""
    await sign_in(connection, counsellor)
    await ask(connection, OpenDesk(counsellor))


async def answer(connection: ClientConnection, frame: str) -> str:
    """Send a frame and wait for what is not a view."""
    await connection.send(frame)
    while True:
        reply = await connection.recv()
        assert isinstance(reply, str)
        if not reply.startswith(VIEW):
            return reply


async def ask(connection: ClientConnection, command: AnyCommand | AnyOrder) -> Accepted:
    """An accepted command."""
    reply = decode_from_server(await answer(connection, frame_of(command)))
    assert isinstance(reply, Accepted), reply
    return reply


async def open_day(reception: ClientConnection) -> None:
    """Tickets may be taken, whether the hours have opened the day already or not."""
    await answer(reception, frame_of(OpenDay()))


async def picture(connection: ClientConnection) -> Shown:
    """The next view."""
    while True:
        message = decode_from_server(await connection.recv())
        if isinstance(message, Shown):
            return message


async def rate(
    connections: Sequence[ClientConnection], make: Callable[[], str], seconds: float
) -> tuple[float, list[float]]:
    """Answers a second over all connections, each asking one thing at a time, and how long each took (s)."""
    took: list[float] = []

    async def keep_asking(connection: ClientConnection, until: float) -> None:
        while (began := time.perf_counter()) < until:
            await answer(connection, make())
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for connection in connections:
            tasks.create_task(keep_asking(connection, began + seconds))
    return len(took) / (time.perf_counter() - began), took


@asynccontextmanager
async def lines(url: str, count: int) -> AsyncIterator[list[ClientConnection]]:
    """Bare connections."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(line(url)) for _ in range(count)]


@asynccontextmanager
async def terminals(url: str, names: Sequence[DeviceName]) -> AsyncIterator[list[ClientConnection]]:
    """The lines of these terminals."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(terminal(url, name)) for name in names]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
