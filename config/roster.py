"""Who works when: shifts by weekday or by date, absences, holidays; and who is on duty on a day. Pure.

What a person does on a date takes the place of the weekly plan of that person on that day, whole.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from itertools import groupby, pairwise
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from msgspec.structs import replace

from config.model import Centre, Weekday
from config.problem import did_you_mean
from protocol.ids import DayDate, FieldId, LanguageCode, StaffId
from protocol.plan import BREAKS_MAX, SHIFTS_MAX

WEEKDAYS = get_args(Weekday)
LINES_MAX = 20_000
"""A year of sixty people, a line a day, takes fewer."""
YEARS = range(2000, 2100)
"""A date in another century is a slip of the hand."""
NO_HOURS = "-"
"""Stands for both hours where nobody works."""

KEEP_ONE = "keep one of the two lines"

Day = Annotated[str, Meta(pattern=rf"^({'|'.join(WEEKDAYS)}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$")]
"""A weekday, every week, or one date."""
Cell = tuple[FieldId, LanguageCode]
"""What a visitor asks for: a field in a language."""
Skills = dict[StaffId, tuple[tuple[FieldId, ...], tuple[LanguageCode, ...]]]
"""Fields and languages of each person."""


class Break(Struct, frozen=True, order=True):
    """Away from the desk, local time."""

    begins: time
    ends: time


class Shift(Struct, frozen=True, kw_only=True):
    """One person on one weekday or date, local time."""

    staff: StaffId
    day: Day
    begins: time
    ends: time
    fields: tuple[FieldId, ...] = ()
    """Of the person's own; none: all of them."""
    languages: tuple[LanguageCode, ...] = ()
    """Likewise."""
    breaks: tuple[Break, ...] = ()
    """In their order."""
    stays: bool = False
    """Until the last visitor is served; of several shifts on one day this is said of the last."""


class Absence(Struct, frozen=True, kw_only=True):
    """This person does not work on this date, whatever the week says."""

    staff: StaffId
    day: DayDate


class Holiday(Struct, frozen=True, kw_only=True):
    """The whole centre is closed on this date."""

    day: DayDate


Line = Shift | Absence | Holiday


def staff_of(line: Line) -> str:
    """Whose line it is; empty: everybody's."""
    return "" if isinstance(line, Holiday) else line.staff


def _rank(line: Line) -> tuple[str, int, str, time]:
    """By person, the week before dates, by time of day."""
    weekly = WEEKDAYS.index(line.day) if line.day in WEEKDAYS else len(WEEKDAYS)
    return staff_of(line), weekly, line.day, line.begins if isinstance(line, Shift) else time.min


class Roster(Struct, frozen=True, dict=True):
    """The plan of a centre: by person, the week before dates, each in its order."""

    lines: tuple[Line, ...] = ()

    @cached_property
    def by_day(self) -> dict[Day, tuple[Line, ...]]:
        """The lines of each weekday and date; asked whenever anything happens."""
        found: dict[Day, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.day, []).append(line)
        return {day: tuple(lines) for day, lines in found.items()}

    @property
    def staff(self) -> tuple[StaffId, ...]:
        """Everybody who stands in it."""
        return tuple(dict.fromkeys(staff for staff in map(staff_of, self.lines) if staff))


def roster_of(lines: Iterable[Line]) -> Roster:
    """These lines in their order."""
    return Roster(tuple(sorted(lines, key=_rank)))


class Span(Struct, frozen=True, order=True):
    """From an instant until another, which is no part of it."""

    begins: datetime
    ends: datetime


class Duty(Struct, frozen=True, kw_only=True):
    """One person at work on one day, in instants that know their offset."""

    staff: StaffId
    fields: tuple[FieldId, ...]
    """None: this person works at reception."""
    languages: tuple[LanguageCode, ...]
    begins: datetime
    ends: datetime
    breaks: tuple[Span, ...] = ()
    stays: bool = False
    """Until the last visitor is served."""

    @property
    def cells(self) -> frozenset[Cell]:
        """What this person serves meanwhile."""
        return frozenset((field, language) for field in self.fields for language in self.languages)


def on_day(roster: Roster, centre: Centre, day: DayDate) -> tuple[Duty, ...]:
    """Who is on duty on this day, by begin and key; nobody on a holiday.

    People, fields and languages that the centre does not have any more are left out.
    """
    dated, weekly = roster.by_day.get(day, ()), roster.by_day.get(weekday_of(day), ())
    special = {staff_of(line) for line in dated}
    if "" in special:
        return ()
    lines = (*dated, *(line for line in weekly if staff_of(line) not in special))
    shifts = [line for line in lines if isinstance(line, Shift)]
    skills, zone = _skills(centre), ZoneInfo(centre.timezone)
    duties = [duty for shift in shifts for duty in _duty(shift, skills, zone, day)]
    last = {duty.staff: duty for duty in duties}
    return tuple(
        sorted(
            (duty if duty is last[duty.staff] else replace(duty, stays=False) for duty in duties),
            key=lambda duty: (duty.begins, duty.staff),
        )
    )


def opening(roster: Roster, centre: Centre, day: DayDate) -> Span | None:
    """When the centre is open on this day; none: it is not."""
    hours = centre.hours.get(weekday_of(day))
    if hours is None or is_holiday(roster, day):
        return None
    zone = ZoneInfo(centre.timezone)
    return Span(instant(day, hours.opens, zone), instant(day, hours.closes, zone))


def is_holiday(roster: Roster, day: DayDate) -> bool:
    """Whether the whole centre is closed on this date, whatever its hours say."""
    return Holiday(day=day) in roster.by_day.get(day, ())


def weekday_of(day: DayDate) -> Weekday:
    """The weekday of a date.

    >>> weekday_of("2026-12-01")
    'tuesday'
    """
    weekday: Weekday = WEEKDAYS[date.fromisoformat(day).weekday()]
    return weekday


def _duty(shift: Shift, skills: Skills, zone: ZoneInfo, day: DayDate) -> Iterator[Duty]:
    """The shift on this day; nothing when its person is gone, or the clocks go forward over all of it."""
    own = skills.get(shift.staff)
    whole = Span(instant(day, shift.begins, zone), instant(day, shift.ends, zone))
    if own is None or whole.begins >= whole.ends:
        return
    fields, languages = own
    breaks = (Span(instant(day, one.begins, zone), instant(day, one.ends, zone)) for one in shift.breaks)
    yield Duty(
        staff=shift.staff,
        fields=tuple(one for one in fields if not shift.fields or one in shift.fields),
        languages=tuple(one for one in languages if not shift.languages or one in shift.languages),
        begins=whole.begins,
        ends=whole.ends,
        breaks=tuple(one for one in breaks if one.begins < one.ends),
        stays=shift.stays,
    )


def _skills(centre: Centre) -> Skills:
    """Fields and languages of everybody in the centre's file; who works at reception has none."""
    found = {member.id: (member.fields, member.languages) for member in centre.counsellors}
    return found | {member.id: ((), ()) for member in centre.receptionists}


def instant(day: DayDate, at: time, zone: ZoneInfo) -> datetime:
    """This local time as an instant with its offset; of one that there is twice, the first.

    One that there is not, since the clocks go forward over it, is the moment at which they do.
    """
    local = datetime.combine(date.fromisoformat(day), at, zone)
    before, after = _offset(local), _offset(local.replace(fold=1))
    first = local.astimezone(UTC)
    if before < after:
        first -= after - before
        gone_s = bisect_left(
            range(int((after - before).total_seconds())),
            True,
            key=lambda second: _offset((first + timedelta(seconds=second)).astimezone(zone)) == after,
        )
        first += timedelta(seconds=gone_s)
    return first.astimezone(timezone(_offset(first.astimezone(zone))))


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def faults(line: Line, centre: Centre) -> Iterator[tuple[str, str]]:
    """What is wrong with this line alone in this centre, and what to do about it."""
    if isinstance(line, Holiday):
        return
    skills = _skills(centre)
    if line.staff not in skills:
        yield f"the centre knows nobody called '{line.staff}'", did_you_mean(line.staff, skills)
    if isinstance(line, Absence):
        return
    if line.ends <= line.begins:
        yield f"ends at {line.ends:%H:%M}, before it begins", "swap from and to"
    fields, languages = skills.get(line.staff, (line.fields, line.languages))
    for wanted, own, what in ((line.fields, fields, "field"), (line.languages, languages, "language")):
        for name in wanted:
            if not own:
                yield f"'{line.staff}' works at reception and has no {what}s", "leave it empty"
            elif name not in own:
                yield f"'{name}' is no {what} of '{line.staff}'", did_you_mean(name, own)
    yield from _in_breaks(line)


def _in_breaks(shift: Shift) -> Iterator[tuple[str, str]]:
    if len(shift.breaks) > BREAKS_MAX:
        yield f"{len(shift.breaks)} breaks", f"{BREAKS_MAX} at most"
    for one in shift.breaks:
        said = f"the break {one.begins:%H:%M}-{one.ends:%H:%M}"
        if one.ends <= one.begins:
            yield f"{said} ends before it begins", "swap its hours"
        elif one.begins < shift.begins or one.ends > shift.ends:
            yield f"{said} is not within the shift", "a break lies between from and to"
    for one, other in pairwise(shift.breaks):
        if other.begins < one.ends:
            yield f"two breaks overlap at {other.begins:%H:%M}", "make one of them"


def clashes(placed: Sequence[tuple[str, Line]]) -> Iterator[tuple[str, str, str]]:
    """Lines that contradict another one: where the later stands, what is wrong, and what to do about it."""
    ranked = sorted(placed, key=lambda one: _rank(one[1]))
    closed = {line.day: where for where, line in ranked if isinstance(line, Holiday)}
    for _, same in groupby(ranked, key=lambda one: (staff_of(one[1]), one[1].day)):
        lines = list(same)
        if len(lines) > SHIFTS_MAX:
            where, line = lines[SHIFTS_MAX]
            yield where, f"'{staff_of(line)}' has {len(lines)} lines of {line.day}", f"{SHIFTS_MAX} at most"
        for (first, one), (where, other) in pairwise(lines):
            if isinstance(one, Shift) and isinstance(other, Shift):
                if other.begins < one.ends:
                    what = f"'{other.staff}' has another shift at {other.begins:%H:%M}, {first}"
                    yield where, what, "shifts of one person do not overlap"
            elif type(one) is type(other):
                yield where, f"says the same as {first}", "remove one of the two lines"
            else:
                yield where, f"'{staff_of(other)}' works and is absent on {other.day}, {first}", KEEP_ONE
    for where, line in ranked:
        if line.day in closed and not isinstance(line, Holiday):
            yield where, f"{line.day} is a holiday, {closed[line.day]}", KEEP_ONE


class Changes(Struct, frozen=True):
    """What makes one roster of another."""

    added: tuple[Line, ...]
    changed: tuple[tuple[Line, Line], ...]
    """Before and after, of one person on one day."""
    removed: tuple[Line, ...]


def changes(before: Roster, after: Roster) -> Changes:
    """What is different; nothing at all between equal rosters."""
    left, right = set(before.lines), set(after.lines)
    gone = _by_person_and_day(line for line in before.lines if line not in right)
    come = _by_person_and_day(line for line in after.lines if line not in left)
    pairs = {whose: list(zip(gone[whose], come[whose], strict=False)) for whose in gone if whose in come}
    return Changes(
        tuple(line for whose, some in come.items() for line in some[len(pairs.get(whose, ())) :]),
        tuple(pair for some in pairs.values() for pair in some),
        tuple(line for whose, some in gone.items() for line in some[len(pairs.get(whose, ())) :]),
    )


def _by_person_and_day(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        found.setdefault((staff_of(line), line.day), []).append(line)
    return found


Row = tuple[str, str, str, str, str, str, str, str]
"""Person, day, hours, fields, languages, breaks, and whether the person stays."""


def as_row(line: Line) -> Row:
    """A line as words, as a spreadsheet and the registry hold it."""
    if not isinstance(line, Shift):
        return staff_of(line), line.day, NO_HOURS, NO_HOURS, "", "", "", ""
    breaks = " ".join(f"{one.begins:%H:%M}-{one.ends:%H:%M}" for one in line.breaks)
    return (
        line.staff,
        line.day,
        f"{line.begins:%H:%M}",
        f"{line.ends:%H:%M}",
        " ".join(line.fields),
        " ".join(line.languages),
        breaks,
        "yes" if line.stays else "",
    )


def from_row(row: Row) -> Line:
    """The line of which `as_row` made these words; ValueError: of none."""
    staff, day, begins, ends, fields, languages, breaks, stays = row
    if begins == NO_HOURS:
        return Absence(staff=staff, day=day) if staff else Holiday(day=day)
    return Shift(
        staff=staff,
        day=day,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        fields=tuple(fields.split()),
        languages=tuple(languages.split()),
        breaks=tuple(Break(*map(time.fromisoformat, one.split("-"))) for one in breaks.split()),
        stays=bool(stays),
    )
