from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load import load
from config.look.lettering import (
    ACCENTED_ROWS,
    CAPITAL_ROWS,
    TEXT_ROWS,
    Blocks,
    Face,
    _alphabet,
    _mosaic,
    cells_of,
    columns_of,
    draw_with,
    largest_rows,
    mosaic,
    width_of,
    wrap,
)
from config.look.pictograms import pictogram
from config.phrases import Phrases

CONFIG = Path(__file__).parents[3] / "config"
PHRASES = Phrases.load()
SPOKEN = {
    text for key in PHRASES for forms in PHRASES.message(key).forms.values() for text in forms.values()
} | {
    text
    for name in ("brussels", "charleroi")
    for field in load(CONFIG / f"{name}.toml").fields
    for texts in (field.label, field.noun, field.hint)
    for text in texts.values()
}
LETTERS = sorted({character for text in SPOKEN for character in text} - set("{}"))
BLOCKS = set(" ▌▐█") | {chr(code) for code in range(0x1FB00, 0x1FB3C)}

texts = st.text(st.sampled_from([*LETTERS, "\N{NO-BREAK SPACE}", "ő", "漢"]), min_size=1, max_size=12)


@pytest.mark.parametrize("rows", TEXT_ROWS)
def test_every_letter_of_every_text_is_drawn(rows: int) -> None:
    assert [letter for letter in LETTERS if letter not in _alphabet(rows, Face.TEXT)] == []


@pytest.mark.parametrize("rows", CAPITAL_ROWS)
def test_every_ticket_number_and_time_is_drawn_in_capitals(rows: int) -> None:
    drawn = _alphabet(rows, Face.CAPITALS)
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 :→") <= drawn.keys()


@given(texts, st.sampled_from(TEXT_ROWS))
def test_a_set_line_is_a_full_rectangle_of_blocks(text: str, rows: int) -> None:
    lines = mosaic(text, rows)
    assert len(lines) == rows
    assert {len(line) for line in lines} == {width_of(text, rows)}
    assert set("".join(lines)) <= BLOCKS


@given(texts, st.sampled_from(CAPITAL_ROWS))
def test_capitals_are_a_full_rectangle_of_blocks(text: str, rows: int) -> None:
    lines = mosaic(text, rows, capitals=True)
    assert len(lines) == rows
    assert len({len(line) for line in lines}) == 1
    assert set("".join(lines)) <= BLOCKS


@given(texts, st.sampled_from(TEXT_ROWS))
def test_the_same_text_is_always_set_the_same(text: str, rows: int) -> None:
    first = mosaic(text, rows)
    _mosaic.cache_clear()
    assert mosaic(text, rows) == first


@given(texts)
def test_one_row_is_the_text_itself(text: str) -> None:
    assert mosaic(text, 1) == (text,)
    assert width_of(text, 1) == len(text)


ACCENTED = "ÉÈÊËÀÂÄÎÏÔÖÜÙ"
PLAIN = str.maketrans(ACCENTED, "EEEEAAAIIOOUU")


def ink(rows: int, face: Face, letter: str) -> list[int]:
    """Pixels of the letter in each row."""
    columns = _alphabet(rows, face)[letter]
    return [sum(column >> y & 1 for column in columns) for y in range(3 * rows)]


@pytest.mark.parametrize("rows", TEXT_ROWS)
@pytest.mark.parametrize("accented", ACCENTED)
def test_an_accented_capital_is_higher_than_the_small_letter_and_a_pixel_lower_than_the_line(
    accented: str, rows: int
) -> None:
    plain = accented.translate(PLAIN)
    foot = max(column.bit_length() for column in _alphabet(rows, Face.TEXT)[plain])
    drawn = _alphabet(rows, Face.TEXT)[accented]
    assert max(column.bit_length() for column in drawn) == foot + 1
    assert ink(rows, Face.TEXT, accented) != ink(rows, Face.TEXT, accented.lower())


@pytest.mark.parametrize("rows", ACCENTED_ROWS)
@pytest.mark.parametrize("accented", ACCENTED)
def test_in_a_word_of_capitals_the_accent_stands_above_a_letter_as_high_as_the_others(
    accented: str, rows: int
) -> None:
    plain = ink(rows, Face.ACCENTED, accented.translate(PLAIN))
    drawn = ink(rows, Face.ACCENTED, accented)
    first = next(y for y, count in enumerate(plain) if count)
    assert drawn[first:] == plain[first:]
    assert any(drawn[: first - 1])
    assert drawn[first - 1] == 0


@pytest.mark.parametrize("rows", CAPITAL_ROWS)
def test_a_word_of_capitals_with_an_accent_is_as_wide_as_it_is_reckoned(rows: int) -> None:
    for word in ("FERMÉ", "fermé", "PRÊT", "GEÖFFNET"):
        assert len(mosaic(word, rows, capitals=True)[0]) == width_of(word, rows, capitals=True)


@pytest.mark.parametrize("rows", CAPITAL_ROWS)
def test_capitals_and_digits_fill_the_height(rows: int) -> None:
    for character in "EHKMSXZ0123456789":
        ink = 0
        for column in _alphabet(rows, Face.CAPITALS)[character]:
            ink |= column
        assert ink == (1 << 3 * rows) - 1, character


def test_letters_do_not_run_into_each_other() -> None:
    for rows in TEXT_ROWS:
        for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
            columns = _alphabet(rows, Face.TEXT)[letter]
            assert not columns[-1] or not columns[0], (rows, letter)


def test_an_unknown_letter_falls_back_to_its_plain_form_or_a_question_mark() -> None:
    assert mosaic("ő", 3) == mosaic("o", 3)
    assert mosaic("漢", 3) == mosaic("?", 3)
    assert mosaic("k 042", 5, capitals=True) == mosaic("K\N{NO-BREAK SPACE}042", 5, capitals=True)


@given(st.lists(texts, min_size=1, max_size=4), st.integers(1, 120))
def test_the_largest_size_is_the_last_that_fits(lines: list[str], width: int) -> None:
    rows = largest_rows(lines, width, TEXT_ROWS)
    fitting = [size for size in TEXT_ROWS if all(width_of(line, size) <= width for line in lines)]
    assert rows == max(fitting, default=1)


@given(st.sampled_from(sorted(SPOKEN)), st.integers(10, 160), st.sampled_from((1, *TEXT_ROWS)))
def test_wrapping_loses_no_word_and_overflows_only_with_one(text: str, width: int, rows: int) -> None:
    lines = wrap(text, width, rows)
    assert " ".join(lines) == text
    assert all(" " not in line for line in lines if width_of(line, rows) > width)


@given(st.sampled_from(sorted(SPOKEN)), st.integers(10, 160), st.sampled_from((1, *TEXT_ROWS)))
def test_a_wrapped_text_has_as_few_lines_as_can_be_and_these_as_even_as_can_be(
    text: str, width: int, rows: int
) -> None:
    lines = wrap(text, width, rows)
    longest = min(width, max(width_of(line, rows) for line in lines))
    narrower, wider = wrap(text, longest - 1, rows), wrap(text, width + 20, rows)
    assert len(wider) <= len(lines)
    assert len(narrower) > len(lines) or narrower == lines


def test_wrapping_keeps_a_no_break_space() -> None:
    assert wrap("Qui\N{NO-BREAK SPACE}? Vous", 1, 3) == ("Qui\N{NO-BREAK SPACE}?", "Vous")


def test_pixels_become_the_block_with_the_same_shape() -> None:
    assert cells_of(columns_of(("##", "##", "##")), 1) == ("█",)
    assert cells_of(columns_of(("#.", "#.", "#.")), 1) == ("▌",)
    assert cells_of(columns_of((".#", ".#", ".#")), 1) == ("▐",)
    assert cells_of(columns_of(("#.", "..", "..")), 1) == ("\N{BLOCK SEXTANT-1}",)
    assert cells_of(columns_of(("..", "..", ".#")), 1) == ("\N{BLOCK SEXTANT-6}",)
    assert cells_of(columns_of(("#..", "#..", "#..")), 1) == ("▌ ",)


@pytest.mark.parametrize(("rows", "capitals"), [(2, False), (8, False), (2, True), (17, True)])
def test_a_height_that_was_never_drawn_is_our_bug(rows: int, capitals: bool) -> None:
    with pytest.raises(AssertionError, match="no letters"):
        mosaic("K", rows, capitals=capitals)


@pytest.mark.parametrize("rows", TEXT_ROWS)
def test_lines_set_under_one_another_never_touch(rows: int) -> None:
    touching = [letter for letter, glyph in _alphabet(rows, Face.TEXT).items() if any(c & 1 for c in glyph)]
    assert touching == [], "the first pixel of each column is the leading"


def test_a_small_six_upside_down_is_a_nine_and_no_letter_with_a_bar_above_it() -> None:
    six, nine = (columns_of_ink(character) for character in "69")
    assert tuple(reversed(["".join(reversed(row)) for row in six])) == nine


def columns_of_ink(character: str) -> tuple[str, ...]:
    """Its pixel rows in letters of three rows, without the blank ones around it."""
    columns = [column for column in _alphabet(3, Face.TEXT)[character] if column]
    rows = ["".join("#" if column >> y & 1 else "." for column in columns) for y in range(9)]
    return tuple(row for row in rows if "#" in row)


@pytest.fixture
def quadrants() -> Iterator[None]:
    draw_with(Blocks.QUADRANTS)
    yield
    draw_with(Blocks.SEXTANTS)


@pytest.mark.usefixtures("quadrants")
@pytest.mark.parametrize("rows", TEXT_ROWS)
def test_without_sextants_every_letter_is_as_large_and_still_another(rows: int) -> None:
    drawn = {
        letter: mosaic(letter, rows)
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
    }
    assert {len(lines) for lines in drawn.values()} == {rows}
    assert set("".join(line for lines in drawn.values() for line in lines)) <= set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
    same = [letter for letter, lines in drawn.items() if list(drawn.values()).count(lines) > 1]
    assert same == []
    draw_with(Blocks.SEXTANTS)
    assert all(len(lines[0]) <= width_of(letter, rows) for letter, lines in drawn.items())


@pytest.mark.usefixtures("quadrants")
def test_without_sextants_pictures_keep_their_place() -> None:
    assert cells_of(columns_of(("##", "##", "##")), 1) == ("█",)
    assert cells_of(columns_of(("#.", "..", "..")), 1) == ("▘",)
    assert cells_of(columns_of(("..", "..", ".#")), 1) == ("▗",)
    assert all(len(line) == 8 for line in pictogram("education", 4))
