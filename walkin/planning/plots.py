"""Plots as plain SVG: bars, differences and lines. Each says in text what it shows, and needs no colour."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import ceil

from msgspec import Struct

WIDTH = 760
LABEL_WIDTH = 300
LABEL_LETTERS_MAX = 40
"""More of them have no room."""
VALUE_WIDTH = 90
ROW_HEIGHT = 26
BAR_HEIGHT = 16
PLOT_HEIGHT = 220
MARGIN = 44
FONT_SIZE = 14
TICKS = 4
WORDS_BELOW_MAX = 14
INK = "#14213D"
STRONG = "#0A5AA0"
PALE = "#ADDDF5"
RULE = "#C9C3B6"
EMPTY = "#FFFFFF"

Said = Callable[[float], str]
"""How a number is written."""


class Bar(Struct, frozen=True):
    """A row: what it is, a number, and a larger one behind it; none: there is no number."""

    label: str
    value: float | None
    behind: float | None


class Difference(Struct, frozen=True):
    """A row: more or less than now, and how far chance reaches; an empty bar where that is farther."""

    label: str
    value: float
    error: float
    sure: bool = True


class Line(Struct, frozen=True):
    """Numbers one after the other; none: a gap."""

    label: str
    values: tuple[float | None, ...]
    dashed: bool = False


def bars(rows: Sequence[Bar], title: str, said: Said) -> str:
    """Rows of bars from the left, each with its numbers at the end."""
    most = max((max(row.value or 0.0, row.behind or 0.0) for row in rows), default=0.0) or 1.0
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH

    def drawn() -> Iterator[str]:
        for place, row in enumerate(rows):
            top = place * ROW_HEIGHT
            yield _label(row.label, top)
            for value, colour in ((row.behind, PALE), (row.value, STRONG)):
                if value is not None:
                    yield _bar(LABEL_WIDTH, top, value / most * room, colour)
            numbers = [value for value in (row.value, row.behind) if value is not None]
            end = LABEL_WIDTH + max([0.0, *numbers]) / most * room + 6
            yield _text(end, top, " / ".join(map(said, numbers)) or "–")

    return _svg(drawn(), len(rows) * ROW_HEIGHT, title)


def differences(rows: Sequence[Difference], title: str, said: Said) -> str:
    """Rows of bars to the left for less and to the right for more, with the error as a line."""
    most = max((abs(row.value) + row.error for row in rows), default=0.0) or 1.0
    side = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / 2
    middle = LABEL_WIDTH + side
    height = len(rows) * ROW_HEIGHT

    def drawn() -> Iterator[str]:
        for place, row in enumerate(rows):
            top = place * ROW_HEIGHT
            yield _label(row.label, top)
            start = middle + min(row.value, 0.0) / most * side
            yield _bar(start, top, abs(row.value) / most * side, PALE if row.sure else EMPTY)
            level = top + ROW_HEIGHT / 2
            reach = [middle + (row.value + sign * row.error) / most * side for sign in (-1, 1)]
            yield _stroke([(reach[0], level), (reach[1], level)], INK)
            yield _text(WIDTH - VALUE_WIDTH + 6, top, said(row.value))
        yield _stroke([(middle, 0), (middle, height)], INK)

    return _svg(drawn(), height, title)


def lines(curves: Sequence[Line], below: Sequence[str], title: str, said: Said) -> str:
    """Curves over the same steps, which are named below; each curve is named at the top, as it is drawn."""
    every = _round(
        max((value for curve in curves for value in curve.values if value is not None), default=0.0)
    )
    most = every * TICKS
    step = (WIDTH - 2 * MARGIN) / max(1, len(below) - 1)
    bottom = PLOT_HEIGHT - MARGIN

    def point(place: int, value: float) -> tuple[float, float]:
        return MARGIN + place * step, bottom - value / most * (bottom - MARGIN)

    def drawn() -> Iterator[str]:
        for tick in range(TICKS + 1):
            value = every * tick
            yield _stroke([point(0, value), point(len(below) - 1, value)], RULE)
            yield _text(0, point(0, value)[1] - ROW_HEIGHT / 2, said(value))
        for place, word in list(enumerate(below))[:: ceil(len(below) / WORDS_BELOW_MAX) or 1]:
            yield _text(MARGIN + place * step, bottom, word, anchor="middle")
        for number, curve in enumerate(curves):
            left = MARGIN + number * (WIDTH - 2 * MARGIN) / len(curves)
            yield _stroke([(left, 14), (left + 36, 14)], STRONG, width=3, dashed=curve.dashed)
            yield _text(left + 44, 14 - ROW_HEIGHT / 2, curve.label)
            for piece in _pieces(curve.values):
                points = [point(place, value) for place, value in piece]
                yield _stroke(points, STRONG, width=3, dashed=curve.dashed)

    return _svg(drawn(), PLOT_HEIGHT, title)


def _round(most: float) -> float:
    """A step of which a few reach so far: 1, 2 or 5, and a power of ten."""
    unit = 1.0
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if step * TICKS >= most:
                return step
        unit *= 10


def _pieces(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The places and values between the gaps."""
    piece: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            piece.append((place, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _svg(drawn: Iterator[str], height: float, title: str) -> str:
    inside = "".join(drawn)
    named = escape(title)
    box = f'viewBox="0 0 {WIDTH} {height:.0f}"'
    return f'<svg {box} role="img" aria-label="{named}"><title>{named}</title>{inside}</svg>'


def _label(words: str, top: float) -> str:
    if len(words) > LABEL_LETTERS_MAX:
        words = f"{words[: LABEL_LETTERS_MAX - 1]}…"
    return _text(LABEL_WIDTH - 8, top, words, anchor="end")


def _text(left: float, top: float, words: str, anchor: str = "start") -> str:
    level = top + ROW_HEIGHT / 2
    place = f'x="{left:.1f}" y="{level:.1f}" text-anchor="{anchor}" dominant-baseline="central"'
    return f'<text {place} fill="{INK}" font-size="{FONT_SIZE}">{escape(words)}</text>'


def _bar(left: float, top: float, width: float, colour: str) -> str:
    above = top + (ROW_HEIGHT - BAR_HEIGHT) / 2
    place = f'x="{left:.1f}" y="{above:.1f}" width="{width:.1f}" height="{BAR_HEIGHT}"'
    edge = f' stroke="{RULE}"' if colour == EMPTY else ""
    return f'<rect {place} fill="{colour}"{edge}/>'


def _stroke(
    points: Sequence[tuple[float, float]], colour: str, width: int = 1, *, dashed: bool = False
) -> str:
    if len(points) == 1:  # a value between two gaps
        points = [points[0], (points[0][0] + width, points[0][1])]
    path = " ".join(f"{left:.1f},{top:.1f}" for left, top in points)
    dashes = ' stroke-dasharray="7 5"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>'
