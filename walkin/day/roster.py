"""Who sits at which desk when: shifts and breaks that leave no official cell alone. Pure and seeded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil, fsum, sqrt
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from config.model import Centre, Counsellor
from config.roster import Cell
from protocol.commands import PauseReason
from protocol.ids import CounsellorId, DeskId, FieldId

OPENS_MIN = 9 * 60
CLOSES_MIN = 17 * 60
"""The simulated day, minutes after midnight."""
HANDOVER_MIN = 13 * 60
"""When the counsellor of the morning makes room for that of the afternoon."""
STEP_MIN = 5
"""Breaks begin and end on these."""
LUNCH_MIN = 30
LUNCH_WINDOW = (11 * 60 + 30, 14 * 60)
SHORT_BREAK_MIN = 15
SHORT_BREAK_WINDOWS = ((10 * 60, 11 * 60 + 30), (14 * 60 + 30, 16 * 60))
HALF_DAY_BREAK_MIN = 10
COVERED_TWICE = 2
"""Counsellors wanted for each official cell all day, so that each of them can have a break."""
FIRST_COVER = 3
"""A cell that nobody covers counts so much more than one that a single counsellor covers."""
PEAK = 1.35
"""Load of the peak beside that of the mean."""
FIELD_WEIGHTS = {"education": 22, "training": 25, "employment": 33, "entrepreneurship": 12, "mobility": 8}
"""Interviews by field in Brussels."""
FIELD_WEIGHT = 20
"""Of a field without a known figure."""
SECOND_LANGUAGE_WEIGHT = 0.1
"""Interviews in the second official language: about one in ten."""


class Break(Struct, frozen=True):
    """Time away from the desk, minutes after midnight."""

    from_min: int
    until_min: int
    reason: PauseReason


class Shift(Struct, frozen=True, kw_only=True):
    """A counsellor at a desk, from and until minutes after midnight."""

    desk: DeskId
    counsellor: CounsellorId
    cells: frozenset[Cell]
    from_min: int
    until_min: int
    stays: bool
    """Here from opening, and until the last visitor has been served."""
    breaks: tuple[Break, ...] = ()

    def present(self, minute: int) -> bool:
        """At the desk and not on a break."""
        away = any(pause.from_min <= minute < pause.until_min for pause in self.breaks)
        return self.from_min <= minute < self.until_min and not away


def cells_of(counsellor: Counsellor) -> frozenset[Cell]:
    """What a counsellor can be asked in."""
    return frozenset((field, language) for field in counsellor.fields for language in counsellor.languages)


def covered(shifts: Iterable[Shift], minute: int) -> frozenset[Cell]:
    """Cells somebody is there for at this minute."""
    return frozenset(cell for shift in shifts if shift.present(minute) for cell in shift.cells)


def offered(shifts: Iterable[Shift]) -> frozenset[Cell]:
    """Cells in which everybody who comes is served today: somebody stays for them until the last visitor."""
    return frozenset(cell for shift in shifts if shift.stays for cell in shift.cells)


def field_weight(field: FieldId) -> int:
    """How often this field is asked for."""
    return FIELD_WEIGHTS.get(field, FIELD_WEIGHT)


def roster(centre: Centre, rng: Random, interviews: int, interview_min: float) -> tuple[Shift, ...]:
    """The shifts of a day with so many interviews of this mean length."""
    free = list(centre.counsellors)
    rng.shuffle(free)
    desks = [desk.id for desk in centre.desks]
    shifts = [_whole_day(desks.pop(0), counsellor) for counsellor in _base(centre, free, len(desks))]
    load = interviews * interview_min / (CLOSES_MIN - OPENS_MIN) * PEAK
    further = min(len(desks), ceil(load + sqrt(load)) - len(shifts))
    for desk in desks[: max(0, further)]:
        shifts += _half_days(centre, desk, free, shifts)
    return _with_breaks(centre, shifts, rng)


def _base(centre: Centre, free: list[Counsellor], desks: int) -> Iterator[Counsellor]:
    """Counsellors who together cover every official cell, twice where they can; taken from those free."""
    official = {(field.id, language) for field in centre.fields for language in centre.languages.official}
    count: Counter[Cell] = Counter()

    def gain(counsellor: Counsellor) -> int:
        cells = cells_of(counsellor) & official
        return sum(FIRST_COVER if not count[cell] else count[cell] < COVERED_TWICE for cell in cells)

    for _ in range(desks):
        best = max(free, key=gain, default=None)
        if best is None or gain(best) == 0:
            return
        free.remove(best)
        count.update(cells_of(best))
        yield best


def _whole_day(desk: DeskId, counsellor: Counsellor) -> Shift:
    return Shift(
        desk=desk,
        counsellor=counsellor.id,
        cells=cells_of(counsellor),
        from_min=OPENS_MIN,
        until_min=CLOSES_MIN,
        stays=True,
    )


def _half_days(centre: Centre, desk: DeskId, free: list[Counsellor], shifts: list[Shift]) -> Iterator[Shift]:
    """A morning and an afternoon at one desk, by those whose cells are asked for most and covered least."""
    count = Counter(cell for shift in shifts for cell in shift.cells)
    main = centre.languages.official[0]

    def use(counsellor: Counsellor) -> float:
        return fsum(  # the same in whatever order the cells come
            field_weight(field)
            * (1 if language == main else SECOND_LANGUAGE_WEIGHT)
            / (1 + count[field, language])
            for field, language in cells_of(counsellor)
        )

    for from_min, until_min in ((OPENS_MIN, HANDOVER_MIN), (HANDOVER_MIN, CLOSES_MIN)):
        best = max(free, key=use, default=None)
        if best is None:
            return
        free.remove(best)
        yield Shift(
            desk=desk,
            counsellor=best.id,
            cells=cells_of(best),
            from_min=from_min,
            until_min=until_min,
            stays=False,
        )


def _with_breaks(centre: Centre, shifts: list[Shift], rng: Random) -> tuple[Shift, ...]:
    """The shifts with a break wherever it leaves no official cell alone; who cannot be missed stays."""
    official = frozenset(cell for cell in offered(shifts) if cell[1] in centre.languages.official)
    for index, shift in enumerate(shifts):
        for reason, length, window in _breaks_of(shift):
            pauses = [
                Break(start, start + length, reason)
                for start in range(window[0], window[1] - length + 1, STEP_MIN)
            ]
            rng.shuffle(pauses)
            for pause in sorted(pauses, key=lambda pause: _others_away(shifts, pause)):
                tried = replace(shifts[index], breaks=(*shifts[index].breaks, pause))
                others = [*shifts[:index], tried, *shifts[index + 1 :]]
                if all(official <= covered(others, m) for m in range(pause.from_min, pause.until_min)):
                    shifts[index] = tried
                    break
    return tuple(shifts)


def _breaks_of(shift: Shift) -> Iterator[tuple[PauseReason, int, tuple[int, int]]]:
    if shift.stays:
        yield PauseReason.SHORT_BREAK, SHORT_BREAK_MIN, SHORT_BREAK_WINDOWS[0]
        yield PauseReason.LUNCH, LUNCH_MIN, LUNCH_WINDOW
        yield PauseReason.SHORT_BREAK, SHORT_BREAK_MIN, SHORT_BREAK_WINDOWS[1]
    else:
        window = next(
            window for window in SHORT_BREAK_WINDOWS if shift.from_min <= window[0] < shift.until_min
        )
        yield PauseReason.SHORT_BREAK, HALF_DAY_BREAK_MIN, window


def _others_away(shifts: Iterable[Shift], pause: Break) -> int:
    """How many breaks touch this one."""
    return sum(
        other.from_min < pause.until_min and pause.from_min < other.until_min
        for shift in shifts
        for other in shift.breaks
    )
