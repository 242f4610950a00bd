"""A slip in a terminal: black on white, the number big, the QR readable by a telephone."""

import segno
from PIL import Image

from printers.simulator.paper import Paper, Part, Picture, Space, Text

BLACK_ON_WHITE = "\x1b[30;107m"
BOLD = "\x1b[1m"
PLAIN = "\x1b[0m"
CELL_DOTS = 12
"""Dots of the paper in one column of a terminal; half a row is as many."""
ROW_DOTS = 24
QUIET = 2
INKED_FROM = 96
"""Mean ink of 255 from which half a character is black."""


def shown(paper: Paper) -> str:
    """The slip as lines for a terminal of `paper.columns` + 2 columns or more."""
    rows = [row for part in paper.parts for row in _rows(part, paper)]
    width = max([paper.columns, *(len(text) for text, _ in rows)]) + 2
    framed = [("", False), *rows, ("", False)]
    return "\n".join(f"{BOLD if bold else ''}{BLACK_ON_WHITE}{text:^{width}}{PLAIN}" for text, bold in framed)


def _rows(part: Part, paper: Paper) -> list[tuple[str, bool]]:
    match part:
        case Text(text, bold, _):
            return [(text.strip(), bold)]
        case Space(dots):
            return [("", False)] * (dots // ROW_DOTS)
        case Picture(qr=str() as text):
            return [(row, False) for row in _qr_rows(text)]
        case Picture():
            return [(row, False) for row in _picture_rows(part, paper)]


def _qr_rows(text: str) -> list[str]:
    code = segno.make_qr(text, error="m", boost_error=False)
    return _halves([[bool(dark) for dark in row] for row in code.matrix_iter(border=QUIET)])


def _picture_rows(part: Picture, paper: Paper) -> list[str]:
    box = (0, part.top, paper.width_dots, part.top + part.height)
    ink = paper.image.convert("L").crop(box).point(lambda value: 255 - value)
    size = (paper.columns, max(1, round(part.height / CELL_DOTS)))
    small = ink.resize(size, Image.Resampling.BOX)
    if size[1] == 1:
        return ["─" * paper.columns]
    dots = small.tobytes()
    return _halves([[dots[y * size[0] + x] >= INKED_FROM for x in range(size[0])] for y in range(size[1])])


def _halves(dots: list[list[bool]]) -> list[str]:
    blank = [False] * len(dots[0])
    even = dots if len(dots) % 2 == 0 else [*dots, blank]
    return [
        "".join(" ▄▀█"[upper * 2 + lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(even[::2], even[1::2], strict=True)
    ]
