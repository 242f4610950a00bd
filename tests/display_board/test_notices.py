"""What a closed board says of the next opening."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.views import NOW
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
