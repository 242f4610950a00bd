"""Without a mouse: each key that the footer names does what it says, and each that is of use is named."""

from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown
from textual.app import App
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.widgets.forms import FormDialog
from desk.widgets.keys import KeyBar, KeyName
from protocol.views import DeskState

SIZES = [(80, 24), (160, 45)]


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


@pytest.fixture
def reception(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("state", "key"), [(DeskState.SERVING, "f7"), (DeskState.FREE, "f9")])
async def test_while_a_question_is_open_only_the_key_that_locks_is_not_dim(
    panel: CounsellorPanel, size: tuple[int, int], state: DeskState, key: str
) -> None:
    async with StaffApp(panel).run_test(size=size) as pilot:
        await shown(pilot, panel, views.counsellor_view(state))
        before = panel.keys.possible
        assert {key, "ctrl+l", "ctrl+t"} <= before
        await pressed(pilot, key)
        assert panel.keys.possible == {"ctrl+l"}
        await shown(pilot, panel, views.counsellor_view(state))
        assert panel.keys.possible == {"ctrl+l"}, "another view changes nothing"
        await pressed(pilot, "escape")
        assert panel.keys.possible == before


async def test_at_reception_a_call_for_help_is_answered_over_a_question_and_its_key_stays_lit(
    reception: ReceptionPanel,
) -> None:
    async with StaffApp(reception).run_test(size=(120, 36)) as pilot:
        await shown(pilot, reception, views.reception_view(help=(views.help_call(),)))
        await pressed(pilot, "f2")
        assert reception.keys.possible == {"f1", "ctrl+l"}


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("state", [DeskState.FREE, DeskState.READY, DeskState.CALLED, DeskState.SERVING])
async def test_the_keys_of_a_small_desk_take_two_lines_whatever_can_be_done(
    line: Any, brussels: Centre, phrases: Phrases, state: DeskState, language: str
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.counsellor_view(state))
        assert ("f3" in panel.keys.possible) is (state is DeskState.CALLED)
        assert panel.keys.size.height == 2


@pytest.mark.parametrize("width", range(40, 90, 5))
async def test_no_line_of_the_footer_is_there_for_one_key_alone(width: int) -> None:
    keys = tuple(KeyName(key=f"f{number}", label="Appeler", cap=f"F{number}") for number in range(2, 9))
    bar = KeyBar()
    bar.styles.width = "100%"
    async with App[None]().run_test(size=(width, 24)) as pilot:
        await pilot.app.mount(bar)
        await settled(pilot)
        bar.show(keys)
        lines = str(bar.content).split("\n")
    assert max(map(len, lines)) <= width
    assert min(line.count("Appeler") for line in lines) > 1


async def test_tab_is_named_where_it_leads_to_who_was_put_aside_and_leads_there_and_back(
    panel: CounsellorPanel,
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert panel.queue_side.aside_head.plain == " Tab  De côté et absents"
        await pressed(pilot, "tab")
        assert panel.queue_side.aside.has_focus
        await pressed(pilot, "tab")
        assert panel.queue_side.waiting.has_focus


async def test_a_list_that_goes_away_under_the_keys_leaves_them_in_the_other_one(
    panel: CounsellorPanel,
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pressed(pilot, "tab")
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, parked=(), missed=()))
        assert panel.queue_side.waiting.has_focus


async def test_a_form_says_how_its_rows_are_reached(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pressed(pilot, "f7")
        assert isinstance(panel.dialog, FormDialog)
        hint = str(panel.dialog.query_one(".hint", Static).content)
        assert all(arrow in hint for arrow in "↑↓←→")


async def test_a_question_about_a_ticket_that_a_colleague_has_called_meanwhile_goes_with_a_word(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        view = views.counsellor_view(DeskState.FREE)
        await shown(pilot, panel, view)
        await pressed(pilot, "enter")
        assert panel.dialog is not None
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE, waiting=view.waiting[1:]))
        assert panel.dialog is None
        assert "le ticket a changé entre-temps" in panel.notice.plain
        await pressed(pilot, "enter", "escape")
        assert line.asked == [], "the answer that came too late is nobody else's"


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_that_receptions_footer_names_can_be_clicked(
    reception: ReceptionPanel, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with StaffApp(reception).run_test(size=size) as pilot:
        await shown(pilot, reception, views.reception_view())
        keys: list[str] = []
        monkeypatch.setattr(reception, "press", keys.append)
        lines = str(reception.keys.content).split("\n")
        for name in reception.keys._names:
            words = f" {name.cap}  {name.label}"
            row = next(row for row, line in enumerate(lines) if words in line)
            left = lines[row].index(words)
            await pilot.click(reception.keys, offset=(left + 1, row))
            await pilot.click(reception.keys, offset=(left + len(words) - 1, row))
        assert keys == [name.key for name in reception.keys._names for _ in ("cap", "label")]
