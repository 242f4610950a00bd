"""Pictures of a running Textual program, cell by cell, so that people can look at what visitors see."""

from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App

Colour = tuple[int, int, int]
AnyFont = ImageFont.FreeTypeFont | ImageFont.ImageFont

_FONTS = {
    False: Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"),
    True: Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf"),
}
_FONT_WIDTH = 0.602
"""Advance of one character in the fonts above, in font sizes."""
_FONT_HEIGHT = 1.17
_PAPER: Colour = (0, 0, 0)
_INK: Colour = (255, 255, 255)

_SEXTANTS = (0x1FB00, 0x1FB3B)
_QUADRANTS = {
    0x2596: 4, 0x2597: 8, 0x2598: 1, 0x2599: 13, 0x259A: 9,
    0x259B: 7, 0x259C: 11, 0x259D: 2, 0x259E: 6, 0x259F: 14,
}  # fmt: skip


def paint(app: App[Any], path: Path | str, cell: tuple[int, int] = (12, 24)) -> Path:
    """Write the app's current screen as a PNG, one cell so many pixels wide and high; gives the path."""
    columns, rows = app.size
    picture = Image.new("RGB", (columns * cell[0], rows * cell[1]), _PAPER)
    painter = _Painter(ImageDraw.Draw(picture), cell)
    for row, strip in enumerate(app.screen._compositor.render_strips()):
        column = 0
        for segment in strip:
            column = painter.write(segment, column, row)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target)
    return target


class _Painter:
    """Draws segments on one picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, cell: tuple[int, int]) -> None:
        self.draw = draw
        self.width, self.height = cell
        self.size = int(min(self.width / _FONT_WIDTH, self.height / _FONT_HEIGHT))

    def write(self, segment: Segment, column: int, row: int) -> int:
        """Draw one segment; the column after it."""
        if segment.control:
            return column
        ink, paper = _colours(segment.style)
        for character in segment.text:
            cells = cell_len(character)
            x, y = column * self.width, row * self.height
            self._box(x, y, x + cells * self.width, y + self.height, paper)
            if not self._mosaic(character, x, y, ink):
                self._letter(character, x, y, cells, segment.style, ink)
            column += cells
        return column

    def _box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        if right > left and bottom > top:
            self.draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def _mosaic(self, character: str, x: int, y: int, ink: Colour) -> bool:
        """Draw a space or a block character exactly as wide as its cell; False for any other character."""
        code, width, height = ord(character), self.width, self.height
        if character == " ":
            return True
        if 0x2581 <= code <= 0x2588:
            self._box(x, y + height - round(height * (code - 0x2580) / 8), x + width, y + height, ink)
        elif 0x2589 <= code <= 0x258F:
            self._box(x, y, x + round(width * (0x2590 - code) / 8), y + height, ink)
        elif code in {0x2580, 0x2594}:
            self._box(x, y, x + width, y + (height // 2 if code == 0x2580 else max(1, height // 8)), ink)
        elif code in {0x2590, 0x2595}:
            self._box(
                x + width - (width // 2 if code == 0x2590 else max(1, width // 8)),
                y,
                x + width,
                y + height,
                ink,
            )
        elif code in _QUADRANTS:
            self._parts(x, y, _QUADRANTS[code], 2, ink)
        elif _SEXTANTS[0] <= code <= _SEXTANTS[1]:
            bits = code - _SEXTANTS[0] + 1
            bits += bits >= 21
            bits += bits >= 42
            self._parts(x, y, bits, 3, ink)
        else:
            return False
        return True

    def _parts(self, x: int, y: int, bits: int, rows: int, ink: Colour) -> None:
        half = self.width // 2
        for part in range(2 * rows):
            if bits >> part & 1:
                right, line = part & 1, part >> 1
                top, bottom = line * self.height // rows, (line + 1) * self.height // rows
                self._box(x + half * right, y + top, x + (self.width if right else half), y + bottom, ink)

    def _letter(self, character: str, x: int, y: int, cells: int, style: Style | None, ink: Colour) -> None:
        font = _font(bool(style and style.bold), self.size)
        middle = (x + cells * self.width / 2, y + self.height * 0.76)
        if isinstance(font, ImageFont.FreeTypeFont):
            self.draw.text(middle, character, font=font, fill=ink, anchor="ms")
        else:
            self.draw.text((x, y), character, font=font, fill=ink)
        if style and style.underline:
            self._box(x, y + self.height - 3, x + cells * self.width, y + self.height - 1, ink)


@cache
def _font(bold: bool, size: int) -> AnyFont:
    path = _FONTS[bold]
    return ImageFont.truetype(path, size) if path.exists() else ImageFont.load_default(size)


def _colours(style: Style | None) -> tuple[Colour, Colour]:
    """Ink and paper of a style, as a terminal would show them."""
    ink, paper = _INK, _PAPER
    if style is None:
        return ink, paper
    if style.color is not None and not style.color.is_default:
        ink = _rgb(style.color.get_truecolor())
    if style.bgcolor is not None and not style.bgcolor.is_default:
        paper = _rgb(style.bgcolor.get_truecolor())
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        ink = _rgb((a * 2 + b) // 3 for a, b in zip(ink, paper, strict=True))
    return ink, paper


def _rgb(parts: Any) -> Colour:
    red, green, blue = parts
    return red, green, blue
