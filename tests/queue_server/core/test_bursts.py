"""Many tickets of one kiosk in a short time: it gives no more, reception is alarmed, and decides."""

from pathlib import Path

import pytest
from support.centre import small_centre
from support.queue import KIOSK, RECEPTION, Hall, snapshot

from config.load import load
from config.model import Rules
from protocol import commands as c
from protocol.commands import BURST_TICKETS_MAX
from protocol.house_seen import BurstSeen
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.events import BurstDismissed, BurstNoticed, TicketCalled, TicketCancelled, TicketIssued
from queue_server.core.policy import Actor, Refusal
from queue_server.core.views import reception_view
from walkin.day.plan import plan_day

CONFIG = Path(__file__).parents[3] / "config"
OTHER_KIOSK = Actor(Role.KIOSK, "kiosk-2")
RULES = Rules()
FIELD_MAX, KIOSK_MAX = RULES.tickets_per_field_max, RULES.tickets_per_kiosk_max
TAP_S = 4.0
"""Somebody who only taps: a language, a field, done."""
FIELDS = ("training", "work", "abroad")


def wish(field: str = "training") -> c.IssueTicket:
    return c.IssueTicket(field=field, languages=("fr",), screen_language="fr")


def tap(hall: Hall, count: int = 1, *fields: str, kiosk: Actor = KIOSK, every_s: float = TAP_S) -> list[str]:
    """So many tickets, of these fields in turn; gives their codes."""
    before = len(hall.queue.tickets)
    for turn in range(count):
        hall.wait(every_s / 60)
        hall.ask(wish((fields or ("training",))[turn % len(fields or (1,))]), kiosk)
    return list(hall.queue.tickets)[before:]


def bursts(hall: Hall) -> tuple[BurstSeen, ...]:
    return reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host").bursts


def in_doubt(hall: Hall) -> tuple[str, ...]:
    """The tickets that reception is asked about."""
    return tuple(code for burst in bursts(hall) for code in burst.tickets)


def test_a_family_of_six_gets_its_tickets_at_once_and_raises_no_alarm() -> None:
    hall = Hall()
    assert len(tap(hall, 6, every_s=0)) == 6
    assert bursts(hall) == ()


def test_who_taps_by_the_dozen_is_sent_to_reception() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_the_limit_is_of_one_field_and_one_kiosk() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX, every_s=1)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS
    tap(hall, 1, "work")
    tap(hall, 1, "training", kiosk=OTHER_KIOSK)


def test_a_kiosk_has_a_limit_over_all_its_fields_too() -> None:
    hall = Hall()
    tap(hall, KIOSK_MAX, *FIELDS)
    for field in FIELDS:
        assert hall.refusal(wish(field), KIOSK) is RefusalCode.TOO_MANY_TICKETS
    tap(hall, 1, "work", kiosk=OTHER_KIOSK)


def test_the_window_slides_so_that_each_ticket_makes_room_two_minutes_after_it_was_taken() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX)
    hall.wait(2 - TAP_S / 60 * FIELD_MAX)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS
    hall.wait(TAP_S / 60)
    hall.ask(wish(), KIOSK)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_reception_is_not_limited_and_what_it_gives_counts_for_no_kiosk() -> None:
    hall = Hall()
    named = c.IssueTicket(field="training", languages=("fr",), screen_language="fr", kiosk="kiosk-1")
    for _ in range(KIOSK_MAX * 2):
        hall.ask(named, RECEPTION)
    assert bursts(hall) == ()
    tap(hall, 1)


def test_a_kiosk_without_a_printer_is_limited_as_well() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX, kiosk=OTHER_KIOSK)
    assert hall.refusal(wish(), OTHER_KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_the_limits_are_those_of_the_centre() -> None:
    hall = Hall(small_centre(Rules(tickets_window_min=10, tickets_per_field_max=6, tickets_per_kiosk_max=6)))
    tap(hall, 6, every_s=60)
    assert hall.refusal(wish("work"), KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_a_server_that_starts_again_forgets_neither_limit_nor_alarm() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX)
    before = bursts(hall)
    hall.queue = hall.replayed()
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS
    assert bursts(hall) == before != ()


@pytest.mark.parametrize("name", ["brussels", "charleroi"])
def test_no_peak_of_a_day_of_250_visitors_is_refused_or_raises_an_alarm(name: str) -> None:
    centre = load(CONFIG / f"{name}.toml")
    for seed in range(20):
        hall = Hall(centre)
        midnight = hall.now.replace(hour=0, minute=0)
        came = [visitor for visitor in plan_day(centre, seed, 540).visitors if not visitor.priority]
        assert len(came) > 200, "a day in which nearly all of 250 take a ticket, at one kiosk"
        for visitor in came:
            hall.now = midnight
            hall.wait(visitor.arrives_min)
            hall.ask(wish(visitor.legs[0].field), KIOSK)
        assert hall.queue.bursts.noticed == {}


def test_more_than_half_of_a_limit_is_a_burst_and_names_all_that_it_is_made_of() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX // 2)
    assert bursts(hall) == ()
    taken += tap(hall, 1)
    (burst,) = bursts(hall)
    assert (burst.kiosk, burst.fields) == ("kiosk-1", ("training",))
    assert burst.tickets == tuple(taken)
    assert burst.tickets_total == len(taken)
    assert burst.since == hall.queue.tickets[taken[0]].issued_at


def test_a_burst_over_all_fields_names_those_fields() -> None:
    hall = Hall()
    taken = tap(hall, KIOSK_MAX // 2 + 1, *FIELDS)
    (burst,) = bursts(hall)
    assert burst.fields == FIELDS
    assert burst.tickets == tuple(taken)


def test_who_came_before_the_burst_or_for_another_field_is_no_part_of_it() -> None:
    hall = Hall()
    tap(hall, 3, every_s=60)
    hall.wait(2)
    tap(hall, 1, "work")
    burst = tap(hall, FIELD_MAX // 2 + 1)
    assert in_doubt(hall) == tuple(burst)


def test_each_further_ticket_of_a_burst_is_added_by_an_event_of_its_own() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX // 2 + 1)
    hall.wait(TAP_S / 60)
    issued, noticed = hall.ask(wish(), KIOSK)
    assert isinstance(issued, TicketIssued)
    assert noticed == BurstNoticed(kiosk="kiosk-1", tickets=(issued.ticket,))


def test_an_alarm_stays_until_somebody_decides_however_long_it_takes() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX // 2 + 1)
    hall.wait(90)
    assert in_doubt(hall) == tuple(taken)


def test_every_refusal_by_the_limit_stands_beside_an_alarm() -> None:
    hall = Hall()
    for _ in range(KIOSK_MAX):
        answer = hall.attempt(wish(), KIOSK)
        assert not isinstance(answer, Refusal) or in_doubt(hall)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_a_longer_burst_names_as_many_as_a_person_looks_through_and_says_how_many_there_are() -> None:
    most = BURST_TICKETS_MAX * 4
    hall = Hall(small_centre(Rules(tickets_per_field_max=most, tickets_per_kiosk_max=most)))
    taken = tap(hall, most, every_s=0)
    (burst,) = bursts(hall)
    assert burst.tickets == tuple(taken[:BURST_TICKETS_MAX])
    assert burst.tickets_total == most
    hall.ask(c.CancelBurst("kiosk-1", burst.tickets), RECEPTION)
    (burst,) = bursts(hall)
    assert burst.tickets == tuple(taken[BURST_TICKETS_MAX : 2 * BURST_TICKETS_MAX])
    assert burst.tickets_total == most - BURST_TICKETS_MAX


def test_a_burst_is_cancelled_in_one_step_and_the_kiosk_gives_tickets_again() -> None:
    hall = Hall()
    before = hall.issue("work")
    hall.wait(2)
    taken = tap(hall, FIELD_MAX)
    happened = hall.ask(c.CancelBurst("kiosk-1", tuple(taken)), RECEPTION)
    assert happened == [TicketCancelled(code, "burst") for code in taken]
    assert hall.order() == [before]
    assert bursts(hall) == ()
    tap(hall, 1)
    assert bursts(hall) == ()


def test_who_was_called_or_served_meanwhile_is_left_alone() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX)
    desk, other = hall.sit("1"), hall.sit("2", "staff-tr")
    hall.serve("1", taken[0])
    hall.ask(c.CallTicket(taken[1]), other)
    hall.ask(c.CancelBurst("kiosk-1", tuple(taken)), RECEPTION)
    assert [hall.stage(code) for code in taken[:3]] == [Stage.SERVING, Stage.CALLED, Stage.CANCELLED]
    hall.ask(c.Finish(taken[0]), desk)


def test_of_tickets_that_nobody_was_alarmed_about_none_is_cancelled_as_a_batch() -> None:
    hall = Hall()
    visitor = hall.issue("work")
    hall.wait(2)
    taken = tap(hall, FIELD_MAX // 2 + 1)
    assert hall.refusal(c.CancelBurst("kiosk-1", (visitor,)), RECEPTION) is RefusalCode.BURST_OVER
    assert hall.refusal(c.CancelBurst("kiosk-2", tuple(taken)), RECEPTION) is RefusalCode.BURST_OVER
    hall.ask(c.CancelBurst("kiosk-1", (visitor, "Z999", taken[0], taken[0])), RECEPTION)
    assert hall.order() == [visitor, *taken[1:]]


def test_what_is_cancelled_twice_is_refused_the_second_time() -> None:
    hall = Hall()
    taken = tuple(tap(hall, FIELD_MAX))
    hall.ask(c.CancelBurst("kiosk-1", taken), RECEPTION)
    assert hall.refusal(c.CancelBurst("kiosk-1", taken), RECEPTION) is RefusalCode.BURST_OVER
    assert hall.refusal(c.DismissBurst("kiosk-1", taken), RECEPTION) is RefusalCode.BURST_OVER


def test_each_cancelled_ticket_can_be_put_back_and_is_then_no_part_of_any_burst() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX)
    hall.ask(c.CancelBurst("kiosk-1", tuple(taken)), RECEPTION)
    hall.ask(c.Reinstate(taken[3]), RECEPTION)
    assert hall.order() == [taken[3]]
    more = tap(hall, FIELD_MAX // 2 + 1)
    assert in_doubt(hall) == tuple(more)


def test_visitors_that_reception_believes_wait_on_and_count_no_more() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX)
    happened = hall.ask(c.DismissBurst("kiosk-1", tuple(taken)), RECEPTION)
    assert happened == [BurstDismissed(kiosk="kiosk-1", tickets=tuple(taken))]
    assert hall.order() == taken
    assert bursts(hall) == ()
    tap(hall, FIELD_MAX // 2)
    assert bursts(hall) == ()
    hall.queue = hall.replayed()
    assert bursts(hall) == ()


def test_tickets_that_came_since_the_picture_stay_in_doubt() -> None:
    hall = Hall()
    seen = tuple(tap(hall, FIELD_MAX // 2 + 1))
    since = tap(hall, 2)
    hall.ask(c.DismissBurst("kiosk-1", seen), RECEPTION)
    assert in_doubt(hall) == tuple(since)


@pytest.mark.parametrize("done", ["called", "served", "transferred", "cancelled", "prioritised"])
def test_a_ticket_whose_visitor_somebody_has_met_is_in_doubt_no_more(done: str) -> None:
    hall = Hall()
    desk = hall.sit("1")
    first, *others = tap(hall, FIELD_MAX // 2 + 1)
    match done:
        case "called":
            hall.ask(c.CallTicket(first), desk)
        case "served":
            hall.serve("1", first)
            hall.ask(c.Transfer(ticket=first), desk)
        case "transferred":
            hall.ask(c.Transfer(ticket=first, field="work"), RECEPTION)
        case "cancelled":
            hall.ask(c.Cancel(first), RECEPTION)
        case _:
            hall.ask(c.SetPriority(first, priority=True), RECEPTION)
    assert in_doubt(hall) == tuple(others)


def test_when_nothing_of_a_burst_waits_any_more_nobody_is_asked() -> None:
    hall = Hall()
    taken = tap(hall, FIELD_MAX // 2 + 1)
    for code in taken:
        hall.ask(c.Cancel(code), RECEPTION)
    assert bursts(hall) == ()
    assert hall.queue.bursts.noticed == {}


def test_a_call_that_is_taken_back_puts_the_ticket_in_doubt_again() -> None:
    hall = Hall()
    desk = hall.sit("1")
    taken = tap(hall, FIELD_MAX // 2 + 1)
    hall.ask(c.CallTicket(taken[0]), desk)
    hall.ask(c.Undo(), desk)
    assert in_doubt(hall) == tuple(taken)


def test_a_ready_desk_calls_whoever_comes_also_out_of_a_burst() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX // 2)
    hall.sit("1", "staff-nl", ready=True)
    dutch = c.IssueTicket(field="training", languages=("nl",), screen_language="nl")
    issued, called, noticed = hall.ask(dutch, KIOSK)
    assert isinstance(issued, TicketIssued)
    assert isinstance(called, TicketCalled)
    assert called.ticket == issued.ticket
    assert isinstance(noticed, BurstNoticed)
    assert issued.ticket not in in_doubt(hall)


def redeeming(hall: Hall, code: str, waited_s: float, instead_of: str | None = None) -> c.RedeemTicket:
    return c.RedeemTicket(
        ticket=code,
        day=hall.queue.day,
        field="training",
        languages=("fr",),
        screen_language="fr",
        waited_s=waited_s,
        instead_of=instead_of,
    )


def held(hall: Hall, count: int) -> list[str]:
    codes: list[str] = []
    while len(codes) < count:
        codes += hall.reserve()
    return codes[:count]


def test_numbers_of_a_kiosk_alone_are_never_refused_but_raise_the_alarm() -> None:
    hall = Hall()
    codes = held(hall, FIELD_MAX * 2)
    hall.wait(5)
    for turn, code in enumerate(codes):
        hall.ask(redeeming(hall, code, 120 - turn), KIOSK)
    assert in_doubt(hall) == tuple(codes)
    assert hall.refusal(wish(), KIOSK) is RefusalCode.TOO_MANY_TICKETS


def test_numbers_given_over_an_hour_alone_are_no_burst_though_they_are_redeemed_at_once() -> None:
    hall = Hall()
    codes = held(hall, FIELD_MAX * 2)
    hall.wait(60)
    tap(hall, FIELD_MAX // 2, every_s=0)
    for turn, code in enumerate(codes):
        hall.ask(redeeming(hall, code, 3600 - 120 * turn), KIOSK)
    assert bursts(hall) == ()


def test_a_visitor_who_got_a_number_instead_of_an_ordinary_ticket_counts_once() -> None:
    hall = Hall()
    ordinary = tap(hall, FIELD_MAX // 2)
    (code,) = held(hall, 1)
    hall.ask(redeeming(hall, code, 0, instead_of=ordinary[-1]), KIOSK)
    assert bursts(hall) == ()
    more = tap(hall, 1)
    assert in_doubt(hall) == (*ordinary[:-1], code, *more)


def test_a_day_that_ends_has_no_burst_left() -> None:
    hall = Hall()
    tap(hall, FIELD_MAX)
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(c.EndDay(), RECEPTION)
    assert bursts(hall) == ()
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
