"""Sending a visitor on: whoever does it reads first that nobody is there, and may do it all the same."""

from typing import Any

import msgspec
import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.transfer import ANY_DESK, TransferDialog, nobody_words, where_to
from desk.words import Voice
from protocol import commands as c
from protocol.views import DeskState, FieldQueue
from protocol.waits import Expected, WaitKind

NOT_TODAY = Expected(kind=WaitKind.NOT_TODAY)


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


def said(voice: Voice, fields: tuple[FieldQueue, ...], *languages: str, desk: str = ANY_DESK) -> str:
    return nobody_words(fields, {"field": ("mobility",), "languages": languages, "desk": (desk,)}, voice)


def test_where_somebody_is_at_a_desk_for_one_of_the_languages_nothing_is_said(voice: Voice) -> None:
    fields = views.field_queues(served=("fr",))
    assert said(voice, fields, "fr") == ""
    assert said(voice, fields, "de", "fr") == ""


def test_where_nobody_is_at_a_desk_now_field_and_languages_are_named(voice: Voice) -> None:
    fields = views.field_queues(served=("fr",))
    assert said(voice, fields, "de", "en") == "En ce moment, personne à un bureau pour Mobilité DE EN."


def test_where_nobody_comes_any_more_today_that_is_said(voice: Voice) -> None:
    fields = views.field_queues(served=("fr",), expected={"de": NOT_TODAY})
    assert said(voice, fields, "de") == "Aujourd’hui, il n’y a plus personne pour Mobilité DE."
    assert said(voice, fields, "de", "en").startswith("En ce moment"), "somebody may come for the other one"


def test_whoever_is_sent_to_one_desk_is_meant_for_it_whatever_it_serves(voice: Voice) -> None:
    assert said(voice, views.field_queues(served=()), "de", desk="1") == ""


def test_without_a_language_there_is_nothing_to_say_yet(voice: Voice) -> None:
    assert said(voice, views.field_queues(served=())) == ""


async def test_the_warning_stands_in_the_dialog_follows_the_answers_and_forbids_nothing(
    line: Any, panel: CounsellorPanel
) -> None:
    fields = views.field_queues(served=("fr", "nl"))
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        serving = msgspec.structs.replace(views.counsellor_view(DeskState.SERVING), fields=fields)
        await shown(pilot, panel, serving)
        await pressed(pilot, "f7")
        assert isinstance(panel.dialog, TransferDialog)
        warning = panel.dialog.query_one(".warning")
        assert not warning.display
        await pressed(pilot, "down", "space", "right", "right", "space")
        assert warning.display
        assert panel.dialog.region.height <= 24, "it stays whole on the smallest screen"
        await shown(pilot, panel, msgspec.structs.replace(serving, fields=views.field_queues(served=("de",))))
        assert not warning.display, "somebody has come meanwhile"
        await shown(pilot, panel, serving)
        await pressed(pilot, "enter")
        await settled(pilot)
        assert line.asked == [c.Transfer(ticket="S046", languages=("de",))]


@pytest.mark.parametrize(
    ("command", "where"),
    [
        (c.Transfer(ticket="S046", field="mobility", languages=("de",)), "Mobilité DE"),
        (c.Transfer(ticket="S046", languages=("fr", "nl")), "FR NL"),
        (c.Transfer(ticket="S046", desk="1"), "Bureau 1"),
    ],
)
def test_where_a_visitor_was_sent_is_said_in_what_has_changed(
    voice: Voice, command: c.Transfer, where: str
) -> None:
    assert where_to(command, voice) == where


async def test_whoever_has_sent_a_visitor_on_reads_where_to(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pressed(pilot, "f7", "down", "down", "right", "enter")
        line.accept()
        await settled(pilot)
        said = panel.notice.plain.replace("\N{NO-BREAK SPACE}", " ")
        assert said == "S 046 → Bureau 1. La place est gardée."
