from itertools import product
from typing import Any

import pytest
from support import views

from config.model import Centre
from config.phrases import Phrases
from desk.actions import (
    ENTER,
    RECEPTION_ACTIONS,
    DeskSight,
    Form,
    HallSight,
    of_key,
    possible,
)
from desk.counsellor.actions import COUNSELLOR_ACTIONS
from desk.widgets.dialogs import yes_or_no
from desk.words import Voice
from protocol import commands as c
from protocol.orders import Order
from protocol.views import DeskState, Stage

STATES = {
    DeskState.CLOSED: {"open_desk"},
    DeskState.FREE: {"call_next", "pause", "close_desk", "undo", "unpark", "pick"},
    DeskState.READY: {"pause", "close_desk", "undo", "pick"},
    DeskState.CALLED: {"recall", "start", "finish", "no_show", "transfer", "park", "undo"},
    DeskState.SERVING: {"finish", "transfer", "park", "undo"},
    DeskState.PAUSED: {"resume", "close_desk", "undo"},
}


@pytest.mark.parametrize("state", list(DeskState))
def test_each_state_of_a_desk_has_its_own_actions(state: DeskState) -> None:
    sight = DeskSight(views.counsellor_view(state))
    assert {action.name for action in possible(COUNSELLOR_ACTIONS, sight)} == STATES[state] | {
        "served",
        "lock",
    }


def test_undo_is_possible_only_when_there_is_something_to_take_back() -> None:
    sight = DeskSight(views.counsellor_view(DeskState.FREE, undo=None))
    assert "undo" not in {action.name for action in possible(COUNSELLOR_ACTIONS, sight)}


@pytest.mark.parametrize(
    ("stage", "name", "command"),
    [
        (Stage.WAITING, "call_ticket", c.CallTicket("S046")),
        (Stage.PARKED, "unpark", c.Unpark("S046")),
        (Stage.NO_SHOW, "reinstate", c.Reinstate("S046")),
    ],
)
def test_enter_on_a_ticket_does_what_its_stage_allows(stage: Stage, name: str, command: c.Command) -> None:
    sight = DeskSight(views.counsellor_view(DeskState.FREE), views.staff_ticket(stage=stage))
    (action,) = possible(COUNSELLOR_ACTIONS, sight, ENTER)
    assert (action.name, action.makes(sight)) == (name, command)


def test_a_desk_with_a_visitor_calls_nobody_else() -> None:
    sight = DeskSight(views.counsellor_view(DeskState.SERVING), views.staff_ticket())
    assert possible(COUNSELLOR_ACTIONS, sight, ENTER) == ()


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (DeskState.FREE, {"close_desk"}),
        (DeskState.READY, {"close_desk"}),
        (DeskState.PAUSED, {"close_desk"}),
        (DeskState.CALLED, {"recall", "start", "finish", "no_show", "transfer", "park"}),
        (DeskState.SERVING, {"finish", "transfer", "park"}),
    ],
)
def test_a_desk_that_somebody_else_left_open_is_brought_to_an_end_and_calls_nobody(
    state: DeskState, names: set[str]
) -> None:
    sight = DeskSight(views.counsellor_view(state, staff="c05", undo=None), views.staff_ticket())
    assert {action.name for action in possible(COUNSELLOR_ACTIONS, sight)} == names | {"lock"}


def test_a_counsellor_opens_the_desk_in_no_other_name() -> None:
    sight = DeskSight(views.counsellor_view(DeskState.CLOSED, staff="c05"))
    (action,) = possible(COUNSELLOR_ACTIONS, sight, "f2")
    assert not isinstance(action.makes, Form)
    assert action.makes(sight) == c.OpenDesk("c05")


@pytest.mark.parametrize("actions", [COUNSELLOR_ACTIONS, RECEPTION_ACTIONS])
def test_every_action_has_its_words_in_every_language(actions: tuple[Any, ...], phrases: Phrases) -> None:
    for action in actions:
        for language in ("fr", "nl", "de", "en"):
            assert phrases.say(f"action.{action.name}", language)
            assert phrases.say(f"key.{action.name}", language)
        if action.confirm:
            assert action.confirm in phrases


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("opened", [True, False])
def test_two_actions_of_one_function_key_are_never_possible_together(stage: Stage, opened: bool) -> None:
    hall = HallSight(views.reception_view(open=opened), views.staff_ticket(stage=stage))
    names = [action.key for action in possible(RECEPTION_ACTIONS, hall) if action.key != ENTER]
    assert len(names) == len(set(names))
    for state, staff in product(DeskState, ("c11", "c05")):
        desk = DeskSight(views.counsellor_view(state, staff=staff), views.staff_ticket(stage=stage))
        names = [action.key for action in possible(COUNSELLOR_ACTIONS, desk)]
        assert len(names) == len(set(names))


def test_a_key_stands_for_what_is_possible_else_for_its_first_action() -> None:
    free, closed = (DeskSight(views.counsellor_view(state)) for state in (DeskState.FREE, DeskState.CLOSED))
    assert of_key(COUNSELLOR_ACTIONS, free, "f2").name == "call_next"
    assert of_key(COUNSELLOR_ACTIONS, closed, "f2").name == "open_desk"
    assert of_key(COUNSELLOR_ACTIONS, None, "f9").name == "pause"


@pytest.mark.parametrize("action", RECEPTION_ACTIONS, ids=lambda action: f"{action.name}-{action.key}")
def test_reception_makes_a_command_or_opens_a_form(action: Any) -> None:
    sight = HallSight(views.reception_view(), views.staff_ticket(), help=views.help_call())
    made = action.makes if isinstance(action.makes, Form) else action.makes(sight)
    assert isinstance(made, Form | c.Command | Order)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_two_answers_of_a_question_do_not_begin_alike(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    for action in (*COUNSELLOR_ACTIONS, *RECEPTION_ACTIONS):
        yes, no = yes_or_no(voice, voice.say(f"action.{action.name}"))
        assert not action.confirm or yes.label.split()[0] != no.label.split()[0]


def test_whose_desk_is_closed_is_asked_in_right_french_whatever_the_name_begins_with(
    phrases: Phrases,
) -> None:
    asked = phrases.say("desk.confirm_close_left", "fr", name="Olivier")
    assert asked.replace("\N{NO-BREAK SPACE}", " ") == "Fermer le bureau ouvert pour Olivier ?"
