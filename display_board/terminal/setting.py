"""Sets the board's texts in the room there is: pages of news, notices, calls. No widgets."""

import textwrap
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from textual.content import Content

from config.look.lettering import TEXT_ROWS, mosaic, width_of, wrap
from config.look.palette import NIGHT_TEXT
from display_board.terminal.layout import LIST_ROWS, number_type
from protocol.ids import shown

Lines = tuple[str, ...]
"""Lines of cells, as they stand on the screen."""

PAGES_KEPT = 64
"""Texts whose pages are kept: all that a board says in a day, in the one room it has."""
_DESK_GAP_MIN = 3
"""Between a number and its desk: they must never read as one number."""


@lru_cache(PAGES_KEPT)
def pages(texts: tuple[str, ...], width: int, height: int, rows: int) -> tuple[Lines, ...]:
    """The same text in several languages: every page has a part of it in each of them, in equal lines."""
    given = [text for text in texts if text]
    wrapped = [_wrapped(text, width, rows) for text in given]
    if any(width_of(line, rows) > width for lines in wrapped for line in lines):
        return pages(texts, width, height, 1)
    room = lines_in(height, rows)
    if sum(len(lines) for lines in wrapped) <= room:
        return (_apart([line for lines in wrapped for line in lines], rows),) if wrapped else ()
    each = max(1, room // len(wrapped))
    count = -(-max(map(len, wrapped)) // each)
    parts = [_in_parts(text, width, rows, (count, each)) for text in given]
    return tuple(_apart([line for part in page for line in part], rows) for page in zip(*parts, strict=True))


def lines_in(height: int, rows: int) -> int:
    """Lines of a page: in large type an empty row parts what hangs below one from the next one."""
    return max(1, height if rows == 1 else (height + 1) // (rows + 1))


def notice(blocks: Sequence[tuple[str, str]], width: int, height: int) -> Lines:
    """A title and a sentence in each language, the same size in all of them and as large as fits."""
    sizes = [(title, body) for body in (LIST_ROWS, 1) for title in (*reversed(TEXT_ROWS), 1) if title >= body]
    for title_rows, body_rows in sizes:
        lines = _notice(blocks, width, title_rows, body_rows)
        if len(lines) <= height and max(map(len, lines)) <= width:
            return lines
    return _notice(blocks, width, 1, 1)[:height]


def label(texts: Sequence[str], width: int, rows_max: int) -> Lines:
    """A short text in each language on one line, in large type if it fits."""
    line = " · ".join(dict.fromkeys(texts))
    rows = LIST_ROWS if rows_max >= LIST_ROWS and width_of(line, LIST_ROWS) <= width else 1
    return mosaic(line, rows)


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
    """One of the calls before, in its field's colour, its desk below."""
    text, size = number_type(code, width, (rows,))
    number = mosaic(text, size, capitals=size > 1)
    place = next(
        (lines for lines in (_large(f"→ {desk}"), _large(desk)) if len(lines[0]) <= width), (f"→ {desk}",)
    )
    lines = [Content.styled(line, colour) for line in number]
    return Content("\n").join([*lines, Content(""), *(Content.styled(line, NIGHT_TEXT) for line in place)])


def past_line(code: str, desk: str, colour: str, width: int, rows: int) -> Content:
    """One of the calls before, in its field's colour, its desk at the end of the line."""
    for height, large in ((rows, True), (LIST_ROWS, True), (LIST_ROWS, False)):
        place = mosaic(desk, height, capitals=True) if large else ("", desk, "")
        text, size = number_type(code, width - max(map(len, place)) - _DESK_GAP_MIN, (height,))
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


def _notice(blocks: Sequence[tuple[str, str]], width: int, title_rows: int, body_rows: int) -> Lines:
    lines: list[str] = []
    for heading, sentence in blocks:
        lines += ["", ""] if lines else []
        lines += _set(_wrapped(heading, width, title_rows), title_rows)
        if sentence:
            lines += [""]
            lines += _set(_wrapped(sentence, width, body_rows), body_rows)
    return tuple(lines)


def _in_parts(text: str, width: int, rows: int, parts: tuple[int, int]) -> tuple[Lines, ...]:
    """The text in so many parts of at most so many lines, equally long; a short one says a line again."""
    count, each = parts
    widths = range(max(width_of(word, rows) for word in text.split()), width + 1)
    fits = bisect_left(widths, 1, key=lambda narrow: len(_wrapped(text, narrow, rows)) <= count * each)
    lines = _wrapped(text, widths[min(fits, len(widths) - 1)] if widths else width, rows)
    begins = [len(lines) * part // count for part in range(count + 1)]
    return tuple(lines[first : max(first + 1, after)] for first, after in pairwise(begins))


def _apart(lines: Sequence[str], rows: int) -> Lines:
    """Lines of a page, large type with a row between them."""
    if rows == 1:
        return tuple(lines)
    with_row_above = [("", *mosaic(line, rows)) for line in lines]
    return tuple(part for parts in with_row_above for part in parts)[1:]


def _set(lines: Sequence[str], rows: int) -> Lines:
    return tuple(part for line in lines for part in mosaic(line, rows))


def _wrapped(text: str, width: int, rows: int) -> Lines:
    """Large type breaks at spaces; ordinary type also inside a word that is wider than the board."""
    if rows > 1:
        return wrap(text, width, rows)
    return tuple(textwrap.wrap(text, width))
