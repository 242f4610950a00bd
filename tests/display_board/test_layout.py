import string
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load import load
from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, mosaic, width_of, wrap_alike
from config.look.palette import FIELD_COLOURS
from display_board.terminal.hero import hero_of
from display_board.terminal.layout import LIST_ROWS, NEWS_SPACE_ABOVE, PAST_EDGE, Layout, layout_for
from display_board.terminal.setting import (
    head,
    notice,
    pages,
    past_lead,
    past_line,
    past_rows,
    past_stacked,
)
from protocol.ids import shown

SIZES = ((80, 24), (95, 29), (100, 30), (120, 36), (160, 45), (45, 48), (54, 54), (60, 60))
CODES = st.from_regex(r"[A-Z][0-9]{3,4}", fullmatch=True)
DESKS = st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True)
COLOUR = FIELD_COLOURS[0]
CENTRE = load(Path("config/brussels.toml"))
BRUSSELS = ZoneInfo("Europe/Brussels")


def arrangement(size: tuple[int, int]) -> Layout:
    layout = layout_for(*size)
    assert layout is not None
    return layout


def hero_height(layout: Layout, height: int) -> int:
    """What is left for the newest call when people waiting take as many lines as they may."""
    lines = (
        4 if layout.shape == "portrait" else 2 if layout.waiting_rows == 1 else 2 * layout.waiting_rows + 1
    )
    waiting = 1 + lines
    news = NEWS_SPACE_ABOVE + layout.news_height + layout.news_space_below
    past = 0 if layout.past_beside else layout.past_block_height + 1
    return height - layout.header_rows - waiting - news - past


@given(size=st.sampled_from(SIZES), code=CODES, desk=DESKS)
def test_every_number_and_desk_fits_the_hero_in_large_type(
    size: tuple[int, int], code: str, desk: str
) -> None:
    layout = arrangement(size)
    height = hero_height(layout, size[1])
    hero = hero_of(code, desk, ("Numéro", "Nummer"), ("Bureau", "Bureau"), layout, height)
    side = layout.number_width - 2 * layout.hero_pad
    assert max(len(line) for line in (*hero.number_label, *hero.number)) <= side
    assert len(hero.number_label) + hero.label_gap + len(hero.number) < height - layout.desk_rows
    assert len(hero.number) >= 4
    room = side - len("Bureau") - 2 if layout.desk_rows else layout.desk_width - 2
    assert len(hero.desk) >= 3 or width_of(desk, CAPITAL_ROWS[0], capitals=True) > room  # "A00W" at 80x24
    if layout.desk_rows:
        assert len(hero.desk_label[0]) + 1 + len(hero.desk[0]) <= side
        assert max(len(hero.desk_label), len(hero.desk)) <= layout.desk_rows
    else:
        assert max(len(line) for line in (*hero.desk_label, *hero.desk)) <= layout.desk_width - 2


def test_a_label_in_large_type_stands_clear_of_the_number_it_names() -> None:
    layout = arrangement((160, 45))
    hero = hero_of("S046", "3", ("Numéro", "Nummer"), ("Bureau",), layout, hero_height(layout, 45))
    assert len(hero.number_label) > 1
    assert hero.label_gap == 1


@given(size=st.sampled_from(SIZES), calls=st.lists(st.tuples(CODES, DESKS), min_size=1, max_size=5))
def test_every_call_before_fits_its_place(size: tuple[int, int], calls: list[tuple[str, str]]) -> None:
    layout = arrangement(size)
    width = layout.past_width - PAST_EDGE
    rows = past_rows([code for code, _ in calls], width)
    for code, desk in calls:
        if layout.past_stacked:
            shown = past_stacked(code, desk, COLOUR, width, rows)
        else:
            high = layout.past_height
            lead, room = past_lead(calls, width, high, side_by_side=layout.past_columns > 1)
            shown = past_line(code, desk, COLOUR, room, high, lead)
        lines = shown.plain.split("\n")
        assert len(lines) <= layout.past_height
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("size", [(120, 36), (45, 48), (60, 60)])
def test_an_arrow_leads_from_the_number_of_each_call_before_to_its_desk(size: tuple[int, int]) -> None:
    layout = arrangement(size)
    width, rows = layout.past_width - PAST_EDGE - 1, layout.past_height
    lead, room = past_lead([("S046", "3"), ("M888", "5")], width, rows, side_by_side=False)
    drawn = past_line("M888", "5", COLOUR, room, rows, lead).plain
    for part in (mosaic(shown("M888"), rows, capitals=True), mosaic("→ 5", rows, capitals=True)):
        assert all(row.strip() in line for row, line in zip(part, drawn.split("\n"), strict=True))


def test_where_one_of_the_calls_before_has_no_room_for_an_arrow_none_has_one() -> None:
    assert past_lead([("S046", "3"), ("M031", "4")], 38, LIST_ROWS, side_by_side=False)[0] == "→ "
    assert past_lead([("S046", "3"), ("M031", "12")], 38, LIST_ROWS, side_by_side=False)[0] == ""


def test_without_an_arrow_a_desk_stands_nearer_to_its_own_number_than_to_the_next() -> None:
    layout = arrangement((80, 24))
    width = layout.past_width - PAST_EDGE - 1
    lead, room = past_lead([("X019", "2"), ("M031", "4")], width, LIST_ROWS, side_by_side=True)
    lines = past_line("M031", "4", COLOUR, room, LIST_ROWS, lead).plain.split("\n")
    within = (
        room - width_of(shown("M031"), LIST_ROWS, capitals=True) - width_of("4", LIST_ROWS, capitals=True)
    )
    to_the_next = width - max(map(len, lines)) + 1 + 2 + PAST_EDGE
    assert 3 < within < to_the_next


WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzé", min_size=1, max_size=14), min_size=1, max_size=16)


@given(size=st.sampled_from(SIZES), french=WORDS, dutch=WORDS)
def test_no_word_of_a_message_is_lost_and_no_page_is_too_large(
    size: tuple[int, int], french: list[str], dutch: list[str]
) -> None:
    layout = arrangement(size)
    width = size[0] - 2 * layout.margin
    texts = (" ".join(french), " ".join(dutch))
    for page in pages(texts, width, layout.news_height, layout.news_rows):
        assert len(page) <= layout.news_height
        assert max(map(len, page)) <= width
    plain = pages(texts, width, layout.news_height, 1)
    assert set(" ".join(line for page in plain for line in page).split()) == {*french, *dutch}


def test_both_languages_share_a_page_when_they_fit() -> None:
    assert pages(("Bonjour.", "Goedendag."), 76, 2, 1) == (("Bonjour.", "Goedendag."),)


def test_a_message_too_long_for_both_languages_has_a_page_in_each_and_is_whole_on_it() -> None:
    assert pages(("Un deux.", "Een twee."), 5, 2, 1) == (("Un", "deux."), ("Een", "twee."))


def test_a_page_ends_with_a_sentence() -> None:
    shown = pages(("Un. Deux. Trois quatre.", "Een twee. Drie!"), 15, 1, 1)
    assert shown == (("Un. Deux.",), ("Trois quatre.",), ("Een twee. Drie!",))


def test_a_sentence_that_large_type_has_no_room_for_is_set_in_ordinary_type() -> None:
    texts = ("Un deux trois quatre cinq six.", "Een twee drie vier vijf zes.")
    assert pages(texts, 40, 3, 3) == (texts,)


def test_a_title_is_never_broken_in_one_language_and_whole_in_the_other() -> None:
    for width, height in ((94, 22), (94, 26), (72, 20), (152, 26)):
        lines = notice([(("Un instant…", ""), ("Een ogenblik…", ""))], width, height)
        assert sum(not line.strip() for line in lines) >= 2
        assert len([line for line in lines if line]) in {2 * rows for rows in TEXT_ROWS}


def test_no_number_of_the_calls_before_touches_the_next_one() -> None:
    layout = arrangement((160, 45))
    width = layout.past_width - PAST_EDGE
    codes = [f"{letter}{number:03}" for letter in string.ascii_uppercase for number in (0, 19, 444, 888)]
    filled = {code for code in codes if width_of(shown(code), LIST_ROWS + 1, capitals=True) == width}
    assert filled, "some would"
    for code in filled:
        past = past_stacked(code, "2", COLOUR, width, past_rows([code], width))
        assert all(line.endswith(" ") or len(line) < width for line in past.plain.split("\n"))


def test_what_one_language_needs_two_lines_for_stands_on_two_in_the_other_too_if_there_is_room() -> None:
    french, dutch = "Nous ouvrons mercredi à 09:30.", "Wij openen op woensdag om 09:30."
    width = width_of(french, LIST_ROWS)
    for height, said in ((29, ("Nous ouvrons", "mercredi à 09:30.")), (21, (french,))):
        drawn = notice([(("Fermé", french), ("Gesloten", dutch))], width, height)
        for line in (*said, "Wij openen op", "woensdag om 09:30."):
            assert all(row in drawn for row in mosaic(line, LIST_ROWS))


TAKE = ("Prenez un ticket à la borne ou à l’accueil.", "Neem een ticket aan de zuil of het onthaal.")
GREETED = tuple(zip(("Bienvenue", "Welkom"), TAKE, strict=True))
ALONE = tuple((sentence, "") for sentence in TAKE)


@pytest.mark.parametrize(("width", "height"), [(72, 15), (90, 16), (37, 33)])
def test_where_a_greeting_leaves_no_room_what_to_do_is_said_in_large_type_without_it(
    width: int, height: int
) -> None:
    lines = notice((GREETED, ALONE), width, height)
    assert lines == notice((ALONE,), width, height)
    assert len(lines) <= height
    broken = next(
        said
        for rows in reversed(TEXT_ROWS)
        if (said := wrap_alike(TAKE, width, rows))
        and (
            [row for text in said for line in text for row in mosaic(line, rows)]
            == [line for line in lines if line]
        )
    )
    assert len({len(text) for text in broken}) == 1, "as many lines in both languages"


def test_where_there_is_room_people_are_greeted() -> None:
    assert notice((GREETED, ALONE), 148, 28) == notice((GREETED,), 148, 28)


def test_no_word_of_a_page_stands_alone_on_its_last_line() -> None:
    assert pages(("Journée des métiers de la ville.",), 28, 2, 1) == (
        ("Journée des métiers", "de la ville."),
    )


@pytest.mark.parametrize("size", SIZES)
def test_the_names_beside_the_clock_stay_where_they_are_by_every_minute(size: tuple[int, int]) -> None:
    layout = arrangement(size)
    names, width = ("Cité des métiers", "Beroepenpunt"), size[0] - 2 * layout.margin
    times = [f"{hour:02}:{minute:02}" for hour in (0, 11, 14) for minute in range(60)]
    heads = [head(names, time, width, layout) for time in times]
    assert len({title for title, _ in heads}) == 1
    assert all(len(title[0]) + 2 + len(clock[0]) <= width for title, clock in heads)


@pytest.mark.parametrize(("width", "height"), [(72, 20), (94, 15), (41, 30), (152, 26)])
def test_a_notice_is_as_large_as_the_room_allows_and_never_larger(width: int, height: int) -> None:
    lines = notice([(("Bienvenue", "Prenez un ticket."), ("Welkom", "Neem een ticket."))], width, height)
    assert 5 < len(lines) <= height
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (44, 60), (20, 5)])
def test_there_is_no_board_in_too_small_a_room(size: tuple[int, int]) -> None:
    assert layout_for(*size) is None
