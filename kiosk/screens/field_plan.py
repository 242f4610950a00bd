"""Where everything on the scene of fields stands, in cells: pure reckoning."""

from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import TEXT_ROWS, width_of, wrap
from kiosk.layout import Room, Shape
from kiosk.widgets import fitting_rows

BADGE_COLUMNS = 10
"""A badge with its letter under the pictogram."""
_BADGE_BESIDE_COLUMNS = {Shape.SMALL: 15, Shape.STANDARD: 17, Shape.WIDE: 22, Shape.PORTRAIT: 16}
"""A badge with the letter beside the pictogram."""
_LETTER_COLUMNS = 9
"""A badge with the letter alone, where larger type needs the columns: the bar, and air around the letter."""
_SMALL_LETTER_COLUMNS = 4
"""The same with a letter in the terminal's own type."""
_BAR_COLUMNS = 1
"""The bar alone: the letter stands before the wait, under the label."""
_PICTOGRAM_ROWS = 4
_LIP_ROWS = 1
_WAITING_ROWS: dict[Shape, tuple[int, ...]] = {**dict.fromkeys(Shape, ()), Shape.WIDE: (3,)}
"""Of a wait under its hint where it fits; none: the terminal's own type."""
_AIR_ROWS = 1
"""Above a label with a hint and a large wait under it."""
_UNDER_ROWS = 1
"""Of a wait under its label."""
_QUESTION_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3, 4, 5), Shape.PORTRAIT: (3,)}
_QUESTION_LINES_MAX = {Shape.SMALL: 1, Shape.STANDARD: 1, Shape.WIDE: 1, Shape.PORTRAIT: 3}
_LARGER_QUESTION_LINES_MAX = 3
_LABEL_ROWS = {Shape.SMALL: (), Shape.STANDARD: (3,), Shape.WIDE: (3, 4), Shape.PORTRAIT: (3,)}
_LIST_TILE_ROWS_MIN = {Shape.SMALL: 7, Shape.STANDARD: 4, Shape.WIDE: 6, Shape.PORTRAIT: 5}
"""Height of a tile with its lip; where the fields get less in one column they stand in two."""
_TALL_LIST_TILE_ROWS = 7
"""The same where a label of three rows, two lines of a hint and who waits stand under one another."""
_GRID_PADDING = {**dict.fromkeys(Shape, 0), Shape.WIDE: 1}
"""Columns more before a text in such a tile."""
_GRID_TILE_ROWS: dict[Shape, range] = {**dict.fromkeys(Shape, range(0)), Shape.WIDE: range(10, 6, -1)}
"""Heights of tiles in two columns, the best first, that a large question over them has to leave."""
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
_LARGER_AIR_ROWS = 2
"""Of larger type above and below everything, before a row is free under the question."""
_TEXT_PADDING, _BESIDE_PADDING = 2, 3
"""Columns left free beside a text: where all stands under one another, and where the facts stand beside."""
_BAR_PADDING = 1
"""Between a bar alone and the text."""
_LARGER_BADGE_AIR = 4
"""Columns more for a badge of larger type, where no label needs them: bar, letter and label stand apart."""
_LABEL_GAP = {**dict.fromkeys(Shape, 2), Shape.WIDE: 4}
"""Columns between a label and what stands beside it."""


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
    """0: it stands before the wait, and the badge is a bar of the field's colour."""
    slim: bool
    """The badge is not filled with the field's colour."""
    label_rows: int
    """Height of the letters of all labels."""
    label_width: int | None
    """Of the column of labels when hint and waiting people stand beside it; none: under it."""
    text_width: int
    waiting_rows: int = 1
    """Height of the letters that tell the waits; 0: larger type leaves no room for them."""
    airy: bool = False
    """All stands under one another from the second row of a tile on, a large wait last."""
    larger: bool = False
    close: bool = False
    """The letters of the labels stand close to each other: some have no room otherwise."""
    apart: bool = False
    """Under the question of larger type a row stays free."""

    @property
    def facts_width(self) -> int:
        """Columns for hint and waiting people, beside the label or under it."""
        return self.text_width - (self.label_width or 0)

    @property
    def has_high_letters(self) -> bool:
        """Whether a tile's letter may fill its rows: where it would touch an edge of the tile it may not."""
        return not self.airy and self.letter_rows < self.tile_rows - _LIP_ROWS - 1

    def above_label(self, below: int) -> int:
        """Rows free above a label of larger type with so many rows below it: of an odd number left, one."""
        under_one_another = self.larger and self.label_width is None
        return (self.tile_rows - _LIP_ROWS - self.label_rows - below) % 2 if under_one_another else 0


class _Badge(Struct, frozen=True):
    """Columns, and rows of the pictogram and of the letter in it."""

    columns: int
    pictogram_rows: int
    letter_rows: int


_BAR = _Badge(_BAR_COLUMNS, 0, 0)


def planned(
    room: Room,
    questions: tuple[str, ...],
    labels: tuple[str, ...],
    waits: tuple[str, ...],
    count: int,
    hints: tuple[str, ...] = (),
) -> FieldPlan:
    """The plan in which these questions, labels and waits all have the same size, and hints have room."""
    if room.larger:
        return _apart(room, _waiting(room, _larger(room, questions, labels, waits, count), waits), labels)
    shape = room.shape
    question_rows, columns, tile_rows = _arranged(room, questions, count)
    tile_width = room.inner if columns == 1 else room.half
    slim = columns == 1 and tile_rows < _FILLED_BADGE_ROWS
    beside = columns == 1 and not room.upright
    badge_width = _BADGE_BESIDE_COLUMNS[shape] if beside else BADGE_COLUMNS
    text_width = (
        tile_width - badge_width - (_BESIDE_PADDING if beside else _TEXT_PADDING + _GRID_PADDING[shape])
    )
    plan = FieldPlan(
        question_rows=0 if room.asks_in_head else question_rows,
        columns=columns,
        tile_width=tile_width,
        tile_rows=tile_rows,
        badge_width=badge_width,
        pictogram_rows=3 if slim and tile_rows - 1 < (4 if beside else 5) else 4,
        letter_rows=3 if beside or tile_rows >= _TALL_TILE_ROWS else 1,
        slim=slim,
        label_rows=1,
        label_width=None,
        text_width=text_width,
    )
    return _beside(room, plan, labels, hints) if beside else _under(room, plan, labels, hints)


def _arranged(room: Room, questions: tuple[str, ...], count: int) -> tuple[int, int, int]:
    """Height of the question's letters, columns of tiles, and their height: a list where it has the rows."""
    shape, lines = room.shape, -(-count // 2)
    wanted = _TALL_LIST_TILE_ROWS if room.tall else _LIST_TILE_ROWS_MIN[shape]
    rows, left = _asked(room, questions, count, wanted)
    in_list = (left - _SPARE_ROWS[shape]) // count
    if in_list >= _LIST_TILE_ROWS_MIN[shape]:
        return rows, 1, min(in_list, _TILE_ROWS_MAX[shape])
    for tile_rows in _GRID_TILE_ROWS[shape]:
        rows, _ = _asked(room, questions, lines, tile_rows)
        if rows > 1:
            return rows, 2, tile_rows
    return rows, 2, min(left // lines, _TILE_ROWS_MAX[shape])


def _asked(room: Room, questions: tuple[str, ...], lines: int, wanted: int) -> tuple[int, int]:
    """Height of the question's letters, large if so many tiles under it have the rows wanted; rows left."""
    shape = room.shape
    for rows in sorted(_QUESTION_ROWS[shape], reverse=True):
        fits, broken = _question(room, questions, (rows,), _QUESTION_LINES_MAX[shape])
        left = room.body_rows - rows * broken
        if fits == rows and (left - _SPARE_ROWS[shape]) // lines >= wanted:
            return rows, left
    return 1, room.body_rows - 1


def _beside(room: Room, plan: FieldPlan, labels: tuple[str, ...], hints: tuple[str, ...]) -> FieldPlan:
    """The plan with the hint, and the wait under it, beside the label."""
    shape, gap, high = room.shape, _LABEL_GAP[room.shape], plan.tile_rows - _LIP_ROWS
    choices = [rows for rows in _LABEL_ROWS[shape] if rows <= high]
    label_rows = fitting_rows(labels, plan.text_width - _FACTS_COLUMNS_MIN - gap, choices)
    label_width = max(width_of(label, label_rows) for label in labels) + gap
    hint_rows = max((len(wrap(hint, plan.text_width - label_width, 1)) for hint in hints), default=1)
    if label_rows == 1 or hint_rows > high - 1:
        return plan
    waiting_rows = max((rows for rows in _WAITING_ROWS[shape] if rows <= high - hint_rows), default=1)
    return replace(plan, label_rows=label_rows, label_width=label_width, waiting_rows=waiting_rows)


def _under(room: Room, plan: FieldPlan, labels: tuple[str, ...], hints: tuple[str, ...]) -> FieldPlan:
    """The plan with the hint under the label, and under that the wait: rather this large than the label."""
    high = plan.tile_rows - _LIP_ROWS
    hint_rows = max((len(wrap(hint, plan.text_width, 1)) for hint in hints), default=1)
    for waiting_rows, left in (
        *((rows, high - _AIR_ROWS - hint_rows - rows) for rows in _WAITING_ROWS[room.shape]),
        (1, high - _FACTS_ROWS),
    ):
        choices = [rows for rows in _LABEL_ROWS[room.shape] if rows <= left]
        label_rows = fitting_rows(labels, plan.text_width, choices)
        if label_rows > 1:
            return replace(plan, label_rows=label_rows, waiting_rows=waiting_rows, airy=waiting_rows > 1)
    return plan


def _larger(
    room: Room, questions: tuple[str, ...], labels: tuple[str, ...], waits: tuple[str, ...], count: int
) -> FieldPlan:
    """One under another, as tall as the rows allow; the question only where it costs the labels nothing.

    The wait stands beside the label or, on an upright panel, under it.
    """
    air = int(room.upright)
    narrowest = _BAR if room.upright else _Badge(_LETTER_COLUMNS, 0, TEXT_ROWS[0])
    choices = range(TEXT_ROWS[0], max(room.heights(_LABEL_ROWS)) + 1)
    label_most = max(TEXT_ROWS[0], fitting_rows(labels, _larger_text(room, narrowest), choices))
    needed = label_most + _LIP_ROWS + (_UNDER_ROWS if room.upright else 0)
    tall = min((room.body_rows - 2 * air) // count, needed)
    question_rows = lines = 0
    for rows in (*sorted(room.heights(_QUESTION_ROWS), reverse=True), 1):
        fits, broken = _question(room, questions, (rows,), _LARGER_QUESTION_LINES_MAX)
        if fits == rows and (room.body_rows - air - rows * broken - int(rows > 1)) // count >= tall:
            question_rows, lines = rows, broken
            break
    tile_rows = min((room.body_rows - air - question_rows * lines) // count, _TILE_ROWS_MAX[room.shape])
    left = room.body_rows - question_rows * lines - count * tile_rows
    high = tile_rows - 1
    most = min(label_most, high)
    if room.upright:
        most = min(most, max(TEXT_ROWS[0], high - (TEXT_ROWS[0] if high >= 2 * TEXT_ROWS[0] else 1)))
    badge, close = _larger_badge(room, labels, high, most if room.upright else TEXT_ROWS[0])
    told = _telling(room, labels, waits, most)
    if told is not None:
        badge, most, close = *told, False
    text_width = _larger_text(room, badge)
    label_rows = TEXT_ROWS[0] if close else fitting_rows(labels, text_width, range(TEXT_ROWS[0], most + 1))
    widest = max(width_of(label, label_rows, close=close) for label in labels)
    return FieldPlan(
        question_rows=question_rows,
        columns=1,
        tile_width=room.inner,
        tile_rows=tile_rows,
        badge_width=badge.columns,
        pictogram_rows=badge.pictogram_rows,
        letter_rows=badge.letter_rows,
        slim=True,
        label_rows=label_rows,
        label_width=None if room.upright else min(text_width, widest + _LABEL_GAP[room.shape]),
        text_width=text_width,
        larger=True,
        close=close,
        apart=room.upright and left > _LARGER_AIR_ROWS,
    )


def _telling(
    room: Room, labels: tuple[str, ...], waits: tuple[str, ...], most: int
) -> tuple[_Badge, int] | None:
    """The fullest badge beside the largest labels that leave waits as large as in the usual type.

    None: they are not large there, or labels would have to be smaller than usual.
    """
    least = min(most, max(_LABEL_ROWS[room.shape], default=most))
    for rows, label_rows, badge in product(
        _WAITING_ROWS[room.shape], range(most, least - 1, -1), _badges(room, most)
    ):
        label_width = max(width_of(label, label_rows) for label in labels) + _LABEL_GAP[room.shape]
        if _has_room(waits, _larger_text(room, badge) - label_width, rows):
            return badge, label_rows
    return None


def _has_room(waits: tuple[str, ...], width: int, rows: int) -> bool:
    """Whether each has room in letters of that height, set close if need be."""
    return all(width_of(wait, rows, close=True) <= width for wait in waits)


def _badges(room: Room, high: int) -> list[_Badge]:
    """Those of a label beside the badge, the one that tells most first."""
    large = TEXT_ROWS[0]
    badges = [_Badge(_BADGE_BESIDE_COLUMNS[room.shape], min(_PICTOGRAM_ROWS, high), large)]
    if room.upright and high > 2 * large:
        badges.append(_Badge(BADGE_COLUMNS, large, large))
    return [*badges, _Badge(_LETTER_COLUMNS, 0, large), _Badge(_SMALL_LETTER_COLUMNS, 0, 1)]


def _larger_badge(room: Room, labels: tuple[str, ...], high: int, most: int) -> tuple[_Badge, bool]:
    """The one that tells most of those beside which all labels are as high as they can be, at most so high.

    And whether they are set close for that. Where they are large beside none, the one that tells most.
    """
    large, badges = TEXT_ROWS[0], _badges(room, high)
    bars = [_BAR] if room.upright and high > large else []
    for rows, some in product(range(most, large - 1, -1), (badges, bars)):
        for close, badge in product((False, True) if rows == large else (False,), some):
            text_width = _larger_text(room, badge)
            if all(width_of(label, rows, close=close) <= text_width for label in labels):
                return badge, close
    return badges[0], False


def _larger_text(room: Room, badge: _Badge) -> int:
    """Columns for label and wait beside it."""
    if badge.columns == _BAR_COLUMNS:
        return room.inner - badge.columns - _BAR_PADDING
    return room.inner - badge.columns - (_TEXT_PADDING if room.upright else _BESIDE_PADDING)


def under_label(letter: str, wait: str) -> str:
    """A field's letter before its wait."""
    return f"{letter}  {wait}".rstrip()


def _waiting(room: Room, plan: FieldPlan, waits: tuple[str, ...]) -> FieldPlan:
    """The plan with all waits in letters of one size, no larger than the labels; or with none on the tiles.

    On an upright panel, where there is no place beside the tiles, labels give way to them.
    """
    usual = _WAITING_ROWS[room.shape] if plan.label_width is not None else ()
    for rows in usual:
        if _has_room(waits, plan.facts_width, rows):
            return replace(plan, waiting_rows=rows)
    told = waits if plan.letter_rows else tuple(under_label("K", wait) for wait in waits)
    height = plan.tile_rows - 1 - (plan.label_rows if plan.label_width is None else 0)
    for rows in (TEXT_ROWS[0], 1):
        broken = [wrap(wait, plan.facts_width, rows) for wait in told]
        if rows <= plan.label_rows and all(
            len(lines) * rows <= height and all(width_of(line, rows) <= plan.facts_width for line in lines)
            for lines in broken
        ):
            return replace(plan, waiting_rows=rows)
    if plan.label_width is None and plan.label_rows > TEXT_ROWS[0]:
        return _waiting(room, replace(plan, label_rows=plan.label_rows - 1), waits)
    return replace(plan, waiting_rows=int(not plan.letter_rows))


def _apart(room: Room, plan: FieldPlan, labels: tuple[str, ...]) -> FieldPlan:
    """The plan with a badge as wide as labels leave room for, where nothing stands beside them."""
    if room.upright or plan.waiting_rows:
        return plan
    widest = max(width_of(label, plan.label_rows, close=plan.close) for label in labels)
    more = max(0, min(_LARGER_BADGE_AIR, plan.text_width - widest))
    text_width = plan.text_width - more
    return replace(plan, badge_width=plan.badge_width + more, text_width=text_width, label_width=text_width)


def _question(
    room: Room, questions: tuple[str, ...], choices: tuple[int, ...], lines_max: int
) -> tuple[int, int]:
    """Height of the question's letters, and how many lines the longest takes."""
    rows = fitting_rows(questions, room.inner, choices, lines_max)
    return rows, max(len(wrap(question, room.inner, rows)) for question in questions)
