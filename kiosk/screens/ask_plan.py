"""How large a sentence, what is said about it and its buttons are, in cells: pure reckoning."""

from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import wrap
from kiosk.layout import Room, Shape
from kiosk.widgets import fitting_rows

_SENTENCE_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5, 6), Shape.PORTRAIT: (3, 4)}
_LINES_MAX, _LARGER_LINES_MAX = 4, 6
_BUTTONS_MAX = 2
_WORDS_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: ()}
_BUTTON_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5), Shape.PORTRAIT: (3,)}
_BUTTON_HEIGHT = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 10, Shape.PORTRAIT: 9}
_BUTTON_HEIGHT_MIN = 4
_BUTTON_PADDING = 2
LIP_ROWS = 1
_AIR_ROWS = 2
"""Above and below everything, so that large letters do not touch the head."""
_AIR_ROWS_MIN = 1
"""Above everything; below it the foot begins with a row of its own."""
_BUTTON_SPARE, _BUTTON_SPARE_MIN = 3, 2
"""Rows of a button around large letters, its lip among them: as is good to look at, and at least."""


class AskTexts(Struct, frozen=True):
    """What a visitor reads on such a scene: in one language, or in all official ones at first."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]
    buttons: tuple[tuple[str, ...], ...]
    """Of each button what stands on it."""


class AskPlan(Struct, frozen=True, kw_only=True):
    """Heights of the letters and of the buttons in rows; widths in columns."""

    sentence: int
    words: int
    button: int
    stacked: bool
    """The buttons stand one above the other."""
    button_width: int
    button_heights: tuple[int, ...] = (_BUTTON_HEIGHT_MIN, _BUTTON_HEIGHT_MIN)
    gap: int = 0
    """Rows between two buttons, one above the other."""
    parted: bool = False
    """Between two languages on a button a row is free."""
    low: bool = False
    """So few rows are left in the longest language that in each everything stands as low as there."""

    @property
    def inside(self) -> int:
        """Columns for the words of a button."""
        return self.button_width - 2 * _BUTTON_PADDING

    def lost(self, other: "AskPlan") -> int:
        """Rows by which letters are smaller than there."""
        pairs = ((self.sentence, other.sentence), (self.words, other.words), (self.button, other.button))
        return sum(max(0, theirs - own) for own, theirs in pairs)


def planned(room: Room, said: Sequence[AskTexts], more: int = 0) -> AskPlan:
    """The largest letters with which everything has room in each language that gets the same size.

    In larger type as little as can be is smaller than it was. `more`: rows that the foot leaves besides.
    """
    if not room.larger:
        return next(_fitting(room, said, more))
    usual = planned(replace(room, larger=False), said, more)
    return min(_fitting(room, said, more), key=lambda plan: plan.lost(usual))


def broken(texts: tuple[str, ...], width: int, rows: int) -> tuple[str, ...]:
    """Each text from a line of its own on."""
    return tuple(line for text in texts for line in wrap(text, width, rows))


def _fitting(room: Room, said: Sequence[AskTexts], more: int) -> Iterator[AskPlan]:
    """Plans with which everything has room, best first: buttons of one row where nothing else is left."""
    count, telling = len(said[0].buttons), bool(said[0].words)
    stacked = (True,) if room.upright or count < _BUTTONS_MAX else (room.larger, not room.larger)
    for plan in _options(room, stacked, telling=telling):
        whole = _with_room(room, plan, said, more)
        if whole is not None:
            yield whole
    yield AskPlan(sentence=1, words=1, button=1, stacked=True, button_width=room.inner)


def _options(room: Room, arrangements: tuple[bool, ...], *, telling: bool) -> Iterator[AskPlan]:
    """Heights of the letters, best first: the sentence, the words, the buttons.

    `arrangements`: whether the buttons are stacked, the better first. `telling`: the sentence is what the
    visitor waits for, so that the buttons give way to it.
    """
    sentences, buttons, words = (
        tuple(sorted(room.heights(usual), reverse=True))
        for usual in (_SENTENCE_ROWS, _BUTTON_ROWS, _WORDS_ROWS)
    )
    last = [((1,), buttons), (sentences, (1,))]
    for of_sentence, of_button in ((sentences, buttons), *(reversed(last) if telling else last)):
        sizes = list(product(of_sentence, (*words, 1)))
        if not room.larger:  # what to do is not small under a sentence that could be less large
            sizes.sort(key=lambda size: size[1], reverse=True)
        for (sentence, word), stacked, button in product(sizes, arrangements, of_button):
            yield AskPlan(
                sentence=sentence,
                words=word,
                button=button,
                stacked=stacked,
                button_width=room.inner if stacked else room.half,
            )


def _with_room(room: Room, plan: AskPlan, said: Sequence[AskTexts], more: int) -> AskPlan | None:
    """The plan with buttons as high as there is room for; none: not everything fits."""
    lines_max = _LARGER_LINES_MAX if room.larger else _LINES_MAX
    labels = tuple(text for texts in said for label in texts.buttons for text in label)
    for wanted, width, rows in (
        (tuple(text for texts in said for text in texts.sentences), room.inner, plan.sentence),
        (tuple(text for texts in said for text in texts.words), room.inner, plan.words),
        (labels, plan.inside, plan.button),
    ):
        if fitting_rows(wanted, width, (rows,), lines_max) < rows:
            return None
    left = room.body_rows + more - _air_above(room) - max(_rows_above(room, plan, texts) for texts in said)
    for one in (replace(plan, parted=True), plan):
        high = [
            max(label_rows(one, label) for label in labels)
            for labels in zip(*(texts.buttons for texts in said), strict=True)
        ]
        whole = _with_buttons(room, one, high, left)
        if whole is not None:
            return whole
    return None


def label_rows(plan: AskPlan, label: tuple[str, ...]) -> int:
    """Rows of what stands on a button, a line or more in each language."""
    return len(broken(label, plan.inside, plan.button)) * plan.button + plan.parted * (len(label) - 1)


def _with_buttons(room: Room, plan: AskPlan, high: list[int], left: int) -> AskPlan | None:
    """The plan with buttons for labels so high in the rows left; all alike, unless larger type needs it."""
    stack = len(high) if plan.stacked else min(1, len(high))
    gap = int(stack > 1)
    least, good = (
        [max(_BUTTON_HEIGHT_MIN, one + spare) for one in high] for spare in (_BUTTON_SPARE_MIN, _BUTTON_SPARE)
    )
    if stack * max(least, default=0) + gap <= left:
        above = _air_above(room)
        roomy, airy = (
            ((left - gap - air) // stack if stack else 0)
            for air in (_AIR_ROWS_MIN - above, _AIR_ROWS - above)
        )
        height = max(*good, min(_BUTTON_HEIGHT[room.shape], airy), 0)
        height = max(*least, min(height, roomy), 0)
        low = left - gap - stack * height < _AIR_ROWS - above
        return replace(plan, button_heights=(height,) * len(high), gap=gap, low=low)
    # the row under the sentence is above it then
    if room.larger and plan.stacked and sum(least) <= left + _air_above(room):
        low = left - sum(least) < _AIR_ROWS - _air_above(room)
        return replace(plan, button_heights=tuple(least), low=low)
    return None


def _air_above(room: Room) -> int:
    """Rows never given away, so that nothing touches the head of an upright panel."""
    return int(room.upright)


def rows_of(room: Room, plan: AskPlan, texts: AskTexts) -> int:
    """Rows that everything takes in one language, the row below the sentence and the words counted in."""
    heights = plan.button_heights[: len(texts.buttons)]
    stack = sum(heights) + plan.gap if plan.stacked else max(heights, default=0)
    return _rows_above(room, plan, texts) + stack


def is_tight(room: Room, spare: int) -> bool:
    """Whether the row below the sentence is needed above it, or around everything, where so many are left."""
    return spare < (_AIR_ROWS if room.upright else _AIR_ROWS_MIN)


def _rows_above(room: Room, plan: AskPlan, texts: AskTexts) -> int:
    """Rows of the sentence and the words in one language, with the row below each."""
    rows = len(broken(texts.sentences, room.inner, plan.sentence)) * plan.sentence + 1
    if texts.words:
        rows += len(broken(texts.words, room.inner, plan.words)) * plan.words + 1
    return rows
