"""What happened, as the log keeps it. Facts only: what a rule gave stands in the event; replay needs none.

Event types grow by addition, with defaults; a kind or field that was ever written is never renamed.
"""

from typing import Literal

from msgspec import Struct

from protocol.commands import HelpTopic, IntakeHold, UnservedWhy
from protocol.ids import CounsellorId, DeskId, DeviceName, FieldId, LanguageCode, TicketCode
from protocol.views import CallReason, PrintState
from queue_server.core.estimates import Estimate

BURST = "burst"
"""Reason of a cancellation: reception saw that nobody stands behind many tickets of a kiosk."""


class Event(
    Struct,
    frozen=True,
    gc=False,
    tag_field="kind",
    tag=lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_"),
):
    """One fact of the day."""


class DayOpened(Event, frozen=True):
    """Tickets may be taken."""


class DayClosed(Event, frozen=True):
    """No more tickets; whoever waits is served."""


class DayEnded(Event, frozen=True):
    """The date has changed: nothing is added to this day."""


class DayRestored(Event, frozen=True, kw_only=True):
    """A backup of this day was put back: what may have been given after it was made is passed over."""

    numbers: int
    """Ordinary numbers passed over in every series."""
    provisional: int
    """Provisional numbers passed over in every series."""
    calls: int
    """Numbers of calls passed over."""


class FieldOpened(Event, frozen=True):
    field: FieldId


class FieldClosed(Event, frozen=True):
    field: FieldId


class IntakeEnded(Event, frozen=True):
    """No more tickets for these cells today: whoever came now would not be served by closing."""

    cells: tuple[tuple[FieldId, LanguageCode], ...]


class IntakeHeld(Event, frozen=True):
    """Staff want tickets for a cell given, or not, whatever is foreseen; or leave it to that again."""

    field: FieldId
    language: LanguageCode
    hold: IntakeHold


class TicketIssued(Event, frozen=True, kw_only=True):
    ticket: TicketCode
    number: int
    field: FieldId
    languages: tuple[LanguageCode, ...]
    screen_language: LanguageCode
    ahead: int
    priority: bool = False
    head_start_s: int = 0
    """Seconds by which accessible priority moves the ticket forward."""
    kiosk: DeviceName | None = None
    """Whose printer gives the slip; none: no slip."""
    waited_s: float = 0.0
    """Seconds before the event at which its visitor came: a kiosk gave the number while alone."""
    provisional: bool = False
    """It has a number of a kiosk's block, and the kiosk gave the slip."""
    held_by: DeviceName | None = None
    """The kiosk that says it was handed this number, which a restore has passed over; none: it is known."""
    giver: DeviceName | None = None
    """The kiosk that gave it; none: reception did."""
    people: int = 1
    """Who come together with this ticket."""
    told: Estimate | None = None
    """What the visitor was told of the wait; none: nothing could be told."""
    nobody: bool = False
    """Nobody was in sight who could serve the visitor."""


class NumbersReserved(Event, frozen=True, kw_only=True):
    """Numbers that a kiosk may give while the server is away."""

    kiosk: DeviceName
    field: FieldId
    first: int
    tickets: tuple[TicketCode, ...]
    """The codes of the number `first` and those after it."""


class TicketCalled(Event, frozen=True, kw_only=True):
    ticket: TicketCode
    desk: DeskId
    call: int
    how: Literal["next", "chosen", "assigned", "unparked"]
    reason: CallReason


class TicketRecalled(Event, frozen=True, kw_only=True):
    ticket: TicketCode
    desk: DeskId
    call: int


class ServingStarted(Event, frozen=True):
    ticket: TicketCode
    desk: DeskId


class TicketFinished(Event, frozen=True):
    ticket: TicketCode


class TicketMissed(Event, frozen=True):
    """Called, and nobody came."""

    ticket: TicketCode


class TicketReinstated(Event, frozen=True):
    ticket: TicketCode


class TicketTransferred(Event, frozen=True, kw_only=True):
    ticket: TicketCode
    field: FieldId
    languages: tuple[LanguageCode, ...]
    desk: DeskId | None = None
    by_desk: DeskId | None = None
    """The desk that sent the visitor on, if one did."""


class TicketParked(Event, frozen=True):
    ticket: TicketCode
    remind_min: int | None = None
    """Minutes after which the desk is reminded of the visitor; none: it is not."""


class TicketCancelled(Event, frozen=True):
    ticket: TicketCode
    reason: str = "asked"


class BurstNoticed(Event, frozen=True, kw_only=True):
    """A kiosk gave too many tickets in a short time: reception is asked whether visitors took them."""

    kiosk: DeviceName
    tickets: tuple[TicketCode, ...]
    """Those that were not noticed before."""


class BurstDismissed(Event, frozen=True, kw_only=True):
    """Visitors took these tickets: they count no more."""

    kiosk: DeviceName
    tickets: tuple[TicketCode, ...]


class PrioritySet(Event, frozen=True):
    ticket: TicketCode
    priority: bool
    head_start_s: int


class ActionUndone(Event, frozen=True):
    desk: DeskId
    ticket: TicketCode
    action: str


class DeskOpened(Event, frozen=True, kw_only=True):
    desk: DeskId
    counsellor: CounsellorId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]


class DeskNarrowed(Event, frozen=True, kw_only=True):
    """From now on the desk serves these fields and languages, and no others."""

    desk: DeskId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]


class DeskClosed(Event, frozen=True):
    desk: DeskId


class DeskReadied(Event, frozen=True):
    """Nobody waits for this desk: whoever comes next is called here."""

    desk: DeskId


class DeskPaused(Event, frozen=True):
    desk: DeskId
    reason: str


class DeskResumed(Event, frozen=True):
    desk: DeskId


class MessagePosted(Event, frozen=True):
    texts: dict[LanguageCode, str]


class SlipRequested(Event, frozen=True):
    """A further copy of a slip is to be printed."""

    ticket: TicketCode
    copy_number: int
    kiosk: DeviceName


class SlipReported(Event, frozen=True, kw_only=True):
    """What became of a slip."""

    ticket: TicketCode
    copy_number: int
    outcome: PrintState
    printer: DeviceName
    reason: str = ""


class DemandUnserved(Event, frozen=True, kw_only=True):
    """A visitor wanted this and went without a ticket."""

    kiosk: DeviceName
    field: FieldId
    languages: tuple[LanguageCode, ...]
    why: UnservedWhy


class HelpCalled(Event, frozen=True, kw_only=True):
    """A visitor at a kiosk asks for somebody."""

    kiosk: DeviceName
    topic: HelpTopic
    language: LanguageCode | None = None


class HelpAnswered(Event, frozen=True):
    """Somebody goes there."""

    kiosk: DeviceName


class HelpEnded(Event, frozen=True):
    """Withdrawn at the kiosk, over since somebody went there (or is asked for anew), or the kiosk is gone."""

    kiosk: DeviceName
    reason: Literal["withdrawn", "over", "gone"]


AnyEvent = (
    DayOpened
    | DayClosed
    | DayEnded
    | DayRestored
    | FieldOpened
    | FieldClosed
    | IntakeEnded
    | IntakeHeld
    | TicketIssued
    | NumbersReserved
    | TicketCalled
    | TicketRecalled
    | ServingStarted
    | TicketFinished
    | TicketMissed
    | TicketReinstated
    | TicketTransferred
    | TicketParked
    | TicketCancelled
    | BurstNoticed
    | BurstDismissed
    | PrioritySet
    | ActionUndone
    | DeskOpened
    | DeskNarrowed
    | DeskClosed
    | DeskReadied
    | DeskPaused
    | DeskResumed
    | MessagePosted
    | SlipRequested
    | SlipReported
    | DemandUnserved
    | HelpCalled
    | HelpAnswered
    | HelpEnded
)
