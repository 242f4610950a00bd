"""A terminal's line to the queue server: it asks, it is shown, and it comes back by itself."""

import asyncio
import contextlib
import random
import secrets
from collections import deque
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from ssl import SSLCertVerificationError, SSLContext
from types import MappingProxyType, TracebackType
from typing import Any, Self

from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from protocol.badge import Badge
from protocol.codec import MalformedFrameError, decode_from_server, encode
from protocol.commands import AnyCommand
from protocol.envelope import (
    SUBPROTOCOL,
    VIEW_BYTES_MAX,
    Accepted,
    Announced,
    AnyFromServer,
    LeftOut,
    Present,
    Refused,
    Request,
    Shown,
    Welcome,
)
from protocol.epochs import Epochs
from protocol.orders import AnyOrder
from protocol.refusals import SENTENCES, RefusalCode
from protocol.trust import SERVER_NAME, is_safe, pinned
from protocol.views import AnyView

OPEN_TIMEOUT_S = 3.0
PING_S = 5.0
"""Between signs of life, and the time the other side has to answer one: a dead line shows in 10 s."""
RETRY_S = (0.1, 0.7)
"""Between two attempts, drawn at random so that many terminals do not come back in one instant."""
TURNED_AWAY_RETRY_S = (2.0, 5.0)
"""The same while the server does not know the terminal: a person has to come first."""
ANSWER_TIMEOUT_S = 8.0
"""How long a question is asked again before the terminal says that the server is away."""
PENDING_MAX = 64
"""Questions under way from one terminal; a person at a screen has one."""
LINE: Mapping[str, Any] = MappingProxyType(
    {
        "subprotocols": [Subprotocol(SUBPROTOCOL)],
        "open_timeout": OPEN_TIMEOUT_S,
        "ping_interval": PING_S,
        "ping_timeout": PING_S,
        "close_timeout": 1,
        "compression": None,
        "proxy": None,
    }
)
"""How every terminal opens its line, known or not."""
TURNED_AWAY: Mapping[int, RefusalCode] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: RefusalCode.UNKNOWN_DEVICE,
        HTTPStatus.UPGRADE_REQUIRED: RefusalCode.OTHER_VERSION,
    }
)
"""Answers to a handshake that no waiting will change."""


class ServerAwayError(ConnectionError):
    """No answer came: whether the command was done shows in the next view."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"The queue server at {url} does not answer. Check that it runs and the network cable."
        )


class LinkUp(Struct, frozen=True):
    """The server is there; a view follows."""

    welcome: Welcome


class LinkLost(Struct, frozen=True):
    """The server is away; the terminal keeps trying."""

    reason: str


class LinkRefused(Struct, frozen=True):
    """The server does not want this terminal as it is; it keeps trying all the same."""

    refusal: Refused


def _trust(url: str, badge: Badge) -> SSLContext | None:
    """Whom this terminal believes at this address; none: it is this machine's own."""
    return pinned(badge.authority) if url.startswith("wss:") else None


def _line(url: str, badge: Badge, trust: SSLContext | None) -> connect:
    return connect(
        url,
        additional_headers={"Authorization": f"Bearer {badge.token}"},
        ssl=trust,
        server_hostname=None if trust is None else SERVER_NAME,
        max_size=VIEW_BYTES_MAX,
        **LINE,
    )


async def is_disowned(url: str, badge: Badge) -> bool:
    """Whether the centre's own server says that it does not know this terminal, or no longer.

    False too while nobody says anything: the server is away, or another one answers. ValueError: the badge
    names nobody to be believed at this address.
    """
    try:
        async with _line(url, badge, _trust(url, badge)):
            return False
    except InvalidStatus as error:
        return error.response.status_code == HTTPStatus.UNAUTHORIZED
    except (OSError, InvalidHandshake, WebSocketException, TimeoutError):
        return False


Update = AnyView | LinkUp | LinkLost | LinkRefused


class QueueClient:
    """One terminal's connection, an async context; `updates` has one reader, `ask` any number of callers."""

    def __init__(self, url: str, badge: Badge, epochs: Epochs | None = None) -> None:
        """`epochs`: what this terminal has seen before; none: nothing."""
        assert is_safe(url), "over a network lines are encrypted"
        self.url = url
        self._trust = _trust(url, badge)
        self._epochs = epochs or Epochs()
        self.badge = badge
        self.connected = False
        self._connection: ClientConnection | None = None
        self._pending: dict[str, tuple[bytes, asyncio.Future[Accepted | Refused]]] = {}
        self._news: deque[Update] = deque()
        self._newsflash = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self._line: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._line = self._tasks.create_task(self._keep_line(), name=f"line of {self.badge.device}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._line is not None
        self._line.cancel()
        for _, answer in self._pending.values():
            answer.cancel()
        await self._tasks.__aexit__(kind, error, traceback)

    async def ask(self, command: AnyCommand | AnyOrder, request_id: str | None = None) -> Accepted | Refused:
        """The server's answer, asked again over reconnects with the same id; ServerAwayError after a time."""
        request_id = request_id or secrets.token_urlsafe(16)
        assert len(self._pending) < PENDING_MAX, "a terminal asks one thing at a time"
        answer: asyncio.Future[Accepted | Refused] = asyncio.get_running_loop().create_future()
        frame = encode(Request(request_id, command))
        self._pending[request_id] = (frame, answer)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await self._send(frame)
                while isinstance(said := await answer, Refused) and said.code is RefusalCode.BUSY:
                    await asyncio.sleep(random.uniform(*RETRY_S))
                    answer = asyncio.get_running_loop().create_future()
                    self._pending[request_id] = (frame, answer)
                    await self._send(frame)
                return said
        except TimeoutError:
            raise ServerAwayError(self.url) from None
        finally:
            self._pending.pop(request_id, None)

    async def announced(self, call: int) -> None:
        """Tell the server that this board has shown and rung all calls up to this one."""
        await self._send(encode(Announced(call)))

    async def present(self) -> None:
        """Tell the server that somebody touches this staff terminal: it is not locked yet."""
        await self._send(encode(Present()))

    async def left_out(self, report: LeftOut) -> None:
        """Tell the server which numbers of this kiosk will never be in the queue."""
        await self._send(encode(report))

    async def updates(self) -> AsyncIterator[Update]:
        """What changed, in order; of several views that wait to be read only the newest is given."""
        while True:
            while self._news:
                yield self._news.popleft()
            self._newsflash.clear()
            await self._newsflash.wait()

    async def _send(self, frame: bytes) -> None:
        """Send now if there is a line; what waits for an answer goes out again when the line is back."""
        if self._connection is not None and self.connected:
            with contextlib.suppress(WebSocketException, OSError):
                await self._connection.send(frame, text=True)

    def _tell(self, update: Update) -> None:
        if isinstance(update, AnyView):
            self._news = deque(old for old in self._news if not isinstance(old, AnyView))
        elif self._news and type(self._news[-1]) is type(update):
            self._news.pop()
        self._news.append(update)
        self._newsflash.set()

    async def _keep_line(self) -> None:
        while True:
            reason, retry_s = "the server closed the line", RETRY_S
            try:
                async with _line(self.url, self.badge, self._trust) as connection:
                    await self._converse(connection)
            except InvalidURI:
                raise
            except InvalidStatus as error:
                reason = str(error)
                if (code := TURNED_AWAY.get(error.response.status_code)) is not None:
                    reason, retry_s = self._refuse(code), TURNED_AWAY_RETRY_S
            except SSLCertVerificationError:
                reason, retry_s = self._refuse(RefusalCode.OTHER_SERVER), TURNED_AWAY_RETRY_S
            except (
                OSError,
                InvalidHandshake,
                WebSocketException,
                TimeoutError,
                MalformedFrameError,
            ) as error:
                reason = str(error) or type(error).__name__
            finally:
                self.connected = False
                self._connection = None
            self._tell(LinkLost(reason))
            await asyncio.sleep(random.uniform(*retry_s))

    def _refuse(self, code: RefusalCode) -> str:
        """Tell what only a person can mend."""
        self._tell(LinkRefused(Refused("", code, SENTENCES[code])))
        return SENTENCES[code]

    async def _converse(self, connection: ClientConnection) -> None:
        async for frame in connection:
            await self._hear(connection, decode_from_server(frame))

    async def _hear(self, connection: ClientConnection, message: AnyFromServer) -> None:
        match message:
            case Welcome():
                self._epochs.meet(self.url, message.epoch)
                self._connection = connection
                self.connected = True
                self._tell(LinkUp(message))
                for frame, _ in list(self._pending.values()):
                    await connection.send(frame, text=True)
            case Shown(view):
                self._tell(view)
            case Accepted(request_id) | Refused(request_id):
                if request_id in self._pending:
                    answer = self._pending[request_id][1]
                    if not answer.done():
                        answer.set_result(message)
                elif isinstance(message, Refused) and not self.connected:
                    self._tell(LinkRefused(message))
