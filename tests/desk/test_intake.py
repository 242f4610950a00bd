"""Reception holds a field in one language open or closed, or leaves it to the forecast again."""

from typing import Any

import msgspec
import pytest
from support import views
from support.foreseen import last_tickets
from support.staff import pressed, shown
from textual.widgets import OptionList

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from protocol import commands as c
from protocol.waits import HeldIntake

SIZE = (120, 36)
FIELDS = len(views.LETTERS)
CELLS = {"fr": FIELDS, "nl": FIELDS + 1}
"""Lines before those of education in French and in Dutch."""


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def held(hold: c.IntakeHold, language: str = "fr") -> tuple[HeldIntake, ...]:
    return (HeldIntake(field="education", language=language, hold=hold),)


def lines(panel: ReceptionPanel) -> list[str]:
    assert panel.dialog is not None
    options = panel.dialog.query_one(OptionList).options
    return [str(option.prompt).replace("\N{NO-BREAK SPACE}", " ").rstrip() for option in options]


OPEN, CLOSED, AUTOMATIC = c.IntakeHold.OPEN, c.IntakeHold.CLOSED, c.IntakeHold.AUTOMATIC


@pytest.mark.parametrize(
    ("now", "keys", "asked"),
    [
        (AUTOMATIC, ["down"], OPEN),
        (AUTOMATIC, ["down", "down"], CLOSED),
        (OPEN, ["up"], AUTOMATIC),
        (OPEN, ["down"], CLOSED),
        (CLOSED, ["down"], AUTOMATIC),
        (CLOSED, ["up"], OPEN),
    ],
)
async def test_from_each_way_reception_goes_to_each_other_at_once(
    line: Any, panel: ReceptionPanel, now: c.IntakeHold, keys: list[str], asked: c.IntakeHold
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        known = () if now is AUTOMATIC else held(now)
        await shown(pilot, panel, views.reception_view(held=known))
        await pressed(pilot, "f10", *["down"] * CELLS["fr"], "enter", *keys, "enter")
        assert line.asked == [c.HoldIntake("education", "fr", asked)]


@pytest.mark.parametrize("now", c.IntakeHold)
async def test_what_holds_now_is_marked_and_choosing_it_asks_nothing(
    line: Any, panel: ReceptionPanel, now: c.IntakeHold
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        known = () if now is AUTOMATIC else held(now)
        await shown(pilot, panel, views.reception_view(held=known))
        await pressed(pilot, "f10", *["down"] * CELLS["fr"], "enter")
        [marked] = [one for one in lines(panel) if one.startswith("✓")]
        words = {AUTOMATIC: "Selon la prévision", OPEN: "Garder ouvert", CLOSED: "Garder fermé"}
        assert marked == f"✓ {words[now]}"
        await pressed(pilot, "enter")
        assert line.asked == []
        assert panel.dialog is None


async def test_whoever_leaves_a_full_field_to_the_forecast_hears_that_it_stays_full(
    line: Any, panel: ReceptionPanel
) -> None:
    first, *others = views.told_queues()
    full = msgspec.structs.replace(first, ended=("fr",))
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(fields=(full, *others)))
        await pressed(pilot, "f10", *["down"] * CELLS["fr"], "enter", "enter")
        assert line.asked == []
        said = panel.notice.plain.replace("\N{NO-BREAK SPACE}", " ")
        assert said.endswith("FR reste comme avant : complet.")


async def test_a_way_can_be_chosen_with_a_click(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f10", *["down"] * CELLS["fr"], "enter")
        assert panel.dialog is not None
        await pilot.click(panel.dialog.query_one(OptionList), offset=(4, 2))
        assert line.asked == [c.HoldIntake("education", "fr", CLOSED)]


async def test_the_list_says_what_is_held_and_not_until_when_it_would_be_open(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(last_tickets=last_tickets(), held=held(OPEN)))
        await pressed(pilot, "f10")
        french, dutch = (lines(panel)[CELLS[language]] for language in ("fr", "nl"))
        assert "gardé ouvert" in french
        assert "jusqu’à" in dutch


NOT_OPEN = {"open": False, "fields": views.field_queues(open=False)}
"""Before the doors open, or after they have closed."""


async def test_before_the_doors_open_a_field_in_one_language_is_held_as_later(
    line: Any, panel: ReceptionPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**NOT_OPEN, held=held(CLOSED, "nl")))
        await pressed(pilot, "f10")
        field, french, dutch = (lines(panel)[at] for at in (0, CELLS["fr"], CELLS["nl"]))
        assert ["à l’ouverture" in one for one in (field, french, dutch)] == [True, True, False]
        assert "gardé fermé" in dutch
        await pressed(pilot, *["down"] * CELLS["fr"], "enter", "down", "down", "enter")
        assert line.asked == [c.HoldIntake("education", "fr", CLOSED)]


@pytest.mark.parametrize(
    ("closed", "asked"), [((), c.CloseField("education")), (("education",), c.OpenField("education"))]
)
async def test_before_the_doors_open_a_field_is_closed_and_opened_as_later(
    line: Any, panel: ReceptionPanel, closed: tuple[str, ...], asked: c.AnyCommand
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**NOT_OPEN, closed_fields=closed))
        await pressed(pilot, "f10", "enter")
        assert line.asked == [asked]


async def test_a_field_that_is_closed_has_no_languages_to_hold(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(closed_fields=("education",)))
        await pressed(pilot, "f10")
        assert "fermé" in lines(panel)[0]
        assert not lines(panel)[CELLS["fr"]].startswith(lines(panel)[0].split()[0])


async def test_what_is_held_stands_in_the_list_in_any_language(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(held=held(CLOSED, "de")))
        await pressed(pilot, "f10", *["down"] * (FIELDS + 2), "enter", "down", "enter")
        assert line.asked == [c.HoldIntake("education", "de", AUTOMATIC)]
