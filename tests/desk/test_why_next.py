"""Why it is this visitor: the rule that was used, as far as the desk knows it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support import views

from config.model import Centre
from config.phrases import Phrases
from desk.actions import DeskSight
from desk.counsellor.actions import COUNSELLOR_ACTIONS, RING_AGAIN_S
from desk.counsellor.card import CALLS_ENOUGH, NOT_HERE_S, card_of
from desk.counsellor.queue_words import next_words, served_words
from desk.words import Voice, stopwatch
from protocol.views import CallReason, CounsellorView, DeskState, StaffTicket, Stage

ROOM, NARROWEST = 60, 34
"""Columns beside a desk: in a standard panel, and in the narrowest."""


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


def view_of(*waiting: StaffTicket) -> CounsellorView:
    return msgspec.structs.replace(views.counsellor_view(), waiting=waiting, next=waiting[0])


REASONS: list[tuple[dict[str, Any], str]] = [
    ({"reason": CallReason.LONGEST_WAIT}, "attente la plus longue de vos thèmes : 24 min"),
    ({"reason": CallReason.YOUR_DESK, "desk": "3"}, "pour votre bureau, attente 24 min"),
    ({"reason": CallReason.PRIORITY, "priority": True}, "priorité : placé 15 min plus tôt"),
    ({"reason": CallReason.SCARCITY}, "peu de bureaux possibles : 24 min"),
    ({"reason": CallReason.PARKED}, "mis de côté, attente 24 min"),
    ({"reason": CallReason.CHOSEN}, "choisi par vous, attente 24 min"),
    ({"reason": CallReason.LONGEST_WAIT, "transferred": True}, "réorienté, place gardée : 24 min"),
    ({"reason": CallReason.LONGEST_WAIT, "calls": 2}, "de retour, place gardée : 24 min"),
]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("changes", "reason"), REASONS)
def test_the_next_visitor_comes_with_the_rule_that_was_used(
    voice: Voice, changes: dict[str, Any], reason: str
) -> None:
    view = view_of(views.staff_ticket("S046", waited_min=24, **changes))
    assert plain(next_words(view, views.NOW, voice, ROOM).plain).split("\n")[1] == reason


@pytest.mark.parametrize("state", [DeskState.CALLED, DeskState.SERVING])
@pytest.mark.parametrize(("changes", "reason"), REASONS[:-1])
def test_the_visitor_at_the_desk_keeps_the_reason_and_the_minutes_of_the_call(
    voice: Voice, state: DeskState, changes: dict[str, Any], reason: str
) -> None:
    called_at = views.NOW - timedelta(minutes=7)
    at_desk = {"called_at": called_at, "started_at": called_at, "desk": "3", "calls": 1, **changes}
    ticket = views.staff_ticket("S046", waited_min=31, stage=Stage(state), **at_desk)
    card = card_of(views.counsellor_view(state, current=ticket), views.NOW, voice)
    assert plain(card.reason[0]) == reason


def test_a_visitor_who_was_called_again_is_not_said_to_be_back(voice: Voice) -> None:
    ticket = views.called_ticket(calls=3, reason=CallReason.LONGEST_WAIT)
    card = card_of(views.counsellor_view(DeskState.CALLED, current=ticket), views.NOW, voice)
    assert plain(card.reason[0]).startswith("attente la plus longue")
    assert "3 appels" in plain(card.special)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_reason_fits_beside_the_narrowest_desk(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    for changes, _ in REASONS:
        ticket = views.staff_ticket("S046", waited_min=124, languages=("fr", "nl", "de", "en"), **changes)
        said = next_words(view_of(ticket), views.NOW, voice, NARROWEST).plain.split("\n")
        assert [len(line) <= NARROWEST for line in said] == [True, True], said


@pytest.mark.parametrize(
    ("minutes", "soon", "over"),
    [
        (24, "", ""),
        (25, "encore 5 min", ""),
        (29.9, "encore 1 min", ""),
        (30, "", "Le temps prévu est écoulé."),
        (45, "", "15 min de trop"),
        (125, "", "95 min de trop"),
    ],
)
def test_the_planned_time_is_spoken_of_before_it_is_up_and_nothing_ends_by_itself(
    voice: Voice, minutes: float, soon: str, over: str
) -> None:
    view = views.counsellor_view(DeskState.SERVING, current=views.served_ticket(minutes=minutes))
    card = card_of(view, views.NOW, voice)
    assert (card.soon, card.over) == (soon, over)
    sight = DeskSight(view, None, views.NOW)
    assert [one.name for one in COUNSELLOR_ACTIONS if one.enabled(sight) and one.key == "f5"] == ["finish"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(59, "00:59"), (3599, "59:59"), (3600, "1:00:00"), (45296, "12:34:56")]
)
def test_a_stopwatch_goes_on_for_hours(seconds: int, said: str) -> None:
    assert stopwatch(views.NOW - timedelta(seconds=seconds), views.NOW) == said


@pytest.mark.parametrize(
    ("since_s", "calls", "fact"),
    [
        (NOT_HERE_S - 1, 1, "La personne vient"),
        (NOT_HERE_S, 1, "F3 rappelle"),
        (NOT_HERE_S, CALLS_ENOUGH, "F6 note l’absence"),
        (NOT_HERE_S - 1, CALLS_ENOUGH, "La personne vient"),
    ],
)
def test_whoever_does_not_come_is_called_again_and_then_absent(
    voice: Voice, since_s: float, calls: int, fact: str
) -> None:
    rung_at = views.NOW - timedelta(seconds=since_s)
    ticket = views.called_ticket(seconds_ago=200, calls=calls, rung_at=rung_at)
    card = card_of(views.counsellor_view(DeskState.CALLED, current=ticket), views.NOW, voice)
    assert fact in card.facts[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert card.timer == stopwatch(rung_at, views.NOW), "since the visitor heard the number last"


def test_a_call_is_not_rung_again_while_it_still_sounds() -> None:
    (recall,) = (one for one in COUNSELLOR_ACTIONS if one.name == "recall")
    for since_s, possible in ((0, False), (RING_AGAIN_S - 0.1, False), (RING_AGAIN_S, True)):
        ticket = views.called_ticket(rung_at=views.NOW - timedelta(seconds=since_s))
        view = views.counsellor_view(DeskState.CALLED, current=ticket)
        assert recall.enabled(DeskSight(view, None, views.NOW)) is possible


def test_fewer_fields_than_usual_are_named_as_those_of_today(voice: Voice) -> None:
    view = views.counsellor_view()
    assert served_words(view, voice) == "FR NL  ·  Emploi, Formation"
    desk = msgspec.structs.replace(view.desk, counsellor="c11", fields=("training",))
    narrowed = msgspec.structs.replace(view, desk=desk)
    assert (
        served_words(narrowed, voice).replace("\N{NO-BREAK SPACE}", " ")
        == "aujourd’hui : FR NL  ·  Formation"
    )
