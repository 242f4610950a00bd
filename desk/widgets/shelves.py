"""The names of several lists, one of which is shown."""

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from config.look import palette
from desk.widgets.parts import Forgetful

AIR, LINE = Content(" "), "│"


class ShelfBar(Static, Forgetful):
    """Names with how many tickets each list has; a click shows that list.

    On one line, with less air between them if need be; else on as many as they need.
    """

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
        width, words = self.content_size.width, [self._word(one) for one in self._names]
        if sum(map(len, words)) > width >= sum(map(len, words)) - len(words):
            words = self._close_words()
        lines: list[list[Content]] = [[]]
        for word in words:
            if lines[-1] and sum(map(len, lines[-1])) + len(word) > width:
                lines.append([])
            lines[-1].append(word)
        note = f"   {self._note}" if self._note else ""
        if sum(map(len, lines[-1])) + len(note) <= width:
            lines[-1].append(Content.styled(note, palette.MUTED))
        self.lines = len(lines)
        self.update(Content("\n").join([Content("").join(line) for line in lines]))

    def _close_words(self) -> list[Content]:
        """The names with one column between them: a line, beside the chosen one its ground."""
        words: list[Content] = []
        after_chosen = True
        for named in self._names:
            is_chosen = named[0] == self._chosen
            line = " " if is_chosen or after_chosen else LINE
            words.append(self._word(named, Content.styled(line, palette.MUTED), ""))
            after_chosen = is_chosen
        return words

    def _word(self, named: tuple[str, str, str], before: Content = AIR, behind: str = " ") -> Content:
        """A name, with a column before it and this much behind."""
        shelf, name, count = named
        ground = f"bold #FFFFFF on {palette.INK}" if shelf == self._chosen else palette.INK
        said = f"{name} {count}{behind}" if count else f"{name}{behind}"
        word = Content.assemble(before, said).stylize_before(ground)
        return word.stylize(Style.from_meta({"@click": f"choose({str(shelf)!r})"}))

    def action_choose(self, shelf: str) -> None:
        """A name was clicked."""
        self.post_message(self.Chosen(shelf))
