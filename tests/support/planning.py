"""The dialog of a day's roster in the hands of a test."""

from typing import Any

from support import plans, views
from support.staff import pressed, settled, shown
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from desk.reception.panel import ReceptionPanel
from protocol.orders import ShowPlan
from protocol.plan import PersonPlanned, PlanShown

SIZE = (80, 24)
TODAY, TOMORROW = views.DAY, "2026-09-16"
HALL = views.reception_view()


async def looking(
    pilot: Pilot[None], panel: ReceptionPanel, line: Any, plan: PlanShown | None = None
) -> None:
    """The dialog is open, and the server has said how today is planned."""
    await shown(pilot, panel, HALL)
    await pressed(pilot, "ctrl+r")
    assert line.asked == [ShowPlan(TODAY)]
    await told(pilot, line, plan or plans.a_day())
    line.asked.clear()


async def told(pilot: Pilot[None], line: Any, plan: PlanShown) -> None:
    """The server answers."""
    line.accept(plan)
    await settled(pilot)


async def onto(pilot: Pilot[None], panel: ReceptionPanel, words: str) -> None:
    """The cursor goes down to the line that has these words."""
    options = listed(panel)
    for option in options.options:
        if words in str(option.prompt):
            break
        if not option.disabled:
            await pressed(pilot, "down")
    assert options.highlighted_option is not None
    assert words in str(options.highlighted_option.prompt)


def listed(panel: ReceptionPanel) -> OptionList:
    assert panel.dialog is not None
    return panel.dialog.query_one(OptionList)


def lines(panel: ReceptionPanel) -> list[str]:
    return [str(option.prompt) for option in listed(panel).options]


def said(panel: ReceptionPanel) -> str:
    """What stands in the dialog, and is not hidden."""
    assert panel.dialog is not None
    words = [
        one for one in panel.dialog.query(Static) if all(part.display for part in one.ancestors_with_self)
    ]
    return " ".join(str(one.content) for one in words)


def written(panel: ReceptionPanel) -> list[str]:
    assert panel.dialog is not None
    return [one.value for one in panel.dialog.query(Input)]


def day_of(*people: PersonPlanned) -> PlanShown:
    return PlanShown(day=TODAY, closed=False, people=people)
