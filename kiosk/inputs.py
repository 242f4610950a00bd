"""What a kiosk hears: taps of a visitor, views and answers of the server, word of its own numbers, time."""

from enum import StrEnum

from msgspec import Struct

from kiosk.reserve import Given
from protocol.envelope import TicketGiven
from protocol.ids import FieldId, LanguageCode, TicketCode
from protocol.refusals import RefusalCode
from protocol.views import KioskView, PrintState


class PickLanguage(Struct, frozen=True):
    """A tap on a language of the screen."""

    language: LanguageCode


class PickField(Struct, frozen=True):
    """A tap on a field."""

    field: FieldId


class PickUnsure(Struct, frozen=True):
    """A tap on "I am not sure"."""


class PickTalk(Struct, frozen=True):
    """A tap on the language, or languages, of the conversation."""

    languages: tuple[LanguageCode, ...]


class PickAnyway(Struct, frozen=True):
    """A tap on a ticket all the same, though nobody is in sight: in which language is asked next."""


class Back(Struct, frozen=True):
    """A tap on the way back, one step."""


class Continue(Struct, frozen=True):
    """A tap that only says: I am here."""


class Finish(Struct, frozen=True):
    """A tap that ends the visit."""


class Bell(Struct, frozen=True):
    """A tap that asks for somebody of reception."""


class NotNeeded(Struct, frozen=True):
    """A tap that says that nobody has to come any more."""


class Aid(StrEnum):
    """What makes a screen easier for one visitor."""

    LISTEN = "listen"
    """Each scene is read aloud."""
    LARGER = "larger"
    """Larger type, and only what is needed."""
    CONTRAST = "contrast"
    """Black, white and yellow."""


class Switch(Struct, frozen=True):
    """A tap that switches an aid on or off."""

    aid: Aid


Tap = (
    PickLanguage
    | PickField
    | PickUnsure
    | PickTalk
    | PickAnyway
    | Back
    | Continue
    | Finish
    | Bell
    | NotNeeded
    | Switch
)


class LinkIs(Struct, frozen=True):
    """The line to the server is there, or away."""

    up: bool


class NumbersAre(Struct, frozen=True):
    """Fields for which the kiosk has numbers of its own, and whether it prints them itself."""

    fields: tuple[FieldId, ...] = ()
    paper: bool = False


class SlipIs(Struct, frozen=True):
    """What the kiosk's own printer says of a slip."""

    ticket: TicketCode
    slip: PrintState


class CallAnswered(Struct, frozen=True):
    """The server has, or has not, taken the newest call for help."""

    heard: bool


class ServerGone(Struct, frozen=True):
    """The wish for a ticket got no answer, and the kiosk has no number."""


class TimePasses(Struct, frozen=True):
    """Nothing happened but the time."""


Answer = TicketGiven | Given | RefusalCode | ServerGone
Input = Tap | KioskView | LinkIs | NumbersAre | SlipIs | CallAnswered | Answer | TimePasses
