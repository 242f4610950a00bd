"""Why a visitor is called: the rule that was used, in the log, on the desk's screen and after a replay."""

from hypothesis import given
from hypothesis import strategies as st
from support.centre import ALL_ROUND, TRAINER
from support.queue import RECEPTION, Hall, at_desk, snapshot

from protocol import commands as c
from protocol.views import CallReason, CounsellorView
from queue_server.core.events import TicketCalled
from queue_server.core.views import counsellor_view

ONE = at_desk("1")


def shown(hall: Hall, desk: str = "1") -> CounsellorView:
    return counsellor_view(hall.queue, hall.centre, hall.now, desk, staff=ALL_ROUND)


def reason_of_next(hall: Hall) -> CallReason | None:
    ticket = shown(hall).next
    return ticket and ticket.reason


def called(hall: Hall) -> CallReason:
    """Why the last call was made, as the log says; the desk's screen says the same."""
    event = next(event for event, _ in reversed(hall.history) if isinstance(event, TicketCalled))
    current = shown(hall, event.desk).current
    assert current is not None
    assert current.reason is event.reason
    return event.reason


def test_whoever_came_first_is_called_for_the_longest_wait() -> None:
    hall = Hall()
    hall.issue()
    hall.sit()
    assert reason_of_next(hall) is CallReason.LONGEST_WAIT
    hall.ask(c.CallNext(), ONE)
    assert called(hall) is CallReason.LONGEST_WAIT


def test_priority_is_the_reason_where_it_passes_somebody_who_came_earlier() -> None:
    hall = Hall()
    hall.issue()
    hall.issue(priority=True)
    hall.sit()
    assert reason_of_next(hall) is CallReason.PRIORITY
    hall.ask(c.CallNext(), ONE)
    assert called(hall) is CallReason.PRIORITY


def test_priority_is_no_reason_where_it_passes_only_visitors_of_other_desks() -> None:
    hall = Hall()
    hall.issue("work")
    hall.issue("training", priority=True)
    hall.sit("1", TRAINER)
    assert reason_of_next(hall) is CallReason.LONGEST_WAIT


def test_priority_is_no_reason_before_somebody_with_priority_who_came_later() -> None:
    hall = Hall()
    hall.issue(priority=True)
    hall.issue(priority=True)
    hall.sit()
    assert reason_of_next(hall) is CallReason.LONGEST_WAIT


def test_whoever_waits_for_this_desk_alone_is_called_for_it() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit()
    hall.ask(c.Transfer(ticket=code, desk="1"), RECEPTION)
    assert reason_of_next(hall) is CallReason.YOUR_DESK
    hall.ask(c.CallNext(), ONE)
    assert called(hall) is CallReason.YOUR_DESK


def test_who_was_put_aside_comes_back_as_such_and_a_choice_is_called_one() -> None:
    hall = Hall()
    first, second = hall.issue(), hall.issue()
    hall.sit()
    hall.serve("1", second)
    assert called(hall) is CallReason.CHOSEN
    hall.ask(c.Park(second), ONE)
    hall.ask(c.Unpark(second), ONE)
    assert called(hall) is CallReason.PARKED
    assert reason_of_next(hall) is CallReason.LONGEST_WAIT
    assert hall.order() == [first]


def test_a_ready_desk_that_serves_more_again_calls_priority_for_what_it_is() -> None:
    hall = Hall()
    hall.sit()
    hall.ask(c.NarrowDesk(fields=("work",), languages=("fr",)), ONE)
    hall.issue("training")
    hall.issue("training", priority=True)
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.NarrowDesk(), ONE)
    assert called(hall) is CallReason.PRIORITY


def test_who_waits_again_is_shown_no_reason_of_a_call_before() -> None:
    hall = Hall()
    code = hall.issue()
    hall.issue()
    hall.sit()
    hall.ask(c.CallTicket(code), ONE)
    hall.ask(c.Undo(), ONE)
    assert hall.queue.tickets[code].placement.reason is None
    hall.serve("1", code)
    hall.ask(c.Transfer(ticket=code, field="work"), ONE)
    assert [ticket.reason for ticket in shown(hall).waiting] == [None, None]


@given(comers=st.lists(st.tuples(st.booleans(), st.integers(0, 25)), min_size=1, max_size=12))
def test_priority_is_the_reason_exactly_where_somebody_who_came_earlier_still_waits(
    comers: list[tuple[bool, int]],
) -> None:
    hall = Hall()
    for priority, pause_min in comers:
        hall.wait(pause_min)
        hall.issue(priority=priority)
    hall.sit()
    while hall.order():
        waiting = {code: hall.queue.tickets[code].issued_at for code in hall.order()}
        hall.ask(c.CallNext(), ONE)
        code = hall.ticket_at("1")
        assert code is not None
        passed = any(issued_at < waiting[code] for issued_at in waiting.values())
        assert called(hall) is (CallReason.PRIORITY if passed else CallReason.LONGEST_WAIT)
        hall.ask(c.StartServing(code), ONE)
        hall.ask(c.Finish(code), ONE)
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
