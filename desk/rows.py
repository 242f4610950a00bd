"""Tickets as rows of a list: which columns there is room for, and what stands in them. Pure."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from rich.text import Text

from desk.widgets.tickets import NUMBER, Column, Row
from desk.words import Voice, few_codes, group, marks, number, stage_words, wait_bar, window_words
from protocol.views import StaffTicket, Stage

CELL_PADDING = 2
"""Columns of air around a cell."""
SCROLLBAR = 1
FIELD_MIN = 12
NUMBER_WIDTH, LANGUAGES_WIDTH, FIELD_WIDTH, TIME_WIDTH, MINUTES_WIDTH, MARK_WIDTH = 7, 6, 24, 8, 9, 2
DESK_WIDTH = 8
DESK_SHORT_WIDTH = 4
"""The desk under a shortened head."""
PEOPLE_WIDTH = 5
FIGURE_WIDTH = 3
"""The minutes without a word."""
WINDOW_WIDTH, END_WIDTH = 11, 5
"""A window on the clock, and its end alone."""
BAR_MIN, BAR_MAX = 3, 24
MARKS_IN_WORDS = 20


class Shape(Struct, frozen=True):
    """Which columns a list of this width has."""

    columns: tuple[Column, ...]
    minutes: int
    """Cells of the wait in minutes."""
    bar: int
    """Cells of its bar."""
    window: int
    """Cells of the window in which a visitor will be called."""
    wordy: bool
    """Marks are written out."""


def shape_of(
    voice: Voice,
    width: int,
    *,
    stands: Collection[str] | None = None,
    groups: bool = False,
    windows: bool = False,
) -> Shape:
    """The columns that fit; number and wait are always there. No word of minutes cuts a field's name.

    `stands`: where the tickets stand, in words: they have as much room as the longest needs; none: that is
    not said. `groups`: some come together. `windows`: of some it is foreseen when they will be called.
    """
    ended = stands is not None
    stage = max(map(len, (voice.say("column.state"), *(stands or ()))))
    stand = ended * (stage + CELL_PADDING + DESK_WIDTH + CELL_PADDING)
    taken = NUMBER_WIDTH + LANGUAGES_WIDTH + MARK_WIDTH + 3 * CELL_PADDING + stand
    left = max(width - SCROLLBAR - taken, 0)
    minutes, window, people = _widths(left, groups=groups, windows=windows)
    left = max(left - sum(cells + CELL_PADDING for cells in (minutes, window, people) if cells), 0)
    longest = min(max(len(field.noun[voice.language]) for field in voice.centre.fields), FIELD_WIDTH)
    bar_cells = 0 if ended or left < BAR_MIN else BAR_MIN
    left -= bar_cells
    desk, wanted, least = DESK_WIDTH, longest + CELL_PADDING, FIELD_MIN + CELL_PADDING
    gains = (minutes - FIGURE_WIDTH, ended * (DESK_WIDTH - DESK_SHORT_WIDTH))
    if left < wanted and left + sum(gains) >= (least if ended else wanted):
        minutes, left = FIGURE_WIDTH, left + gains[0]
        if left < wanted:
            desk, left = DESK_SHORT_WIDTH, left + gains[1]
    elif left < least <= left + bar_cells:
        bar_cells, left = 0, left + bar_cells
    field = min(left - CELL_PADDING, FIELD_WIDTH) if left >= FIELD_MIN + CELL_PADDING else 0
    left -= field and field + CELL_PADDING
    with_time = left >= TIME_WIDTH + CELL_PADDING
    left -= with_time * (TIME_WIDTH + CELL_PADDING)
    wordy = left >= MARKS_IN_WORDS - MARK_WIDTH
    left -= wordy * (MARKS_IN_WORDS - MARK_WIDTH)
    bar_cells = min(bar_cells + left, BAR_MAX) if bar_cells else 0
    shown = [
        (NUMBER, "ticket", NUMBER_WIDTH),
        ("language", "language_short", LANGUAGES_WIDTH),
        ("people", "people", people),
        ("field", "field", field),
        ("arrival", "arrival", with_time * TIME_WIDTH),
        ("stage", "state", ended * stage),
        ("desk", "desk" if desk == DESK_WIDTH else "desk_short", ended * desk),
        ("wait", "minutes" if minutes < MINUTES_WIDTH else "wait", bar_cells + minutes),
        ("window", "called_before" if window < WINDOW_WIDTH else "called_at", window),
    ]
    columns = [Column(key, voice.say(f"column.{head}"), cells) for key, head, cells in shown if cells]
    columns.append(Column("marks", "", MARKS_IN_WORDS if wordy else MARK_WIDTH))
    return Shape(tuple(columns), minutes, bar_cells, window, wordy)


def _widths(left: int, *, groups: bool, windows: bool) -> tuple[int, int, int]:
    """Cells of the minutes, the window and the people: first without words, then without its beginning."""
    people = groups * PEOPLE_WIDTH
    ways = ((MINUTES_WIDTH, WINDOW_WIDTH), (FIGURE_WIDTH, WINDOW_WIDTH), (FIGURE_WIDTH, END_WIDTH))
    for with_people in dict.fromkeys((people, 0)):
        for minutes, window in ways if windows else ((MINUTES_WIDTH, 0),):
            if sum(cells + CELL_PADDING for cells in (minutes, window, with_people) if cells) <= left:
                return minutes, window, with_people
    return MINUTES_WIDTH, 0, 0


def row_of(voice: Voice, ticket: StaffTicket, now: datetime, shape: Shape) -> Row:
    """One ticket in these columns."""
    until = ticket.called_at if ticket.called_at and ticket.stage is not Stage.WAITING else now
    return Row(
        ticket.ticket,
        {
            NUMBER: number(voice, ticket),
            "language": Text(few_codes(ticket.languages), style="bold"),
            "people": Text(group(voice, ticket), style="bold"),
            "field": Text(voice.noun(ticket.field), no_wrap=True, overflow="ellipsis"),
            "arrival": Text(voice.time(ticket.issued_at)),
            "stage": Text(stage_words(voice, ticket, now)),
            "desk": Text(ticket.desk or ""),
            "wait": wait_bar(voice, ticket, until, shape.bar, shape.minutes),
            "window": window_words(voice, ticket, now, shape.window),
            "marks": marks(voice, ticket, wide=shape.wordy),
        },
    )
