"""What whoever comes now may be told of the wait, by field and language. Pure but for the colours."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from textual.content import Content

from config.look import palette
from config.look.waits import NOBODY_CAN_TELL, in_minutes
from desk.reception.coverage import coverage_lines, coverage_rows, is_thin
from desk.words import Voice, nobody_words
from protocol.commands import IntakeHold
from protocol.ids import LanguageCode
from protocol.views import FieldQueue, ReceptionView
from protocol.waits import Expected, LastTicket, WaitKind

BADGE_WIDTH = 3
NOUN_WIDTH = 24
NOUNS_FROM = 66
"""Columns of the list from which the fields' names have room beside the minutes."""
HELD_STYLES = {IntakeHold.OPEN: palette.GO, IntakeHold.CLOSED: palette.ALERT}


def fields_told(view: ReceptionView, now: datetime, voice: Voice, width: int, rows: int) -> list[Content]:
    """Head, waits, last tickets and coverage in so many columns and rows.

    The last tickets have a line of their own, where they would push out what is not safely covered.
    """
    told = [expected_head(voice), *expected_lines(view, now, voice, width)]
    room = rows - len(told)
    if view.last_tickets:
        last = last_ticket_lines(view, voice, width)
        lacking = len(last) + coverage_rows(view.coverage, voice, width) - room
        if lacking == 1:
            _, *last = last  # without the row of air
        elif lacking > 1:
            hint = last_ticket_hint(view.last_tickets, voice)
            last = [hint] if any(map(is_thin, view.coverage)) else [Content(), hint]
        told += last
        room -= len(last)
    return told + coverage_lines(view.coverage, voice, width, room)


def expected_head(voice: Voice) -> Content:
    """Above the fields: what the figures are."""
    said = voice.say("reception.expected")
    return Content.assemble((voice.say("reception.fields"), "bold"), (f"   {said}", palette.MUTED))


def expected_lines(view: ReceptionView, now: datetime, voice: Voice, width: int) -> list[Content]:
    """The languages, then a line for each field, in so many columns. What is full or closed says so."""
    named = width >= NOUNS_FROM
    nobody = nobody_words(voice, min(_rooms(voice, width, named=named)))

    def cell(queue: FieldQueue, language: LanguageCode, room: int) -> Content:
        if language in queue.ended:
            return _full(voice, room)
        return _right(_told(queue.expected.get(language), now, voice, nobody), room)

    return _table(view, voice, width, cell, named=named)


def last_ticket_lines(view: ReceptionView, voice: Voice, width: int) -> list[Content]:
    """A head and the same table, with the times at which the last tickets can be given.

    What gets no tickets any more says so, and what reception holds, in which way. Where these words have no
    room beside the fields' names, the table has other columns, and the languages above them once more.
    """
    times = {(one.field, one.language): one.at for one in view.last_tickets}
    held = {(one.field, one.language): one.hold for one in view.held}
    widest = max((len(voice.say(f"reception.held_{hold}")) for hold in held.values()), default=0)
    named = width >= NOUNS_FROM
    beside = named and widest < min(_rooms(voice, width, named=True))

    def cell(queue: FieldQueue, language: LanguageCode, room: int) -> Content:
        at = times.get((queue.field, language))
        hold = held.get((queue.field, language))
        if hold is not None:
            return _right(_held(hold, voice, room), room)
        if language in queue.ended:
            return _full(voice, room)
        if at is not None:
            return _right((voice.time(at), f"bold {palette.INK}"), room)
        return _right((NOBODY_CAN_TELL, palette.MUTED), room)

    head = Content.styled(voice.say("reception.last_tickets"), "bold")
    languages, *lines = _table(view, voice, width, cell, named=beside)
    return [Content(), head, *([] if beside is named else [languages]), *lines]


def _held(hold: IntakeHold, voice: Voice, room: int) -> tuple[str, str]:
    """That reception holds it open or closed; in few columns only that it is."""
    said = voice.say(f"reception.held_{hold}")
    short = voice.say(f"reception.field_{hold}")
    return said if len(said) < room else short, f"bold {HELD_STYLES[hold]}"


def last_ticket_hint(last: Sequence[LastTicket], voice: Voice) -> Content:
    """Where there is no room for the table: from when on, and which key shows them."""
    first_at = voice.time(min(one.at for one in last))
    return Content.styled(voice.say("reception.last_tickets_short", time=first_at), "bold")


def _table(
    view: ReceptionView,
    voice: Voice,
    width: int,
    cell: Callable[[FieldQueue, LanguageCode, int], Content],
    *,
    named: bool,
) -> list[Content]:
    """The languages above; a line for each field, with a cell of so many columns for each language.

    A field that reception has closed says that once, under no language, and each once the day has ended;
    while it is not open, the others tell what is foreseen. `named`: their names stand beside their letters.
    """
    languages, noun = voice.centre.languages.all, named * NOUN_WIDTH
    widths = _rooms(voice, width, named=named)
    codes = [
        Content.styled(language.upper().rjust(cells), palette.MUTED)
        for language, cells in zip(languages, widths, strict=True)
    ]
    lines = [Content().join([Content(" " * (BADGE_WIDTH + noun)), *codes])]
    for queue in view.fields:
        field = voice.centre.field(queue.field)
        badge = Content.assemble(
            (f" {field.letter} ", f"bold #FFFFFF on {field.colour}"),
            f" {voice.noun(field.id)}"[:noun].ljust(noun),
        )
        if view.over or queue.field in view.closed_fields:
            said = f"  {voice.say('reception.field_closed')}"
            cells = [Content.styled(said.ljust(width - BADGE_WIDTH - noun), palette.MUTED)]
        else:
            cells = [cell(queue, language, room) for language, room in zip(languages, widths, strict=True)]
        lines.append(Content().join([badge, *cells]))
    return lines


def _rooms(voice: Voice, width: int, *, named: bool) -> list[int]:
    """Columns of the cell of each language."""
    count = len(voice.centre.languages.all)
    first = BADGE_WIDTH + named * NOUN_WIDTH
    ends = [first + (width - first) * place // count for place in range(count + 1)]
    return [end - start for start, end in pairwise(ends)]


def _full(voice: Voice, width: int) -> Content:
    """No more tickets today."""
    return _right((voice.say("reception.cell_ended"), f"bold {palette.ALERT}"), width)


def _right(said: tuple[str, str], width: int) -> Content:
    return Content.assemble(" " * max(width - len(said[0]), 0), said)


def _told(expected: Expected | None, now: datetime, voice: Voice, nobody: str) -> tuple[str, str]:
    """Minutes, or in words that somebody is free or nobody comes; a dash: nobody can tell."""
    match expected:
        case Expected(kind=WaitKind.NOBODY | WaitKind.NOT_TODAY):
            return nobody, f"bold {palette.ALERT}"
        case Expected(kind=WaitKind.AT_ONCE):
            return voice.say("state.free"), f"bold {palette.GO}"
        case Expected(window=window) if window is not None:
            return in_minutes(window, now).whole, f"bold {palette.INK}"
        case _:
            return NOBODY_CAN_TELL, palette.MUTED
