"""The smallest parts of a staff screen."""

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Forgetful:
    """Shows something of the queue, and nothing of it any more once the terminal is locked."""

    def forget(self) -> None:
        """Nothing of it may be left: not on the screen, not to be drawn again at another size."""
        raise NotImplementedError


class Line(Static, Forgetful):
    """Text that is drawn again only when it has changed."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._said = Content()

    def say(self, content: Content | str) -> None:
        """Show this."""
        wanted = Content(content) if isinstance(content, str) else content
        if not self._said.is_same(wanted):
            before, self._said = self._said, wanted
            self.update(wanted, layout=_shape(before) != _shape(wanted))

    def forget(self) -> None:
        """Say nothing."""
        self.say("")

    @property
    def plain(self) -> str:
        """What it says, without colours."""
        return self._said.plain


def _shape(content: Content) -> list[list[int]]:
    """How long each word of each line is: of the same shape, as a clock's next tick, nothing has to move."""
    return [[cell_len(word) for word in line.split(" ")] for line in content.plain.split("\n")]


class Room(Vertical):
    """A part of the screen whose size decides what fits in it."""

    class Resized(Message):
        """The part has another size now."""

    def on_resize(self) -> None:
        """What is in it has to be laid out again."""
        self.post_message(self.Resized())
