import gc
from datetime import date
from typing import Any

import msgspec
import pytest
from support.hand import SHORT_S, Hand
from support.kiosk_stories import LANGUAGES, before_language, stories
from support.played import Played
from support.views import NOW, kiosk_view

from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.inputs import LinkIs, TimePasses
from kiosk.layout import Room
from kiosk.screens.scene import Moment
from kiosk.screens.spoken import Line, lines_of
from kiosk.visit import LISTENING_IDLE_S, Scene
from protocol.client import LinkUp
from protocol.envelope import TicketGiven, Welcome

UP = LinkUp(Welcome(protocol=1, server="walkin", centre="brussels", day="2026-09-15", epoch=1))
READ_S = 40.0
"""What fits well into the time of a visitor who listens."""
LETTERS_A_SECOND = 12


class FakeVoice:
    """Somebody who reads, and never comes to an end, so that what is cut short is seen."""

    def __init__(self) -> None:
        self.read_aloud: list[tuple[str, str]] = []
        self.stops = 0

    async def read(self, text: str, language: str) -> None:
        self.read_aloud.append((language, text))

    def stop(self) -> None:
        self.stops += 1


def moment_after(story: list[Any], centre: Centre, phrases: Phrases) -> Moment:
    played = Played(flow.started(centre.languages, 0.0)).put(LinkIs(up=True))
    for what in story:
        played.put(
            TimePasses() if isinstance(what, float) else what, what if isinstance(what, float) else 1.0
        )
    view = played.kiosk.view
    day = NOW.date() if view is None else date.fromisoformat(view.day)
    return Moment(played.kiosk, Room(80, 24), centre, phrases, played.at_s, NOW, day)


def said(moment: Moment) -> str:
    return "\n".join(line.text for line in lines_of(moment))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scene_is_read_in_the_visitors_language_and_in_the_time_there_is(
    language: str, centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    for name, story in {**stories(language, ticket), **before_language()}.items():
        moment = moment_after(story, centre, phrases)
        lines = lines_of(moment)
        assert lines, name
        assert all(line.text.strip() and "\n" not in line.text for line in lines), name
        assert sum(len(line.text) for line in lines) < READ_S * LETTERS_A_SECOND, name
        if moment.kiosk.language is not None and moment.kiosk.scene not in {Scene.TALK, Scene.OFFLINE}:
            assert {line.language for line in lines} == {language}, name


def test_the_languages_are_read_in_the_order_of_the_day_each_in_itself(
    centre: Centre, phrases: Phrases
) -> None:
    seconds = set()
    for day in ("2026-09-15", "2026-09-16"):
        moment = moment_after([kiosk_view(day=day)], centre, phrases)
        names = [(line.language, line.text) for line in lines_of(moment) if line.text[-1].isdigit()]
        assert [language for language, _ in names] == [*moment.official, "de", "en"]
        seconds.add(names[1])
    assert seconds == {("fr", "Français: 2"), ("nl", "Nederlands: 2")}


def test_every_field_is_read_with_its_digit_its_letter_and_who_waits(
    centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    text = said(moment_after(stories("fr", ticket)["field without a forecast"], centre, phrases))
    assert text.startswith("De quoi voulez-vous parler")
    assert "\n1, K: S’orienter. 128 personnes attendent.\n2, M: Se former." in text
    assert f"6: {phrases.say('kiosk.unsure', 'fr')}." in text


def test_a_wait_is_read_in_whole_words(centre: Centre, phrases: Phrases, ticket: TicketGiven) -> None:
    text = said(moment_after(stories("nl", ticket)["field"], centre, phrases))
    assert "K: Kiezen. Wachttijd: 25 tot 45 minuten." in text
    assert "M: Leren. Meteen." in text
    assert "Z: Bewegen. Wachttijd: hoogstens 10 minuten." in text
    text = said(moment_after(stories("en", ticket)["talk, somebody comes later"], centre, phrases))
    assert "Français: 1\nWait: 45 to 75 minutes.\nNederlands: 2\nWait: 45 to 75 minutes." in text


def test_a_ticket_is_read_with_its_turn_and_when_to_be_back(
    centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    told = stories("fr", ticket)
    text = said(moment_after(told["ticket, slip coming"], centre, phrases))
    assert "Votre tour est probablement entre 11:10 et 11:35.\nSoyez de retour pour 11:00." in text
    soon = said(moment_after(told["ticket, slip coming, soon"], centre, phrases))
    assert "entre 10:45 et 11:00." in soon
    assert "Soyez de retour" not in soon
    at_hand = said(moment_after(told["ticket, slip coming, at any moment"], centre, phrases))
    assert "Votre tour est probablement avant 10:55." in at_hand
    for name in ("ticket without a forecast", "ticket of its own, on paper"):
        assert "Votre tour" not in said(moment_after(told[name], centre, phrases)), name


def test_a_ticket_that_nobody_is_planned_for_is_read_with_what_to_do(
    centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    text = said(moment_after(stories("nl", ticket)["ticket, nobody is planned"], centre, phrases))
    assert "Niemand is gepland. Vraag het aan het onthaal." in text
    assert "Als er iemand komt, roepen wij uw nummer op." in text
    assert "voor u" not in text


def test_where_nobody_is_in_sight_the_way_to_reception_is_read_before_a_ticket(
    centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    text = said(moment_after(stories("de", ticket)["talk, nobody is planned"], centre, phrases))
    assert "1: Ich gehe zum Empfang.\n2: Trotzdem ein Ticket. Vielleicht kommt niemand." in text


def test_the_number_is_read_with_what_to_do(centre: Centre, phrases: Phrases, ticket: TicketGiven) -> None:
    text = said(moment_after(stories("nl", ticket)["ticket, slip out"], centre, phrases))
    assert "Uw nummer: S\N{NO-BREAK SPACE}042." in text
    assert "Neem uw ticket" in text


def test_the_time_left_is_heard_as_well_as_seen(
    centre: Centre, phrases: Phrases, ticket: TicketGiven
) -> None:
    assert "in 20 seconds" in said(moment_after(stories("en", ticket)["still there"], centre, phrases))


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
async def hand(voice: FakeVoice, kiosk_spoken: Any, clock: Any, line: Any, until: Any) -> Any:
    app = kiosk_spoken(voice)
    async with app.run_test(size=(80, 24)) as pilot:
        made = Hand(pilot, app, clock, line, until)
        await made.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
        yield made


async def test_a_visit_by_ear(hand: Hand, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert voice.read_aloud == []
    await hand.taps("#tool-listen", Scene.LANGUAGE)
    await hand._until(hand.pilot, lambda: ("en", "English: 4") in voice.read_aloud)
    await hand.taps("#fr", Scene.FIELD)
    await hand._until(hand.pilot, lambda: any(text.startswith("6: ") for _, text in voice.read_aloud))
    heard = len(voice.read_aloud)
    hand.line.say(msgspec.structs.replace(kiosk_view(), version=99))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.view.version == 99)
    await hand.pilot.pause()
    assert len(voice.read_aloud) == heard, "the same scene is not read again because somebody came or went"
    await hand.pilot.press("tab", "right")
    await hand._until(hand.pilot, lambda: len(voice.read_aloud) >= heard + 2)
    assert voice.read_aloud[-1][1].startswith("M. Se former")
    silences = voice.stops
    monkeypatch.setattr("kiosk.panel.PRESSED_S", LISTENING_IDLE_S)  # the finger is felt; nothing follows yet
    hand.clock.pass_s(SHORT_S)
    await hand.pilot.click("#training")
    await hand._until(hand.pilot, lambda: voice.stops > silences)
    assert hand.panel.kiosk.scene is Scene.FIELD


async def test_a_visitor_who_has_left_leaves_a_silent_screen(hand: Hand, voice: FakeVoice) -> None:
    await hand.taps("#tool-listen", Scene.LANGUAGE)
    await hand._until(hand.pilot, lambda: bool(voice.read_aloud))
    await hand.waits(LISTENING_IDLE_S, Scene.LANGUAGE)
    heard = len(voice.read_aloud)
    await hand.taps("#nl", Scene.FIELD)
    assert len(voice.read_aloud) == heard
    assert voice.stops


async def test_what_is_cut_short_before_its_first_word_leaves_nothing_unread_behind(
    hand: Hand, voice: FakeVoice, recwarn: pytest.WarningsRecorder
) -> None:
    hand.panel._aloud.say((Line("fr", "Bonjour"),))
    hand.panel._aloud.hush()
    await hand.pilot.pause()
    gc.collect()
    assert voice.read_aloud == []
    assert [str(one.message) for one in recwarn if "never awaited" in str(one.message)] == []


async def test_a_centre_without_a_voice_offers_none(kiosk: Any) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        kiosk.panel.hear(LinkIs(up=True))
        kiosk.panel.hear(kiosk_view())
        await pilot.pause()
        assert not kiosk.panel.query("#tool-listen")
