"""How the dialog of a day's roster looks, and that it works with a real server."""

import re
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from support import plans
from support.badges import BY, SMALLVILLE, badge, enrol
from support.centre import TRAINER, small_centre
from support.planning import SIZE, TODAY, TOMORROW, day_of, lines, looking
from support.servers import until
from support.staff import pressed
from support.visits import COMES, at_work, clock
from textual.widget import Widget
from textual.widgets import OptionList

from config.model import Centre
from config.phrases import Phrases
from config.roster import Absence, Roster, Shift, roster_of
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.reception.plan_words import day_words, plan_lines
from desk.widgets.dialogs import Button
from desk.widgets.parts import Sentences
from desk.words import Voice
from protocol.client import QueueClient
from protocol.ids import Role
from queue_server.store.house import House


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_nothing_of_it_is_clipped(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        await looking(pilot, panel, line)
        for keys in (["f12"], ["enter"], ["delete", "enter"]):
            await pressed(pilot, *keys)
            dialog = panel.dialog
            assert dialog is not None
            assert dialog.max_scroll_y == 0
            for part in dialog.query("Button, OptionList, Input, ChipRow, .hint, .warning, .plan-gaps"):
                if all(one.display for one in part.ancestors_with_self):
                    assert dialog.region.contains_region(part.region), (keys, part)
            for words in dialog.query(Button):
                assert len(str(words.content)) <= words.content_size.width or not words.region, words
                row = words.parent
                assert isinstance(row, Widget)
                assert row.region.contains_region(words.region) or not words.region, words


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (160, 45)])
async def test_of_a_bad_day_all_can_be_read_that_nobody_serves(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    """Line by line it stands under the list, which gives way: nothing of it is behind an ellipsis."""
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        await looking(pilot, panel, line, plans.a_bad_day())
        await pressed(pilot, "f12")
        dialog = panel.dialog
        assert dialog is not None
        assert dialog.max_scroll_y == 0
        told = [one for one in dialog.query(".plan-gaps").results(Sentences) if one.display]
        assert len(told) == 2
        for one in told:
            whole = one.plain.replace("\N{NO-BREAK SPACE}", " ")
            seen = [one.render_line(y).text.strip() for y in range(one.size.height)]
            assert " ".join(seen).replace("\N{NO-BREAK SPACE}", " ") == whole
        assert dialog.query_one(OptionList).size.height >= 4


@pytest.mark.parametrize("size", [(100, 30), (120, 36), (160, 45)])
async def test_no_hour_is_torn_from_the_field_of_which_it_is_told(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int]
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        await looking(pilot, panel, line, plans.a_bad_day())
        assert panel.dialog is not None
        told = panel.dialog.query_one(".plan-gaps.-named", Sentences)
        seen = [told.render_line(y).text.strip() for y in range(told.size.height)]
        assert len(seen) > 1
        assert all(re.search(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2},?$", one) for one in seen), seen


async def test_a_day_on_which_the_centre_is_closed_has_no_head_over_nothing(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        for plan, told in ((plans.a_day(), True), (plans.closed_day(), False)):
            await looking(pilot, panel, line, plan)
            assert panel.dialog is not None
            assert panel.dialog.query_one(".plan-head").visible is told
            await pressed(pilot, "escape")


async def test_a_real_server_writes_down_what_was_pressed_and_shows_it(
    tmp_path: Path, phrases: Phrases
) -> None:
    enrol(tmp_path, team=SMALLVILLE)
    registry = House(tmp_path).registry()
    await registry.open()
    week = roster_of([Shift(staff=TRAINER, day="tuesday", begins=time(9, 30), ends=time(17))])
    assert await registry.plan(Roster(), week, BY)
    async with at_work(tmp_path, clock(COMES)) as url:
        client = QueueClient(url, badge(Role.RECEPTION, "reception-1"))
        panel = ReceptionPanel(client, small_centre(), phrases, "fr", monotonic=lambda: 0.0)
        async with StaffApp(panel).run_test(size=SIZE) as pilot:
            await until(lambda: panel.view is not None)
            await pressed(pilot, "ctrl+r")
            await until(lambda: lines(panel)[0] == "  Ysbrand Wolkenaer      09:30-17:00")
            await pressed(pilot, "enter", "up", "right", "enter")
            await until(lambda: lines(panel)[0] == "* Ysbrand Wolkenaer      absence")
            assert await registry.roster() == roster_of([*week.lines, Absence(staff=TRAINER, day=TODAY)])
    await registry.close()


def test_a_long_name_leaves_room_for_the_hours(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "nl", brussels)
    strange = "somebody-who-is-in-no-file-any-more"
    [first, *_] = plan_lines(voice, day_of(plans.person(strange, plans.MORNING)))
    assert first.words == "  somebody-who-is-in-no… 09:30-13:00"


def test_a_day_is_named_in_the_language_of_whoever_reads_it(brussels: Centre, phrases: Phrases) -> None:
    named = [day_words(Voice(phrases, one, brussels), TOMORROW, TODAY) for one in ("fr", "nl", "de", "en")]
    assert named == [
        "mercredi 16 septembre",
        "woensdag 16 september",
        "Mittwoch, 16. September",
        "Wednesday 16 September",
    ]
