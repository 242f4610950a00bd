"""What a closed board says of the next opening, and a cut-off one of its age."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.views import NOW, board_view
from support.wall import PHRASES

from config.load import load
from display_board.terminal.layout import NEWS_SPACE_ABOVE, layout_for
from display_board.terminal.news_plan import news_plan
from display_board.terminal.notices import Speaker

CENTRE = load(Path("config/brussels.toml"))


@pytest.mark.parametrize(
    ("holidays", "said"),
    [
        ((), "Wij openen op woensdag 16 september om\N{NO-BREAK SPACE}09:30."),
        (("2026-09-16",), "Wij openen op donderdag 17 september om\N{NO-BREAK SPACE}09:30."),
    ],
    ids=["in the evening", "before a holiday"],
)
def test_a_closed_board_says_when_the_doors_open(holidays: tuple[str, ...], said: str) -> None:
    speaker = Speaker(PHRASES, CENTRE, ("nl",))
    assert speaker.closed(NOW + timedelta(hours=9), holidays) == (("Wij zijn gesloten.", said),)


def test_on_a_holiday_the_hours_of_the_weekday_do_not_hold() -> None:
    speaker = Speaker(PHRASES, CENTRE, ("fr",))
    [(title, sentence)] = speaker.closed(NOW, ("2026-09-15",))
    assert (title, "16" in sentence) == ("Nous sommes fermés.", True)
    assert speaker.closed(NOW, ()) == speaker.blocks("board.no_new_tickets")


@pytest.mark.parametrize(
    ("lost_s", "french", "dutch"),
    [
        (1, "Écran figé depuis 1 s.", "Scherm staat 1 s stil."),
        (119, "Écran figé depuis 119 s.", "Scherm staat 119 s stil."),
        (120, "Écran figé depuis 2 min.", "Scherm staat 2 min stil."),
        (7199, "Écran figé depuis 119 min.", "Scherm staat 119 min stil."),
        (7200, "Écran figé depuis 2 heures.", "Scherm staat 2 uur stil."),
        (60 * 3600, "Écran figé depuis 60 heures.", "Scherm staat 60 uur stil."),
    ],
)
def test_the_age_of_a_frozen_picture_is_told_in_the_unit_that_people_reckon_in(
    lost_s: int, french: str, dutch: str
) -> None:
    speaker = Speaker(PHRASES, CENTRE, ("fr", "nl"))
    said = speaker.news(board_view(), lost_s, over=False, without_anybody="")
    assert said[0] == (french, dutch)


SIZES = ((80, 24), (95, 29), (100, 30), (120, 36), (160, 45), (45, 48), (54, 54), (60, 60))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("waiting_rows", [0, 3, 5, 8])
def test_the_age_of_a_frozen_picture_stands_in_one_size_however_long_it_is_frozen(
    size: tuple[int, int], waiting_rows: int
) -> None:
    layout = layout_for(*size)
    assert layout is not None
    width = size[0] - 2 * layout.margin - 2
    speaker = Speaker(PHRASES, CENTRE, ("nl", "fr"))
    for ages in (range(10), range(10, 100, 7), range(120, 540, 60)):
        plans = [
            news_plan(
                speaker.news(board_view(), age, over=False, without_anybody=""),
                layout, width, waiting_rows, frozen=True,
            )
            for age in ages
        ]  # fmt: skip
        assert len({plan.band for plan in plans}) == 1
        usual = waiting_rows + NEWS_SPACE_ABOVE + layout.news_height + layout.news_space_below
        for plan in plans:
            assert plan.taken + (0 if plan.band else waiting_rows) == usual
            assert all(len(page) <= plan.height for page in plan.pages)
            assert all(len(line) <= width for page in plan.pages for line in page)


def test_news_with_nothing_to_say_take_no_room() -> None:
    layout = layout_for(160, 45)
    assert layout is not None
    assert news_plan((), layout, 150, 0, frozen=False).taken == NEWS_SPACE_ABOVE
