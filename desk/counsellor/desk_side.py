"""The left half of a counsellor's screen: the desk at a glance, and its keys as things to click."""

from collections.abc import Callable
from itertools import zip_longest

from textual.app import ComposeResult
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.timer import Timer

from config.look import palette
from desk.actions import ENTER, LOCK_KEY, NUMBER, Action, DeskSight, keys, of_key, possible
from desk.counsellor.actions import COUNSELLOR_ACTIONS, SERVED_KEY
from desk.counsellor.card import Card
from desk.counsellor.reasons import first_fitting
from desk.lettering import fitting
from desk.widgets.keys import Tile
from desk.widgets.parts import Line, Room
from desk.words import bar
from protocol.views import DeskState

TILES = tuple(key for key in keys(COUNSELLOR_ACTIONS) if key not in {ENTER, LOCK_KEY, NUMBER, SERVED_KEY})
"""What is needed with every visitor; the footer names the others as well."""
FLASHES = 6
"""Half periods of the flash at a call nobody here asked for."""
FLASH_S = 0.5
"""One flash a second: far below the three that can harm."""
BIG_ROWS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (45, (9, 8, 7, 6, 5, 4, 3)),
    (36, (7, 6, 5, 4, 3)),
    (30, (4, 3)),
    (0, (4, 3)),
)
"""Heights of the number in panels of at least so many rows."""
WORD_ROWS_MAX = 8
"""Higher capitals have no accents: they are for numbers alone."""
CROWDED_ROWS = (3,)
"""The same in low panels while there is more to say: somebody is called, or the server is away."""
LOW_ROWS = BIG_ROWS[-2][0]
TIMER_ROWS_FROM = 34
"""Panels this high show the time in big figures."""
TIMER_ROWS = 3
BAR_COLUMNS = 24
CARD_MARGINS = 4
BIG_MARGIN = 3
"""Columns of air beside big letters: two on their left, one at least on their right."""
_GAP = "  "
_AND = " · "

Labels = Callable[[Action[DeskSight]], tuple[str, str]]
"""What an action is called, and in short."""


def _bar_of(card: Card, columns: int) -> Content:
    """The planned time as a bar; nothing where no limit runs."""
    if card.share is None or columns < 1:
        return Content()
    return Content.from_rich_text(bar(card.share, columns, palette.GO if card.share < 1 else palette.ACCENT))


class DeskSide(Room):
    """State, number, facts and time of the desk; below them the tiles."""

    def __init__(self) -> None:
        super().__init__(classes="now")
        self._flash: Timer | None = None
        self.band = Line("state")
        self.band_aside = Line("aside")
        self.big = Line("big")
        self.facts = Line("facts")
        self.timer = Line("timer")
        self.tiles = tuple(Tile(key) for key in TILES)

    def compose(self) -> ComposeResult:
        """Band, number, facts, time, tiles."""
        with Horizontal(classes="band"):
            yield self.band
            yield self.band_aside
        yield self.big
        yield self.facts
        yield self.timer
        with Grid(classes="tiles"):
            yield from self.tiles

    @property
    def _room(self) -> int:
        """Columns for words in the card; known even while they are hidden."""
        return self.content_size.width - CARD_MARGINS

    def show(self, card: Card, *, rows: int, narrow: bool, away: bool) -> None:
        """Show the desk in a panel of so many rows; `away`: the server is, which is said above."""
        for state in DeskState:
            self.set_class(card.tone is state, f"-{state}")
        self.band.say(Content.styled(card.state, "bold"))
        self.band_aside.say(card.aside)
        band = self.band.parent
        assert isinstance(band, Horizontal)
        band.styles.background = card.colour if card.tone is DeskState.SERVING else None
        self.big.styles.color = card.colour or None
        choices = next((heights for least, heights in BIG_ROWS if rows >= least), ())
        beside = rows < LOW_ROWS and card.tone is DeskState.CALLED
        if beside or (rows < LOW_ROWS and away):
            choices = CROWDED_ROWS
        if not card.colour:
            choices = tuple(height for height in choices if height <= WORD_ROWS_MAX)
        width = self.content_size.width - BIG_MARGIN
        large = Content("\n".join(fitting(card.big, width, choices, short=card.short, alike=card.alike)))
        time = Content.styled(f"{_GAP}{card.timer}", f"bold {palette.INK}")
        self.big.say(Content.assemble(large, time) if beside else large)
        self.facts.say("\n".join(self._facts_of(card, low=rows < LOW_ROWS)))
        self.timer.display = bool(card.timer) and not beside
        self.timer.say(self._timer_of(card, large=rows >= TIMER_ROWS_FROM and not narrow))

    def show_keys(self, sight: DeskSight, labels: Labels) -> None:
        """Name what each key does now."""
        first = next((one for one in possible(COUNSELLOR_ACTIONS, sight) if one.forward), None)
        for tile in self.tiles:
            action = of_key(COUNSELLOR_ACTIONS, sight, tile.key)
            label, short = labels(action)
            tile.show(label, short, possible=action.enabled(sight), forward=action == first)

    def _facts_of(self, card: Card, *, low: bool) -> list[str]:
        """One in each line; where rows are few, the first two share one if it holds them."""
        first, *others = card.facts
        reason = [first_fitting(self._room, *card.reason)] if card.reason else []
        if low and card.special and len(first) + len(_AND) + len(card.special) <= self._room:
            return [f"{first}{_AND}{card.special}", *reason, *others]
        return [first, *reason, *([card.special] if card.special else []), *others]

    def _timer_of(self, card: Card, *, large: bool) -> Content:
        width = self._room
        limit = Content.styled(card.limit, palette.MUTED)
        over = Content.styled(
            f" {card.over} " if card.over else "", f"bold {palette.INK} on {palette.ACCENT}"
        )
        soon = Content.styled(card.soon, f"bold {palette.INK}")
        if not large and card.over:
            return Content(_GAP).join([Content.styled(card.timer, "bold"), over])
        if not large:
            said = soon if card.soon else limit
            room = width - len(card.timer) - len(said) - 2 * len(_GAP)
            return Content(_GAP).join([Content.styled(card.timer, "bold"), _bar_of(card, room), said])
        figures = fitting(card.timer, width, (TIMER_ROWS,))
        room = min(BAR_COLUMNS, width - len(figures[0]) - len(_GAP))
        beside = (limit, over) if card.over else (limit, _bar_of(card, room), soon)
        return Content("\n").join(
            [Content.assemble(line, _GAP, part) for line, part in zip_longest(figures, beside, fillvalue="")]
        )

    def flash(self) -> None:
        """Somebody was called whom nobody here asked for."""
        self.stop_flash()
        self.add_class("-flash")
        self._flash = self.set_interval(FLASH_S, lambda: self.toggle_class("-flash"), repeat=FLASHES - 1)

    def stop_flash(self) -> None:
        """It has been seen."""
        if self._flash is not None:
            self._flash.stop()
            self._flash = None
        self.remove_class("-flash")
