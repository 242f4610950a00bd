"""Where everything on the board stands and how large it is set, by the room there is. Pure."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from config.look.lettering import largest_rows
from protocol.ids import shown

WIDTH_MIN = 80
HEIGHT_MIN = 24
PORTRAIT_WIDTH_MIN = 45
PORTRAIT_HEIGHT_MIN = 44
STANDARD_WIDTH_MIN = 96
STANDARD_HEIGHT_MIN = 30
WIDE_WIDTH_MIN = 150
WIDE_HEIGHT_MIN = 44

LIST_ROWS = 3
"""Smallest large type; what is read from across the room is never smaller, if it fits."""

PAST_EDGE = 2
"""Left of a call before: its field's colour and a gap."""

NEWS_SPACE_ABOVE = 1
"""Empty lines between the people waiting and the news."""

Shape = Literal["small", "standard", "wide", "portrait"]


class Layout(Struct, frozen=True, kw_only=True):
    """One arrangement of the board; all lengths in cells."""

    shape: Shape
    margin: int
    """Left and right of everything."""
    header_top: int
    """Empty lines above the header."""
    header_rows: int
    """With the empty lines above and below."""
    clock_rows: int
    title_rows: int
    """Height of the centre's names; they are set smaller when they do not fit."""
    hero_width: int
    """The number and its desk."""
    desk_width: int
    """The desk beside the number; equal to `hero_width` when it stands below."""
    desk_rows: int
    """Height of the desk below the number; 0: it stands beside, as high as the number."""
    past_columns: int
    past_lines: int
    past_width: int
    """One of the calls before."""
    past_height: int
    past_stacked: bool
    """The desk below the number, not at the end of its line."""
    waiting_rows: int
    """Height of letters and counts of people waiting: 1 or 3."""
    news_rows: int
    news_height: int

    @property
    def past_count(self) -> int:
        """Calls kept beside the newest."""
        return self.past_columns * self.past_lines

    @property
    def past_block_height(self) -> int:
        """All the calls before, below one another, with a line between them."""
        return self.past_lines * (self.past_height + 1) - 1

    @property
    def past_gap(self) -> int:
        """Empty lines between the calls before."""
        return 2 if self.shape == "standard" and self.past_lines == 4 else 1  # noqa: PLR2004 - equal in 18 rows

    @property
    def past_beside(self) -> bool:
        """The calls before stand beside the newest, not below."""
        return self.shape == "standard"

    @property
    def header_below(self) -> int:
        """Empty lines below the header; a header of one line has none, it is no higher than its type."""
        return int(self.header_rows > 1)

    @property
    def news_space_below(self) -> int:
        """Empty lines at the foot: large type must not touch the edge of the screen."""
        return 1 if self.news_rows > 1 or self.shape == "portrait" else 0

    @property
    def number_width(self) -> int:
        """The number's side of the hero."""
        return self.hero_width - (0 if self.desk_rows else self.desk_width)

    @property
    def hero_pad(self) -> int:
        """Left and right of the number."""
        return 3 if self.shape == "wide" else 2


def layout_for(width: int, height: int) -> Layout | None:
    """The arrangement for this room; none when it is too small for a board."""
    if 2 * height > 1.15 * width and width < WIDE_WIDTH_MIN:
        fits = width >= PORTRAIT_WIDTH_MIN and height >= PORTRAIT_HEIGHT_MIN
        return _portrait(width, height) if fits else None
    if width < WIDTH_MIN or height < HEIGHT_MIN:
        return None
    if width >= WIDE_WIDTH_MIN and height >= WIDE_HEIGHT_MIN:
        return _wide(width)
    if width >= STANDARD_WIDTH_MIN and height >= STANDARD_HEIGHT_MIN:
        return _standard(width, height)
    return _small(width)


def _small(width: int) -> Layout:
    inner = width - 4
    return Layout(
        shape="small",
        margin=2,
        header_top=0,
        header_rows=1,
        clock_rows=1,
        title_rows=1,
        hero_width=inner,
        desk_width=24,
        desk_rows=0,
        past_columns=2,
        past_lines=2,
        past_width=(inner - 2) // 2,
        past_height=3,
        past_stacked=False,
        waiting_rows=1,
        news_rows=1,
        news_height=2,
    )


def _standard(width: int, height: int) -> Layout:
    inner = width - 6
    past_width = 36 if width < 110 else 42  # noqa: PLR2004 - leaves the number at least 8 rows
    hero_width = inner - past_width - 2
    tall = height >= 36  # noqa: PLR2004 - six more rows than needed: the clock in large type
    roomy = height >= 42  # noqa: PLR2004 - and another six: the news as well
    past_lines = 5 if tall else 4  # with the newest still the last five calls
    return Layout(
        shape="standard",
        margin=3,
        header_top=int(tall),
        header_rows=5 if tall else 1,
        clock_rows=3 if tall else 1,
        title_rows=3 if tall else 1,
        hero_width=hero_width,
        desk_width=hero_width,
        desk_rows=8 if tall else 7,
        past_columns=1,
        past_lines=past_lines,
        past_width=past_width,
        past_height=3,
        past_stacked=False,
        waiting_rows=3,
        news_rows=3 if roomy else 1,
        news_height=7 if roomy else 2,
    )


def _wide(width: int) -> Layout:
    inner = width - 8
    return Layout(
        shape="wide",
        margin=4,
        header_top=1,
        header_rows=5,
        clock_rows=3,
        title_rows=3,
        hero_width=inner,
        desk_width=inner * 34 // 100,
        desk_rows=0,
        past_columns=5,
        past_lines=1,
        past_width=(inner - 4) // 5,
        past_height=8,
        past_stacked=True,
        waiting_rows=3,
        news_rows=3,
        news_height=7,
    )


def _portrait(width: int, height: int) -> Layout:
    roomy = width >= 54 and height >= 54  # noqa: PLR2004 - three fields side by side in large type
    margin = 3 if roomy else 2
    inner = width - 2 * margin
    return Layout(
        shape="portrait",
        margin=margin,
        header_top=int(roomy),
        header_rows=5 if roomy else 2,
        clock_rows=3 if roomy else 1,
        title_rows=1,
        hero_width=inner,
        desk_width=inner,
        desk_rows=9 if roomy else 7,
        past_columns=1,
        past_lines=5,
        past_width=inner,
        past_height=4 if roomy and height >= 58 else 3,  # noqa: PLR2004 - the width leaves the number no larger
        past_stacked=False,
        waiting_rows=1,
        news_rows=1,
        news_height=4,
    )


def number_type(code: str, width: int, rows: Sequence[int]) -> tuple[str, int]:
    """A ticket's code as it is set and its height: without its space rather than in ordinary type."""
    for text in (shown(code), code):
        size = largest_rows([text], width, rows, capitals=True)
        if size > 1:
            return text, size
    return shown(code), 1
