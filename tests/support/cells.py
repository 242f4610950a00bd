"""What stands on a terminal, cell by cell: as values, as text that a person can compare, and back."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, Self

from msgspec import Struct
from rich.cells import cell_len
from rich.style import Style
from textual.app import App

from config.look import palette

Colour = tuple[int, int, int]

PAPER: Colour = (0, 0, 0)
INK: Colour = (255, 255, 255)
"""Of a cell that says nothing of its own."""


class Look(Struct, frozen=True):
    """How a cell is drawn."""

    ink: Colour = INK
    paper: Colour = PAPER
    bold: bool = False
    underline: bool = False


class Run(Struct, frozen=True):
    """Neighbouring characters of one look."""

    text: str
    look: Look

    @property
    def width(self) -> int:
        """Cells."""
        return cell_len(self.text)


Row = tuple[Run, ...]


class Cells(Struct, frozen=True):
    """A whole screen."""

    rows: tuple[Row, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return sum(run.width for run in self.rows[0]), len(self.rows)

    @classmethod
    def of(cls, app: App[Any]) -> Self:
        """The screen of this program now."""
        return cls(
            tuple(
                _joined(
                    Run(segment.text, _look(segment.style))
                    for segment in strip
                    if segment.text and not segment.control
                )
                for strip in app.screen._compositor.render_strips()
            )
        )

    def text(self) -> str:
        """The screen as lines: what is written, and below each row its looks, unless they are those above."""
        used = sorted(
            {colour for row in self.rows for run in row for colour in (run.look.ink, run.look.paper)}
        )
        lines = [f"# {_named(colour)} {_hex(colour)}" for colour in used if _named(colour) != _hex(colour)]
        before = ""
        for row in self.rows:
            lines.append("".join(run.text for run in row) + "|")
            looks = looks_of(row)
            lines += [f"    {looks}"] if looks != before else []
            before = looks
        return "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The screen that was written by `text`; ValueError when it was not."""
        colours: dict[str, Colour] = {}
        rows: list[tuple[str, str]] = []
        for line in text.split("\n")[:-1]:
            if line.startswith("# ") and not line.endswith("|"):
                name, value = line[2:].rsplit(" ", 1)
                colours[name] = _rgb(value)
            elif line.endswith("|"):
                rows.append((line[:-1], rows[-1][1] if rows else ""))
            else:
                rows[-1] = (rows[-1][0], line.strip())
        return cls(tuple(tuple(_read(written, looks, colours)) for written, looks in rows))


def looks_of(row: Row) -> str:
    """How a row is drawn: for so many cells each, marks for bold and underlined, ink and paper."""
    return "  ".join(f"{run.width} {_told(run.look)}" for run in row)


def _joined(runs: Iterable[Run]) -> Row:
    return tuple(
        Run("".join(run.text for run in some), look) for look, some in groupby(runs, lambda run: run.look)
    )


def _read(written: str, looks: str, colours: Mapping[str, Colour]) -> Iterator[Run]:
    rest = written
    for said in looks.split("  "):
        width, _, look = said.partition(" ")
        taken = 0
        while cell_len(rest[:taken]) < int(width):
            taken += 1
        yield Run(rest[:taken], _understood(look, colours))
        rest = rest[taken:]


def _told(look: Look) -> str:
    marks = ("*" if look.bold else "") + ("_" if look.underline else "")
    return f"{marks}{_named(look.ink)}/{_named(look.paper)}"


def _understood(said: str, colours: Mapping[str, Colour]) -> Look:
    match = re.fullmatch(r"(\*?)(_?)([^/]+)/([^/]+)", said)
    if match is None:
        raise ValueError(f"no look: {said!r}")
    bold, underline, ink, paper = match.groups()
    read = {name: colours[name] if name in colours else _rgb(name) for name in (ink, paper)}
    return Look(read[ink], read[paper], bool(bold), bool(underline))


@cache
def _names() -> dict[Colour, str]:
    """The colours that the project has a name for."""
    return {
        _rgb(value): name.lower()
        for name, value in reversed(vars(palette).items())
        if name.isupper() and isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value)
    }


@cache
def _named(colour: Colour) -> str:
    return _names().get(colour) or _hex(colour)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _rgb(value: str) -> Colour:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"no colour: {value!r}")
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


@cache
def _look(style: Style | None) -> Look:
    """As a terminal would show it."""
    if style is None:
        return Look()
    ink, paper = INK, PAPER
    if style.color is not None and not style.color.is_default:
        ink = _parts(style.color.get_truecolor())
    if style.bgcolor is not None and not style.bgcolor.is_default:
        paper = _parts(style.bgcolor.get_truecolor())
    if style.reverse:
        ink, paper = paper, ink
    if style.dim:
        red, green, blue = ((a * 2 + b) // 3 for a, b in zip(ink, paper, strict=True))
        ink = red, green, blue
    return Look(ink, paper, bool(style.bold), bool(style.underline))


def _parts(colour: Any) -> Colour:
    red, green, blue = colour
    return red, green, blue
