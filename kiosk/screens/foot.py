"""What stands under every scene: the way back or out, help, what makes the screen easier, and a remark."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, product

from msgspec import Struct
from msgspec.structs import replace
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
"""What is longer than this is broken onto a second line, where there is room for one."""
_WAY_COLUMNS = {"small": 11, "standard": 18, "wide": 18, "portrait": 11}
_GAP = 1
_TOOL_PADDING = 1
"""Columns free at each side of what stands on a tool."""
_LIP_ROWS = 1
_MARGIN_TAKEN = 1
"""Columns of each margin of an upright panel that tools take where their words have no room otherwise."""
_REMARK_PADDING = 1
"""Columns free at each side of a remark on its own ground."""
BAR_COLUMNS = 20
ASIDE_PADDING = 2
"""Columns, left and right together, of what is said under the buttons of a foot beside the scene."""
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
_WORD_KEYS = {Aid.LARGER: "kiosk.larger_word", Aid.CONTRAST: "kiosk.contrast_word"}
"""The same in one word."""


def tools_rows(languages: int) -> int:
    """Rows of the tools of an upright panel: a sign, a line below it in each language spoken, the lip."""
    return SIGN_ROWS + languages + _LIP_ROWS


def rows_without_way(room: Room, languages: int) -> int:
    """Rows that the foot leaves to a scene where no way leads back and nothing is said above the tools."""
    return room.foot_rows - tools_rows(languages) if room.upright else 0


def asides_fit(room: Room, lines: tuple[str, ...]) -> bool:
    """Whether all of this has room under the buttons of a foot that stands beside the scene."""
    rows = sum(len(wrap(line, room.aside_columns - ASIDE_PADDING, 1)) for line in lines)
    return rows + _ASIDE_ROWS <= room.height


class _Shown(Struct, frozen=True):
    """What a tool shows."""

    said: _Said
    signed: bool = True
    worded: bool = True

    def widths(self, *, above: bool) -> tuple[int, ...]:
        """Columns it needs in each language; `above`: the sign stands above the words, not beside them."""
        sign = _SIGN_COLUMNS * self.signed
        words = [max(map(len, lines)) * self.worded for lines in self.said]
        between = _GAP if self.signed and self.worded else 0
        inside = (max(sign, word) if above else sign + between + word for word in words)
        return tuple(columns + 2 * _TOOL_PADDING for columns in inside)


_Form = Mapping["Tool", _Shown]
"""One way to show all tools, in their order."""


class Tool(Tile):
    """A sign and a word, or one of the two."""

    def __init__(self, name: str, tap: Tap, *, key: str) -> None:
        super().__init__(tap=tap, classes="tool", id=f"tool-{name}", keys=(key,))
        self._sign = Words(classes="sign")
        self._label = Words(classes="label")
        self._picture = sign(name)
        self.lines: tuple[str, ...] = ()
        """What is read aloud of it, a line for each language spoken at the moment."""

    def compose(self) -> ComposeResult:
        """The sign left of the words, or above them."""
        yield self._sign
        yield self._label

    def write(self, shown: _Shown, size: tuple[int, int | None], *, above: bool) -> None:
        """Show as much in so many columns and rows; `above`: the sign above the words, not beside them.

        Rows of none: those of a sign beside its words.
        """
        own = shown.said[0]
        self._sign.display, self._label.display = shown.signed, shown.worded
        self.set_class(not shown.signed, "-words")
        self._sign.picture(self._picture)
        left = (size[0] - _SIGN_COLUMNS) // 2 if above else 0
        self._sign.styles.margin = (0, 0, 0, left)
        self._label.write_lines(own if above or len(own) == SIGN_ROWS else ("", *own))
        self._label.plain = " ".join(own)
        self.styles.width, self.styles.height = size


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
        self.set_class(len(moment.spoken) > 1, "-shared")
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
        keys = {self._bell: BELL_KEYS.get(news, "kiosk.bell")} if rings else {}
        keys |= {tool: AID_KEYS[aid] for aid, tool in self._aids.items()}
        beside = 0 if way is None or room.upright else way_width + _GAP
        self._lay(moment, keys, room.inner - beside)

    def remark(self, room: Room, remark: Remark) -> None:
        """What is said above the buttons, and the time left as a bar."""
        self._remark.set_class(remark.alert, "-alert")
        # a line for each of two languages is as high as a sign: its row is free for air above them
        airy = self.has_class("-shared") and not (remark.words or room.upright)
        self.set_class(airy, "-airy")
        # nothing moves when something is said
        keeps = self._way.display if room.upright else not room.aside and not airy
        self._remark.display = bool(remark.words) or keeps
        bar = ""
        if remark.share_left is not None:
            full = round(BAR_COLUMNS * min(1.0, remark.share_left))
            bar = f"{'━' * full}{'╌' * (BAR_COLUMNS - full)}"
        between = "\n" if room.upright or room.aside else "  "
        if len(remark.words) + len(between) + len(bar) > room.inner - 2 and not room.upright:
            bar = ""  # the words alone tell the time
        words = remark.words
        if room.upright:  # no word stands alone at the end
            beside = _WAY_COLUMNS[room.shape] + _GAP if self._way.display else 0
            width = room.inner - beside - 2 * _REMARK_PADDING * remark.alert
            words = "\n".join(line for part in words.split("\n") for line in wrap(part, width, 1))
        bar = bar[: room.aside_columns - ASIDE_PADDING] if room.aside else bar
        self._remark.write(between.join(filter(None, (words, bar))))

    def _lay(self, moment: Moment, keys: Mapping[Tool, str], width: int) -> None:
        """Every tool with as much as there is room for, in both official languages alike."""
        room = moment.room
        rows = tools_rows(len(moment.spoken)) if room.upright else None
        gaps, margin = _GAP * (len(keys) - 1), 0
        for form, margin in product(self._forms(moment, keys), range(1 + _MARGIN_TAKEN * room.upright)):
            needed = {tool: shown.widths(above=room.upright) for tool, shown in form.items()}
            if room.aside:
                fits = max(map(max, needed.values())) <= room.aside_columns
            else:
                fits = max(map(sum, zip(*needed.values(), strict=True))) + gaps <= width + 2 * margin
            if fits:
                break
        self.set_class(margin > 0, "-broad")
        width += 2 * margin
        columns = _across(needed, width - gaps) if room.upright else _own(needed)
        for place, (tool, shown) in enumerate(form.items()):
            columns_of_tool = room.aside_columns if room.aside else columns[tool]
            # beside the scene the words alone where the sign takes their columns
            signed = max(needed[tool]) - _GAP <= room.aside_columns if room.aside else shown.signed
            tool.lines = moment.say_each(keys[tool])
            tool.write(replace(shown, signed=signed), (columns_of_tool, rows), above=room.upright)
            tool.styles.margin = (0, 0, 0, 0 if room.aside or not place else _GAP)

    def _forms(self, moment: Moment, keys: Mapping[Tool, str]) -> Iterator[_Form]:
        """Ways to show all of them, the best first; the bell keeps its words longest."""
        rare = {self._aids[aid]: key for aid, key in _WORD_KEYS.items()}
        spoken = {self._aids[Aid.LISTEN]} if Aid.LISTEN in self._aids else set[Tool]()
        short = {tool: _Shown(_each(moment, rare.get(tool, key))) for tool, key in keys.items()}
        if moment.room.upright:
            lines_max = len(moment.spoken)  # words of more lines need the rows of the sign
            short = {
                tool: replace(shown, signed=max(map(len, shown.said)) <= lines_max)
                for tool, shown in short.items()
            }
            yield from (short, _signs(short, spoken), _signs(short, spoken | rare.keys()))
            return
        for keyed in (keys, {**keys, **rare}):  # words of one line stand clear of the upper edge
            yield {tool: _Shown(_each(moment, key, whole=True)) for tool, key in keyed.items()}
        yield short
        if moment.room.aside:
            return
        yield {tool: replace(shown, signed=tool not in rare) for tool, shown in short.items()}
        yield from (_signs(short, rare), _signs(short, spoken | rare.keys()))
        yield {
            tool: replace(shown, signed=tool is not self._bell, worded=tool is self._bell)
            for tool, shown in short.items()
        }


def _signs(form: _Form, tools: Collection[Tool]) -> _Form:
    """The same with the signs alone of these."""
    return {
        tool: replace(shown, signed=True, worded=False) if tool in tools else shown
        for tool, shown in form.items()
    }


def _across(needed: Mapping[Tool, tuple[int, ...]], width: int) -> dict[Tool, int]:
    """Columns of each, together all of the width, narrow ones widened; in each language alike if possible."""
    columns = {tool: max(each) for tool, each in needed.items()}
    if sum(columns.values()) > width:
        columns = _own(needed)
    for _ in range(width - sum(columns.values())):
        columns[min(columns, key=columns.__getitem__)] += 1
    return columns


def _own(needed: Mapping[Tool, tuple[int, ...]]) -> dict[Tool, int]:
    """Columns of each in the visitor's language."""
    return {tool: own for tool, (own, *_) in needed.items()}


def _each(moment: Moment, key: str, *, whole: bool = False) -> _Said:
    """Lines for all official languages before one was chosen; else one, or two if not `whole`, in each alike.

    Beside a sign each official language has one line; under it are rows for more.
    """
    if moment.kiosk.language is None:
        texts = moment.say_all(key)
        return (tuple(chain.from_iterable(map(_broken, texts))) if moment.room.upright else texts,)
    texts = moment.sized_with(key)
    return tuple((text,) for text in texts) if whole else tuple(map(_broken, texts))


def _broken(text: str) -> tuple[str, ...]:
    return (text,) if len(text) <= _WORD_COLUMNS else wrap(text, _WORD_COLUMNS, 1)
