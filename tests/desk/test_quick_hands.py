"""Whoever types faster than a small machine draws: each key means what the last one led to."""

from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.widgets.dialogs import Dialog
from desk.widgets.forms import ChipRow

SIZE = (120, 36)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def row_with_the_keys(dialog: Dialog) -> str:
    row = dialog.screen.focused
    assert isinstance(row, ChipRow)
    return row.question.name


async def test_the_keys_are_in_the_row_below_before_the_next_key_comes(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f2")
        dialog = panel.dialog
        assert dialog is not None
        passed = []
        for _ in range(4):
            dialog.action_move(1)
            passed.append(row_with_the_keys(dialog))
        assert passed == ["languages", "screen", "priority", "people"]
        dialog.action_move(-1)
        assert row_with_the_keys(dialog) == "priority"


async def test_letters_typed_right_after_the_key_for_searching_are_searched(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        panel.press("f3")
        assert panel.screen.focused is panel.lists.search
        await settled(pilot)
        assert panel.lists.search.has_focus
