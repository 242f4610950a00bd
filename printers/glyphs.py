"""Letters as dots: the bundled fonts drawn in a printer's cells and as the large number of a slip."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from printers.layout import qr_code

CELL = (12, 24)
"""Width and height of one character of font A, in dots."""
CELL_FONT_SIZE = 20
"""DejaVu Sans Mono at this size advances 12 dots."""
BASELINE_DOTS = 18
INK_FROM = 110
"""Grey of 255 from which a dot is black: keeps thin strokes on thermal paper."""
BLACK = 255
NUMBER_FONT_SIZE_MAX = 300
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"

Face = Literal["book", "bold", "number"]


@cache
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The bundled font at this size in dots."""
    return ImageFont.truetype(BytesIO(_bytes(face)), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _bytes(face: Face) -> bytes:
    return (files("printers") / "fonts" / f"{face}.ttf").read_bytes()


@cache
def cell(letter: str, *, bold: bool) -> Image.Image:
    """One character in its cell, mode "1", ink = 255; an unknown letter shows as the font's missing glyph."""
    grey = Image.new("L", CELL)
    font = _font("bold" if bold else "book", CELL_FONT_SIZE)
    ImageDraw.Draw(grey).text((0, BASELINE_DOTS), letter, font=font, fill=BLACK, anchor="ls")
    return _inked(grey)


def number_ink(text: str, width: int, height: int) -> Image.Image:
    """The text as large as fits into width x height dots, cropped to its ink; mode "1", ink = 255.

    As wide as whole bytes, so the width given should be a multiple of 8.
    """
    text = text.replace(" ", THIN_SPACE).replace("\N{NO-BREAK SPACE}", THIN_SPACE)
    low, high = 4, NUMBER_FONT_SIZE_MAX
    while low < high:
        size = (low + high + 1) // 2
        left, top, right, bottom = _font("number", size).getbbox(text)
        low, high = (size, high) if right - left <= width and bottom - top <= height else (low, size - 1)
    font = _font("number", low)
    left, top, right, bottom = font.getbbox(text)
    ink_width, ink_height = max(1, round(right - left)), max(1, round(bottom - top))
    grey = Image.new("L", (ink_width, ink_height))
    ImageDraw.Draw(grey).text((-left, -top), text, font=font, fill=BLACK)
    return whole_bytes(_inked(grey))


def qr_ink(text: str, module: int) -> Image.Image:
    """The QR code of a text, without its quiet zone, a module so many dots wide; mode "1", ink = 255."""
    matrix = qr_code(text).matrix
    side = len(matrix)
    small = Image.frombytes("L", (side, side), bytes(BLACK if dark else 0 for row in matrix for dark in row))
    return small.convert("1").resize((side * module, side * module), Image.Resampling.NEAREST)


def whole_bytes(ink: Image.Image) -> Image.Image:
    """The same picture in the middle of as many whole bytes as it needs, which is how a printer counts."""
    whole = Image.new("1", ((ink.width + 7) // 8 * 8, ink.height))
    whole.paste(ink, ((whole.width - ink.width) // 2, 0))
    return whole


def _inked(grey: Image.Image) -> Image.Image:
    return grey.point(lambda value: BLACK if value >= INK_FROM else 0).convert("1", dither=Image.Dither.NONE)
