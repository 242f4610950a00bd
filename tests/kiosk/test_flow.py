import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.played import (
    INPUTS,
    LANGUAGES,
    NOT_PRINTED,
    STORIES,
    TICKET,
    VIEWS,
    Played,
    at_work,
    served,
    with_ticket,
)
from support.views import kiosk_view
from support.waits import NOBODY, foreseen, wait

from config.model import Languages
from kiosk import flow, inputs, visit
from kiosk.inputs import (
    Back,
    Continue,
    Finish,
    LinkIs,
    NumbersAre,
    PickField,
    PickLanguage,
    PickTalk,
    ServerGone,
    TimePasses,
)
from kiosk.paper import PRINTER_UNKNOWN_S, SLIP_S, Printing, SlipNews
from kiosk.reserve import Given
from kiosk.visit import Kiosk, Scene
from protocol.commands import IssueTicket
from protocol.envelope import TicketGiven
from protocol.refusals import RefusalCode
from protocol.views import FieldQueue, KioskView, PrinterState, PrintState, SlipSeen


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_visitor_in_an_official_language_has_a_ticket_after_two_taps(language: str) -> None:
    played = at_work().all(PickLanguage(language), PickField("employment"))
    assert played.wishes == [IssueTicket(field="employment", languages=(language,), screen_language=language)]
    assert played.put(TICKET).kiosk.scene is Scene.TICKET


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_visitor_in_a_further_language_chooses_the_conversation_with_the_third_tap(language: str) -> None:
    played = at_work().all(PickLanguage(language), PickField("employment"))
    assert played.kiosk.scene is Scene.TALK
    assert played.wishes == []
    played.put(PickTalk(("fr", "nl")))
    assert played.wishes == [
        IssueTicket(field="employment", languages=("fr", "nl"), screen_language=language)
    ]


def test_a_further_language_is_offered_where_somebody_speaks_it_and_is_one_of_any() -> None:
    english = at_work(served("employment", "fr", "nl", "en")).all(PickLanguage("en"), PickField("employment"))
    queue = visit.queue_of(english.kiosk, "employment")
    assert queue is not None
    assert visit.talk_choices(english.kiosk, queue) == (("fr",), ("nl",), ("en",), ("fr", "nl", "en"))
    without = msgspec.structs.replace(queue, served=("fr", "nl"))
    assert visit.talk_choices(english.kiosk, without) == (("fr",), ("nl",), ("fr", "nl"))


def test_nobody_there_in_the_visitors_language_is_said_and_the_other_language_offered() -> None:
    played = at_work(served("employment", "nl")).all(PickLanguage("fr"), PickField("employment"))
    assert played.kiosk.scene is Scene.TALK
    queue = visit.queue_of(played.kiosk, "employment")
    assert queue is not None
    assert visit.talk_choices(played.kiosk, queue) == (("fr",), ("nl",), ("fr", "nl"))
    assert played.put(PickTalk(("fr",))).wishes[0].languages == ("fr",)


def test_a_field_without_anybody_still_gives_a_ticket_after_saying_so() -> None:
    played = at_work(served("employment")).all(PickLanguage("nl"), PickField("employment"))
    assert played.kiosk.scene is Scene.TALK
    assert played.wishes == []
    assert played.put(PickTalk(("nl",))).kiosk.scene is Scene.TAKING


def test_whoever_is_there_and_will_have_left_is_not_taken_for_somebody() -> None:
    view = foreseen(served("employment", "fr"), employment=NOBODY)
    played = at_work(view).all(PickLanguage("fr"), PickField("employment"))
    assert played.kiosk.scene is Scene.TALK
    assert played.wishes == []


def test_a_language_for_which_somebody_comes_later_is_offered() -> None:
    view = foreseen(served("employment"), employment=wait(60, 80))
    for language, choices in (
        ("fr", (("fr",), ("nl",), ("fr", "nl"))),
        ("de", (("fr",), ("nl",), ("de",), ("fr", "nl", "de"))),
    ):
        played = at_work(view).all(PickLanguage(language), PickField("employment"))
        assert played.kiosk.scene is Scene.TALK
        queue = visit.queue_of(played.kiosk, "employment")
        assert queue is not None
        assert visit.talk_choices(played.kiosk, queue) == choices


def test_a_language_that_is_full_for_today_is_not_offered() -> None:
    view = served("employment", "fr", "nl", "de", ended=("fr",))
    french = at_work(view).all(PickLanguage("fr"), PickField("employment"))
    assert french.kiosk.scene is Scene.TALK
    assert french.put(PickTalk(("fr",))).wishes == []
    assert french.put(PickTalk(("nl",))).wishes[0].languages == ("nl",)
    german = at_work(view).all(PickLanguage("de"), PickField("employment"))
    queue = visit.queue_of(german.kiosk, "employment")
    assert queue is not None
    assert visit.talk_choices(german.kiosk, queue) == (("nl",), ("de",), ("nl", "de"))
    english = at_work(view).all(PickLanguage("en"), PickField("employment"))
    assert english.kiosk.scene is Scene.TALK, "who may not speak Dutch is asked, though nothing else is left"


def test_a_field_that_is_full_for_today_gives_no_ticket_and_says_so_also_when_it_becomes_so() -> None:
    full = served("employment", "fr", "nl", ended=("fr", "nl"))
    for language in ("fr", "de"):
        played = at_work(full).all(PickLanguage(language), PickField("employment"))
        assert played.kiosk.scene is Scene.TALK
        assert played.all(PickTalk(("fr",)), PickTalk(("nl",)), PickTalk((language,))).wishes == []
        assert played.put(Back()).kiosk.scene is Scene.FIELD
    asked = at_work(served("employment", "nl")).all(PickLanguage("fr"), PickField("employment"))
    assert asked.kiosk.scene is Scene.TALK
    assert asked.put(full).kiosk.scene is Scene.TALK
    assert asked.put(PickTalk(("nl",))).wishes == []


def test_whoever_touches_a_closed_field_gets_no_ticket_and_is_told_why() -> None:
    played = at_work(served("employment", "fr", open=False)).all(PickLanguage("fr"), PickField("employment"))
    assert played.kiosk.scene is Scene.REFUSED
    assert played.kiosk.refusal is RefusalCode.FIELD_CLOSED
    assert played.wishes == []
    assert played.put(Back()).kiosk.scene is Scene.FIELD


def test_a_field_that_has_no_numbers_left_while_the_server_is_away_says_so() -> None:
    played = at_work().put(NumbersAre(("training",))).put(LinkIs(up=False))
    played.all(TimePasses(), TimePasses(), TimePasses(), PickLanguage("fr"), PickField("employment"))
    assert played.kiosk.refusal is RefusalCode.FIELD_CLOSED
    assert played.unserved == [], "nobody hears it"
    assert played.all(Back(), PickField("training")).kiosk.scene is Scene.TAKING


def test_one_official_language_leaves_no_question_about_the_conversation() -> None:
    kiosk = flow.started(Languages(official=("fr",), further=("en",)), 0.0)
    played = Played(kiosk).all(LinkIs(up=True), kiosk_view(), PickLanguage("en"), PickField("employment"))
    assert played.wishes == [IssueTicket(field="employment", languages=("fr",), screen_language="en")]


def test_an_idle_visitor_is_asked_and_then_wiped() -> None:
    played = at_work().put(PickLanguage("nl"))
    assert played.put(TimePasses(), visit.IDLE_S - 0.5).kiosk.scene is Scene.FIELD
    assert played.put(TimePasses(), 0.5).kiosk.scene is Scene.STILL_THERE
    assert visit.left_s(played.kiosk, played.at_s) == visit.STILL_THERE_S
    played.put(TimePasses(), visit.STILL_THERE_S)
    assert played.kiosk.scene is Scene.LANGUAGE
    assert played.kiosk.language is None


def test_a_visitor_who_is_still_there_goes_on_where_she_was() -> None:
    played = at_work().put(PickLanguage("nl")).put(TimePasses(), 65).put(Continue())
    assert played.kiosk.scene is Scene.FIELD
    assert played.kiosk.language == "nl"
    assert played.put(TimePasses(), 30).kiosk.scene is Scene.FIELD


def test_a_visitor_asked_whether_she_is_there_may_stop() -> None:
    played = at_work().put(PickLanguage("nl")).put(TimePasses(), 65).put(Finish())
    assert played.kiosk.scene is Scene.LANGUAGE


def told(slip: PrintState, **changes: object) -> KioskView:
    """A view that says this of the slip of the ticket on the screen."""
    of_another = SlipSeen(ticket="K001", slip=PrintState.FAILED)
    return kiosk_view(slips=(of_another, SlipSeen(ticket=TICKET.ticket, slip=slip)), **changes)


@pytest.mark.parametrize("state", list(PrinterState))
@pytest.mark.parametrize("cause", ["", "paper_out", "cover_open", "error", "unreachable"])
def test_no_ticket_is_refused_because_of_paper(state: PrinterState, cause: str) -> None:
    played = with_ticket(view=kiosk_view(printer=state, printer_cause=cause))
    assert played.wishes == [IssueTicket(field="employment", languages=("fr",), screen_language="fr")]
    assert (played.kiosk.scene, played.kiosk.ticket) == (Scene.TICKET, TICKET)


def test_a_ticket_on_paper_is_shown_until_the_slip_was_taken() -> None:
    played = with_ticket().put(told(PrintState.PRINTED))
    assert played.put(TimePasses(), visit.TICKET_S - 0.5).kiosk.scene is Scene.TICKET
    assert played.put(TimePasses(), 0.5).kiosk.scene is Scene.LANGUAGE


@pytest.mark.parametrize(
    "played",
    [
        with_ticket(NOT_PRINTED),
        with_ticket(view=kiosk_view(printer=PrinterState.BLOCKED)),
        with_ticket().put(told(PrintState.UNKNOWN)),
        with_ticket().put(told(PrintState.FAILED)),
    ],
    ids=["paperless kiosk", "blocked", "unknown", "failed"],
)
def test_a_ticket_without_paper_is_shown_long_enough_to_be_photographed(played: Played) -> None:
    assert visit.left_s(played.kiosk, played.at_s) == visit.TICKET_UNPRINTED_S
    assert played.put(TimePasses(), visit.TICKET_UNPRINTED_S - 0.5).kiosk.scene is Scene.TICKET
    assert played.put(TimePasses(), 0.5).kiosk.scene is Scene.LANGUAGE


def test_a_slip_under_way_is_no_reason_to_hurry_the_visitor() -> None:
    played = with_ticket()
    assert played.kiosk.slip is SlipNews.COMING
    assert visit.left_s(played.kiosk, played.at_s) is None
    assert played.put(TimePasses(), SLIP_S).kiosk.slip is SlipNews.DOUBTFUL
    assert visit.left_s(played.kiosk, played.at_s) == visit.TICKET_UNPRINTED_S


def test_a_printer_that_comes_and_goes_keeps_no_ticket_on_the_screen_for_ever() -> None:
    played = with_ticket()
    given_at_s = played.at_s
    blocked = kiosk_view(printer=PrinterState.BLOCKED, printer_cause="cover_open")
    while played.kiosk.scene is Scene.TICKET:
        played.put(blocked, 4.0).put(kiosk_view(), 4.0)
    assert played.at_s - given_at_s <= visit.TICKET_LONGEST_S + 8.0


def test_a_printer_nobody_has_looked_at_for_long_is_taken_for_broken() -> None:
    unknown = kiosk_view(printer=PrinterState.UNKNOWN)
    played = at_work(unknown)
    assert played.kiosk.printing is Printing.WELL
    played.put(unknown, PRINTER_UNKNOWN_S - 1.0)
    assert played.kiosk.printing is Printing.WELL
    assert played.put(TimePasses(), 1.0).kiosk.printing is Printing.FAULT
    assert played.put(PickLanguage("fr")).put(Back()).kiosk.printing is Printing.FAULT
    assert played.put(kiosk_view()).kiosk.printing is Printing.WELL


def test_the_slip_of_the_visitor_before_is_nobodys_news() -> None:
    played = with_ticket().put(told(PrintState.FAILED)).put(Finish())
    played.all(PickLanguage("fr"), PickField("employment"), msgspec.structs.replace(TICKET, ticket="S043"))
    assert played.kiosk.slip is SlipNews.COMING


def test_a_line_lost_for_an_instant_is_not_worth_a_word() -> None:
    played = at_work().put(PickLanguage("fr")).put(LinkIs(up=False))
    assert played.put(TimePasses(), visit.LINK_GRACE_S - 0.1).kiosk.scene is Scene.FIELD
    assert played.put(TimePasses(), 0.1).kiosk.scene is Scene.OFFLINE
    assert played.put(LinkIs(up=True)).kiosk.scene is Scene.FIELD


def test_nothing_is_offered_before_the_first_view() -> None:
    played = Played()
    assert played.kiosk.scene is Scene.CONNECTING
    assert played.put(LinkIs(up=True)).put(PickLanguage("fr")).kiosk.scene is Scene.CONNECTING
    assert Played().put(TimePasses(), visit.LINK_GRACE_S).kiosk.scene is Scene.OFFLINE


def test_a_closed_day_is_said_and_wakes_up_by_itself() -> None:
    played = at_work(kiosk_view(open=False))
    assert played.kiosk.scene is Scene.CLOSED
    assert played.put(kiosk_view()).kiosk.scene is Scene.LANGUAGE


@pytest.mark.parametrize("answer", [RefusalCode.BUSY, ServerGone()])
def test_no_ticket_leads_back_to_the_fields_or_out(answer: inputs.Answer) -> None:
    refused = at_work().all(PickLanguage("fr"), PickField("employment"), answer)
    assert refused.kiosk.scene is Scene.REFUSED
    again = Played(refused.kiosk, refused.at_s).put(Back())
    assert (again.kiosk.scene, again.kiosk.language) == (Scene.FIELD, "fr")
    assert refused.put(Finish()).kiosk.scene is Scene.LANGUAGE


def test_an_answer_without_a_visitor_is_nobodys() -> None:
    assert at_work().put(TICKET).kiosk.scene is Scene.LANGUAGE


@given(STORIES)
def test_a_ticket_once_given_is_shown_until_its_time_or_a_tap(
    story: list[tuple[inputs.Input, float]],
) -> None:
    played = with_ticket().put(told(PrintState.PRINTED), 0.0)
    given_at_s = played.at_s
    for what, pause_s in story:
        before = played.kiosk
        played.put(what, pause_s)
        if played.at_s >= given_at_s + visit.TICKET_S:
            return
        if played.kiosk.ticket is not TICKET:
            assert isinstance(what, Finish)
            assert before.scene is Scene.TICKET
            return
        assert played.kiosk.scene in {Scene.TICKET, Scene.HELP}
        assert (played.kiosk.scene is Scene.HELP) is played.kiosk.helping


@given(STORIES)
def test_every_visit_begins_without_a_trace_of_the_one_before(
    story: list[tuple[inputs.Input, float]],
) -> None:
    played = at_work()
    for what, pause_s in story:
        played.put(what, pause_s)
        if played.kiosk.step is Scene.LANGUAGE:
            kiosk = played.kiosk
            assert (kiosk.language, kiosk.field, kiosk.ticket, kiosk.refusal) == (None, None, None, None)
            assert kiosk.talk == ()
            assert kiosk.slip is SlipNews.NONE


@given(STORIES)
def test_no_visit_outlives_its_idle_time(story: list[tuple[inputs.Input, float]]) -> None:
    played = at_work()
    for what, pause_s in story:
        played.put(what, pause_s)
    waiting = played.kiosk.step is Scene.TAKING
    played.put(TimePasses(), visit.HELP_S + visit.STILL_THERE_S).put(TimePasses(), visit.TICKET_LONGEST_S)
    assert (played.kiosk.step is Scene.LANGUAGE) is not waiting
    assert not played.kiosk.helping
    assert waiting or not played.kiosk.aids


@given(STORIES, INPUTS, st.floats(0, visit.SETTLE_S, exclude_max=True))
def test_a_second_tap_right_after_a_change_of_what_is_shown_does_nothing(
    story: list[tuple[inputs.Input, float]], second: inputs.Input, within_s: float
) -> None:
    played = at_work()
    for what, pause_s in story:
        played.put(what, pause_s)
    if (
        not isinstance(second, inputs.Tap)
        or played.at_s + within_s - max(played.kiosk.scene_since_s, played.kiosk.switched_s) >= visit.SETTLE_S
    ):
        return
    before, _ = flow.advance(played.kiosk, TimePasses(), played.at_s + within_s)
    after, wish = flow.advance(played.kiosk, second, played.at_s + within_s)
    assert msgspec.structs.replace(after, switched_s=before.switched_s) == before
    assert wish is None


@given(STORIES)
def test_one_visitor_gets_one_ticket(story: list[tuple[inputs.Input, float]]) -> None:
    played = at_work()
    open_wishes = 0
    for what, pause_s in story:
        asked = len(played.wishes)
        taking = played.kiosk.step is Scene.TAKING
        played.put(what, pause_s)
        if isinstance(what, inputs.Answer) and taking:
            open_wishes = 0
            if isinstance(what, TicketGiven | Given):
                assert played.kiosk.scene is Scene.TICKET
        if len(played.wishes) > asked:
            open_wishes += 1
            assert played.kiosk.ticket is None
        assert open_wishes == (played.kiosk.step is Scene.TAKING)


@given(st.lists(st.sampled_from(VIEWS), min_size=1, max_size=3), st.data())
def test_a_ticket_takes_three_taps_at_most(views: list[KioskView], data: st.DataObject) -> None:
    played = at_work(kiosk_view())
    for view in views:
        played.put(view)
    played.put(kiosk_view() if not views[-1].open or not views[-1].fields else views[-1])
    played.put(PickLanguage(data.draw(st.sampled_from(LANGUAGES.all))))
    played.put(PickField(data.draw(st.sampled_from(open_queues(played.kiosk))).field))
    if played.kiosk.scene is Scene.TALK:
        assert played.kiosk.field is not None
        queue = visit.queue_of(played.kiosk, played.kiosk.field)
        assert queue is not None
        played.put(PickTalk(data.draw(st.sampled_from(visit.talk_choices(played.kiosk, queue)))))
    assert played.kiosk.scene is Scene.TAKING
    assert len(played.wishes) == 1


def open_queues(kiosk: Kiosk) -> tuple[FieldQueue, ...]:
    assert kiosk.view is not None
    return tuple(queue for queue in kiosk.view.fields if queue.open and visit.talk_choices(kiosk, queue))
