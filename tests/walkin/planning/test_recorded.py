from pathlib import Path

import pytest

from config.load import load
from config.problem import ConfigError
from walkin.planning.assumptions import read_assumptions
from walkin.planning.day import Visitor
from walkin.planning.place import place_of
from walkin.planning.recorded import RECORDED_BYTES_MAX, parse_recorded, read_recorded

BRUSSELS = load(Path(__file__).parents[3] / "config" / "brussels.toml")
ASSUMED = read_assumptions()
PLACE = place_of(BRUSSELS, "monday", ASSUMED)


def played(text: str, *, seed: int = 1, messy: bool = False) -> tuple[Visitor, ...]:
    (day,) = parse_recorded(text.encode(), "ours.csv", BRUSSELS)
    return day.visitors(PLACE, ASSUMED, seed, messy=messy)


def problems_of(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_recorded(text.encode(), "ours.csv", BRUSSELS)
    return str(caught.value)


def test_what_the_file_says_is_played_as_it_says() -> None:
    text = (
        "minute,field,languages,priority,comes,session_min,then,then_min,patience_min,wait_min,counsellor\n"
        "12.5,training,nl+fr,yes,no,31,mobility,8,15,44,c01\n"
    )
    (visitor,) = played(text)
    assert visitor.arrives_min == 12.5
    assert (visitor.cell, visitor.languages) == (("training", "nl"), ("nl", "fr"))
    assert (visitor.priority, visitor.comes, visitor.patience_min) == (True, False, 15)
    assert visitor.first.session_min == 31
    assert visitor.then is not None
    assert (visitor.then.field, visitor.then.session_min) == ("mobility", 8)


def test_what_the_file_leaves_open_is_drawn_from_the_seed() -> None:
    text = "minute,field,languages,session_min\n1,training,fr,\n2,education,fr,20\n"
    first, second = played(text)
    assert played(text) == (first, second)
    assert played(text, seed=2)[0].first.session_min != first.first.session_min
    assert played(text, seed=2)[1].first.session_min == 20
    assert not first.priority


def test_visitors_come_in_the_order_of_their_minutes_whatever_that_of_the_lines() -> None:
    text = "minute;field;languages\n30;training;fr\n\n2;education;nl\n"
    assert [visitor.arrives_min for visitor in played(text)] == [2, 30]


def test_a_session_whose_length_is_known_and_that_names_no_transfer_has_none() -> None:
    text = "minute,field,languages,session_min\n" + "5,training,fr,20\n" * 100
    assert all(visitor.then is None for visitor in played(text))
    text = "minute,field,languages\n" + "5,training,fr\n" * 100
    assert any(visitor.then is not None for visitor in played(text))


def test_on_a_messy_day_some_are_impatient_unless_the_file_says_who() -> None:
    text = "minute,field,languages,patience_min\n" + "5,training,fr,\n" * 100
    assert any(visitor.patience_min is not None for visitor in played(text, messy=True))
    known = played(text + "6,training,fr,40\n", messy=True)
    assert [visitor.patience_min for visitor in known if visitor.patience_min is not None] == [40]


def test_rows_of_one_day_make_a_day_and_a_date_fixes_its_weekday() -> None:
    text = "day,minute,field,languages\n2026-11-26,1,training,fr\n7,1,training,fr\n2026-11-26,2,training,nl\n"
    thursday, unknown = parse_recorded(text.encode(), "ours.csv", BRUSSELS)
    assert (thursday.weekday, len(thursday.rows)) == ("thursday", 2)
    assert (unknown.weekday, len(unknown.rows)) == (None, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: no column 'minute'; begin with minute,field,languages"),
        ("minute,field,languages\n", "ours.csv: nobody comes; give a line for each: minute,field,languages"),
        ("minute,field,language\n", "line 1: no column is called 'language'; did you mean 'languages'?"),
        ("minute,field,languages,minute\n", "line 1: two columns have one name; name each once"),
        ("minute,field,languages\n1,training\n", "line 2: 2 columns instead of 3; one value for each"),
        ("minute,field,languages\nten,training,fr\n", "line 2: Expected `float`, got `str` - at `$.minute`"),
        ("minute,field,languages\n-1,training,fr\n", "line 2: Expected `float` >= 0.0 - at `$.minute`"),
        ("minute,field,languages\nnan,training,fr\n", "line 2: Expected `float` >= 0.0 - at `$.minute`"),
        ("minute,field,languages\n1,,fr\n", "line 2: Object missing required field `field`"),
        (
            "minute,field,languages\n1,trainings,fr\n",
            "the centre has no field 'trainings'; did you mean 'training'?",
        ),
        (
            "minute,field,languages\n1,training,xx\n",
            "line 2: the centre has no language 'xx'; use one of: de",
        ),
        ("minute,field,languages,comes\n1,training,fr,maybe\n", "line 2: Expected `bool | null`, got `str`"),
        (
            "day,minute,field,languages\n2026-11-29,1,training,fr\n",
            "line 2: the centre is closed on sunday; leave that day out",
        ),
        (
            "minute,field,languages\n570,training,fr\n571,training,fr\n",
            "line 3: comes 571 minutes after opening, when the centre has closed; 570 at most",
        ),
        (
            "day,minute,field,languages\n2026-11-30,451,training,fr\n",
            "line 2: comes 451 minutes after opening, when the centre has closed; 450 at most",
        ),
        ('minute,field,languages\n1,"training,fr\n', "line 2: not CSV: unexpected end of data"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(text: str, told: str) -> None:
    assert told in problems_of(text)


def test_every_line_that_is_wrong_is_named() -> None:
    assert len(problems_of("minute,field,languages\nx,training,fr\n1,none,fr\n").splitlines()) == 2


def test_bytes_that_are_no_text_and_files_beyond_all_measure_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    for words, told in (
        (b"minute\xff", "not UTF-8 at byte 6"),
        (b"x" * (RECORDED_BYTES_MAX + 1), "longer than"),
    ):
        file.write_bytes(words)
        with pytest.raises(ConfigError, match=told):
            read_recorded(file, BRUSSELS)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_recorded(tmp_path / "none.csv", BRUSSELS)
