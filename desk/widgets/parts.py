"""The smallest parts of a staff screen."""

from itertools import chain

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from config.look.lettering import wrap
from config.look.shape import shape_of


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
            self.update(wanted, layout=shape_of(before.plain) != shape_of(wanted.plain))

    def forget(self) -> None:
        """Say nothing."""
        self.say("")

    @property
    def plain(self) -> str:
        """What it says, without colours."""
        return self._said.plain


class Entry(Input):
    """A line to type in. Its cursor stands still: one that blinks has the screen drawn twice a second."""

    cursor_blink = reactive(False, init=False)


class Sentences(Static, Forgetful):
    """Lines as even as they can be, broken at ordinary spaces alone: a number or an hour stays whole.

    Textual itself would break them at any space.
    """

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._said = ""

    def say(self, said: str) -> None:
        """Show this."""
        if said != self._said:
            self._said = said
            self._lay()

    def forget(self) -> None:
        """Say nothing."""
        self.say("")

    @property
    def plain(self) -> str:
        """What it says, wherever its lines break."""
        return self._said

    def on_resize(self) -> None:
        """Break the lines elsewhere."""
        self._lay()

    def _lay(self) -> None:
        columns = self.content_size.width
        lines = [wrap(line, columns, 1) if columns else (line,) for line in self._said.split("\n")]
        self.update(Content("\n".join(chain.from_iterable(lines))))


class Room(Vertical):
    """A part of the screen whose size decides what fits in it."""

    class Resized(Message):
        """The part has another size now."""

    def on_resize(self) -> None:
        """What is in it has to be laid out again."""
        self.post_message(self.Resized())
