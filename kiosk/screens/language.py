"""The first scene: nothing to read first, only one's own language to touch."""

from collections.abc import Iterable, Iterator
from itertools import product

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import TEXT_ROWS, largest_rows, width_of, wrap
from config.model import Languages
from kiosk.inputs import PickLanguage
from kiosk.layout import Room, Shape
from kiosk.screens.foot import rows_without_way
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
_AIR_COLUMNS = {**dict.fromkeys(Shape, 0), Shape.WIDE: 6}
"""Left free beside the name of a language, where there are columns to spare."""
_TILE_ROWS = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 12, Shape.PORTRAIT: 8}
_FURTHER_TILE_ROWS = {Shape.SMALL: 4, Shape.STANDARD: 5, Shape.WIDE: 7, Shape.PORTRAIT: 5}
"""Heights of the tiles with their lip."""
_WARNING_ROWS = 3
"""Height of the letters of a warning that has room to be large."""
_MARGINS = 3
"""Blank rows around a warning and between the tiles."""
_NOTICE_AIR_ROWS = 2
"""Of a notice on its own ground, where rows are free: one above it and one below."""
_AIR_ROWS = 2
"""Above and below everything on an upright panel."""
_LABEL_PADDING = 1
"""Columns left free in a tile beside its label, at least."""
_LIP_ROWS = 1
_OFFICIAL_SPARE, _FURTHER_SPARE = 2, 1
"""Rows of a tile around large letters, its lip among them."""


Warnings = list[tuple[str, ...]]
"""That no slips come out, a sentence each, in each official language; else nothing in each."""


class _Plan(Struct, frozen=True, kw_only=True):
    """Heights in rows; 0: there is no room for it, or nothing to say."""

    hello: tuple[str, ...]
    """Its lines."""
    hello_rows: int
    invitation_rows: int
    notice_rows: int
    notice_air: int = 0
    """Above and below the notice, on its own ground."""
    official_rows: int
    """Of the letters."""
    further_rows: int
    official_tile: int
    further_tile: int
    close: bool = False
    """The letters of the official ones stand close to each other: larger ones have no room otherwise."""

    def lost(self, usual: "_Plan") -> int:
        """Rows by which anything is smaller than there."""
        pairs = (
            (self.hello_rows, usual.hello_rows),
            (self.invitation_rows, usual.invitation_rows),
            (self.notice_rows, usual.notice_rows),
        )
        return sum(max(0, theirs - own) for own, theirs in pairs)


class LanguageScene(SceneView):
    """The languages: the official ones equal and in the day's order, the further ones after them."""

    def __init__(self, languages: Languages) -> None:
        super().__init__(classes="scene language")
        self._languages = languages
        self._body = Container(classes="body")
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
        with self._body:
            yield self._hello
            yield self._invitation
            yield self._notice
            with self._official:
                yield from (self._tiles[code] for code in self._languages.official)
            with self._further:
                yield from (self._tiles[code] for code in self._languages.further)

    def show(self, moment: Moment) -> None:
        """The languages, in the order of the day."""
        warnings = [moment.paper_warning(language) for language in moment.official]
        plan = self._planned(moment, warnings)
        self._hello.display = plan.hello_rows > 0
        self._hello.write_lines(plan.hello, plan.hello_rows or 1)
        self._invitation.display = plan.invitation_rows > 0
        self._invitation.write_lines(moment.say_all("kiosk.touch_language"), plan.invitation_rows or 1)
        self._notice.display = any(warnings)
        lines = _notice_lines(warnings, moment.room.inner - 2, plan.notice_rows)
        self._notice.write_lines(lines, plan.notice_rows or 1)
        self._notice.styles.padding = (plan.notice_air, 1)
        upright, margin = moment.room.upright, moment.room.margin
        spare = max(0, _body_rows(moment) - self._rows_of(moment, plan, warnings))
        # of an odd number of rows left, one is above; on an upright panel everything stands low
        self._body.styles.padding = (0 if upright else spare % 2, margin, int(upright and spare > 1), margin)
        self._order(moment)
        self._lay(moment, moment.official, plan.official_rows, plan.official_tile, first=1, close=plan.close)
        further = self._languages.further
        self._lay(moment, further, plan.further_rows, plan.further_tile, first=1 + len(moment.official))

    def remark(self, moment: Moment) -> Remark:  # noqa: ARG002 - the scene's contract
        """None: what is to be said stands above the tiles, in all official languages."""
        return Remark()

    def _planned(self, moment: Moment, warnings: Warnings) -> _Plan:
        """The largest letters there is room for; larger type gives up as little as can be of what is told."""
        room = moment.room
        usual = self._usual(replace(moment, room=replace(room, larger=False)), warnings)
        if not room.larger:
            return self._aired(moment, usual, warnings)
        plans = list(self._larger(moment, usual))
        air = int(room.upright)
        fitting = [
            plan for plan in plans if self._rows_of(moment, plan, warnings) + air <= _body_rows(moment)
        ]

        def flaws(plan: _Plan) -> tuple[bool, bool, int, bool]:
            smaller = plan.notice_rows < usual.notice_rows
            flush = room.shape is Shape.WIDE and plan.further_tile == plan.further_rows + _FURTHER_SPARE
            return smaller, plan.official_rows <= usual.official_rows, plan.lost(usual), flush

        return self._aired(moment, min(fitting or plans[-1:], key=flaws), warnings)

    def _aired(self, moment: Moment, plan: _Plan, warnings: Warnings) -> _Plan:
        """The plan with air around a notice, where a row stays free even so."""
        spare = _body_rows(moment) - self._rows_of(moment, plan, warnings)
        if plan.notice_rows and spare > _NOTICE_AIR_ROWS:
            plan, spare = replace(plan, notice_air=1), spare - _NOTICE_AIR_ROWS
        return self._spread(moment, plan, spare) if moment.room.upright else plan

    def _spread(self, moment: Moment, plan: _Plan, spare: int) -> _Plan:
        """The plan with official tiles as high as is usual, as far as rows are left above and below all."""
        letters = plan.official_rows + _OFFICIAL_SPARE
        more = (spare - _AIR_ROWS) // len(moment.official)
        usual = max(letters, _TILE_ROWS[moment.room.shape])
        return replace(plan, official_tile=max(letters, min(usual, plan.official_tile + more)))

    def _usual(self, moment: Moment, warnings: Warnings) -> _Plan:
        """Tiles of a height of their own; a warning is large in place of the greeting, where it has room."""
        room, shape = moment.room, moment.room.shape
        warned, invitations = any(warnings), moment.say_all("kiosk.touch_language")
        lines = _greetings(moment)[0]
        tiles = _TILE_ROWS[shape], _FURTHER_TILE_ROWS[shape] + room.tall
        sentences = [sentence for warning in warnings for sentence in warning]
        notice = fitting_rows(sentences, room.inner - 2, (_WARNING_ROWS,)) if warned else 0
        used = tiles[0] + (tiles[1] if self._languages.further else 0)
        if room.upright or room.body_rows - used - _MARGINS < notice * len(sentences):
            notice = int(warned)
        letters = [
            self._letters(moment, codes, [rows for rows in _NAME_ROWS[shape] if rows <= max(3, high - 3)])
            for codes, high in zip((moment.official, self._languages.further), tiles, strict=True)
        ]
        plan = _Plan(
            hello=lines,
            hello_rows=0
            if notice > 1
            else largest_rows(lines, room.inner, _HELLO_TALL_ROWS if room.tall else _HELLO_ROWS[shape]),
            invitation_rows=0
            if warned
            else _invited(room, invitations, used + len(lines) * _HELLO_ROWS[shape][-1]),
            notice_rows=notice,
            official_rows=letters[0],
            further_rows=min(letters),
            official_tile=tiles[0],
            further_tile=tiles[1],
        )
        if plan.further_tile > plan.further_rows + _FURTHER_SPARE:
            return plan
        aired = replace(plan, further_tile=plan.further_tile + 1)
        if _body_rows(moment) - self._rows_of(moment, aired, warnings) > 0:
            return aired
        # the row is that of tiles side by side, of which the official ones have more than one to spare
        lower = replace(aired, official_tile=plan.official_tile - 1)
        return lower if lower.official_tile >= lower.official_rows + _OFFICIAL_SPARE else plan

    def _larger(self, moment: Moment, usual: _Plan) -> Iterator[_Plan]:
        """Everything one under another, names in large letters first."""
        room, invitations = moment.room, moment.say_all("kiosk.touch_language")
        most, further_most = (
            self._letters(moment, codes, TEXT_ROWS) for codes in (moment.official, self._languages.further)
        )
        close = room.upright and most <= usual.official_rows
        if close:
            width = self._width_in(room, moment.official)
            names = tuple(map(moment.endonym, moment.official))
            most = max(
                rows
                for rows in TEXT_ROWS
                if rows <= most or all(width_of(name, rows, close=True) <= width for name in names)
            )
        usual_rows = _HELLO_TALL_ROWS if room.tall else _HELLO_ROWS[room.shape]
        hellos = [(lines, largest_rows(lines, room.inner, usual_rows)) for lines in _greetings(moment)]
        invitation = secondary_rows(invitations, room, room.inner - 2, lines_max=1)
        for letters, notice, (hello, hello_rows), invited in product(
            range(max(most, TEXT_ROWS[0]), TEXT_ROWS[0] - 1, -1),
            (_WARNING_ROWS, 1) if usual.notice_rows else (0,),
            (*hellos, ((), 0)) if usual.hello_rows else (((), 0),),
            dict.fromkeys((invitation, 1, 0)) if usual.invitation_rows else (0,),
        ):
            highest = min(further_most, max(TEXT_ROWS[0], letters - 1))
            for further, spare in product(
                range(highest, min(highest, usual.further_rows) - 1, -1), (_FURTHER_SPARE + 1, _FURTHER_SPARE)
            ):
                yield _Plan(
                    hello=hello,
                    hello_rows=hello_rows,
                    invitation_rows=invited,
                    notice_rows=notice,
                    official_rows=letters,
                    further_rows=further,
                    official_tile=letters + _OFFICIAL_SPARE,
                    further_tile=further + spare,
                    close=close and letters > usual.official_rows,
                )

    def _rows_of(self, moment: Moment, plan: _Plan, warnings: Warnings) -> int:
        """Rows that everything takes, margins counted in."""
        room = moment.room
        official, further = len(moment.official), len(self._languages.further)
        below = 1 if room.larger or room.shape is Shape.SMALL else 2
        rows = len(plan.hello) * plan.hello_rows + int(room.larger and plan.hello_rows > 0)
        if plan.invitation_rows:
            rows += official * plan.invitation_rows + below
        if plan.notice_rows:
            inside = room.inner - 2
            lines = _notice_lines(warnings, inside, plan.notice_rows)
            broken = sum(len(wrap(line, inside, plan.notice_rows)) for line in lines)
            rows += broken * plan.notice_rows + 2 * plan.notice_air + (1 if room.larger else 2)
        if not room.stacked:
            return rows + plan.official_tile + ((plan.further_tile + 1) if further else 0)
        gaps = (official + further - 1) * room.upright
        return rows + official * plan.official_tile + further * plan.further_tile + gaps

    def _order(self, moment: Moment) -> None:
        """Put the official tiles in the order of the day."""
        order: list[Widget] = [self._tiles[code] for code in moment.official]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)

    def _across(self, room: Room, codes: tuple[LanguageCode, ...]) -> int:
        """Columns of each tile of these."""
        count = 1 if room.stacked else max(1, len(codes))
        return (room.inner - (count - 1) * room.gutter) // count

    def _letters(self, moment: Moment, codes: tuple[LanguageCode, ...], heights: Iterable[int]) -> int:
        """The largest height of letters in which the names of these fit their tiles."""
        return largest_rows(map(moment.endonym, codes), self._width_in(moment.room, codes), heights)

    def _width_in(self, room: Room, codes: tuple[LanguageCode, ...]) -> int:
        """Columns for the name of each of these inside its tile."""
        return self._across(room, codes) - max(_LABEL_PADDING, _AIR_COLUMNS[room.shape])

    def _lay(
        self,
        moment: Moment,
        codes: tuple[LanguageCode, ...],
        rows: int,
        tile_rows: int,
        *,
        first: int,
        close: bool = False,
    ) -> None:
        """Give these tiles one width, one height and one size of letters; a digit each."""
        room = moment.room
        width = self._across(room, codes)
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.keys = (str(first + place),)
            tile.styles.width, tile.styles.height = width, tile_rows
            between = place > 0
            beside = room.gutter * (not room.stacked and between)
            tile.styles.margin = (int(room.upright and between), 0, 0, beside)
            # of an odd number of rows left, one is above
            tile.styles.padding = (max(0, tile_rows - _LIP_ROWS - rows) % 2, 0, 0, 0)
            tile.words.write(moment.endonym(code), rows, close=close)


def _body_rows(moment: Moment) -> int:
    """Rows there are: the foot of an upright panel is lower where no way leads back."""
    return moment.room.body_rows + rows_without_way(moment.room, len(moment.official))


def _invited(room: Room, invitations: tuple[str, ...], used: int) -> int:
    """Height of the letters of the invitation, where the greeting and the tiles use so many rows."""
    rows = secondary_rows(invitations, room, room.inner - 2, lines_max=1)
    return rows if used + _MARGINS + rows * len(invitations) <= room.body_rows else 1


def _greetings(moment: Moment) -> tuple[tuple[str, ...], ...]:
    """Lines of the greeting, the better way to break it first."""
    lines = moment.say_all("kiosk.hello")
    return (lines,) if moment.room.upright else (("  ·  ".join(lines),), (" · ".join(lines),), lines)


def _notice_lines(warnings: Warnings, width: int, rows: int) -> tuple[str, ...]:
    """Each language begins a line; in large letters each sentence does."""
    texts = [" ".join(warning) for warning in warnings] if rows <= 1 else sum(warnings, ())
    return tuple(line for text in texts for line in wrap(text, width, rows))
