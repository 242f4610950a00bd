"""What remains of a day: how long each leg of a visit took and how it ended; nothing leads to anybody."""

from msgspec.structs import fields
from support.centre import ALL_ROUND
from support.queue import KIOSK, RECEPTION, Hall, at_desk

from protocol import commands as c
from queue_server.core.housekeeping import EndDay
from queue_server.core.legs import Leg, LegEnd, legs_of

ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


def hall_with_a_desk() -> Hall:
    hall = Hall()
    hall.ask(c.OpenDesk(ALL_ROUND), at_desk("1"))
    return hall


def issued(hall: Hall, command: c.IssueTicket = ISSUE) -> str:
    before = set(hall.queue.tickets)
    hall.ask(command, KIOSK)
    [code] = set(hall.queue.tickets) - before
    return code


def legs(hall: Hall) -> list[Leg]:
    hall.keep_house(EndDay())
    return legs_of((at, event) for event, at in hall.history)


def served(hall: Hall, code: str) -> None:
    hall.ask(c.CallNext(), at_desk("1"))
    hall.wait(1)
    hall.ask(c.StartServing(code), at_desk("1"))
    hall.wait(20)
    hall.ask(c.Finish(code), at_desk("1"))


def test_wait_is_until_the_first_call_and_service_from_its_beginning_to_its_end() -> None:
    hall = hall_with_a_desk()
    code = issued(hall)
    hall.wait(7)
    served(hall, code)
    assert legs(hall) == [Leg(10, "training", "fr", "fr", 1, LegEnd.SERVED, 14, 40)]


def test_a_transfer_ends_one_leg_and_begins_another_with_a_wait_of_its_own() -> None:
    hall = hall_with_a_desk()
    code = issued(hall)
    hall.wait(2)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.StartServing(code), at_desk("1"))
    hall.wait(5)
    hall.ask(c.Transfer(ticket=code, field="work"), at_desk("1"))
    hall.wait(3)
    hall.ask(c.CallTicket(code), at_desk("1"))
    hall.ask(c.StartServing(code), at_desk("1"))
    hall.wait(10)
    hall.ask(c.Finish(code), at_desk("1"))
    assert legs(hall) == [
        Leg(10, "training", "fr", "fr", 1, LegEnd.TRANSFERRED, 4, 10),
        Leg(10, "work", "fr", "fr", 2, LegEnd.SERVED, 6, 20),
    ]


def test_who_is_put_aside_is_in_conversation_before_and_after_but_not_meanwhile() -> None:
    hall = hall_with_a_desk()
    code = issued(hall)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.StartServing(code), at_desk("1"))
    hall.wait(4)
    hall.ask(c.Park(code), at_desk("1"))
    hall.wait(30)
    hall.ask(c.Unpark(code), at_desk("1"))
    hall.ask(c.StartServing(code), at_desk("1"))
    hall.wait(6)
    hall.ask(c.Finish(code), at_desk("1"))
    [leg] = legs(hall)
    assert (leg.wait_half_minutes, leg.service_half_minutes) == (0, 20)


def test_an_action_that_was_undone_leaves_no_trace() -> None:
    hall = hall_with_a_desk()
    code = issued(hall)
    hall.wait(3)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.Undo(), at_desk("1"))
    hall.wait(2)
    served(hall, code)
    [leg] = legs(hall)
    assert leg.wait_half_minutes == 10


def test_who_left_who_missed_the_call_and_who_still_waits_at_the_end_are_told_apart() -> None:
    hall = hall_with_a_desk()
    missed = issued(hall)
    hall.wait(1)
    hall.ask(c.CallNext(), at_desk("1"))
    hall.ask(c.MarkNoShow(missed), at_desk("1"))
    left, _ = issued(hall), issued(hall)
    hall.ask(c.Cancel(left), RECEPTION)
    found = {(leg.end, leg.wait_half_minutes, leg.service_half_minutes) for leg in legs(hall)}
    assert found == {(LegEnd.NO_SHOW, 2, -1), (LegEnd.LEFT, -1, -1), (LegEnd.DAY_OVER, -1, -1)}


def test_the_order_of_the_legs_says_nothing_about_the_order_of_arrival() -> None:
    hall, other = hall_with_a_desk(), hall_with_a_desk()
    work = c.IssueTicket(field="work", languages=("nl", "fr"), screen_language="nl")
    for command in (ISSUE, work):
        issued(hall, command)
    for command in (work, ISSUE):
        issued(other, command)
    assert legs(hall) == legs(other)


def test_a_leg_holds_no_number_no_desk_no_name_and_no_instant() -> None:
    assert {field.name for field in fields(Leg)} == {
        "hour",
        "field",
        "languages",
        "screen_language",
        "number",
        "end",
        "wait_half_minutes",
        "service_half_minutes",
    }
