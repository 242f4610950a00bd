"""How large everything on a ticket is for whoever wants larger type, in cells: pure reckoning."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, width_of, wrap
from kiosk.layout import Room, Shape
from kiosk.screens.ticket_plan import (
    BAND_ROWS,
    CAPTION_ROWS,
    NUMBER_ROWS_MIN,
    PRIVACY_ROWS,
    TicketPlan,
    TicketTexts,
)

_SENTENCE_ROWS = (4, 3, 1)
_LINES_CACHED_MAX = 512
"""Broken texts measured: a plan looks at each in all heights, again whenever the scene is shown."""


class LargerPlan(Struct, frozen=True, kw_only=True):
    """Heights of letters in rows; what is told."""

    sentence_rows: int = 1
    """Of what is to be done now."""
    ahead_rows: int = 1
    """Of who waits before the visitor, and of the words above the clock times."""
    further_rows: int = 1
    """Of when to be back, and where the number appears."""
    clock_rows: int = 1
    number_rows: int = NUMBER_ROWS_MIN
    caption: bool = True
    privacy: bool = True
    ahead: bool = True
    """Who waits before the visitor, though it is told when the turn comes."""
    watch: bool = True
    back: bool = True
    advice_air: int = 0
    """Rows around large letters on the ground of what is to be done now, one above first."""
    left: int = 0
    """Rows that nothing needs, not even a number of all the rows it may have."""

    def flaws(self, usual: TicketPlan) -> tuple[int, ...]:
        """The worst first: what is smaller, or no larger; what is not told that has to be; the rest."""
        heights = (self.sentence_rows, self.ahead_rows, self.further_rows)
        pairs = (
            (self.number_rows, usual.number_rows),
            (self.clock_rows, usual.clock_rows),
            (self.sentence_rows, max(usual.sentence_rows, usual.warning_rows)),
            (self.ahead_rows, usual.ahead_rows),
            (self.further_rows, usual.sentence_rows),
        )
        return (
            sum(max(0, theirs - own) for own, theirs in pairs),
            int(self.sentence_rows == 1),
            2 * (usual.back and not self.back) + (not self.watch),
            int(self.advice_air == 1),
            int(self.clock_rows == 1),
            int(not self.ahead),
            heights.count(1),
            (usual.caption and not self.caption) + (usual.privacy and not self.privacy),
            -self.clock_rows,
        )


_TOLD: tuple[dict[str, bool], ...] = (
    {},
    {"caption": False},
    {"caption": False, "privacy": False},
    {"caption": False, "privacy": False, "ahead": False},
    {"caption": False, "privacy": False, "ahead": False, "watch": False},
    {"caption": False, "privacy": False, "ahead": False, "watch": False, "back": False},
)
"""What is left out, less and less: first what is not about this ticket, when to be back last."""


def planned_larger(room: Room, said: Sequence[TicketTexts], width: int, usual: TicketPlan) -> LargerPlan:
    """The best plan in which the ticket fits in every language that gets the same size.

    `usual`: as the ticket is shown in the usual type, of which as little as can be is lost.
    """
    for air in (2, 1) if room.upright else (int(room.shape is Shape.WIDE),):
        plans = []
        for plan in _plans(room, said, width):
            spare = room.body_rows - air - max(_rows_of(room, plan, texts, width) for texts in said)
            if spare >= 0:
                most = min(plan.number_rows + spare, CAPITAL_ROWS[-1])
                plans.append(replace(plan, number_rows=most, left=spare - (most - plan.number_rows) + air))
        if plans:
            return min(plans, key=lambda plan: plan.flaws(usual))
    return LargerPlan(**_TOLD[-1])


def _plans(room: Room, said: Sequence[TicketTexts], width: int) -> Iterator[LargerPlan]:
    """Of all sizes, larger ones first; none breaks a word, nor the clock times but on an upright panel."""
    times = {texts.when.times for texts in said if texts.when}
    clocks = [
        rows
        for rows in reversed((1, *TEXT_ROWS))
        if not any(_is_wide(one, width, rows) for one in times)
        and (times or rows == 1)
        and (room.upright or all(width_of(one, rows) <= width for one in times))
    ]
    for rows, ahead, further, clock in product(_SENTENCE_ROWS, _SENTENCE_ROWS, _SENTENCE_ROWS, clocks):
        if max(ahead, further) > rows or clock < min(rows, clocks[0]):
            continue
        for told, air in product(_TOLD, (2, 1) if room.upright and rows > 1 else (0,)):
            plan = LargerPlan(
                sentence_rows=rows,
                ahead_rows=ahead,
                further_rows=further,
                clock_rows=clock,
                advice_air=air,
                **told,
            )
            if not any(
                _is_wide(text, width, high) for texts in said for text, high in _sentences(plan, texts)
            ):
                yield plan


def _sentences(plan: LargerPlan, texts: TicketTexts) -> Iterator[tuple[str, int]]:
    """Everything that is broken into lines, with the height of its letters."""
    if plan.ahead or texts.when is None:
        yield texts.ahead, plan.ahead_rows
    if texts.when:
        yield texts.when.turn, plan.ahead_rows
        if plan.back and texts.when.back:
            yield texts.when.back, plan.further_rows
    yield from ((text, plan.sentence_rows) for text in texts.advice)
    if plan.watch:
        yield texts.watch, plan.further_rows


def _rows_of(room: Room, plan: LargerPlan, texts: TicketTexts, width: int) -> int:
    """Rows that a plan takes with the texts of one language, margins counted in."""
    shape = room.shape
    rows = len(wrap(texts.band, width, 1)) - 1 + BAND_ROWS[shape] + plan.number_rows
    rows += CAPTION_ROWS[shape] if plan.caption else 1
    rows += sum(_lines(text, width, high) for text, high in _sentences(plan, texts))
    rows += int(plan.ahead or texts.when is None) + int(plan.watch)
    rows += 1 + _lines(texts.when.times, width, plan.clock_rows) if texts.when else 0
    rows += PRIVACY_ROWS[shape] if plan.privacy else 0
    rows += plan.advice_air
    return rows + 1 + 1  # below the number's card, and above what stands under it


@lru_cache(maxsize=_LINES_CACHED_MAX)
def _lines(text: str, width: int, rows: int) -> int:
    """Rows of a text in letters of such a height."""
    return len(wrap(text, width, rows)) * rows


@lru_cache(maxsize=_LINES_CACHED_MAX)
def _is_wide(text: str, width: int, rows: int) -> bool:
    """Whether a word is wider than the ticket."""
    return any(width_of(line, rows) > width for line in wrap(text, width, rows))
