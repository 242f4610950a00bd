"""What an eye and a finger meet on a screen: inks on their grounds, tiles and their sizes, in every state."""

import re
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct
from pictures.kiosk import KIOSK
from pictures.stage import Layout, Scene, opened
from support.cells import Cells, Colour
from textual.geometry import Region
from textual.widget import Widget

from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, mosaic
from config.look.palette import contrast
from kiosk.widgets import QrCode

SCANNED = (QrCode,)
"""Read by a camera: black on white in half blocks, where half of a cell may be its own ground."""

Cell = tuple[str, Colour, Colour]
"""A letter with its ink and its ground."""


class Part(Struct, frozen=True):
    """A widget that holds no others: whatever is written stands in one."""

    widget: Widget
    cells: tuple[Cell, ...]
    """Of all of it, edges included."""
    written: tuple[Cell, ...]
    """Of what stands in it."""

    @property
    def name(self) -> str:
        """Its kind and its classes."""
        return ".".join((type(self.widget).__name__, *sorted(self.widget.classes)))

    @property
    def text(self) -> str:
        """What it says; large letters as they are set."""
        return str(getattr(self.widget, "content", ""))

    def faint(self, least: float) -> set[str]:
        """Inks with less contrast than this to the ground they stand on."""
        pairs = {(ink, ground) for letter, ink, ground in self.written if letter.strip()}
        return {
            f"{self.name}: {hexed(ink)} on {hexed(ground)} is {contrast(hexed(ink), hexed(ground)):.2f}:1"
            for ink, ground in pairs
            if contrast(hexed(ink), hexed(ground)) < least
        }

    def uses(self, colour: str) -> bool:
        """Whether any of its cells has this colour, as ink or as ground."""
        return any(
            hexed(ground) == colour or (letter.strip() and hexed(ink) == colour)
            for letter, ink, ground in set(self.cells)
        )

    def shows(self, letter: str) -> bool:
        """Whether it has this letter of a field, alone or before a number, in any size."""
        if re.search(rf"(?<!\w){letter}(?=\W|$|\d\d\d)", self.text):
            return True
        lines = self.text.split("\n")
        drawn = (
            mosaic(letter, rows, capitals=capitals)
            for capitals, heights in ((True, CAPITAL_ROWS), (False, TEXT_ROWS))
            for rows in heights
            if rows <= len(lines)
        )
        return any(stands_in(lines, picture) for picture in drawn)


def stands_in(lines: list[str], letter: tuple[str, ...]) -> bool:
    """Whether the rows of a large letter stand one under the other in these lines."""
    for top in range(len(lines) - len(letter) + 1):
        left = lines[top].find(letter[0])
        while left >= 0:
            rows = zip(letter, lines[top:], strict=False)
            if all(line[left : left + len(row)] == row for row, line in rows):
                return True
            left = lines[top].find(letter[0], left + 1)
    return False


def parts_of(panel: Widget) -> list[Part]:
    """Everything on the screen, widget by widget, codes for cameras left out."""
    rows = [
        [(letter, run.look.ink, run.look.paper) for run in row for letter in run.text]
        for row in Cells.of(panel.app).rows
    ]
    found = []
    for widget in panel.walk_children(Widget):
        if seen(widget) and not any(map(seen, widget.children)) and not isinstance(widget, SCANNED):
            shown = panel.screen.find_widget(widget).visible_region
            inside = widget.content_region.intersection(shown)
            found.append(Part(widget, cells_in(shown, rows), cells_in(inside, rows)))
    return found


def cells_in(region: Region, rows: list[list[Cell]]) -> tuple[Cell, ...]:
    there = rows[max(0, region.y) : region.bottom]
    return tuple(cell for row in there for cell in row[max(0, region.x) : region.right])


def seen(widget: Widget) -> bool:
    """Whether it is on the screen: neither it nor what holds it is hidden."""
    return bool(widget.region) and all(
        one.display and one.visible for one in widget.ancestors_with_self if isinstance(one, Widget)
    )


def faint(parts: Iterable[Part], least: float) -> set[str]:
    """What is written with less contrast than this, each kind once."""
    return {flaw for part in parts for flaw in part.faint(least)}


def hexed(colour: Colour) -> str:
    """As the configuration writes a colour."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def contrast_of(one: str, other: str) -> float:
    """As `contrast`, of colours as Textual writes them."""
    return contrast(one[:7], other[:7])


async def at_the_kiosk(
    language: str, layout: Layout, states: Iterable[str]
) -> AsyncIterator[tuple[str, Scene]]:
    """One kiosk, brought into each of these states; in this language once one is chosen."""
    async with opened(KIOSK, language, layout) as scene:
        for name in states:
            state = KIOSK.states[name]
            scene.language = language if language in state.languages else state.languages[0]
            await state.story(scene)
            await scene.settle()
            yield name, scene
