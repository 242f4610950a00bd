"""What each terminal sees: whole pictures of the queue, never differences.

A view carries what its role may see and no more: counsellor and organisation stand in staff views alone.
Instants are aware; `version` counts the committed changes of the day.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from protocol.commands import HelpTopic
from protocol.coverage import Bare, CellCover
from protocol.figures import Figures
from protocol.house_seen import BurstSeen, DeviceSeen
from protocol.ids import (
    CounsellorId,
    DayDate,
    DeskId,
    DeviceName,
    FieldId,
    LanguageCode,
    StaffId,
    TicketCode,
)
from protocol.server_seen import ServerSeen
from protocol.waits import Expected, HeldIntake, LastTicket, WaitKind, WaitWindow

WAITING_ROWS_MAX = 200
"""Rows of the longest list in a view; `waiting_total` tells how many there are."""
DESK_ROWS_MAX = 60
SLIPS_ROWS_MAX = 8
"""Newest slips a kiosk hears of: its screen shows one ticket at a time."""


class Stage(StrEnum):
    """Where a ticket is on its way."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class DeskState(StrEnum):
    """What a desk does."""

    CLOSED = "closed"
    FREE = "free"
    READY = "ready"
    """Waits for whoever comes next."""
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class CallReason(StrEnum):
    """Why this visitor is called, of all who wait for the desk."""

    LONGEST_WAIT = "longest-wait"
    PRIORITY = "priority"
    """Accessible priority places the visitor before somebody who came earlier."""
    SCARCITY = "scarcity"
    """Few counsellors serve what the visitor came for: that places them before somebody who came earlier."""
    YOUR_DESK = "your-desk"
    """The visitor waits for this desk alone."""
    PARKED = "parked"
    """The desk has put the visitor aside, and goes on."""
    CHOSEN = "chosen"
    """The counsellor chose, out of turn or not."""


class PrintState(StrEnum):
    """What is known of a ticket's newest slip."""

    NONE = "none"
    QUEUED = "queued"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    """Perhaps on paper, perhaps not: look, then reprint."""
    FAILED = "failed"


class PrinterState(StrEnum):
    """What is known of a printer."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    BLOCKED = "blocked"
    MUTE = "mute"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class PrinterLevel(StrEnum):
    """What a printer can confirm."""

    UNKNOWN = "unknown"
    """It has not been asked yet."""
    COUNTED = "counted"
    """Every slip, and after a broken line its counter of cuts still tells."""
    ORDERED = "ordered"
    """Every slip, as long as the line holds."""
    STATUS = "status"
    """No slip, only how it is: a person has to look at the paper."""
    MUTE = "mute"
    """Nothing: a person has to look at the paper."""


class HelpState(StrEnum):
    """Whether a visitor at a kiosk has asked for somebody."""

    NONE = "none"
    CALLED = "called"
    COMING = "coming"
    """Reception has answered: somebody is on the way."""


class View(Struct, frozen=True, gc=False, tag_field="for", kw_only=True):
    """Common to all views."""

    day: DayDate
    at: datetime
    """The server's clock when the view was made."""
    version: int
    open: bool
    """Tickets may be taken."""


class FieldQueue(Struct, frozen=True, gc=False, kw_only=True):
    """A field as the public sees it."""

    field: FieldId
    open: bool
    waiting: dict[LanguageCode, int]
    """People who wait before whoever comes now, by language of the conversation: a counsellor of two
    languages calls the older ticket of either, so both count."""
    waiting_total: int
    served: tuple[LanguageCode, ...]
    """Languages in which somebody is at a desk for this field now."""
    ended: tuple[LanguageCode, ...] = ()
    """Languages in which no more tickets are given today, though the field is open."""
    expected: dict[LanguageCode, Expected] = {}
    """What whoever comes now is told of the wait; without a language, nobody can tell."""

    def offers(self, language: LanguageCode) -> bool:
        """Whether a ticket can be had: not where no more are given, nor where the roster has nobody today."""
        expected = self.expected.get(language)
        not_today = expected is not None and expected.kind is WaitKind.NOT_TODAY
        return language not in self.ended and not not_today


class SlipSeen(Struct, frozen=True, gc=False, kw_only=True):
    """What became of a slip, as the kiosk that gave the ticket hears it."""

    ticket: TicketCode
    slip: PrintState
    elsewhere: DeviceName | None = None
    """Another printer than the kiosk's own that has the slip, or out of which it came; none: its own has."""


class KioskView(View, frozen=True, tag="kiosk", kw_only=True):
    """For a kiosk."""

    fields: tuple[FieldQueue, ...]
    printer: PrinterState | None
    """State of this kiosk's own printer; none: it has none."""
    printer_cause: str = ""
    printer_level: PrinterLevel = PrinterLevel.UNKNOWN
    elsewhere: DeviceName | None = None
    """Out of which printer slips of this kiosk come meanwhile; none: out of its own."""
    slips: tuple[SlipSeen, ...] = ()
    """Newest tickets of this kiosk, newest first: so that its screen can say whether the slip came out."""
    help: HelpState = HelpState.NONE
    """Of the visitor at this kiosk."""
    holidays: tuple[DayDate, ...] = ()
    """Of the next three weeks: the dates on which the centre is closed, whatever its hours say."""


class BoardCall(Struct, frozen=True, gc=False, kw_only=True):
    """One call, as everybody may see it."""

    call: int
    """Counts up by one a day, without gaps."""
    ticket: TicketCode
    field: FieldId
    desk: DeskId
    at: datetime
    recall: bool
    languages: tuple[LanguageCode, ...]
    """The visitor's screen language first: for the voice."""
    withdrawn: bool = False
    """Taken back by the desk: no longer shown."""


class BoardView(View, frozen=True, tag="board", kw_only=True):
    """For a public screen."""

    calls: tuple[BoardCall, ...]
    """The newest calls, newest first; a board announces each it has not announced yet."""
    fields: tuple[FieldQueue, ...]
    message: dict[LanguageCode, str]
    news: tuple[dict[LanguageCode, str], ...] = ()
    """What the centre has to say today, in pages; reception's message comes before it."""
    holidays: tuple[DayDate, ...] = ()
    """As a kiosk is shown them."""


class StaffTicket(Struct, frozen=True, gc=False, kw_only=True):
    """A ticket as staff sees it."""

    ticket: TicketCode
    field: FieldId
    languages: tuple[LanguageCode, ...]
    screen_language: LanguageCode
    issued_at: datetime
    priority: bool
    stage: Stage
    desk: DeskId | None
    """Where it is called, served or parked; for a waiting ticket the desk it waits for, if only one."""
    calls: int
    """How often it was called and recalled."""
    called_at: datetime | None
    started_at: datetime | None
    transferred: bool
    slip: PrintState
    rung_at: datetime | None = None
    """When it was called or recalled last; none: it never was."""
    remind_at: datetime | None = None
    """When the desk that has put it aside wants to be reminded; none: not, or it is not aside."""
    kiosk: DeviceName | None = None
    """Where its slip was to come out; none: it was given without paper."""
    printer: DeviceName | None = None
    """Printer at which its newest slip came to its end; none: it has not."""
    people: int = 1
    """How many come together with this ticket."""
    window: WaitWindow | None = None
    """When the visitor will be called, while waiting; none: nobody can tell, or `nobody`."""
    nobody: bool = False
    """While waiting: nobody is in sight who could serve the visitor."""
    reason: CallReason | None = None
    """Why it was called to the desk where it is, or why CallNext would call it; none: neither is asked."""


class StaffDesk(Struct, frozen=True, gc=False, kw_only=True):
    """A desk as staff sees it."""

    desk: DeskId
    state: DeskState
    since: datetime | None
    counsellor: CounsellorId | None
    ticket: TicketCode | None
    field: FieldId | None
    """Field of the visitor at the desk."""
    pause_reason: str
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]


class Undoable(Struct, frozen=True, gc=False):
    """What undo would take back."""

    action: str
    ticket: TicketCode


class LockedView(View, frozen=True, tag="locked", kw_only=True):
    """For a staff terminal at which nobody is signed in: nothing of the queue."""

    version: int = 0
    open: bool = False
    last: StaffId | None = None
    """Who was signed in here last, since the server began: the same person comes back most of the time."""


class CounsellorView(View, frozen=True, tag="counsellor", kw_only=True):
    """For the terminal of one desk."""

    staff: StaffId
    """Who is signed in at this terminal."""
    desk: StaffDesk
    current: StaffTicket | None
    """The visitor at this desk."""
    next: StaffTicket | None
    """Whom CallNext would call."""
    waiting: tuple[StaffTicket, ...]
    """Who waits for this desk, in order of call."""
    waiting_total: int
    parked: tuple[StaffTicket, ...]
    """Put aside by this desk: those with a reminder first, the soonest before the others."""
    missed: tuple[StaffTicket, ...]
    """No-shows of this desk today, newest first."""
    undo: Undoable | None
    desks: tuple[StaffDesk, ...]
    fields: tuple[FieldQueue, ...]
    bare: tuple[Bare, ...] = ()
    """What nobody would serve if this desk paused now; that for which most wait first."""
    bare_without: tuple[Bare, ...] = ()
    """The same if it closed: each field in a language once."""
    last_tickets: tuple[LastTicket, ...] = ()
    """Of what this desk serves, as far as it is foreseen."""
    over: bool = False
    """The day has been ended: no desk opens any more."""


class PrinterSeen(Struct, frozen=True, gc=False, kw_only=True):
    """A printer of the centre."""

    printer: DeviceName
    state: PrinterState
    cause: str
    """Why it is so, one of the printers' closed words; empty when there is nothing to mend."""
    jobs: int
    """Slips that are still to be printed."""
    level: PrinterLevel = PrinterLevel.UNKNOWN
    spare: DeviceName | None = None
    """Printer that prints its slips meanwhile; none: they come out here."""
    since: datetime | None = None
    """Since when it is in this state, as far as the server has seen."""


class HelpSeen(Struct, frozen=True, gc=False, kw_only=True):
    """A visitor at a kiosk asks for somebody."""

    kiosk: DeviceName
    topic: HelpTopic
    since: datetime
    """When the visitor asked first."""
    language: LanguageCode | None
    """What the visitor reads at the kiosk; none: nobody has chosen."""
    state: HelpState
    """`called` or `coming`."""


class ReceptionView(View, frozen=True, tag="reception", kw_only=True):
    """For reception: the whole queue, live."""

    staff: StaffId
    """Who is signed in at this terminal."""
    waiting: tuple[StaffTicket, ...]
    """In order of arrival, with accessible priority counted in."""
    waiting_total: int
    at_desks: tuple[StaffTicket, ...]
    aside: tuple[StaffTicket, ...]
    """Parked tickets and no-shows, newest first."""
    ended: tuple[StaffTicket, ...]
    """Finished and cancelled, newest first."""
    doubtful: tuple[StaffTicket, ...] = ()
    """Who is still expected and may have no slip (unknown or failed), newest first: look, then reprint."""
    doubtful_total: int = 0
    desks: tuple[StaffDesk, ...]
    fields: tuple[FieldQueue, ...]
    figures: Figures
    message: dict[LanguageCode, str]
    devices: tuple[DeviceSeen, ...]
    printers: tuple[PrinterSeen, ...]
    over: bool = False
    """Everything has ended: nothing more happens today."""
    server: ServerSeen = ServerSeen()
    bursts: tuple[BurstSeen, ...] = ()
    """By kiosk: reception says whether they are to be cancelled."""
    coverage: tuple[CellCover, ...] = ()
    """How well every field is covered in the official languages; empty outside the hours of the day."""
    last_tickets: tuple[LastTicket, ...] = ()
    """Of what tickets are still given for today, as far as it is foreseen."""
    held: tuple[HeldIntake, ...] = ()
    """What staff holds open or closed; of all else the forecast decides."""
    closed_fields: tuple[FieldId, ...] = ()
    """What staff has closed in every language: not what is full, nor all while the day is not open."""
    help: tuple[HelpSeen, ...] = ()
    """Calls for help, one of each kiosk at most, the oldest first."""
    left_desks: tuple[DeskId, ...] = ()
    """Desks that are open, and at whose terminals nobody is signed in: their screens are locked."""


AnyView = KioskView | BoardView | CounsellorView | ReceptionView | LockedView
