"""What reception reads of fields that nobody serves, or one person alone."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from support import views
from support.foreseen import last_tickets
from support.views import NOW

from config.model import Centre
from config.phrases import Phrases
from desk.reception.coverage import coverage_lines
from desk.reception.expected import fields_told
from desk.words import Voice
from protocol.coverage import CellCover, CoverLevel

NOON, ONE = NOW.replace(hour=12, minute=0), NOW.replace(hour=13, minute=0)
SAFE = CellCover(field="education", language="fr", level=CoverLevel.GREEN)
LATER = CellCover(field="training", language="nl", level=CoverLevel.GREEN, gap_begins=NOON, gap_ends=ONE)
ALONE = CellCover(field="employment", language="fr", level=CoverLevel.AMBER, alone="c11")
NOBODY = CellCover(field="mobility", language="nl", level=CoverLevel.RED, gap_begins=NOW, gap_ends=ONE)


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


def read(voice: Voice, *cells: CellCover, rows: int = 20, width: int = 44) -> list[str]:
    lines = [line.plain for line in coverage_lines(cells, voice, width, rows)]
    return [line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in lines][1:]


def test_nobody_now_stands_before_nobody_later_and_one_person_alone(voice: Voice) -> None:
    assert read(voice, SAFE, ALONE, LATER, NOBODY) == [
        "Couverture",
        "Z  NL  personne jusqu’à 13:00",
        "M  NL  personne de 12:00 à 13:00",
        "S  FR  seulement Karim",
    ]


def test_what_nobody_serves_now_says_when_that_happens_again(voice: Voice) -> None:
    again = replace(
        NOBODY, again_begins=NOW.replace(hour=15, minute=0), again_ends=NOW.replace(hour=16, minute=0)
    )
    assert read(voice, again)[1:] == ["Z  NL  personne jusqu’à 13:00 et 15:00–16:00"]


def test_where_all_is_safe_nothing_is_said(voice: Voice) -> None:
    assert read(voice, SAFE) == []
    assert read(voice) == []


def test_what_has_no_room_is_counted(voice: Voice) -> None:
    gaps = [
        CellCover(
            field="training",
            language="nl",
            level=CoverLevel.GREEN,
            gap_begins=NOON + timedelta(hours=hour),
            gap_ends=ONE + timedelta(hours=hour),
        )
        for hour in range(4)
    ]
    assert len(read(voice, *gaps, rows=6)) == 1 + 4
    assert read(voice, *gaps, rows=5)[-1] == "et 2 autres"
    assert read(voice, *gaps, rows=2) == []


def test_where_rows_are_few_two_stand_side_by_side(voice: Voice) -> None:
    one_below_the_other = read(voice, NOBODY, LATER, ALONE, rows=5, width=76)
    assert len(one_below_the_other) == 1 + 3
    _, worst, last = read(voice, NOBODY, LATER, ALONE, rows=4, width=76)
    assert worst.split("  M  ")[1] == "NL  personne de 12:00 à 13:00"
    assert last == "S  FR  seulement Karim"
    cells = [NOBODY, LATER, ALONE, ALONE, ALONE]
    assert read(voice, *cells, rows=4, width=76)[-1].endswith("et 2 autres")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_beside_the_house_two_stand_side_by_side_in_every_language(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    spoken = Voice(phrases, language, brussels)
    _, worst, last = read(spoken, NOBODY, LATER, ALONE, rows=4, width=66)
    assert worst.startswith("Z  NL")
    assert "  M  NL" in worst
    assert last.startswith("S  FR")


WAITS = 1 + 1 + len(views.LETTERS)
"""Rows of the waits with their heads."""
LAST = 1 + len(views.LETTERS)
"""Rows of the last tickets with their head, without air."""


@pytest.mark.parametrize(
    ("cells", "rows", "table"),
    [
        ((), WAITS + 1 + LAST, True),
        ((), WAITS + LAST, True),
        ((), WAITS + LAST - 1, False),
        ((NOBODY, LATER, ALONE), WAITS + 1 + LAST + 2 + 3, True),
        ((NOBODY, LATER, ALONE), WAITS + 1 + LAST + 2 + 2, True),
        ((NOBODY, LATER, ALONE), WAITS + LAST + 2 + 1, False),
    ],
)
def test_the_last_tickets_have_their_table_wherever_it_pushes_nothing_out(
    voice: Voice, cells: tuple[CellCover, ...], rows: int, table: bool
) -> None:
    view = views.reception_view(last_tickets=last_tickets(), coverage=cells)
    told = [line.plain for line in fields_told(view, NOW, voice, 76, rows)]
    assert len(told) <= rows
    assert (voice.say("reception.last_tickets") in told) is table
    assert any("F10" in line for line in told) is not table
    assert sum("personne" in line or "seulement" in line for line in told) >= bool(cells)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_line_fits_the_narrowest_list(brussels: Centre, phrases: Phrases, language: str) -> None:
    spoken = Voice(phrases, language, brussels)
    again = replace(NOBODY, again_begins=NOON, again_ends=ONE)
    assert all(len(line) <= 44 for line in read(spoken, NOBODY, again, LATER, ALONE))
