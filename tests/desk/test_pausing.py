"""What a counsellor is told before a break, and that the break is theirs all the same."""

from typing import Any

import msgspec
import pytest
from support import views
from support.bare import bare_cells
from support.staff import pressed, shown
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.counsellor.pausing import BARE_ROWS_MAX, PauseDialog, bare_lines
from desk.program import StaffApp
from desk.words import Voice
from protocol import commands as c
from protocol.views import DeskState

SIZE = (120, 36)
ROOM = 60
"""Columns of a line in a dialog on the narrowest panel."""


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


def lines(voice: Voice, count: int) -> list[str]:
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in bare_lines(bare_cells(count), voice)]


def test_what_nobody_serves_meanwhile_is_named_with_until_when_and_who_waits(voice: Voice) -> None:
    head, first, second = lines(voice, 2)
    assert head == "Pendant cette pause, personne pour :"
    until = voice.time(bare_cells(2)[0].until or views.NOW)
    assert first == f"{voice.noun('mobility')} NL jusqu’à {until} · 2 attendent"
    assert second == f"{voice.noun('training')} FR jusqu’à la fermeture · 1 attend"


def test_a_long_list_says_how_many_more_there_are(voice: Voice) -> None:
    assert len(lines(voice, BARE_ROWS_MAX)) == 1 + BARE_ROWS_MAX
    assert lines(voice, BARE_ROWS_MAX + 1)[-1] == "et 1 autre"
    assert lines(voice, BARE_ROWS_MAX + 2)[-1] == "et 2 autres"
    assert lines(voice, 1)[0] != ""
    assert bare_lines((), voice) == []


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_line_fits_the_dialog_of_the_narrowest_panel(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    spoken = Voice(phrases, language, brussels)
    for field in brussels.fields:
        one = msgspec.structs.replace(bare_cells(1)[0], field=field.id, waiting=12)
        for bare in (one, msgspec.structs.replace(one, until=views.NOW)):
            assert all(len(line) <= ROOM for line in bare_lines((bare,), spoken)), field.id


async def test_the_warning_stands_above_the_reasons_and_the_break_is_taken_all_the_same(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, bare=bare_cells()))
        await pressed(pilot, "f9")
        assert "personne pour" in warning(panel)
        await pressed(pilot, "enter")
        assert line.asked == [c.Pause(c.PauseReason.SHORT_BREAK)]


async def test_the_warning_goes_when_somebody_else_comes_meanwhile(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, bare=bare_cells()))
        await pressed(pilot, "f9")
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert warning(panel) == ""


async def test_the_warning_comes_when_somebody_else_goes_meanwhile(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pressed(pilot, "f9")
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, bare=bare_cells()))
        assert "personne pour" in warning(panel)


def warning(panel: CounsellorPanel) -> str:
    assert isinstance(panel.dialog, PauseDialog)
    said = panel.dialog.query_one(".warning", Static)
    return str(said.render()) if said.display else ""
