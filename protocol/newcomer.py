"""A terminal that belongs to no centre yet: it shows a code until somebody has typed it, then has a badge."""

import asyncio
import random
import ssl
from collections.abc import Callable
from http import HTTPStatus

from msgspec import Struct
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

from protocol.badge import Badge
from protocol.client import LINE, RETRY_S, TURNED_AWAY_RETRY_S
from protocol.codec import MalformedFrameError
from protocol.discretion import hidden
from protocol.envelope import FRAME_BYTES_MAX
from protocol.pairing import (
    PATH,
    WRONG_PROOFS_MAX,
    Code,
    Kept,
    NotProvedError,
    Offer,
    Paired,
    TerminalSide,
    decode_to_newcomer,
    encode,
    new_code,
)
from protocol.trust import is_safe

WRONG_PAUSE_S, WRONG_PAUSE_S_MAX = 0.25, 60.0
"""After the first wrong offer twice the first, then twice as long each time: a server that guesses has
fifteen hundred guesses a day, of 64 million."""


class Away(Struct, frozen=True):
    """The server does not answer."""


class Closed(Struct, frozen=True):
    """The server answers, and no new terminal may come now."""


class OtherVersion(Struct, frozen=True):
    """The server answers, and is of another version than this terminal."""


class Showing(Struct, frozen=True):
    """This code is to be typed."""

    code: Code

    def __repr__(self) -> str:
        return hidden(self, "code")


Situation = Away | Closed | OtherVersion | Showing
_TURNED_AWAY: dict[int, Situation] = {
    HTTPStatus.FORBIDDEN: Closed(),
    HTTPStatus.UPGRADE_REQUIRED: OtherVersion(),
}


def _encrypted_to_anybody() -> ssl.SSLContext:
    """Encrypted; who is at the other end is proved by the code, not by a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Newcomer:
    """One terminal on its way in."""

    def __init__(self, url: str, tell: Callable[[Situation], None], keep: Callable[[Badge], None]) -> None:
        """`tell` hears what to show; `keep` writes the badge down, or raises BadgeError."""
        assert is_safe(url), "over a network lines are encrypted"
        self._url = url
        self._tell = tell
        self._keep = keep
        self._code = new_code()
        self._wrong = 0

    async def join(self) -> Badge:
        """Wait for somebody to type the code, as long as it takes; BadgeError when it cannot be kept."""
        trust = _encrypted_to_anybody() if self._url.startswith("wss:") else None
        while True:
            retry_s = RETRY_S
            try:
                async with connect(
                    self._url + PATH,
                    ssl=trust,
                    max_size=FRAME_BYTES_MAX,
                    **LINE,
                ) as connection:
                    badge = await self._converse(connection)
                if badge is not None:
                    return badge
                self._tell(Away())
            except InvalidStatus as error:
                self._code = new_code()  # whoever has seen the former one has had time to look at it
                retry_s = TURNED_AWAY_RETRY_S
                self._tell(_TURNED_AWAY.get(error.response.status_code, Away()))
            except (OSError, InvalidHandshake, WebSocketException, TimeoutError, MalformedFrameError):
                self._tell(Away())
            await asyncio.sleep(random.uniform(*retry_s))

    async def _converse(self, connection: ClientConnection) -> Badge | None:
        """The badge, once it is kept and the server has closed the line; none: the line ended before."""
        end = connection.transport.get_extra_info("ssl_object")
        certificate = b"" if end is None else end.getpeercert(binary_form=True)
        side, proved = await self._knock(connection, certificate), False
        try:
            while True:
                match decode_to_newcomer(await connection.recv(decode=False)):
                    case Offer() as offer:
                        try:
                            answer = await asyncio.to_thread(side.answer, offer)
                        except NotProvedError:
                            await self._was_wrong()
                            side = await self._knock(connection, certificate)
                        else:
                            proved = True
                            await connection.send(encode(answer), text=True)
                    case Paired(badge) if proved:
                        return await self._kept(connection, replace(badge, server=self._url))
                    case Paired():
                        return None
        except ConnectionClosed:
            return None

    async def _knock(self, connection: ClientConnection, certificate: bytes) -> TerminalSide:
        side = await asyncio.to_thread(TerminalSide, self._code, certificate)
        await connection.send(encode(side.knock), text=True)
        self._tell(Showing(self._code))
        return side

    async def _was_wrong(self) -> None:
        """Whoever is there has guessed, or somebody has mistyped: the next guess has to wait, each longer."""
        self._wrong += 1
        if self._wrong % WRONG_PROOFS_MAX == 0:
            self._code = new_code()
        await asyncio.sleep(min(WRONG_PAUSE_S * 2 ** min(self._wrong, 10), WRONG_PAUSE_S_MAX))

    async def _kept(self, connection: ClientConnection, badge: Badge) -> Badge:
        await asyncio.to_thread(self._keep, badge)
        await connection.send(encode(Kept()), text=True)
        await connection.wait_closed()
        return badge
