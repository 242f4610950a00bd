"""What a centre is: its languages, fields, desks, counsellors and devices. Pure data."""

from datetime import time
from functools import cached_property
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from protocol.ids import (
    CounsellorId,
    DeskId,
    DeviceName,
    FieldId,
    LanguageCode,
    StaffId,
)

Texts = dict[LanguageCode, str]
"""One text in every language of the centre."""

CentreId = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,30}$")]
Letter = Annotated[str, Meta(pattern="^[A-Z]$")]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
WidthDots = Literal[384, 512, 576]
WIDTHS_DOTS: tuple[WidthDots, ...] = get_args(WidthDots)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the configuration file: an unknown key is an error."""


class Languages(Record, frozen=True, kw_only=True, dict=True):
    """Languages of the screens and of the conversations."""

    official: tuple[LanguageCode, ...]
    """Equal in size, weight and place on every public screen, order alternating by day."""
    further: tuple[LanguageCode, ...] = ()
    """Offered on the kiosk after the official ones."""

    @cached_property
    def all(self) -> tuple[LanguageCode, ...]:
        """Every language of the screens, the official ones first."""
        return self.official + self.further


class Field(Record, frozen=True, kw_only=True):
    """A field of guidance, phrased as the visitor's own goal."""

    id: FieldId
    label: Texts
    noun: Texts
    hint: Texts
    letter: Letter
    colour: Colour
    session_limit_min: Annotated[int, Meta(ge=5, le=240)]


class Desk(Record, frozen=True, kw_only=True):
    """A place where a counsellor receives a visitor."""

    id: DeskId


class Counsellor(Record, frozen=True, kw_only=True):
    """A member of the team. Name and organisation never leave the staff screens."""

    id: CounsellorId
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    organisation: Annotated[str, Meta(min_length=1, max_length=60)]
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    """Of the conversations."""
    language: LanguageCode | None = None
    """Of the screens where this person is signed in; none: the terminal's."""


class Receptionist(Record, frozen=True, kw_only=True):
    """A member of the team who works at reception alone; the name never leaves the staff screens."""

    id: StaffId
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    language: LanguageCode | None = None
    """Of the screens where this person is signed in; none: the terminal's."""


class SerialLine(Record, frozen=True, kw_only=True):
    """How a printer on a serial line speaks: eight bits, and what is set at the printer."""

    baud: Literal[9600, 19200, 38400, 57600, 115200]
    """A slower line would need longer for one slip than a visitor waits."""
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    flow: Literal["none", "rts-cts", "xon-xoff"] = "none"
    """How the printer says that its buffer is full; with "none" a slow printer loses letters."""


class Printer(Record, frozen=True, kw_only=True):
    """An ESC/POS ticket printer, reached in exactly one way: `host`, `device` or `service`."""

    name: DeviceName
    host: str = ""
    """Address of a printer, or of a bridge to one, on the LAN."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 9100
    """Port at `host`."""
    device: str = ""
    """Path of a printer at the server itself: /dev/usb/lp0, or with `line` /dev/ttyUSB0."""
    line: SerialLine | None = None
    """Makes `device` a serial line."""
    service: str = ""
    """Name that the printer announces on the LAN, as `walkin printers` lists it."""
    bridged: bool = False
    """At `host` or `service` stands a bridge: the printer itself hangs on a USB or serial cable behind it."""
    width_dots: WidthDots = 576
    """Printable width: 384 (58 mm), 512 (80 mm at 180 dpi) or 576 (80 mm at 203 dpi)."""
    profile: str = "default"
    """Name of a python-escpos printer profile; it fixes the code page."""
    spare: DeviceName | None = None
    """Another printer of the centre, which prints its slips while this one cannot."""
    place: Texts = {}
    """Where visitors find it, "at reception", in every language; empty: they are told its name."""

    @property
    def on_cable(self) -> bool:
        """It has no network card of its own: it is there at once when its power comes back."""
        return self.bridged or bool(self.device)

    @property
    def on_slow_line(self) -> bool:
        """Its way is, or may end in, a serial line: a slip takes seconds there, and a word may get lost."""
        return self.bridged or self.line is not None


class Board(Record, frozen=True, kw_only=True):
    """A screen in a waiting room; one that is not in the file shows and says every call."""

    name: DeviceName
    desks: tuple[DeskId, ...] = ()
    """Whose calls it shows; empty: every desk's."""
    voice: bool = True
    """It chimes and speaks; false: another board in the same room does."""


class Kiosk(Record, frozen=True, kw_only=True):
    """A place where visitors take a ticket."""

    name: DeviceName
    printer: DeviceName | None = None


class Quiet(Record, frozen=True, kw_only=True):
    """Hours of a day in which calls are chimed and not spoken, local time."""

    begins: time
    ends: time


class Voice(Record, frozen=True, kw_only=True):
    """How calls are announced, and how a kiosk reads aloud."""

    engine: Literal["espeak", "clips", "command", "chime", "off"] = "espeak"
    """Who speaks: espeak-ng, the centre's own recordings, or any program; "chime": the chime alone."""
    mode: Literal["both", "ticket", "chime"] = "both"
    """Languages of a call: the visitor's own and the official ones, the visitor's own alone, or none."""
    speed: Annotated[int, Meta(ge=80, le=220)] = 140
    """Words in a minute, for espeak-ng."""
    volume: Annotated[int, Meta(ge=5, le=100)] = 100
    """Percent of the loudest that is never distorted."""
    numbers: dict[LanguageCode, Literal["whole", "digits"]] = {}
    """How tickets are read; by default French whole, the others digit by digit."""
    clips: str = ""
    """Folder of the recordings, one folder in it for each language."""
    command: tuple[str, ...] = ()
    """Program and arguments that write a WAV; {text}, {language} and {out} stand for what it needs."""
    quiet: Quiet | None = None


class Hours(Record, frozen=True, kw_only=True):
    """Opening hours of one weekday, local time."""

    opens: time
    closes: time


TICKETS_MAX = 999_999
"""Numbers of a day: as a limit, one that is never reached."""


class Rules(Record, frozen=True, kw_only=True):
    """How this centre's queue works."""

    numbering: Literal["per-field", "shared"] = "per-field"
    """One series of numbers per field, or one for the whole centre."""
    priority_head_start_min: Annotated[int, Meta(ge=0, le=30)] = 15
    """A visitor with accessible priority is placed as if arrived this much earlier."""
    scarcity_head_start_min: Annotated[int, Meta(ge=0, le=20)] = 0
    """Whoever one counsellor alone can serve is placed as if arrived this much earlier, whoever two, three or
    four can serve by a part of it."""
    last_tickets: Literal["forecast", "closing"] = "forecast"
    """Tickets for a field in a language are given as long as whoever comes will be served by closing time, as
    far as can be foreseen; or until closing time, whatever is foreseen."""
    calls_shown: Annotated[int, Meta(ge=1, le=12)] = 6
    """Calls kept on the board: the newest and those before it."""
    lock_after_min: Annotated[int, Meta(ge=1, le=240)] = 10
    """A staff terminal that nobody touches for so long is locked: whoever works there signs in again."""
    keep_days: Annotated[int, Meta(ge=1, le=31)] = 7
    """A day's file is deleted so many days after it; what remains is anonymous."""
    tickets_window_min: Annotated[int, Meta(ge=1, le=60)] = 2
    """In so many minutes a kiosk gives as many tickets as the two limits below, then it sends visitors to
    reception. Over half of either limit raises an alarm there."""
    tickets_per_field_max: Annotated[int, Meta(ge=6, le=TICKETS_MAX)] = 12
    """Tickets of one kiosk for one field: two families of six, one of whom taps for all. People who read take
    longer than ten seconds each."""
    tickets_per_kiosk_max: Annotated[int, Meta(ge=6, le=TICKETS_MAX)] = 18
    """Tickets of one kiosk for all its fields: twice what 250 visitors a day take of it at their busiest."""


class Centre(Record, frozen=True, kw_only=True, dict=True):
    """One centre, as its configuration file describes it."""

    id: CentreId
    name: Texts
    place: Texts
    """What a desk is called in public: bureau, Schalter, desk."""
    timezone: str
    languages: Languages
    rules: Rules = Rules()
    hours: dict[Weekday, Hours]
    fields: tuple[Field, ...]
    desks: tuple[Desk, ...]
    counsellors: tuple[Counsellor, ...] = ()
    """Nobody on kiosks and boards: their copy of the file is better without the team."""
    receptionists: tuple[Receptionist, ...] = ()
    printers: tuple[Printer, ...] = ()
    kiosks: tuple[Kiosk, ...]
    boards: tuple[Board, ...] = ()
    voice: Voice = Voice()
    ticket_url: str = ""
    """Address printed in the QR before the ticket's token; empty: the token alone."""

    def field(self, field_id: FieldId) -> Field:
        """The field with this id; KeyError when there is none."""
        return self.fields_by_id[field_id]

    def counsellor(self, counsellor_id: CounsellorId) -> Counsellor:
        """The counsellor with this id; KeyError when there is none."""
        for counsellor in self.counsellors:
            if counsellor.id == counsellor_id:
                return counsellor
        raise KeyError(counsellor_id)

    def board(self, name: DeviceName) -> Board:
        """The board of this name; one that the file does not name shows everything."""
        return next((board for board in self.boards if board.name == name), Board(name=name))

    @cached_property
    def fields_by_id(self) -> dict[FieldId, Field]:
        """Every field; asked at every ticket."""
        return {field.id: field for field in self.fields}

    @cached_property
    def kiosks_by_name(self) -> dict[DeviceName, Kiosk]:
        """Every kiosk; asked at every ticket."""
        return {kiosk.name: kiosk for kiosk in self.kiosks}
