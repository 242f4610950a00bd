"""The device port: terminals over WebSocket. Each is heard one frame at a time and fed pictures."""

import asyncio
import resource
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from functools import partial
from http import HTTPStatus
from typing import NamedTuple, assert_never

import structlog
from msgspec.structs import replace
from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response as HttpResponse
from websockets.typing import Subprotocol

from config.model import Centre
from protocol.codec import MalformedFrameError, decode_from_terminal, encode
from protocol.envelope import (
    FRAME_BYTES_MAX,
    PROTOCOL_VERSION,
    SUBPROTOCOL,
    Accepted,
    Announced,
    LeftOut,
    Present,
    Refused,
    Request,
    Welcome,
)
from protocol.ids import DeviceName, StaffId
from protocol.orders import Order, SignIn
from protocol.pairing import PATH as PAIRING
from protocol.refusals import SENTENCES, RefusalCode
from protocol.trust import is_here
from queue_server.core.housekeeping import ForgetDevice
from queue_server.core.policy import RIGHTS, STAFFED, Actor, Refusal, may_ask, rights_at
from queue_server.devices import By, Device, unfit
from queue_server.doorkeeper import Doorkeeper
from queue_server.doorway import Doorway
from queue_server.engine import Answer, Engine, StoppedError
from queue_server.hub import Hub, Seat
from queue_server.orders import Orders
from queue_server.pace import Pace
from queue_server.vestibule import Trust, Vestibule

HANDSHAKE_TIMEOUT_S = 3.0
"""Time for a connection to say who it is; slower is not a terminal."""
SEND_TIMEOUT_S = 5.0
"""A terminal that does not read for so long is cut off; it comes back and is shown the truth."""
PING_S = 4.0
"""Between signs of life, and the time the other side has to answer one."""
CLOSE_TIMEOUT_S = 1.0
UNREAD_TIMEOUT_S = 8.0
"""So long the kernel waits for a terminal to take what was sent: pings wait behind it, and end nothing."""
QUEUED_FRAMES_MAX = 16
"""Frames read ahead of the queue, for each connection."""
WRITE_BUFFER_BYTES = 32 * 1024
HARD_FRAME_BYTES_MAX = 4 * FRAME_BYTES_MAX
"""Up to here a frame that is too long is refused in words; beyond, the connection is closed (code 1009)."""
CONNECTIONS_MAX = 1200
"""Ten times the devices of the largest centre; a thousand boards were measured."""
MESSAGES_PER_S = 200.0
"""Of one terminal, however many lines it has, on and on: a tenth of what the server does at most."""
MESSAGES_AT_ONCE = 1000
"""As many may come at once: ten times what a kiosk has to say when it was alone and comes back."""
UNFIT = 4000
"""Close code: the terminal is known, and has no place in the centre as it is configured now."""
BEARER = "Bearer "

log = structlog.get_logger()


class Place(NamedTuple):
    """Where terminals find the server."""

    host: str
    port: int
    """0: any that is free."""
    proof: ssl.SSLContext | None = None
    """Encrypts, and tells terminals whom they speak to; none: on this machine alone."""
    trust: Trust = Trust("", b"")
    """The same, for terminals that do not know the server yet."""


class DevicePort:
    """Hears terminals and shows them the queue."""

    def __init__(
        self,
        centre: Centre,
        engine: Engine,
        hub: Hub,
        doorkeeper: Doorkeeper,
        vestibule: Vestibule,
        orders: Orders,
    ) -> None:
        self._centre = centre
        self._doorkeeper = doorkeeper
        self._vestibule = vestibule
        self._orders = orders
        self._engine = engine
        self._hub = hub
        self._doorway: Doorway | None = None
        self._lines: dict[ServerConnection, Device] = {}
        self._paces: dict[DeviceName, Pace] = {}
        """One for each terminal that has come; they are as few as those that are known."""
        self._mistake: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def watch(self) -> None:
        """Ends only by a mistake of ours in serving a terminal, which it raises: the process must end."""
        await self._mistake

    @asynccontextmanager
    async def listening(self, place: Place) -> AsyncIterator[int]:
        """Serve terminals while the context lasts; gives the port, which is free to choose with 0."""
        assert place.proof is not None or is_here(place.host), "over a network lines are encrypted"
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the usual soft limit is lower than ours
        with closing(Doorway(place.host, place.port)) as doorway:
            async with self._open(doorway, place.proof) as server:
                self._doorway = doorway
                yield next(iter(server.sockets)).getsockname()[1]

    def _open(self, doorway: Doorway, proof: ssl.SSLContext | None) -> AbstractAsyncContextManager[Server]:
        return serve(
            self._serve,
            sock=doorway,
            compression=None,
            open_timeout=HANDSHAKE_TIMEOUT_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=HARD_FRAME_BYTES_MAX,
            max_queue=QUEUED_FRAMES_MAX,
            write_limit=WRITE_BUFFER_BYTES,
            origins=[None],
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            server_header=None,
            process_request=self._admit,
            ssl=proof,
            ssl_handshake_timeout=None if proof is None else HANDSHAKE_TIMEOUT_S,
        )

    def _admit(self, connection: ServerConnection, request: HttpRequest) -> HttpResponse | None:
        """Turn away whoever is not known, speaks another version, or comes when the house is full."""
        if len(connection.server.connections) > CONNECTIONS_MAX:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Too many terminals are connected.\n")
        if SUBPROTOCOL not in offered(request):
            return connection.respond(HTTPStatus.UPGRADE_REQUIRED, f"This server speaks {SUBPROTOCOL}.\n")
        if request.path == PAIRING:
            if self._vestibule.has_room(connection.remote_address[0]):
                return None
            return connection.respond(HTTPStatus.FORBIDDEN, "No new terminal may come now.\n")
        if self._doorkeeper.known(token_of(request)) is None:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "This terminal is not known here.\n")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        assert self._doorway is not None, "it listens"
        self._doorway.known(connection.remote_address)
        try:
            if connection.request.path == PAIRING:
                await self._vestibule.attend(connection)
            else:
                await self._attend(connection)
        except Exception as error:
            if not self._mistake.done():
                self._mistake.set_exception(error)
            raise

    def recheck(self, gone: Iterable[DeviceName]) -> None:
        """End the lines of devices that do not belong to the centre any more, or have become another."""
        for connection, device in list(self._lines.items()):
            assert connection.request is not None
            if self._doorkeeper.known(token_of(connection.request)) != device:
                del self._lines[connection]
                connection.transport.abort()
        for name in gone:
            self._hub.forget(name)
            self._paces.pop(name, None)
            with suppress(StoppedError):
                self._engine.wish(ForgetDevice(name))
        self._engine.touch()

    async def _attend(self, connection: ServerConnection) -> None:
        line: socket.socket = connection.transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_TIMEOUT_S * 1000))
        with suppress(ConnectionClosed, StoppedError):
            device = await self._welcomed(connection)
            if device is None:
                return
            self._lines[connection] = device
            seat = self._hub.join(device, self._engine.now(), partial(_send_now, connection))
            self._doorkeeper.saw(device.name, self._engine.now())
            log.info("terminal.joined", role=device.role.value, device=device.name, desk=device.desk)
            self._engine.touch()
            try:
                async with asyncio.TaskGroup() as tasks:
                    feeding = tasks.create_task(self._feed(connection, seat))
                    with suppress(ConnectionClosed, StoppedError):
                        await self._hear(connection, seat)
                    feeding.cancel()
            finally:
                self._lines.pop(connection, None)
                self._hub.leave(seat, self._engine.now())
                self._doorkeeper.saw(device.name, self._engine.now())
                self._engine.touch()
                log.info("terminal.left", role=device.role.value, device=device.name, desk=device.desk)

    async def _welcomed(self, connection: ServerConnection) -> Device | None:
        """The device at the other end, which was told so; none: it was told why it is not welcome."""
        assert connection.request is not None
        device = self._doorkeeper.known(token_of(connection.request))
        refusal = RefusalCode.UNKNOWN_DEVICE if device is None else unfit(device, self._centre)
        if refusal is not None:
            await self._send(connection, encode(Refused("", refusal, SENTENCES[refusal])))
            await connection.close(UNFIT, refusal)
            return None
        welcome = Welcome(
            protocol=PROTOCOL_VERSION,
            server="walkin",
            centre=self._centre.id,
            day=self._engine.queue.day,
            epoch=self._engine.epoch,
        )
        await self._send(connection, encode(welcome))
        return device

    async def _hear(self, connection: ServerConnection, seat: Seat) -> None:
        device = seat.device
        pace = self._paces.setdefault(device.name, self._new_pace())
        while True:
            frame = await connection.recv(decode=False)
            if (early_s := pace.early_s()) > 0:  # what it has sent waits in its line, then in its own machine
                with suppress(TimeoutError):
                    async with asyncio.timeout(early_s):
                        await connection.wait_closed()
            if connection not in self._lines:  # what was still to be read when the device was removed
                return
            if len(frame) > FRAME_BYTES_MAX:
                refused: Refused | None = Refused(
                    "", RefusalCode.MALFORMED, f"a frame has at most {FRAME_BYTES_MAX} bytes"
                )
            else:
                refused = self._heard(frame, seat)
            if refused is not None:
                await self._send(connection, encode(refused))

    @staticmethod
    def _new_pace() -> Pace:
        return Pace(MESSAGES_PER_S, MESSAGES_AT_ONCE, asyncio.get_running_loop().time)

    @staticmethod
    def _signature(actor: Actor, order: Order) -> str:
        """Who orders it; who signs in is not yet who was there."""
        return replace(actor, staff=None).signature if isinstance(order, SignIn) else actor.signature

    def _staff_at(self, device: Device) -> StaffId | None:
        return self._doorkeeper.sessions.staff_at(device.name) if device.role in STAFFED else None

    def _heard(self, frame: bytes, seat: Seat) -> Refused | None:
        """Act on a frame; the queue's own answer comes later, when it is on disk."""
        device = seat.device
        staff = self._staff_at(device)
        rights = rights_at(device.role, staff)
        try:
            message = decode_from_terminal(frame)
        except MalformedFrameError as error:
            return Refused(error.request_id, RefusalCode.MALFORMED, str(error))
        match message:
            case Request(request_id, command):
                if not seat.owe():
                    return Refused(request_id, RefusalCode.BUSY)
                actor = Actor(device.role, device.name, device.desk, staff)
                answering = partial(_answer, seat, request_id)
                if type(command) not in rights.asks:
                    is_locked = may_ask(actor, command)
                    answering(Refusal(RefusalCode.LOCKED if is_locked else RefusalCode.NOT_ALLOWED))
                elif isinstance(command, Order):
                    by = By(self._signature(actor, command), self._engine.now())
                    self._orders.ask(request_id, command, by, device, answering)
                else:
                    if staff is not None:
                        self._doorkeeper.sessions.touched(device.name)
                    self._engine.ask(request_id, command, actor, answering)
                return None
            case Announced() | LeftOut() | Present() if type(message) not in rights.tells:
                if type(message) in RIGHTS[device.role].tells:  # it was locked a moment ago
                    return None
                return Refused("", RefusalCode.NOT_ALLOWED, SENTENCES[RefusalCode.NOT_ALLOWED])
            case Present():
                self._doorkeeper.sessions.touched(device.name)
                return None
            case Announced(call):
                self._hub.announced(seat, self._engine.queue.told_by_a_board(call))
                self._engine.touch()
                return None
            case LeftOut():
                self._hub.left_out(seat, message)
                self._engine.touch()
                return None
            case _:
                assert_never(message)

    async def _feed(self, connection: ServerConnection, seat: Seat) -> None:
        """Send what could not be sent at once: answers, then the newest picture."""
        with suppress(ConnectionClosed):
            while True:
                await self._send(connection, await seat.take())

    async def _send(self, connection: ServerConnection, frame: bytes) -> None:
        """Send one frame; a terminal that does not read is cut off without delaying anyone."""
        if _send_now(connection, frame):
            return
        try:
            async with asyncio.timeout(_patience_s(connection)):
                await connection.send(frame, text=True)
        except TimeoutError:
            log.warning("terminal.stalled")
            connection.transport.abort()


def _patience_s(connection: ServerConnection) -> float:
    """How long a frame may wait for its terminal: no longer than a ping that it has not answered either.

    An end in good order would wait behind the frame: a line that filled up while a ping was under way would
    stay for both times, one after the other.
    """
    asked_at_s = min((at_s for _, at_s in connection.pending_pings.values()), default=None)
    if asked_at_s is None:
        return SEND_TIMEOUT_S
    left_s = asked_at_s + PING_S + CLOSE_TIMEOUT_S - asyncio.get_running_loop().time()
    return min(SEND_TIMEOUT_S, max(0.0, left_s))


def offered(request: HttpRequest) -> list[str]:
    """The subprotocols that a handshake names."""
    named = ",".join(request.headers.get_all("Sec-WebSocket-Protocol"))
    return [name.strip() for name in named.split(",")]


def token_of(request: HttpRequest) -> str:
    """The secret that a handshake carries; empty: none, or more than one."""
    [*given] = request.headers.get_all("Authorization")
    return given[0].removeprefix(BEARER) if len(given) == 1 and given[0].startswith(BEARER) else ""


def _send_now(connection: ServerConnection, frame: bytes) -> bool:
    """Send without waiting, if the terminal has read what was sent before; else nothing is sent."""
    if connection.transport.get_write_buffer_size() > 0:
        return False
    broadcast((connection,), frame, text=True)
    return True


def _answer(seat: Seat, request_id: str, answer: Answer | None) -> None:
    """Give a terminal its answer; when none will come the server ends, and the line with it."""
    if isinstance(answer, Refusal):
        seat.reply(encode(Refused(request_id, answer.code, _in_words(answer))))
    elif answer is not None:
        seat.reply(encode(Accepted(request_id, answer)))


def _in_words(refusal: Refusal) -> str:
    sentence = SENTENCES[refusal.code]
    return f"{sentence} ({refusal.detail})" if refusal.detail else sentence
