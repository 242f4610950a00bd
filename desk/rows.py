"""Tickets as rows of a list: which columns there is room for, and what stands in them. Pure."""

from datetime import datetime

from msgspec import Struct
from rich.text import Text

from desk.widgets.tickets import NUMBER, Column, Row
from desk.words import Voice, few_codes, group, marks, number, stage_words, wait_bar
from protocol.views import StaffTicket, Stage

CELL_PADDING = 2
"""Columns of air around a cell."""
SCROLLBAR = 1
FIELD_MIN = 12
NUMBER_WIDTH, LANGUAGES_WIDTH, FIELD_WIDTH, TIME_WIDTH, MINUTES_WIDTH, MARK_WIDTH = 7, 6, 24, 8, 9, 2
STAGE_WIDTH, DESK_WIDTH = 16, 8
PEOPLE_WIDTH = 5
BAR_MIN, BAR_MAX = 3, 24
MARKS_IN_WORDS = 20


class Shape(Struct, frozen=True):
    """Which columns a list of this width has."""

    columns: tuple[Column, ...]
    bar: int
    """Cells of the bar of the wait."""
    wordy: bool
    """Marks are written out."""


def shape_of(voice: Voice, width: int, *, ended: bool = False, groups: bool = False) -> Shape:
    """The columns that fit; number and wait are always there. `groups`: some come together."""
    stand = ended * (STAGE_WIDTH + CELL_PADDING + DESK_WIDTH + CELL_PADDING)
    taken = NUMBER_WIDTH + LANGUAGES_WIDTH + MINUTES_WIDTH + MARK_WIDTH + 4 * CELL_PADDING + stand
    left = max(width - SCROLLBAR - taken - (0 if ended else BAR_MIN), 0)
    groups = groups and left >= PEOPLE_WIDTH + CELL_PADDING
    left -= groups * (PEOPLE_WIDTH + CELL_PADDING)
    field = min(left - CELL_PADDING, FIELD_WIDTH) if left >= FIELD_MIN + CELL_PADDING else 0
    left -= field and field + CELL_PADDING
    with_time = left >= TIME_WIDTH + CELL_PADDING
    left -= with_time * (TIME_WIDTH + CELL_PADDING)
    wordy = left >= MARKS_IN_WORDS - MARK_WIDTH
    left -= wordy * (MARKS_IN_WORDS - MARK_WIDTH)
    bar_cells = 0 if ended else min(BAR_MIN + left, BAR_MAX)
    columns = [Column(NUMBER, voice.say("column.ticket"), NUMBER_WIDTH)]
    columns.append(Column("language", voice.say("column.language_short"), LANGUAGES_WIDTH))
    if groups:
        columns.append(Column("people", voice.say("column.people"), PEOPLE_WIDTH))
    if field:
        columns.append(Column("field", voice.say("column.field"), field))
    if with_time:
        columns.append(Column("arrival", voice.say("column.arrival"), TIME_WIDTH))
    if ended:
        columns.append(Column("stage", voice.say("column.state"), STAGE_WIDTH))
        columns.append(Column("desk", voice.say("column.desk"), DESK_WIDTH))
    columns.append(Column("wait", voice.say("column.wait"), bar_cells + MINUTES_WIDTH))
    columns.append(Column("marks", "", MARKS_IN_WORDS if wordy else MARK_WIDTH))
    return Shape(tuple(columns), bar_cells, wordy)


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
            "stage": Text(stage_words(voice, ticket, now), no_wrap=True, overflow="ellipsis"),
            "desk": Text(ticket.desk or ""),
            "wait": wait_bar(voice, ticket, until, shape.bar),
            "marks": marks(voice, ticket, wide=shape.wordy),
        },
    )
