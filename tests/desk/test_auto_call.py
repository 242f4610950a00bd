"""A call that the server made by itself is noticed at the desk; one that was asked for needs no noise."""

from typing import Any

import pytest
from support import views
from support.staff import settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol.envelope import Called
from protocol.views import DeskState

SIZE = (120, 36)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


@pytest.fixture
def slow_flash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flash that stays bright for as long as a test looks, however slow the machine."""
    monkeypatch.setattr("desk.counsellor.desk_side.FLASH_S", 3600.0)


@pytest.mark.usefixtures("slow_flash")
async def test_a_call_that_came_by_itself_rings_and_flashes(
    panel: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        await shown(pilot, panel, views.counsellor_view(DeskState.READY))
        assert rung == []
        await shown(pilot, panel, views.counsellor_view(DeskState.CALLED))
        assert rung == [True]
        assert panel.desk_side.has_class("-flash")
        assert "S\N{NO-BREAK SPACE}046" in panel.notice.plain


@pytest.mark.usefixtures("slow_flash")
async def test_the_flash_ends_when_the_conversation_begins(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        for state in (DeskState.READY, DeskState.CALLED):
            await shown(pilot, panel, views.counsellor_view(state))
        assert panel.desk_side.has_class("-flash")
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        assert not panel.desk_side.has_class("-flash")


async def test_a_call_the_counsellor_asked_for_does_not_ring(
    line: Any, panel: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("f2")
        await settled(pilot)
        line.accept(Called(ticket="S046", desk="3", call=85))
        await shown(pilot, panel, views.counsellor_view(DeskState.CALLED))
        assert rung == []
