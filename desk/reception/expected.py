"""What whoever comes now may be told of the wait, by field and language. Pure but for the colours."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from textual.content import Content

from config.look import palette
from config.look.waits import NOBODY_CAN_TELL, in_minutes
from desk.words import Voice
from protocol.views import FieldQueue
from protocol.waits import Expected, WaitKind

BADGE_WIDTH = 3
NOUN_WIDTH = 24
NOUNS_FROM = 66
"""Columns of the list from which the fields' names have room beside the minutes."""


def expected_head(voice: Voice) -> Content:
    """Above the fields: what the figures are."""
    said = voice.say("reception.expected")
    return Content.assemble((voice.say("reception.fields"), "bold"), (f"   {said}", palette.MUTED))


def expected_lines(fields: Sequence[FieldQueue], now: datetime, voice: Voice, width: int) -> list[Content]:
    """The languages, then a line for each field, in so many columns. Where no tickets are given, nothing."""
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
        taken = [language for language in languages if queue.open and language not in queue.ended]
        told = [queue.expected.get(language) if language in taken else None for language in languages]
        cells = [_cell(one, now, voice, room) for one, room in zip(told, widths, strict=True)]
        lines.append(Content().join([badge, *cells]))
    return lines


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
    return Content.assemble(" " * max(width - len(said), 0), (said, style))
