"""The first scene: nothing to read first, only one's own language to touch."""

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import largest_rows
from config.model import Languages
from kiosk.flow import PickLanguage
from kiosk.layout import Shape
from kiosk.screens.scene import Foot, Moment, SceneView, secondary_rows
from kiosk.widgets import Button, Words
from protocol.ids import LanguageCode

_HELLO_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5), Shape.PORTRAIT: (3,)}
_HELLO_TALL_ROWS = (4, 5)
_NAME_ROWS = {
    Shape.SMALL: (3,),
    Shape.STANDARD: (3, 4, 5),
    Shape.WIDE: (4, 5, 6, 7),
    Shape.PORTRAIT: (3, 4, 5),
}
_TILE_ROWS = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 12, Shape.PORTRAIT: 8}
_FURTHER_TILE_ROWS = {Shape.SMALL: 4, Shape.STANDARD: 5, Shape.WIDE: 7, Shape.PORTRAIT: 5}
"""Heights of the tiles with their lip."""
_LABEL_PADDING = 1
"""Columns left free in a tile beside its label, at least."""


class LanguageScene(SceneView):
    """The languages: the official ones equal and in the day's order, the further ones after them."""

    def __init__(self, languages: Languages) -> None:
        super().__init__(classes="scene language")
        self._languages = languages
        self._hello = Words(classes="hello")
        self._invitation = Words(classes="invitation")
        self._notice = Words(classes="notice")
        self._official = Horizontal(classes="row official")
        self._further = Horizontal(classes="row further")
        self._help = Words(classes="help")
        self._tiles = {
            code: Button(
                PickLanguage(code), classes="main" if code in languages.official else "card", id=code
            )
            for code in languages.all
        }

    def compose(self) -> ComposeResult:
        """Greeting, invitation, tiles."""
        with Container(classes="body"):
            yield self._hello
            yield self._invitation
            yield self._notice
            with self._official:
                yield from (self._tiles[code] for code in self._languages.official)
            with self._further:
                yield from (self._tiles[code] for code in self._languages.further)
        with Foot(classes="foot"):
            yield self._help

    def show(self, moment: Moment) -> None:
        """The languages, in the order of the day."""
        room = moment.room
        greetings = moment.say_all("kiosk.hello")
        lines = greetings if room.upright else ("  ·  ".join(greetings),)
        choices = _HELLO_TALL_ROWS if room.tall else _HELLO_ROWS[room.shape]
        self._hello.write_lines(lines, largest_rows(lines, room.inner, choices))
        self._say(self._invitation, moment, moment.say_all("kiosk.touch_language"))
        trouble = moment.printer_trouble()
        self._notice.display = trouble is not None
        self._invitation.display = trouble is None
        if trouble is not None:
            pairs = zip(moment.say_all(trouble), moment.say_all("kiosk.without_paper"), strict=True)
            self._say(self._notice, moment, tuple(f"{what} {then}" for what, then in pairs))
        self._order(moment)
        self._lay(moment, moment.official, _TILE_ROWS[room.shape], stacked=room.upright)
        if self._languages.further:
            tile_rows = _FURTHER_TILE_ROWS[room.shape] + room.tall
            self._lay(moment, self._languages.further, tile_rows, stacked=room.upright)
        self._help.write("\n".join(moment.say_all("kiosk.help")))

    def _say(self, words: Words, moment: Moment, lines: tuple[str, ...]) -> None:
        """One line a language, in letters that fit."""
        words.write_lines(lines, secondary_rows(lines, moment.room, moment.room.inner - 2, lines_max=1))

    def _order(self, moment: Moment) -> None:
        """Put the official tiles in the order of the day."""
        order: list[Widget] = [self._tiles[code] for code in moment.official]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)

    def _lay(self, moment: Moment, codes: tuple[LanguageCode, ...], tile_rows: int, *, stacked: bool) -> None:
        """Give these tiles one width, one height and one size of letters."""
        room = moment.room
        across = 1 if stacked else len(codes)
        width = (room.inner - (across - 1) * room.gutter) // across
        names = [moment.endonym(code) for code in codes]
        choices = [rows for rows in _NAME_ROWS[room.shape] if rows <= max(3, tile_rows - 3)]
        rows = largest_rows(names, width - _LABEL_PADDING, choices)
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.styles.width = width
            tile.styles.height = tile_rows
            between = place > 0
            tile.styles.margin = (int(stacked and between), 0, 0, room.gutter * (not stacked and between))
            tile.words.write(moment.endonym(code), rows)
