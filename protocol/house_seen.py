"""What reception sees of the house beside its queue: terminals, and kiosks that somebody plays with."""

from datetime import datetime

from msgspec import Struct

from protocol.ids import DeviceName, FieldId, TicketCode


class DeviceSeen(Struct, frozen=True, gc=False, kw_only=True):
    """A terminal that belongs to the centre."""

    device: DeviceName
    role: str
    connected: bool
    since: datetime | None
    """When it last came or went; none: it has never come."""
    announced: int = 0
    """Boards: the last call shown."""
    left_out: tuple[TicketCode, ...] = ()
    """Kiosks: numbers it gave that are not in the queue, in the order of the visitors; some of them."""
    left_out_total: int = 0
    """How many there are."""


class BurstSeen(Struct, frozen=True, gc=False, kw_only=True):
    """Tickets that one kiosk gave in a short time, and nobody has said yet whether visitors took them."""

    kiosk: DeviceName
    since: datetime
    """When the first of them was taken."""
    fields: tuple[FieldId, ...]
    tickets: tuple[TicketCode, ...]
    """Those that still wait, the oldest first; some of them."""
    tickets_total: int
    """How many still wait."""
