"""Decisions about a ticket: given, sent on, taken back, printed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre
from support.queue import KIOSK, RECEPTION, Hall, at_desk

from config.model import Rules
from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import PrintState, Stage
from protocol.waits import WaitKind
from queue_server.core.decide import decide
from queue_server.core.decide.tickets import COPIES_MAX
from queue_server.core.estimates import Estimate
from queue_server.core.events import SlipRequested, TicketCalled, TicketIssued
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import Actor, Context


def test_each_field_counts_its_own_numbers_from_one() -> None:
    hall = Hall()
    codes = [hall.issue(field) for field in ("training", "work", "training", "abroad", "work")]
    assert codes == ["T001", "W001", "T002", "A001", "W002"]


def test_shared_numbering_counts_through_the_whole_centre() -> None:
    hall = Hall(small_centre(Rules(numbering="shared")))
    assert [hall.issue(field) for field in ("training", "work", "training")] == ["T001", "W002", "T003"]


def test_a_cancelled_ticket_does_not_give_its_number_back() -> None:
    hall = Hall()
    hall.ask(c.Cancel(hall.issue()), RECEPTION)
    assert hall.issue() == "T002"


def ahead_of(hall: Hall, *languages: str) -> int:
    hall.wait()
    command = c.IssueTicket(field="training", languages=languages, screen_language="fr")
    issued = hall.ask(command, KIOSK)[0]
    assert isinstance(issued, TicketIssued)
    return issued.ahead


def test_people_ahead_are_those_of_the_field_who_accept_one_of_the_languages_each_counted_once() -> None:
    hall = Hall()
    for languages in (("fr",), ("fr",), ("nl",), ("en",), ("fr", "nl")):
        hall.issue("training", *languages)
    hall.issue("work", "fr")
    assert ahead_of(hall, "nl") == 2
    assert ahead_of(hall, "fr", "nl") == 5, "four before, and the one who came just now"


def test_people_ahead_are_also_those_of_the_other_language_when_one_counsellor_serves_both() -> None:
    hall = Hall()
    hall.issue("training", "fr")
    hall.issue("training", "en")
    hall.sit("2", TRAINER)
    assert ahead_of(hall, "nl") == 1, "the trainer speaks French and Dutch, and calls the older ticket"


def test_a_visitor_who_is_called_at_once_has_nobody_ahead() -> None:
    hall = Hall()
    hall.issue("work")
    hall.sit("2", TRAINER, ready=True)
    issued, called = hall.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"), KIOSK)
    assert isinstance(issued, TicketIssued)
    assert issued.ahead == 0
    assert hall.calls() == [(1, "T001", "2")]
    assert isinstance(called, TicketCalled)
    assert called.ticket == "T001"


def test_whoever_is_called_at_once_has_nobody_ahead_though_somebody_waits_whom_that_desk_does_not_serve() -> (
    None
):
    hall = Hall()
    hall.issue("work", "nl")
    hall.sit("1", ALL_ROUND)
    hall.sit("2", WORKER, ready=True)
    issued, _ = hall.ask(c.IssueTicket(field="work", languages=("fr",), screen_language="fr"), KIOSK)
    assert isinstance(issued, TicketIssued)
    assert hall.ticket_at("2") == issued.ticket
    assert issued.ahead == 0


def test_a_language_named_twice_counts_once() -> None:
    hall = Hall()
    code = hall.issue("training", "fr", "nl", "fr")
    assert hall.queue.tickets[code].placement.languages == ("fr", "nl")


def test_no_ticket_before_the_day_opens_and_none_after_it_closed() -> None:
    hall = Hall(is_open=False)
    command = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
    assert hall.refusal(command, KIOSK) is RefusalCode.NOT_OPEN
    hall.ask(c.OpenDay(), RECEPTION)
    hall.ask(command, KIOSK)
    hall.ask(c.CloseDay(), RECEPTION)
    assert hall.refusal(command, KIOSK) is RefusalCode.NOT_OPEN


def test_a_closed_field_gives_no_tickets_and_its_visitors_are_still_served() -> None:
    hall = Hall()
    waiting = hall.issue("training")
    hall.ask(c.CloseField("training"), RECEPTION)
    command = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
    assert hall.refusal(command, KIOSK) is RefusalCode.FIELD_CLOSED
    hall.issue("work")
    desk = hall.sit("1", TRAINER)
    hall.ask(c.CallNext(), desk)
    assert hall.ticket_at("1") == waiting
    hall.ask(c.OpenField("training"), RECEPTION)
    assert hall.issue("training") == "T002"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"field": "cookery"}, RefusalCode.UNKNOWN_FIELD),
        ({"languages": ("fr", "xx")}, RefusalCode.UNKNOWN_LANGUAGE),
        ({"screen_language": "xx"}, RefusalCode.UNKNOWN_LANGUAGE),
        ({"priority": True}, RefusalCode.NOT_ALLOWED),
    ],
)
def test_a_ticket_for_something_the_centre_does_not_have_is_refused(
    changes: dict[str, object], code: RefusalCode
) -> None:
    asked: dict[str, object] = {"field": "training", "languages": ("fr",), "screen_language": "fr"}
    assert Hall().refusal(c.IssueTicket(**(asked | changes)), KIOSK) is code  # type: ignore[arg-type]


def test_the_slip_comes_out_at_the_kiosk_that_asks_or_that_reception_names() -> None:
    hall = Hall()
    command = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
    named = c.IssueTicket(field="training", languages=("fr",), screen_language="fr", kiosk="kiosk-1")
    asked = (
        (command, KIOSK),
        (command, Actor(Role.KIOSK, "kiosk-2")),
        (command, RECEPTION),
        (named, RECEPTION),
    )
    slips = []
    for wish, actor in asked:
        issued = hall.ask(wish, actor)[0]
        assert isinstance(issued, TicketIssued)
        slips.append(issued.kiosk)
    assert slips == ["kiosk-1", None, None, "kiosk-1"]
    unknown = c.IssueTicket(field="training", languages=("fr",), screen_language="fr", kiosk="kiosk-9")
    assert hall.refusal(unknown, RECEPTION) is RefusalCode.UNKNOWN_KIOSK


@pytest.mark.parametrize("priority", [True, False])
def test_what_is_told_of_the_wait_is_asked_for_the_place_that_the_ticket_gets(priority: bool) -> None:
    asked: list[object] = []
    told = Estimate(60.0, 300.0, 900.0)

    def foreseen(field: str, languages: tuple[str, ...], now: datetime, *, priority: bool) -> Estimate:
        asked.append((field, languages, now, priority))
        return told

    hall = Hall()
    context = Context(hall.now, RECEPTION, hall.centre, foreseen)
    wish = c.IssueTicket(field="work", languages=("fr",), screen_language="fr", priority=priority)
    (issued,) = decide(hall.queue, wish, context)
    assert issued.told == told
    assert asked == [("work", ("fr",), hall.now, priority)]


def test_a_ticket_keeps_that_nobody_was_in_sight_when_it_was_given() -> None:
    hall = Hall()
    wish = c.IssueTicket(field="work", languages=("fr",), screen_language="fr")
    told = Context(hall.now, RECEPTION, hall.centre, lambda *_, priority: WaitKind.NOBODY)  # noqa: ARG005
    (issued,) = decide(hall.queue, wish, told)
    assert (issued.told, issued.nobody) == (None, True)
    hall.let_happen(issued)
    assert hall.queue.tickets[issued.ticket].nobody


def test_accessible_priority_starts_with_fifteen_minutes_ahead_and_no_more() -> None:
    hall = Hall()
    long_before = hall.issue()
    hall.wait(20)
    shortly_before = hall.issue()
    urgent = hall.issue(priority=True)
    assert hall.order() == [long_before, urgent, shortly_before]


def test_priority_given_later_counts_from_the_time_of_issue_and_can_be_taken_back() -> None:
    hall = Hall()
    first, second = hall.issue(), hall.issue()
    hall.wait(60)
    hall.ask(c.SetPriority(second, True), RECEPTION)
    assert hall.order() == [second, first]
    hall.ask(c.SetPriority(second, False), RECEPTION)
    assert hall.order() == [first, second]
    desk = hall.sit()
    hall.ask(c.CallNext(), desk)
    assert hall.refusal(c.SetPriority(first, True), RECEPTION) is RefusalCode.WRONG_STAGE


@pytest.mark.parametrize("begun", [False, True])
def test_a_transfer_to_another_field_keeps_the_place(begun: bool) -> None:
    hall = Hall()
    moved = hall.issue("training")
    others = [hall.issue("work"), hall.issue("work")]
    hall.sit("1", TRAINER)
    hall.ask(c.CallNext(), at_desk("1"))
    if begun:
        hall.ask(c.StartServing(moved), at_desk("1"))
    hall.wait(30)
    hall.ask(c.Transfer(ticket=moved, field="work"), at_desk("1"))
    assert hall.order() == [moved, *others]
    hall.sit("2", WORKER)
    hall.ask(c.CallNext(), at_desk("2"))
    assert hall.ticket_at("2") == moved
    assert hall.queue.tickets[moved].placement.transferred


def test_a_transfer_to_other_languages_changes_who_may_call() -> None:
    hall = Hall()
    code = hall.issue("work", "fr")
    hall.ask(c.Transfer(ticket=code, languages=("nl",)), RECEPTION)
    hall.sit("1", WORKER)
    assert hall.refusal(c.CallTicket(code), at_desk("1")) is RefusalCode.DESK_NOT_COVERING
    hall.sit("2", DUTCH)
    hall.ask(c.CallNext(), at_desk("2"))
    assert hall.ticket_at("2") == code


def test_a_ticket_sent_to_one_desk_waits_for_that_desk_alone_with_its_place_kept() -> None:
    hall = Hall()
    sent = hall.issue("training")
    younger = hall.issue("work")
    hall.sit("1", TRAINER)
    hall.sit("2", WORKER)
    hall.sit("3", ALL_ROUND)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.Transfer(ticket=sent, desk="2"), at_desk("1"))
    assert hall.refusal(c.CallTicket(sent), at_desk("3")) is RefusalCode.NOT_YOUR_TICKET
    hall.ask(c.CallNext(), at_desk("2"))
    assert hall.ticket_at("2") == sent, "older than the other, although the desk does not cover the field"
    hall.ask(c.CallNext(), at_desk("3"))
    assert hall.ticket_at("3") == younger


def test_a_ready_desk_gets_the_visitor_sent_to_it_at_once() -> None:
    hall = Hall()
    code = hall.issue("training")
    hall.sit("1", TRAINER)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.sit("2", WORKER, ready=True)
    hall.ask(c.Transfer(ticket=code, desk="2"), at_desk("1"))
    assert hall.ticket_at("2") == code
    assert hall.calls() == [(1, code, "1"), (2, code, "2")]


def test_nobody_is_sent_to_a_desk_without_counsellor_or_to_none_of_the_centre() -> None:
    hall = Hall()
    code = hall.issue()
    assert hall.refusal(c.Transfer(ticket=code, desk="4"), RECEPTION) is RefusalCode.DESK_CLOSED
    assert hall.refusal(c.Transfer(ticket=code, desk="99"), RECEPTION) is RefusalCode.UNKNOWN_DESK
    assert hall.refusal(c.Transfer(ticket=code, field="cookery"), RECEPTION) is RefusalCode.UNKNOWN_FIELD
    unknown = c.Transfer(ticket=code, languages=("xx",))
    assert hall.refusal(unknown, RECEPTION) is RefusalCode.UNKNOWN_LANGUAGE


def test_a_counsellor_cannot_send_on_the_visitor_of_another_desk() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.ask(c.CallNext(), at_desk("1"))
    assert hall.refusal(c.Transfer(ticket=code), at_desk("2")) is RefusalCode.NOT_YOUR_TICKET


@pytest.mark.parametrize("gone", [c.MarkNoShow, c.Cancel])
def test_whoever_comes_back_has_the_old_place(gone: type[c.MarkNoShow | c.Cancel]) -> None:
    hall = Hall()
    first = hall.issue()
    others = [hall.issue(), hall.issue()]
    hall.sit()
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(gone(first), RECEPTION)
    hall.wait(30)
    others.append(hall.issue())
    hall.ask(c.Reinstate(first), RECEPTION)
    assert hall.order() == [first, *others]


def test_a_visitor_who_comes_back_is_called_at_once_by_a_ready_desk() -> None:
    hall = Hall()
    code = hall.issue()
    hall.ask(c.Cancel(code), RECEPTION)
    hall.sit("1", TRAINER, ready=True)
    hall.ask(c.Reinstate(code), RECEPTION)
    assert hall.ticket_at("1") == code


def test_a_copy_of_a_slip_is_counted_and_bounded() -> None:
    hall = Hall()
    code = hall.issue()
    for copy_number in range(2, COPIES_MAX + 1):
        assert hall.ask(c.Reprint(code), RECEPTION) == [SlipRequested(code, copy_number, "kiosk-1")]
    assert hall.refusal(c.Reprint(code), RECEPTION) is RefusalCode.NOT_ALLOWED


def test_a_copy_needs_a_printer() -> None:
    hall = Hall()
    hall.ask(c.IssueTicket(field="work", languages=("fr",), screen_language="fr"), RECEPTION)
    assert hall.refusal(c.Reprint("W001"), RECEPTION) is RefusalCode.UNKNOWN_KIOSK
    assert hall.refusal(c.Reprint("W001", "kiosk-2"), RECEPTION) is RefusalCode.UNKNOWN_KIOSK
    hall.ask(c.Reprint("W001", "kiosk-1"), RECEPTION)


def test_what_a_printer_says_of_an_older_copy_does_not_change_the_state_of_the_newest() -> None:
    hall = Hall()
    code = hall.issue()
    hall.ask(c.Reprint(code), RECEPTION)
    for copy_number, outcome in ((2, PrintState.PRINTED), (1, PrintState.FAILED)):
        hall.keep_house(
            ReportPrint(
                day=hall.queue.day,
                ticket=code,
                copy_number=copy_number,
                outcome=outcome,
                printer="printer-1",
            )
        )
    assert hall.queue.tickets[code].slip is PrintState.PRINTED


def test_a_report_about_a_ticket_nobody_knows_is_nothing() -> None:
    hall = Hall()
    report = ReportPrint(
        day=hall.queue.day, ticket="Z999", copy_number=1, outcome=PrintState.PRINTED, printer="printer-1"
    )
    assert hall.keep_house(report) == []


def test_news_of_yesterdays_slip_says_nothing_of_todays_ticket_of_that_number() -> None:
    hall = Hall()
    code = hall.issue()
    report = ReportPrint(
        day="2026-09-14", ticket=code, copy_number=1, outcome=PrintState.PRINTED, printer="printer-1"
    )
    assert hall.keep_house(report) == []
    assert hall.queue.tickets[code].slip is PrintState.QUEUED


def test_a_copy_is_remembered_at_the_kiosk_that_it_was_asked_for_at() -> None:
    hall = Hall()
    code = hall.issue(priority=True)
    hall.ask(c.Reprint(code, "kiosk-1"), RECEPTION)
    for queue in (hall.queue, hall.replayed()):
        assert (queue.tickets[code].kiosk, queue.tickets[code].slip_kiosk) == (None, "kiosk-1")


@given(st.lists(st.tuples(st.sampled_from(["training", "work"]), st.booleans()), max_size=12))
def test_whoever_comes_later_never_passes_someone_of_the_same_priority(
    visitors: list[tuple[str, bool]],
) -> None:
    hall = Hall()
    urgent = {hall.issue(field, priority=priority): priority for field, priority in visitors}
    for kind in (True, False):
        expected = [code for code, priority in urgent.items() if priority is kind]
        assert [code for code in hall.order() if urgent[code] is kind] == expected


def test_a_cancelled_ticket_leaves_its_desk_free_for_the_next() -> None:
    hall = Hall()
    first, second = hall.issue(), hall.issue()
    hall.sit()
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.Cancel(first), RECEPTION)
    assert hall.stage(first) is Stage.CANCELLED
    hall.ask(c.CallNext(), at_desk("1"))
    assert hall.ticket_at("1") == second
