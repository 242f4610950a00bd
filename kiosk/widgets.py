"""What every scene of the kiosk is made of: words as large as they fit, tiles to touch, a QR code."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import segno
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from config.look.lettering import mosaic, width_of, wrap
from config.look.shape import shape_of
from kiosk.inputs import Tap
from protocol.ids import LanguageCode

QUIET_MODULES = 2
"""White frame drawn around a QR code; the white card around it makes up the four modules of the standard."""


_UNSPOKEN = str.maketrans("", "", "←✓●")
"""Signs for the eye."""


class Words(Static):
    """One text, in letters as large as its room allows; at one row the terminal's own type."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, classes: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", markup=False, classes=classes, id=id)
        self.rows = 1
        """Height of a line of letters."""
        self.plain = ""
        """What it says, as read aloud."""

    def write(self, text: str, rows: int = 1, *, width: int | None = None, close: bool = False) -> None:
        """Show the text in letters of so many rows, broken to the width where one is given.

        `close`: the letters stand close to each other; then it is not broken.
        """
        self.write_lines((text,) if width is None else wrap(text, width, rows), rows, close=close)

    def picture(self, cells: Iterable[str]) -> None:
        """Show cells that say nothing."""
        self.write_lines(cells)
        self.plain = ""

    def write_lines(
        self, lines: Iterable[str], rows: int = 1, *, capitals: bool = False, close: bool = False
    ) -> None:
        """Show each text on a line of its own."""
        self.write_texts((tuple(lines),), rows, capitals=capitals, close=close)

    def write_texts(
        self,
        texts: Iterable[tuple[str, ...]],
        rows: int,
        *,
        gap: int = 0,
        capitals: bool = False,
        close: bool = False,
    ) -> None:
        """Show several texts, of some lines each, with so many rows between two of them."""
        texts = tuple(texts)
        self.rows, self.plain = rows, " ".join(line for lines in texts for line in lines)
        shown = ("\n" * (1 + gap)).join(
            "\n".join("\n".join(mosaic(line, rows, capitals=capitals, close=close)) for line in lines)
            for lines in texts
        )
        before = str(self.content)
        if shown != before:
            self.update(shown, layout=shape_of(shown) != shape_of(before))


def fitting_rows(texts: Iterable[str], width: int, choices: Sequence[int], lines_max: int = 1) -> int:
    """The largest of the letter heights at which each text fits so many lines of the width; else 1."""
    texts = tuple(texts)
    for rows in sorted(choices, reverse=True):
        broken = [wrap(text, width, rows) for text in texts]
        if all(
            len(lines) <= lines_max and all(width_of(line, rows) <= width for line in lines)
            for lines in broken
        ):
            return rows
    return 1


class Tile(Container, can_focus=True):
    """Something to touch, anywhere on it; Enter and Space do the same."""

    FOCUS_ON_CLICK: ClassVar[bool] = False
    ALLOW_SELECT: ClassVar[bool] = False

    class Touched(Message):
        """A finger was on the tile."""

        def __init__(self, tile: "Tile") -> None:
            super().__init__()
            self.tile = tile

    class Reached(Message):
        """The keys have come to the tile."""

        def __init__(self, tile: "Tile") -> None:
            super().__init__()
            self.tile = tile

    def __init__(
        self,
        *inside: Widget,
        tap: Tap | None = None,
        classes: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        keys: tuple[str, ...] = (),
    ) -> None:
        super().__init__(*inside, classes=classes, id=id)
        self.tap = tap
        """What touching means; none: nothing to choose here now."""
        self.keys = keys
        """Keys that touch it as well."""
        self.language: LanguageCode | None = None
        """What is written on it, where that is not the visitor's own language."""

    def on_focus(self) -> None:
        """A finger never gives the focus, only keys do."""
        self.post_message(self.Reached(self))

    @property
    def is_on_screen(self) -> bool:
        """Whether a visitor sees it now."""
        return all(part.display for part in self.ancestors_with_self)

    def on_click(self, event: events.Click) -> None:
        """A tap or a mouse button."""
        event.stop()
        self.post_message(self.Touched(self))

    @property
    def said(self) -> str:
        """Everything written on it, as read aloud."""
        words = (one.plain.translate(_UNSPOKEN).strip() for one in self.query(Words) if one.display)
        return ". ".join(filter(None, words))

    def is_chosen_by(self, key: str) -> bool:
        """Whether this key touches it now: the keys of a tactile keypad, where they have come to it."""
        return self.has_focus and key in {"enter", "space"}


def moved(regions: Sequence[Region], place: int | None, key: str) -> int | None:
    """Where an arrow leads from one of several tiles: on and back in their order, up and down to the nearest.

    From nowhere to the first, or with "up" and "left" to the last; none where there is nothing or no arrow.
    """
    step = {"right": 1, "down": 1, "left": -1, "up": -1}.get(key)
    if step is None or not regions:
        return None
    if place is None:
        return 0 if step > 0 else len(regions) - 1
    here = regions[place]
    if key in {"up", "down"}:
        beyond = [
            (abs(one.y - here.y), abs(one.x - here.x), other)
            for other, one in enumerate(regions)
            if (one.y >= here.bottom if step > 0 else one.bottom <= here.y)
        ]
        if beyond:
            return min(beyond)[2]
    return (place + step) % len(regions)


class Button(Tile):
    """A tile with one text in its middle."""

    def __init__(
        self,
        tap: Tap,
        *,
        classes: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        keys: tuple[str, ...] = (),
    ) -> None:
        super().__init__(tap=tap, classes=classes, id=id, keys=keys)
        self.words = Words(classes="label")

    def compose(self) -> ComposeResult:
        """The text."""
        yield self.words


class QrCode(Widget):
    """A QR code in half blocks, black on white whatever the colours around it."""

    DEFAULT_CSS = "QrCode { width: auto; height: auto; }"

    def __init__(self) -> None:
        super().__init__(classes="qr")
        self._text = ""
        self._modules: list[list[int]] = []

    def write(self, text: str) -> None:
        """Show this text as a code; an empty one shows none."""
        if text == self._text:
            return
        self._text = text
        self._modules = modules_of(text) if text else []
        self.refresh(layout=True)

    @property
    def rows(self) -> int:
        """Rows it takes."""
        return -(-len(self._modules) // 2)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's contract
        """One column a module."""
        return len(self._modules)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's contract
        """Two modules a row."""
        return self.rows

    def render_line(self, y: int) -> Strip:
        """One row of cells: two rows of modules."""
        if y * 2 >= len(self._modules):
            return Strip.blank(self.size.width)
        upper = self._modules[2 * y]
        lower = self._modules[2 * y + 1] if 2 * y + 1 < len(self._modules) else [0] * len(upper)
        return Strip(
            [_CELLS[bool(top), bool(bottom)] for top, bottom in zip(upper, lower, strict=True)]
        ).simplify()


def modules_of(text: str) -> list[list[int]]:
    """The modules of the QR code of a text with its quiet frame, 1 for black."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    return [list(row) for row in code.matrix_iter(scale=1, border=QUIET_MODULES)]


def _colour(black: bool) -> str:
    return "#000000" if black else "#FFFFFF"


_CELLS = {
    (top, bottom): Segment("▀", Style.parse(f"{_colour(top)} on {_colour(bottom)}"))
    for top in (False, True)
    for bottom in (False, True)
}
