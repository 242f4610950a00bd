"""What the commands of the roster tell: in words for people, and as values for JSON."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from config.model import Centre
from config.roster import (
    Absence,
    Changes,
    Duty,
    Line,
    Roster,
    Shift,
    Span,
    as_row,
    faults,
    is_holiday,
    on_day,
    opening,
    staff_of,
    weekday_of,
)
from config.roster_file import COLUMNS
from protocol.ids import DayDate, FieldId, LanguageCode, StaffId
from queue_server.forecast.coverage import CellDay, Level, planned, whole_day

CHANGES_TOLD_MAX = 60
"""Changes that an import tells one by one."""


class Alone(Struct, frozen=True, kw_only=True):
    """One person is all there is."""

    staff: StaffId
    begins: datetime
    ends: datetime


class CellTold(Struct, frozen=True, kw_only=True):
    """How a field in a language is covered on one day."""

    field: FieldId
    language: LanguageCode
    official: bool
    level: Level
    nobody: tuple[Span, ...]
    alone: tuple[Alone, ...]


class DayTold(Struct, frozen=True, kw_only=True):
    """How one day is covered; closed: without hours and cells."""

    day: DayDate
    opens: datetime | None = None
    closes: datetime | None = None
    holiday: bool = False
    """Closed on this date, whatever the hours of its weekday say."""
    cells: tuple[CellTold, ...] = ()

    @property
    def uncovered(self) -> bool:
        """Whether there is a time at which nobody covers a field in an official language."""
        return any(cell.nobody for cell in self.cells if cell.official)

    @property
    def empty(self) -> bool:
        """Whether nobody at all is planned while the centre is open."""
        return all(
            [(span.begins, span.ends) for span in cell.nobody] == [(self.opens, self.closes)]
            for cell in self.cells
        )


def day_told(roster: Roster, centre: Centre, day: DayDate) -> DayTold:
    """How this day is covered: each field in every official language, and in others that anybody speaks."""
    hours = opening(roster, centre, day)
    if hours is None:
        return DayTold(day=day, holiday=is_holiday(roster, day))
    plan = planned(on_day(roster, centre, day), hours.ends)
    cells = [(field.id, language) for field in centre.fields for language in centre.languages.all]
    found = whole_day(plan, cells, hours.begins, hours.ends)
    official = centre.languages.official
    return DayTold(
        day=day,
        opens=hours.begins,
        closes=hours.ends,
        cells=tuple(
            _cell_told(one, official=one.cell[1] in official)
            for one in found
            if one.cell[1] in official or any(step.staff for step in one.steps)
        ),
    )


def _cell_told(one: CellDay, *, official: bool) -> CellTold:
    field, language = one.cell
    return CellTold(
        field=field,
        language=language,
        official=official,
        level=one.level,
        nobody=tuple(Span(step.begins, step.ends) for step in one.at_level(Level.RED)),
        alone=tuple(
            Alone(staff=step.staff[0], begins=step.begins, ends=step.ends)
            for step in one.at_level(Level.AMBER)
        ),
    )


def day_in_words(told: DayTold) -> Iterator[str]:
    """A row for the day, and one for each field and language that is not covered by two all day."""
    if told.opens is None or told.closes is None:
        yield _closed(told.day, holiday=told.holiday)
        return
    yield f"{told.day} {weekday_of(told.day)} {_hours(told.opens, told.closes)}"
    if told.empty:
        yield "  nobody is planned"
        return
    thin = [cell for cell in told.cells if cell.level is not Level.GREEN]
    if not any(cell.official for cell in thin):
        yield "  every field in every official language is covered by two or more"
    for cell in sorted(thin, key=lambda cell: not cell.official):
        yield f"  {'' if cell.official else 'also '}{cell.field}/{cell.language}: {_thin_in_words(cell)}"


def closed_in_words(roster: Roster, centre: Centre, day: DayDate) -> str:
    """That the centre is closed on this day, and whether for a holiday; empty: it is open."""
    if opening(roster, centre, day) is not None:
        return ""
    return _closed(day, holiday=is_holiday(roster, day))


def _closed(day: DayDate, *, holiday: bool) -> str:
    return f"{day} {weekday_of(day)}: closed{' (holiday)' if holiday else ''}"


def _thin_in_words(cell: CellTold) -> str:
    when: dict[StaffId, list[Alone]] = {}
    for one in cell.alone:
        when.setdefault(one.staff, []).append(one)
    nobody = [f"nobody {_all_hours(cell.nobody)}"] if cell.nobody else []
    return "; ".join([*nobody, *(f"{staff} alone {_all_hours(some)}" for staff, some in when.items())])


def line_in_words(line: Line) -> str:
    """A line of the roster.

    >>> line_in_words(Absence(staff="c07", day="2026-12-01"))
    'c07          2026-12-01  absent'
    """
    return f"{staff_of(line) or 'everybody':<12} {line.day:<11} {_plan_in_words(line)}"


def _plan_in_words(line: Line) -> str:
    if not isinstance(line, Shift):
        return "absent" if isinstance(line, Absence) else "closed"
    _, _, begins, ends, fields, languages, breaks, stays = as_row(line)
    more = (fields, languages, breaks and f"breaks {breaks}", stays and "stays")
    return f"{begins}-{ends} {', '.join(part for part in more if part)}".rstrip()


def line_as_table(line: Line) -> dict[str, str]:
    """A line of the roster, by the names of its columns."""
    return dict(zip(COLUMNS, as_row(line), strict=True))


def duty_in_words(duty: Duty) -> str:
    """Hours, fields, languages and breaks of one person on one day."""
    breaks = f"breaks {_all_hours(duty.breaks)}" if duty.breaks else ""
    more = (" ".join(duty.fields), " ".join(duty.languages), breaks, "stays" if duty.stays else "")
    return f"{_hours(duty.begins, duty.ends)} {', '.join(part for part in more if part)}".rstrip()


def changes_in_words(found: Changes) -> Iterator[str]:
    """A row for each change, as far as people read them."""
    rows = [f"+ {line_in_words(line)}" for line in found.added]
    rows += [f"~ {line_in_words(line)} (before: {_plan_in_words(before)})" for before, line in found.changed]
    rows += [f"- {line_in_words(line)}" for line in found.removed]
    yield from rows[:CHANGES_TOLD_MAX]
    if len(rows) > CHANGES_TOLD_MAX:
        yield f"and {len(rows) - CHANGES_TOLD_MAX} more"


def changes_as_table(found: Changes) -> dict[str, list[Any]]:
    """All changes; what was changed as before and after."""
    return {
        "added": list(map(line_as_table, found.added)),
        "changed": [
            {"before": line_as_table(one), "after": line_as_table(other)} for one, other in found.changed
        ],
        "removed": list(map(line_as_table, found.removed)),
    }


def that_fit_no_more(roster: Roster, centre: Centre) -> Iterator[str]:
    """Lines that the centre's file has made wrong since they were imported."""
    for line in roster.lines:
        for what, suggestion in faults(line, centre):
            yield f"{staff_of(line)} {line.day}: {what}; {suggestion}"


def _hours(begins: datetime, ends: datetime) -> str:
    return f"{begins:%H:%M}-{ends:%H:%M}"


def _all_hours(some: Iterable[Span | Alone]) -> str:
    return " ".join(_hours(one.begins, one.ends) for one in some)
