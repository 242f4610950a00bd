"""What whoever comes now may be told of the wait, by field and language. Pure but for the colours."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from textual.content import Content

from config.look import palette
from config.look.waits import NOBODY_CAN_TELL, in_minutes
from desk.words import Voice
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import Expected, LastTicket, WaitKind

BADGE_WIDTH = 3
NOUN_WIDTH = 24
NOUNS_FROM = 66
"""Columns of the list from which the fields' names have room beside the minutes."""


def expected_head(voice: Voice) -> Content:
    """Above the fields: what the figures are."""
    said = voice.say("reception.expected")
    return Content.assemble((voice.say("reception.fields"), "bold"), (f"   {said}", palette.MUTED))


def expected_lines(fields: Sequence[FieldQueue], now: datetime, voice: Voice, width: int) -> list[Content]:
    """The languages, then a line for each field, in so many columns. What is full or closed says so."""

    def cell(queue: FieldQueue, language: LanguageCode, room: int) -> Content:
        if language in queue.ended:
            return _full(voice, room)
        return _cell(queue.expected.get(language), now, voice, room)

    return _table(fields, voice, width, cell)


def last_ticket_lines(
    fields: Sequence[FieldQueue], last: Sequence[LastTicket], voice: Voice, width: int
) -> list[Content]:
    """A head and the same table, with the times at which the last tickets can be given.

    What gets no tickets any more says so.
    """
    times = {(one.field, one.language): one.at for one in last}

    def cell(queue: FieldQueue, language: LanguageCode, room: int) -> Content:
        at = times.get((queue.field, language))
        if language in queue.ended:
            return _full(voice, room)
        if at is not None:
            return _right((voice.time(at), f"bold {palette.INK}"), room)
        return _right((NOBODY_CAN_TELL, palette.MUTED), room)

    head = Content.styled(voice.say("reception.last_tickets"), "bold")
    return [Content(), head, *_table(fields, voice, width, cell)[1:]]


def last_ticket_hint(last: Sequence[LastTicket], voice: Voice) -> Content:
    """Where there is no room for the table: from when on, and which key shows them."""
    first_at = voice.time(min(one.at for one in last))
    return Content.styled(voice.say("reception.last_tickets_short", time=first_at), "bold")


def _table(
    fields: Sequence[FieldQueue],
    voice: Voice,
    width: int,
    cell: Callable[[FieldQueue, LanguageCode, int], Content],
) -> list[Content]:
    """The languages above; a line for each field, with a cell of so many columns for each language.

    A field that is closed says that once, under no language.
    """
    languages = voice.centre.languages.all
    noun = NOUN_WIDTH if width >= NOUNS_FROM else 0
    first = BADGE_WIDTH + noun
    ends = [first + (width - first) * count // len(languages) for count in range(len(languages) + 1)]
    widths = [end - start for start, end in pairwise(ends)]
    codes = [
        Content.styled(language.upper().rjust(cells), palette.MUTED)
        for language, cells in zip(languages, widths, strict=True)
    ]
    lines = [Content().join([Content(" " * first), *codes])]
    for queue in fields:
        field = voice.centre.field(queue.field)
        badge = Content.assemble(
            (f" {field.letter} ", f"bold #FFFFFF on {field.colour}"),
            f" {voice.noun(field.id)}"[:noun].ljust(noun),
        )
        if queue.open or set(queue.ended) == set(languages):
            cells = [cell(queue, language, room) for language, room in zip(languages, widths, strict=True)]
        else:
            said = f"  {voice.say('reception.field_closed')}"
            cells = [Content.styled(said.ljust(width - first), palette.MUTED)]
        lines.append(Content().join([badge, *cells]))
    return lines


def _full(voice: Voice, width: int) -> Content:
    """No more tickets today."""
    return _right((voice.say("reception.cell_ended"), f"bold {palette.ALERT}"), width)


def _right(said: tuple[str, str], width: int) -> Content:
    return Content.assemble(" " * max(width - len(said[0]), 0), said)


def _cell(expected: Expected | None, now: datetime, voice: Voice, width: int) -> Content:
    """Minutes, or in words that somebody is free or nobody comes; a dash: nobody can tell."""
    match expected:
        case Expected(kind=WaitKind.NOBODY | WaitKind.NOT_TODAY):
            said, style = voice.say("reception.expects_nobody"), f"bold {palette.ALERT}"
        case Expected(kind=WaitKind.AT_ONCE):
            said, style = voice.say("state.free"), f"bold {palette.GO}"
        case Expected(window=window) if window is not None:
            said, style = in_minutes(window, now).whole, f"bold {palette.INK}"
        case _:
            said, style = NOBODY_CAN_TELL, palette.MUTED
    return _right((said, style), width)
