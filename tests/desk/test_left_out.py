"""Reception is told in words which visitors of a kiosk are not in the queue."""

from typing import Any

import pytest
from msgspec.structs import replace
from support import views
from support.staff import settled

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.left_out import left_out_words
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol.envelope import LEFT_OUT_MAX
from protocol.views import ReceptionView

SPACE = "\N{NO-BREAK SPACE}"


def without(*tickets: str, total: int = 0, **changes: Any) -> ReceptionView:
    first, *others = views.devices()
    told = replace(first, left_out=tickets, left_out_total=total or len(tickets))
    return views.reception_view(devices=(told, *others), **changes)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "K 903, K 904 de kiosk-1 : absents de la file. Accueillez ces visiteurs ici."),
        ("nl", "K 903, K 904 van kiosk-1: staan niet in de rij. Ontvang deze bezoekers hier."),
        ("de", "K 903, K 904 von kiosk-1: nicht in der Warteschlange. Nehmen Sie diese Personen hier auf."),
        ("en", "K 903, K 904 of kiosk-1: not in the queue. Take these visitors in here."),
    ],
)
def test_who_is_not_in_the_queue_is_named_with_the_kiosk_in_four_languages(
    brussels: Centre, phrases: Phrases, language: str, said: str
) -> None:
    [words] = left_out_words(without("K903", "K904"), Voice(phrases, language, brussels))
    assert words.replace(SPACE, " ") == said


def test_of_more_than_are_named_the_number_is_said_and_of_none_nothing(
    brussels: Centre, phrases: Phrases
) -> None:
    voice = Voice(phrases, "en", brussels)
    [words] = left_out_words(without("K903", total=4), voice)
    assert words.startswith(f"K{SPACE}903 +3 of kiosk-1")
    assert left_out_words(views.reception_view(), voice) == []


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
@pytest.mark.parametrize("count", [1, 2, LEFT_OUT_MAX])
async def test_all_of_it_is_read_at_every_size_until_there_is_none(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str, count: int
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    codes = [f"K{900 + number}" for number in range(count)]
    async with StaffApp(panel).run_test(size=size) as pilot:
        panel.show(without(*codes, total=count + 3, waiting=views.many_waiting(200)))
        await settled(pilot)
        assert panel.alarm.display
        needs = panel.alarm.visual.get_height(panel.alarm.styles, panel.alarm.content_size.width)
        assert needs <= panel.alarm.content_size.height
        assert panel.lists.table.size.height >= 6
        panel.show(views.reception_view())
        await settled(pilot)
        assert not panel.alarm.display
