"""How many come together with one ticket is read wherever somebody serves them."""

from typing import Any

import msgspec
import pytest
from support import views
from support.staff import shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.card import card_of
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.rows import FIGURE_WIDTH, MINUTES_WIDTH, PEOPLE_WIDTH, row_of, shape_of
from desk.words import Voice
from protocol.commands import PEOPLE_MAX
from protocol.views import DeskState

GROUP = views.staff_ticket("S046", people=3)


async def test_a_list_has_a_column_for_groups_only_while_there_is_one(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.reception_view(waiting=(GROUP, views.staff_ticket("S047"))))
        table = panel.lists.table
        assert [str(cell) for cell in table.get_column("people")] == ["3 p.", ""]
        await shown(pilot, panel, views.reception_view())
        assert "people" not in table.columns


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("width", [36, 42, 50, 62, 76, 100])
def test_the_column_of_groups_takes_room_only_where_there_is_some(
    brussels: Centre, phrases: Phrases, language: str, width: int
) -> None:
    voice = Voice(phrases, language, brussels)
    shape = shape_of(voice, width, groups=True)
    assert sum(column.width + 2 for column in shape.columns) < width
    [wait] = [column for column in shape.columns if column.key == "wait"]
    in_words = wait.label == voice.say("column.wait")
    assert wait.width >= (MINUTES_WIDTH if in_words else FIGURE_WIDTH), "the minutes are read whole"
    assert in_words or wait.label == voice.say("column.minutes"), "a figure has its word in the head"
    largest = views.staff_ticket(people=PEOPLE_MAX)
    assert len(row_of(voice, largest, views.NOW, shape).cells["people"]) <= PEOPLE_WIDTH


def test_a_counsellor_reads_beside_the_number_how_many_come(brussels: Centre, phrases: Phrases) -> None:
    view = views.counsellor_view(DeskState.CALLED)
    assert view.current is not None
    group = msgspec.structs.replace(view, current=msgspec.structs.replace(view.current, people=3))
    voice = Voice(phrases, "fr", brussels)
    with_group, alone = (card_of(one, views.NOW, voice).special for one in (group, view))
    assert "3 p." in with_group
    assert "p." not in alone.split()
