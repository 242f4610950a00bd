"""How large a sentence, what is said about it and its buttons are, in cells: pure reckoning."""

from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import TEXT_ROWS, width_of, wrap_alike
from kiosk.layout import Room, Shape
from kiosk.widgets import fitting_rows

_SENTENCE_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5, 6), Shape.PORTRAIT: (3, 4)}
_TALL_SENTENCE_ROWS = (3, 4, 5)
_LINES_MAX, _LARGER_LINES_MAX = 4, 6
_BUTTONS_MAX = 2
_WORDS_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: (3,)}
_BUTTON_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5), Shape.PORTRAIT: (3, 4)}
_BUTTON_HEIGHT = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 10, Shape.PORTRAIT: 9}
_BUTTON_HEIGHT_MIN = 4
_BUTTON_PADDING, _CLOSE_PADDING = 2, 1
"""Columns free at each side of its words; of letters that stand close to each other."""
LIP_ROWS = 1
_AIR_ROWS = 2
"""Above and below everything, so that large letters do not touch the head."""
_AIR_ROWS_MIN = 1
"""Above everything; below it the foot begins with a row of its own."""
_BUTTON_SPARE, _BUTTON_SPARE_MIN = 3, 2
"""Rows of a button around large letters, its lip among them: as is good to look at, and at least."""

Lines = tuple[tuple[str, ...], ...]


class AskTexts(Struct, frozen=True):
    """What a visitor reads on such a scene: in one language, or in all official ones at first."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]
    buttons: tuple[tuple[str, ...], ...]
    """Of each button what stands on it."""


class AskLines(Struct, frozen=True):
    """The same broken: of each text its lines."""

    sentences: Lines
    words: Lines
    buttons: tuple[Lines, ...]


class AskPlan(Struct, frozen=True, kw_only=True):
    """Heights of the letters and of the buttons in rows; widths in columns."""

    sentence: int
    words: int
    button: int
    close: bool = False
    """The letters of the buttons stand close to each other: a text has one line, and no room otherwise."""
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
        return self.button_width - 2 * (_CLOSE_PADDING if self.close else _BUTTON_PADDING)

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


def laid(room: Room, plan: AskPlan, said: Sequence[AskTexts]) -> tuple[AskLines, ...]:
    """The lines of everything, in each language."""
    sentences = _filled(_broken([texts.sentences for texts in said], room.inner, plan.sentence))
    words = _filled(_broken([texts.words for texts in said], room.inner, plan.words))
    buttons = [
        [tuple((text,) for text in texts) for texts in alike]
        if plan.close
        else _broken(alike, plan.inside, plan.button)
        for alike in zip(*(texts.buttons for texts in said), strict=True)
    ]
    return tuple(
        AskLines(sentences[place], words[place], tuple(one[place] for one in buttons))
        for place in range(len(said))
    )


def _broken(said: Sequence[tuple[str, ...]], width: int, rows: int) -> list[Lines]:
    """Lines of the same texts in several languages, each on as many as in any of them if it has the words."""
    alike = [wrap_alike(texts, width, rows) for texts in zip(*said, strict=True)]
    return [tuple(lines[place] for lines in alike) for place in range(len(said))]


def _filled(said: list[Lines]) -> list[Lines]:
    """The same, with empty lines below all of a language that needs fewer: so nothing moves with it."""
    most = max(sum(map(len, texts)) for texts in said)
    return [
        (*texts[:-1], texts[-1] + ("",) * (most - sum(map(len, texts)))) if texts else texts for texts in said
    ]


def between(room: Room, rows: int) -> int:
    """Rows free between two texts in letters of such a height: large ones run together without."""
    return int(room.upright and rows > 1)


def height_of(room: Room, texts: Lines, rows: int) -> int:
    """Rows of all these."""
    return sum(map(len, texts)) * rows + between(room, rows) * max(0, len(texts) - 1)


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
    visitor waits for, so that the buttons give way to it, as they do where they stand one under another.
    """
    of_sentences = {**_SENTENCE_ROWS, Shape.PORTRAIT: _TALL_SENTENCE_ROWS} if room.tall else _SENTENCE_ROWS
    sentences, buttons, words = (
        tuple(sorted(room.heights(usual), reverse=True))
        for usual in (of_sentences, _BUTTON_ROWS, _WORDS_ROWS)
    )
    last = [((1,), buttons), (sentences, (1,))]
    for of_sentence, of_button in (
        (sentences, buttons),
        *(reversed(last) if telling or room.upright else last),
    ):
        sizes = list(product(of_sentence, (*words, 1)))
        if not room.larger:  # what to do is not small under a sentence that could be less large
            sizes.sort(key=lambda size: size[1], reverse=True)
        large = [(rows, False) for rows in of_button]
        close = [(TEXT_ROWS[0], True)] if room.upright and max(of_button) > 1 else []
        for (sentence, word), stacked, (button, tight) in product(sizes, arrangements, (*large, *close)):
            yield AskPlan(
                sentence=sentence,
                words=word,
                button=button,
                close=tight,
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
        (() if plan.close else labels, plan.inside, plan.button),
    ):
        if fitting_rows(wanted, width, (rows,), lines_max) < rows:
            return None
    if plan.close and any(width_of(text, plan.button, close=True) > plan.inside for text in labels):
        return None
    lines = laid(room, plan, said)
    left = room.body_rows + more - _air_above(room) - _rows_above(room, plan, lines[0])
    parted = replace(plan, parted=True)
    for one in (parted,) if between(room, plan.button) else (parted, plan):
        heights = [
            max(label_rows(one, label) for label in alike)
            for alike in zip(*(each.buttons for each in lines), strict=True)
        ]
        whole = _with_buttons(room, one, heights, left)
        if whole is not None:
            return whole
    return None


def label_rows(plan: AskPlan, label: Lines) -> int:
    """Rows of what stands on a button, a line or more in each language."""
    return sum(map(len, label)) * plan.button + plan.parted * (len(label) - 1)


def _with_buttons(room: Room, plan: AskPlan, heights: list[int], left: int) -> AskPlan | None:
    """The plan with buttons for words so high in the rows left; all alike, unless larger type needs it."""
    stack = len(heights) if plan.stacked else min(1, len(heights))
    gap = int(stack > 1)
    least, good = (
        [max(_BUTTON_HEIGHT_MIN, one + spare) for one in heights]
        for spare in (_BUTTON_SPARE_MIN, _BUTTON_SPARE)
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
        return replace(plan, button_heights=(height,) * len(heights), gap=gap, low=low)
    # the row under the sentence is above it then
    if room.larger and plan.stacked and sum(least) <= left + _air_above(room):
        low = left - sum(least) < _AIR_ROWS - _air_above(room)
        return replace(plan, button_heights=tuple(least), low=low)
    return None


def _air_above(room: Room) -> int:
    """Rows never given away, so that nothing touches the head of an upright panel."""
    return int(room.upright)


def rows_of(room: Room, plan: AskPlan, lines: AskLines) -> int:
    """Rows that everything takes, the row below the sentence and the words counted in."""
    heights = plan.button_heights[: len(lines.buttons)]
    stack = sum(heights) + plan.gap if plan.stacked else max(heights, default=0)
    return _rows_above(room, plan, lines) + stack


def is_tight(room: Room, spare: int) -> bool:
    """Whether the row below the sentence is needed above it, or around everything, where so many are left."""
    return spare < (_AIR_ROWS if room.upright else _AIR_ROWS_MIN)


def _rows_above(room: Room, plan: AskPlan, lines: AskLines) -> int:
    """Rows of the sentence and the words, with the row below each."""
    rows = height_of(room, lines.sentences, plan.sentence) + 1
    if lines.words:
        rows += height_of(room, lines.words, plan.words) + 1
    return rows
