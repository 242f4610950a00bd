"""What staff screens say of tickets, desks and times, in cells and words. Pure but for the colours."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from rich.text import Text

from config.look import palette
from config.look.waits import NOBODY_CAN_TELL
from config.model import Centre
from config.phrases import Phrases, for_screen, time_of
from protocol.ids import shown
from protocol.views import StaffTicket

SECONDS_PER_MINUTE = 60
WAIT_LONG_MIN = 30
"""A bar is full and red from here: visitors are told that half an hour is long."""
WAIT_NOTABLE_MIN = 15
"""The service level that centres report."""
BAR_GROUND = "#E9E2D3"
NOTABLE = "#8A5A00"
"""Amber dark enough for text on white (5.6:1)."""
PRIORITY_MARK, TRANSFERRED_MARK = "▲", "→"
LANGUAGES_SHOWN_MAX = 2
EIGHTHS = " ▏▎▍▌▋▊▉█"


class Voice(Struct, frozen=True):
    """The catalogue in the language of the member of staff, and the centre it speaks of."""

    phrases: Phrases
    language: str
    centre: Centre

    def say(self, key: str, **values: object) -> str:
        """The text of this key."""
        return for_screen(self.phrases.say(key, self.language, **values), self.language)

    def short(self, action: str) -> str:
        """The action's name where room is short."""
        key = f"key.{action}"
        return self.say(key if key in self.phrases else f"action.{action}")

    def cap(self, key: str) -> str:
        """A key as it is written on keyboards."""
        modifier, plus, letter = key.upper().rpartition("+")
        return f"{self.say('desk.ctrl')}{plus}{letter}" if modifier else letter

    def noun(self, field: str) -> str:
        """A field's name in lists."""
        return self.centre.field(field).noun[self.language]

    def time(self, at: datetime) -> str:
        """The centre's local time of an instant."""
        return time_of(self.language, at.astimezone(ZoneInfo(self.centre.timezone)))

    def minutes(self, count: int) -> str:
        """A number of minutes."""
        return self.say("figure.minutes", n=count)

    def talk(self, languages: Sequence[str]) -> str:
        """The languages of a conversation, in words."""
        return ", ".join(self.say(f"lang.in_{language}") for language in languages)

    def name(self, staff: str | None) -> str:
        """The name of a member of the team as colleagues know it; the key when the centre has changed."""
        known = {person.id: person.name for person in self.centre.counsellors}
        known |= {person.id: person.name for person in self.centre.receptionists}
        return known.get(staff or "", staff or "")

    def first_name(self, staff: str | None) -> str:
        """The first part of the name, where room is short."""
        return self.name(staff).partition(" ")[0]


def capital(words: str) -> str:
    """With a capital letter first; the others as they are: German has more of them."""
    return words[:1].upper() + words[1:]


def codes(languages: Sequence[str]) -> str:
    """Languages where room is short, e.g. FR NL."""
    return " ".join(language.upper() for language in languages)


def minutes_since(since: datetime, now: datetime) -> int:
    """Whole minutes gone; never below nought, clocks of two machines may differ."""
    return max(0, int((now - since).total_seconds() // SECONDS_PER_MINUTE))


def stopwatch(since: datetime, now: datetime) -> str:
    """Minutes and seconds gone, e.g. 12:34; from an hour on with the hours before them, e.g. 1:05:34."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), SECONDS_PER_MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def is_due(ticket: StaffTicket, now: datetime) -> bool:
    """Whether a desk wanted to be reminded of this visitor by now."""
    return ticket.remind_at is not None and ticket.remind_at <= now


def stage_words(voice: Voice, ticket: StaffTicket, now: datetime) -> str:
    """Where the ticket is on its way; of who was put aside, until when."""
    if ticket.remind_at is None:
        return voice.say(f"stage.{ticket.stage}")
    if is_due(ticket, now):
        return voice.say("stage.to_call_back")
    return voice.say("stage.parked_until", time=voice.time(ticket.remind_at))


def wait_colour(minutes: int) -> str:
    """Green, amber, red: how long a wait has become."""
    if minutes >= WAIT_LONG_MIN:
        return palette.ALERT
    return NOTABLE if minutes >= WAIT_NOTABLE_MIN else palette.GO


def bar(share: float, cells: int, colour: str, ground: str = BAR_GROUND) -> Text:
    """A bar filled to this share (0 to 1), in eighths of a cell."""
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    full, rest = divmod(eighths, 8)
    filled = "█" * full + (EIGHTHS[rest] if rest else "")
    return Text(filled.ljust(cells), style=f"{colour} on {ground}")


def wait_bar(voice: Voice, ticket: StaffTicket, now: datetime, cells: int, width: int) -> Text:
    """How long a visitor has been in the house: a bar, and the minutes in so many cells."""
    minutes = minutes_since(ticket.issued_at, now)
    colour = wait_colour(minutes)
    said = voice.minutes(minutes)
    words = Text(f"{said if len(said) < width else minutes:>{width}}", style=f"bold {colour}")
    return Text.assemble(bar(minutes / WAIT_LONG_MIN, cells, colour), words) if cells else words


def nobody_words(voice: Voice, width: int) -> str:
    """That nobody is in sight who could serve somebody, in so many cells."""
    said = voice.say("reception.expects_nobody")
    return said if len(said) <= width else voice.say("column.nobody")


def window_words(voice: Voice, ticket: StaffTicket, now: datetime, width: int) -> Text:
    """Between which times the visitor will be called, or in few cells until when; late is a colour.

    Where nobody is in sight who could serve them, that in a word.
    """
    window = ticket.window
    if ticket.nobody:
        return Text(nobody_words(voice, width), style=f"bold {palette.ALERT}")
    if window is None:
        return Text(NOBODY_CAN_TELL, style=palette.MUTED)
    ends = voice.time(window.ends_at)
    whole = f"{voice.time(window.begins_at)}–{ends}"
    style = f"bold {palette.ALERT}" if now > window.ends_at else palette.INK
    return Text(whole if len(whole) <= width else ends, style=style)


def number(voice: Voice, ticket: StaffTicket) -> Text:
    """The ticket's number as people read it, on its field's colour."""
    return Text(
        f" {shown(ticket.ticket)} ", style=f"bold #FFFFFF on {voice.centre.field(ticket.field).colour}"
    )


def few_codes(languages: Sequence[str]) -> str:
    """Two languages at most; a plus says that there are more."""
    return codes(languages[:LANGUAGES_SHOWN_MAX]) + ("+" if len(languages) > LANGUAGES_SHOWN_MAX else "")


def group(voice: Voice, ticket: StaffTicket) -> str:
    """How many come together, e.g. 3 p.; empty for one."""
    return voice.say("desk.people", n=ticket.people) if ticket.people > 1 else ""


def marks(voice: Voice, ticket: StaffTicket, *, wide: bool) -> Text:
    """What is special about a ticket: accessible priority, transferred."""
    found = []
    if ticket.priority:
        found.append(voice.say("column.priority") if wide else PRIORITY_MARK)
    if ticket.transferred:
        found.append(voice.say("desk.transferred") if wide else TRANSFERRED_MARK)
    return Text((" " if wide else "").join(found), style=f"bold {palette.INK}")
