"""The first scene: nothing to read first, only one's own language to touch."""

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import TEXT_ROWS, largest_rows, wrap
from config.model import Languages
from kiosk.inputs import PickLanguage
from kiosk.layout import Room, Shape
from kiosk.screens.scene import Moment, Remark, SceneView, secondary_rows
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
_OFFICIAL_SPARE, _FURTHER_SPARE = 2, 1
"""Rows of a tile around large letters, its lip among them."""


class _Lines(Struct, frozen=True):
    """How tall the tiles of some languages are, and which letters their names may have."""

    tile_rows: int
    letters: tuple[int, ...]


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
        self._tiles = {
            code: Button(
                PickLanguage(code), classes="main" if code in languages.official else "card", id=code
            )
            for code in languages.all
        }
        for code, tile in self._tiles.items():
            tile.language = code

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
        self._invitation.display = not warned and not room.larger
        large_warning = self._warn(moment, warnings)
        self._hello.display = not large_warning and not room.larger
        self._order(moment)
        official, further = self._lines(room, warnings)
        largest = self._lay(moment, moment.official, official, first=1)
        if self._languages.further:
            letters = tuple(rows for rows in further.letters if rows <= largest)
            further = replace(further, letters=letters)
            self._lay(moment, self._languages.further, further, first=1 + len(moment.official))

    def remark(self, moment: Moment) -> Remark:  # noqa: ARG002 - the scene's contract
        """None: what is to be said stands above the tiles, in all official languages."""
        return Remark()

    def _say(self, words: Words, moment: Moment, lines: tuple[str, ...]) -> None:
        """One line a language, in letters that fit."""
        words.write_lines(lines, secondary_rows(lines, moment.room, moment.room.inner - 2, lines_max=1))

    def _warn(self, moment: Moment, warnings: list[tuple[str, ...]]) -> bool:
        """One line a language; where the rows suffice large instead, a sentence a line: whether so."""
        room = moment.room
        sentences = [sentence for warning in warnings for sentence in warning]
        tiles = _TILE_ROWS[room.shape] + (_FURTHER_TILE_ROWS[room.shape] if self._languages.further else 0)
        rows = fitting_rows(sentences, room.inner - 2, (_WARNING_ROWS,))
        if room.stacked or rows == 1 or room.body_rows - tiles - _MARGINS < rows * len(sentences):
            self._notice.write_lines(" ".join(warning) for warning in warnings)
            return False
        self._notice.write_lines(sentences, rows)
        return bool(sentences)

    def _lines(self, room: Room, warnings: list[tuple[str, ...]]) -> tuple[_Lines, _Lines]:
        """Tiles of the official and of the further languages; for larger type as tall as the rows allow."""
        if not room.larger:
            further_rows = _FURTHER_TILE_ROWS[room.shape] + room.tall
            tiles = (_TILE_ROWS[room.shape], further_rows)
            official, further = (
                _Lines(rows, tuple(letter for letter in _NAME_ROWS[room.shape] if letter <= max(3, rows - 3)))
                for rows in tiles
            )
            return official, further
        count, more = len(self._languages.official), len(self._languages.further)
        said = [" ".join(warning) for warning in warnings if warning]
        above = sum(len(wrap(text, room.inner - 2, 1)) for text in said) + (2 if said else 0)
        gaps = (count + more - 1) if room.upright else 0
        letters = 3
        for rows in TEXT_ROWS:
            needs = count * (rows + _OFFICIAL_SPARE) + more * (max(3, rows - 1) + _FURTHER_SPARE) + gaps + 1
            if needs + above <= room.body_rows + 1:
                letters = rows
        small = max(3, letters - 1)
        return (
            _Lines(letters + _OFFICIAL_SPARE, tuple(rows for rows in TEXT_ROWS if rows <= letters)),
            _Lines(small + _FURTHER_SPARE, tuple(rows for rows in TEXT_ROWS if rows <= small)),
        )

    def _order(self, moment: Moment) -> None:
        """Put the official tiles in the order of the day."""
        order: list[Widget] = [self._tiles[code] for code in moment.official]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)

    def _lay(self, moment: Moment, codes: tuple[LanguageCode, ...], lines: _Lines, *, first: int) -> int:
        """Give these tiles one width, one height and one size of letters, which it tells; a digit each."""
        room = moment.room
        across = 1 if room.stacked else len(codes)
        width = (room.inner - (across - 1) * room.gutter) // across
        names = [moment.endonym(code) for code in codes]
        rows = largest_rows(names, width - _LABEL_PADDING, lines.letters)
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.keys = (str(first + place),)
            tile.styles.width = width
            tile.styles.height = lines.tile_rows
            between = place > 0
            tile.styles.margin = (
                int(room.upright and between),
                0,
                0,
                room.gutter * (not room.stacked and between),
            )
            tile.words.write(moment.endonym(code), rows)
        return rows
