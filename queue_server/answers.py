"""What a terminal is answered: made from what the command did, so that a repeated question gets the same."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit, urlunsplit

from config.model import Centre
from protocol import commands as c
from protocol.envelope import Called, Done, HeldNumber, NumbersHeld, Outcome, Ready, TicketGiven
from protocol.ids import DayDate, DeviceName, TicketCode
from queue_server.core.events import AnyEvent, DeskReadied, NumbersReserved, TicketCalled, TicketIssued
from queue_server.core.prospects import told_window

TOKEN_BYTES = 10
"""80 bits, 16 characters: beyond guessing, and short enough for a small QR code."""
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U; capitals and digits make the smallest QR codes."""
_PAIRS = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
_PAIR_BITS = 10
_SHIFTS = tuple(range(8 * TOKEN_BYTES - _PAIR_BITS, -1, -_PAIR_BITS))


def token_of(secret: bytes, ticket: TicketCode) -> str:
    """The secret of a ticket: only who holds the day's key or the slip knows it.

    It is made from the day's key, so that a reprinted slip carries the same one and the log carries none.
    """
    digest = blake2b(ticket.encode(), key=secret, digest_size=TOKEN_BYTES).digest()
    bits = int.from_bytes(digest, "big")
    return "".join([_PAIRS[bits >> shift & len(_PAIRS) - 1] for shift in _SHIFTS])


def url_of(centre: Centre, token: str) -> str:
    """What the QR of a ticket says."""
    return f"{_address(centre.ticket_url)}{token}"


@lru_cache(maxsize=1)
def _address(ticket_url: str) -> str:
    """With capitals where they mean the same, since they make a smaller QR code: not in the path.

    >>> _address("https://centre.example/tickets/")
    'HTTPS://CENTRE.EXAMPLE/tickets/'
    """
    path = urlunsplit(urlsplit(ticket_url)._replace(scheme="", netloc=""))
    return ticket_url.removesuffix(path).upper() + path


def printer_of(centre: Centre, kiosk: DeviceName | None) -> DeviceName | None:
    """The printer at a kiosk; none when there is none."""
    known = None if kiosk is None else centre.kiosks_by_name.get(kiosk)
    return None if known is None else known.printer


class Answers:
    """Turns what happened into what the terminal is told."""

    def __init__(self, centre: Centre, day: DayDate, secret: bytes) -> None:
        self._centre = centre
        self._day = day
        self._secret = secret

    def outcome(self, command: c.AnyCommand, events: Sequence[AnyEvent], at: datetime) -> Outcome:
        """The answer to a command that made these events happen at this instant."""
        if not events and isinstance(command, c.CallNext):
            return Ready()
        return self.of_first(events[0], at) if events else Done()

    def of_first(self, event: AnyEvent, at: datetime) -> Outcome:
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
                    window=told_window(event.told, at),
                    nobody=event.nobody,
                )
            case NumbersReserved():
                numbers = tuple(map(self._held, event.tickets))
                return NumbersHeld(day=self._day, field=event.field, numbers=numbers)
            case TicketCalled():
                return Called(ticket=event.ticket, desk=event.desk, call=event.call)
            case DeskReadied():
                return Ready()
            case _:
                return Done()

    def _held(self, ticket: TicketCode) -> HeldNumber:
        token = token_of(self._secret, ticket)
        return HeldNumber(ticket=ticket, token=token, token_url=url_of(self._centre, token))
