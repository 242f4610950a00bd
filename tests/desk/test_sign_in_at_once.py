"""Signing in without going astray: the right name first, and nothing asked twice."""

from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown
from textual.widgets import OptionList, Static

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from protocol.views import LockedView

SIZE = (80, 24)
PIN, OWN = "204816", "775309"


@pytest.fixture
def desk(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


def said(panel: CounsellorPanel) -> str:
    """What stands in the dialog."""
    assert panel.dialog is not None
    return " ".join(str(part.content) for part in panel.dialog.query(Static))


def names(panel: CounsellorPanel) -> list[str]:
    """The people the dialog offers."""
    assert panel.dialog is not None
    options = panel.dialog.query_one(OptionList).options
    return [str(option.prompt).split("  ")[0].strip() for option in options]


async def test_of_the_names_that_hold_what_was_typed_those_that_begin_so_come_first(
    desk: CounsellorPanel,
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW))
        await pressed(pilot, *"dri")
        assert names(desk) == ["Dries Vermeulen", "Amina El Idrissi"], (
            "Enter asks Dries, not Amina, for a PIN"
        )
        await pressed(pilot, "escape", *"el")
        assert names(desk)[:2] == ["Amina El Idrissi", "Elena Rossi"], (
            "a name of several words begins with each"
        )
        await pressed(pilot, "enter")
        assert "Bonjour Amina El Idrissi" in said(desk)


async def test_another_language_while_a_pin_is_chosen_asks_for_nothing_again(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR))
        await pressed(pilot, *PIN, "enter")
        line.refuse(RefusalCode.OWN_PIN_NEEDED)
        await settled(pilot)
        await pressed(pilot, "ctrl+t", "ctrl+t")
        assert "Strg+T" in said(desk), "as the key is written on German keyboards"
        await pressed(pilot, *OWN, "enter", *OWN, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=PIN, new_pin=OWN)]


@pytest.mark.parametrize("typing", ["desmet", "de smet", "jonasdes", "De-Smet"])
async def test_a_name_is_found_with_and_without_what_stands_between_its_parts(
    desk: CounsellorPanel, typing: str
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW))
        await pressed(pilot, *typing)
        assert names(desk) == ["Jonas De Smet"]


async def test_names_of_which_a_part_begins_so_come_first_however_they_are_parted(
    desk: CounsellorPanel,
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW))
        await pressed(pilot, *"elid")
        assert names(desk)[0] == "Amina El Idrissi"
        await pressed(pilot, "escape", *"ma")
        assert names(desk)[:3] == ["Marie Leclercq", "Olivier Maes", "Imane Bouazza"]
