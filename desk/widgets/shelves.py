"""The names of several lists, one of which is shown."""

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from config.look import palette


class ShelfBar(Static):
    """One line of names with how many tickets each list has; a click shows that list."""

    auto_links = False

    class Chosen(Message):
        """Another list is wanted."""

        def __init__(self, shelf: str) -> None:
            super().__init__()
            self.shelf = shelf

    def __init__(self) -> None:
        super().__init__(classes="list-head shelves")
        self._shown: object = None

    def show(self, names: Sequence[tuple[str, str, str]], chosen: str | None, note: str) -> None:
        """Name these lists (key, name, count); `note` stands behind them."""
        if (tuple(names), chosen, note) == self._shown:
            return
        self._shown = (tuple(names), chosen, note)
        words = []
        for shelf, name, count in names:
            ground = f"bold #FFFFFF on {palette.INK}" if shelf == chosen else palette.INK
            word = Content.styled(f" {name} {count} " if count else f" {name} ", ground)
            words.append(word.stylize(Style.from_meta({"@click": f"choose({str(shelf)!r})"})))
        self.update(Content.assemble(*words, (f"   {note}" if note else "", palette.MUTED)))

    def action_choose(self, shelf: str) -> None:
        """A name was clicked."""
        self.post_message(self.Chosen(shelf))
