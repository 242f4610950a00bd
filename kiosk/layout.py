"""How much room a kiosk has and what shape it is; everything on it is measured from this."""

from enum import StrEnum

from msgspec import Struct

from config.look.lettering import TEXT_ROWS

LANDSCAPE_MIN = (80, 24)
PORTRAIT_MIN = (45, 48)
"""Smallest columns and rows that hold every scene in every language."""
PORTRAIT_RATIO = 1.15
"""A cell is about twice as high as wide: above this height to width the panel stands upright."""
STANDARD_MIN = (100, 30)
WIDE_MIN = (130, 40)
TALL_BODY_ROWS = 44
"""Rows between head and foot from which an upright panel has room for larger headlines."""


class Shape(StrEnum):
    """One of the four ways to arrange a scene."""

    SMALL = "small"
    STANDARD = "standard"
    WIDE = "wide"
    PORTRAIT = "portrait"


_MARGIN = {Shape.SMALL: 1, Shape.STANDARD: 4, Shape.WIDE: 3, Shape.PORTRAIT: 2}
_HEAD_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 1, Shape.WIDE: 3, Shape.PORTRAIT: 3}
_NO_HEAD_ROWS = {**dict.fromkeys(Shape, 0), Shape.WIDE: 1}
"""Above a scene where the head gives way to it: large letters must not touch the edge of the screen."""
_REMARK_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 1, Shape.WIDE: 1, Shape.PORTRAIT: 0}
_BUTTON_ROWS = {Shape.SMALL: 3, Shape.STANDARD: 3, Shape.WIDE: 4, Shape.PORTRAIT: 8}
"""Of the foot: one line of buttons; on an upright panel two, with the remark beside the first."""
_GUTTER_COLUMNS = 2
_ASIDE_COLUMNS = {**dict.fromkeys(Shape, 18), Shape.WIDE: 23}
"""Width of the foot where it stands beside the scene; a wide one has a sign and words in two languages."""


class Room(Struct, frozen=True):
    """The panel's size in cells and what follows from it."""

    width: int
    height: int
    larger: bool = False
    """The visitor wants larger type: what is secondary gives way."""

    @property
    def shape(self) -> Shape:
        """How a scene of this size is arranged."""
        if self.height * 2 > self.width * PORTRAIT_RATIO:
            return Shape.PORTRAIT
        if self.width < STANDARD_MIN[0] or self.height < STANDARD_MIN[1]:
            return Shape.SMALL
        wide = self.width >= WIDE_MIN[0] and self.height >= WIDE_MIN[1]
        return Shape.WIDE if wide else Shape.STANDARD

    @property
    def suffices(self) -> bool:
        """Whether every scene fits."""
        least = PORTRAIT_MIN if self.shape is Shape.PORTRAIT else LANDSCAPE_MIN
        return self.width >= least[0] and self.height >= least[1]

    @property
    def upright(self) -> bool:
        """Whether things stand under one another rather than side by side."""
        return self.shape is Shape.PORTRAIT

    @property
    def aside(self) -> bool:
        """Whether the foot stands beside the scene, and the head gives way: every row is for large type."""
        return self.larger and not self.upright

    @property
    def aside_columns(self) -> int:
        """Columns of the foot where it stands beside the scene."""
        return _ASIDE_COLUMNS[self.shape]

    @property
    def asks_in_head(self) -> bool:
        """Whether a question under the head would touch it: it stands in its place."""
        return self.shape in {Shape.SMALL, Shape.STANDARD} and not self.larger

    @property
    def tall(self) -> bool:
        """Whether an upright panel has rows to spare."""
        return self.upright and self.body_rows >= TALL_BODY_ROWS

    @property
    def margin(self) -> int:
        """Columns left free at each side."""
        return _MARGIN[self.shape]

    @property
    def inner(self) -> int:
        """Columns between the margins."""
        return self.width - 2 * self.margin - (self.aside_columns if self.aside else 0)

    @property
    def gutter(self) -> int:
        """Columns between two things side by side."""
        return _GUTTER_COLUMNS

    @property
    def half(self) -> int:
        """Columns of one of two equal things side by side."""
        return (self.inner - self.gutter) // 2

    @property
    def stacked(self) -> bool:
        """Whether what may be chosen stands one under another."""
        return self.upright or self.larger

    @property
    def head_rows(self) -> int:
        """Rows of the bar with the centre's name, or free in its place."""
        return _NO_HEAD_ROWS[self.shape] if self.aside else _HEAD_ROWS[self.shape]

    @property
    def remark_rows(self) -> int:
        """Rows of the line above the buttons."""
        return _REMARK_ROWS[self.shape]

    @property
    def foot_rows(self) -> int:
        """Rows of the remark and the buttons under the scene."""
        return 0 if self.aside else self.remark_rows + _BUTTON_ROWS[self.shape]

    @property
    def body_rows(self) -> int:
        """Rows between the head and the foot."""
        return self.height - self.head_rows - self.foot_rows

    def heights(self, usual: dict[Shape, tuple[int, ...]]) -> tuple[int, ...]:
        """Heights of letters to choose from in this shape; for larger type one more above the largest."""
        rows = usual[self.shape]
        if not self.larger:
            return rows
        return (*rows, min(max(rows, default=TEXT_ROWS[0] - 1) + 1, TEXT_ROWS[-1]))
