"""A roster is taken whole, as a spreadsheet writes it or in TOML, or each mistake is named with its line."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from support.broken import ROOT
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre
from support.rosters import rosters

from config import roster_file
from config.load import load
from config.model import Receptionist
from config.problem import RosterError
from config.roster import Absence, Break, Holiday, Roster, Shift, roster_of
from config.roster_file import (
    CELL_CHARS_MAX,
    COLUMNS,
    ROSTER_BYTES_MAX,
    parse_roster,
    read_roster,
    write_roster,
)

CENTRE = replace(small_centre(), receptionists=(Receptionist(id="host-1", name="Nadia"),))
HEAD = "staff,weekday,from,to\n"
FULL = "staff,day,from,to,fields,languages,breaks,stays\n"


def of(text: str, file: str = "roster.csv") -> tuple[object, ...]:
    return parse_roster(text.encode(), file, CENTRE).lines


def wrong(text: str | bytes, file: str = "roster.csv") -> list[str]:
    words = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(RosterError) as caught:
        parse_roster(words, file, CENTRE)
    return str(caught.value).splitlines()


def shift(staff: str, begins: time, ends: time) -> Shift:
    return Shift(staff=staff, day="monday", begins=begins, ends=ends)


TWO = (shift("host-1", time(13), time(17)), shift(ALL_ROUND, time(9, 30), time(13)))
RICH = (
    Holiday(day="2026-12-25"),
    Absence(staff=ALL_ROUND, day="2026-12-01"),
    Shift(
        staff=TRAINER,
        day="friday",
        begins=time(9),
        ends=time(17, 30),
        fields=("training",),
        languages=("nl", "fr"),
        breaks=(Break(time(10, 30), time(10, 45)), Break(time(12), time(12, 45))),
        stays=True,
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + f"{ALL_ROUND},monday,09:30,13:00\nhost-1,monday,13:00,17:00\n",
        (
            "\ufeffstaff;weekday;from;to\r\n"
            f"{ALL_ROUND};monday;9:30;13:00\r\nhost-1;monday;13h00;17h00\r\n;;;\r\n"
        ),
        "staff,weekday,from,to\n" + f"{ALL_ROUND},Lundi,9h30,13h\nhost-1,MAANDAG,13h00,17h\n",
        "to,from,weekday,Staff\n" + f"13.00, 09:30:00 ,monday,{ALL_ROUND}\n17:00,13:00,monday,host-1",
    ],
    ids=["commas", "a spreadsheet in French", "days as people call them", "other order"],
)
def test_a_roster_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert of(text) == TWO


def test_a_roster_in_toml_is_the_same() -> None:
    table = '[[shifts]]\nstaff = "{}"\nweekday = "monday"\nfrom = {}\nto = {}\n'
    text = table.format(ALL_ROUND, "09:30:00", "13:00:00") + table.format("host-1", "13:00:00", "17:00:00")
    assert of(text, "roster.toml") == TWO


@pytest.mark.parametrize(
    "text",
    [
        FULL
        + f"{TRAINER},friday,09:00,17:30,training,nl fr,10:30-10:45 12:00-12:45,yes\n"
        + f"{ALL_ROUND},2026-12-01,-,-,,,,\n,2026-12-25,-,-,,,,\n",
        (
            "stays;breaks;languages;fields;to;from;date;staff\r\n"
            f"Oui;12h - 12h45 10h30–10h45;nl+fr;training;17h30;9h;Vrijdag;{TRAINER}\r\n"
            f"non;;;;;;2026-12-01;{ALL_ROUND}\r\n;;;;–;–;2026-12-25;\r\n"
        ),
        FULL
        + f'{TRAINER},FREITAG,9.00,17.30,"training","nl, fr, nl","12:00-12:45, 10:30-10:45",x\n'
        + f"{ALL_ROUND},2026-12-01,,,,,-,no\n,2026-12-25,-,,,,,\n",
    ],
    ids=["as it is exported", "a spreadsheet in Dutch and French", "cells with commas"],
)
def test_a_line_can_name_a_date_fields_languages_breaks_absences_and_holidays(text: str) -> None:
    assert of(text) == RICH


def test_the_same_in_toml() -> None:
    text = (
        f'[[shifts]]\nstaff = "{TRAINER}"\nday = "friday"\nfrom = 09:00:00\nto = 17:30:00\n'
        'fields = ["training"]\nlanguages = ["nl", "fr"]\nbreaks = ["10:30-10:45", "12:00-12:45"]\n'
        f'stays = true\n[[shifts]]\nstaff = "{ALL_ROUND}"\nday = 2026-12-01\nstays = false\n'
        '[[shifts]]\ndate = "2026-12-25"\n'
    )
    assert of(text, "roster.toml") == RICH


@settings(deadline=None)
@given(rosters(CENTRE))
def test_what_is_written_is_read_back_whole(roster: Roster) -> None:
    if roster.lines:
        assert parse_roster(write_roster(roster).encode(), "roster.csv", CENTRE) == roster


def test_what_is_written_names_its_columns_and_can_be_read_by_people() -> None:
    assert write_roster(roster_of(RICH)) == (
        "staff,day,from,to,fields,languages,breaks,stays\n"
        ",2026-12-25,-,-,,,,\n"
        "staff-ar,2026-12-01,-,-,,,,\n"
        "staff-tr,friday,09:00,17:30,training,nl fr,10:30-10:45 12:00-12:45,yes\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + f"{ALL_ROUND},monday,13:00,09:30", "line 2: ends at 09:30, before it begins"),
        (
            HEAD + f"{ALL_ROUND},mondy,09:00,10:00",
            "line 2: 'mondy' is no day; did you mean 'monday'?; for ex",
        ),
        (
            HEAD + f"{ALL_ROUND},1/12/2026,9:00,10:00",
            "may be one date or another; write year-month-day, as 2",
        ),
        (HEAD + f"{ALL_ROUND},2026-02-30,9:00,10:00", "there is no day 2026-02-30; a date from 2000 to 2099"),
        (HEAD + f"{ALL_ROUND},1926-02-03,9:00,10:00", "there is no day 1926-02-03; a date from 2000 to 2099"),
        (HEAD + f"{ALL_ROUND},monday,25:00,13:00", "line 2: '25:00' is no hour of a day; write 09:30"),
        (HEAD + f"{ALL_ROUND},monday,09:30:15,13:00", "line 2: '09:30:15' is no hour of a day; write 09:30"),
        (HEAD + "staff-ax,monday,09:00,10:00", f"nobody called 'staff-ax'; did you mean '{ALL_ROUND}'?"),
        (HEAD + "staff-ax,2026-12-01,-,-", f"nobody called 'staff-ax'; did you mean '{ALL_ROUND}'?"),
        (HEAD + f"{TRAINER},monday,09:00", "line 2: 3 columns instead of 4"),
        (HEAD + f"{TRAINER},monday,09:00,-", "line 2: one hour alone; give from and to"),
        (HEAD + f"{TRAINER},monday,-,17:00", "line 2: one hour alone; give from and to"),
        (HEAD + f"{TRAINER},monday,-,-", "line 2: no hours on monday; remove the line"),
        (HEAD + ",2026-12-25,09:00,12:00", "line 2: nobody's shift; name its person; a holiday has no hours"),
        (
            FULL + f"{TRAINER},2026-12-01,-,-,training,,,",
            "line 2: no hours, and yet more than person and date",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,work,,,",
            f"'work' is no field of '{TRAINER}'; use one of: training",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,en,,",
            f"'en' is no language of '{TRAINER}'; use one of: fr, nl",
        ),
        (
            FULL + "host-1,monday,9:00,17:00,work,,,",
            "'host-1' works at reception and has no fields; leave it",
        ),
        (FULL + f"{TRAINER},monday,9:00,17:00,,,12-13,", "line 2: '12' is no hour of a day"),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,12:00,",
            "line 2: '12:00' is no break; write 12:00-12:45, sev",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,12:00-—,",
            "line 2: '12:00-—' is no break; write 12:00-12:45",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,13:00-12:00,",
            "break 13:00-12:00 ends before it begins; swap",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,8:30-9:30,",
            "break 08:30-09:30 is not within the shift; a b",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,16:30-17:30,",
            "break 16:30-17:30 is not within the shift; a b",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,12h-13h 12h30-14h,",
            "two breaks overlap at 12:30; make one of",
        ),
        (
            FULL + f"{TRAINER},monday,9h,17h,,,9h-9h5 10h-10h5 11h-11h5 12h-12h5 13h-13h5 14h-14h5 15h-15h5,",
            "line 2: '9h5' is no hour of a day",
        ),
        (
            FULL + f"{TRAINER},monday,9h,17h,,,{' '.join(f'{h}:00-{h}:05' for h in range(10, 17))},",
            "7 breaks; 6",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,,,,maybe",
            "'maybe' does not say whether the person stays; writ",
        ),
        (
            FULL + f"{TRAINER},monday,9:00,17:00,{'a' * (CELL_CHARS_MAX + 1)},,,",
            "fields: longer than 200 lett",
        ),
        (HEAD + f"{'x' * 41},monday,9:00,10:00", f"nobody called '{'x' * 40}…'"),
        (HEAD + '"a\x1b[2J",monday,9:00,10:00', "nobody called 'a?[2J'"),
        ("staff,dag,from,to\n", "line 1: no column is called 'dag'; did you mean 'day'?"),
        (
            "staff,day,from\n",
            "line 1: no column is called 'to'; name them in the first line: staff,day,from,to",
        ),
        (HEAD + '"' + ALL_ROUND, "line 2: not CSV"),
        ("staff,from,from,to\n", "line 1: two columns have one name"),
        ("staff,date,weekday,from,to\n", "line 1: two columns have one name"),
        (HEAD, "empty; give a line for each shift: staff,day,from,to"),
        ("", "empty; give a line for each shift: staff,day,from,to"),
        (b"staff,weekday,from,to\n\xff", "not UTF-8 at byte 22; save it as CSV UTF-8"),
        (b"x" * (ROSTER_BYTES_MAX + 1), f"longer than {ROSTER_BYTES_MAX} bytes"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(text: str | bytes, said: str) -> None:
    [line] = wrong(text)
    assert line.startswith("roster.csv: ")
    assert said in line


def test_all_mistakes_are_named_at_once() -> None:
    assert len(wrong(HEAD + "nobody-1,monday,09:00,10:00\nnobody-2,tuesday,10:00,09:00\n")) == 3
    assert len(wrong(FULL + f"{WORKER},x,y,z,,,q,r\n")) == 5


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (
            f"{WORKER},monday,12:30,15:00",
            f"'{WORKER}' has another shift at 12:30, line 2; shifts of one person",
        ),
        (
            f"{WORKER},monday,09:00,13:00",
            f"'{WORKER}' has another shift at 09:00, line 2; shifts of one person",
        ),
        (
            f"{WORKER},2026-12-01,14:00,15:00",
            f"'{WORKER}' works and is absent on 2026-12-01, line 3; keep one",
        ),
        (f"{WORKER},2026-12-01,-,-", "says the same as line 3; remove one of the two lines"),
        (",2026-12-25,-,-", "says the same as line 4; remove one of the two lines"),
        (f"{DUTCH},2026-12-25,9h,12h", "2026-12-25 is a holiday, line 4; keep one of the two lines"),
        (f"{DUTCH},2026-12-25,-,-", "2026-12-25 is a holiday, line 4; keep one of the two lines"),
    ],
)
def test_lines_that_contradict_one_another_are_named_with_both_places(second: str, said: str) -> None:
    first = f"{WORKER},monday,09:00,13:00\n{WORKER},2026-12-01,-,-\n,2026-12-25,-,-\n"
    [line] = wrong(HEAD + first + second)
    assert line.startswith(f"roster.csv: line 5: {said}")


def test_a_person_may_work_twice_on_one_day_in_different_fields() -> None:
    text = FULL + f"{ALL_ROUND},monday,9:00,13:00,work,,,\n{ALL_ROUND},monday,13:00,17:00,abroad,,,\n"
    assert len(of(text)) == 2


def test_a_person_has_four_shifts_on_one_day_at_most() -> None:
    shifts = [f"{ALL_ROUND},monday,{hour}:00,{hour}:45\n" for hour in range(10, 15)]
    assert len(of(HEAD + "".join(shifts[:4]))) == 4
    assert wrong(HEAD + "".join(shifts)) == [
        f"roster.csv: line 6: '{ALL_ROUND}' has 5 lines of monday; 4 at most"
    ]


def test_a_file_of_more_lines_than_a_year_has_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_file, "LINES_MAX", 2)
    lines = [f"{WORKER},2026-12-0{day},-,-\n" for day in (1, 2, 3)]
    assert len(of(HEAD + "".join(lines[:2]))) == 2
    assert "more than 2 lines; take one year" in wrong(HEAD + "".join(lines))[0]


@pytest.mark.parametrize(
    "text",
    [
        "shifts = 3",
        "[[shift]]\nstaff = 'a'",
        "shifts = [1]",
        "not = [toml",
        "a = " + "1" * 5000,
        "[[shifts]]\nwho = 'a'",
        "[[shifts]]\nday = 2026-12-01T09:00:00",
        "[[shifts]]\nfields = [1]",
        "[[shifts]]\nday = 'monday'\nweekday = 'monday'",
        "[[shifts]]\nbreaks = {}",
    ],
)
def test_toml_that_is_no_roster_is_refused_in_words(text: str) -> None:
    assert wrong(text, "roster.toml")[0].startswith("roster.toml: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path / "roster.csv", CENTRE)


def test_what_the_handbook_shows_is_a_roster() -> None:
    page = (ROOT / "docs" / "how-to" / "write-the-roster.md").read_text(encoding="utf-8")
    brussels = load(ROOT / "config" / "brussels.toml")
    _, table, _ = page.split("```\n", 2)
    assert len(parse_roster(table.encode(), "roster.csv", brussels).lines) == 6
    toml = page.split("```toml\n")[1].split("```")[0]
    assert len(parse_roster(toml.encode(), "roster.toml", brussels).lines) == 2
    assert set(COLUMNS) == {name for name in COLUMNS if f"`{name}`" in page}
