"""Where everything on the scene of fields stands, in cells: pure reckoning."""

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import TEXT_ROWS, width_of, wrap
from kiosk.layout import Room, Shape
from kiosk.widgets import fitting_rows

BADGE_COLUMNS = 10
"""A badge with its letter under the pictogram."""
_BADGE_BESIDE_COLUMNS = {Shape.SMALL: 15, Shape.STANDARD: 17, Shape.WIDE: 22, Shape.PORTRAIT: 16}
"""A badge with the letter beside the pictogram."""
_LETTER_COLUMNS = 7
"""A badge with the letter alone, where larger type needs the columns."""
_QUESTION_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3, 4, 5), Shape.PORTRAIT: (3,)}
_QUESTION_LINES_MAX = {Shape.SMALL: 1, Shape.STANDARD: 1, Shape.WIDE: 1, Shape.PORTRAIT: 3}
_LABEL_ROWS = {Shape.SMALL: (), Shape.STANDARD: (3,), Shape.WIDE: (3, 4), Shape.PORTRAIT: (3,)}
_LIST_TILE_ROWS_MIN = {Shape.SMALL: 7, Shape.STANDARD: 4, Shape.WIDE: 5, Shape.PORTRAIT: 5}
"""Height of a tile with its lip; where the fields get less in one column they stand in two."""
_TALL_LIST_TILE_ROWS = 7
"""The same where a label of three rows, two lines of a hint and who waits stand under one another."""
_FACTS_ROWS = 3
_TILE_ROWS_MAX = {Shape.SMALL: 6, Shape.STANDARD: 6, Shape.WIDE: 7, Shape.PORTRAIT: 10}
_TALL_TILE_ROWS = 9
"""From this height on a letter three rows high has room under the pictogram."""
_FILLED_BADGE_ROWS = 6
"""Height of a tile below which a pictogram would touch the edges of a filled badge: it stands on white."""
_FACTS_COLUMNS_MIN = 20
"""Narrowest column for a hint beside its label."""
_SPARE_ROWS = {Shape.SMALL: 0, Shape.STANDARD: 0, Shape.WIDE: 3, Shape.PORTRAIT: 2}
"""Under a large question, and above and below everything: it must not touch the head."""
_TEXT_PADDING = 2
_LABEL_GAP = 2


class FieldPlan(Struct, frozen=True):
    """Where everything stands, in cells."""

    question_rows: int
    """Height of its letters; 0: there is no room for it here."""
    columns: int
    tile_width: int
    tile_rows: int
    badge_width: int
    pictogram_rows: int
    """0: there is no room for one."""
    letter_rows: int
    slim: bool
    """The badge is not filled with the field's colour."""
    label_rows: int
    label_width: int | None
    """Of the column of labels when hint and waiting people stand beside it; none: under it."""
    text_width: int
    larger: bool = False

    @property
    def facts_width(self) -> int:
        """Columns for hint and waiting people, beside the label or under it."""
        return self.text_width - (self.label_width or 0)

    def waiting_rows(self, words: str) -> int:
        """Height of the letters that tell the wait; 0: larger type leaves no room for them."""
        if not self.larger:
            return 1
        height = self.tile_rows - 1 - (self.label_rows if self.label_width is None else 0)
        for rows in (TEXT_ROWS[0], 1):
            lines = wrap(words, self.facts_width, rows)
            wide = any(width_of(line, rows) > self.facts_width for line in lines)
            if not wide and len(lines) * rows <= height:
                return rows
        return 0

    def rows_of(self, label: str) -> int:
        """Height of a label's letters: one for all; in larger type the largest up to it that it fits."""
        if not self.larger:
            return self.label_rows
        return fitting_rows((label,), self.text_width, range(TEXT_ROWS[0], self.label_rows + 1))


def planned(room: Room, questions: tuple[str, ...], labels: tuple[str, ...], count: int) -> FieldPlan:
    """The plan in which these questions and labels all have the same size."""
    if room.larger:
        return _larger(room, questions, labels, count)
    shape = room.shape
    spare = _SPARE_ROWS[shape]
    wanted = _TALL_LIST_TILE_ROWS if room.tall else _LIST_TILE_ROWS_MIN[shape]
    question_rows = lines = 1
    for rows in sorted(_QUESTION_ROWS[shape], reverse=True):
        fits, broken = _question(room, questions, (rows,), _QUESTION_LINES_MAX[shape])
        if fits == rows and (room.body_rows - rows * broken - spare) // count >= wanted:
            question_rows, lines = rows, broken
            break
    left = room.body_rows - question_rows * lines
    in_list = (left - spare) // count
    columns = 1 if in_list >= _LIST_TILE_ROWS_MIN[shape] else 2
    tile_rows = min(in_list if columns == 1 else left // -(-count // 2), _TILE_ROWS_MAX[shape])
    tile_width = room.inner if columns == 1 else room.half
    slim = columns == 1 and tile_rows < _FILLED_BADGE_ROWS
    beside = columns == 1 and not room.upright
    badge_width = _BADGE_BESIDE_COLUMNS[shape] if beside else BADGE_COLUMNS
    text_width = tile_width - badge_width - _TEXT_PADDING
    label_room = text_width - (_FACTS_COLUMNS_MIN + _LABEL_GAP if beside else 0)
    highest = tile_rows - 1 - (0 if beside else _FACTS_ROWS)
    label_rows = fitting_rows(labels, label_room, [rows for rows in _LABEL_ROWS[shape] if rows <= highest])
    label_width = max(width_of(label, label_rows) for label in labels) + _LABEL_GAP
    return FieldPlan(
        question_rows=0 if room.asks_in_head else question_rows,
        columns=columns,
        tile_width=tile_width,
        tile_rows=tile_rows,
        badge_width=badge_width,
        pictogram_rows=3 if slim and tile_rows - 1 < (4 if beside else 5) else 4,
        letter_rows=3 if beside or tile_rows >= _TALL_TILE_ROWS else 1,
        slim=slim,
        label_rows=label_rows,
        label_width=label_width if beside and label_rows > 1 else None,
        text_width=text_width,
    )


def _larger(room: Room, questions: tuple[str, ...], labels: tuple[str, ...], count: int) -> FieldPlan:
    """One under another, as tall as the rows allow; the question only where it costs the labels nothing.

    The wait stands beside the label or, on an upright panel, under it.
    """
    tall = room.body_rows // count
    question_rows, lines = _question(room, questions, room.heights(_QUESTION_ROWS), 2)
    if (room.body_rows - question_rows * lines - 1) // count < tall:
        question_rows = lines = 1
        if (room.body_rows - 1) // count < tall:
            question_rows = lines = 0
    tile_rows = min((room.body_rows - question_rows * lines) // count, _TILE_ROWS_MAX[room.shape])
    high = tile_rows - 1
    most = min(max(room.heights(_LABEL_ROWS)), high)
    if room.upright:
        most = min(most, max(TEXT_ROWS[0], high - (TEXT_ROWS[0] if high >= 2 * TEXT_ROWS[0] else 1)))
    badge_width = _BADGE_BESIDE_COLUMNS[room.shape]
    text_width = room.inner - badge_width - _TEXT_PADDING
    if any(width_of(label, TEXT_ROWS[0]) > text_width for label in labels):
        badge_width = _LETTER_COLUMNS
        text_width = room.inner - badge_width - _TEXT_PADDING
    plan = FieldPlan(
        question_rows=question_rows,
        columns=1,
        tile_width=room.inner,
        tile_rows=tile_rows,
        badge_width=badge_width,
        pictogram_rows=min(4, high) if badge_width > _LETTER_COLUMNS else 0,
        letter_rows=3,
        slim=True,
        label_rows=most,
        label_width=None,
        text_width=text_width,
        larger=True,
    )
    if room.upright:
        return plan
    widest = max(width_of(label, plan.rows_of(label)) for label in labels)
    return replace(plan, label_width=min(text_width, widest + _LABEL_GAP))


def _question(
    room: Room, questions: tuple[str, ...], choices: tuple[int, ...], lines_max: int
) -> tuple[int, int]:
    """Height of the question's letters, and how many lines the longest takes."""
    rows = fitting_rows(questions, room.inner, choices, lines_max)
    return rows, max(len(wrap(question, room.inner, rows)) for question in questions)
