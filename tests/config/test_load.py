import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.keys import problems_in
from config.load import ConfigError, load, parse
from config.model import Centre, Record

CONFIG = Path(__file__).parents[2] / "config"
FILE = "config/brussels.toml"
BRUSSELS = (CONFIG / "brussels.toml").read_text(encoding="utf-8")


def lines_of(text: str) -> list[str]:
    """What the loader says about this text, a line a problem."""
    with pytest.raises(ConfigError) as caught:
        parse(text, FILE)
    return str(caught.value).splitlines()


def changed(old: str, new: str) -> str:
    assert old in BRUSSELS
    return BRUSSELS.replace(old, new, 1)


@pytest.mark.parametrize("name", ["brussels", "charleroi"])
def test_the_shipped_centres_load(name: str) -> None:
    centre = load(CONFIG / f"{name}.toml")
    assert isinstance(centre, Centre)
    assert centre.id == name


def test_another_centre_differs_in_its_file_alone() -> None:
    brussels, charleroi = load(CONFIG / "brussels.toml"), load(CONFIG / "charleroi.toml")
    assert not {field.id for field in brussels.fields} & {field.id for field in charleroi.fields}
    assert charleroi.languages.official == ("fr",)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('letter = "S"', 'lettr = "S"', "fields[2].lettr: unknown key; did you mean 'letter'?"),
        ("[rules]", "[rule]", "rule: unknown key; did you mean 'rules'?"),
        ('letter = "S"\n', "", "fields[2].letter: missing in the table fields[2]; add letter = …"),
        ('timezone = "Europe/Brussels"\n', "", "timezone: missing in the file; add timezone = …"),
        (
            'letter = "S"',
            'letter = "s"',
            "fields[2].letter: 's' does not fit; one capital from A to Z",
        ),
        (
            "port = 9100",
            'port = "x"',
            "printers[0].port: 'x' is no whole number; write one from 1 to 65535, without quotes",
        ),
        (
            "port = 9100",
            'port = "9100"',
            "printers[0].port: '9100' is a text; write port = 9100, a number without quotes",
        ),
        ("port = 9100", "port = 0", "printers[0].port: 0 does not fit; write a number from 1 to 65535"),
        (
            "port = 9100",
            "port = 65536",
            "printers[0].port: 65536 does not fit; write a number from 1 to 65535",
        ),
        (
            "port = 9100",
            "port = true",
            "printers[0].port: True is no whole number; write one from 1 to 65535, without quotes",
        ),
        (
            "port = 9100",
            'bridged = "yes"',
            "printers[0].bridged: 'yes' is not true or false; write true or false, without quotes",
        ),
        ('profile = "default"', "profile = 3", "printers[0].profile: 3 is not a text; write it in quotes"),
        (
            "width_dots = 576",
            'width_dots = "576"',
            "printers[0].width_dots: '576' is a text; write width_dots = 576, a number without quotes",
        ),
        (
            'name = "printer-1"',
            'name = "Printer 1"',
            (
                "printers[0].name: 'Printer 1' does not fit; at most 31 small letters a to z, digits and "
                'hyphens, a letter or digit first, as in "printer-1"'
            ),
        ),
        (
            'fields = ["employment", "training"]',
            'fields = "employment"',
            "counsellors[1].fields: 'employment' is not a list; write it in brackets: [ … ]",
        ),
        (
            'organisation = "',
            'organisation = ""  # "',
            "counsellors[0].organisation: '' does not fit; write 1 to 60 letters",
        ),
        (
            '"per-field"',
            '"perfield"',
            "rules.numbering: 'perfield' is not a choice; did you mean 'per-field'?",
        ),
        (
            "tickets_per_field_max = 12",
            "tickets_per_field_max = 5",
            "rules.tickets_per_field_max: 5 does not fit; write a number from 6 to 999999",
        ),
        (
            "tickets_per_kiosk_max = 18",
            "tickets_per_kiosk_max = 9",
            (
                "rules.tickets_per_kiosk_max: 9 is below tickets_per_field_max, which is then never reached; "
                "write at least 12"
            ),
        ),
        ("monday =", "moonday =", "hours.moonday: 'moonday' is not a choice; did you mean 'monday'?"),
        (
            "opens = 09:30:00",
            'opens = "9h"',
            "hours.monday.opens: '9h' is not a time; write it as 09:00:00",
        ),
        (
            "monday = { opens = 09:30:00, closes = 17:00:00 }",
            "monday = 3",
            "hours.monday: must be a table, not 3",
        ),
        ('fr = "Se former", ', "", "fields[1].label: no text in 'fr'; add fr = \"…\""),
        (
            'fr = "Se former", ',
            'fr = "Se former", it = "Imparare", ',
            (
                "fields[1].label.it: not a language of the centre; "
                "remove it, or add the language to languages.further"
            ),
        ),
        ('letter = "S"', 'letter = "M"', "fields[2].letter: 'M' is already in fields[1]; give each its own"),
        (
            'colour = "#003C32"',
            'colour = "#0a5aa0"',
            "fields[1].colour: '#0A5AA0' is already in fields[0]; give each its own",
        ),
        ('id = "12"', 'id = "1"', "desks[11].id: '1' is already in desks[0]; give each its own"),
        (
            'id = "c02"',
            'id = "c01"',
            "counsellors[1].id: 'c01' is already in counsellors[0]; give each its own",
        ),
        (
            'name = "kiosk-2"',
            'name = "kiosk-1"',
            "kiosks[1].name: 'kiosk-1' is already in kiosks[0]; give each its own",
        ),
        (
            'fields = ["employment", "training"]',
            'fields = ["employment", "trainings"]',
            "counsellors[1].fields: no field 'trainings'; did you mean 'training'?",
        ),
        (
            'languages = ["de", "fr"]',
            'languages = ["it", "fr"]',
            "counsellors[15].languages: no language 'it'; use one of: de, en, fr, nl",
        ),
        (
            'name = "Karim Benali"',
            'name = "Karim Benali"\nlanguage = "vl"',
            "counsellors[10].language: no language 'vl'; use one of: de, en, fr, nl",
        ),
        (
            'name = "Nadia Haddad"',
            'name = "Nadia Haddad"\nlanguage = "it"',
            "receptionists[0].language: no language 'it'; use one of: de, en, fr, nl",
        ),
        (
            'printer = "printer-1"',
            'printer = "printer-9"',
            "kiosks[0].printer: no printer 'printer-9'; did you mean 'printer-1'?",
        ),
        (
            '"Europe/Brussels"',
            '"Europe/Brusels"',
            "timezone: no time zone 'Europe/Brusels'; did you mean 'Europe/Brussels'?",
        ),
        ('"Europe/Brussels"', '"../.."', "timezone: no time zone '../..'; write it as \"Europe/Brussels\""),
        (
            "closes = 19:00:00",
            "closes = 09:30:00",
            "hours.thursday: opens at 09:30, not before it closes at 09:30; put opens before closes",
        ),
        ('"fr", "nl"]  ', "]  ", 'languages.official: empty; name at least one language, e.g. ["fr", "nl"]'),
        (
            'further = ["de", "en"]',
            'further = ["de", "it"]',
            "languages: no texts in 'it'; use one of: de, en, fr, nl",
        ),
        (
            'further = ["de", "en"]',
            'further = ["de", "fr"]',
            "languages[3]: 'fr' is already in languages[0]; give each its own",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_to_do(old: str, new: str, line: str) -> None:
    assert f"{FILE}: {line}" in lines_of(changed(old, new))


def leaves(kind: Any) -> Iterator[Any]:
    """Every kind of value that stands in a file of this kind."""
    if isinstance(kind, type) and issubclass(kind, Record):
        for part in get_type_hints(kind, include_extras=True).values():
            yield from leaves(part)
    elif get_origin(kind) in (dict, tuple, UnionType):
        for part in get_args(kind):
            yield from leaves(part)
        if get_origin(kind) is not UnionType:
            yield kind
    elif kind not in (NoneType, Ellipsis):
        yield kind


@pytest.mark.parametrize("kind", sorted(set(leaves(Centre)), key=repr), ids=repr)
def test_every_kind_of_value_is_asked_for_in_plain_words(kind: Any) -> None:
    for value in ("?" * 99, 10**9, [], {}):
        for problem in problems_in(value, kind, FILE, "key"):
            assert problem.what
            assert problem.suggestion
            assert "`" not in str(problem)
            assert "regex" not in str(problem)


def test_every_unknown_and_missing_key_is_named_at_once() -> None:
    text = changed('letter = "S"', 'lettr = "S"').replace("[rules]", "[rule]").replace("host =", "hst =")
    assert lines_of(text) == [
        f"{FILE}: rule: unknown key; did you mean 'rules'?",
        f"{FILE}: fields[2].lettr: unknown key; did you mean 'letter'?",
        f"{FILE}: fields[2].letter: missing in the table fields[2]; add letter = …",
        f"{FILE}: printers[0].hst: unknown key; did you mean 'host'?",
    ]


def test_every_contradiction_is_named_at_once() -> None:
    text = (
        changed('letter = "S"', 'letter = "M"')
        .replace("19:00:00", "08:00:00")
        .replace('r-1"\n\n', 'r-7"\n\n')
    )
    assert len(lines_of(text)) == 3


def test_a_centre_needs_a_field_a_desk_a_kiosk_and_hours() -> None:
    head = BRUSSELS[: BRUSSELS.index("[languages]")]
    empty = "".join(f"{key} = []\n" for key in ("fields", "desks", "kiosks", "counsellors"))
    found = "\n".join(lines_of(f'{head}{empty}hours = {{}}\n[languages]\nofficial = ["fr"]\n'))
    for key in ("fields", "desks", "kiosks", "hours"):
        assert f"{FILE}: {key}: empty; add at least one" in found


def test_a_slip_of_syntax_is_named_with_line_and_column() -> None:
    (line,) = lines_of(changed("[rules]", "[rules"))
    assert line.startswith(f"{FILE}: not TOML: ")
    assert "line 14, column 7" in line


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file"):
        load(tmp_path / "nowhere.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b'id = "\xe9"')
    with pytest.raises(ConfigError, match="not UTF-8 at byte 6; save it as UTF-8"):
        load(odd)


@given(st.data())
def test_a_file_with_a_line_missing_loads_or_says_why(draw: st.DataObject) -> None:
    lines = BRUSSELS.splitlines()
    del lines[draw.draw(st.integers(0, len(lines) - 1))]
    try:
        centre = parse("\n".join(lines), FILE)
    except ConfigError as error:
        said = str(error).splitlines()
    else:
        said = [f"{FILE}: {centre.id}"]
    assert said
    assert all(line.startswith(f"{FILE}: ") for line in said)


def test_a_file_for_public_machines_can_leave_the_team_out() -> None:
    text = re.sub(r"\[\[counsellors\]\].*?(?=\[\[printers\]\])", "", BRUSSELS, flags=re.DOTALL)
    assert "organisation" not in text
    assert parse(text, "public.toml").counsellors == ()
