import pytest
from hypothesis import given
from support.played import STORIES, TICKET, Played, at_work, with_ticket
from support.views import kiosk_view

from kiosk import inputs, visit
from kiosk.inputs import (
    Aid,
    Back,
    Bell,
    CallAnswered,
    Finish,
    LinkIs,
    NotNeeded,
    NumbersAre,
    PickField,
    PickLanguage,
    PickUnsure,
    Switch,
    TimePasses,
)
from kiosk.visit import HelpNews, Scene, help_news
from protocol.commands import CallForHelp, HelpTopic, WithdrawHelp
from protocol.refusals import RefusalCode
from protocol.views import HelpState, KioskView

CALLED, COMING = kiosk_view(help=HelpState.CALLED), kiosk_view(help=HelpState.COMING)
NOBODY = kiosk_view()


@pytest.mark.parametrize(
    ("taps", "scene"),
    [
        ((), Scene.LANGUAGE),
        ((PickLanguage("nl"),), Scene.FIELD),
        ((PickLanguage("nl"), PickUnsure()), Scene.UNSURE),
        ((PickLanguage("de"), PickField("employment")), Scene.TALK),
        ((PickLanguage("nl"), PickField("employment"), TICKET), Scene.TICKET),
        ((PickLanguage("nl"), PickField("employment"), RefusalCode.BUSY), Scene.REFUSED),
    ],
    ids=lambda given: str(given) if isinstance(given, Scene) else "",
)
def test_help_is_one_tap_away_wherever_a_visitor_is_and_leads_back_there(
    taps: tuple[inputs.Input, ...], scene: Scene
) -> None:
    played = at_work().all(*taps)
    assert played.kiosk.scene is scene
    played.put(Bell())
    assert played.kiosk.scene is Scene.HELP
    (call,) = played.calls
    assert isinstance(call, CallForHelp)
    assert call.topic is (HelpTopic.UNSURE if scene is Scene.UNSURE else HelpTopic.HERE)
    assert call.screen_language == played.kiosk.language
    assert played.put(Back()).kiosk.scene is scene


def test_the_screen_says_that_reception_knows_and_then_that_somebody_is_coming() -> None:
    played = at_work().put(Bell())
    assert help_news(played.kiosk) is HelpNews.CALLING
    assert help_news(played.put(CallAnswered(heard=True)).kiosk) is HelpNews.CALLED
    assert help_news(played.put(NOBODY).kiosk) is HelpNews.CALLED, "a view from before the call"
    assert help_news(played.put(CALLED).kiosk) is HelpNews.CALLED
    assert help_news(played.put(COMING).kiosk) is HelpNews.COMING
    assert played.kiosk.scene is Scene.HELP


def answered() -> Played:
    return at_work().all(PickLanguage("fr"), Bell(), CallAnswered(heard=True), CALLED, COMING)


def test_a_call_that_ends_before_its_visitors_eyes_asks_whether_somebody_came_and_can_be_made_again() -> None:
    played = answered().put(NOBODY)
    assert (played.kiosk.scene, help_news(played.kiosk)) == (Scene.HELP, HelpNews.OVER)
    assert played.put(NOBODY).kiosk.scene is Scene.HELP
    assert len(played.put(Bell()).calls) == 2
    assert help_news(played.kiosk) is HelpNews.CALLING
    assert answered().all(NOBODY, Back()).kiosk.scene is Scene.FIELD


def test_nobody_waits_long_behind_a_scene_of_help_that_is_over() -> None:
    played = answered().put(TimePasses(), visit.HELP_S - 5.0).put(NOBODY)
    assert played.put(TimePasses(), visit.IDLE_S - 0.5).kiosk.scene is Scene.HELP
    assert played.put(TimePasses(), 0.5).kiosk.scene is Scene.STILL_THERE
    assert played.put(TimePasses(), visit.STILL_THERE_S).kiosk.scene is Scene.LANGUAGE


def test_a_call_that_ends_behind_the_visitors_step_leaves_that_step_alone() -> None:
    played = answered().all(Back(), NOBODY)
    assert (played.kiosk.scene, help_news(played.kiosk)) == (Scene.FIELD, HelpNews.NOT_CALLED)
    assert len(played.put(Bell()).calls) == 2


def test_a_call_is_made_once_however_often_the_bell_is_touched() -> None:
    played = at_work().all(Bell(), Bell(), Back(), Bell(), CallAnswered(heard=True), Bell(), CALLED, Bell())
    assert len(played.calls) == 1


@pytest.mark.parametrize("before", [CALLED, COMING], ids=["called", "coming"])
def test_who_comes_to_a_kiosk_where_somebody_before_has_rung_calls_for_themselves(before: KioskView) -> None:
    played = at_work(before).all(PickLanguage("nl"), Bell())
    assert played.calls == [CallForHelp(topic=HelpTopic.HERE, screen_language="nl")]
    assert help_news(played.put(before).kiosk) is not HelpNews.COMING, "nobody has answered this visitor"
    played.all(CallAnswered(heard=True), CALLED, Bell(), Back(), Bell())
    assert len(played.calls) == 1
    assert help_news(played.kiosk) is HelpNews.CALLED


def test_the_next_visitor_calls_for_themselves_however_the_one_who_rang_has_left() -> None:
    rang = answered().all(Back(), Back())
    assert len(rang.put(Bell()).calls) == 1, "the same visitor, looking for another language"
    left = rang.put(Back()).put(TimePasses(), visit.IDLE_S)
    assert len(left.all(PickLanguage("nl"), Bell()).calls) == 2
    wiped = answered().put(TimePasses(), visit.HELP_S + visit.STILL_THERE_S)
    assert len(wiped.all(PickLanguage("nl"), Bell()).calls) == 2


def test_the_end_of_the_call_before_does_not_end_the_new_one() -> None:
    played = at_work(COMING).all(PickLanguage("nl"), Bell(), NOBODY)
    assert (played.kiosk.scene, help_news(played.kiosk)) == (Scene.HELP, HelpNews.CALLING)


def test_the_bell_right_after_not_needed_calls_again_and_its_scene_stays() -> None:
    played = answered().all(NotNeeded(), Bell())
    assert isinstance(played.calls[-1], CallForHelp)
    played.put(NOBODY)
    assert (played.kiosk.scene, help_news(played.kiosk)) == (Scene.HELP, HelpNews.CALLING)
    assert help_news(played.all(CallAnswered(heard=True), CALLED).kiosk) is HelpNews.CALLED


def test_who_rang_while_the_server_was_away_is_not_told_that_somebody_comes_who_comes_for_another() -> None:
    played = at_work(COMING).put(NumbersAre(("employment",))).put(LinkIs(up=False)).put(TimePasses(), 5.0)
    played.all(PickLanguage("fr"), Bell(), LinkIs(up=True), COMING)
    assert help_news(played.kiosk) is HelpNews.UNHEARD
    assert len(played.all(Back(), Bell()).calls) == 1


def test_a_call_whose_answer_was_lost_is_believed_when_the_view_tells_of_it() -> None:
    played = at_work().all(Bell(), CallAnswered(heard=False), CALLED)
    assert help_news(played.kiosk) is HelpNews.CALLED


@pytest.mark.parametrize("views", [(), (CALLED,), (CALLED, COMING)], ids=["calling", "called", "coming"])
def test_help_that_is_not_needed_any_more_is_withdrawn(views: tuple[inputs.Input, ...]) -> None:
    played = at_work().all(PickLanguage("fr"), Bell(), *views, NotNeeded())
    assert played.calls[-1] == WithdrawHelp()
    assert played.kiosk.scene is Scene.FIELD


def test_a_call_that_nobody_heard_sends_the_visitor_to_reception_and_can_be_made_again() -> None:
    played = at_work().all(Bell(), CallAnswered(heard=False))
    assert help_news(played.kiosk) is HelpNews.UNHEARD
    assert played.put(NotNeeded()).calls == [CallForHelp(topic=HelpTopic.HERE)], (
        "there is nothing to withdraw"
    )
    assert len(played.put(Bell()).calls) == 2


def test_while_the_server_is_away_nobody_is_called_and_the_way_is_to_reception() -> None:
    alone = at_work().put(NumbersAre(("employment",))).put(LinkIs(up=False)).put(TimePasses(), 5.0)
    alone.all(PickLanguage("fr"), Bell())
    assert alone.kiosk.scene is Scene.HELP
    assert help_news(alone.kiosk) is HelpNews.UNHEARD
    assert alone.calls == []
    away = at_work().all(Bell(), CALLED).put(LinkIs(up=False)).put(TimePasses(), 5.0)
    assert away.kiosk.scene is Scene.OFFLINE
    assert help_news(away.kiosk) is HelpNews.UNHEARD, "what was known is old by now"


def test_a_visitor_who_waits_for_somebody_is_not_hurried() -> None:
    played = at_work().all(PickLanguage("fr"), Bell(), CALLED)
    assert played.put(TimePasses(), visit.HELP_S - 1.5).kiosk.scene is Scene.HELP
    assert played.put(TimePasses(), 2.0).kiosk.scene is Scene.STILL_THERE
    played.put(TimePasses(), visit.STILL_THERE_S)
    assert (played.kiosk.scene, played.kiosk.language) == (Scene.LANGUAGE, None)
    assert played.calls[-1] != WithdrawHelp(), "who cannot answer may need help most"


def test_a_ticket_under_the_scene_of_help_is_shown_anew_for_its_whole_time() -> None:
    played = with_ticket().put(Bell())
    for _ in range(3):
        assert played.put(TimePasses(), visit.HELP_S / 4).kiosk.scene is Scene.HELP
    played.put(Back())
    assert (played.kiosk.scene, played.kiosk.ticket) == (Scene.TICKET, TICKET)
    assert played.put(TimePasses(), visit.ticket_shown_s(played.kiosk) - 0.5).kiosk.scene is Scene.TICKET
    assert played.put(TimePasses(), 0.5).kiosk.scene is Scene.LANGUAGE


def test_a_ticket_that_help_was_called_over_comes_back_by_itself_when_nobody_touches_anything() -> None:
    played = with_ticket().put(Bell()).put(TimePasses(), visit.HELP_S)
    assert (played.kiosk.scene, played.kiosk.ticket) == (Scene.TICKET, TICKET)


def test_who_is_not_sure_reaches_a_person_with_three_taps_at_most() -> None:
    played = at_work().all(PickLanguage("en"), PickUnsure(), Bell())
    assert played.calls == [CallForHelp(topic=HelpTopic.UNSURE, screen_language="en")]
    goes = at_work().all(PickLanguage("en"), PickUnsure(), Finish())
    assert (goes.kiosk.scene, goes.calls) == (Scene.LANGUAGE, [])
    assert at_work().all(PickLanguage("en"), PickUnsure(), Back()).kiosk.scene is Scene.FIELD


@given(STORIES)
def test_a_ticket_is_shown_whatever_happens_between_the_wish_and_its_answer(
    story: list[tuple[inputs.Input, float]],
) -> None:
    played = at_work().all(PickLanguage("fr"), PickField("employment"))
    for what, pause_s in story:
        if not isinstance(what, inputs.Answer):
            played.put(what, pause_s)
    assert played.kiosk.step is Scene.TAKING
    played.put(TICKET)
    assert (played.kiosk.scene, played.kiosk.ticket) == (Scene.TICKET, TICKET)
    assert visit.ticket_until_s(played.kiosk) >= played.at_s + visit.TICKET_S


@given(STORIES)
def test_help_is_never_withdrawn_but_by_the_visitor(story: list[tuple[inputs.Input, float]]) -> None:
    played = at_work()
    for what, pause_s in story:
        before = len(played.calls)
        played.put(what, pause_s)
        if played.calls[before:] == [WithdrawHelp()]:
            assert isinstance(what, NotNeeded)
        elif len(played.calls) > before:
            assert isinstance(what, Bell)


@pytest.mark.parametrize("aid", Aid)
def test_what_makes_the_screen_easier_stays_for_the_visit_and_is_wiped_with_it(aid: Aid) -> None:
    played = at_work().all(Switch(aid), PickLanguage("fr"))
    assert played.kiosk.aids == {aid}
    assert played.put(Back()).kiosk.aids == {aid}, "the same visitor, looking for another language"
    played.all(PickLanguage("nl"), PickField("employment"), TICKET, Finish())
    assert (played.kiosk.scene, played.kiosk.aids) == (Scene.LANGUAGE, frozenset())


def test_what_was_switched_on_before_a_language_was_chosen_is_wiped_when_its_visitor_has_left() -> None:
    played = at_work().put(Switch(Aid.LARGER))
    assert played.put(TimePasses(), visit.IDLE_S - 1).kiosk.aids == {Aid.LARGER}
    assert played.put(TimePasses(), 1).kiosk.aids == frozenset()


def test_a_second_touch_switches_it_off_again_and_says_that_somebody_is_there() -> None:
    played = at_work().all(PickLanguage("fr"), Switch(Aid.CONTRAST)).put(TimePasses(), visit.IDLE_S)
    assert played.kiosk.scene is Scene.STILL_THERE
    played.put(Switch(Aid.CONTRAST))
    assert (played.kiosk.scene, played.kiosk.aids) == (Scene.FIELD, frozenset())


@pytest.mark.parametrize("aid", Aid)
def test_a_double_tap_on_what_makes_the_screen_easier_switches_it_once(aid: Aid) -> None:
    played = at_work().put(PickLanguage("fr")).put(Switch(aid)).put(Switch(aid), 0.4)
    assert played.kiosk.aids == {aid}


@pytest.mark.parametrize("delay_s", [0.25, 0.66])
def test_a_key_that_is_held_switches_once_and_after_it_a_new_touch_counts(delay_s: float) -> None:
    played = at_work().put(PickLanguage("fr")).put(Switch(Aid.LISTEN)).put(Switch(Aid.LISTEN), delay_s)
    for _ in range(100):
        assert played.put(Switch(Aid.LISTEN), 0.03).kiosk.aids == {Aid.LISTEN}
    assert played.put(Switch(Aid.LARGER), visit.SETTLE_S + 0.01).kiosk.aids == {Aid.LISTEN, Aid.LARGER}
    assert played.put(Switch(Aid.LISTEN), visit.HELD_S).kiosk.aids == {Aid.LARGER}


def test_a_tap_right_after_a_switch_does_not_hit_what_has_moved_under_the_finger() -> None:
    played = at_work().all(PickLanguage("fr"), Switch(Aid.LARGER)).put(PickField("employment"), 0.3)
    assert played.kiosk.scene is Scene.FIELD
    assert played.put(PickField("employment"), 0.1).kiosk.scene is Scene.TAKING


def test_who_listens_has_twice_the_time() -> None:
    played = at_work().all(PickLanguage("fr"), Switch(Aid.LISTEN))
    assert played.put(TimePasses(), visit.LISTENING_IDLE_S - 1).kiosk.scene is Scene.FIELD
    assert played.put(TimePasses(), 1).kiosk.scene is Scene.STILL_THERE


def test_a_closed_kiosk_can_still_call_somebody() -> None:
    played = Played().all(LinkIs(up=True), kiosk_view(open=False))
    assert played.kiosk.scene is Scene.CLOSED
    assert played.put(Bell()).kiosk.scene is Scene.HELP
