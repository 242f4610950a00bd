import unicodedata
from pathlib import Path

import pytest

from config.load import load
from config.look.pictograms import PICTOGRAM_ROWS, pictogram
from config.look.small_pictograms import sign

CONFIG = Path(__file__).parents[3] / "config"
FIELDS = sorted(
    {field.id for name in ("brussels", "charleroi") for field in load(CONFIG / f"{name}.toml").fields}
)


@pytest.mark.parametrize("rows", PICTOGRAM_ROWS)
@pytest.mark.parametrize("name", [*FIELDS, "bell", "help", "unsure", "anything-else"])
def test_a_pictogram_is_square_on_screen(name: str, rows: int) -> None:
    lines = pictogram(name, rows)
    assert len(lines) == rows
    assert {len(line) for line in lines} == {2 * rows}


@pytest.mark.parametrize("rows", PICTOGRAM_ROWS)
@pytest.mark.parametrize("name", ["brussels", "charleroi"])
def test_each_field_of_a_centre_has_a_picture_of_its_own(name: str, rows: int) -> None:
    fields = load(CONFIG / f"{name}.toml").fields
    pictures = {pictogram(field.id, rows) for field in fields}
    assert len(pictures) == len(fields)
    assert pictogram("anything-else", rows) not in pictures


def test_a_size_that_was_never_drawn_is_our_bug() -> None:
    with pytest.raises(AssertionError, match="no pictogram of 5 rows"):
        pictogram("bell", 5)


@pytest.mark.parametrize("name", ["bell", "listen", "larger", "contrast"])
def test_a_sign_does_not_reach_the_upper_edge_of_its_button(name: str) -> None:
    cells = [unicodedata.name(cell) for cell in sign(name)[0] if not cell.isspace()]
    assert cells
    for cell in cells:
        kind, _, pixels = cell.partition("SEXTANT-")
        assert kind == "BLOCK ", cell
        assert not {"1", "2"} & set(pixels), cell
