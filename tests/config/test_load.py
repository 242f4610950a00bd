import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load import ConfigError, load, parse
from config.model import Centre

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
            (
                "fields[2].letter: 's' does not fit: Expected `str` matching regex '^[A-Z]$'; "
                "one capital from A to Z"
            ),
        ),
        ("port = 9100", 'port = "x"', "printers[0].port: 'x' does not fit: Expected `int`, got `str`"),
        (
            '"per-field"',
            '"perfield"',
            "rules.numbering: 'perfield' is not a choice; did you mean 'per-field'?",
        ),
        ("monday =", "moonday =", "hours.moonday: 'moonday' is not a choice; did you mean 'monday'?"),
        (
            "opens = 09:30:00",
            'opens = "9h"',
            "hours.monday.opens: '9h' does not fit: Invalid RFC3339 encoded time; write it as 09:00:00",
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
            'colour = "#17583A"',
            'colour = "#1e72a9"',
            "fields[1].colour: '#1E72A9' is already in fields[0]; give each its own",
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


ADDRESS = 'host = "127.0.0.1"'
USB = 'device = "/dev/usb/lp0"'


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "",
            (
                "printers[0]: nothing says where the printer is; "
                'add one of: host = "192.0.2.10", device = "/dev/usb/lp0", service = "…"'
            ),
        ),
        (f"{ADDRESS}\n{USB}", "printers[0].device: the printer has a host already; keep one of them"),
        (f'{USB}\nservice = "T"', "printers[0].service: the printer has a device already; keep one of them"),
        (
            f"{ADDRESS}\nline = {{ baud = 9600 }}",
            'printers[0].line: only a device has a line; add device = "/dev/ttyUSB0", or remove line',
        ),
        (
            f"{USB}\nbridged = true",
            (
                "printers[0].bridged: no bridge stands before a device of the server; "
                "remove bridged: it is for a printer reached by host or service"
            ),
        ),
        (
            'device = "lp0"',
            "printers[0].device: 'lp0' is no device; write its path, e.g. \"/dev/usb/lp0\"",
        ),
        (
            'device = "/dev/../etc/passwd"',
            "printers[0].device: '/dev/../etc/passwd' is no device; write its path, e.g. \"/dev/usb/lp0\"",
        ),
        (
            'device = "/dev/ttyUSB0"',
            (
                "printers[0].device: '/dev/ttyUSB0' is a serial line; "
                "add line = { baud = 19200 }, as set at the printer"
            ),
        ),
        (
            'service = "TM-m30 (2)._pdl-datastream._tcp.local."',
            'printers[0].service: holds more than the name; write service = "TM-m30 (2)"',
        ),
        (
            f'service = "{"é" * 32}"',
            "printers[0].service: longer than 63 bytes; take it from `walkin printers`",
        ),
        (
            f'{ADDRESS}\nspare = "printer-1"',
            (
                "printers[0].spare: 'printer-1' is the printer itself; "
                "name another printer of the centre, or remove spare"
            ),
        ),
        (f'{ADDRESS}\nspare = "printer-2"', "printers[0].spare: no printer 'printer-2'; add the printer"),
    ],
)
def test_a_printer_has_one_way_to_it_and_another_one_for_a_spare(said: str, line: str) -> None:
    assert lines_of(changed(f"{ADDRESS}\nport = 9100", said)) == [f"{FILE}: {line}"]


def test_a_spare_that_is_nearly_named_is_suggested() -> None:
    second = f'[[printers]]\nname = "printer-2"\n{USB}\nspare = "printer1"\n\n[[kiosks]]'
    assert lines_of(changed("[[kiosks]]", second)) == [
        f"{FILE}: printers[1].spare: no printer 'printer1'; did you mean 'printer-1'?"
    ]


@pytest.mark.parametrize("line", ["{ }", "{ baud = 9601 }", '{ baud = 9600, parity = "mark" }', "9600"])
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    device = f'device = "/dev/ttyUSB0"\nline = {line}'
    (said,) = lines_of(changed(f"{ADDRESS}\nport = 9100", device))
    assert said.startswith(f"{FILE}: printers[0].line")


@pytest.mark.parametrize(
    "said",
    [
        USB,
        'device = "/dev/serial/by-id/usb-1"\nline = { baud = 19200, flow = "rts-cts" }',
        'device = "/dev/ttyS0"\nline = { baud = 9600, parity = "even", stop_bits = 2, flow = "xon-xoff" }',
        'service = "TM-m30III Accueil"',
    ],
)
def test_a_printer_is_reached_by_a_device_a_line_or_its_name(said: str) -> None:
    (printer,) = parse(changed(f"{ADDRESS}\nport = 9100", said), FILE).printers
    assert printer.host == ""
    assert (printer.line is not None) is ("line" in said)


def test_two_printers_can_stand_in_for_each_other() -> None:
    first = changed("port = 9100", 'port = 9100\nspare = "printer-2"')
    second = f'[[printers]]\nname = "printer-2"\n{USB}\nspare = "printer-1"\n\n[[kiosks]]'
    centre = parse(first.replace("[[kiosks]]", second, 1), FILE)
    assert [printer.spare for printer in centre.printers] == ["printer-2", "printer-1"]


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
