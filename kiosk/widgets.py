"""What every scene of the kiosk is made of: words as large as they fit, tiles to touch, a bar, a QR code."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import segno
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from config.look.lettering import mosaic, width_of, wrap
from kiosk.flow import Tap

QUIET_MODULES = 2
"""White frame drawn around a QR code; the white card around it makes up the four modules of the standard."""
BAR_COLUMNS = 20


class Words(Static):
    """One text, in letters as large as its room allows; at one row the terminal's own type."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, classes: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", markup=False, classes=classes, id=id)
        self.rows = 1
        """Height of a line of letters."""

    def write(self, text: str, rows: int = 1, *, width: int | None = None) -> None:
        """Show the text in letters of so many rows, broken to the width; the terminal breaks one-row type."""
        self.write_lines((text,) if rows == 1 or width is None else wrap(text, width, rows), rows)

    def write_lines(self, lines: Iterable[str], rows: int = 1, *, capitals: bool = False) -> None:
        """Show each text on a line of its own."""
        self.rows = rows
        shown = "\n".join("\n".join(mosaic(line, rows, capitals=capitals)) for line in lines)
        if shown != self.content:
            self.update(shown)


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

    def __init__(
        self,
        *inside: Widget,
        tap: Tap | None = None,
        classes: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(*inside, classes=classes, id=id)
        self.tap = tap
        """What touching means; none: nothing to choose here now."""

    def on_click(self, event: events.Click) -> None:
        """A tap or a mouse button."""
        event.stop()
        self.post_message(self.Touched(self))

    def on_key(self, event: events.Key) -> None:
        """The keys of a tactile keypad."""
        if event.key in {"enter", "space"}:
            event.stop()
            self.post_message(self.Touched(self))


class Button(Tile):
    """A tile with one text in its middle."""

    def __init__(self, tap: Tap, *, classes: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(tap=tap, classes=classes, id=id)
        self.words = Words(classes="label")

    def compose(self) -> ComposeResult:
        """The text."""
        yield self.words


class Countdown(Static):
    """A bar that empties; the words beside it, not only the bar, tell the time left."""

    def __init__(self) -> None:
        super().__init__("", markup=False, classes="countdown")

    def show(self, words: str, left_s: float, whole_s: float) -> None:
        """So much of the whole is left."""
        full = round(BAR_COLUMNS * min(1.0, left_s / whole_s))
        shown = f"{words}\n{'━' * full}{'╌' * (BAR_COLUMNS - full)}"
        if shown != self.content:
            self.update(shown)


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

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's contract
        """One column a module."""
        return len(self._modules)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's contract
        """Two modules a row."""
        return -(-len(self._modules) // 2)

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
