"""Where terminals wait that the server does not know yet. Closed, unless somebody has opened it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from protocol.badge import Badge, new_token
from protocol.codec import MalformedFrameError
from protocol.pairing import (
    CODE_CHARS,
    NAMEPLATE_CHARS,
    AnyFromNewcomer,
    AnyToNewcomer,
    Kept,
    Knock,
    NotProvedError,
    Paired,
    Proved,
    ServerSide,
    decode_from_newcomer,
    encode,
    typed,
)
from protocol.refusals import RefusalCode
from protocol.server_seen import PairingSeen
from protocol.trust import is_here
from queue_server.core.policy import Refusal
from queue_server.devices import Device

OPEN_S = 600.0
"""So long it stays open: to walk to a few terminals and back."""
WRONG_CODES_MAX = 5
"""Then it closes: whoever guesses has to be let in anew by a person each time."""
WAITING_MAX = 8
"""Terminals that wait at the same time; a centre is set up in as many walks as it takes."""
MESSAGES_MAX = 60
"""Of one terminal that waits: it knocks anew after each code that is not its own, fewer times than that."""
KNOCK_TIMEOUT_S = 5.0
"""Time for a terminal to knock when it has come: whoever only stands here takes the place of others."""
WAITING_OF_AN_ADDRESS_MAX = 2
"""Terminals of one machine in the network that wait: it has one screen, and may have come twice."""
PROOF_TIMEOUT_S = 3.0
"""Time for a terminal to answer a proof: a quarter of a second on the smallest computer. Twice that is less
than a terminal waits for an answer to what it has ordered."""
CLOSING = 4001
"""Close code: the vestibule is closed now; nothing is wrong with the terminal."""

log = structlog.get_logger()


class Trust(NamedTuple):
    """What a terminal shall know the server by."""

    authority: str
    """PEM; empty: it is on the server's own machine."""
    certificate: bytes
    """The server's, DER; empty: lines are not encrypted."""


class Newcomer:
    """A terminal that waits."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.knock: Knock | None = None
        """Its newest, which nobody has tried a code on; none: it has to knock anew."""
        self._answer: asyncio.Future[AnyFromNewcomer] | None = None
        """Of what it was asked; none: it is not asked anything."""

    def send_off(self) -> None:
        """End its line: it comes with its badge from now on, or knocks anew."""
        self.connection.transport.abort()

    async def proves(self, code: str, certificate: bytes) -> bool | None:
        """Whether it has this code; one attempt for each knock. None: it said nothing, and is sent away."""
        knock, self.knock = self.knock, None
        assert knock is not None, "only who has knocked is tried"
        try:
            side = await asyncio.to_thread(ServerSide.meet, code, certificate, knock)
            answer = await self._asked(side.offer)
        except NotProvedError:
            return False
        except (ConnectionClosed, TimeoutError):
            self.send_off()
            return None
        return isinstance(answer, Proved) and side.believes(answer)

    async def takes(self, badge: Badge) -> bool:
        """Whether it has this badge on disk now; if not it is sent away, to come anew."""
        with suppress(ConnectionClosed, TimeoutError):
            if isinstance(await self._asked(Paired(badge)), Kept):
                return True
        self.send_off()
        return False

    def heard(self, message: AnyFromNewcomer) -> bool:
        """Take note of what it says; false: it answers, and was not asked."""
        answer, self._answer = self._answer, None
        if isinstance(message, Knock):
            self.knock = message
        elif answer is None:
            return False
        if answer is not None and not answer.done():
            answer.set_result(message)  # a knock too: that is how it says no
        return True

    def left(self) -> None:
        """It will say nothing more."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(TimeoutError("the terminal has gone"))

    async def _asked(self, message: AnyToNewcomer) -> AnyFromNewcomer:
        """What it answers; ConnectionClosed, TimeoutError."""
        answer: asyncio.Future[AnyFromNewcomer]
        answer = self._answer = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(PROOF_TIMEOUT_S):
            await self.connection.send(encode(message), text=True)
            return await answer


class Vestibule:
    """Lets terminals wait while it is open, and finds the one that has a code."""

    def __init__(self, trust: Trust, changed: Callable[[], None]) -> None:
        """`changed` is told whenever what reception is shown of it has."""
        self._trust = trust
        self._changed = changed
        self._newcomers: dict[ServerConnection, Newcomer] = {}
        self._closes: asyncio.TimerHandle | None = None
        self._until = datetime.min.replace(tzinfo=UTC)
        self._wrong = 0

    def seen(self) -> PairingSeen | None:
        """What reception is shown; none: it is closed."""
        if self._closes is None:
            return None
        waiting = sum(newcomer.knock is not None for newcomer in self._newcomers.values())
        return PairingSeen(self._until, waiting, WRONG_CODES_MAX - self._wrong)

    def open(self, now: datetime) -> None:
        """Let terminals wait, for so long from now on."""
        if self._closes is None:
            self._wrong = 0
        self._stop_clock()
        self._until = now + timedelta(seconds=OPEN_S)
        self._closes = asyncio.get_running_loop().call_later(OPEN_S, self.close)
        log.info("pairing.open", seconds=OPEN_S)
        self._changed()

    def close(self) -> None:
        """Send away whoever waits, and let nobody wait any more; again does nothing."""
        if self._closes is None:
            return
        self._stop_clock()
        for connection in list(self._newcomers):
            connection.transport.abort()
        log.info("pairing.closed", wrong_codes=self._wrong)
        self._changed()

    def _stop_clock(self) -> None:
        if self._closes is not None:
            self._closes.cancel()
            self._closes = None

    def has_room(self, host: str) -> bool:
        """Whether one more terminal may wait, of this machine."""
        if self._closes is None or len(self._newcomers) >= WAITING_MAX:
            return False
        of_host = sum(connection.remote_address[0] == host for connection in self._newcomers)
        return of_host < WAITING_OF_AN_ADDRESS_MAX or is_here(host)

    async def attend(self, connection: ServerConnection) -> None:
        """Hear a terminal that waits, until its line ends."""
        if not self.has_room(
            connection.remote_address[0]
        ):  # closed, or filled, between the handshake and now
            await connection.close(CLOSING)
            return
        newcomer = self._newcomers[connection] = Newcomer(connection)
        try:
            with suppress(ConnectionClosed, TimeoutError):
                for number in range(MESSAGES_MAX):
                    async with asyncio.timeout(None if number else KNOCK_TIMEOUT_S):
                        frame = await connection.recv(decode=False)
                    if not newcomer.heard(decode_from_newcomer(frame)):
                        break
                    self._changed()
        except MalformedFrameError as error:
            log.info("pairing.malformed", why=str(error))
        finally:
            self._newcomers.pop(connection, None)
            newcomer.left()
            connection.transport.abort()
            self._changed()

    async def find(self, said: str) -> Newcomer | Refusal:
        """The one terminal that shows this code."""
        if self._closes is None:
            return Refusal(RefusalCode.PAIRING_CLOSED)
        code = typed(said)
        meant = [
            newcomer
            for newcomer in self._newcomers.values()
            if newcomer.knock is not None and newcomer.knock.nameplate == code[:NAMEPLATE_CHARS]
        ]
        tried = meant if len(code) == CODE_CHARS else []
        proofs = await asyncio.gather(*(newcomer.proves(code, self._trust.certificate) for newcomer in tried))
        if None in proofs:  # perhaps it is the one that is meant, and somebody else has its code
            return Refusal(RefusalCode.TERMINAL_GONE)
        found = [newcomer for newcomer, proof in zip(tried, proofs, strict=True) if proof]
        if len(found) > 1:
            log.warning("pairing.copied", advice="two terminals showed the same code")
            self.close()
            return Refusal(RefusalCode.CODE_COPIED)
        if not found:
            return self._wrong_code()
        return found[0]

    def _wrong_code(self) -> Refusal:
        self._wrong += 1
        if self._wrong >= WRONG_CODES_MAX:
            self.close()
            return Refusal(RefusalCode.PAIRING_CLOSED)
        self._changed()
        return Refusal(RefusalCode.WRONG_CODE)

    def badge_for(self, device: Device) -> Badge:
        """What a terminal is to be given."""
        return Badge(
            device=device.name,
            role=device.role,
            desk=device.desk,
            token=new_token(),
            authority=self._trust.authority,
        )
