"""Days that were recorded: a CSV file of visitors, played against another roster or another rule.

The first line names the columns. `minute` (since opening), `field` and `languages` (codes joined by +, the
one asked for first) must be there. The others may be left out or empty, and are then drawn: `priority` and
`comes` (yes or no), `session_min`, `patience_min`, `then` and `then_min` (field and session of a transfer).
Where a day names the patience of some, the others have all the patience there is.
Rows of one `day` make a day; a date in it fixes the weekday. What `walkin simulate --csv` adds is not read.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import get_args

import msgspec
from msgspec.structs import replace

from config.model import Centre, Hours, Record, Weekday
from config.problem import ConfigError, Problem, did_you_mean
from protocol.ids import FieldId, LanguageCode
from walkin.planning.assumptions import Assumptions, Minutes
from walkin.planning.day import Visitor
from walkin.planning.demand import Crowd, with_leavers
from walkin.planning.place import Place

RECORDED_BYTES_MAX = 32 * 1024 * 1024
"""A thousand days of 300 visitors."""
NEEDED = ("minute", "field", "languages")
COLUMNS = ("day", *NEEDED, "priority", "comes", "session_min", "then", "then_min", "patience_min")
RESULTS = ("wait_min", "counsellor", "no_ticket")
"""Written beside the others, and not read."""
WEEKDAYS = get_args(Weekday)
_YES_OR_NO = {"yes": True, "no": False}


class Row(Record, frozen=True, kw_only=True):
    """One visitor, as the file has it."""

    day: str = ""
    minute: Minutes
    field: FieldId
    languages: tuple[LanguageCode, ...]
    priority: bool | None = None
    comes: bool | None = None
    session_min: Minutes | None = None
    then: FieldId | None = None
    then_min: Minutes | None = None
    patience_min: Minutes | None = None


class RecordedDay(Record, frozen=True, kw_only=True):
    """One day of the file."""

    weekday: Weekday | None
    """None: the file does not say."""
    rows: tuple[Row, ...]

    def visitors(
        self, place: Place, assumptions: Assumptions, seed: int, *, messy: bool
    ) -> tuple[Visitor, ...]:
        """Them, and what the file leaves open drawn from the seed."""
        crowd = Crowd(place, assumptions, Random(f"{seed}: recorded"))
        visitors = tuple(_visitor(row, crowd) for row in sorted(self.rows, key=lambda row: row.minute))
        known = any(visitor.patience_min is not None for visitor in visitors)
        return with_leavers(visitors, assumptions, seed) if messy and not known else visitors


def _visitor(row: Row, crowd: Crowd) -> Visitor:
    first, onward = crowd.leg(row.field), crowd.onward(row.field)
    if row.then is not None:
        onward = crowd.leg(row.then)
    elif row.session_min is not None:
        onward = None  # whoever knows how long it lasted knows that nothing followed
    if onward is not None and row.then_min is not None:
        onward = replace(onward, session_min=row.then_min)
    comes = crowd.comes()
    return Visitor(
        arrives_min=row.minute,
        languages=row.languages,
        priority=bool(row.priority),
        first=first if row.session_min is None else replace(first, session_min=row.session_min),
        then=onward,
        comes=comes if row.comes is None else row.comes,
        patience_min=row.patience_min,
    )


def read_recorded(path: Path, centre: Centre) -> tuple[RecordedDay, ...]:
    """All days of this file; ConfigError names every problem with its line."""
    try:
        with path.open("rb") as opened:
            words = opened.read(RECORDED_BYTES_MAX + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(str(path), "", what, "check the path and the rights")]) from error
    return parse_recorded(words, str(path), centre)


def parse_recorded(words: bytes, file: str, centre: Centre) -> tuple[RecordedDay, ...]:
    """As `read_recorded`, of what the file holds."""
    if len(words) > RECORDED_BYTES_MAX:
        raise ConfigError([Problem(file, "", f"longer than {RECORDED_BYTES_MAX} bytes", "take fewer days")])
    try:
        text = words.decode("utf-8-sig")  # spreadsheets begin with a mark of the byte order
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise ConfigError([Problem(file, "", what, "save it as CSV UTF-8")]) from error
    rows: list[Row] = []
    problems: list[Problem] = []
    for where, cells in _lines(text, file):
        try:
            row = msgspec.convert(_typed(cells), Row, strict=False)
        except msgspec.ValidationError as error:
            problems.append(Problem(file, where, str(error), "for example 12.5,training,nl+fr"))
            continue
        rows.append(row)
        problems += _wrong_with(row, file, where, centre)
    if not rows and not problems:
        problems.append(Problem(file, "", "nobody comes", f"give a line for each: {','.join(NEEDED)}"))
    if problems:
        raise ConfigError(problems)
    return tuple(_days(rows))


def _lines(text: str, file: str) -> Iterator[tuple[str, dict[str, str]]]:
    first, _, _ = text.partition("\n")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        problems = list(_wrong_columns(names, file))
        if problems:
            raise ConfigError(problems)
        for cells in lines:
            where = f"line {lines.line_num}"
            if len(cells) != len(names) and any(cells):
                what = f"{len(cells)} columns instead of {len(names)}"
                raise ConfigError([Problem(file, where, what, "one value for each column of line 1")])
            if any(cells):
                yield where, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    except csv.Error as error:
        raise ConfigError([Problem(file, f"line {lines.line_num}", f"not CSV: {error}")]) from error


def _wrong_columns(names: list[str], file: str) -> Iterator[Problem]:
    for name in names:
        if name not in (*COLUMNS, *RESULTS):
            yield Problem(file, "line 1", f"no column is called '{name}'", did_you_mean(name, COLUMNS))
    for name in NEEDED:
        if name not in names:
            yield Problem(file, "line 1", f"no column '{name}'", f"begin with {','.join(NEEDED)}")
    if len(set(names)) != len(names):
        yield Problem(file, "line 1", "two columns have one name", "name each once")


def _typed(cells: Mapping[str, str]) -> dict[str, object]:
    """What is not empty, lists and yes or no as such."""
    typed: dict[str, object] = {name: cell for name, cell in cells.items() if cell and name not in RESULTS}
    if "languages" in typed:
        typed["languages"] = [language.strip() for language in cells["languages"].split("+")]
    for name in ("priority", "comes"):
        if name in typed:
            typed[name] = _YES_OR_NO.get(cells[name].lower(), cells[name])
    return typed


def _wrong_with(row: Row, file: str, where: str, centre: Centre) -> Iterator[Problem]:
    for field in (row.field, row.then):
        if field is not None and field not in centre.fields_by_id:
            what = f"the centre has no field '{field}'"
            yield Problem(file, where, what, did_you_mean(field, centre.fields_by_id))
    for language in row.languages:
        if language not in centre.languages.all:
            what = f"the centre has no language '{language}'"
            yield Problem(file, where, what, did_you_mean(language, centre.languages.all))
    weekday = _weekday(row.day)
    if weekday is not None and weekday not in centre.hours:
        yield Problem(file, where, f"the centre is closed on {weekday}", "leave that day out")
        return
    open_min = max(map(_open_min, centre.hours.values() if weekday is None else [centre.hours[weekday]]))
    if row.minute > open_min:
        what = f"comes {row.minute:g} minutes after opening, when the centre has closed"
        yield Problem(file, where, what, f"{open_min} at most")


def _open_min(hours: Hours) -> int:
    opens, closes = (at.hour * 60 + at.minute for at in (hours.opens, hours.closes))
    return closes - opens


def _days(rows: Iterable[Row]) -> Iterator[RecordedDay]:
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row)
    for day, found in by_day.items():
        yield RecordedDay(weekday=_weekday(day), rows=tuple(found))


def _weekday(day: str) -> Weekday | None:
    try:
        return WEEKDAYS[date.fromisoformat(day).weekday()]  # type: ignore[no-any-return]
    except ValueError:
        return None
