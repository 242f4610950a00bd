"""Somebody calls from a kiosk: reception hears it once, reads who it is, and answers in one press."""

from datetime import timedelta
from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.help_calls import URGENT_MIN, Urgency, help_lines
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import HelpSeen, HelpState, ReceptionView

UNSURE = views.help_call(topic=c.HelpTopic.UNSURE)
OTHER = views.help_call("kiosk-1", 0.5, language=None)
LONG_AGO = views.help_call("kiosk-3", URGENT_MIN)


class Bell:
    """Hears how often the terminal has rung."""

    def __init__(self, app: StaffApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rung = 0
        monkeypatch.setattr(app, "bell", self._ring)

    def _ring(self) -> None:
        self.rung += 1


def calling(*calls: HelpSeen, **changes: Any) -> ReceptionView:
    return views.reception_view(help=calls, **changes)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def said(view: ReceptionView, voice: Voice, width: int = 150, rows: int = 3) -> list[tuple[str, str]]:
    lines = help_lines(view, views.NOW, voice, width, rows)
    return [(line.urgency.value, line.said.replace("\N{NO-BREAK SPACE}", " ")) for line in lines]


def test_a_call_says_where_for_how_long_in_which_language_and_that_the_field_is_not_known(
    brussels: Centre, phrases: Phrases
) -> None:
    french, dutch = (Voice(phrases, language, brussels) for language in ("fr", "nl"))
    words = "kiosk-2 demande de l’aide · 1 min · NL · ne sait pas quel thème · depuis 10:40"
    assert said(calling(UNSURE), french) == [("fresh", words)]
    assert said(calling(OTHER), dutch) == [("fresh", "kiosk-1 vraagt hulp · 0 min · sinds 10:41")]


def test_where_room_is_short_the_hour_goes_before_what_the_visitor_needs(
    brussels: Centre, phrases: Phrases
) -> None:
    french = Voice(phrases, "fr", brussels)
    words = "kiosk-2 demande de l’aide · 1 min · NL · ne sait pas quel thème"
    assert said(calling(UNSURE), french, len(words)) == [("fresh", words)]
    [(_, shorter)] = said(calling(UNSURE), french, len(words) - 1)
    assert shorter == "kiosk-2 demande de l’aide · 1 min · NL"


def test_who_waits_comes_first_who_is_forgotten_is_urgent_and_where_somebody_goes_takes_one_line(
    brussels: Centre, phrases: Phrases
) -> None:
    going = [views.help_call(f"kiosk-{number}", 9, state=HelpState.COMING) for number in (4, 5)]
    lines = said(calling(*going, LONG_AGO, UNSURE), Voice(phrases, "en", brussels))
    assert [urgency for urgency, _ in lines] == [Urgency.URGENT, Urgency.FRESH, Urgency.COMING]
    assert lines[2][1] == "kiosk-4, kiosk-5: somebody goes there"


def test_of_more_calls_than_there_are_lines_the_last_line_says_how_many(
    brussels: Centre, phrases: Phrases
) -> None:
    lines = said(calling(LONG_AGO, UNSURE, OTHER), Voice(phrases, "en", brussels), rows=2)
    assert len(lines) == 2
    assert lines[1][1].endswith("  +1")


async def test_the_terminal_rings_once_for_each_call_and_once_more_for_one_that_is_forgotten(
    panel: ReceptionPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = StaffApp(panel)
    bell = Bell(app, monkeypatch)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling())
        assert bell.rung == 0
        for _ in range(2):
            await shown(pilot, panel, calling(UNSURE))
        assert bell.rung == 1, "the same call does not ring at every view"
        await shown(pilot, panel, calling(UNSURE, OTHER))
        assert bell.rung == 2
        await shown(pilot, panel, calling(UNSURE, OTHER, LONG_AGO))
        assert bell.rung == 3
        later = views.NOW + timedelta(minutes=URGENT_MIN)
        await shown(pilot, panel, calling(UNSURE, OTHER, LONG_AGO, at=later))
        assert bell.rung == 4
        await shown(pilot, panel, calling(views.help_call(state=HelpState.COMING)))
        assert bell.rung == 4


async def test_one_press_says_that_somebody_goes_to_who_waits_longest_and_the_next_to_the_next(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling(UNSURE, OTHER))
        assert "F1  J’y vais" in str(panel.keys.content)
        await pressed(pilot, "f1")
        line.accept()
        await settled(pilot)
        assert panel.notice.plain == panel.voice.say("reception.help_answered", kiosk="kiosk-2")
        await shown(pilot, panel, calling(views.help_call(state=HelpState.COMING), OTHER))
        await pressed(pilot, "f1")
        assert line.asked == [c.AnswerHelp("kiosk-2"), c.AnswerHelp("kiosk-1")]


async def test_without_a_call_the_key_is_not_named_and_does_nothing(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling(views.help_call(state=HelpState.COMING)))
        assert "F1" not in str(panel.keys.content).split()
        await pressed(pilot, "f1")
        assert line.asked == []
        await shown(pilot, panel, calling())
        assert not panel.calls.display


async def test_a_click_answers_the_call_that_was_clicked(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling(UNSURE, OTHER))
        await pilot.click(panel.calls.lines[1], offset=(20, 0))
        await settled(pilot)
        assert line.asked == [c.AnswerHelp("kiosk-1")]


async def test_a_call_is_seen_and_answered_over_a_form_which_stays_as_it_is(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling())
        await pressed(pilot, "f2", "down", "space")
        await shown(pilot, panel, calling(UNSURE))
        assert "F1  kiosk-2 demande de l’aide" in panel.status.plain
        await pressed(pilot, "f1")
        line.accept()
        await settled(pilot)
        await pressed(pilot, "enter")
        assert [type(asked) for asked in line.asked] == [c.AnswerHelp, c.IssueTicket]


async def test_somebody_else_was_faster_and_reception_is_told_so(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, calling(UNSURE))
        await pressed(pilot, "f1")
        line.refuse(RefusalCode.HELP_OVER)
        await settled(pilot)
        assert panel.notice.plain == panel.voice.say("refusal.help_over")


@pytest.mark.parametrize(
    ("size", "language"), [((80, 24), "fr"), ((80, 24), "de"), ((100, 30), "nl"), ((160, 45), "en")]
)
async def test_every_call_is_read_whole_beside_all_other_alarms(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        waiting = views.many_waiting(200)
        await shown(pilot, panel, calling(LONG_AGO, UNSURE, OTHER, waiting=waiting, bursts=(views.burst(),)))
        lines = [row for row in panel.calls.lines if row.display]
        assert len(lines) == (2 if size == (80, 24) else 3)
        for row in lines:
            assert len(str(row.content).rstrip()) <= row.content_size.width
        assert len(str(panel.keys.content).split("\n")) <= panel.keys.content_size.height
        assert panel.lists.table.size.height >= 6
