"""How large a question and the ways to hold a conversation are, in cells: pure reckoning."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import TEXT_ROWS, wrap
from kiosk.layout import Room, Shape
from kiosk.screens.waiting import Waiting
from kiosk.widgets import fitting_rows

_QUESTION_ROWS = {**dict.fromkeys(Shape, (3,)), Shape.WIDE: (3, 4, 5)}
_QUESTION_LINES_MAX = {**dict.fromkeys(Shape, 2), Shape.PORTRAIT: 4}
_NAME_ROWS = {**dict.fromkeys(Shape, (3, 4)), Shape.SMALL: (3,), Shape.WIDE: (4, 5)}
_TILE_ROWS = {Shape.SMALL: 7, Shape.STANDARD: 9, Shape.WIDE: 12, Shape.PORTRAIT: 9}
_FURTHER_ROWS = {Shape.SMALL: 3, Shape.STANDARD: 4, Shape.WIDE: 6, Shape.PORTRAIT: 5}
_BESIDE_ROWS: dict[Shape, tuple[int, ...]] = {
    **dict.fromkeys(Shape, ()),
    Shape.WIDE: (3,),
    Shape.PORTRAIT: (3,),
}
"""Heights of the letters of further choices, and of a reason above tiles; none: the terminal's own type."""
LIP_ROWS = 1
_REASON_ROWS: dict[Shape, tuple[int, ...]] = {**dict.fromkeys(Shape, (3,)), Shape.WIDE: (3, 4)}
"""Heights of its letters where it has the room of the tiles."""
_REASON_LINES_MAX = {**dict.fromkeys(Shape, 4), Shape.PORTRAIT: 7}
_REASON_ALONE_LINES_MAX, _REASON_ALONE_LINES_UPRIGHT_MAX = 7, 11
_REASON_AIR_ROWS = 2
_SPREAD_ROWS_MAX = 2
"""Rows more that a tile of larger type gets where some are left."""
LINES_CACHED_MAX = 1024
"""Broken texts measured: a plan looks at some of them in all heights, again whenever a scene is shown."""
_LABEL_PADDING = {**dict.fromkeys(Shape, 1), Shape.WIDE: 4, Shape.PORTRAIT: 4}
_ALONE_PADDING = FURTHER_PADDING = 4
_ALONE_LINES_MAX, _ALONE_LINES_UPRIGHT_MAX = 2, 3
"""Lines of the label when there is only one thing to choose."""
_EITHER_LINES_MAX = {**dict.fromkeys(Shape, 2), Shape.PORTRAIT: 3}
_WAIT_LINES_MAX = 2


class TalkTexts(Struct, frozen=True, kw_only=True):
    """What is said of a conversation: each text in the languages that get the same size, one's own first."""

    question: tuple[str, ...]
    reason: tuple[str, ...]
    names: tuple[tuple[str, ...], ...] = ()
    """Of each official language that can be chosen; or that one can wait for who comes later."""
    waits: tuple[Waiting, ...] = ()
    """For each of these."""
    alone: bool = False
    """There is only one thing to choose: to wait for who comes later."""
    doubtful: bool = False
    """Nobody is in sight: the reason matters most, and under it are the ways to reception and to a ticket."""
    own: tuple[str, ...] = ()
    """The visitor's own language, where it can be chosen and is no official one; or the way to reception."""
    own_wait: Waiting = Waiting()
    either: tuple[str, ...] = ()
    """That either language is fine; or a ticket all the same."""
    hint: tuple[str, ...] = ()
    """What speaks for either language; or what such a ticket is worth."""


class TalkPlan(Struct, frozen=True, kw_only=True):
    """Heights of letters and tiles, in rows; widths in columns."""

    width: int
    inside: int
    """Columns for a name inside its tile."""
    question_rows: int = 1
    reason_rows: int = 1
    reason_air: int = 0
    """Rows above and below it on its own ground."""
    name_rows: int = 1
    tile_rows: int = 0
    waiting_rows: int = 0
    """0: there is nothing to tell, or no room for it on the tiles."""
    waiting_height: int = 0
    """Of all its lines."""
    waiting_gap: int = 0
    waits: tuple[str, ...] = ()
    """What is told of each wait, on its tile or beside the scene."""
    further_width: int = 0
    further_letters: tuple[int, int] = (1, 1)
    further_rows: tuple[int, int] = (0, 0)
    """Of the visitor's own language, and of "either"."""
    own_waits: bool = True
    """The wait for the visitor's own language is told on its tile."""
    own_waiting_rows: int = 1
    hint_rows: int = 1
    """Of the letters of what is said under "either"; 0: it is not said."""
    gap: int = 0
    """Rows between tiles one above the other."""
    above: int = 0
    """A row that cannot be halved is left free above everything."""

    def lost(self, usual: "TalkPlan") -> int:
        """Rows by which letters are smaller than there, and what is not said any more."""
        pairs = (
            (self.question_rows, usual.question_rows),
            (self.reason_rows, usual.reason_rows),
            (self.name_rows, usual.name_rows),
            (self.waiting_rows, usual.waiting_rows),
            (self.own_waits, usual.own_waits),
            (self.own_waiting_rows, usual.own_waiting_rows),
            (self.hint_rows, usual.hint_rows),
            *zip(self.further_letters, usual.further_letters, strict=True),
        )
        return sum(max(0, theirs - own) for own, theirs in pairs)

    @property
    def of_one_row(self) -> int:
        """How many texts have the terminal's own type."""
        return (self.question_rows, self.reason_rows, *self.further_letters, self.waiting_rows).count(1)


def planned(room: Room, texts: TalkTexts) -> TalkPlan:
    """The largest letters with which everything has room, in each language that gets the same size.

    In larger type as little as can be is smaller than it was, or not said.
    """
    usual = next(_fitting(replace(room, larger=False), texts))
    if room.larger:
        plan = min(_fitting(room, texts), key=lambda plan: (plan.lost(usual), plan.of_one_row))
        return _spread(room, plan, texts)
    return replace(usual, above=_odd(room, usual, texts))


def _fitting(room: Room, texts: TalkTexts) -> Iterator[TalkPlan]:
    """Plans for which there is room, best first, and for want of any the smallest.

    A row stays free, so that nothing touches the head, wherever that is possible; and one of usual type above
    the foot of an upright panel.
    """
    told_alone = texts.doubtful or not (texts.names or texts.own)
    made = _told_alone if told_alone else _larger_plans if room.larger else _plans
    found, smallest = False, _frame(room, texts)
    most = 0 if room.aside else 2 if room.upright and not room.larger else 1
    for air in range(most, -1, -1):
        for plan in () if found else made(room, texts):
            smallest = plan
            if rows_of(room, plan, texts) + air <= room.body_rows:
                found = True
                yield plan
    if not found:
        yield smallest


def _frame(room: Room, texts: TalkTexts) -> TalkPlan:
    """Columns of everything."""
    across = 1 if room.stacked or texts.alone else max(2, len(texts.names))
    beside = 2 if texts.own and texts.either and not room.stacked else 1
    width, further_width = ((room.inner - (count - 1) * room.gutter) // count for count in (across, beside))
    inside = width - (_ALONE_PADDING if texts.alone else _LABEL_PADDING[room.shape])
    return TalkPlan(width=width, inside=inside, further_width=further_width, gap=int(room.upright))


def _told_alone(room: Room, texts: TalkTexts) -> Iterator[TalkPlan]:
    """Nobody is there to choose: the reason has the room of the tiles, or that of the question as well."""
    questions = _heights(
        texts.question, room.inner, room.heights(_QUESTION_ROWS), _QUESTION_LINES_MAX[room.shape]
    )
    lines_max = _REASON_ALONE_LINES_UPRIGHT_MAX if room.upright else _REASON_ALONE_LINES_MAX
    reasons = _heights(texts.reason, room.inner - 2, room.heights(_REASON_ROWS), lines_max)
    pairs = [
        (question, reason)
        for question, reason in product(questions, reasons)
        if reason <= question or question == 1
    ]
    furthers = tuple(_furthers(room, _frame(room, texts), texts))
    plans = list(product(sorted(pairs, key=lambda pair: pair[1] == 1), range(len(furthers)), (1, 0)))
    if texts.doubtful:  # the ways out in large letters, and air, rather than a larger question
        no_small = room.upright  # over large answers
        plans.sort(key=lambda plan: (plan[0][1] == 1, plan[1], no_small and plan[0][0] == 1, 1 - plan[2]))
    for (question, reason), further, air in plans:
        yield replace(furthers[further], question_rows=question, reason_rows=reason, reason_air=air)


def _plans(room: Room, texts: TalkTexts) -> Iterator[TalkPlan]:
    """Of the usual type: names of languages as large as they fit, and what else there is around them."""
    shape, frame = room.shape, _frame(room, texts)
    of_waits = (TEXT_ROWS[0], 1) if shape is Shape.WIDE or room.upright else (1,)
    if not any(one.words for one in texts.waits):
        of_waits = (0,)
    telling = [told for rows in of_waits if (told := _telling(room, frame, texts, rows)) is not None]
    frame = telling[0]
    names = tuple(name for alike in texts.names for name in alike)
    name_rows = _heights(names, frame.inside, _NAME_ROWS[shape], _name_lines_max(room, texts))[0]
    frame = replace(frame, name_rows=name_rows)
    questions = _heights(texts.question, room.inner, _QUESTION_ROWS[shape], _QUESTION_LINES_MAX[shape])
    reasons = _heights(texts.reason, room.inner - 2, _BESIDE_ROWS[shape], _REASON_LINES_MAX[shape])
    # on an upright panel there may be no rows for large waits
    tiles = [
        (told, *sizes)
        for told in (telling if room.upright else telling[:1])
        for sizes in _tiles(room, replace(told, name_rows=name_rows), texts)
    ]
    large = tuple(rows for rows in questions if rows > 1)
    asked = (*product((1, 0), large), *product((1, 0), questions[-1:]))  # air rather than a larger question
    plans = list(product(tuple(_furthers(room, frame, texts)), reasons, asked, tiles))
    if room.upright:  # no small question over large answers
        plans.sort(key=lambda plan: plan[2][1], reverse=True)
    for further, reason, (air, question), (told, tile, gap) in plans:
        if 0 < told.waiting_rows < further.own_waiting_rows:
            continue  # no language's wait is larger than that of an official one
        yield replace(
            further,
            question_rows=question,
            reason_rows=reason,
            reason_air=air,
            waiting_rows=told.waiting_rows,
            waiting_height=told.waiting_height,
            waits=told.waits,
            tile_rows=tile,
            waiting_gap=gap,
        )


def _furthers(room: Room, frame: TalkPlan, texts: TalkTexts) -> Iterator[TalkPlan]:
    """The frame with tiles of what else can be chosen, in large letters first, a row free above these."""
    inside, told = frame.further_width - FURTHER_PADDING, (*texts.own, *texts.either)
    least = _FURTHER_ROWS[Shape.SMALL if room.larger else room.shape]
    hints = (*(TEXT_ROWS[:1] if texts.doubtful else ()), 1, 0) if texts.hint else (1,)
    waits = [(rows, wait) for rows in room.heights(_BESIDE_ROWS) for wait in (rows, 1)]
    for (rows, wait), hint in product(waits if told else (), hints):
        fits = wait == 1 or own_words(texts.own_wait, inside, wait)
        if fits and fitting_rows(told, inside, (rows,), _EITHER_LINES_MAX[room.shape]) == rows:
            below = wait if texts.own_wait.words else 0
            hinted = (_lines(texts.hint, inside, hint) if hint > 1 else hint) * bool(texts.hint)
            hinted += (room.upright or room.shape is Shape.WIDE) * (hinted > 0)
            written = (_lines(texts.own, inside, rows) + below, _lines(texts.either, inside, rows) + hinted)
            of_own, of_either = (max(least, one + LIP_ROWS + 1) for one in written)
            high = max(of_own, of_either)
            yield replace(
                frame,
                further_letters=(rows if texts.own else 1, rows if texts.either else 1),
                further_rows=(of_own, of_either) if room.stacked else (high, high),
                own_waiting_rows=wait,
                hint_rows=hint,
            )
    yield replace(frame, further_rows=(least, least))


def own_words(waiting: Waiting, width: int, rows: int) -> str:
    """The wait for the visitor's own language in letters of that height; '' where it has no room."""
    if rows == 1:
        return waiting.fitting(width)
    said = (waiting.with_people, waiting.written, waiting.short)
    return next((one[0] for one in said if one and fitting_rows(one, width, (rows,)) == rows), "")


def _tiles(room: Room, plan: TalkPlan, texts: TalkTexts) -> Iterator[tuple[int, int]]:
    """Heights of a tile and of the gap in it, the best first; a row is free above its name in each."""
    names = tuple(name for alike in texts.names for name in alike)
    usual = _TILE_ROWS[room.shape] + (plan.name_rows if texts.alone else 0)
    for gap in (1, 0) if plan.waiting_rows else (0,):
        written = _lines(names, plan.inside, plan.name_rows) + gap + plan.waiting_height
        least = written + LIP_ROWS + 1
        most = max(least, usual if gap or not plan.waiting_rows else least)
        if texts.alone and room.upright and gap:
            most = max(most, least + 1)  # what is told stands clear of the lip
        yield from ((rows, gap) for rows in range(most, least - 1, -1))


def _larger_plans(room: Room, texts: TalkTexts) -> Iterator[TalkPlan]:
    """Of larger type: everything one under another, names first."""
    frame = _frame(room, texts)
    names = tuple(name for alike in texts.names for name in alike)
    inside = frame.further_width - FURTHER_PADDING
    waited = any(one.words for one in (*texts.waits, texts.own_wait))
    for name, small, reason, wait, question, hint, own_wait in product(
        _heights(names, frame.inside, room.heights(_NAME_ROWS), _name_lines_max(room, texts)),
        (TEXT_ROWS[0], 1),
        _heights(texts.reason, room.inner - 2, room.heights(_BESIDE_ROWS), _REASON_ALONE_LINES_MAX),
        (TEXT_ROWS[0], 1, 0) if waited else (0,),
        _heights(
            texts.question, room.inner, room.heights(_QUESTION_ROWS), _QUESTION_LINES_MAX[Shape.PORTRAIT]
        ),
        (1, 0) if texts.hint else (1,),
        (*(rows for rows in _BESIDE_ROWS[room.shape] if own_words(texts.own_wait, inside, rows)), 1),
    ):
        told = _telling(room, frame, texts, wait, _WAIT_LINES_MAX if texts.alone else 1)
        if question > name or told is None or 0 < wait < own_wait:
            continue
        own, either = (
            _heights(alike, inside, (small,) if small > 1 else (), _EITHER_LINES_MAX[room.shape])[0]
            for alike in (texts.own, texts.either)
        )
        below = (own_wait * bool(wait and texts.own_wait.words), hint * bool(texts.hint))
        yield replace(
            told,
            name_rows=name,
            question_rows=question,
            reason_rows=reason,
            tile_rows=_lines(names, frame.inside, name) + LIP_ROWS + 1 + told.waiting_height,
            further_letters=(own, either),
            further_rows=(
                max(_FURTHER_ROWS[Shape.SMALL], own + below[0] + LIP_ROWS),
                max(_FURTHER_ROWS[Shape.SMALL], _lines(texts.either, inside, either) + below[1] + LIP_ROWS),
            ),
            own_waits=bool(wait) or not texts.own_wait.words,
            own_waiting_rows=own_wait,
            hint_rows=hint,
        )


def _spread(room: Room, plan: TalkPlan, texts: TalkTexts) -> TalkPlan:
    """The plan of larger type with the rows that are left given to the tiles, and to the reason.

    Of a tile's rows the first free one is above its name, the next below it.
    """
    spare = room.body_rows - rows_of(room, plan, texts) - 1
    count = len(texts.names) + bool(texts.own) + bool(texts.either)
    if texts.reason and spare >= _REASON_AIR_ROWS + count:
        plan, spare = replace(plan, reason_air=1), spare - _REASON_AIR_ROWS
    more = min(_SPREAD_ROWS_MAX, max(0, spare) // count) if count else 0
    own, either = plan.further_rows
    plan = replace(
        plan,
        tile_rows=plan.tile_rows + more,
        waiting_gap=int(more > 0 and plan.waiting_rows > 0),  # the first row free is above the name
        further_rows=(own + more, either + more),
    )
    return replace(plan, above=_odd(room, plan, texts))


def _odd(room: Room, plan: TalkPlan, texts: TalkTexts) -> int:
    """Of an odd number of rows left, one is above."""
    return max(0, room.body_rows - rows_of(room, plan, texts)) % 2


def rows_of(room: Room, plan: TalkPlan, texts: TalkTexts) -> int:
    """Rows that everything takes, margins counted in."""
    rows = _lines(texts.question, room.inner, plan.question_rows) + 1
    if texts.reason:
        rows += _lines(texts.reason, room.inner - 2, plan.reason_rows) + sum(reason_air(room, plan)) + 1
    if texts.names:
        under = len(texts.names) if room.stacked else 1
        rows += under * plan.tile_rows + (under - 1) * plan.gap
    shown = [high for high, text in zip(plan.further_rows, (texts.own, texts.either), strict=True) if text]
    if shown:
        rows += sum(shown) + (len(shown) - 1) * plan.gap if room.stacked else max(shown)
        rows += int(not room.aside)
    return rows


def reason_air(room: Room, plan: TalkPlan) -> tuple[int, int]:
    """Rows above and below the reason on its ground: on an upright panel one above large letters always."""
    return max(plan.reason_air, int(room.upright and plan.reason_rows > 1)), plan.reason_air


def _telling(room: Room, plan: TalkPlan, texts: TalkTexts, rows: int, lines_max: int = 1) -> TalkPlan | None:
    """The plan with the waits in letters of such a height; none: they do not fit.

    Large rather than with all there is to say; on a wide panel rather as short as a sign than not large.
    """
    if rows == 0:
        return replace(plan, waits=tuple(one.words for one in texts.waits))
    if rows == 1:
        told = tuple(one.fitting(plan.inside) for one in texts.waits)
        height = _lines(tuple(text for one in texts.waits for text in one.written), plan.inside, 1)
        return replace(plan, waiting_rows=1, waiting_height=height, waits=told)
    written = tuple(one.written for one in texts.waits)
    whole = tuple(one.with_people or one.written for one in texts.waits)
    signs = tuple(one.short for one in texts.waits) if room.shape is Shape.WIDE else written
    for said in (whole, written, signs):
        flat = tuple(text for alike in said for text in alike)
        if fitting_rows(flat, plan.inside, (rows,), lines_max) == rows:
            told = tuple(next(iter(alike), "") for alike in said)
            height = _lines(flat, plan.inside, rows)
            return replace(plan, waiting_rows=rows, waiting_height=height, waits=told)
    return None


def _name_lines_max(room: Room, texts: TalkTexts) -> int:
    if not texts.alone:
        return 1
    return _ALONE_LINES_UPRIGHT_MAX if room.upright else _ALONE_LINES_MAX


@lru_cache(maxsize=LINES_CACHED_MAX)
def _lines(texts: tuple[str, ...], width: int, rows: int) -> int:
    """Rows of the longest of these in letters of such a height."""
    return max((len(wrap(text, width, rows)) for text in texts), default=0) * rows


def _heights(texts: tuple[str, ...], width: int, heights: Iterable[int], lines_max: int) -> tuple[int, ...]:
    """Those in which all of these fit, the largest first, and the terminal's own type."""
    found = (
        rows
        for rows in sorted(heights, reverse=True)
        if fitting_rows(texts, width, (rows,), lines_max) == rows
    )
    return (*found, 1) if texts else (1,)
