"""What stands under every scene: the way back or out, help, what makes the screen easier, and a remark."""

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import wrap
from config.look.small_pictograms import SIGN_ROWS, sign
from kiosk.inputs import Aid, Back, Bell, Switch, Tap
from kiosk.layout import Room
from kiosk.screens.scene import Moment, Remark, Way
from kiosk.visit import HelpNews, help_news
from kiosk.widgets import Button, Tile, Words

_SIGN_COLUMNS = 4
_WORD_COLUMNS = 11
"""Where one language is spoken, a longer word than this is broken onto the second line."""
_WAY_COLUMNS = {"small": 11, "standard": 18, "wide": 18, "portrait": 12}
_GAP = 1
BAR_COLUMNS = 20
_ASIDE_ROWS = 17
"""Of the buttons of a foot beside the scene, one under another, and a row above and below what is said."""

_Said = tuple[tuple[str, ...], ...]
"""Lines in the visitor's language, and in those that get as much room."""

BELL_KEYS = {
    HelpNews.CALLED: "kiosk.bell_called",
    HelpNews.CALLING: "kiosk.bell_called",
    HelpNews.COMING: "kiosk.bell_coming",
}
AID_KEYS = {Aid.LISTEN: "kiosk.listen", Aid.LARGER: "kiosk.larger_text", Aid.CONTRAST: "kiosk.contrast"}


def asides_fit(room: Room, lines: tuple[str, ...]) -> bool:
    """Whether all of this has room under the buttons of a foot that stands beside the scene."""
    rows = sum(len(wrap(line, room.aside_columns - 2, 1)) for line in lines)
    return rows + _ASIDE_ROWS <= room.height


class Tool(Tile):
    """A sign and a word, or one of the two."""

    def __init__(self, name: str, tap: Tap, *, key: str) -> None:
        super().__init__(tap=tap, classes="tool", id=f"tool-{name}", keys=(key,))
        self._sign = Words(classes="sign")
        self._label = Words(classes="label")
        self._picture = sign(name)
        self.lines: tuple[str, ...] = ()
        """What it says, a line for each language spoken at the moment."""

    def compose(self) -> ComposeResult:
        """The sign left of the words."""
        yield self._sign
        yield self._label

    def write(self, lines: tuple[str, ...], width: int, *, both: bool, signed: bool, worded: bool) -> None:
        """Show a line a language (`both`), or one word broken onto two lines."""
        self._sign.display, self._label.display = signed, worded
        self.set_class(not worded, "-sign")
        self.set_class(not signed, "-words")
        self._sign.picture(self._picture)
        self.lines = lines if both else (" ".join(lines),)
        shown = lines if len(lines) == SIGN_ROWS else ("", *lines)
        self._label.write_lines(shown)
        self._label.plain = " ".join(lines)
        self.styles.width = width


class Foot(Container):
    """The same on every scene, so that nobody has to look for it."""

    def __init__(self, *, listens: bool) -> None:
        """`listens`: the centre's voice can read."""
        super().__init__(classes="foot")
        self._remark = Words(classes="remark")
        self._way = Button(Back(), classes="card way", id="way", keys=("backspace",))
        self._bell = Tool("bell", Bell(), key="f4")
        self._aids = {
            Aid.LISTEN: Tool("listen", Switch(Aid.LISTEN), key="f1"),
            Aid.LARGER: Tool("larger", Switch(Aid.LARGER), key="f2"),
            Aid.CONTRAST: Tool("contrast", Switch(Aid.CONTRAST), key="f3"),
        }
        if not listens:
            del self._aids[Aid.LISTEN]

    def compose(self) -> ComposeResult:
        """The remark above, the way out on the left, all else on the right."""
        yield self._way
        yield self._remark
        with Container(classes="tools"):
            yield self._bell
            yield from self._aids.values()

    def show(self, moment: Moment, way: Way | None, *, rings: bool) -> None:
        """The buttons of the moment; `rings`: help can be called from here."""
        room = moment.room
        self._way.display = way is not None
        self.set_class(way is None, "-no-way")
        way_width = room.aside_columns if room.aside else _WAY_COLUMNS[room.shape]
        if way is not None:
            self._way.tap = way.tap
            self._way.set_class(way.go, "go")
            self._way.set_class(not way.go, "card")
            self._way.words.write(way.words)
        self._bell.display = rings
        news = help_news(moment.kiosk)
        self._bell.set_class(news in BELL_KEYS, "-called")
        for aid, tool in self._aids.items():
            tool.set_class(aid in moment.kiosk.aids, "-on")
        said = {self._bell: _each(moment, BELL_KEYS.get(news, "kiosk.bell"))} if rings else {}
        said |= {tool: _each(moment, AID_KEYS[aid]) for aid, tool in self._aids.items()}
        beside = 0 if way is None or room.upright else way_width + _GAP
        self._lay(room, said, room.inner - beside, both=moment.kiosk.language is None)

    def remark(self, room: Room, remark: Remark) -> None:
        """What is said above the buttons, and the time left as a bar."""
        self._remark.set_class(remark.alert, "-alert")
        keeps = self._way.display if room.upright else not room.aside  # nothing moves when something is said
        self._remark.display = bool(remark.words) or keeps
        bar = ""
        if remark.share_left is not None:
            full = round(BAR_COLUMNS * min(1.0, remark.share_left))
            bar = f"{'━' * full}{'╌' * (BAR_COLUMNS - full)}"
        between = "\n" if room.upright or room.aside else "  "
        if len(remark.words) + len(between) + len(bar) > room.inner - 2 and not room.upright:
            bar = ""  # the words alone tell the time
        self._remark.write(
            between.join(filter(None, (remark.words, bar[: room.aside_columns - 2] if room.aside else bar)))
        )

    def _lay(self, room: Room, said: dict[Tool, _Said], width: int, *, both: bool) -> None:
        """Every button with as many words as there is room for; the bell keeps its own longest.

        In both official languages as many, whichever the visitor reads.
        """
        rare = {self._aids[aid] for aid in (Aid.LARGER, Aid.CONTRAST)}
        spoken = {self._aids[Aid.LISTEN]} if Aid.LISTEN in self._aids else set[Tool]()
        forms = [
            dict.fromkeys(said, (True, True)),
            {tool: (tool not in rare, True) for tool in said},
            {tool: (True, tool not in rare) for tool in said},
            {tool: (True, tool not in rare | spoken) for tool in said},
            {tool: (tool is not self._bell, tool is self._bell) for tool in said},
        ]
        for form in forms:
            widths = {tool: max(_width(lines, *form[tool]) for lines in said[tool]) for tool in said}
            if room.aside or sum(widths.values()) + _GAP * (len(said) - 1) <= width:
                break
        for place, tool in enumerate(said):
            (signed, worded), own = form[tool], said[tool][0]
            across = _width(own, signed, worded)
            if room.aside:  # the words alone where the sign takes their columns
                signed = widths[tool] - _GAP <= room.aside_columns
                worded, across = True, room.aside_columns
            tool.write(own, across, both=both, signed=signed, worded=worded)
            tool.styles.margin = (0, 0, 0, 0 if room.aside or not place else _GAP)


def _each(moment: Moment, key: str) -> _Said:
    """A line for each official language before one was chosen; else one word, or two lines, in each alike."""
    if moment.kiosk.language is None:
        return (moment.say_all(key),)
    texts = moment.sized_with(key)
    return tuple((text,) if len(text) <= _WORD_COLUMNS else wrap(text, _WORD_COLUMNS, 1) for text in texts)


def _width(lines: tuple[str, ...], signed: bool, worded: bool) -> int:
    parts = ([_SIGN_COLUMNS] if signed else []) + ([max(map(len, lines))] if worded else [])
    return sum(parts) + (len(parts) + 1 if worded else 1)
