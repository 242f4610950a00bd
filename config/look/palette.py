"""The colours of everything public: light paper for the kiosk, night for the board, one ink for both."""

import re

INK = "#14213D"
"""Text on paper (13.9:1) and the ground of the official languages' tiles."""
PAPER = "#F4EFE6"
CARD = "#FFFFFF"
LIP = "#857C6B"
"""The darker row under a card that can be touched, 3.6:1 from the paper; nothing else has one."""
INK_LIP = "#0A1122"
"""The same under an ink tile."""
MUTED = "#474E5F"
"""Secondary text on paper (7.3:1)."""
GO = "#186336"
"""The one action forward; white text (7.3:1)."""
GO_LIP = "#12502B"
ACCENT = "#F2B632"
"""Draws the eye; only under ink text (8.8:1)."""
ALERT = "#922728"
"""Something needs staff: white on it 8.3:1, itself on paper 7.2:1."""

NIGHT = "#0B1730"
"""Ground of the board."""
PANEL = "#16264A"
"""Panels on the night."""
NIGHT_TEXT = "#FFFFFF"
NIGHT_MUTED = "#A9B4CC"
"""Secondary text on the night (8:1)."""

CONTRAST_MIN = 7.0
"""WCAG 2.2, 1.4.6 (AAA), for all that visitors read: also white on a field's colour."""
STAFF_CONTRAST_MIN = 4.5
"""WCAG 2.2, 1.4.3 (AA), on the screens of staff."""
EDGE_CONTRAST_MIN = 3.0
"""WCAG 2.2, 1.4.11: between the edge of what can be touched, or the mark of the focus, and what is around."""

_LIGHTER = {
    "#0A5AA0": "#ADDDF5",
    "#003C32": "#05DD7D",
    "#500A5A": "#DDADB9",
    "#8C4600": "#F5A105",
    "#0000AA": "#ADADF5",
    "#32320A": "#F5F5D1",
}
FIELD_COLOURS = tuple(_LIGHTER)
"""Found by search: white text 7:1 or more, and 12 apart (CIEDE2000) with every kind of colour blindness."""

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_STEPS = 40
"""Mixing steps towards white: 2.5 % each, finer than the eye."""


def lighter(colour: str) -> str:
    """The twin of a field's colour for text on the night: at least 7:1 there."""
    twin = _LIGHTER.get(colour.upper())
    if twin is not None:
        return twin
    mixes = (mixed(colour, "#FFFFFF", step / _STEPS) for step in range(_STEPS + 1))
    return next(mix for mix in mixes if contrast(mix, PANEL) >= CONTRAST_MIN)


def darker(colour: str) -> str:
    """The colour, or the nearest darker one of its kind on which white can be read."""
    mixes = (mixed(colour, "#000000", step / _STEPS) for step in range(_STEPS + 1))
    return next(mix for mix in mixes if contrast(mix, CARD) >= CONTRAST_MIN)


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with this share (0 to 1) of the other."""
    parts = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(here + (there - here) * share):02X}" for here, there in parts)


def contrast(colour: str, other: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def linear(colour: str) -> tuple[float, ...]:
    """Red, green and blue as light, 0 to 1."""
    return tuple(
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB, WCAG 2.2
        for part in (value / 255 for value in _rgb(colour))
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    assert _COLOUR.fullmatch(colour), f"not a colour: {colour}"
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
