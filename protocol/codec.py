"""Frames to values and back: strict, one line of JSON each."""

import re
from typing import TypeVar

import msgspec

from protocol.envelope import DETAIL_CHARS_MAX, AnyFromServer, AnyFromTerminal

T = TypeVar("T")
QUOTED = re.compile(
    r"^(?:(?P<key>Object contains unknown field) .*|(?P<value>Invalid (?:enum )?value) (?:.*(?= - at `)|.*))",
    re.DOTALL,
)
"""What msgspec says with a word of the sender's: a key, or a value, that is none of those there are."""


class MalformedFrameError(ValueError):
    """A frame that is no message of this protocol; says where and why, with the request's id if any.

    It never says what was in the frame: that may be anything, and this comes into logs.
    """

    def __init__(self, detail: str, request_id: str = "") -> None:
        super().__init__(detail[:DETAIL_CHARS_MAX])
        self.request_id = request_id


_from_terminal: msgspec.json.Decoder[AnyFromTerminal] = msgspec.json.Decoder(AnyFromTerminal)
_from_server: msgspec.json.Decoder[AnyFromServer] = msgspec.json.Decoder(AnyFromServer)
_encoder = msgspec.json.Encoder()


class _Identified(msgspec.Struct):
    id: str = ""


_identified = msgspec.json.Decoder(_Identified)


def encode(message: AnyFromTerminal | AnyFromServer) -> bytes:
    """The frame of a message."""
    return _encoder.encode(message)


def decode_from_terminal(frame: bytes | str) -> AnyFromTerminal:
    """The message in a frame from a terminal; MalformedFrameError when it is none."""
    return _decode(_from_terminal, frame)


def decode_from_server(frame: bytes | str) -> AnyFromServer:
    """The message in a frame from the server; MalformedFrameError when it is none."""
    return _decode(_from_server, frame)


def _decode(decoder: msgspec.json.Decoder[T], frame: bytes | str) -> T:
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedFrameError(unquoted(error), _request_id(frame)) from error


def unquoted(error: Exception) -> str:
    """Why bytes could not be decoded, without a word that was in them.

    >>> unquoted(msgspec.ValidationError("Invalid enum value 'Jean' - at `$.command.reason`"))
    'Invalid enum value - at `$.command.reason`'
    """
    return QUOTED.sub(lambda found: found["key"] or found["value"], str(error))


def _request_id(frame: bytes | str) -> str:
    try:
        return _identified.decode(frame).id[:64]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
