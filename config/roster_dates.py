"""One date of a roster: what stands there, and the roster in which something else does. Pure.

A date never says what the week says as well: whoever does on it what they do every week has no line of it.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from config.roster import Absence, Holiday, Line, Roster, Shift, is_holiday, roster_of, staff_of, weekday_of
from protocol.ids import DayDate, StaffId


def by_week(roster: Roster, staff: StaffId, day: DayDate) -> tuple[Shift, ...]:
    """What the week says of this person on this date."""
    return _shifts(roster.by_day.get(weekday_of(day), ()), staff)


def by_date(roster: Roster, staff: StaffId, day: DayDate) -> tuple[Shift, ...] | None:
    """What this date alone says of this person: no shifts, absent. None: nothing, the week holds."""
    dated = roster.by_day.get(day, ())
    return _shifts(dated, staff) if any(staff_of(line) == staff for line in dated) else None


def with_shifts(roster: Roster, staff: StaffId, day: DayDate, shifts: Sequence[Shift]) -> Roster:
    """The roster in which this person works so on this date; without shifts: is absent."""
    week = as_every_week(roster, staff, day)
    if set(map(_work, shifts)) == set(map(_work, by_week(roster, staff, day))):
        return week
    return roster_of([*week.lines, *(shifts or (Absence(staff=staff, day=day),))])


def as_every_week(roster: Roster, staff: StaffId, day: DayDate) -> Roster:
    """The roster in which this date says nothing of this person."""
    return roster_of(line for line in roster.lines if line.day != day or staff_of(line) != staff)


def with_holiday(roster: Roster, day: DayDate, *, closed: bool) -> Roster:
    """The roster in which the centre is closed on this date, or open as every week.

    What the date said of people is gone once it is closed: nobody works, and nobody is absent.
    """
    if is_holiday(roster, day) == closed:
        return roster
    others = [line for line in roster.lines if line.day != day]
    return roster_of([*others, Holiday(day=day)] if closed else others)


def _shifts(lines: Iterable[Line], staff: StaffId) -> tuple[Shift, ...]:
    return tuple(line for line in lines if isinstance(line, Shift) and line.staff == staff)


def _work(shift: Shift) -> Shift:
    """The shift without its day, its names in one order."""
    fields, languages = tuple(sorted(shift.fields)), tuple(sorted(shift.languages))
    return replace(shift, day="", fields=fields, languages=languages)
