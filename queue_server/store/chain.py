"""A chain over rows: the link of each holds all before it, so that none can be changed alone."""

import hashlib
from datetime import datetime

import msgspec

from queue_server.core.events import AnyEvent
from queue_server.log_port import Record

START_OF_CHAIN = b"\0" * 32
IN_ORDER = "SELECT position, at, actor, command_id, ordinal, kind, body, chain FROM events ORDER BY position"

_event_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


class ChainBrokenError(Exception):
    """This row is not the one that was written here."""


def link(chain: bytes, row: tuple[str | int, ...]) -> bytes:
    """The link of a row, after the one before it."""
    return hashlib.sha256(chain + "\x1f".join(map(str, row)).encode()).digest()


class Chain:
    """How far a day's events are proved."""

    def __init__(self) -> None:
        self.position = 0
        self.link = START_OF_CHAIN

    def prove(  # noqa: PLR0913, PLR0917 - the columns of the table
        self,
        position: int,
        at: str,
        actor: str,
        command_id: str,
        ordinal: int,
        kind: str,
        body: str,
        chain: bytes,
    ) -> Record:
        """The next row as a record; ChainBrokenError, msgspec.DecodeError: the event is of no known kind."""
        expected = link(self.link, (at, actor, command_id, ordinal, kind, body))
        if position != self.position + 1 or chain != expected:
            raise ChainBrokenError("the chain breaks")
        record = Record(datetime.fromisoformat(at), actor, command_id, ordinal, _event_decoder.decode(body))
        self.position, self.link = position, expected
        return record
