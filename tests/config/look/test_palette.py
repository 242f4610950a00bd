import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.look import palette
from config.look.palette import FIELD_COLOURS, contrast, darker, lighter, mixed

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("text", "ground", "reached"),
    [
        (palette.INK, palette.PAPER, 7),
        (palette.MUTED, palette.PAPER, 7),
        (palette.CARD, palette.GO, 7),
        (palette.LIP, palette.PAPER, 3),
        (palette.CARD, palette.ALERT, 7),
        (palette.INK, palette.ACCENT, 7),
        (palette.NIGHT_TEXT, palette.PANEL, 7),
        (palette.NIGHT_MUTED, palette.PANEL, 7),
    ],
)
def test_every_pair_of_text_and_ground_is_readable(text: str, ground: str, reached: float) -> None:
    assert contrast(text, ground) >= reached


@pytest.mark.parametrize("colour", FIELD_COLOURS)
def test_white_is_readable_on_every_field_colour(colour: str) -> None:
    assert contrast(palette.CARD, colour) >= palette.CONTRAST_MIN == 7


@given(colours)
def test_the_lighter_twin_of_any_colour_is_readable_on_the_night(colour: str) -> None:
    twin = lighter(colour)
    assert contrast(twin, palette.NIGHT) >= palette.CONTRAST_MIN
    assert contrast(twin, palette.PANEL) >= palette.CONTRAST_MIN


@given(colours)
def test_a_colour_too_light_for_white_has_a_darker_one_that_is_not(colour: str) -> None:
    assert contrast(palette.CARD, darker(colour)) >= palette.CONTRAST_MIN
    assert darker(darker(colour)) == darker(colour)


def test_a_colour_dark_enough_stays() -> None:
    assert [darker(colour) for colour in FIELD_COLOURS] == list(FIELD_COLOURS)


def test_twins_are_found_however_the_colour_is_written() -> None:
    assert lighter(FIELD_COLOURS[0].lower()) == lighter(FIELD_COLOURS[0]) == "#ADDDF5"


def test_contrast_follows_the_definition() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mixed("#000000", "#FFFFFF", 0) == "#000000"
    assert mixed("#000000", "#FFFFFF", 1) == "#FFFFFF"
    assert mixed("#000000", "#FFFFFF", 0.5) == "#808080"


@given(colours, colours)
def test_contrast_is_the_same_both_ways(one: str, other: str) -> None:
    assert contrast(one, other) == pytest.approx(contrast(other, one))
    assert 1 <= contrast(one, other) <= 21
