"""A receipt as a picture, dot for dot what a printer with font A would put on paper."""

from io import BytesIO
from typing import assert_never

from PIL import Image

from printers.glyphs import CELL, cell, number_ink, qr_ink, whole_bytes
from printers.layout import (
    LINE_PITCH_DOTS,
    RULE_DOTS,
    Gap,
    Line,
    Number,
    Qr,
    Receipt,
    Rule,
)

PAPER = 255
HEAD_DOTS = 24
"""Paper above the first line; below the last one as much again."""
HEIGHT_MAX_DOTS = 6000


def drawn(receipt: Receipt) -> Image.Image:
    """The receipt as a picture, mode "1", white paper."""
    width = receipt.medium.width_dots
    ink = Image.new("1", (width, HEIGHT_MAX_DOTS))
    y = HEAD_DOTS
    for element in receipt.elements:
        match element:
            case Line():
                _centred(ink, _line(element), y)
                y += max(LINE_PITCH_DOTS, CELL[1] * element.height)
            case Number():
                y += _centred(ink, _number(element), y)
            case Qr():
                y += _centred(ink, _qr(element, native=receipt.medium.native_qr), y)
            case Rule():
                ink.paste(1, (0, y, width, y + RULE_DOTS))
                y += RULE_DOTS
            case Gap():
                y += receipt.medium.gap_dots
            case _:
                assert_never(element)
    assert y + HEAD_DOTS <= HEIGHT_MAX_DOTS, "a slip longer than its own limit"
    paper = Image.new("1", (width, y + HEAD_DOTS), PAPER)
    paper.paste(0, (0, 0), ink.crop((0, 0, width, y + HEAD_DOTS)))
    return paper


def png(receipt: Receipt) -> bytes:
    """The receipt as a PNG file."""
    file = BytesIO()
    drawn(receipt).save(file, "PNG")
    return file.getvalue()


def _centred(ink: Image.Image, part: Image.Image, y: int) -> int:
    assert part.width <= ink.width, "wider than the paper"
    ink.paste(part, ((ink.width - part.width) // 2, y))
    return part.height


def _line(line: Line) -> Image.Image:
    strip = Image.new("1", (CELL[0] * max(1, len(line.text)), CELL[1]))
    for column, letter in enumerate(line.text):
        strip.paste(cell(letter, bold=line.bold), (column * CELL[0], 0))
    return _scaled(strip, line.width, line.height)


def _number(number: Number) -> Image.Image:
    return _scaled(number_ink(number.text, number.width_dots // 2, number.height_dots // 2), 2, 2)


def _qr(qr: Qr, *, native: bool) -> Image.Image:
    if native:
        return qr_ink(qr.text, qr.module_dots)
    return _scaled(whole_bytes(qr_ink(qr.text, qr.module_dots // 2)), 2, 2)


def _scaled(part: Image.Image, width: int, height: int) -> Image.Image:
    return part.resize((part.width * width, part.height * height), Image.Resampling.NEAREST)
