"""The roster: who works on which weekday, from when to when. A CSV file, as a spreadsheet writes it, or TOML.

CSV has a line of names first: `staff,weekday,from,to`, separated by commas or semicolons. TOML has a table
`[[shifts]]` for each line, with the same keys.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import field

from config.model import Centre, Record, Weekday
from config.problem import Problem, RosterError, did_you_mean
from protocol.ids import StaffId

ROSTER_BYTES_MAX = 1024 * 1024
"""A year of sixty people, a line a day, takes less."""
COLUMNS = ("staff", "weekday", "from", "to")
WEEKDAYS = get_args(Weekday)
DAYS = {
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
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.]|[hH](?=[0-9]|$))(?:([0-9]{2})(?::00)?)?(?<![:.])")
_ADVICE = f"for example c01,monday,09:30,17:00; the days are {', '.join(WEEKDAYS)}"


class Shift(Record, frozen=True, kw_only=True):
    """One person on one weekday."""

    staff: StaffId
    weekday: Weekday
    begins: time = field(name="from")
    ends: time = field(name="to")


def read_roster(path: Path, centre: Centre) -> tuple[Shift, ...]:
    """All shifts of this file; RosterError names every problem with line and suggestion."""
    file = str(path)
    try:
        with path.open("rb") as opened:
            words = opened.read(ROSTER_BYTES_MAX + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise RosterError([Problem(file, "", what, "check the path and the rights")]) from error
    return parse_roster(words, file, centre)


def parse_roster(words: bytes, file: str, centre: Centre) -> tuple[Shift, ...]:
    """As `read_roster`, of what the file holds: TOML if it is named so, else CSV."""
    if len(words) > ROSTER_BYTES_MAX:
        raise RosterError([Problem(file, "", f"longer than {ROSTER_BYTES_MAX} bytes", "take one year")])
    try:
        text = words.decode("utf-8-sig")  # spreadsheets begin with a mark of the byte order
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise RosterError([Problem(file, "", what, "save it as CSV UTF-8")]) from error
    rows = list(_of_toml(text, file) if file.endswith(".toml") else _of_csv(text, file))
    shifts: list[Shift] = []
    problems: list[Problem] = []
    for where, row in rows:
        try:
            shift = msgspec.convert(row, Shift)
        except msgspec.ValidationError as error:
            problems.append(Problem(file, where, str(error), _ADVICE))
            continue
        shifts.append(shift)
        problems += _wrong_with(shift, file, where, centre)
    if not rows:
        problems.append(Problem(file, "", "empty", f"give a line for each shift: {','.join(COLUMNS)}"))
    if problems:
        raise RosterError(problems)
    return tuple(shifts)


def _of_toml(text: str, file: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # the first: no TOML, or a number without end
        raise RosterError([Problem(file, "", f"not TOML: {error}")]) from error
    shifts = tree.get("shifts")
    if not isinstance(shifts, list) or set(tree) != {"shifts"}:
        raise RosterError(
            [Problem(file, "", "not a roster", "give a table [[shifts]] for each shift, alone")]
        )
    for index, row in enumerate(shifts):
        yield f"shifts[{index}]", row


def _of_csv(text: str, file: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    first, _, _ = text.partition("\n")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        if len(set(names)) != len(names):
            raise RosterError([Problem(file, "line 1", "two columns have one name", "name each once")])
        for name in names:
            if name not in COLUMNS:
                raise RosterError(
                    [Problem(file, "line 1", f"no column is called '{name}'", did_you_mean(name, COLUMNS))]
                )
        for row in lines:
            cells = [cell.strip() for cell in row]
            where = f"line {lines.line_num}"
            if len(cells) != len(names) and any(cells):
                what = f"{len(cells)} columns instead of {len(names)}"
                raise RosterError([Problem(file, where, what, "one value for each column of line 1")])
            if any(cells):
                yield where, dict(zip(names, map(_cell, cells), strict=True))
    except csv.Error as error:
        raise RosterError([Problem(file, f"line {lines.line_num}", f"not CSV: {error}")]) from error


def _cell(cell: str) -> str | time:
    """An hour or a weekday as people write it: 9:30, 9h30, 9h, Lundi; anything else as it stands.

    >>> _cell("9h30"), _cell("9h"), _cell("Lundi"), _cell("25:00"), _cell("c01")
    (datetime.time(9, 30), datetime.time(9, 0), 'monday', '25:00', 'c01')
    """
    found = _HOUR.fullmatch(cell)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else DAYS.get(cell.casefold(), cell)
    except ValueError:
        return cell


def _wrong_with(shift: Shift, file: str, where: str, centre: Centre) -> Iterator[Problem]:
    known = {member.id for member in centre.counsellors} | {member.id for member in centre.receptionists}
    if shift.staff not in known:
        what = f"the centre knows nobody called '{shift.staff}'"
        yield Problem(file, where, what, did_you_mean(shift.staff, known))
    if shift.begins.tzinfo is not None or shift.ends.tzinfo is not None:
        yield Problem(file, where, "an hour with a time zone", "write local time, as 09:30")
    elif shift.ends <= shift.begins:
        yield Problem(file, where, f"ends at {shift.ends:%H:%M}, before it begins", "swap from and to")
