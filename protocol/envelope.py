"""What travels on the wire, one JSON text frame each."""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.commands import AnyCommand
from protocol.discretion import hidden
from protocol.ids import DayDate, DeskId, DeviceName, FieldId, RequestId, TicketCode
from protocol.orders import AnyOrder
from protocol.plan import PlanShown
from protocol.refusals import RefusalCode
from protocol.views import AnyView
from protocol.waits import WaitWindow

PROTOCOL_VERSION = 2
SUBPROTOCOL = f"walkin.{PROTOCOL_VERSION}"
"""What a terminal names in its handshake: both ends speak one version, or do not speak."""
FRAME_BYTES_MAX = 16 * 1024
"""Largest frame a terminal may send; the longest, somebody's day, stays below 8 kB."""
VIEW_BYTES_MAX = 256 * 1024
"""Largest frame a server sends: a reception view with all its rows stays below it."""
DETAIL_CHARS_MAX = 300
LEFT_OUT_MAX = 20
"""Tickets named in one report: as many as reception can be shown; of further ones the number is told."""


class FromTerminal(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A frame sent by a terminal."""


class Request(FromTerminal, frozen=True, tag="request"):
    """Ask for something to be done. The same id is answered the same, however often it is asked."""

    id: RequestId
    command: AnyCommand | AnyOrder


class Announced(FromTerminal, frozen=True, tag="announced"):
    """A board has shown and rung all calls up to this one."""

    call: Annotated[int, Meta(ge=1)]


class LeftOut(FromTerminal, frozen=True, tag="left_out"):
    """A kiosk gave these numbers by itself, and they will never be in the queue: reception takes them in."""

    tickets: Annotated[tuple[TicketCode, ...], Meta(max_length=LEFT_OUT_MAX)] = ()
    total: Annotated[int, Meta(ge=0)] = 0
    """How many there are, also those that are not named."""


class Present(FromTerminal, frozen=True, tag="present"):
    """Somebody has touched a staff terminal: it is not locked yet."""


AnyFromTerminal = Request | Announced | LeftOut | Present


class FromServer(Struct, frozen=True, tag_field="type"):
    """A frame sent by the server. A terminal ignores keys it does not know."""


class Welcome(FromServer, frozen=True, tag="welcome", kw_only=True):
    """First frame of a line: the server knows the terminal by its token; a view follows at once."""

    protocol: int
    server: str
    centre: str
    day: DayDate
    epoch: int
    """Of the server's reign: a terminal that has seen a higher one does not listen to this server."""


class TicketGiven(Struct, frozen=True, gc=False, tag_field="kind", tag="ticket_given", kw_only=True):
    """Answer to an issued ticket."""

    ticket: TicketCode
    ahead: int
    """People who wait before this visitor."""
    token: str
    """Secret of the ticket, for its holder's phone; dies with the day."""
    token_url: str
    printer: DeviceName | None
    """Where the slip comes out; none: the number is on the screen alone."""
    window: WaitWindow | None = None
    """When the visitor will be called; none: at once, or nobody can tell."""
    nobody: bool = False
    """Nobody is in sight who could serve the visitor."""

    def __repr__(self) -> str:
        return hidden(self, "token", "token_url")


class HeldNumber(Struct, frozen=True, gc=False, kw_only=True):
    """A number that a kiosk may give by itself, with all that a ticket needs."""

    ticket: TicketCode
    token: str
    token_url: str

    def __repr__(self) -> str:
        return hidden(self, "token", "token_url")


class NumbersHeld(Struct, frozen=True, gc=False, tag_field="kind", tag="numbers_held", kw_only=True):
    """Answer to reserved numbers: these are the kiosk's, and will be nobody else's on this day."""

    day: DayDate
    field: FieldId
    numbers: tuple[HeldNumber, ...]


class Called(Struct, frozen=True, gc=False, tag_field="kind", tag="called", kw_only=True):
    """Answer to a call: this visitor comes to this desk."""

    ticket: TicketCode
    desk: DeskId
    call: int


class Ready(Struct, frozen=True, gc=False, tag_field="kind", tag="ready"):
    """Nobody waits for this desk: the next visitor will be called here by itself."""


class Done(Struct, frozen=True, gc=False, tag_field="kind", tag="done"):
    """Done, nothing more to say."""


Outcome = TicketGiven | NumbersHeld | Called | Ready | PlanShown | Done


class Accepted(FromServer, frozen=True, tag="accepted"):
    """The command is done, and on disk."""

    id: RequestId
    outcome: Outcome


class Refused(FromServer, frozen=True, tag="refused"):
    """An ordinary no; nothing changed. The id is empty when the frame had none that could be read."""

    id: str
    code: RefusalCode
    detail: str = ""


class Shown(FromServer, frozen=True, tag="view"):
    """The terminal's picture of the queue, whole; the newest replaces all before it."""

    view: AnyView


AnyFromServer = Welcome | Accepted | Refused | Shown
