"""What is foreseen, as terminals are shown it: of whoever comes now, and of whoever waits."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from msgspec import Struct

from protocol.coverage import Bare, CellCover
from protocol.ids import DayDate, DeskId, FieldId, LanguageCode, TicketCode
from protocol.waits import Expected, LastTicket, WaitWindow
from queue_server.core.estimates import Estimate, Window, window

Windows = Mapping[TicketCode, WaitWindow | None]
"""When those who wait will be called; none: nobody is in sight who could serve them."""


class Prospects(Struct, frozen=True):
    """All that is foreseen at a moment; what is not in it nobody can tell."""

    expected: Mapping[tuple[FieldId, LanguageCode], Expected] = {}
    crowded_out: frozenset[tuple[FieldId, LanguageCode]] = frozenset()
    """What is full as things stand: somebody serves it, but would not get to whoever comes now."""
    windows: Windows = {}
    last_tickets: tuple[LastTicket, ...] = ()
    """Until when tickets can be given for what is still open."""
    coverage: tuple[CellCover, ...] = ()
    """How well every field is covered in the official languages."""
    holidays: tuple[DayDate, ...] = ()
    """Dates of the next three weeks on which the centre is closed, whatever its hours say."""
    bare: Mapping[DeskId, tuple[Bare, ...]] = {}
    """What nobody would serve if a desk paused now."""
    bare_without: Mapping[DeskId, tuple[Bare, ...]] = {}
    """The same if it closed."""


NOTHING_FORESEEN = Prospects()


def on_the_clock(found: Window, zone: tzinfo | None) -> WaitWindow:
    """A window in a zone."""
    return WaitWindow(
        datetime.fromtimestamp(found.begins_at, zone),
        datetime.fromtimestamp(found.ends_at, zone),
        datetime.fromtimestamp(found.back_by, zone),
    )


def told_window(told: Estimate | None, issued_at: datetime) -> WaitWindow | None:
    """What a visitor who was given a ticket at this instant was told of the wait."""
    if told is None:
        return None
    return on_the_clock(window(issued_at.timestamp(), told), issued_at.tzinfo)
