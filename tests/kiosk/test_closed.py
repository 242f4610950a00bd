"""What a closed kiosk says of the next opening."""

from datetime import datetime

import pytest
from support.played import Played
from support.views import NOW, kiosk_view

from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.inputs import LinkIs
from kiosk.layout import Room
from kiosk.screens.notice import in_hours, notice_at
from kiosk.screens.scene import Moment

TODAY, TOMORROW = "2026-09-15", "2026-09-16"


def closed(centre: Centre, phrases: Phrases, local: datetime, *holidays: str) -> Moment:
    played = Played(flow.started(centre.languages, 0.0))
    played.all(LinkIs(up=True), kiosk_view(open=False, holidays=holidays))
    return Moment(played.kiosk, Room(80, 24), centre, phrases, played.at_s, local, local.date())


@pytest.mark.parametrize(
    ("hour", "holidays", "said"),
    [
        (8, (), "Nous ouvrons aujourd’hui à 09:30."),
        (18, (), "Nous ouvrons mercredi 16 septembre à 09:30."),
        (18, (TOMORROW,), "Nous ouvrons jeudi 17 septembre à 09:30."),
        (11, (TODAY,), "Nous ouvrons mercredi 16 septembre à 09:30."),
    ],
    ids=["before opening", "in the evening", "before a holiday", "on a holiday"],
)
def test_whoever_comes_to_a_closed_kiosk_is_told_when_the_doors_open(
    centre: Centre, phrases: Phrases, hour: int, holidays: tuple[str, ...], said: str
) -> None:
    moment = closed(centre, phrases, NOW.replace(hour=hour), *holidays)
    assert notice_at(moment, "fr") == ("Nous sommes fermés.", said)
    assert not in_hours(moment)


def test_within_the_hours_no_opening_is_named_and_somebody_can_be_called(
    centre: Centre, phrases: Phrases
) -> None:
    moment = closed(centre, phrases, NOW, TOMORROW)
    assert notice_at(moment, "fr")[0] == phrases.say("kiosk.no_tickets_now", "fr")
    assert in_hours(moment)
