"""What a closed board says of the next opening, and a cut-off one of its age."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.views import NOW, board_view
from support.wall import PHRASES

from config.load import load
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
        (1, "Affichage figé depuis 1 s.", "Scherm staat 1 s stil."),
        (119, "Affichage figé depuis 119 s.", "Scherm staat 119 s stil."),
        (120, "Affichage figé depuis 2 min.", "Scherm staat 2 min stil."),
        (7199, "Affichage figé depuis 119 min.", "Scherm staat 119 min stil."),
        (7200, "Affichage figé depuis 2 heures.", "Scherm staat 2 uur stil."),
        (60 * 3600, "Affichage figé depuis 60 heures.", "Scherm staat 60 uur stil."),
    ],
)
def test_the_age_of_a_frozen_picture_is_told_in_the_unit_that_people_reckon_in(
    lost_s: int, french: str, dutch: str
) -> None:
    speaker = Speaker(PHRASES, CENTRE, ("fr", "nl"))
    said = speaker.news(board_view(), lost_s, over=False, without_anybody="")
    assert said[0] == (french, dutch)
