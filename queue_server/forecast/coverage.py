"""Who can serve what, now and until closing: cells that nobody covers, or one person alone. Pure.

All of it is asked of stretches: times in which one person serves. They come from the plan alone (`planned`),
or from the plan and who is really there (`expected`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from config.roster import Cell, Duty, Span
from protocol.ids import StaffId
from queue_server.core.state import Group, Rest, later
from queue_server.forecast.rests import rests_left
from queue_server.forecast.situation import PAUSE_LEFT_S, PAUSE_S, Break

MISSING_S = 15 * 60
"""Who is not there so long after the shift began, or the doors opened, is not counted on until they come.

Soon enough for reception to telephone. A forecast hopes longer (`sight.GIVEN_UP_S`): where it gives up,
kiosks offer no more tickets, and most who are late do come.
"""
LINGERS_S = 10 * 60
"""Who is still there after the shift, or after closing, is counted on for so long."""


class Level(StrEnum):
    """How well a cell is covered: by nobody, by one person, or by more."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


def level_of(count: int) -> Level:
    """The level of a cell with so many on duty."""
    return (Level.RED, Level.AMBER, Level.GREEN)[min(count, 2)]


class Stretch(Struct, frozen=True, kw_only=True):
    """One person serves these cells without a break."""

    staff: StaffId
    cells: frozenset[Cell]
    begins: datetime
    ends: datetime


class There(Struct, frozen=True, kw_only=True):
    """A counsellor whose desk is open now."""

    staff: StaffId
    cells: frozenset[Cell]
    """What is served at this desk."""
    paused_since: datetime | None = None
    """None: at work."""
    rests: bool = False
    """The pause is no work elsewhere: a roster may have planned it."""
    rested: tuple[Rest, ...] = ()
    """The rests of today that are over."""


class Step(Struct, frozen=True, kw_only=True):
    """A time in which the same people are on duty for a cell."""

    begins: datetime
    ends: datetime
    staff: tuple[StaffId, ...]
    """By key."""

    @property
    def level(self) -> Level:
        """How well the cell is covered meanwhile."""
        return level_of(len(self.staff))


class Cover(Struct, frozen=True, kw_only=True):
    """How well a cell is covered now and until closing."""

    cell: Cell
    staff: tuple[StaffId, ...]
    """On duty now and not on a break, by key."""
    gaps: tuple[Span, ...]
    """The times with nobody from now on; one that lasts until closing ends there."""

    @property
    def level(self) -> Level:
        """How well the cell is covered now."""
        return level_of(len(self.staff))

    @property
    def alone(self) -> StaffId | None:
        """The one person on whom the cell hangs now; none: it is red, or there are more."""
        return self.staff[0] if self.level is Level.AMBER else None


class CellDay(Struct, frozen=True, kw_only=True):
    """How well a cell is covered in the course of a day."""

    cell: Cell
    steps: tuple[Step, ...]
    """From opening to closing without a hole."""

    @property
    def level(self) -> Level:
        """The worst of the day."""
        return level_of(min(len(step.staff) for step in self.steps))

    def at_level(self, level: Level) -> tuple[Step, ...]:
        """When it is covered so."""
        return tuple(step for step in self.steps if step.level is level)


class Bare(Struct, frozen=True, kw_only=True):
    """What an absence does to a cell."""

    cell: Cell
    begins: datetime
    until: datetime | None
    """When somebody serves it again; none: not before closing."""
    waiting: int
    """How many wait now who accept nothing that is served then."""


def planned(duties: Iterable[Duty], closes: datetime) -> tuple[Stretch, ...]:
    """Who serves when, by the plan; who stays until the last visitor is there until closing."""
    return tuple(part for duty in duties for part in _parts(duty, duty.begins, closes))


def expected(
    duties: Sequence[Duty], there: Iterable[There], now: datetime, hours: Span
) -> tuple[Stretch, ...]:
    """The same from now on, as things really are on a day with these hours.

    Who is there without a shift is counted on until closing; who should be there and is not, from the next
    shift or the end of the break on. Nobody has to be there before the doors open.
    """
    closes = hours.ends
    found: list[Stretch] = []
    present = {one.staff: one for one in there}
    for one in present.values():
        found += _of_somebody_there(one, [duty for duty in duties if duty.staff == one.staff], now, closes)
    for duty in duties:
        if duty.staff not in present:
            comes = _comes(duty, now, hours.begins)
            found += _parts(duty, comes, closes) if comes else ()
    return tuple(found)


def _comes(duty: Duty, now: datetime, opens: datetime) -> datetime | None:
    """From when on somebody who is not there is counted on; none: not in this shift."""
    due = max(duty.begins, opens)
    for pause in duty.breaks:
        if pause.begins <= max(due, now) < pause.ends:
            return pause.ends
    if due > now:
        return due
    late = later(due, MISSING_S)
    return late if late > now else None


def _of_somebody_there(
    one: There, duties: Sequence[Duty], now: datetime, closes: datetime
) -> Iterator[Stretch]:
    unfinished = sorted((duty for duty in duties if _end(duty, closes) > now), key=lambda duty: duty.begins)
    lingers = later(now, LINGERS_S)
    if not unfinished:
        ends = lingers if duties else max(closes, lingers)
        yield from _whole(one.staff, one.cells, _back(one, None, now), ends)
        return
    taken, left = rests_of(unfinished[0], one.rested, one.paused_since if one.rests else None, now)
    begins = _back(one, taken, now)
    current = replace(unfinished[0], breaks=tuple(pause for pause in left if pause.begins > begins))
    for part in _parts(current, begins, closes):
        yield Stretch(staff=one.staff, cells=one.cells, begins=part.begins, ends=part.ends)
    came_early = len(unfinished) == len(duties)
    ends = current.begins if came_early else min(current.begins, lingers)
    yield from _whole(one.staff, one.cells, begins, ends)
    for duty in unfinished[1:]:
        yield from _parts(duty, max(begins, duty.begins), closes)


def rests_of(
    duty: Duty, rested: Iterable[Rest], resting_since: datetime | None, now: datetime
) -> tuple[Span | None, tuple[Span, ...]]:
    """The break of this shift that is being taken, and those that will be, as the roster plans them."""
    planned = {Break(pause.begins.timestamp(), _lasts_s(pause)): pause for pause in duty.breaks}
    since = None if resting_since is None else resting_since.timestamp()
    taken, left = rests_left(planned, rested, since, now.timestamp())
    return None if taken is None else planned[taken], tuple(planned[pause] for pause in left)


def _lasts_s(pause: Span) -> float:
    return pause.ends.timestamp() - pause.begins.timestamp()


def _back(one: There, taken: Span | None, now: datetime) -> datetime:
    """From when on this person serves: now, or after the pause, which may be a planned break."""
    if one.paused_since is None:
        return now
    back = later(one.paused_since, PAUSE_S if taken is None else _lasts_s(taken))
    return back if back > now else later(now, PAUSE_LEFT_S)


def _end(duty: Duty, closes: datetime) -> datetime:
    return max(duty.ends, closes) if duty.stays else duty.ends


def _parts(duty: Duty, begins: datetime, closes: datetime) -> Iterator[Stretch]:
    """The duty from here on, without its breaks; one that has begun before is over, or left out."""
    begins = max(begins, duty.begins)
    for pause in duty.breaks:
        if pause.begins >= begins:
            yield from _whole(duty.staff, duty.cells, begins, pause.begins)
            begins = pause.ends
    yield from _whole(duty.staff, duty.cells, begins, _end(duty, closes))


def _whole(staff: StaffId, cells: frozenset[Cell], begins: datetime, ends: datetime) -> Iterator[Stretch]:
    if begins < ends:
        yield Stretch(staff=staff, cells=cells, begins=begins, ends=ends)


def steps(stretches: Iterable[Stretch], cell: Cell, begins: datetime, ends: datetime) -> tuple[Step, ...]:
    """Who is on duty for a cell, from begin to end without a hole; nothing when that is no time."""
    serving = [one for one in stretches if cell in one.cells]
    bounds = {begins, ends, *(at for one in serving for at in (one.begins, one.ends) if begins < at < ends)}
    found: list[Step] = []
    for first, last in pairwise(sorted(bounds)):
        staff = tuple(sorted({one.staff for one in serving if one.begins <= first < one.ends}))
        if found and found[-1].staff == staff:
            found[-1] = Step(begins=found[-1].begins, ends=last, staff=staff)
        else:
            found.append(Step(begins=first, ends=last, staff=staff))
    return tuple(found)


def gaps(stretches: Iterable[Stretch], cell: Cell, begins: datetime, ends: datetime) -> tuple[Span, ...]:
    """When nobody is on duty for a cell."""
    return tuple(Span(one.begins, one.ends) for one in steps(stretches, cell, begins, ends) if not one.staff)


def live(
    stretches: Sequence[Stretch], cells: Iterable[Cell], now: datetime, closes: datetime
) -> tuple[Cover, ...]:
    """How well these cells are covered now and until closing, in their order."""
    return tuple(_cover(stretches, cell, now, closes) for cell in cells)


def _cover(stretches: Sequence[Stretch], cell: Cell, now: datetime, closes: datetime) -> Cover:
    rest = steps(stretches, cell, now, max(closes, now + timedelta.resolution))
    return Cover(
        cell=cell,
        staff=rest[0].staff,
        gaps=tuple(Span(step.begins, step.ends) for step in rest if not step.staff and now < closes),
    )


def whole_day(
    stretches: Sequence[Stretch], cells: Iterable[Cell], opens: datetime, closes: datetime
) -> tuple[CellDay, ...]:
    """How well these cells are covered from opening to closing, in their order."""
    assert opens < closes, "a day has hours"
    return tuple(CellDay(cell=cell, steps=steps(stretches, cell, opens, closes)) for cell in cells)


def if_absent(
    stretches: Sequence[Stretch], who: StaffId, away: Span, waiting: Mapping[Group, int], closes: datetime
) -> tuple[Bare, ...]:
    """Cells that nobody serves because this person is away, those for which most wait first."""
    rest = tuple(_without(stretches, who, away))
    own = [one for one in stretches if one.staff == who]
    found = []
    for cell in sorted(frozenset[Cell]().union(*(one.cells for one in own))):
        for gap in gaps(rest, cell, away.begins, max(closes, away.begins)):
            missed = [
                max(one.begins, gap.begins)
                for one in own
                if cell in one.cells and one.begins < gap.ends and gap.begins < one.ends
            ]
            if missed:
                at = min(missed)
                until = gap.ends if gap.ends < closes else None
                found.append(
                    Bare(cell=cell, begins=at, until=until, waiting=_stranded(rest, cell, at, waiting))
                )
    return tuple(sorted(found, key=lambda bare: (-bare.waiting, bare.begins, bare.cell)))


def _without(stretches: Iterable[Stretch], who: StaffId, away: Span) -> Iterator[Stretch]:
    """Who serves when from the absence on."""
    for one in stretches:
        if one.staff == who:
            yield from _whole(who, one.cells, max(one.begins, away.ends), one.ends)
        else:
            yield one


def _stranded(stretches: Iterable[Stretch], cell: Cell, at: datetime, waiting: Mapping[Group, int]) -> int:
    """How many of those who wait for this cell accept nothing else that is served at this instant."""
    served = on_duty(stretches, at)
    field, language = cell
    return sum(
        count
        for (wanted, languages), count in waiting.items()
        if wanted == field
        and language in languages
        and not any((field, one) in cells for one in languages for cells in served.values())
    )


def on_duty(stretches: Iterable[Stretch], at: datetime) -> dict[StaffId, frozenset[Cell]]:
    """Who serves what at this instant."""
    return {one.staff: one.cells for one in stretches if one.begins <= at < one.ends}
