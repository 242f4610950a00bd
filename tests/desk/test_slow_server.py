"""A server that takes its time: what staff wants meanwhile is done, or they hear that it is not."""

from typing import Any

import pytest
from support import views
from support.staff import settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.exchange import SLOW_S
from desk.program import StaffApp
from desk.sign_in import LANGUAGE_KEY
from protocol import commands as c
from protocol.client import LinkLost
from protocol.views import DeskState

SIZE = (80, 24)
WAITS = "Le serveur n’a pas encore répondu…"
NOT_DONE = "Pas fait\N{NO-BREAK SPACE}: le serveur n’a pas encore répondu. Recommencez ensuite."


class Watch:
    def __init__(self) -> None:
        self.now_s = 0.0


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases, watch: Watch) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: watch.now_s)


async def test_whoever_chooses_something_else_before_the_server_has_answered_hears_that_it_is_not_done(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("f8", "enter")
        await settled(pilot)
        assert line.asked == [c.Finish("S046")]
        assert (panel.notice.plain, panel.notice.has_class("-refused")) == (NOT_DONE, True)


async def test_a_key_that_is_pressed_twice_is_one_wish_and_nothing_is_said(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f5", "f5")
        await settled(pilot)
        assert line.asked == [c.Finish("S046")]
        assert panel.notice.plain == ""


async def test_it_is_said_that_the_server_has_not_answered_until_it_has(
    line: Any, panel: CounsellorPanel, watch: Watch
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("f2")
        await settled(pilot)
        panel.tick()
        assert panel.notice.plain == "", "it takes no longer than anybody notices"
        watch.now_s = SLOW_S
        panel.tick()
        assert panel.notice.plain == WAITS
        line.accept()
        await settled(pilot)
        assert panel.notice.plain == ""


async def test_that_the_server_has_not_answered_goes_away_in_whichever_language_it_was_said(
    line: Any, panel: CounsellorPanel, phrases: Phrases, watch: Watch
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("f2")
        await settled(pilot)
        watch.now_s = SLOW_S
        panel.tick()
        await pilot.press(LANGUAGE_KEY)
        assert panel.notice.plain == phrases.say("desk.server_slow", "nl")
        line.accept()
        await settled(pilot)
        assert panel.notice.plain == ""


async def test_that_the_server_has_not_answered_takes_no_refusal_from_the_screen(
    line: Any, panel: CounsellorPanel, watch: Watch
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f5")
        await settled(pilot)
        watch.now_s = SLOW_S
        panel.tick()
        await pilot.press("f8", "enter")
        await settled(pilot)
        assert panel.notice.plain == NOT_DONE
        line.accept()
        await settled(pilot)
        assert panel.notice.plain == NOT_DONE


@pytest.mark.parametrize(
    ("state", "says"),
    [(DeskState.SERVING, "Continuez l’entretien"), (DeskState.FREE, "pas d’appel en ce moment")],
)
async def test_nobody_is_told_to_go_on_with_a_conversation_where_there_is_none(
    line: Any, panel: CounsellorPanel, state: DeskState, says: str
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(state))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert says in panel.link.plain
