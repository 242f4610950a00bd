"""Who waits, by letter: how many people, and how long whoever comes now will wait. No widgets."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from textual.content import Content

from config.look.lettering import cells_of, columns_of, mosaic
from config.look.palette import NIGHT_MUTED, NIGHT_TEXT
from config.look.waits import NOBODY_CAN_TELL
from config.model import Centre
from display_board.terminal.layout import LIST_ROWS
from display_board.waits import Sign, Told, wait_for
from protocol.views import FieldQueue

_PERSON = cells_of(
    columns_of(
        (
            "..######..",
            "..######..",
            "..######..",
            "...####...",
            "..........",
            ".########.",
            "##########",
            "##########",
            "##########",
        )
    ),
    LIST_ROWS,
)
_CLOCK = cells_of(
    columns_of(
        (
            "...####...",
            ".##....##.",
            "#...#....#",
            "#...###..#",
            "#........#",
            ".##....##.",
            "...####...",
            "..........",
            "..........",
        )
    ),
    LIST_ROWS,
)
"""Both as high as the figures beside them, which leave their last row to what hangs below a line."""
_UNIT = "min"
"""The same in all languages of the catalogue."""
_MINUTES_MARK = "'"
"""Behind minutes in one-row type, where no word stands before them."""
_BADGE_PAD = 1
"""Colour left and right of a field's letter."""
GAP_MIN, LARGE_GAP_MIN, GAP_MAX = 2, 4, 6
"""Between two fields: their figures must never read as one."""
LARGE_SPACE = 2
"""Between two words of one field."""
LARGE_GAP_SHORT = 3
"""The same where every wait is short and begins with a sign."""

Block = list[Content]
"""Lines of equal length, one below the other."""


class Captions(NamedTuple):
    """What the figures are, in each official language."""

    people: Sequence[str]
    waits: Sequence[str]


class Waiting(Struct, frozen=True):
    """People waiting for one field."""

    letter: str
    colour: str
    people: int
    wait: Told | None = None
    """Of whoever comes now; none: of no field is there anything to tell."""


def by_letter(queues: Sequence[FieldQueue], centre: Centre, at: datetime | None) -> list[Waiting]:
    """The fields that this board's configuration knows, as they are at this instant.

    `at`: none while the picture is frozen, which tells nothing of what is to come.
    """
    foreseen = any(queue.open and queue.expected for queue in queues)
    known = {field.id: field for field in centre.fields}
    found = []
    for queue in queues:
        if queue.field in known:
            told = Sign.UNKNOWN if at is None else wait_for(queue, centre.languages.official, at)
            field = known[queue.field]
            wait = told if foreseen else None
            found.append(Waiting(field.letter, field.colour, queue.waiting_total, wait))
    return found


def without_anybody(fields: Sequence[Waiting]) -> str:
    """The letters of the fields for which nobody is planned; empty: there are none."""
    return ", ".join(field.letter for field in fields if field.wait is Sign.NOBODY)


def people_waiting(captions: Captions, fields: Sequence[Waiting], width: int, rows: int) -> Content:
    """What the figures mean, then each field with its own; large type only if one line holds them all."""
    for size in sorted({1, rows}, reverse=True):
        for short in (False, True):
            lines = _on_one_line(captions, fields, width, size, short=short)
            if lines:
                return Content("\n").join(lines)
    return _below_each_other(captions, fields, width)


def _on_one_line(
    captions: Captions, fields: Sequence[Waiting], width: int, rows: int, *, short: bool
) -> Block:
    """All of it side by side, the fields equally far apart if there is room; empty: there is none."""
    cells = [_cell(field, rows, short=short) for field in fields]
    heads = _heads(captions, rows, with_waits=fields[0].wait is not None)
    least = GAP_MIN if rows == 1 else LARGE_GAP_SHORT if short else LARGE_GAP_MIN
    for gap_min in (GAP_MAX, least):
        for head in heads:
            for blocks in ([head, *_padded(cells)], [head, *cells]):
                gap = (width - sum(len(block[0]) for block in blocks)) // len(fields)
                if gap >= gap_min:
                    return _side_by_side(blocks, min(gap, GAP_MAX))
    return []


def _padded(cells: Sequence[Block]) -> list[Block]:
    """All as wide as the widest."""
    wide = max(len(cell[0]) for cell in cells)
    return [[part.pad_right(wide - len(part)) for part in cell] for cell in cells]


def _below_each_other(captions: Captions, fields: Sequence[Waiting], width: int) -> Content:
    """In one-row type: as few lines of fields as there can be; a caption above its figures, or all above."""
    ways: list[Block] = []
    for gap in (GAP_MIN, 1):
        for short in (False, True):
            cells = [_cell(field, 1, short=short) for field in fields]
            padded = _padded(cells)
            per_line = max(1, (width + gap) // (len(padded[0][0]) + gap))
            starts = range(0, len(padded), per_line)
            lines = [_side_by_side(padded[start : start + per_line], gap) for start in starts]
            ways.append([part for line in lines for part in line])
            unpadded = _side_by_side(cells, gap)
            if len(unpadded[0]) <= width:
                ways.append(unpadded)
    figures = min(ways, key=len)
    heads = [_words(captions.people)]
    if fields[0].wait is not None:
        heads.append(_words(captions.waits))
    if len(figures) == len(heads):
        return Content("\n").join([part for pair in zip(heads, figures, strict=True) for part in pair])
    return Content("\n").join([*heads, *figures])


def _side_by_side(blocks: Sequence[Block], gap: int) -> Block:
    space = Content(" " * gap)
    return [space.join(parts) for parts in zip(*blocks, strict=True)]


def _cell(field: Waiting, rows: int, *, short: bool) -> Block:
    """A letter and how many wait; below, if anything is foreseen, how long."""
    letter = mosaic(field.letter, rows)  # one as high as its badge would touch its edges
    pad = " " * _BADGE_PAD
    count = mosaic(str(field.people), rows, capitals=True)
    style = f"bold {NIGHT_TEXT}"
    people = [
        Content.assemble((f"{pad}{left}{pad}", f"{style} on {field.colour}"), " ", (right, style))
        for left, right in zip(letter, count, strict=True)
    ]
    if field.wait is None:
        return people
    return _stacked(people, _wait(field.wait, rows, short=short))


def _stacked(above: Block, below: Block) -> Block:
    """One below the other, in large type with an empty line between them."""
    between = [Content()] if len(above) > 1 else []
    return _padded_lines([*above, *between, *below])


def _padded_lines(lines: Block) -> Block:
    wide = max(map(len, lines))
    return [line.pad_right(wide - len(line)) for line in lines]


def _wait(told: Told, rows: int, *, short: bool) -> Block:
    """Minutes, or a dash: why there are none is said in words, among the news."""
    if isinstance(told, Sign):
        return [Content.styled(line, NIGHT_MUTED) for line in mosaic(NOBODY_CAN_TELL, rows)]
    minutes = told.minutes.short if short else told.minutes.whole
    said = mosaic(minutes if rows > 1 else f"{minutes}{_MINUTES_MARK}", rows)
    lines = [Content.styled(line, f"bold {NIGHT_TEXT}") for line in said]
    if not told.languages:
        return lines
    named = [Content.styled(line, NIGHT_MUTED) for line in mosaic(told.languages, rows)]
    return _side_by_side([named, lines], 1 if rows == 1 else LARGE_SPACE)


def _heads(captions: Captions, rows: int, *, with_waits: bool) -> list[Block]:
    """Before the first field: in large type signs, which need no language; else words."""
    if rows == 1:
        words = [_words(captions.people)]
        return [_padded_lines([*words, _words(captions.waits)]) if with_waits else words]
    person = [Content.styled(line, NIGHT_TEXT) for line in _PERSON]
    if not with_waits:
        return [person]
    clock = [Content.styled(line, NIGHT_TEXT) for line in _CLOCK]
    unit = [Content.styled(line, NIGHT_MUTED) for line in mosaic(_UNIT, rows)]
    return [_stacked(person, _side_by_side([clock, unit], LARGE_SPACE)), _stacked(person, clock)]


def _words(captions: Sequence[str]) -> Content:
    return Content.styled(" · ".join(captions), NIGHT_MUTED)
