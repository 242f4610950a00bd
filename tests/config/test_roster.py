"""A roster is taken whole, as a spreadsheet writes it or in TOML, or each mistake is named with its line."""

from datetime import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.centre import ALL_ROUND, TRAINER, small_centre

from config.model import Receptionist
from config.problem import RosterError
from config.roster import ROSTER_BYTES_MAX, Shift, parse_roster, read_roster

CENTRE = replace(small_centre(), receptionists=(Receptionist(id="host-1", name="Nadia"),))
HEAD = "staff,weekday,from,to\n"


def of(text: str, file: str = "roster.csv") -> tuple[Shift, ...]:
    return parse_roster(text.encode(), file, CENTRE)


def wrong(text: str | bytes, file: str = "roster.csv") -> list[str]:
    words = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(RosterError) as caught:
        parse_roster(words, file, CENTRE)
    return str(caught.value).splitlines()


def shift(staff: str, begins: time, ends: time) -> Shift:
    return Shift(staff=staff, weekday="monday", begins=begins, ends=ends)


TWO = (shift(ALL_ROUND, time(9, 30), time(13)), shift("host-1", time(13), time(17)))


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
    ("text", "said"),
    [
        (HEAD + f"{ALL_ROUND},monday,13:00,09:30", "line 2: ends at 09:30, before it begins"),
        (
            HEAD + f"{ALL_ROUND},lundredi,09:00,10:00",
            "value 'lundredi' - at `$.weekday`; for example c01,monday",
        ),
        (HEAD + f"{ALL_ROUND},monday,25:00,26:00", "line 2: Invalid RFC3339 encoded time"),
        (HEAD + "staff-ax,monday,09:00,10:00", f"nobody called 'staff-ax'; did you mean '{ALL_ROUND}'?"),
        (HEAD + f"{TRAINER},monday,09:00", "line 2: 3 columns instead of 4"),
        ("staff,day,from,to\n", "line 1: no column is called 'day'; did you mean"),
        (HEAD + '"' + ALL_ROUND, "line 2: not CSV"),
        ("staff,from,from,to\n", "line 1: two columns have one name"),
        (HEAD, "empty; give a line for each shift: staff,weekday,from,to"),
        ("", "empty; give a line for each shift: staff,weekday,from,to"),
        (b"staff,weekday,from,to\n\xff", "not UTF-8 at byte 22; save it as CSV UTF-8"),
        (b"x" * (ROSTER_BYTES_MAX + 1), f"longer than {ROSTER_BYTES_MAX} bytes"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(text: str | bytes, said: str) -> None:
    [line] = wrong(text)
    assert line.startswith("roster.csv: ")
    assert said in line


def test_all_mistakes_are_named_at_once() -> None:
    assert len(wrong(HEAD + "nobody-1,monday,09:00,10:00\nnobody-2,monday,10:00,09:00\n")) == 3


@pytest.mark.parametrize(
    "text", ["shifts = 3", "[[shift]]\nstaff = 'a'", "shifts = [1]", "not = [toml", "a = " + "1" * 5000]
)
def test_toml_that_is_no_roster_is_refused_in_words(text: str) -> None:
    assert wrong(text, "roster.toml")[0].startswith("roster.toml: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        read_roster(tmp_path / "roster.csv", CENTRE)
