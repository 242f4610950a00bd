"""The end of a day at a desk: nobody waits for a visitor who cannot come."""

from typing import Any

import pytest
from support import views
from support.staff import settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.actions import DeskSight, possible
from desk.counsellor.actions import COUNSELLOR_ACTIONS
from desk.counsellor.card import card_of
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.words import Voice
from protocol.orders import SignOut
from protocol.views import DeskState, LockedView

NO_TICKETS = "Pas de tickets en ce moment."


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


def facts(voice: Voice, state: DeskState, **changes: Any) -> tuple[str, ...]:
    return card_of(views.counsellor_view(state, **changes), views.NOW, voice).facts


def test_a_free_desk_for_which_nobody_waits_reads_that_no_tickets_are_given(voice: Voice) -> None:
    nobody: dict[str, Any] = {"waiting": (), "waiting_total": 0, "next": None}
    assert NO_TICKETS in facts(voice, DeskState.FREE, open=False, **nobody)
    assert NO_TICKETS not in facts(voice, DeskState.FREE, open=True, **nobody)
    assert NO_TICKETS not in facts(voice, DeskState.FREE, open=False), "who waits already is served"


def test_a_desk_that_is_ready_reads_it_too(voice: Voice) -> None:
    assert NO_TICKETS in facts(voice, DeskState.READY, open=False)
    assert NO_TICKETS not in facts(voice, DeskState.READY, open=True)


def test_when_the_day_has_ended_a_closed_desk_says_so_and_offers_only_to_lock(voice: Voice) -> None:
    view = views.counsellor_view(DeskState.CLOSED, open=False, over=True)
    missed = views.counsellor_view(DeskState.FREE).missed[0]
    assert card_of(view, views.NOW, voice).facts == ("La journée est terminée.",)
    offered = {action.name for action in possible(COUNSELLOR_ACTIONS, DeskSight(view, missed))}
    assert offered == {"lock"}


async def test_whoever_signs_in_when_the_day_has_ended_opens_nothing(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR))
        panel.signed_in()
        await shown(pilot, panel, views.counsellor_view(DeskState.CLOSED, open=False, over=True))
        await pilot.press("f2", "f11")
        await settled(pilot)
        assert line.asked == []
        assert panel.dialog is None
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert line.asked == [SignOut()]
