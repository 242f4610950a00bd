"""What tiles say of those who wait and of how long it takes, and what is said where nobody is there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from support.kiosk_stories import LANGUAGES, crowded, served, served_until
from support.played import Played
from support.views import NOW, kiosk_view
from support.waits import AT_ONCE, FORESEEN, NOBODY, NOT_TODAY, foreseen, wait
from support.waits import expecting as of_field

from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.inputs import LinkIs, NumbersAre, PickLanguage, TimePasses
from kiosk.layout import Room
from kiosk.screens.nobody import reason_at
from kiosk.screens.scene import Moment
from kiosk.screens.waiting import Waiting, waiting_for_field, waiting_in
from kiosk.visit import LINK_GRACE_S, queue_of
from protocol.views import FieldQueue, KioskView
from protocol.waits import Expected, WaitKind

WIDE = 40
At = Callable[..., Moment]


@pytest.fixture
def at(centre: Centre, phrases: Phrases) -> At:
    """The moment after a visitor of this language has begun, and after whatever else happens."""

    def made(view: KioskView, language: str, *more: Any) -> Moment:
        played = Played(flow.started(centre.languages, 0.0))
        played.all(LinkIs(up=True), view, PickLanguage(language), *more)
        return Moment(played.kiosk, Room(80, 24), centre, phrases, played.at_s, NOW, NOW.date())

    return made


def expecting(view: KioskView, **expected: Expected) -> KioskView:
    """The view in which whoever comes for employment may expect this, by language."""
    return of_field(view, "employment", **expected)


def employment(moment: Moment) -> FieldQueue:
    queue = queue_of(moment.kiosk, "employment")
    assert queue is not None
    return queue


def on_tile(moment: Moment) -> Waiting:
    return waiting_for_field(moment, employment(moment))


def test_the_wait_is_told_before_the_people(at: At) -> None:
    moment = at(foreseen(crowded(), **FORESEEN), "fr")
    told = {field: waiting_for_field(moment, queue_of(moment.kiosk, field)) for field in FORESEEN}
    assert {field: waiting.fitting(WIDE) for field, waiting in told.items()} == {
        "education": "25–45 min · 128 pers.",
        "training": "Tout de suite",
        "employment": "100–190 min · 128 pers.",
        "entrepreneurship": "Personne de prévu",
        "mobility": "max. 10 min · 128 pers.",
    }
    assert [field for field, waiting in told.items() if not waiting.there] == ["entrepreneurship"]


def test_without_a_forecast_the_people_alone_are_told(at: At) -> None:
    assert on_tile(at(crowded(), "nl")).fitting(WIDE) == "● Er wachten 128 personen"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_where_room_is_short_the_people_give_way_in_both_official_languages_at_the_same_width(
    language: str, at: At
) -> None:
    waiting = on_tile(at(foreseen(crowded(), employment=wait(130, 200)), language))
    longest = max(map(len, waiting.with_people))
    assert waiting.fitting(longest).endswith("128 pers.")
    assert waiting.fitting(longest - 1) == waiting.words
    assert longest == len("meer dan 2 uur · 128 pers.")


def test_a_visitor_of_a_further_language_is_told_of_that_where_somebody_comes_for_it(at: At) -> None:
    view = expecting(kiosk_view(), fr=wait(10, 25), nl=AT_ONCE, de=wait(60, 80), en=NOBODY)
    assert on_tile(at(view, "de")).words == "60–80 min"
    assert on_tile(at(view, "en")).words == "Right away", "the sooner of the official languages"
    assert on_tile(at(expecting(kiosk_view(), fr=NOBODY, nl=NOBODY), "en")).there is False


def test_what_is_full_for_today_is_said_and_its_wait_is_not(at: At) -> None:
    view = served(expecting(kiosk_view(), fr=wait(40, 60), nl=wait(10, 25)), employment=("fr", "nl"))
    fields = (replace(q, ended=("nl",)) if q.field == "employment" else q for q in view.fields)
    full = replace(view, fields=tuple(fields))
    assert on_tile(at(full, "nl")).words == "Alleen in het Frans"
    assert on_tile(at(full, "fr")).words == "40–60 min"
    assert on_tile(at(full, "en")).words == "40–60 min"
    assert reason_at(at(full, "nl"), employment(at(full, "nl"))).startswith(
        "Voor dit thema is er vandaag geen"
    )


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Seulement en néerlandais"), ("nl", "Alleen in het Frans")]
)
@pytest.mark.parametrize("why", ["ended", "not today"])
def test_who_can_have_another_language_today_reads_that_on_the_tile_in_place_of_full(
    language: str, said: str, why: str, at: At
) -> None:
    other = {"fr": "nl", "nl": "fr"}[language]
    view = expecting(kiosk_view(), **{other: wait(20, 35), language: wait(40, 60)})
    if why == "not today":
        view = expecting(view, **{language: NOT_TODAY})
    else:
        fields = (replace(q, ended=(language,)) if q.field == "employment" else q for q in view.fields)
        view = replace(view, fields=tuple(fields))
    moment = at(view, language)
    assert (on_tile(moment).words, on_tile(moment).there) == (said, False)
    assert set(on_tile(moment).written) == {"Seulement en néerlandais", "Alleen in het Frans"}
    both = replace(view, fields=tuple(replace(q, ended=("fr", "nl")) for q in view.fields))
    assert on_tile(at(both, language)).words == moment.say("kiosk.tile_ended")


def test_a_further_language_that_is_full_is_not_told_its_wait(at: At) -> None:
    view = expecting(kiosk_view(), fr=wait(40, 60), nl=wait(20, 35), de=wait(5, 9))
    fields = (replace(q, ended=("de",)) if q.field == "employment" else q for q in view.fields)
    assert on_tile(at(replace(view, fields=tuple(fields)), "de")).words == "20–35 min"


def test_a_conversation_is_told_its_own_wait(at: At) -> None:
    view = expecting(kiosk_view(), fr=wait(10, 25), nl=NOBODY)
    moment = at(view, "en")
    told = [waiting_in(moment, employment(moment), language) for language in ("fr", "nl", "de")]
    assert [waiting.words for waiting in told] == ["10–25 min", "No one planned", "No one here right now"]
    assert [waiting.there for waiting in told] == [True, False, False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_server_is_away_no_wait_is_told(language: str, at: At) -> None:
    own = NumbersAre(("employment",), paper=True)
    view = foreseen(crowded(), **FORESEEN)
    moment = at(view, language, own, LinkIs(up=False), *[TimePasses()] * (int(LINK_GRACE_S) + 1))
    assert moment.kiosk.alone
    assert on_tile(moment) == Waiting()
    assert all(waiting_in(moment, employment(moment), code) == Waiting() for code in LANGUAGES)


NOBODY_THERE = served(kiosk_view(), employment=())


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (NOBODY_THERE, ("kiosk.nobody_field", "kiosk.ask_when")),
        (expecting(NOBODY_THERE, fr=NOBODY), ("kiosk.nobody_planned", "kiosk.ask_when")),
        (expecting(NOBODY_THERE, fr=wait(60, 80)), ("kiosk.nobody_field", "kiosk.later")),
        (expecting(NOBODY_THERE, fr=wait(60, 80), nl=wait(5, 9)), ("kiosk.nobody_field", "kiosk.later")),
        (expecting(kiosk_view(), fr=NOBODY), ("kiosk.nobody_language", "kiosk.nobody_alternatives")),
        (expecting(kiosk_view(), fr=NOBODY, nl=NOBODY), ("kiosk.nobody_planned", "kiosk.ask_when")),
        (expecting(kiosk_view(), fr=wait(60, 80)), ()),
        (kiosk_view(), ()),
    ],
    ids=[
        "unknown",
        "nobody planned",
        "later",
        "both later",
        "other language",
        "all will have left",
        "foreseen",
        "there",
    ],
)
def test_why_there_is_a_question_is_said_as_far_as_it_is_known(
    view: KioskView, reason: tuple[str, ...], at: At
) -> None:
    moment = at(view, "fr")
    in_language = moment.say("lang.in_fr")
    said = " ".join(moment.say(key, in_language=in_language) for key in reason)
    assert reason_at(moment, employment(moment)) == said


def test_where_nobody_is_planned_today_the_visitor_is_told_the_day_and_hour_of_the_next(at: At) -> None:
    friday = NOW.replace(day=18, hour=9, minute=30)
    later = Expected(kind=WaitKind.NOBODY, next_at=friday)
    still_later = Expected(kind=WaitKind.NOBODY, next_at=friday + timedelta(days=3))
    moment = at(expecting(NOBODY_THERE, fr=later, nl=still_later), "fr")
    said = reason_at(moment, employment(moment))
    assert said == "Pour ce thème, personne n’est prévu. Revenez vendredi 18 septembre à partir de 09:30."


def test_what_nobody_does_today_is_said_on_the_tile_and_when_to_come_back_behind_it(at: At) -> None:
    moment = at(expecting(NOBODY_THERE, fr=NOT_TODAY, nl=NOT_TODAY), "nl")
    assert (on_tile(moment).words, on_tile(moment).there) == ("Vandaag niet", False)
    said = reason_at(moment, employment(moment))
    assert said == "Voor dit thema is er vandaag niemand. Kom terug op woensdag 30 september vanaf 09:30."


def test_who_can_have_another_language_today_is_told_when_the_own_one_is_there(at: At) -> None:
    moment = at(expecting(kiosk_view(), fr=NOT_TODAY, nl=AT_ONCE), "fr")
    said = reason_at(moment, employment(moment))
    assert said.startswith("Pour ce thème, aucun entretien en français n’est possible")
    assert said.endswith("Revenez mercredi 30 septembre à partir de 09:30.")


def test_who_speaks_neither_language_left_is_told_that_there_is_one_for_today(at: At) -> None:
    moment = at(served_until(kiosk_view(), "nl"), "de")
    assert (
        reason_at(moment, employment(moment))
        == "Für dieses Thema gibt es heute nur Gespräche auf Niederländisch."
    )
    moment = at(kiosk_view(), "de")
    assert reason_at(moment, employment(moment)) == ""
