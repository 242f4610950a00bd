"""The names of several lists, one of which is shown."""

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from config.look import palette
from desk.widgets.parts import Forgetful


class ShelfBar(Static, Forgetful):
    """Names with how many tickets each list has, on as many lines as they need; a click shows that list."""

    auto_links = False

    class Chosen(Message):
        """Another list is wanted."""

        def __init__(self, shelf: str) -> None:
            super().__init__()
            self.shelf = shelf

    def __init__(self) -> None:
        super().__init__(classes="list-head shelves")
        self._names: tuple[tuple[str, str, str], ...] = ()
        self._chosen: str | None = None
        self._note = ""
        self.lines = 1
        """How many the names need."""

    def show(self, names: Sequence[tuple[str, str, str]], chosen: str | None, note: str) -> None:
        """Name these lists (key, name, count); `note` stands behind them where there is room."""
        if (tuple(names), chosen, note) != (self._names, self._chosen, self._note):
            self._names, self._chosen, self._note = tuple(names), chosen, note
            self._lay()

    def forget(self) -> None:
        """No list: their names say how many wait."""
        self.show((), None, "")

    def on_resize(self) -> None:
        """Break the line elsewhere."""
        self._lay()

    def _lay(self) -> None:
        lines: list[list[Content]] = [[]]
        for word in map(self._word, self._names):
            if lines[-1] and sum(map(len, lines[-1])) + len(word) > self.content_size.width:
                lines.append([])
            lines[-1].append(word)
        note = f"   {self._note}" if self._note else ""
        if sum(map(len, lines[-1])) + len(note) <= self.content_size.width:
            lines[-1].append(Content.styled(note, palette.MUTED))
        self.lines = len(lines)
        self.update(Content("\n").join([Content("").join(line) for line in lines]))

    def _word(self, named: tuple[str, str, str]) -> Content:
        shelf, name, count = named
        ground = f"bold #FFFFFF on {palette.INK}" if shelf == self._chosen else palette.INK
        word = Content.styled(f" {name} {count} " if count else f" {name} ", ground)
        return word.stylize(Style.from_meta({"@click": f"choose({str(shelf)!r})"}))

    def action_choose(self, shelf: str) -> None:
        """A name was clicked."""
        self.post_message(self.Chosen(shelf))
