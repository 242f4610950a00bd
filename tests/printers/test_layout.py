from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.model import Centre
from config.phrases import Phrases
from printers.layout import (
    CELL_WIDTH_DOTS,
    QR_MODULE_MIN_DOTS,
    Line,
    Medium,
    Number,
    Qr,
    SlipTooLong,
    lay_out,
    qr_code,
)
from printers.slip import Slip

MEDIA = [
    Medium(width, codec, native_qr)
    for width in (384, 512, 576)
    for codec in ("cp1252", "cp858", "ascii")
    for native_qr in (True, False)
]
LANGUAGES = [("fr",), ("nl",), ("nl", "fr", "de"), ("fr", "nl", "en")]

SlipOf = Callable[..., Slip]


@pytest.mark.parametrize("medium", MEDIA, ids=str)
@pytest.mark.parametrize("languages", LANGUAGES)
def test_everything_fits_the_width(
    medium: Medium, languages: tuple[str, ...], slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    for element in lay_out(slip_of(*languages), centre, phrases, medium).elements:
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
        centre.name["fr"],
        centre.name["nl"],
        centre.field("training").noun["fr"],
        "K\N{NO-BREAK SPACE}042",
        "3 personnes avant vous",
        "Entretien en français",
        "Regardez l’écran.",
        "Allez à l’accueil.",
        "22/11/2026 à 10:42",
        "Ticket anonyme et gratuit.",
    ):
        assert said in text
    assert "voor u" not in text


def test_a_german_speaking_visitor_reads_every_line_in_three_languages(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    slip = slip_of("nl", "fr", "de", ahead=1)
    lines = lay_out(slip, centre, phrases, Medium(384, "cp1252")).text.splitlines()
    said = ["1 persoon voor u", "1 personne avant vous", "1 Person vor Ihnen"]
    assert [line for line in lines if line in said] == said
    assert lines.index(centre.name["nl"]) < lines.index(centre.name["fr"])


def test_a_further_copy_says_so_in_its_first_line(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    medium = Medium(576, "cp1252")
    copy = lay_out(slip_of("nl", copy=2), centre, phrases, medium)
    assert copy.text.splitlines()[0] == "DUPLICAAT / DUPLICATA 2"
    assert "DUPLICA" not in lay_out(slip_of("nl"), centre, phrases, medium).text


def test_a_bare_token_is_no_address_for_a_telephone(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    medium = Medium(576, "cp1252")
    assert "téléphone" in lay_out(slip_of("fr"), centre, phrases, medium).text
    bare = lay_out(slip_of("fr", token_url="Zk3vN8q2"), centre, phrases, medium)
    assert "téléphone" not in bare.text
    assert any(isinstance(element, Qr) for element in bare.elements)


def test_without_a_token_there_is_no_qr(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    receipt = lay_out(slip_of("fr", token_url=""), centre, phrases, Medium(576, "cp1252"))
    assert not any(isinstance(element, Qr) for element in receipt.elements)


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
