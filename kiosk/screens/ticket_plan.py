"""How large everything on a ticket is, and what is left out for it, in cells: pure reckoning."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import width_of, wrap
from kiosk.layout import Room, Shape
from kiosk.widgets import fitting_rows

NUMBER_ROWS_MAX = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 9, Shape.PORTRAIT: 8}
NUMBER_ROWS_LOW = 5
"""The same on an upright panel without rows to spare."""
NUMBER_ROWS_MIN = 5
NUMBER_ROWS_LESS = 2
"""So much lower a number may be for the sake of the clock times."""
SENTENCE_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: (3,)}
SENTENCE_LINES_MAX = {**dict.fromkeys(Shape, 2), Shape.PORTRAIT: 4}
WARNING_ROWS = (3,)
_WARNING_BODY_ROWS = 33
"""Rows between head and foot from which a warning has room to be large."""
_CLOCK_ROWS = {Shape.SMALL: (), Shape.STANDARD: (4, 3), Shape.WIDE: (5, 4, 3), Shape.PORTRAIT: (4, 3)}
BAND_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 3, Shape.WIDE: 3, Shape.PORTRAIT: 3}
CAPTION_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 3, Shape.WIDE: 3, Shape.PORTRAIT: 3}
PRIVACY_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 2, Shape.WIDE: 1, Shape.PORTRAIT: 2}
SCAN_ROWS = 1
"""Under the QR code: what to do with it."""
TEXTS_MEASURED_MAX = 512
"""Texts whose height is remembered, in every width and size asked."""
ADVICE_AIR_ROWS = 2
"""Of the advice on its own ground, where rows are free: one above it and one below."""
AIRED_ROWS = {**dict.fromkeys(Shape, 1), Shape.WIDE: 2}
"""Left free around everything even so."""
AIR_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 2, Shape.WIDE: 2, Shape.PORTRAIT: 2}
"""Left free, so that a ticket touches neither head nor foot."""


class TurnTexts(Struct, frozen=True):
    """What one language says of when a ticket's turn will be."""

    turn: str
    """Before the times."""
    times: str
    back: str
    """When to be back; empty: it is not worth going out."""


class TicketTexts(Struct, frozen=True):
    """What one language says of a ticket."""

    band: str
    """The field, and the language of the conversation."""
    ahead: str
    when: TurnTexts | None
    """None: nobody knows."""
    advice: tuple[str, ...]
    watch: str


class TicketPlan(Struct, frozen=True):
    """Heights of letters in rows; what is shown."""

    number_rows: int
    ahead_rows: int = 1
    sentence_rows: int = 1
    warning_rows: int = 1
    clock_rows: int = 1
    """At one row the times stand behind their words, else below them."""
    back: bool = True
    """When to be back is said, if there is anything to say."""
    caption: bool = True
    privacy: bool = True
    low: bool = False
    """Few rows are above the code of an upright panel: what to do stands right under the card."""
    above_code: int = 0
    """Rows between what is said and the card with the code below."""
    below_scan: int = 0
    """Rows of the card below what to do with the code."""
    left: int = 0
    """Rows that nothing needs, not even a number of all the rows it may have."""


def planned(
    room: Room, said: Sequence[TicketTexts], width: int, code_rows: int, *, warned: bool
) -> TicketPlan:
    """The best plan in which every language that gets the same size fits beside or above the code."""
    under = room.upright and code_rows > 0
    low = under and not room.tall
    most = NUMBER_ROWS_LOW if low else NUMBER_ROWS_MAX[room.shape]
    large = warned and not room.upright and room.body_rows >= _WARNING_BODY_ROWS
    usual = () if large else SENTENCE_ROWS[room.shape]
    height = room.body_rows - (code_rows + SCAN_ROWS if under else 0)
    plan = TicketPlan(
        number_rows=most,
        ahead_rows=max(usual, default=1),
        sentence_rows=max(usual, default=1),
        warning_rows=WARNING_ROWS[0] if large else max(usual, default=1),
        caption=not low,
        privacy=not warned,
        low=low,
    )
    air_rows = AIR_ROWS[room.shape]
    lesser = tuple(_lesser(room, plan, said[0].when, width))
    for back in (True, False):
        plans = [replace(less, back=back) for less in lesser]
        spares = [height - max(_rows_of(room, one, texts, width) for texts in said) for one in plans]
        for air, (one, spare), below in product(
            range(air_rows + under, -1, -1), zip(plans, spares, strict=True), (1, 0) if under else (0,)
        ):
            above = int(air > air_rows and not one.privacy)  # below "no name" there is a row anyway
            left = spare - above - below
            if left >= min(air, air_rows):
                rows = _drawn_rows(room, one, said, width)
                return replace(one, sentence_rows=rows, above_code=above, below_scan=below, left=left)
    return lesser[-1]


def _lesser(room: Room, plan: TicketPlan, when: TurnTexts | None, width: int) -> Iterator[TicketPlan]:
    """Plans with less and less: without what is not about this ticket, a lower number, smaller times."""
    clocks = [rows for rows in _CLOCK_ROWS[room.shape] if when and width_of(when.times, rows) <= width]
    usual = plan.sentence_rows
    warning = plan.warning_rows
    sizes = dict.fromkeys(((plan.ahead_rows, usual, warning), (1, usual, warning), (1, 1, warning)))
    if room.upright:  # over a code there may be no rows for a large one
        sizes[1, 1, 1] = None
    for (ahead_rows, sentence_rows, warning_rows), clock_rows, more in product(
        sizes, (*clocks, 1), (True, False)
    ):
        if when and clock_rows < sentence_rows:
            continue
        lowest = plan.number_rows if more else max(NUMBER_ROWS_MIN, plan.number_rows - NUMBER_ROWS_LESS)
        for number_rows in range(plan.number_rows, lowest - 1, -1):
            yield TicketPlan(
                number_rows=number_rows,
                ahead_rows=ahead_rows,
                sentence_rows=sentence_rows,
                warning_rows=warning_rows,
                clock_rows=clock_rows,
                caption=plan.caption and more,
                privacy=plan.privacy and more,
                low=plan.low,
            )


def _rows_of(room: Room, plan: TicketPlan, texts: TicketTexts, width: int) -> int:
    """Rows that a plan takes with the texts of one language, margins counted in."""
    lines = partial(_rows_of_text, SENTENCE_LINES_MAX[room.shape], width)
    shape = room.shape
    band_lines = len(wrap(texts.band, width, 1)) - 1
    card = band_lines + (1 if plan.low else BAND_ROWS[shape]) + plan.number_rows
    card += CAPTION_ROWS[shape] if plan.caption else 1
    card += 2 + lines(texts.ahead, plan.ahead_rows)
    if texts.when:
        card += 2 + plan.clock_rows if plan.clock_rows > 1 else 1
        card += lines(texts.when.back, plan.sentence_rows) if plan.back and texts.when.back else 0
    facts = 2 - plan.low + sum(lines(text, plan.warning_rows) for text in texts.advice)
    facts += lines(texts.watch, plan.sentence_rows)
    return card + facts + (PRIVACY_ROWS[shape] if plan.privacy else 0)


def _drawn_rows(room: Room, plan: TicketPlan, said: Sequence[TicketTexts], width: int) -> int:
    """Height of the letters of all that is told beside: one row where one of it does not fit in more."""
    told = [texts.watch for texts in said]
    told += [texts.when.back for texts in said if texts.when and texts.when.back and plan.back]
    lines_max = SENTENCE_LINES_MAX[room.shape]
    return fitting_rows(told, width, (plan.sentence_rows,), lines_max) if plan.sentence_rows > 1 else 1


@lru_cache(maxsize=TEXTS_MEASURED_MAX)
def _rows_of_text(lines_max: int, width: int, text: str, rows: int) -> int:
    """In letters so high, or in one-row type where they do not fit; each plan asks it of the same texts."""
    height = fitting_rows((text,), width, (rows,), lines_max) if rows > 1 else 1
    return len(wrap(text, width, height)) * height
