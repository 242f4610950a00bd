"""What the parts of a board are made of."""

from textual.content import Content
from textual.widgets import Static

from config.look.shape import shape_of


class Sign(Static):
    """Drawn again only when what it shows has changed, laid out again only when that takes other room.

    A board sets everything anew at each turn of its pages; most of it stays as it is.
    """

    def __init__(self, classes: str = "") -> None:
        super().__init__(markup=False, classes=classes)
        self._shown = Content()

    def show(self, content: Content) -> None:
        """Show this."""
        if not self._shown.is_same(content):
            before, self._shown = self._shown, content
            self.update(content, layout=shape_of(before.plain) != shape_of(content.plain))


class PastCall(Sign):
    """One of the calls before the newest."""
