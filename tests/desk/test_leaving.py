"""What a counsellor reads before a break, a closed desk or fewer fields, and that it is never refused."""

from typing import Any

import msgspec
import pytest
from support import views
from support.bare import bare_cells
from support.staff import pressed, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.leaving import BARE_ROWS_MAX, IN_A_FORM_MAX, BareWarning, bare_if_fewer, bare_lines
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.words import Voice
from protocol import commands as c
from protocol.coverage import Bare
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
    return [
        line.replace("\N{NO-BREAK SPACE}", " ") for line in bare_lines(bare_cells(count), voice, "desk.bare")
    ]


def test_what_nobody_serves_meanwhile_is_named_with_until_when_and_who_waits(voice: Voice) -> None:
    head, first, second = lines(voice, 2)
    assert head == "Pendant cette pause, personne pour :"
    until = voice.time(bare_cells(2)[0].until or views.NOW)
    assert first == f"{voice.noun('mobility')} NL jusqu’à {until} · 2 attendent"
    assert second == f"{voice.noun('training')} FR jusqu’à la fermeture · 1 attend"


def test_what_is_left_bare_later_on_says_from_when(voice: Voice) -> None:
    noon, one = (views.NOW.replace(hour=hour, minute=0) for hour in (12, 13))
    [bare] = bare_cells(1)
    between, on = (msgspec.structs.replace(bare, begins=noon, until=until) for until in (one, None))
    said = [
        line.replace("\N{NO-BREAK SPACE}", " ") for line in bare_lines((between, on), voice, "desk.bare_then")
    ]
    assert said == [
        "Il n’y aura alors personne pour :",
        "Mobilité NL de 12:00 à 13:00 · 2 attendent",
        "Mobilité NL à partir de 12:00 · 2 attendent",
    ]


def test_a_long_list_says_how_many_more_there_are(voice: Voice) -> None:
    assert len(lines(voice, BARE_ROWS_MAX)) == 1 + BARE_ROWS_MAX
    assert lines(voice, BARE_ROWS_MAX + 1)[-1] == "et 1 autre"
    assert lines(voice, BARE_ROWS_MAX + 2)[-1] == "et 2 autres"
    assert lines(voice, 1)[0] != ""
    assert bare_lines((), voice, "desk.bare") == []


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_line_fits_the_dialog_of_the_narrowest_panel(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    spoken = Voice(phrases, language, brussels)
    for field in brussels.fields:
        one = msgspec.structs.replace(bare_cells(1)[0], field=field.id, waiting=12)
        later = msgspec.structs.replace(one, begins=views.NOW)
        ends = (msgspec.structs.replace(bare, until=views.NOW) for bare in (one, later))
        for bare in (one, later, *ends):
            assert all(len(line) <= ROOM for line in bare_lines((bare,), spoken, "desk.bare_then")), field.id


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


async def test_before_the_own_desk_is_closed_stands_what_nobody_serves_then(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, bare_without=bare_cells(1)))
        await pressed(pilot, "f12")
        assert "personne pour" in warning(panel)
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert warning(panel) == ""
        await pressed(pilot, "enter")
        assert line.asked == [c.CloseDesk()]


async def test_a_desk_that_a_colleague_has_left_open_is_closed_without_a_warning(
    panel: CounsellorPanel,
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        view = views.counsellor_view(DeskState.FREE, bare_without=bare_cells(1))
        desk = msgspec.structs.replace(view.desk, counsellor="c04")
        await shown(pilot, panel, msgspec.structs.replace(view, desk=desk))
        await pressed(pilot, "f12")
        assert panel.dialog is not None
        assert not panel.dialog.query(".warning")


async def test_before_fewer_fields_are_served_stands_what_nobody_serves_any_more(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        bare = (Bare(field="training", language="nl", until=None, waiting=0),)
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, bare_without=bare))
        await pressed(pilot, "f11")
        assert warning(panel) == ""
        await pressed(pilot, "space")
        assert "Formation NL" in warning(panel)
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert warning(panel) == ""
        await pressed(pilot, "enter")
        [asked] = line.asked
        assert isinstance(asked, c.NarrowDesk)
        assert "training" not in asked.fields


@pytest.mark.parametrize("language", ["fr", "de"])
async def test_the_form_of_whoever_serves_most_has_room_for_the_warning_in_24_rows(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    busiest = max(brussels.counsellors, key=lambda one: (len(one.fields), len(one.languages)))
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        view = views.counsellor_view(DeskState.FREE, bare_without=bare_cells(6), staff=busiest.id)
        desk = msgspec.structs.replace(
            view.desk, counsellor=busiest.id, fields=busiest.fields, languages=busiest.languages
        )
        await shown(pilot, panel, msgspec.structs.replace(view, desk=desk))
        await pressed(pilot, "f11", *(["space", "right"] * len(busiest.fields)))
        assert len(warning(panel).splitlines()) == 1 + IN_A_FORM_MAX + 1
        assert panel.dialog is not None
        assert panel.dialog.max_scroll_y == 0


def test_fewer_fields_leave_bare_only_what_they_let_go_and_those_who_accept_nothing_else() -> None:
    waiting = tuple(
        views.staff_ticket(code, languages=languages)
        for code, languages in (("M001", ("nl",)), ("M002", ("fr", "nl")), ("S001", ("nl",)))
    )
    bare = tuple(
        Bare(field=field, language=language, until=None, waiting=2)
        for field in ("training", "employment")
        for language in ("fr", "nl")
    )
    view = views.counsellor_view(DeskState.FREE, waiting=waiting, bare_without=bare)

    def left(fields: tuple[str, ...], *languages: str) -> list[tuple[str, str, int]]:
        return [(one.field, one.language, one.waiting) for one in bare_if_fewer(view, fields, languages)]

    assert left(("training", "employment"), "fr", "nl") == []
    assert left(("training", "employment"), "fr") == [("training", "nl", 1), ("employment", "nl", 1)]
    assert left(("employment",), "fr", "nl") == [("training", "fr", 1), ("training", "nl", 2)]


def warning(panel: CounsellorPanel) -> str:
    assert panel.dialog is not None
    said = panel.dialog.query_one(BareWarning)
    return str(said.render()) if said.display else ""
