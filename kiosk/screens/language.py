"""The first scene: nothing to read first, only one's own language to touch."""

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import largest_rows
from config.model import Languages
from kiosk.flow import PickLanguage
from kiosk.layout import Shape
from kiosk.screens.scene import Foot, Moment, SceneView, secondary_rows
from kiosk.widgets import Button, Words, fitting_rows
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
_WARNING_ROWS = 3
"""Height of the letters of a warning that has room to be large."""
_MARGINS = 3
"""Blank rows around a warning and between the tiles."""
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
        warnings = [moment.paper_warning(language) for language in moment.official]
        warned = any(warnings)
        greetings = moment.say_all("kiosk.hello")
        lines = greetings if room.upright else ("  ·  ".join(greetings),)
        choices = _HELLO_TALL_ROWS if room.tall else _HELLO_ROWS[room.shape]
        self._hello.write_lines(lines, largest_rows(lines, room.inner, choices))
        self._say(self._invitation, moment, moment.say_all("kiosk.touch_language"))
        self._notice.display = warned
        self._invitation.display = not warned
        self._hello.display = not self._warn(moment, warnings)
        self._order(moment)
        self._lay(moment, moment.official, _TILE_ROWS[room.shape], stacked=room.upright)
        if self._languages.further:
            tile_rows = _FURTHER_TILE_ROWS[room.shape] + room.tall
            self._lay(moment, self._languages.further, tile_rows, stacked=room.upright)
        self._help.write("\n".join(moment.say_all("kiosk.help")))

    def _say(self, words: Words, moment: Moment, lines: tuple[str, ...]) -> None:
        """One line a language, in letters that fit."""
        words.write_lines(lines, secondary_rows(lines, moment.room, moment.room.inner - 2, lines_max=1))

    def _warn(self, moment: Moment, warnings: list[tuple[str, ...]]) -> bool:
        """One line a language; where the rows suffice large instead, a sentence a line: whether so."""
        room = moment.room
        sentences = [sentence for warning in warnings for sentence in warning]
        tiles = _TILE_ROWS[room.shape] + (_FURTHER_TILE_ROWS[room.shape] if self._languages.further else 0)
        rows = fitting_rows(sentences, room.inner - 2, (_WARNING_ROWS,))
        if room.upright or rows == 1 or room.body_rows - tiles - _MARGINS < rows * len(sentences):
            self._notice.write_lines(" ".join(warning) for warning in warnings)
            return False
        self._notice.write_lines(sentences, rows)
        return bool(sentences)

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
