"""Where the news stand at the foot of the board, and how large: of a frozen picture its age is. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from display_board.terminal.layout import NEWS_SPACE_ABOVE, Layout
from display_board.terminal.notices import Said
from display_board.terminal.setting import Lines, largest_type, pages

BAND_PAD = 1
"""Left and right of large type on a ground of its own, beside what any line of news has."""
_NO_PAGE: tuple[Lines, ...] = ((),)


class NewsPlan(Struct, frozen=True, kw_only=True):
    """The pages of the news and their place; all lengths in rows."""

    pages: tuple[Lines, ...]
    """At least one."""
    above: int
    """Empty rows above them."""
    height: int
    below: int
    """Empty rows at the foot of the screen."""
    band: bool = False
    """Large type on a ground of its own, which has an edge of one row above and below it."""

    @property
    def taken(self) -> int:
        """All of it together."""
        return self.above + self.height + 2 * self.band + self.below


def news_plan(
    said: Sequence[Said], layout: Layout, width: int, waiting_rows: int, *, frozen: bool
) -> NewsPlan:
    """So many columns of news; with nothing to say they take the line above them and no more.

    `waiting_rows`: those above, of who waits. In a frozen picture that is not true any more, and a band in
    large type takes their place, if there is one in which all that is said has room.
    """
    if not said:
        return NewsPlan(pages=_NO_PAGE, above=NEWS_SPACE_ABOVE, height=0, below=0)
    foot = layout.news_space_below
    if frozen:
        high = waiting_rows + layout.news_height - (foot == 0)
        inner = width - 2 * BAND_PAD
        large = largest_type(said, inner, high)
        if large > 1:
            every = _every(said, inner, high, large)
            return NewsPlan(
                pages=every, above=NEWS_SPACE_ABOVE - 1, height=high, below=max(foot - 1, 0), band=True
            )
    rows = 1 if frozen else layout.news_rows
    every = _every(said, width, layout.news_height, rows)
    return NewsPlan(pages=every, above=NEWS_SPACE_ABOVE, height=layout.news_height, below=foot)


def _every(said: Sequence[Said], width: int, height: int, rows: int) -> tuple[Lines, ...]:
    return tuple(page for texts in said for page in pages(texts, width, height, rows))
