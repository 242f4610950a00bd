"""Reads and writes the roster of a centre: a CSV file, as a spreadsheet writes it, or TOML.

CSV has a line of names first, `staff,day,from,to` and what else is wanted, in any order, separated by commas
or semicolons. TOML has a table `[[shifts]]` for each line, with the same keys.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from config.model import Centre
from config.problem import Problem, RosterError, did_you_mean
from config.roster import (
    LINES_MAX,
    NO_HOURS,
    WEEKDAYS,
    YEARS,
    Absence,
    Break,
    Day,
    Holiday,
    Line,
    Roster,
    Shift,
    as_row,
    clashes,
    faults,
    roster_of,
)

ROSTER_BYTES_MAX = 4 * 1024 * 1024
"""A year of sixty people, a line a day, takes a quarter."""
CELL_CHARS_MAX = 200
"""All fields of a centre in one cell take less."""
QUOTED_CHARS_MAX = 40
"""Of what a file says, in a sentence about it."""
COLUMNS = ("staff", "day", "from", "to", "fields", "languages", "breaks", "stays")
NEEDED = COLUMNS[:4]
SAME = {"weekday": "day", "date": "day"}
"""Other names of a column."""
DAYS: Mapping[str, Day] = {
    name: weekday
    for names in (
        WEEKDAYS,
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for name, weekday in zip(names, WEEKDAYS, strict=True)
}
"""What a spreadsheet calls the days in the languages of the screens."""
ANSWERS = {
    **dict.fromkeys(("yes", "oui", "ja", "true", "1", "x"), True),
    **dict.fromkeys(("no", "non", "nee", "nein", "false", "0", "-", ""), False),
}
"""Whether somebody stays, as people say it."""
NOBODY_WORKS = ("", "-", "–", "—")
"""What stands for an hour on a day of absence."""
ADVICE = "for example c01,monday,09:30,17:00 or, absent on one day, c01,2026-12-01,-,-"
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.]|[hH](?=[0-9]|$))(?:([0-9]{2})(?::00)?)?(?<![:.])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANY_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}")
_BETWEEN = re.compile(r"[\s,;+]+")
_DASH = re.compile(r"\s*[-–]\s*")


class WrongCellError(Exception):
    """A cell that cannot be understood: what is wrong, and what to do."""


def read_roster(path: Path, centre: Centre) -> Roster:
    """The roster in this file; RosterError names every problem with line and suggestion."""
    file = str(path)
    try:
        with path.open("rb") as opened:
            words = opened.read(ROSTER_BYTES_MAX + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise RosterError([Problem(file, "", what, "check the path and the rights")]) from error
    return parse_roster(words, file, centre)


def parse_roster(words: bytes, file: str, centre: Centre) -> Roster:
    """As `read_roster`, of what the file holds: TOML if it is named so, else CSV."""
    if len(words) > ROSTER_BYTES_MAX:
        raise RosterError([Problem(file, "", f"longer than {ROSTER_BYTES_MAX} bytes", "take one year")])
    try:
        text = words.decode("utf-8-sig")  # spreadsheets begin with a mark of the byte order
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise RosterError([Problem(file, "", what, "save it as CSV UTF-8")]) from error
    rows = list(_of_toml(text, file) if file.endswith(".toml") else _of_csv(text, file))
    if not rows:
        raise RosterError([Problem(file, "", "empty", f"give a line for each shift: {','.join(NEEDED)}")])
    if len(rows) > LINES_MAX:
        raise RosterError([Problem(file, "", f"more than {LINES_MAX} lines", "take one year")])
    placed: list[tuple[str, Line]] = []
    problems: list[Problem] = []
    for where, row in rows:
        found = _understood(row)
        if isinstance(found, list):
            problems += [Problem(file, where, *wrong) for wrong in found]
        else:
            placed.append((where, found))
            problems += [Problem(file, where, *wrong) for wrong in faults(found, centre)]
    problems += [Problem(file, where, *wrong) for where, *wrong in clashes(placed)]
    if problems:
        raise RosterError(problems)
    return roster_of(line for _, line in placed)


def write_roster(roster: Roster) -> str:
    """The roster as CSV, which `parse_roster` reads back."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(map(as_row, roster.lines))
    return text.getvalue()


def _of_toml(text: str, file: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # the first: no TOML, or a number without end
        raise RosterError([Problem(file, "", f"not TOML: {error}")]) from error
    shifts = tree.get("shifts")
    if not isinstance(shifts, list) or set(tree) != {"shifts"}:
        raise RosterError(
            [Problem(file, "", "not a roster", "give a table [[shifts]] for each line of it, alone")]
        )
    for index, row in enumerate(shifts):
        where = f"shifts[{index}]"
        if not isinstance(row, dict):
            raise RosterError([Problem(file, where, "not a table", "write [[shifts]] above its keys")])
        names = _columns(list(row), file, where)
        yield (
            where,
            dict(zip(names, (_cell(row[name], file, f"{where}.{name}") for name in row), strict=True)),
        )


def _cell(value: Any, file: str, where: str) -> str:
    """A value of TOML as a spreadsheet would hold it."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else ""
        case date() | time():
            return value.isoformat()
        case [*some] if all(isinstance(one, str) for one in some):
            return " ".join(some)
        case _:
            raise RosterError([Problem(file, where, "neither a word nor a list of words", ADVICE)])


def _of_csv(text: str, file: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    first, _, _ = text.partition("\n")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        names = _columns(head, file, "line 1") if any(head) else []
        for row in lines:
            cells = [cell.strip() for cell in row]
            where = f"line {lines.line_num}"
            if len(cells) != len(names) and any(cells):
                what = f"{len(cells)} columns instead of {len(names)}"
                raise RosterError([Problem(file, where, what, "one value for each column of line 1")])
            if any(cells):
                yield where, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise RosterError([Problem(file, f"line {lines.line_num}", f"not CSV: {error}")]) from error


def _columns(head: list[str], file: str, where: str) -> list[str]:
    """What the columns are, each by its one name."""
    names = [SAME.get(name, name) for name in head]
    for name in names:
        if name not in COLUMNS:
            what = f"no column is called {_quoted(name)}"
            raise RosterError([Problem(file, where, what, did_you_mean(name[:QUOTED_CHARS_MAX], COLUMNS))])
    if len(set(names)) != len(names):
        raise RosterError([Problem(file, where, "two columns have one name", "name each once")])
    if where == "line 1" and (missing := [name for name in NEEDED if name not in names]):
        what = f"no column is called '{missing[0]}'"
        raise RosterError([Problem(file, where, what, f"name them in the first line: {','.join(NEEDED)}")])
    return names


def _understood(row: Mapping[str, str]) -> Line | list[tuple[str, str]]:
    """The line that stands there, or all that is wrong in its cells."""
    wrong: list[tuple[str, str]] = []
    found: dict[str, Any] = {}
    for name, read in READERS.items():
        cell = row.get(name, "").strip()
        if len(cell) > CELL_CHARS_MAX:
            wrong.append((f"{name}: longer than {CELL_CHARS_MAX} letters", "one line is one shift"))
            continue
        try:
            found[name] = read(cell)
        except WrongCellError as error:
            what, suggestion = error.args
            wrong.append((what, suggestion))
    return wrong or _line(found)


def _line(found: Mapping[str, Any]) -> Line | list[tuple[str, str]]:
    staff, day, begins, ends = (found[name] for name in NEEDED)
    if begins is not None and ends is not None and staff:
        rest = {name: found[name] for name in COLUMNS[4:]}
        return Shift(staff=staff, day=day, begins=begins, ends=ends, **rest)
    if begins is not None or ends is not None:
        if not staff:
            return [("nobody's shift", f"name its person; a holiday has no hours: ,{day},-,-")]
        return [("one hour alone", f"give from and to, or of an absence neither; {ADVICE}")]
    if day in WEEKDAYS:
        return [(f"no hours on {day}", "remove the line; whoever is absent once gets a line with the date")]
    if any(found[name] for name in COLUMNS[4:]):
        return [("no hours, and yet more than person and date", f"leave the rest empty; {ADVICE}")]
    return Absence(staff=staff, day=day) if staff else Holiday(day=day)


def _day(cell: str) -> Day:
    """A weekday as people call it, or a date.

    >>> _day("Lundi"), _day("2026-12-01")
    ('monday', '2026-12-01')
    """
    if weekday := DAYS.get(cell.casefold()):
        return weekday
    if _DATE.fullmatch(cell):
        try:
            if date.fromisoformat(cell).year in YEARS:
                return cell
        except ValueError:
            pass
        raise WrongCellError(f"there is no day {cell}", f"a date from {YEARS[0]} to {YEARS[-1]}")
    if _ANY_DATE.fullmatch(cell):
        raise WrongCellError(
            f"{_quoted(cell)} may be one date or another", "write year-month-day, as 2026-12-01"
        )
    raise WrongCellError(f"{_quoted(cell)} is no day", f"{did_you_mean(cell.casefold(), WEEKDAYS)}; {ADVICE}")


def _hour(cell: str) -> time | None:
    """An hour as people write it; none where nobody works.

    >>> _hour("9h30"), _hour("9h"), _hour("-")
    (datetime.time(9, 30), datetime.time(9, 0), None)
    """
    if cell in NOBODY_WORKS:
        return None
    found = _HOUR.fullmatch(cell)
    try:
        if found:
            return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        pass
    raise WrongCellError(f"{_quoted(cell)} is no hour of a day", f"write 09:30; {ADVICE}")


def _names(cell: str) -> tuple[str, ...]:
    """Names in one cell, each once.

    >>> _names("training, work training")
    ('training', 'work')
    """
    names = dict.fromkeys(name for name in _BETWEEN.split(cell) if name and name != NO_HOURS)
    return tuple(map(_shown, names))


def breaks_in(cell: str) -> tuple[Break, ...]:
    """Breaks in one cell, in their order; WrongCellError.

    >>> breaks_in("15h-15h15, 12:00 - 12:45")[0]
    Break(begins=datetime.time(12, 0), ends=datetime.time(12, 45))
    """
    found = []
    for word in _BETWEEN.split(_DASH.sub("-", cell)) if cell not in NOBODY_WORKS else ():
        if word:
            begins, _, ends = word.partition("-")
            first, last = _hour(begins), _hour(ends)
            if first is None or last is None:
                advice = "write 12:00-12:45, several with a space between"
                raise WrongCellError(f"{_quoted(word)} is no break", advice)
            found.append(Break(first, last))
    return tuple(sorted(found))


def _stays(cell: str) -> bool:
    if (answer := ANSWERS.get(cell.casefold())) is None:
        what = f"{_quoted(cell)} does not say whether the person stays"
        raise WrongCellError(what, "write yes, or nothing")
    return answer


def _shown(cell: str) -> str:
    """What a file says, short enough and without marks that a terminal would obey."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in cell[:QUOTED_CHARS_MAX])
    return f"{shown}…" if len(cell) > QUOTED_CHARS_MAX else shown


def _quoted(cell: str) -> str:
    return f"'{_shown(cell)}'"


READERS: Mapping[str, Callable[[str], Any]] = {
    "staff": _shown,
    "day": _day,
    "from": _hour,
    "to": _hour,
    "fields": _names,
    "languages": _names,
    "breaks": breaks_in,
    "stays": _stays,
}
