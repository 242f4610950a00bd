"""Visitors whom nobody can serve today are counted, once, by what they wanted in their language."""

import pytest
from msgspec.structs import replace
from support.kiosk_stories import served
from support.played import Played, at_work
from support.views import kiosk_view
from support.waits import NOBODY, NOT_TODAY, expecting, foreseen, wait

from kiosk.inputs import Back, Finish, LinkIs, PickAnyway, PickField, PickLanguage, PickTalk, TimePasses
from kiosk.visit import LINK_GRACE_S, Scene, in_doubt
from protocol.commands import NoteUnserved, UnservedWhy
from protocol.views import KioskView

NOBODY_THERE = served(kiosk_view(), employment=())
ALL = ("fr", "nl", "de", "en")


def wanted(view: KioskView, language: str = "fr") -> Played:
    return at_work(view).all(PickLanguage(language), PickField("employment"))


def with_field(view: KioskView, **changes: object) -> KioskView:
    fields = tuple(
        replace(queue, **changes) if queue.field == "employment" else queue for queue in view.fields
    )
    return replace(view, fields=fields)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_who_wants_what_nobody_is_planned_for_is_counted(language: str) -> None:
    played = wanted(foreseen(NOBODY_THERE, employment=NOBODY), language)
    assert played.unserved == [NoteUnserved("employment", (language,), UnservedWhy.NOBODY)]


@pytest.mark.parametrize("language", ["fr", "de"])
def test_what_nobody_does_today_is_not_offered_and_whoever_wants_it_is_counted_and_told_when(
    language: str,
) -> None:
    played = wanted(foreseen(NOBODY_THERE, employment=NOT_TODAY), language)
    assert played.unserved == [NoteUnserved("employment", (language,), UnservedWhy.NOBODY)]
    assert played.kiosk.scene is Scene.TALK
    played.all(PickTalk(("fr",)), PickTalk(("nl",)), PickTalk(()))
    assert played.wishes == []
    assert played.all(Back()).kiosk.scene is Scene.FIELD


def test_once_somebody_is_there_after_all_the_visitor_can_choose() -> None:
    played = wanted(foreseen(NOBODY_THERE, employment=NOT_TODAY))
    played.all(kiosk_view(), PickTalk(("fr",)))
    assert [wish.languages for wish in played.wishes] == [("fr",)]


def test_where_another_official_language_is_served_today_that_one_is_offered() -> None:
    played = wanted(expecting(NOBODY_THERE, "employment", fr=NOT_TODAY, nl=wait(20, 35)))
    played.all(PickTalk(("fr",)), PickTalk(("nl",)))
    assert [wish.languages for wish in played.wishes] == [("nl",)]


@pytest.mark.parametrize(
    ("language", "own", "why"),
    [
        ("fr", {"ended": ("fr",), "expected": {"nl": wait(20, 35)}}, UnservedWhy.ENDED),
        ("nl", {"ended": ("nl",), "expected": {"fr": wait(20, 35)}}, UnservedWhy.ENDED),
        ("nl", {"expected": {"fr": wait(20, 35), "nl": NOT_TODAY}}, UnservedWhy.NOBODY),
        ("nl", {"expected": {"fr": wait(20, 35), "nl": NOBODY}}, UnservedWhy.NOBODY),
        ("en", {"expected": {"fr": wait(20, 35), "nl": wait(20, 35), "en": NOT_TODAY}}, UnservedWhy.NOBODY),
    ],
    ids=["French is full", "Dutch is full", "no Dutch today", "no Dutch in sight", "no English today"],
)
def test_a_language_that_nobody_serves_is_counted_though_another_one_is_offered(
    language: str, own: dict[str, object], why: UnservedWhy
) -> None:
    played = wanted(with_field(NOBODY_THERE, **own), language)
    assert played.unserved == [NoteUnserved("employment", (language,), why)]
    assert played.kiosk.scene is Scene.TALK


@pytest.mark.parametrize("language", ["fr", "de"])
def test_who_comes_when_all_is_full_is_counted_so_and_told_when_to_come_again(language: str) -> None:
    again = replace(wait(20, 35), next_at=NOT_TODAY.next_at)
    played = wanted(with_field(kiosk_view(), ended=ALL, expected={"fr": again, "nl": again}), language)
    assert played.unserved == [NoteUnserved("employment", (language,), UnservedWhy.ENDED)]
    assert played.kiosk.scene is Scene.TALK


@pytest.mark.parametrize(
    "changes", [{"open": False}, {"ended": ALL}], ids=["closed", "ended in every language"]
)
def test_who_comes_too_late_for_a_field_is_counted(changes: dict[str, object]) -> None:
    played = wanted(with_field(kiosk_view(), **changes))
    assert played.unserved == [NoteUnserved("employment", ("fr",), UnservedWhy.ENDED)]
    assert played.wishes == []


@pytest.mark.parametrize(
    "view",
    [kiosk_view(), NOBODY_THERE, foreseen(NOBODY_THERE, employment=wait(60, 80))],
    ids=["somebody is there", "nobody knows", "somebody comes later"],
)
def test_who_may_be_served_is_not_counted(view: KioskView) -> None:
    assert wanted(view).unserved == []


def test_while_nobody_hears_it_nothing_is_said() -> None:
    played = at_work(foreseen(NOBODY_THERE, employment=NOBODY)).put(LinkIs(up=False))
    played.all(*[TimePasses()] * (int(LINK_GRACE_S) + 1), PickLanguage("fr"), PickField("employment"))
    assert played.unserved == []


def doubted(played: Played) -> bool:
    queue = next(queue for queue in played.kiosk.view.fields if queue.field == "employment")
    return in_doubt(played.kiosk, queue)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_a_ticket_is_no_first_advice_where_nobody_is_in_sight(language: str) -> None:
    assert doubted(wanted(NOBODY_THERE, language))
    assert doubted(wanted(foreseen(NOBODY_THERE, employment=NOBODY), language))
    assert not doubted(wanted(foreseen(NOBODY_THERE, employment=wait(48, 73)), language))
    assert not doubted(wanted(served(kiosk_view(), employment=("nl",)), language))
    assert not doubted(wanted(foreseen(NOBODY_THERE, employment=NOT_TODAY), language)), "there is none"


def test_who_wants_a_ticket_all_the_same_is_asked_for_the_language_then() -> None:
    played = wanted(foreseen(NOBODY_THERE, employment=NOBODY), "de")
    played.all(PickAnyway())
    assert played.kiosk.scene is Scene.TALK
    assert not doubted(played)
    played.all(PickTalk(("fr",)))
    assert [wish.languages for wish in played.wishes] == [("fr",)]


def test_where_nobody_is_in_sight_one_can_leave_for_reception() -> None:
    assert wanted(NOBODY_THERE).all(Finish()).kiosk.scene is Scene.LANGUAGE


def test_the_next_choice_begins_with_the_doubt_again() -> None:
    played = wanted(NOBODY_THERE, "de").all(PickAnyway(), Back(), PickField("employment"))
    assert doubted(played)
