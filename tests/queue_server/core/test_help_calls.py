"""Calls for help from kiosks: one of each at most, answered by reception, over in time, never a flood."""

import pytest
from support.centre import small_centre
from support.queue import KIOSK, RECEPTION, Hall, snapshot

from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import HelpSeen, HelpState
from queue_server.core.decide.help_calls import ANSWER_FRESH_S, COMING_S
from queue_server.core.events import HelpAnswered, HelpCalled, HelpEnded
from queue_server.core.help_calls import RINGS_MAX, RINGS_WINDOW_S
from queue_server.core.housekeeping import EndDay, ForgetDevice
from queue_server.core.policy import Actor
from queue_server.core.views import kiosk_view, reception_view

OTHER_KIOSK = Actor(Role.KIOSK, "kiosk-2")
UNSURE = c.CallForHelp(c.HelpTopic.UNSURE, "nl")
ANSWER = c.AnswerHelp("kiosk-1")


def state(hall: Hall, kiosk: str = "kiosk-1") -> HelpState:
    return kiosk_view(hall.queue, hall.centre, hall.now, kiosk, None).help


def calls(hall: Hall) -> tuple[HelpSeen, ...]:
    return reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host").help


def called() -> Hall:
    hall = Hall()
    hall.ask(UNSURE, KIOSK)
    return hall


def test_reception_sees_who_calls_since_when_in_which_language_and_whether_the_field_is_known() -> None:
    hall = called()
    since = hall.now
    hall.wait(2)
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    first, second = calls(hall)
    assert first == HelpSeen(
        kiosk="kiosk-1", topic=c.HelpTopic.UNSURE, since=since, language="nl", state=HelpState.CALLED
    )
    assert (second.kiosk, second.topic, second.language) == ("kiosk-2", c.HelpTopic.HERE, None)


def test_only_the_kiosk_that_called_is_told_that_somebody_comes() -> None:
    hall = called()
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    assert hall.ask(ANSWER, RECEPTION) == [HelpAnswered("kiosk-1")]
    assert (state(hall), state(hall, "kiosk-2")) == (HelpState.COMING, HelpState.CALLED)
    assert [seen.state for seen in calls(hall)] == [HelpState.COMING, HelpState.CALLED]


def test_a_call_that_is_made_again_changes_nothing_unanswered_or_just_answered() -> None:
    hall = called()
    before = snapshot(hall.queue)
    assert hall.ask(c.CallForHelp(), KIOSK) == []
    assert snapshot(hall.queue) == before
    hall.ask(ANSWER, RECEPTION)
    hall.wait((ANSWER_FRESH_S - 1) / 60)
    assert hall.ask(UNSURE, KIOSK) == []
    assert state(hall) is HelpState.COMING


def test_who_rings_after_another_visitor_was_answered_is_called_for_anew() -> None:
    hall = called()
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    hall.ask(ANSWER, RECEPTION)
    hall.wait(ANSWER_FRESH_S / 60)
    french = c.CallForHelp(screen_language="fr")
    assert hall.ask(french, KIOSK) == [
        HelpEnded("kiosk-1", "over"),
        HelpCalled(kiosk="kiosk-1", topic=c.HelpTopic.HERE, language="fr"),
    ]
    assert state(hall) is HelpState.CALLED
    assert [(seen.kiosk, seen.language, seen.state) for seen in calls(hall)] == [
        ("kiosk-2", None, HelpState.CALLED),
        ("kiosk-1", "fr", HelpState.CALLED),
    ]
    assert hall.ask(french, KIOSK) == []
    assert snapshot(hall.replayed()) == snapshot(hall.queue)


def test_two_people_at_reception_answer_the_same_call_and_neither_is_refused() -> None:
    hall = called()
    hall.ask(ANSWER, RECEPTION)
    assert hall.ask(ANSWER, RECEPTION) == []


@pytest.mark.parametrize("answered", [False, True])
def test_a_call_is_over_when_the_kiosk_withdraws_it(answered: bool) -> None:
    hall = called()
    if answered:
        hall.ask(ANSWER, RECEPTION)
    assert hall.ask(c.WithdrawHelp(), KIOSK) == [HelpEnded("kiosk-1", "withdrawn")]
    assert (state(hall), calls(hall)) == (HelpState.NONE, ())
    assert hall.ask(c.WithdrawHelp(), KIOSK) == [], "there is nothing to withdraw"
    assert hall.refusal(ANSWER, RECEPTION) is RefusalCode.HELP_OVER


def test_an_answered_call_is_over_after_a_while_and_one_that_nobody_answered_is_not() -> None:
    hall = called()
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    hall.ask(ANSWER, RECEPTION)
    hall.wait((COMING_S - 1) / 60)
    assert hall.tick() == []
    hall.wait(1 / 60)
    assert hall.tick() == [HelpEnded("kiosk-1", "over")]
    hall.wait(60)
    hall.tick()
    assert [seen.kiosk for seen in calls(hall)] == ["kiosk-2"]


def test_who_stands_at_a_kiosk_may_call_while_the_day_is_closed() -> None:
    hall = Hall(is_open=False)
    hall.ask(c.CallForHelp(), KIOSK)
    assert state(hall) is HelpState.CALLED


def test_the_end_of_the_day_ends_every_call() -> None:
    hall = called()
    hall.keep_house(EndDay())
    assert (state(hall), calls(hall)) == (HelpState.NONE, ())
    assert hall.refusal(c.CallForHelp(), KIOSK) is RefusalCode.DAY_OVER


def test_a_kiosk_that_is_removed_calls_no_more() -> None:
    hall = called()
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    assert hall.keep_house(ForgetDevice("board-1")) == []
    assert hall.keep_house(ForgetDevice("kiosk-1")) == [HelpEnded("kiosk-1", "gone")]
    hall.let_happen(HelpCalled(kiosk="kiosk-9", topic=c.HelpTopic.HERE))  # it has left the configuration
    assert hall.tick() == [HelpEnded("kiosk-9", "gone")]
    assert [seen.kiosk for seen in calls(hall)] == ["kiosk-2"]


def play_with_the_bell(hall: Hall, times: int, every_s: float = 0.0) -> None:
    for turn in range(times):
        if turn:
            hall.ask(c.WithdrawHelp(), KIOSK)
            hall.wait(every_s / 60)
        hall.ask(c.CallForHelp(), KIOSK)


def test_the_bell_that_is_played_with_stays_rung_until_reception_answers() -> None:
    hall = Hall()
    play_with_the_bell(hall, RINGS_MAX)
    events = len(hall.history)
    for _ in range(50):
        assert hall.refusal(c.WithdrawHelp(), KIOSK) is RefusalCode.HELP_STAYS
        hall.ask(c.CallForHelp(), KIOSK)
    assert len(hall.history) == events, "the log is not flooded"
    hall.ask(ANSWER, RECEPTION)
    hall.ask(c.WithdrawHelp(), KIOSK)
    assert state(hall) is HelpState.NONE
    hall.ask(c.CallForHelp(), KIOSK)
    assert hall.refusal(c.WithdrawHelp(), KIOSK) is RefusalCode.HELP_STAYS, "it still rings often"


def test_a_bell_that_is_rung_often_in_a_long_day_is_withdrawn_as_ever() -> None:
    hall = Hall()
    play_with_the_bell(hall, 3 * RINGS_MAX, every_s=RINGS_WINDOW_S / (RINGS_MAX - 1))
    hall.ask(c.WithdrawHelp(), KIOSK)


def test_a_kiosk_that_is_played_with_takes_nothing_from_another() -> None:
    hall = Hall()
    play_with_the_bell(hall, RINGS_MAX)
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    hall.ask(c.WithdrawHelp(), OTHER_KIOSK)


def test_help_is_asked_in_a_language_of_the_centre() -> None:
    hall = Hall(small_centre())
    assert hall.refusal(c.CallForHelp(screen_language="it"), KIOSK) is RefusalCode.UNKNOWN_LANGUAGE


def test_the_days_events_alone_give_the_same_calls() -> None:
    hall = called()
    hall.ask(c.CallForHelp(), OTHER_KIOSK)
    hall.ask(ANSWER, RECEPTION)
    hall.ask(c.WithdrawHelp(), OTHER_KIOSK)
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
