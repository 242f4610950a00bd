"""What a visitor reads who has got no ticket."""

import pytest
from support.played import Played
from support.views import NOW, kiosk_view

from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.inputs import LinkIs, PickField, PickLanguage
from kiosk.layout import Room
from kiosk.screens.ask import said_at
from kiosk.screens.scene import Moment
from protocol.refusals import RefusalCode


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (RefusalCode.FIELD_CLOSED, "This topic is closed at the moment."),
        (RefusalCode.INTAKE_ENDED, "This choice is full for today."),
    ],
)
def test_a_field_closed_or_full_under_the_finger_is_said_in_words_for_visitors(
    centre: Centre, phrases: Phrases, code: RefusalCode, said: str
) -> None:
    played = Played(flow.started(centre.languages, 0.0))
    played.all(LinkIs(up=True), kiosk_view(), PickLanguage("fr"), PickField("employment"), code)
    moment = Moment(played.kiosk, Room(80, 24), centre, phrases, played.at_s, NOW, NOW.date())
    why, way_out = said_at(moment).words
    assert phrases.say(why, "en") == said
    assert way_out == "kiosk.ask_reception"
