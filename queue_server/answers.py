"""What a terminal is answered: made from what the command did, so that a repeated question gets the same."""

import hashlib
from base64 import b32encode
from collections.abc import Sequence

from config.model import Centre
from protocol import commands as c
from protocol.envelope import Called, Done, Outcome, Ready, TicketGiven
from protocol.ids import DeviceName, TicketCode
from queue_server.core.events import AnyEvent, DeskReadied, TicketCalled, TicketIssued

TOKEN_BYTES = 10
"""80 bits, 16 characters: beyond guessing, and short enough for a small QR code."""
CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")
"""Base 32 without I, L, O and U; capitals and digits make the smallest QR codes."""


def token_of(secret: bytes, ticket: TicketCode) -> str:
    """The secret of a ticket: only who holds the day's key or the slip knows it.

    It is made from the day's key, so that a reprinted slip carries the same one and the log carries none.
    """
    digest = hashlib.blake2b(ticket.encode(), key=secret, digest_size=TOKEN_BYTES).digest()
    return b32encode(digest).translate(CROCKFORD).decode()


def url_of(centre: Centre, token: str) -> str:
    """What the QR of a ticket says."""
    return f"{centre.ticket_url}{token}".upper()


def printer_of(centre: Centre, kiosk: DeviceName | None) -> DeviceName | None:
    """The printer at a kiosk; none when there is none."""
    return next((known.printer for known in centre.kiosks if known.name == kiosk), None)


class Answers:
    """Turns what happened into what the terminal is told."""

    def __init__(self, centre: Centre, secret: bytes) -> None:
        self._centre = centre
        self._secret = secret

    def outcome(self, command: c.AnyCommand, events: Sequence[AnyEvent]) -> Outcome:
        """The answer to a command that made these events happen."""
        if not events and isinstance(command, c.CallNext):
            return Ready()
        return self.of_first(events[0]) if events else Done()

    def of_first(self, event: AnyEvent) -> Outcome:
        """The answer that belongs to a command's first event."""
        match event:
            case TicketIssued():
                token = token_of(self._secret, event.ticket)
                return TicketGiven(
                    ticket=event.ticket,
                    ahead=event.ahead,
                    token=token,
                    token_url=url_of(self._centre, token),
                    printer=printer_of(self._centre, event.kiosk),
                )
            case TicketCalled():
                return Called(ticket=event.ticket, desk=event.desk, call=event.call)
            case DeskReadied():
                return Ready()
            case _:
                return Done()
