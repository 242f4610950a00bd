"""What a terminal may ask of the queue. A command never carries its own time or actor.

Commands that act on a ticket name it, so that a tap on an old picture of the queue cannot hit another ticket.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from protocol.ids import (
    END,
    CounsellorId,
    DayDate,
    DeskId,
    DeviceName,
    FieldId,
    LanguageCode,
    TicketCode,
)

TALK_LANGUAGES_MAX = 4
"""Languages one visitor may accept for the conversation."""
BLOCK_NUMBERS = 5
"""Provisional numbers a kiosk holds for one field: visitors of an outage until its staff has noticed."""
WAITED_S_MAX = 24 * 60 * 60
"""Nobody waits longer than a day: tickets die with theirs."""
PEOPLE_MAX = 12
"""Of one group with one ticket: more cannot sit around a desk, and come by appointment."""
BURST_TICKETS_MAX = 40
"""Tickets of a burst that reception sees and decides about at once: what a person can look through."""
REMIND_MIN_MAX = 60
"""Minutes after which a desk is reminded of a visitor it has put aside: nobody is left aside for longer."""
SERVED_MAX = 40
"""Fields or languages that a counsellor may name as those of the day."""
MESSAGE_CHARS_MAX = 120
"""One line of the board in each language."""
MessageLine = Annotated[
    str,
    Meta(
        pattern=rf"^[^\x00-\x1f\x7f-\x9f]*{END}",
        max_length=MESSAGE_CHARS_MAX,
        description="no control characters",
    ),
]


class PauseReason(StrEnum):
    """Why a desk pauses: one of these, never free text, so that no reason can hold a name."""

    SHORT_BREAK = "short_break"
    LUNCH = "lunch"
    MEETING = "meeting"
    BACK_OFFICE = "back_office"


class HelpTopic(StrEnum):
    """What a visitor at a kiosk wants help with: closed words, as nobody types anything there."""

    HERE = "here"
    """Somebody is to come."""
    UNSURE = "unsure"
    """The visitor does not know which field."""


class Command(
    Struct,
    frozen=True,
    gc=False,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_"),
):
    """One wish of a terminal."""


class IssueTicket(Command, frozen=True, kw_only=True):
    """Give a visitor a ticket; its slip comes out of the printer of the asking kiosk."""

    field: FieldId
    languages: Annotated[tuple[LanguageCode, ...], Meta(min_length=1, max_length=TALK_LANGUAGES_MAX)]
    """Languages the visitor accepts for the conversation, any of which will do."""
    screen_language: LanguageCode
    priority: bool = False
    """Accessible priority; reception only."""
    kiosk: DeviceName | None = None
    """Whose printer prints the slip when reception takes the ticket; a kiosk prints on its own."""
    people: Annotated[int, Meta(ge=1, le=PEOPLE_MAX)] = 1
    """Who come together and are served together; reception only."""


class ReserveNumbers(Command, frozen=True):
    """Set numbers aside for this kiosk to give while the server is away; each goes to one kiosk, once."""

    field: FieldId
    count: Annotated[int, Meta(ge=1, le=BLOCK_NUMBERS)] = BLOCK_NUMBERS
    """What the kiosk lacks of a whole block."""


class RedeemTicket(Command, frozen=True, kw_only=True):
    """A kiosk gave this number while the server was away: its visitor takes the place of who came then."""

    ticket: TicketCode
    day: DayDate
    """Of the block: a number comes back every day."""
    field: FieldId
    languages: Annotated[tuple[LanguageCode, ...], Meta(min_length=1, max_length=TALK_LANGUAGES_MAX)]
    screen_language: LanguageCode
    waited_s: Annotated[float, Meta(ge=0, le=WAITED_S_MAX)]
    """Seconds since the visitor asked: an age, so that no clock of a kiosk is ever believed."""
    printed: bool = False
    """The kiosk's own printer confirmed the slip."""
    instead_of: TicketCode | None = None
    """The ticket that the server made of the same visitor's question, and whose answer never arrived."""


class CallNext(Command, frozen=True):
    """Call whoever waits longest among this desk's fields and languages, or be ready for who comes next."""


class CallTicket(Command, frozen=True):
    """Call this ticket out of order."""

    ticket: TicketCode


class Recall(Command, frozen=True):
    """Ring again for a called ticket."""

    ticket: TicketCode


class StartServing(Command, frozen=True):
    """The visitor has come: the conversation begins."""

    ticket: TicketCode


class Finish(Command, frozen=True):
    """The conversation is over."""

    ticket: TicketCode


class MarkNoShow(Command, frozen=True):
    """Nobody came."""

    ticket: TicketCode


class Reinstate(Command, frozen=True):
    """A visitor who missed the call or was cancelled waits again, with the place kept."""

    ticket: TicketCode


class Transfer(Command, frozen=True, kw_only=True):
    """Send the visitor on to another field, other languages or one desk, with the place kept."""

    ticket: TicketCode
    field: FieldId | None = None
    languages: Annotated[tuple[LanguageCode, ...], Meta(max_length=TALK_LANGUAGES_MAX)] = ()
    """Empty: the languages of the ticket stay."""
    desk: DeskId | None = None


class Park(Command, frozen=True):
    """Put the visitor aside for a while, still belonging to this desk."""

    ticket: TicketCode
    remind_min: Annotated[int, Meta(ge=1, le=REMIND_MIN_MAX)] | None = None
    """Minutes until the desk wants to be reminded of the visitor; none: not at all."""


class Unpark(Command, frozen=True):
    """Call a parked visitor back to this desk."""

    ticket: TicketCode


class Cancel(Command, frozen=True):
    """The visitor no longer comes."""

    ticket: TicketCode


BurstTickets = Annotated[tuple[TicketCode, ...], Meta(min_length=1, max_length=BURST_TICKETS_MAX)]


class CancelBurst(Command, frozen=True):
    """Nobody wants these tickets that a kiosk gave in a short time: those that still wait are cancelled."""

    kiosk: DeviceName
    tickets: BurstTickets


class DismissBurst(Command, frozen=True):
    """Visitors took these tickets: no alarm about them any more, and they count no more."""

    kiosk: DeviceName
    tickets: BurstTickets


class Undo(Command, frozen=True):
    """Take back the last action of this desk."""


ServedFields = Annotated[tuple[FieldId, ...], Meta(max_length=SERVED_MAX)]
ServedLanguages = Annotated[tuple[LanguageCode, ...], Meta(max_length=SERVED_MAX)]


class OpenDesk(Command, frozen=True):
    """A counsellor sits down at this desk."""

    counsellor: CounsellorId
    fields: ServedFields = ()
    """Those of the counsellor's own that are served today; empty: all of them."""
    languages: ServedLanguages = ()
    """The same of the languages."""


class NarrowDesk(Command, frozen=True):
    """From now on the desk serves only these of its counsellor's fields and languages; empty: all of them."""

    fields: ServedFields = ()
    languages: ServedLanguages = ()


class CloseDesk(Command, frozen=True):
    """The counsellor leaves this desk."""


class Pause(Command, frozen=True):
    """No visitors for this desk for a while."""

    reason: PauseReason


class Resume(Command, frozen=True):
    """Back from the pause."""


class OpenDay(Command, frozen=True):
    """Tickets may be taken."""


class CloseDay(Command, frozen=True):
    """No more tickets today; whoever waits is still served."""


class EndDay(Command, frozen=True):
    """Everything comes to its end, whoever still waits too; nothing more happens today."""


class OpenField(Command, frozen=True):
    """Tickets for this field may be taken again."""

    field: FieldId


class CloseField(Command, frozen=True):
    """No more tickets for this field; whoever waits is still served."""

    field: FieldId


class IntakeHold(StrEnum):
    """Whether tickets are given for a cell."""

    OPEN = "open"
    CLOSED = "closed"
    AUTOMATIC = "automatic"
    """As long as whoever comes will be served by closing time."""


class HoldIntake(Command, frozen=True):
    """Give tickets for this field in this language, or none, whatever is foreseen; or leave it to that."""

    field: FieldId
    language: LanguageCode
    hold: IntakeHold


class SetPriority(Command, frozen=True):
    """Give or take the accessible priority."""

    ticket: TicketCode
    priority: bool


class PostMessage(Command, frozen=True):
    """One line on the board in each official language; empty texts clear it."""

    texts: dict[LanguageCode, MessageLine]


class Reprint(Command, frozen=True):
    """Print the slip of a ticket of the day once more, marked as a copy."""

    ticket: TicketCode
    kiosk: DeviceName | None = None
    """At which kiosk's printer; none: where the first slip came out."""


class UnservedWhy(StrEnum):
    """Why a visitor went without a ticket."""

    NOBODY = "nobody"
    """Nobody is planned today who could serve the visitor."""
    ENDED = "ended"
    """Whoever comes now would not be served by closing, or the field is closed."""


class NoteUnserved(Command, frozen=True):
    """A visitor wanted this and went without a ticket: it is counted, and planned for."""

    field: FieldId
    languages: Annotated[tuple[LanguageCode, ...], Meta(min_length=1, max_length=TALK_LANGUAGES_MAX)]
    why: UnservedWhy


class CallForHelp(Command, frozen=True):
    """A visitor at this kiosk asks for somebody; asked again while one is called, it changes nothing."""

    topic: HelpTopic = HelpTopic.HERE
    screen_language: LanguageCode | None = None
    """What the visitor reads there; none: nobody has chosen."""


class WithdrawHelp(Command, frozen=True):
    """Nobody needs to come to this kiosk any more."""


class AnswerHelp(Command, frozen=True):
    """Somebody goes to this kiosk."""

    kiosk: DeviceName


AnyCommand = (
    IssueTicket
    | ReserveNumbers
    | RedeemTicket
    | CallNext
    | CallTicket
    | Recall
    | StartServing
    | Finish
    | MarkNoShow
    | Reinstate
    | Transfer
    | Park
    | Unpark
    | Cancel
    | CancelBurst
    | DismissBurst
    | Undo
    | OpenDesk
    | NarrowDesk
    | CloseDesk
    | Pause
    | Resume
    | OpenDay
    | CloseDay
    | EndDay
    | OpenField
    | CloseField
    | HoldIntake
    | SetPriority
    | PostMessage
    | Reprint
    | NoteUnserved
    | CallForHelp
    | WithdrawHelp
    | AnswerHelp
)
