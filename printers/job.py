"""A slip on its way to paper, and what is told about it."""

from enum import StrEnum

from msgspec import Struct

from printers.outcome import Reason
from printers.slip import Slip
from protocol.ids import DayDate, DeviceName, TicketCode


class JobState(StrEnum):
    """Where a slip is."""

    QUEUED = "queued"
    SENDING = "sending"
    """Written down before the first byte: a crash from here on leaves the end unknown."""
    UNKNOWN = "unknown"
    PRINTED = "printed"
    OFFERED = "offered"
    """Nobody can know: a person looks at the printer and asks for a marked copy if needed."""
    DROPPED = "dropped"
    """No longer wanted: the ticket was served or cancelled."""


class Job(Struct, frozen=True):
    """One slip to be printed once on one printer."""

    day: DayDate
    printer: DeviceName
    slip: Slip


class JobOutcome(Struct, frozen=True):
    """News of one job; told at least once for each end, and once for each new trouble on the way."""

    day: DayDate
    ticket: TicketCode
    copy: int
    printer: DeviceName
    state: JobState
    reason: Reason | None = None
