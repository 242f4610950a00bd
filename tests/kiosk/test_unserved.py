"""Visitors whom nobody can serve today are counted, once, by what they wanted in their language."""

import pytest
from msgspec.structs import replace
from support.kiosk_stories import served
from support.played import Played, at_work
from support.views import kiosk_view
from support.waits import NOBODY, foreseen, wait

from kiosk.inputs import LinkIs, PickField, PickLanguage, TimePasses
from kiosk.visit import LINK_GRACE_S
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
