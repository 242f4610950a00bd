"""Sets the newest call: its number as large as the room allows, its desk beside or below. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from config.look.lettering import CAPITAL_ROWS, largest_rows, mosaic, width_of
from display_board.terminal.layout import LIST_ROWS, Layout, number_type
from display_board.terminal.setting import Lines, label

LABEL_LARGE_FROM_ROWS = 14
"""A hero this high has room for labels in large type."""


class Hero(Struct, frozen=True, kw_only=True):
    """The four texts of the newest call, as lines of cells."""

    number_label: Lines
    number: Lines
    desk_label: Lines
    desk: Lines
    label_gap: int
    """Empty lines between a label and what it names."""


def hero_of(
    code: str, desk: str, number_words: Sequence[str], desk_words: Sequence[str], layout: Layout, height: int
) -> Hero:
    """The call in a hero this high."""
    side = layout.number_width - 2 * layout.hero_pad
    high = height - layout.desk_rows
    number_label = label(number_words, side, LIST_ROWS if high >= LABEL_LARGE_FROM_ROWS else 1)
    label_gap = 0 if layout.shape == "small" else 1
    leading = 2 if layout.shape == "wide" and len(number_label) == 1 else 1  # large type brings its own
    rows = _rows_up_to(high - len(number_label) - label_gap - leading)
    text, size = number_type(code, side, rows)
    number = mosaic(text, size, capitals=True)
    if layout.desk_rows:
        desk_label, desk_lines = _below(desk, desk_words, side, min(size, layout.desk_rows - 2))
    else:
        room = layout.desk_width - 2
        desk_label = label(desk_words, room, len(number_label))
        desk_lines = mosaic(desk, largest_rows([desk], room, _rows_up_to(size), capitals=True), capitals=True)
    return Hero(
        number_label=number_label, number=number, desk_label=desk_label, desk=desk_lines, label_gap=label_gap
    )


def _rows_up_to(most: int) -> tuple[int, ...]:
    return tuple(rows for rows in CAPITAL_ROWS if rows <= most)


def _below(desk: str, words: Sequence[str], width: int, most: int) -> tuple[Lines, Lines]:
    """The word on the left and the desk on the right of one line, the desk as large as possible."""
    for rows in reversed(_rows_up_to(most)):
        taken = width_of(desk, rows, capitals=True) + 2
        for label_rows in (LIST_ROWS, 1):
            word = label(words, width - taken, label_rows)
            if len(word[0]) + taken <= width:
                return word, mosaic(desk, rows, capitals=True)
    return label(words, width, 1), (desk,)
