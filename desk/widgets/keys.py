"""Keys that are named and can be clicked: the footer and the tiles."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from config.look import palette
from config.look.lettering import wrap
from desk.widgets.parts import Forgetful

TILE_MARGINS = 2
"""Columns of air beside a tile's words, where they have any."""
_GAP, _NARROW_GAP = 2, 1
"""Columns between two names; the key's own ground parts them as well."""
PRESSED_S = 0.15
"""How long a clicked tile shows it."""
CAP_LOOK = f"bold #FFFFFF on {palette.INK}"
"""A key that is named, as it is drawn."""
TAB_CAP = "Tab"
"""The key between parts of a screen: named where it leads, for the footer is full on small screens."""
_DIM = "#8C8577"
_DIM_CAP = "#B4AC9C"


class Pressed(Message):
    """A key's tile or its name in the footer was clicked."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class KeyName(Struct, frozen=True, kw_only=True):
    """A key as the footer names it."""

    key: str
    label: str
    possible: bool = True
    cap: str
    """How the key itself is written."""


class KeyBar(Static, Forgetful):
    """The footer: what each key does now. As few lines as there can be, none of them for one name alone."""

    auto_links = False

    def __init__(self) -> None:
        super().__init__(classes="keys")
        self._names: tuple[KeyName, ...] = ()
        self._only: frozenset[str] | None = None
        """While a question is open, the keys that still do what they say."""

    def only(self, keys: frozenset[str] | None) -> None:
        """Dim all but these; none: dim no more than is not possible."""
        if keys != self._only:
            self._only = keys
            self._lay()

    @property
    def possible(self) -> frozenset[str]:
        """The keys that do what they say now; the others are dim."""
        named = frozenset(name.key for name in self._names if name.possible)
        return named if self._only is None else named & self._only

    def show(self, names: tuple[KeyName, ...]) -> None:
        """Name these keys; those that are not possible stay dim."""
        if names != self._names:
            self._names = names
            self._lay()

    def forget(self) -> None:
        """Name no key."""
        self.show(())

    def on_resize(self) -> None:
        """Break the line elsewhere."""
        self._lay()

    def _lay(self) -> None:
        possible = self.possible
        words = [_named(name, possible=name.key in possible) for name in self._names]
        width = self.content_size.width
        gap = min((_GAP, _NARROW_GAP), key=lambda gap: len(_filled(words, width, gap)))
        lines = _evened(_filled(words, width, gap), gap)
        self.update(Content("\n").join([Content(" " * gap).join(line) for line in lines]))

    def action_press(self, key: str) -> None:
        """A name was clicked."""
        self.post_message(Pressed(key))


def _filled(words: Sequence[Content], width: int, gap: int) -> list[list[Content]]:
    """Lines of so many columns, each as full as it can be."""
    lines: list[list[Content]] = []
    for word in words:
        if lines and _columns([*lines[-1], word], gap) <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _evened(lines: list[list[Content]], gap: int) -> list[list[Content]]:
    """As many lines; a word goes on to the next one while it does not make that the longer of the two."""
    for above, below in reversed([*pairwise(lines)]):
        while _columns([above[-1], *below], gap) < _columns(above, gap):
            below.insert(0, above.pop())
    return lines


def _columns(words: Sequence[Content], gap: int) -> int:
    return sum(map(len, words)) + gap * (len(words) - 1)


def _named(name: KeyName, *, possible: bool) -> Content:
    click = Style.from_meta({"@click": f"press({name.key!r})"})
    cap = f" {name.cap} "
    label = f" {name.label}"
    return Content.assemble(
        (cap, CAP_LOOK if possible else f"bold #FFFFFF on {_DIM_CAP}"),
        (label, palette.INK if possible else _DIM),
    ).stylize(click)


def led_to_by_tab(words: Content) -> Content:
    """The head of a part to which the key leads, with the key before it."""
    return Content.assemble((f" {TAB_CAP} ", CAP_LOOK), " ", words)


class Tile(Static, Forgetful):
    """A key as a thing to click; its place never changes, what is not possible now is dim."""

    def __init__(self, key: str) -> None:
        super().__init__(classes="tile")
        self.key = key
        self._labels: tuple[str, str] = ("", "")

    def show(self, label: str, short: str, *, possible: bool, forward: bool) -> None:
        """Name what the key does now; `short` where the label has no room."""
        self.set_class(not possible, "-off")
        self.set_class(possible and forward, "-forward")
        if (label, short) != self._labels:
            self._labels = (label, short)
            self._lay()

    def forget(self) -> None:
        """Name nothing: undo names a ticket."""
        self.show("", "", possible=False, forward=False)

    def on_resize(self) -> None:
        """Break the words elsewhere."""
        self._lay()

    def _lay(self) -> None:
        """Break at ordinary spaces alone: a ticket's number stays in one piece."""
        cap = self.key.upper()
        width, height = self.content_size
        label, short = self._labels
        tries = [
            wrap(f"{cap} {words}", max(room, 1), 1)
            for words, room in ((label, width - TILE_MARGINS), (short, width - TILE_MARGINS), (short, width))
        ]
        fitting = (lines for lines in tries if len(lines) <= height and max(map(len, lines)) <= width)
        first, *further = next(fitting, tries[-1])
        lines = [Content.assemble(cap, (first.removeprefix(cap), "bold"))]
        self.update(Content("\n").join(lines + [Content.styled(line, "bold") for line in further]))

    def on_click(self) -> None:
        """A click is the key: that it was felt is seen first, what it leads to takes longer to draw."""
        if not self.has_class("-off"):
            self.add_class("-pressed")
            self.set_timer(PRESSED_S, lambda: self.remove_class("-pressed"))
        self.call_after_refresh(self.post_message, Pressed(self.key))
