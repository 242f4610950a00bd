"""Where strangers' bytes come in: each target takes any bytes, and lets out no error but its own."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from support.broken import ROOT
from support.rights import EXAMPLES, ORDERS
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHeaderValue
from websockets.http11 import Request as HttpRequest

from config.load import load, parse
from config.phrases import Phrases
from config.problem import ConfigError, RosterError
from config.roster_file import parse_roster, write_roster
from printers.replies import Replies
from protocol import pairing
from protocol.badge import BadgeError, read_badge
from protocol.codec import MalformedFrameError, decode_from_server, decode_from_terminal, encode
from protocol.envelope import Accepted, Announced, Done, LeftOut, Refused, Request
from protocol.refusals import RefusalCode
from queue_server.server import offered, token_of

ID = "question-00000001"
BRUSSELS = load(ROOT / "config" / "brussels.toml")


def from_terminal(words: bytes) -> None:
    """A frame that somebody sends to the server."""
    with suppress(MalformedFrameError):
        message = decode_from_terminal(words)
        assert decode_from_terminal(encode(message)) == message


def from_server(words: bytes) -> None:
    """A frame that somebody sends to a terminal."""
    with suppress(MalformedFrameError):
        message = decode_from_server(words)
        assert decode_from_server(encode(message)) == message


def from_newcomer(words: bytes) -> None:
    """A frame that somebody sends to where new terminals wait, and one that answers it."""
    for decode in (pairing.decode_from_newcomer, pairing.decode_to_newcomer):
        with suppress(MalformedFrameError):
            decode(words)


def code(words: bytes) -> None:
    """What somebody types as a code."""
    assert len(pairing.typed(words.decode(errors="replace"))) <= 3 * len(words)


def half_of_a_proof(words: bytes) -> None:
    """A terminal's half of a proof."""
    knock = pairing.Knock("BC", words[: pairing.HALF_BYTES].ljust(pairing.HALF_BYTES, b"\0"))
    with suppress(pairing.NotProvedError):
        pairing.ServerSide.meet("BCDFGHJK", b"", knock)


def handshake(words: bytes) -> None:
    """The headers of somebody who wants to come in."""
    text = words.decode("latin-1")
    headers = Headers()
    for line in text.splitlines():
        name, _, value = line.partition(":")
        with suppress(InvalidHeaderValue):  # such a handshake is refused before anybody of ours sees it
            headers[name] = value
    request = HttpRequest("/", headers)
    token_of(request)
    offered(request)


def centre(words: bytes) -> None:
    """A centre's configuration file."""
    with suppress(ConfigError):
        parse(words.decode(errors="replace"), "centre.toml")


def roster(words: bytes) -> None:
    """A roster that somebody imports."""
    for file in ("roster.csv", "roster.toml"):
        with suppress(RosterError):
            found = parse_roster(words, file, BRUSSELS)
            assert parse_roster(write_roster(found).encode(), "roster.csv", BRUSSELS) == found


def texts(words: bytes) -> None:
    """A file of texts."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "texts.toml").write_text(words.decode(errors="replace"), encoding="utf-8")
        with suppress(ConfigError):
            Phrases.read(folder)


def badge(words: bytes) -> None:
    """The file by which a terminal is known."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "terminal.badge"
        path.write_bytes(words)
        with suppress(BadgeError):
            read_badge(path)


def replies(words: bytes) -> None:
    """What a printer says, in pieces."""
    whole, pieces = Replies(), Replies()
    at_once = whole.feed(words)
    assert at_once == [reply for byte in words for reply in pieces.feed(bytes((byte,)))]


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        target.__name__: target
        for target in (
            from_terminal,
            from_server,
            from_newcomer,
            code,
            half_of_a_proof,
            handshake,
            centre,
            roster,
            texts,
            badge,
            replies,
        )
    }
)


def _seeds() -> dict[str, list[bytes]]:
    asked = [encode(Request(ID, command)) for command in (*EXAMPLES, *ORDERS)]
    told = [encode(message) for message in (Announced(3), LeftOut(("K903",), 1))]
    answers = [Accepted(ID, Done()), Refused(ID, RefusalCode.BUSY)]
    side = pairing.TerminalSide("BCDFGHJK", b"")
    return {
        "from_terminal": asked + told,
        "from_server": [encode(answer) for answer in answers],
        "from_newcomer": [pairing.encode(side.knock), pairing.encode(pairing.Kept())],
        "code": [b"bcdf-ghjk"],
        "half_of_a_proof": [side.knock.half],
        "handshake": [b"Authorization: Bearer abc\nSec-WebSocket-Protocol: walkin.2, chat"],
        "centre": [(ROOT / "config" / name).read_bytes() for name in ("brussels.toml", "charleroi.toml")],
        "roster": [
            b"staff;weekday;from;to\r\nc01;monday;9:30;13h00\r\n",
            b"[[shifts]]\nstaff = 'c01'\nweekday = 'monday'\nfrom = 09:30:00\nto = 13:00:00\n",
            b"staff,day,from,to,breaks,stays\nc01,2026-12-01,9:30,17:00,12:00-12:45,yes\nc02,2026-12-01,-,-,,\n",
            b"[[shifts]]\nstaff = 'c01'\nday = 'friday'\nfrom = '9h'\nto = '17h'\nbreaks = ['12h-13h']\n",
            b"[[shifts]]\nday = 2026-12-25\n",
        ],
        "texts": [(ROOT / "config" / "texts" / "pairing.toml").read_bytes()],
        "badge": [b'{"device":"kiosk-1","role":"kiosk","desk":null,"token":"' + b"A" * 43 + b'"}'],
        "replies": [b"\x16\x14\x00\x0f\x0f\x37\x22!!!!\x00"],
    }


SEEDS: Mapping[str, list[bytes]] = MappingProxyType(_seeds())
"""Bytes that each target takes: mutations begin with them."""
