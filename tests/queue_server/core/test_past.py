"""What remains of a day, and that nothing in it leads to anybody."""

from support.queue import RECEPTION, Hall, at_desk

from protocol import commands as c
from queue_server.core.estimates import Estimate
from queue_server.core.events import TicketIssued
from queue_server.core.housekeeping import EndDay
from queue_server.core.past import PastCycle, PastDay, PastPromise, past_of

TOLD = Estimate(300.0, 600.0, 900.0)


def past(hall: Hall) -> PastDay:
    hall.keep_house(EndDay())
    return past_of(hall.queue.day, [(at, event) for event, at in hall.history])


def told(hall: Hall, number: int, *languages: str) -> str:
    """A visitor who was told something when the ticket was given."""
    code = f"T{number:03d}"
    hall.let_happen(
        TicketIssued(
            ticket=code,
            number=number,
            field="training",
            languages=languages or ("fr",),
            screen_language="fr",
            ahead=0,
            told=TOLD,
        )
    )
    return code


def test_cycles_stay_by_field_and_language_in_the_order_of_what_they_say() -> None:
    hall = Hall()
    hall.sit()
    for field, minutes in (("work", 12), ("training", 20), ("training", 5)):
        code = hall.issue(field)
        hall.serve("1", code)
        hall.wait(minutes)
        hall.ask(c.Finish(code), at_desk("1"))
        hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), at_desk("1"))
        hall.ask(c.Resume(), at_desk("1"))
    assert past(hall).cycles == [
        PastCycle("training", "fr", 10),
        PastCycle("training", "fr", 40),
        PastCycle("work", "fr", 24),
    ]


def test_a_promise_stays_beside_what_came_of_it() -> None:
    hall = Hall()
    hall.sit()
    code = told(hall, 1, "fr", "nl")
    hall.wait(14)
    hall.ask(c.CallTicket(code), at_desk("1"))
    assert past(hall).promises == [PastPromise("training", "fr+nl", 10, 20, 30, 28, late=False)]


def test_whoever_is_called_after_the_window_was_called_late() -> None:
    hall = Hall()  # at ten o'clock sharp: a window ends on a whole five minutes
    hall.sit()
    first, second = told(hall, 1), told(hall, 2)
    hall.wait(15)
    hall.ask(c.CallTicket(first), at_desk("1"))
    hall.ask(c.MarkNoShow(first), at_desk("1"))
    hall.wait(0.1)
    hall.ask(c.CallTicket(second), at_desk("1"))
    assert [one.late for one in past(hall).promises] == [False, True]


def test_a_second_call_says_nothing_of_the_promise() -> None:
    hall = Hall()
    hall.sit()
    code = told(hall, 1)
    hall.ask(c.CallTicket(code), at_desk("1"))
    hall.ask(c.MarkNoShow(code), at_desk("1"))
    hall.ask(c.Reinstate(code), at_desk("1"))
    hall.wait(60)
    hall.ask(c.CallTicket(code), at_desk("1"))
    [promise] = past(hall).promises
    assert (promise.waited, promise.late) == (0, False)


def test_a_call_that_was_taken_back_says_nothing_of_the_promise() -> None:
    hall = Hall()
    hall.sit()
    code = told(hall, 1)
    hall.ask(c.CallTicket(code), at_desk("1"))
    hall.ask(c.Undo(), at_desk("1"))
    assert hall.queue.lived == {}
    hall.wait(60)
    hall.ask(c.CallTicket(code), at_desk("1"))
    [promise] = past(hall).promises
    assert (promise.waited, promise.late) == (120, True)


def test_how_long_tickets_could_be_taken_and_how_many_had_priority_stays() -> None:
    hall = Hall()
    hall.issue(priority=True)
    hall.wait(59)
    hall.ask(c.CloseDay(), RECEPTION)
    hall.wait(30)
    hall.ask(c.OpenDay(), RECEPTION)
    hall.wait(10)
    day = past(hall)
    assert (day.priority, day.open_half_minutes, len(day.legs)) == (1, 2 * (60 + 10), 1)
