"""Pictures of a terminal, cell by cell, so that people can look at what visitors see.

Drawn twice they are alike byte for byte: a palette, a few steps of grey at the edges of letters, no date.
"""

from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from support.cells import Cells, Colour, Look
from textual.app import App

AnyFont = ImageFont.FreeTypeFont | ImageFont.ImageFont
Cell = tuple[int, int]

_FONTS = {
    False: Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"),
    True: Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf"),
}
_FONT_WIDTH = 0.602
"""Advance of one character in the fonts above, in font sizes."""
_FONT_HEIGHT = 1.17
_BASELINE = 0.76
_COLOURS_MAX = 256
_GREYS = (5, 4, 3, 2)
"""Steps from paper to ink at the edge of a letter, as many as the palette has room for."""

_SEXTANTS = (0x1FB00, 0x1FB3B)
_QUADRANTS = {
    0x2596: 4, 0x2597: 8, 0x2598: 1, 0x2599: 13, 0x259A: 9,
    0x259B: 7, 0x259C: 11, 0x259D: 2, 0x259E: 6, 0x259F: 14,
}  # fmt: skip


def paint(app: App[Any], path: Path | str, cell: Cell = (12, 24)) -> Path:
    """Write the app's current screen as a PNG, one cell so many pixels wide and high; gives the path."""
    return save(picture_of(Cells.of(app), cell), path)


def save(picture: Image.Image, path: Path | str) -> Path:
    """Write a picture as small as a PNG goes."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, optimize=True)
    return target


def picture_of(cells: Cells, cell: Cell = (12, 24)) -> Image.Image:
    """The screen as a picture with a palette (mode "P")."""
    palette = _Palette(cells)
    columns, rows = cells.size
    width, height = cell
    picture = Image.new("P", (columns * width, rows * height))
    picture.putpalette(palette.flat)

    @cache
    def tile(character: str, look: Look) -> Image.Image:
        return _tile(character, look.bold, look.underline, cell).point(palette.table(look))

    for row, runs in enumerate(cells.rows):
        column = 0
        for run in runs:
            area = (column * width, row * height, (column + run.width) * width, (row + 1) * height)
            picture.paste(palette.table(run.look)[0], area)
            for character in run.text:
                if character != " " or run.look.underline:
                    picture.paste(tile(character, run.look), (column * width, row * height))
                column += cell_len(character)
    return picture


class _Palette:
    """The colours of one screen, and between the two of each cell a few that lie between them."""

    def __init__(self, cells: Cells) -> None:
        pairs = list(dict.fromkeys((run.look.ink, run.look.paper) for row in cells.rows for run in row))
        for greys in _GREYS:
            known: dict[Colour, int] = {}
            mixed = {pair: _between(*pair, greys) for pair in pairs}
            for colours in mixed.values():
                for colour in colours:
                    known.setdefault(colour, len(known))
            if len(known) <= _COLOURS_MAX:
                break
        else:
            raise ValueError(f"a screen of {len(known)} colours")
        self.flat = [part for colour in known for part in colour]
        self._tables = {
            pair: [known[colours[round(ink * (greys - 1) / 255)]] for ink in range(256)]
            for pair, colours in mixed.items()
        }

    def table(self, look: Look) -> list[int]:
        """For each share of ink, of 255, the number of its colour."""
        return self._tables[look.ink, look.paper]


def _between(ink: Colour, paper: Colour, count: int) -> list[Colour]:
    last = count - 1
    return [
        tuple((a * step + b * (last - step)) // last for a, b in zip(ink, paper, strict=True))
        for step in range(count)
    ]


@cache
def _tile(character: str, bold: bool, underline: bool, cell: Cell) -> Image.Image:
    """How much ink each dot of a character has (mode "L")."""
    width, height = cell
    tile = Image.new("L", (width * cell_len(character), height))
    draw = ImageDraw.Draw(tile)
    if not _mosaic(draw, character, cell):
        _letter(draw, character, bold, cell)
    if underline:
        draw.rectangle((0, height - 3, tile.width - 1, height - 2), fill=255)
    return tile


def _box(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    if right > left and bottom > top:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=255)


def _mosaic(draw: ImageDraw.ImageDraw, character: str, cell: Cell) -> bool:
    """Draw a space or a block character exactly as wide as its cell; False for any other character."""
    code = ord(character)
    width, height = cell
    if character in " \N{NO-BREAK SPACE}":
        return True
    if 0x2581 <= code <= 0x2588:
        _box(draw, 0, height - round(height * (code - 0x2580) / 8), width, height)
    elif 0x2589 <= code <= 0x258F:
        _box(draw, 0, 0, round(width * (0x2590 - code) / 8), height)
    elif code in {0x2580, 0x2594}:
        _box(draw, 0, 0, width, height // 2 if code == 0x2580 else max(1, height // 8))
    elif code in {0x2590, 0x2595}:
        _box(draw, width - (width // 2 if code == 0x2590 else max(1, width // 8)), 0, width, height)
    elif code in _QUADRANTS:
        _parts(draw, _QUADRANTS[code], 2, cell)
    elif _SEXTANTS[0] <= code <= _SEXTANTS[1]:
        bits = code - _SEXTANTS[0] + 1
        bits += bits >= 21
        bits += bits >= 42
        _parts(draw, bits, 3, cell)
    else:
        return False
    return True


def _parts(draw: ImageDraw.ImageDraw, bits: int, rows: int, cell: Cell) -> None:
    width, height = cell
    half = width // 2
    for part in range(2 * rows):
        if bits >> part & 1:
            right, line = part & 1, part >> 1
            top, bottom = line * height // rows, (line + 1) * height // rows
            _box(draw, half * right, top, width if right else half, bottom)


def _letter(draw: ImageDraw.ImageDraw, character: str, bold: bool, cell: Cell) -> None:
    width, height = cell
    font = _font(bold, int(min(width / _FONT_WIDTH, height / _FONT_HEIGHT)))
    if isinstance(font, ImageFont.FreeTypeFont):
        middle = (cell_len(character) * width / 2, height * _BASELINE)
        draw.text(middle, character, font=font, fill=255, anchor="ms")
    else:
        draw.text((0, 0), character, font=font, fill=255)


@cache
def _font(bold: bool, size: int) -> AnyFont:
    path = _FONTS[bold]
    return ImageFont.truetype(path, size) if path.exists() else ImageFont.load_default(size)
