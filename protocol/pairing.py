"""How a new terminal and the centre's server come to know each other: by a code on the terminal's screen.

The terminal thinks of a code and shows it; whoever stands before it says it to the server, by hand. Both then
prove to each other that they have it (SPAKE2; Abdalla and Pointcheval, 2005): whoever sits between them, or
answers at the server's address, can guess once for each attempt and learns nothing by it. The proof holds for
one server certificate: the line it was made over is between these two, and the badge can be sent over it.
"""

import hashlib
import hmac
import secrets
from typing import Annotated, Protocol, Self

import msgspec
from msgspec import Meta, Struct

from protocol.badge import Badge
from protocol.codec import MalformedFrameError, unquoted
from protocol.ids import END
from protocol.orders import ALPHABET

PATH = "/pair"
"""Of the server's address: here terminals may come that it does not know."""
CODE_CHARS = 8
NAMEPLATE_CHARS = 2
"""So much of a code is no secret: it tells which of the terminals that wait is meant."""
WRONG_PROOFS_MAX = 3
"""So often a server may be wrong about a code, then the terminal thinks of another: each is one guess of 64
million, the secret part of a code."""
HALF_BYTES = 33
PROOF_BYTES = 32

Code = Annotated[str, Meta(pattern=rf"^[{ALPHABET}]{{{CODE_CHARS}}}{END}", description="on a screen")]
Nameplate = Annotated[str, Meta(pattern=rf"^[{ALPHABET}]{{{NAMEPLATE_CHARS}}}{END}")]
Half = Annotated[bytes, Meta(min_length=HALF_BYTES, max_length=HALF_BYTES)]
Mac = Annotated[bytes, Meta(min_length=PROOF_BYTES, max_length=PROOF_BYTES)]


class NotProvedError(Exception):
    """The other side does not have the code, or speaks over another line."""


class FromNewcomer(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A frame of a terminal that the server does not know."""


class Knock(FromNewcomer, frozen=True, tag="knock"):
    """It shows a code, waits, and has begun its half of the proof."""

    nameplate: Nameplate
    half: Half


class Proved(FromNewcomer, frozen=True, tag="proved"):
    """The server has the code; so have I."""

    proof: Mac


class Kept(FromNewcomer, frozen=True, tag="kept"):
    """I have my badge on disk: from now on I come with it, once you close this line."""


AnyFromNewcomer = Knock | Proved | Kept


class ToNewcomer(Struct, frozen=True, tag_field="type"):
    """A frame for a terminal that the server does not know."""


class Offer(ToNewcomer, frozen=True, tag="offer"):
    """Somebody has typed a code: if it is yours, this proves it. If not, knock anew."""

    half: Half
    proof: Mac


class Paired(ToNewcomer, frozen=True, tag="paired"):
    """You belong to the centre, as this; the address is the one at which you have found it."""

    badge: Badge


AnyToNewcomer = Offer | Paired

_encoder = msgspec.json.Encoder()
_from_newcomer: msgspec.json.Decoder[AnyFromNewcomer] = msgspec.json.Decoder(AnyFromNewcomer)
_to_newcomer: msgspec.json.Decoder[AnyToNewcomer] = msgspec.json.Decoder(AnyToNewcomer)


def encode(message: AnyFromNewcomer | AnyToNewcomer) -> bytes:
    """The frame of a message."""
    return _encoder.encode(message)


def decode_from_newcomer(frame: bytes | str) -> AnyFromNewcomer:
    """The message in a frame from a terminal that is not known; MalformedFrameError when it is none."""
    try:
        return _from_newcomer.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedFrameError(unquoted(error)) from error


def decode_to_newcomer(frame: bytes | str) -> AnyToNewcomer:
    """The message in a frame for a terminal that is not known; MalformedFrameError when it is none."""
    try:
        return _to_newcomer.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedFrameError(unquoted(error)) from error


def new_code() -> Code:
    """A code that nobody can guess: 34 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))


def typed(text: str) -> str:
    """What somebody typed, without the dash, spaces and small letters that they may have used.

    >>> typed(" bcdf-ghjk")
    'BCDFGHJK'
    """
    return "".join(char for char in text.upper() if char.isalnum())


def spaced(code: Code) -> str:
    """A code as people read it.

    >>> spaced("BCDFGHJK")
    'BCDF-GHJK'
    """
    return f"{code[: CODE_CHARS // 2]}-{code[CODE_CHARS // 2 :]}"


class TerminalSide:
    """A terminal's attempt with its code, over a line to a server with this certificate (DER; or empty)."""

    def __init__(self, code: Code, certificate: bytes) -> None:
        from spake2 import SPAKE2_A

        self._exchange = SPAKE2_A(code.encode(), *_ends(certificate))
        self.knock = Knock(code[:NAMEPLATE_CHARS], self._exchange.start())

    def answer(self, offer: Offer) -> Proved:
        """What proves to the server that we have the code, once it has; NotProvedError when it has not."""
        key = _key(self._exchange, offer.half)
        if not hmac.compare_digest(offer.proof, _proof(key, b"server")):
            raise NotProvedError
        return Proved(_proof(key, b"terminal"))


class ServerSide:
    """The server's attempt with a code that was typed, for a terminal that has knocked."""

    def __init__(self, offer: Offer, expected: bytes) -> None:
        self.offer = offer
        self._expected = expected

    @classmethod
    def meet(cls, code: Code, certificate: bytes, knock: Knock) -> Self:
        """Begin and end our half; some ten milliseconds of reckoning. NotProvedError: its half is none."""
        from spake2 import SPAKE2_B

        exchange = SPAKE2_B(code.encode(), *_ends(certificate))
        half = exchange.start()
        key = _key(exchange, knock.half)
        return cls(Offer(half, _proof(key, b"server")), _proof(key, b"terminal"))

    def believes(self, answer: Proved) -> bool:
        """Whether the terminal has the code."""
        return hmac.compare_digest(answer.proof, self._expected)


def _ends(certificate: bytes) -> tuple[bytes, bytes]:
    return b"walkin terminal", b"walkin server " + hashlib.sha256(certificate).digest()


class _Exchange(Protocol):
    """One side of SPAKE2."""

    def finish(self, half: bytes) -> bytes:
        """The key of both; their errors."""


def _key(exchange: _Exchange, half: bytes) -> bytes:
    """What both have who have the code; NotProvedError: what came is no half of a proof."""
    try:
        return exchange.finish(half)
    except (
        Exception
    ) as error:  # the library has no one error for bytes that are no half: fuzzing has found four
        raise NotProvedError from error


def _proof(key: bytes, of: bytes) -> bytes:
    return hmac.digest(key, b"walkin pairing " + of, "sha256")
