"""Big letters for a terminal: text set in mosaics of 2 by 3 pixels a cell (U+1FB00 sextants, half blocks).

Where a terminal has no sextants, of 2 by 2 pixels (quadrants): the same letters with some of their rows left
out, so that everything stays where it is. `draw_with` says which, before anything is drawn.
"""

import base64
import json
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

LETTERING_FILE = "lettering.json"
PIXELS_PER_ROW = 3
PIXELS_PER_COLUMN = 2

TEXT_ROWS = (3, 4, 5, 6, 7)
"""Heights of mixed text: capitals and descenders fill the rows but for the first pixel, the only leading."""
CAPITAL_ROWS = tuple(range(3, 17))
"""Heights of text in capitals, which alone fill the rows; from 9 rows on for numbers and times."""
ACCENTED_ROWS = tuple(range(3, 9))
"""Heights of capitals with accents above some of them, which fill the rows together."""
LINES_CACHED_MAX = 1024
"""Set lines kept; a terminal shows a few dozen at a time, about 1 kB each."""

LETTERS_CACHED_MAX = 4096
"""Letters measured, of all heights in use."""

Columns = tuple[int, ...]
"""A glyph: one integer per pixel column, bit y set where the pixel y from the top is ink."""


_ABOVE = 230
"""Combining class of the marks that stand above a letter."""


class Face(StrEnum):
    """Letters of one kind, in several heights."""

    TEXT = "text"
    """Small letters with tails among them."""
    CAPITALS = "capitals"
    """As high as the rows."""
    ACCENTED = "accented"
    """Lower, so that all capitals of a word are alike and an accent stands above them."""


HEIGHTS = {Face.TEXT: TEXT_ROWS, Face.CAPITALS: CAPITAL_ROWS, Face.ACCENTED: ACCENTED_ROWS}


class Blocks(StrEnum):
    """Characters that a terminal can draw."""

    SEXTANTS = "sextants"
    """2 by 3 pixels a cell."""
    QUADRANTS = "quadrants"
    """2 by 2 pixels a cell, for fonts older than Unicode 13."""


_QUADRANT_PIXELS = 2


class _Terminal:
    """The one this program draws on."""

    blocks = Blocks.SEXTANTS


def draw_with(blocks: Blocks) -> None:
    """Draw with these from now on."""
    _Terminal.blocks = blocks
    _mosaic.cache_clear()
    _measured.cache_clear()
    _alphabet.cache_clear()


def mosaic(text: str, rows: int, *, capitals: bool = False, close: bool = False) -> tuple[str, ...]:
    """The text in `rows` strings of equal width, `rows` being a baked height; at 1 row the text itself.

    `close`: with a single pixel between two letters, for words that have no room otherwise.
    """
    if rows == 1:
        return (text,)
    return _mosaic(text, rows, capitals, close)


def is_drawn(character: str) -> bool:
    """Whether texts of any height have this letter as it is, not a plainer one in its place."""
    return all(character in _alphabet(rows, Face.TEXT) for rows in TEXT_ROWS)


def is_accented(text: str) -> bool:
    """Whether a mark stands above one of the letters."""
    return any(unicodedata.combining(mark) == _ABOVE for mark in unicodedata.normalize("NFD", text))


def width_of(text: str, rows: int, *, capitals: bool = False, close: bool = False) -> int:
    """Columns the text takes at this height; reckoned, not drawn: layouts ask for hundreds of them."""
    if rows == 1:
        return len(text)
    inked = text.strip()
    if not inked:
        return 0
    face = _face(text, rows, capitals)
    measures = [_measured(character, rows, face, close) for character in inked]
    pixels = sum(width for width, _, _ in measures) - measures[0][1] - measures[-1][2]
    return -(-pixels // PIXELS_PER_COLUMN)


def largest_rows(texts: Iterable[str], width: int, choices: Iterable[int], *, capitals: bool = False) -> int:
    """The largest of the heights at which every text fits the width; 1 when none does."""
    lines = tuple(texts)
    for rows in sorted(choices, reverse=True):
        if all(width_of(line, rows, capitals=capitals) <= width for line in lines):
            return rows
    return 1


@lru_cache(maxsize=LINES_CACHED_MAX)
def wrap(text: str, width: int, rows: int, *, capitals: bool = False) -> tuple[str, ...]:
    """The text broken at ordinary spaces into lines that fit; a wider word stays whole on its line.

    As few lines as the width allows, and these as even as they can be: no word stands alone at the end.
    """
    fewest = len(_filled(text, width, rows, capitals))

    def suffices(columns: int) -> bool:
        return len(_filled(text, columns, rows, capitals)) <= fewest

    evenest = bisect_left(range(width), True, key=suffices)
    return _filled(text, evenest, rows, capitals)


def wrap_alike(texts: Sequence[str], width: int, rows: int) -> list[tuple[str, ...]]:
    """The same in several languages: each on as many lines as the one that needs most of them.

    One that has not so many words takes as many lines as it can.
    """
    most = max((len(wrap(text, width, rows)) for text in texts), default=1)

    def in_as_many(text: str) -> tuple[str, ...]:
        def suffices(columns: int) -> bool:
            return len(_filled(text, columns, rows, capitals=False)) <= most

        return wrap(text, bisect_left(range(width), True, key=suffices), rows)

    return [in_as_many(text) for text in texts]


def _filled(text: str, width: int, rows: int, capitals: bool) -> tuple[str, ...]:
    """Each line as full as it can be."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, rows, capitals=capitals) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def cells_of(pixel_columns: Columns, rows: int) -> tuple[str, ...]:
    """Pixel columns of a picture, three pixels a row, as rows of block characters."""
    if _Terminal.blocks is Blocks.QUADRANTS:
        pixel_columns = _without(pixel_columns, _spared([pixel_columns], rows))
    return _cells(pixel_columns, rows)


def _cells(pixel_columns: Columns, rows: int) -> tuple[str, ...]:
    """Pixel columns as high as the terminal's blocks need."""
    quadrants = _Terminal.blocks is Blocks.QUADRANTS
    blocks, pixels = (_QUADRANTS, _QUADRANT_PIXELS) if quadrants else (_BLOCKS, PIXELS_PER_ROW)
    pairs = [*pixel_columns, 0][: len(pixel_columns) + len(pixel_columns) % PIXELS_PER_COLUMN]
    lefts, rights = pairs[::2], pairs[1::2]
    ink = (1 << pixels) - 1
    return tuple(
        "".join(
            blocks[left >> shift & ink][right >> shift & ink]
            for left, right in zip(lefts, rights, strict=True)
        )
        for shift in range(0, rows * pixels, pixels)
    )


def _spared(glyphs: Iterable[Columns], rows: int) -> tuple[int, ...]:
    """Pixel rows to leave out of all these, a third: each the one most like the row above it by then."""
    columns = [column for glyph in glyphs for column in glyph]
    kept = list(range(rows * PIXELS_PER_ROW))
    while len(kept) > rows * _QUADRANT_PIXELS:
        costs = [
            (sum(column >> y & 1 != column >> above & 1 for column in columns), y)
            for above, y in pairwise(kept[:-1])
        ]
        kept.remove(min(costs)[1])
    return tuple(y for y in range(rows * PIXELS_PER_ROW) if y not in kept)


def _without(columns: Columns, spared: tuple[int, ...]) -> Columns:
    """Pixel columns without these rows."""
    for y in reversed(spared):
        low = (1 << y) - 1
        columns = tuple(column & low | column >> y + 1 << y for column in columns)
    return columns


def columns_of(picture: Iterable[str]) -> Columns:
    """A picture drawn with '#' for ink, one string per pixel row, as pixel columns."""
    lines = tuple(picture)
    return tuple(sum(1 << y for y, line in enumerate(lines) if line[x] == "#") for x in range(len(lines[0])))


@lru_cache(maxsize=LETTERS_CACHED_MAX)
def _measured(character: str, rows: int, face: Face, close: bool) -> tuple[int, int, int]:
    """Pixel columns of a letter, and how many of them are blank before and after its ink."""
    columns = _spaced(_glyph(_alphabet(rows, face), character, face), close)
    before = next((place for place, column in enumerate(columns) if column), len(columns))
    after = next((place for place, column in enumerate(reversed(columns)) if column), len(columns))
    return len(columns), before, after


@lru_cache(maxsize=LINES_CACHED_MAX)
def _mosaic(text: str, rows: int, capitals: bool, close: bool) -> tuple[str, ...]:
    face = _face(text, rows, capitals)
    glyphs = _alphabet(rows, face)
    columns = [column for character in text for column in _spaced(_glyph(glyphs, character, face), close)]
    while columns and not columns[0]:
        del columns[0]
    while columns and not columns[-1]:
        del columns[-1]
    return _cells(tuple(columns), rows)


def _face(text: str, rows: int, capitals: bool) -> Face:
    """What a text is set in; of the heights for numbers alone there are no accents."""
    if not capitals:
        return Face.TEXT
    return Face.ACCENTED if rows in ACCENTED_ROWS and is_accented(text.upper()) else Face.CAPITALS


def _glyph(glyphs: dict[str, Columns], character: str, face: Face) -> Columns:
    if character in glyphs:
        return glyphs[character]
    if character.isspace():
        return glyphs[" "]
    wanted = character if face is Face.TEXT else character.upper()
    found: list[int] = []
    for letter in wanted:
        plain = letter if letter in glyphs else unicodedata.normalize("NFD", letter)[0]
        found += glyphs.get(plain, glyphs["?"])
    return tuple(found)


def _spaced(glyph: Columns, close: bool) -> Columns:
    """A letter with the blank columns around it, or with a single one behind it; a space as it is."""
    inked = [place for place, column in enumerate(glyph) if column]
    return (*glyph[inked[0] : inked[-1] + 1], 0) if close and inked else glyph


@cache
def _alphabet(rows: int, face: Face) -> dict[str, Columns]:
    assert rows in HEIGHTS[face], f"no letters of {rows} rows"
    height = rows * PIXELS_PER_ROW
    packed = _baked()[face][str(rows)]
    drawn = {character: _unpacked(glyph, height) for character, glyph in packed.items()}
    if _Terminal.blocks is Blocks.SEXTANTS:
        return drawn
    spared = _spared((glyph for character, glyph in drawn.items() if character.isalnum()), rows)
    return {character: _without(glyph, spared) for character, glyph in drawn.items()}


@cache
def _baked() -> dict[str, dict[str, dict[str, str]]]:
    baked: dict[str, dict[str, dict[str, str]]] = json.loads(
        (files("config.look") / LETTERING_FILE).read_text(encoding="utf-8")
    )
    return baked


def _unpacked(glyph: str, height: int) -> Columns:
    width_text, _, body = glyph.partition(" ")
    width = int(width_text)
    raw = base64.b64decode(body)
    bits = f"{int.from_bytes(raw, 'big'):0{len(raw) * 8}b}"
    return tuple(sum(1 << y for y in range(height) if bits[y * width + x] == "1") for x in range(width))


def _block(left: int, right: int) -> str:
    """The character whose left and right pixel columns (bit 0 on top) are these."""
    shape = sum((left >> y & 1) << 2 * y | (right >> y & 1) << 2 * y + 1 for y in range(PIXELS_PER_ROW))
    plain = {0: " ", 21: "▌", 42: "▐", 63: "█"}
    if shape in plain:
        return plain[shape]
    return chr(0x1FB00 + shape - 1 - (shape > 21) - (shape > 42))  # noqa: PLR2004 - the two half blocks are not in the range


_BLOCKS = tuple(tuple(_block(left, right) for right in range(8)) for left in range(8))
_QUADRANTS = tuple(
    tuple(
        " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"[left & 1 | (right & 1) << 1 | (left >> 1) << 2 | (right >> 1) << 3]
        for right in range(4)
    )
    for left in range(4)
)
