"""What the server asks of its own queue; no terminal can."""

from msgspec import Struct

from config.roster import Span
from protocol.ids import DayDate, DeviceName, FieldId, LanguageCode, TicketCode
from protocol.views import PrintState


class Tick(Struct, frozen=True):
    """Time has passed: open or close the day by its hours."""

    hours: Span | None
    """Of the day; none: it has none, or it is a holiday."""


class EndDay(Struct, frozen=True):
    """The date has changed: bring every ticket to its end and seal the day."""


class ReportPrint(Struct, frozen=True, kw_only=True):
    """What became of a slip."""

    day: DayDate
    """Numbers come back every day: news of yesterday's slip is not of today's ticket."""
    ticket: TicketCode
    copy_number: int
    outcome: PrintState
    printer: DeviceName
    reason: str = ""


class ForgetDevice(Struct, frozen=True):
    """A terminal does not belong to the centre any more."""

    device: DeviceName


class EndIntake(Struct, frozen=True):
    """Whoever came now for these cells would not be served by closing."""

    cells: tuple[tuple[FieldId, LanguageCode], ...]


Housekeeping = Tick | EndDay | ReportPrint | ForgetDevice | EndIntake
