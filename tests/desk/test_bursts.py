"""Reception hears of many tickets in a short time, looks, and says whether visitors took them."""

from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.bursts import burst_words
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol.commands import BURST_TICKETS_MAX, CancelBurst, DismissBurst
from protocol.refusals import RefusalCode

SPACE = "\N{NO-BREAK SPACE}"
BURST = views.burst()
ALARMED = views.reception_view(bursts=(BURST,))


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def said(panel: ReceptionPanel) -> str:
    """What stands in the dialog."""
    assert panel.dialog is not None
    return " ".join(str(words.content) for words in panel.dialog.query(Static)).replace(SPACE, " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            (
                "kiosk-2 : beaucoup de tickets en peu de temps, depuis 10:39 (Emploi). "
                "Encore en attente : 13. Regardez qui est là, puis Ctrl+B."
            ),
        ),
        (
            "nl",
            (
                "kiosk-2: veel tickets in korte tijd, sinds 10:39 (Werk). "
                "Nog wachtend: 13. Kijk wie er is, en dan Ctrl+B."
            ),
        ),
    ],
)
def test_the_alarm_names_kiosk_field_time_and_number_and_says_what_to_do(
    brussels: Centre, phrases: Phrases, language: str, words: str
) -> None:
    [alarm] = burst_words(ALARMED, Voice(phrases, language, brussels))
    assert alarm.replace(SPACE, " ") == words


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_the_alarm_is_read_at_every_size_until_it_is_over(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        waiting = views.many_waiting(200)
        two = (BURST, views.burst(kiosk="kiosk-1", fields=("training", "mobility")))
        await shown(pilot, panel, views.reception_view(waiting=waiting, bursts=two))
        assert panel.alarm.display
        needs = panel.alarm.visual.get_height(panel.alarm.styles, panel.alarm.content_size.width)
        assert needs <= panel.alarm.content_size.height
        assert len(str(panel.keys.content).split("\n")) <= panel.keys.content_size.height
        assert panel.lists.table.size.height >= 6
        await shown(pilot, panel, views.reception_view(waiting=waiting))
        assert not panel.alarm.display


async def test_the_key_is_named_below_while_there_is_an_alarm_and_does_nothing_without(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        assert "Ctrl+B  Vérifier" in str(panel.keys.content)
        await shown(pilot, panel, views.reception_view())
        assert "Ctrl+B" not in str(panel.keys.content)
        await pressed(pilot, "ctrl+b")
        assert panel.dialog is None
        assert line.asked == []


async def test_the_dialog_names_every_ticket_it_is_about(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b")
        assert panel.dialog is not None
        assert "kiosk-2 : beaucoup de tickets" in said(panel)
        for number in range(120, 133):
            assert f"S {number}" in said(panel)
        numbers = panel.dialog.query_one(".numbers", Static)
        lines = str(numbers.content).split("\n")
        assert numbers.size.height == len(lines), "no number is broken where its line ends"
        assert all(line.startswith("S") for line in lines)


async def test_enter_harms_nobody_it_says_that_these_are_visitors(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b", "enter")
        assert line.asked == [DismissBurst("kiosk-2", BURST.tickets)]
        assert panel.dialog is None


async def test_one_step_further_all_of_them_are_cancelled_with_one_question(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b", "down", "enter")
        assert line.asked == [CancelBurst("kiosk-2", BURST.tickets)]


async def test_who_only_looks_decides_nothing(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b", "escape")
        await pressed(pilot, "ctrl+b", "down", "down", "enter")
        assert line.asked == []
        assert panel.dialog is None


async def test_a_click_below_opens_the_dialog_too(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(160, 45)) as pilot:
        await shown(pilot, panel, ALARMED)
        lines = str(panel.keys.content).split("\n")
        row, text = next((row, text) for row, text in enumerate(lines) if "Ctrl+B" in text)
        inside = panel.keys.content_region.offset - panel.keys.region.offset
        await pilot.click(panel.keys, offset=(inside.x + text.index("Ctrl+B") + 2, inside.y + row))
        await settled(pilot)
        assert "kiosk-2" in said(panel)


async def test_what_comes_while_the_dialog_is_open_is_not_cancelled_with_it(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b")
        await shown(pilot, panel, views.reception_view(bursts=(views.burst(15),)))
        await pressed(pilot, "down", "enter")
        assert line.asked == [CancelBurst("kiosk-2", BURST.tickets)]


async def test_the_dialog_ends_when_the_other_reception_has_decided(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b")
        await shown(pilot, panel, views.reception_view())
        assert panel.dialog is None


async def test_a_decision_that_comes_too_late_is_told_in_words(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, ALARMED)
        await pressed(pilot, "ctrl+b", "enter")
        line.refuse(RefusalCode.BURST_OVER)
        await settled(pilot)
        assert panel.notice.plain == panel.voice.say("refusal.burst_over")


async def test_of_a_longer_burst_the_dialog_says_how_many_more_there_are(
    panel: ReceptionPanel, line: Any
) -> None:
    longest = views.burst(BURST_TICKETS_MAX, total=55)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.reception_view(bursts=(longest,)))
        await pressed(pilot, "ctrl+b")
        assert f"+{55 - BURST_TICKETS_MAX}" in said(panel)
        await pressed(pilot, "down", "enter")
        assert line.asked == [CancelBurst("kiosk-2", longest.tickets)]
