"""The form of a new ticket says before it is given where nobody will serve it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import FieldQueue
from protocol.waits import Expected, WaitKind

IN_FRENCH = ("f2", "down", "space")
IN_DUTCH_TOO = ("right", "space")


@pytest.fixture(params=[(80, 24), (160, 45)])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    width, height = request.param
    return width, height


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)


def fields(ended: tuple[str, ...] = (), expected: Mapping[str, WaitKind] | None = None) -> Any:
    """The first field like this, the others as ever."""
    first, *others = views.field_queues()
    waits = {language: Expected(kind=kind) for language, kind in (expected or {}).items()}
    changed: FieldQueue = msgspec.structs.replace(first, ended=ended, expected=waits)
    return {"fields": (changed, *others)}


def said(panel: ReceptionPanel) -> str:
    assert panel.dialog is not None
    return str(panel.dialog.query_one(".hint").render())


async def test_what_is_full_is_not_given_and_what_was_filled_in_stays(
    line: Any, panel: ReceptionPanel, size: tuple[int, int]
) -> None:
    async with StaffApp(panel).run_test(size=size) as pilot:
        await shown(pilot, panel, views.reception_view(**fields(ended=("fr",))))
        await pressed(pilot, *IN_FRENCH)
        assert "volzet" in said(panel)
        assert "F10" in said(panel)
        await pressed(pilot, "enter")
        assert line.asked == []
        await pressed(pilot, *IN_DUTCH_TOO, "enter")
        [asked] = line.asked
        assert isinstance(asked, c.IssueTicket)
        assert asked.languages == ("fr", "nl")


async def test_where_nobody_is_in_sight_that_is_said_and_the_ticket_can_be_given_all_the_same(
    line: Any, panel: ReceptionPanel, size: tuple[int, int]
) -> None:
    async with StaffApp(panel).run_test(size=size) as pilot:
        nobody = fields(expected={"fr": WaitKind.NOT_TODAY, "nl": WaitKind.AT_ONCE})
        await shown(pilot, panel, views.reception_view(**nobody))
        await pressed(pilot, *IN_FRENCH)
        assert "Niemand in zicht" in said(panel)
        await pressed(pilot, *IN_DUTCH_TOO)
        assert "Niemand" not in said(panel)
        await pressed(pilot, "space", "enter")
        assert [type(one) for one in line.asked] == [c.IssueTicket]


async def test_whoever_is_refused_a_ticket_that_was_full_a_moment_before_reads_what_staff_can_do(
    line: Any, panel: ReceptionPanel
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.reception_view(**fields()))
        await pressed(pilot, *IN_FRENCH, "enter")
        line.refuse(RefusalCode.INTAKE_ENDED)
        await settled(pilot)
        assert "F10" in panel.notice.plain
        assert "andere dag" not in panel.notice.plain, "staff need not come another day"


async def test_a_field_that_becomes_full_meanwhile_is_said_to_be(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await shown(pilot, panel, views.reception_view(**fields()))
        await pressed(pilot, *IN_FRENCH)
        assert "volzet" not in said(panel)
        await shown(pilot, panel, views.reception_view(**fields(ended=("fr",))))
        assert "volzet" in said(panel)
