from pathlib import Path

import msgspec
import pytest

from config import findings as module
from config.findings import Findings, summary
from config.load import load
from config.model import Centre, Printer
from config.own_texts import read_own

CONFIG = Path(__file__).parents[2] / "config"
CATALOGUE = read_own(CONFIG / "no-such-folder")


def findings(centre: Centre, widths: dict[str, int] | None = None) -> Findings:
    """Of a centre without words of its own."""
    return module.findings(centre, CATALOGUE, widths or {})


@pytest.fixture(scope="module")
def brussels() -> Centre:
    return load(CONFIG / "brussels.toml")


def with_field(centre: Centre, index: int, **changes: object) -> Centre:
    fields = list(centre.fields)
    fields[index] = msgspec.structs.replace(fields[index], **changes)
    return msgspec.structs.replace(centre, fields=tuple(fields))


@pytest.mark.parametrize("name", ["brussels", "charleroi"])
def test_the_shipped_centres_give_nothing_to_warn_about(name: str) -> None:
    assert findings(load(CONFIG / f"{name}.toml")).warnings == ()


def test_brussels_is_counted(brussels: Centre) -> None:
    found = findings(brussels)
    assert found.counts["fields"] == 5
    assert found.counts["desks"] == 12
    assert found.counts["counsellors"] == 24
    assert found.opening_minutes_a_week == 4 * 450 + 570


def test_every_cell_of_the_official_languages_is_covered_in_brussels(brussels: Centre) -> None:
    official = [cover for cover in findings(brussels).coverage if cover.language in ("fr", "nl")]
    assert len(official) == 10
    assert all(cover.counsellors for cover in official)


def test_a_cell_nobody_covers_is_a_warning(brussels: Centre) -> None:
    team = tuple(member for member in brussels.counsellors if "nl" not in member.languages)
    warnings = findings(msgspec.structs.replace(brussels, counsellors=team)).warnings
    assert "nobody covers mobility in nl" in warnings
    assert "nobody covers mobility in de" not in warnings


def test_a_screen_language_nobody_speaks_is_a_warning(brussels: Centre) -> None:
    team = tuple(member for member in brussels.counsellors if "de" not in member.languages)
    warnings = findings(msgspec.structs.replace(brussels, counsellors=team)).warnings
    assert "nobody speaks de: the screens offer it, no conversation does" in warnings


@pytest.mark.parametrize("letter", list("EFINOQ"))
def test_a_letter_misread_or_misheard_is_a_warning(brussels: Centre, letter: str) -> None:
    (warning,) = findings(with_field(brussels, 0, letter=letter)).warnings
    assert warning.startswith(f"education: the letter {letter} ")


def test_letters_that_rhyme_are_a_warning_from_the_second_on(brussels: Centre) -> None:
    one = with_field(brussels, 0, letter="B")
    assert findings(one).warnings == ()
    assert findings(with_field(one, 1, letter="D")).warnings == (
        "the letters B, D rhyme when called: keep one of them at most",
    )


def test_a_pale_colour_is_a_warning(brussels: Centre) -> None:
    (warning,) = findings(with_field(brussels, 0, colour="#F2B632")).warnings
    assert "white on #F2B632 reaches 1.8:1, less than 7:1; take #6D5216, or one of" in warning


def test_colours_that_some_eyes_take_for_one_are_a_warning(brussels: Centre) -> None:
    (warning,) = findings(with_field(brussels, 0, colour="#003C40")).warnings
    assert warning.startswith("education and training look alike to eyes without blue (tritanopia): 1 apart")


def test_a_kiosk_without_a_printer_and_an_idle_counsellor_are_warnings(brussels: Centre) -> None:
    kiosk = msgspec.structs.replace(brussels.kiosks[0], printer=None)
    idle = msgspec.structs.replace(brussels.counsellors[0], fields=())
    centre = msgspec.structs.replace(brussels, kiosks=(kiosk,), counsellors=(idle, *brussels.counsellors[1:]))
    assert findings(centre).warnings == (
        "kiosk-1 has no printer: visitors write down their number",
        "counsellor c01 covers nothing: name fields and languages",
    )


@pytest.mark.parametrize(
    ("place", "same"),
    [
        ({"host": "127.0.0.1"}, True),
        ({"host": "127.0.0.1", "port": 9101}, False),
        ({"device": "/dev/usb/lp0"}, False),
        ({"service": "TM-m30"}, False),
    ],
)
def test_one_printer_under_two_names_is_a_warning(
    brussels: Centre, place: dict[str, object], same: bool
) -> None:
    second = Printer(name="printer-2", **place)  # type: ignore[arg-type]
    centre = msgspec.structs.replace(brussels, printers=(*brussels.printers, second))
    expected = "printer-1 and printer-2 are the same printer: each will find it busy"
    assert findings(centre).warnings == ((expected,) if same else ())


@pytest.mark.parametrize(
    ("profile", "width_dots", "advice"),
    [
        (
            "RP-F10-58mm",
            576,
            "has 432 dots, the rest is lost; write width_dots = 384, or take another profile",
        ),
        ("RP-F10-58mm", 384, None),
        ("OCD-100", 384, "has 100 dots, the rest is lost; take another profile"),
        ("default", 576, None),
    ],
)
def test_paper_narrower_than_the_slips_is_a_warning_with_both_numbers(
    brussels: Centre, profile: str, width_dots: int, advice: str | None
) -> None:
    printer = msgspec.structs.replace(brussels.printers[0], profile=profile, width_dots=width_dots)
    centre = msgspec.structs.replace(brussels, printers=(printer,))
    expected = f"printer-1: width_dots = {width_dots}, but the paper of {profile} {advice}"
    warnings = findings(centre, {"RP-F10-58mm": 432, "OCD-100": 100}).warnings
    assert warnings == ((expected,) if advice else ())


def test_the_summary_shows_the_coverage_as_a_table(brussels: Centre) -> None:
    text = summary(findings(with_field(brussels, 0, letter="E")))
    assert "open 39 h 30 a week" in text
    assert "mobility            4    3    1    2" in text
    assert text.splitlines()[-1].startswith("warning: education")


def test_the_findings_travel_as_json(brussels: Centre) -> None:
    found = findings(brussels)
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
