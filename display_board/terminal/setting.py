"""Sets the board's texts in the room there is: pages of news, notices, calls. No widgets."""

import re
import string
import textwrap
from collections.abc import Sequence
from functools import lru_cache

from textual.content import Content

from config.look.lettering import TEXT_ROWS, mosaic, width_of, wrap, wrap_alike
from config.look.palette import NIGHT_TEXT
from display_board.terminal.layout import LIST_ROWS, Layout, number_type
from protocol.ids import shown

Lines = tuple[str, ...]
"""Lines of cells, as they stand on the screen."""
Blocks = Sequence[tuple[str, str]]
"""A title and a sentence in each language; the sentence may be empty."""

PAGES_KEPT = 64
"""Texts whose pages are kept: all that a board says in a day, in the one room it has."""
_SENTENCE_END = re.compile(r"(?<=[.!?…]) ")
_DESK_GAP_MIN = 3
"""Between a number and its desk: they must never read as one number."""
_DESK_GAP_BESIDE, _ARROW_GAP_MIN = 5, 2
"""The same where calls stand beside each other; where an arrow stands between number and desk."""


@lru_cache(PAGES_KEPT)
def pages(texts: tuple[str, ...], width: int, height: int, rows: int) -> tuple[Lines, ...]:
    """The same text in several languages: all on one page if they fit, else each on pages of its own.

    A page ends with a sentence; where large type has no room for one, the text is set in ordinary type.
    """
    room = lines_in(height, rows)
    parts = _parts(texts, width, room, rows)
    if rows > 1 and not _has_room(parts, width, room, rows):
        return pages(texts, width, height, 1)
    begins = [(part, first) for part in parts for first in range(0, len(part), room)]
    return tuple(_apart(part[first : first + room], rows) for part, first in begins)


def largest_type(said: Sequence[Sequence[str]], width: int, height: int) -> int:
    """The largest in which each text has all its languages on one page, or in LIST_ROWS a page for each.

    1: there is none. A figure is as wide as any, so that nothing jumps while it counts.
    """
    counted = [tuple(re.sub(r"\d", "0", text) for text in texts) for texts in said]
    for rows in reversed(TEXT_ROWS):
        room = lines_in(height, rows)
        every = [_parts(texts, width, room, rows) for texts in counted]
        together = all(len(parts) == 1 for parts in every)
        fits = height >= rows and all(_has_room(parts, width, room, rows) for parts in every)
        if fits and (together or rows == LIST_ROWS):
            return rows
    return 1


def lines_in(height: int, rows: int) -> int:
    """Lines of a page: in large type an empty row parts what hangs below one from the next one."""
    return max(1, height if rows == 1 else (height + 1) // (rows + 1))


def notice(wordings: Sequence[Blocks], width: int, height: int) -> Lines:
    """A title and a sentence in each language, the same size in all of them and as large as fits.

    Titles are rather a little smaller than broken in one language and whole in the other; what is broken
    stands on as many lines in all of them, if there is room. `wordings`: the fullest first; a sentence is
    read from as far away as its title, so the first one that has room in large type is said.
    """
    ways = [(blocks, LIST_ROWS) for blocks in wordings] + [(wordings[0], 1)]
    for blocks, body_rows in ways:
        for alike in (True, False):
            fitting = {
                title_rows: lines
                for title_rows in (*reversed(TEXT_ROWS), 1)
                if title_rows >= body_rows
                and len(lines := _notice(blocks, width, title_rows, body_rows, alike=alike)) <= height
                and max(map(len, lines)) <= width
            }
            for title_rows, lines in fitting.items():
                if (
                    title_rows > 1
                    and len({len(_wrapped(head, width, title_rows)) for head, _ in blocks}) == 1
                ):
                    return lines
            if fitting:
                return next(iter(fitting.values()))
    return _notice(wordings[0], width, 1, 1, alike=False)[:height]


def label(texts: Sequence[str], width: int, rows_max: int) -> Lines:
    """A short text in each language on one line, in large type if it fits."""
    line = " · ".join(dict.fromkeys(texts))
    rows = LIST_ROWS if rows_max >= LIST_ROWS and width_of(line, LIST_ROWS) <= width else 1
    return mosaic(line, rows)


def head(names: Sequence[str], time: str, width: int, layout: Layout) -> tuple[Lines, Lines]:
    """The centre's names and the clock in so many columns; names do not jump with the width of a digit."""
    rows = layout.clock_rows
    widest = max(width_of(re.sub(r"\d", digit, time), rows, capitals=True) for digit in string.digits)
    return title(names, width - widest - 2, layout.title_rows), mosaic(time, rows, capitals=True)


def title(names: Sequence[str], width: int, rows_max: int) -> Lines:
    """The centre's names: on one line, in large type if they fit, else one below the other."""
    lines = label(names, width, rows_max)
    if max(map(len, lines)) <= width:
        return lines
    return tuple(line for name in dict.fromkeys(names) for line in textwrap.wrap(name, width))


def past_rows(codes: Sequence[str], width: int) -> int:
    """Height of the numbers of calls shown above their desks: the larger one when it fits all of them."""
    larger = LIST_ROWS + 1
    return larger if all(_number_width(code, larger) <= width for code in codes) else LIST_ROWS


def past_stacked(code: str, desk: str, colour: str, width: int, rows: int) -> Content:
    """One of the calls before, in its field's colour, its desk below; a column free before the next."""
    text, size = number_type(code, width, (rows,))
    close = width_of(text, size, capitals=size > 1) >= width
    number = mosaic(text, size, capitals=size > 1, close=close)
    place = next(
        (lines for lines in (_large(f"→ {desk}"), _large(desk)) if len(lines[0]) <= width), (f"→ {desk}",)
    )
    lines = [Content.styled(line, colour) for line in number]
    return Content("\n").join([*lines, Content(""), *(Content.styled(line, NIGHT_TEXT) for line in place)])


def past_lead(
    calls: Sequence[tuple[str, str]], width: int, rows: int, *, side_by_side: bool
) -> tuple[str, int]:
    """What leads from the number of each of these calls to its desk, and how wide that makes a line.

    An arrow, if there is room for all. Without one, two calls beside each other are no wider than they must
    be: a desk stands nearer to its own number than to the next.
    """
    numbers = max((_number_width(code, rows) for code, _ in calls), default=0)
    arrows, desks = (
        max((width_of(f"{lead}{desk}", rows, capitals=True) for _, desk in calls), default=0)
        for lead in ("→ ", "")
    )
    if numbers + _ARROW_GAP_MIN + arrows <= width:
        return "→ ", width
    return "", min(width, numbers + _DESK_GAP_BESIDE + desks) if side_by_side else width


def past_line(code: str, desk: str, colour: str, width: int, rows: int, lead: str = "") -> Content:
    """One of the calls before, in its field's colour, its desk at the end of the line."""
    desk, gap_min = f"{lead}{desk}", _ARROW_GAP_MIN if lead else _DESK_GAP_MIN
    for height, large in ((rows, True), (LIST_ROWS, True), (LIST_ROWS, False)):
        place = mosaic(desk, height, capitals=True) if large else ("", desk, "")
        text, size = number_type(code, width - max(map(len, place)) - gap_min, (height,))
        if size > 1:
            number = mosaic(text, size, capitals=True)
            gap = width - len(number[0])
            return Content("\n").join(
                Content.assemble((left, colour), (right.rjust(gap), NIGHT_TEXT))
                for left, right in zip(number, place, strict=True)
            )
    return Content.assemble((shown(code), colour), (f" → {desk}", NIGHT_TEXT))


def _large(text: str) -> Lines:
    return mosaic(text, LIST_ROWS, capitals=True)


def _number_width(code: str, rows: int) -> int:
    return width_of(shown(code), rows, capitals=True)


def _notice(blocks: Blocks, width: int, title_rows: int, body_rows: int, *, alike: bool) -> Lines:
    lines: list[str] = []
    headings = _broken([heading for heading, _ in blocks], width, title_rows, alike=alike)
    sentences = _broken([sentence for _, sentence in blocks], width, body_rows, alike=alike)
    for heading, sentence in zip(headings, sentences, strict=True):
        lines += ["", ""] if lines else []
        lines += _set(heading, title_rows)
        if sentence:
            lines += ["", *_set(sentence, body_rows)]
    return tuple(lines)


def _broken(texts: Sequence[str], width: int, rows: int, *, alike: bool) -> list[Lines]:
    """Each in lines of so many columns; nothing of what is empty."""
    if alike and rows > 1 and all(texts):
        return wrap_alike(texts, width, rows)
    return [_wrapped(text, width, rows) if text else () for text in texts]


def _parts(texts: Sequence[str], width: int, room: int, rows: int) -> list[Lines]:
    """All languages together if they are no more than so many lines, else each in parts of its own."""
    given = [text for text in texts if text]
    together = [line for text in given for line in _wrapped(text, width, rows)]
    if len(together) <= room:
        return [tuple(together)]
    return [part for text in given for part in _in_sentences(text, width, rows, room)]


def _has_room(parts: Sequence[Lines], width: int, room: int, rows: int) -> bool:
    lines = [line for part in parts for line in part]
    return all(len(part) <= room for part in parts) and all(width_of(line, rows) <= width for line in lines)


def _in_sentences(text: str, width: int, rows: int, room: int) -> list[Lines]:
    """Parts of as many whole sentences as so many lines hold; a longer sentence is a part of its own."""
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        longer = f"{parts[-1]} {sentence}" if parts else sentence
        if parts and len(_wrapped(longer, width, rows)) <= room:
            parts[-1] = longer
        else:
            parts.append(sentence)
    return [_wrapped(part, width, rows) for part in parts]


def _apart(lines: Sequence[str], rows: int) -> Lines:
    """Lines of a page, large type with a row between them."""
    if rows == 1:
        return tuple(lines)
    with_row_above = [("", *mosaic(line, rows)) for line in lines]
    return tuple(part for parts in with_row_above for part in parts)[1:]


def _set(lines: Sequence[str], rows: int) -> Lines:
    return tuple(part for line in lines for part in mosaic(line, rows))


def _wrapped(text: str, width: int, rows: int) -> Lines:
    """Broken at spaces; ordinary type also inside a word that is wider than the board."""
    if rows > 1 or all(len(word) <= width for word in text.split(" ")):
        return wrap(text, width, rows)
    return tuple(textwrap.wrap(text, width))
