import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from printers.layout import (
    CELL_WIDTH_DOTS,
    QR_MODULE_MIN_DOTS,
    Gap,
    Line,
    Medium,
    Number,
    Qr,
    Receipt,
    SlipTooLong,
    lay_out,
    qr_code,
)
from printers.letters import spelled
from printers.slip import Slip

MEDIA = [
    Medium(width, codec, native_qr)
    for width in (384, 512, 576)
    for codec in ("cp1252", "cp858", "ascii")
    for native_qr in (True, False)
]
LANGUAGES = [("fr",), ("nl",), ("nl", "fr", "de"), ("fr", "nl", "en")]

SlipOf = Callable[..., Slip]

LARGE_DOTS = 112
"""14 mm: more than twice the height of the tall words around it."""
WINDOW = (datetime(2026, 11, 22, 9, 55, tzinfo=UTC), datetime(2026, 11, 22, 10, 10, tzinfo=UTC))
IN_LETTERS = Medium(384, "ascii", native_qr=False, pictures=False)


def styles(receipt: Receipt) -> list[tuple[bool, int, int]]:
    """Weight and size of every line."""
    return [(line.bold, line.width, line.height) for line in receipt.elements if isinstance(line, Line)]


@pytest.mark.parametrize("medium", MEDIA, ids=str)
@pytest.mark.parametrize("languages", LANGUAGES)
def test_everything_fits_the_width(
    medium: Medium, languages: tuple[str, ...], slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    slip = slip_of(*languages, window=WINDOW, back_by=WINDOW[0], copy=2, ahead=137, field="entrepreneurship")
    for element in lay_out(slip, centre, phrases, medium).elements:
        match element:
            case Line():
                assert len(element.text) * CELL_WIDTH_DOTS * element.width <= medium.width_dots
            case Number():
                assert element.width_dots <= medium.width_dots
            case Qr():
                assert (len(qr_code(element.text).matrix) + 8) * element.module_dots <= medium.width_dots
                assert element.module_dots >= QR_MODULE_MIN_DOTS


def test_a_slip_in_french_says_all_a_visitor_needs(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    text = lay_out(slip_of("fr"), centre, phrases, Medium(576, "cp1252")).text
    for said in (
        "Cité des métiers · Beroepenpunt\n",
        centre.field("training").label["fr"],
        "K\N{NO-BREAK SPACE}042",
        "3 personnes avant vous",
        "Entretien en français",
        "Regardez l’écran.",
        "Allez à l’accueil.",
        "Pris à 10:42. Valable le 22/11/2026.",  # codespell:ignore
        "Ticket anonyme, sans votre nom.",
    ):
        assert said in text
    assert "voor u" not in text


def test_a_slip_says_that_nobody_is_planned_in_place_of_a_time(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for language, said, called in (
        ("fr", "Aucun entretien prévu", "Si quelqu’un vient"),
        ("nl", "Niemand is gepland", "Als er iemand komt"),
    ):
        alone = lay_out(slip_of(language, nobody=True), centre, phrases, Medium(576, "cp1252")).text
        assert said in alone.replace("\n", " ")
        assert called in alone.replace("\n", " ")
        assert phrases.say("slip.turn", language) not in alone
        assert said not in lay_out(slip_of(language), centre, phrases, Medium(576, "cp1252")).text


@pytest.mark.parametrize("width_dots", [384, 512, 576])
def test_that_nobody_is_planned_is_as_large_as_the_times_it_stands_in_place_of(
    width_dots: int, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for languages in LANGUAGES:
        receipt = lay_out(
            slip_of(*languages, nobody=True),
            centre,
            phrases,
            Medium(width_dots, "cp1252"),  # type: ignore[arg-type]
        )
        large = [line.text for line in receipt.elements if isinstance(line, Line) and line.height > 1]
        for language in languages:
            said = phrases.say("slip.nobody", language)
            assert spelled(said, "cp1252", language) in " ".join(large)


def test_a_turn_that_may_come_at_any_moment_is_printed_by_its_end_alone(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for language, said in (("fr", "probablement avant 11:10"), ("de", "kommt etwa bis 11:10 Uhr")):
        slip = slip_of(language, window=(None, WINDOW[1]))
        assert said in lay_out(slip, centre, phrases, Medium(576, "cp1252")).text.replace("\n", " ")


def test_a_german_speaking_visitor_reads_every_line_in_three_languages(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    slip = slip_of("nl", "fr", "de", ahead=1)
    lines = lay_out(slip, centre, phrases, Medium(384, "cp1252")).text.splitlines()
    said = ["1 persoon voor u", "1 personne avant vous", "1 Person vor Ihnen"]
    assert [line for line in lines if line in said] == said
    assert lines[0] == "Beroepenpunt · Cité des métiers"


def test_a_further_copy_says_so_in_its_first_line(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    medium = Medium(576, "cp1252")
    copy = lay_out(slip_of("nl", copy=2), centre, phrases, medium)
    assert copy.text.splitlines()[0] == "DUPLICAAT 2 · DUPLICATA 2"
    assert "DUPLICA" not in lay_out(slip_of("nl"), centre, phrases, medium).text


def test_a_bare_token_is_no_address_for_a_telephone(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    medium = Medium(576, "cp1252")
    for address in ("https://file.brussels/t/Zk3vN8q2", "HTTPS://FILE.BRUSSELS/T/ZK3VN8Q2"):
        assert "téléphone" in lay_out(slip_of("fr", token_url=address), centre, phrases, medium).text
    bare = lay_out(slip_of("fr", token_url="Zk3vN8q2"), centre, phrases, medium)
    assert "téléphone" not in bare.text
    assert any(isinstance(element, Qr) for element in bare.elements)


def test_without_a_token_there_is_no_qr(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    receipt = lay_out(slip_of("fr", token_url=""), centre, phrases, Medium(576, "cp1252"))
    assert not any(isinstance(element, Qr) for element in receipt.elements)


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (("fr",), ["3 personnes avant vous", "Votre tour est probablement", "entre 10:55 et 11:10"]),
        (("nl",), ["3 personen voor u", "Uw beurt is waarschijnlijk", "tussen 10:55 en 11:10"]),
        (("nl", "fr", "de"), ["3 Personen vor Ihnen", "Ihr Aufruf kommt etwa", "10:55 bis 11:10 Uhr"]),
        (("fr", "nl", "en"), ["3 people before you", "Your turn is probably", "between 10:55 and 11:10"]),
    ],
)
@pytest.mark.parametrize("width_dots", [384, 512, 576])
def test_when_one_will_probably_be_called_stands_below_the_people_ahead_as_large_as_they(
    languages: tuple[str, ...],
    said: list[str],
    width_dots: int,
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
) -> None:
    slip = slip_of(*languages, window=WINDOW)
    receipt = lay_out(slip, centre, phrases, Medium(width_dots, "cp1252"))  # type: ignore[arg-type]
    lines = [element for element in receipt.elements if isinstance(element, Line)]
    ahead = next(index for index, line in enumerate(lines) if line.text == said[0])
    assert [line.text for line in lines[ahead : ahead + 3]] == said
    assert [line.height for line in lines[ahead : ahead + 3]] == [2, 1, 2]
    assert lines[ahead].width == lines[ahead + 2].width


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (("fr",), ["entre 10:55 et 11:10", "Soyez de retour pour 10:55."]),
        (("nl",), ["tussen 10:55 en 11:10", "Wees terug tegen 10:55."]),
        (("nl", "fr", "de"), ["10:55 bis 11:10 Uhr", "Seien Sie bis 10:55 Uhr zurück."]),
        (("fr", "nl", "en"), ["between 10:55 and 11:10", "Please be back by 10:55."]),
    ],
)
def test_who_may_go_out_is_told_when_to_be_back_under_the_times(
    languages: tuple[str, ...], said: list[str], slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for width_dots in (384, 576):
        slip = slip_of(*languages, window=WINDOW, back_by=WINDOW[0])
        text = lay_out(slip, centre, phrases, Medium(width_dots, "cp1252")).text  # type: ignore[arg-type]
        assert "\n".join(said) in text


def test_while_nobody_can_tell_when_a_slip_gives_one_time_only(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    text = lay_out(slip_of("fr"), centre, phrases, Medium(576, "cp1252")).text
    assert re.findall(r"\d\d:\d\d", text) == ["10:42"]
    assert "Votre tour" not in text


@pytest.mark.parametrize("medium", MEDIA, ids=str)
def test_a_french_slip_and_a_dutch_one_have_the_same_sizes(
    medium: Medium, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for field in centre.fields:
        french, dutch = (
            lay_out(slip_of(each, field=field.id, window=WINDOW), centre, phrases, medium)
            for each in ("fr", "nl")
        )
        assert [style for style in styles(french) if style[2] > 1] == [
            style for style in styles(dutch) if style[2] > 1
        ]
        numbers = [
            element
            for receipt in (french, dutch)
            for element in receipt.elements
            if isinstance(element, Number)
        ]
        assert numbers[0] == numbers[1]


def test_nobody_ahead_is_a_figure_too(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    text = lay_out(slip_of("nl", "fr", "en", ahead=0), centre, phrases, Medium(384, "cp1252")).text
    for said in ("0 personen voor u", "0 personne avant vous", "0 people before you"):
        assert f"\n{said}\n" in text


def test_a_provisional_number_is_said_to_be_one_in_place_of_the_people_ahead(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for width_dots in (384, 576):
        slip = slip_of("nl", "fr", "en", provisional=True, ahead=0, window=WINDOW)
        text = lay_out(slip, centre, phrases, Medium(width_dots, "cp1252")).text
        words = " ".join(text.split())
        for said in (
            "Voorlopig nummer. Bewaar het: het wordt opgeroepen.",
            "Numéro provisoire. Gardez-le : il sera appelé.",
            "Provisional number. Keep it: it will be called.",
        ):
            assert said in words
        assert "voor u" not in words
        assert "tussen" not in words


def test_long_names_of_a_centre_stand_apart(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    long = {"fr": "Cité des métiers de toute la Région de Bruxelles", "nl": "Beroepenpunt"}
    named = replace(centre, name={**centre.name, **long})
    receipt = lay_out(slip_of("fr"), named, phrases, Medium(384, "cp1252"))
    parts = [each.text if isinstance(each, Line) else type(each) for each in receipt.elements[:4]]
    assert parts == ["Cité des métiers de toute", "la Région de Bruxelles", Gap, "Beroepenpunt"]


def test_a_centre_with_one_official_language_has_one_name_on_its_slips(
    slip_of: SlipOf, phrases: Phrases
) -> None:
    charleroi = load(Path("config/charleroi.toml"))
    slip = slip_of("fr", "de", field="guidance")
    lines = lay_out(slip, charleroi, phrases, Medium(576, "cp1252")).text.splitlines()
    assert lines[0] == "Cité des Métiers de Charleroi"
    assert not any("Cité des Métiers" in line for line in lines[1:])


def test_a_printer_of_letters_alone_gets_number_and_token_in_letters(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    receipt = lay_out(slip_of("fr", token_url="7K3VN8Q2AW0YR7SX"), centre, phrases, IN_LETTERS)
    assert {type(element) for element in receipt.elements} == {Line, Gap}
    assert "\n7K3VN8Q2AW0YR7SX\n" in receipt.text
    (number,) = (line for line in receipt.elements if isinstance(line, Line) and line.text == "K 042")
    assert (number.width, number.height) == (2, 2)
    assert styles(receipt).count((True, 2, 2)) == 1


@pytest.mark.parametrize("token_url", ["7K3VN8Q2AW0YR7SX", "HTTPS://FILE.BRUSSELS/T/7K3VN8Q2AW0YR7SX"])
def test_a_qr_drawn_dot_by_dot_leaves_the_number_large(
    token_url: str, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    slip = slip_of("nl", "fr", "de", token_url=token_url, window=WINDOW, back_by=WINDOW[0], copy=2)
    receipt = lay_out(slip, centre, phrases, Medium(576, "cp1252", native_qr=False))
    (number,) = (element for element in receipt.elements if isinstance(element, Number))
    assert number.height_dots >= LARGE_DOTS


def test_german_vowels_are_written_out_where_dutch_and_french_lose_their_dots(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    training = centre.field("training")
    dotted = replace(centre, fields=(replace(training, label={**training.label, "nl": "Oriëntatie"}),))
    text = lay_out(slip_of("nl", "fr", "de"), dotted, phrases, IN_LETTERS).text
    assert "Orientatie" in text
    assert "Gueltig am 22.11.2026." in text


def test_a_line_is_no_longer_than_the_printers_own_letters_allow(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    medium = Medium(576, "cp1252", columns_max=44)
    lines = lay_out(slip_of("nl"), centre, phrases, medium).text.splitlines()
    assert max(map(len, lines)) <= 44
    assert "Wij roepen dit nummer op." in lines


@settings(deadline=None)
@given(name=st.text(max_size=150), medium=st.sampled_from(MEDIA))
def test_no_name_of_a_centre_is_clipped(
    name: str, medium: Medium, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    named = replace(centre, name=dict.fromkeys(centre.name, name))
    for element in lay_out(slip_of("fr"), named, phrases, medium).elements:
        if isinstance(element, Line):
            assert len(element.text) * element.width <= medium.columns


def test_texts_out_of_all_measure_are_refused_with_what_to_do(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    named = replace(centre, name=dict.fromkeys(centre.name, "Cité des métiers " * 200))
    with pytest.raises(SlipTooLong, match="shorten"):
        lay_out(slip_of("fr"), named, phrases, Medium(576, "cp1252"))
