"""Numbers that a kiosk holds, gives while the server is away, and redeems afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.centre import ALL_ROUND, TRAINER, ZONE, small_centre
from support.queue import KIOSK, RECEPTION, Hall, at_desk, snapshot

from config.model import Rules
from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import PrintState, Stage
from queue_server.core.decide.provisional import AT_THE_KIOSK_S
from queue_server.core.events import SlipReported, TicketIssued
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import PROVISIONAL, Actor
from queue_server.core.views import reception_view

PAPERLESS = Actor(Role.KIOSK, "kiosk-2")
FIELDS = ("training", "work", "abroad")


def redeeming(hall: Hall, code: str, minutes: float = 0, **changes: Any) -> c.RedeemTicket:
    """What a kiosk asks for a visitor who came so many minutes ago."""
    fields = {"T": "training", "W": "work", "A": "abroad"}
    asked: dict[str, Any] = {
        "ticket": code,
        "day": hall.queue.day,
        "field": fields[code[0]],
        "languages": ("fr",),
        "screen_language": "fr",
        "waited_s": minutes * 60,
        **changes,
    }
    return c.RedeemTicket(**asked)


def test_a_kiosk_gets_a_block_of_each_field_that_ordinary_numbering_never_reaches() -> None:
    hall = Hall()
    assert hall.reserve("training") == ["T900", "T901", "T902", "T903", "T904"]
    assert hall.reserve("work", 2) == ["W900", "W901"]
    assert hall.reserve("training", 1, PAPERLESS) == ["T905"]
    assert hall.issue("training") == "T001"


def test_one_series_for_the_centre_has_one_hundred_for_all_letters() -> None:
    hall = Hall(small_centre(Rules(numbering="shared")))
    assert hall.reserve("training", 2) == ["T900", "T901"]
    assert hall.reserve("work", 2) == ["W902", "W903"]
    assert [hall.issue("work"), hall.issue("training")] == ["W001", "T002"]


def test_ordinary_numbering_goes_from_899_to_1000() -> None:
    hall = Hall()
    hall.queue.numbers["T"] = PROVISIONAL.start - 2
    assert [hall.issue(), hall.issue(), hall.issue()] == ["T899", "T1000", "T1001"]


def test_a_letter_has_a_hundred_provisional_numbers_a_day_and_then_no_more() -> None:
    hall = Hall()
    handed = [code for _ in range(33) for code in hall.reserve("training", 3)]
    assert hall.reserve("training", 5) == ["T999"]
    assert len(set(handed)) == 99
    assert hall.refusal(c.ReserveNumbers("training"), KIOSK) is RefusalCode.NO_NUMBERS_LEFT
    assert hall.reserve("work", 1) == ["W900"]
    assert hall.refusal(c.ReserveNumbers("cookery"), KIOSK) is RefusalCode.UNKNOWN_FIELD


def test_a_redeemed_visitor_stands_where_they_came_and_not_where_they_were_redeemed() -> None:
    hall = Hall()
    number = hall.reserve()[0]
    before = hall.issue()
    hall.wait(10)
    after = hall.issue()
    hall.wait(5)
    hall.ask(redeeming(hall, number, minutes=8), KIOSK)
    assert hall.order() == [before, number, after]
    desk = hall.sit()
    called = []
    for _ in range(3):
        hall.ask(c.CallNext(), desk)
        called.append(hall.ticket_at("1"))
        hall.ask(c.Finish(called[-1] or ""), desk)
    assert called == [before, number, after]
    assert snapshot(hall.replayed()) == snapshot(hall.queue)


def test_a_redeemed_visitor_is_called_at_once_by_a_desk_that_is_ready() -> None:
    hall = Hall()
    number = hall.reserve()[0]
    hall.sit("2", TRAINER, ready=True)
    hall.ask(redeeming(hall, number, minutes=3), KIOSK)
    assert hall.calls() == [(1, number, "2")]


def test_nobody_is_forgotten_because_intake_or_the_field_was_closed_meanwhile() -> None:
    hall = Hall()
    first, second, *_ = hall.reserve()
    hall.ask(c.CloseField("training"), RECEPTION)
    hall.ask(redeeming(hall, first, minutes=2), KIOSK)
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(redeeming(hall, second, minutes=1), KIOSK)
    assert hall.order() == [first, second]


def test_nobody_came_before_the_day_began() -> None:
    hall = Hall()
    hall.now = datetime(2026, 9, 15, 0, 10, tzinfo=ZONE)
    number = hall.reserve()[0]
    hall.ask(redeeming(hall, number, minutes=30), KIOSK)
    assert hall.queue.tickets[number].issued_at == datetime(2026, 9, 15, 0, 0, tzinfo=ZONE)


def test_an_hour_that_comes_twice_makes_nobody_wait_longer_or_shorter() -> None:
    hall = Hall()
    hall.now = datetime(2026, 10, 25, 3, 30, tzinfo=ZONE)
    hall.queue = hall.fresh()
    hall.history.clear()
    number = hall.reserve()[0]
    hall.ask(redeeming(hall, number, minutes=90), KIOSK)
    came = hall.queue.tickets[number].issued_at
    assert hall.now.timestamp() - came.timestamp() == 90 * 60
    assert snapshot(hall.replayed()) == snapshot(hall.queue)


def test_a_question_that_was_long_on_the_way_puts_nobody_behind_who_came_later_to_the_same_kiosk() -> None:
    hall = Hall()
    first, second, *_ = hall.reserve()
    hall.ask(redeeming(hall, first, minutes=3), KIOSK)  # came 3:20 ago, and was 20 s on the way
    hall.ask(redeeming(hall, second, minutes=3.2), KIOSK)
    assert hall.order() == [first, second]


@pytest.mark.parametrize(
    ("changes", "kiosk", "code"),
    [
        ({"ticket": "T905"}, KIOSK, RefusalCode.NUMBER_NOT_HELD),
        ({"ticket": "T001"}, KIOSK, RefusalCode.NUMBER_NOT_HELD),
        ({"field": "work"}, KIOSK, RefusalCode.NUMBER_NOT_HELD),
        ({}, PAPERLESS, RefusalCode.NUMBER_NOT_HELD),
        ({"ticket": "T901"}, KIOSK, RefusalCode.NUMBER_USED),
        ({"day": "2026-09-14"}, KIOSK, RefusalCode.DAY_OVER),
        ({"field": "cookery"}, KIOSK, RefusalCode.UNKNOWN_FIELD),
        ({"languages": ("xx",)}, KIOSK, RefusalCode.UNKNOWN_LANGUAGE),
        ({"screen_language": "xx"}, KIOSK, RefusalCode.UNKNOWN_LANGUAGE),
        ({"instead_of": "T042"}, KIOSK, RefusalCode.UNKNOWN_TICKET),
    ],
)
def test_a_number_that_cannot_be_redeemed_is_refused_with_the_reason(
    changes: dict[str, Any], kiosk: Actor, code: RefusalCode
) -> None:
    hall = Hall()
    hall.reserve()
    hall.issue()
    hall.ask(redeeming(hall, "T901"), KIOSK)
    assert hall.refusal(redeeming(hall, "T900", **changes), kiosk) is code


@pytest.mark.parametrize(("printed", "slip"), [(True, PrintState.PRINTED), (False, PrintState.UNKNOWN)])
def test_what_became_of_the_slip_is_the_kiosks_word_and_reception_looks_when_it_is_not_sure(
    printed: bool, slip: PrintState
) -> None:
    hall = Hall()
    number = hall.reserve()[0]
    issued, reported = hall.ask(redeeming(hall, number, printed=printed), KIOSK)
    assert isinstance(issued, TicketIssued)
    assert isinstance(reported, SlipReported)
    ticket = hall.queue.tickets[number]
    assert (ticket.slip, ticket.printer, ticket.copies) == (slip, "printer-1", 1)
    doubtful = reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host").doubtful
    assert [row.ticket for row in doubtful] == ([] if printed else [number])
    hall.ask(c.Reprint(number), RECEPTION)


def test_a_kiosk_without_a_printer_leaves_nobody_in_doubt_about_a_slip() -> None:
    hall = Hall()
    number = hall.reserve(kiosk=PAPERLESS)[0]
    assert len(hall.ask(redeeming(hall, number), PAPERLESS)) == 1
    assert hall.queue.tickets[number].slip is PrintState.NONE


def unheard_of(hall: Hall, kiosk: Actor = KIOSK) -> str:
    """A ticket whose answer never reached its kiosk."""
    hall.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"), kiosk)
    return next(reversed(hall.queue.tickets))


def slip_came_out(hall: Hall, code: str, outcome: PrintState = PrintState.PRINTED) -> None:
    hall.keep_house(
        ReportPrint(day=hall.queue.day, ticket=code, copy_number=1, outcome=outcome, printer="printer-1")
    )


@pytest.mark.parametrize("kiosk", [KIOSK, PAPERLESS])
def test_a_visitor_of_an_unanswered_question_has_one_ticket_the_number_on_the_screen(kiosk: Actor) -> None:
    hall = Hall()
    number = hall.reserve(kiosk=kiosk)[0]
    first = unheard_of(hall, kiosk)
    hall.wait(1)
    later = hall.issue()
    hall.wait(1)
    hall.ask(redeeming(hall, number, minutes=3, instead_of=first), kiosk)
    assert hall.stage(first) is Stage.CANCELLED
    assert hall.order() == [number, later]


def test_a_call_that_nobody_could_hear_leaves_the_desk_to_the_number_on_the_screen() -> None:
    hall = Hall()
    number = hall.reserve()[0]
    hall.sit("2", TRAINER, ready=True)
    first = unheard_of(hall)
    assert hall.stage(first) is Stage.CALLED
    hall.ask(redeeming(hall, number, minutes=1, instead_of=first), KIOSK)
    assert hall.ticket_at("2") is None
    hall.ask(c.CallNext(), at_desk("2"))
    assert hall.ticket_at("2") == number


@pytest.mark.parametrize("slip", [PrintState.PRINTED, PrintState.UNKNOWN])
def test_a_slip_that_came_out_while_the_visitor_stood_there_is_the_one_that_counts(slip: PrintState) -> None:
    hall = Hall()
    number = hall.reserve()[0]
    first = unheard_of(hall)
    hall.now += timedelta(seconds=AT_THE_KIOSK_S)
    slip_came_out(hall, first, slip)
    assert hall.refusal(redeeming(hall, number, instead_of=first), KIOSK) is RefusalCode.NUMBER_NOT_NEEDED
    assert hall.order() == [first]


def test_a_slip_that_came_out_after_the_visitor_had_gone_counts_for_nothing() -> None:
    hall = Hall()
    number = hall.reserve()[0]
    first = unheard_of(hall)
    hall.now += timedelta(seconds=AT_THE_KIOSK_S + 1)
    slip_came_out(hall, first)
    hall.ask(redeeming(hall, number, instead_of=first), KIOSK)
    assert hall.order() == [number]


def test_a_visitor_whom_a_counsellor_has_met_keeps_the_ticket_they_came_with() -> None:
    hall = Hall()
    number = hall.reserve()[0]
    first = unheard_of(hall)
    hall.sit("1", ALL_ROUND)
    hall.serve("1", first)
    assert hall.refusal(redeeming(hall, number, instead_of=first), KIOSK) is RefusalCode.NUMBER_NOT_NEEDED


def test_a_kiosk_takes_back_no_ticket_of_another_one() -> None:
    hall = Hall()
    number = hall.reserve(kiosk=PAPERLESS)[0]
    others = unheard_of(hall)
    asked = redeeming(hall, number, instead_of=others)
    assert hall.refusal(asked, PAPERLESS) is RefusalCode.NOT_YOUR_TICKET


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["issue", "reserve", "redeem"]),
            st.sampled_from(FIELDS),
            st.sampled_from([KIOSK, PAPERLESS]),
        ),
        max_size=60,
    ),
    st.sampled_from(["per-field", "shared"]),
)
def test_however_visitors_come_no_number_is_given_twice_and_all_wait_in_the_order_of_arrival(
    story: list[tuple[str, str, Actor]], numbering: Any
) -> None:
    hall = Hall(small_centre(Rules(numbering=numbering)))
    held: dict[tuple[Actor, str], list[str]] = {}
    came: dict[str, datetime] = {}
    owed: list[tuple[Actor, str, datetime]] = []
    for what, field, kiosk in story:
        hall.wait(1)
        block = held.setdefault((kiosk, field), [])
        if what == "issue":
            hall.ask(c.IssueTicket(field=field, languages=("fr",), screen_language="fr"), kiosk)
            came[next(reversed(hall.queue.tickets))] = hall.now
        elif what == "reserve":
            block += hall.reserve(field, 2, kiosk)
        elif block:
            number = block.pop(0)
            assert number not in came
            came[number] = hall.now
            owed.append((kiosk, number, hall.now))
    for kiosk, number, at in owed:
        hall.wait(0.3)
        hall.ask(redeeming(hall, number, minutes=(hall.now - at).total_seconds() / 60), kiosk)
    assert hall.order() == sorted(came, key=lambda code: came[code])
    ordinary = [int(code[1:]) for code in hall.queue.tickets if int(code[1:]) not in PROVISIONAL]
    if numbering == "shared":
        assert ordinary == list(range(1, len(ordinary) + 1))
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
