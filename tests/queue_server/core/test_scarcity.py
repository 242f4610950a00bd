"""Whoever few counsellors can serve is called a little sooner, in a centre that wants it so."""

from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from support.centre import ALL_ROUND, TRAINER, small_centre
from support.clockwork import Clockwork
from support.queue import Hall, at_desk

from config.model import Rules
from protocol import commands as c
from protocol.views import CallReason, Stage
from queue_server.core.events import AnyEvent, TicketCalled
from queue_server.core.state import Ticket
from queue_server.core.turns import scarcity_head_start_s
from queue_server.core.views import counsellor_view
from queue_server.forecast.sight import situation_of

MOST_MIN = 20
WANTED = Rules(scarcity_head_start_min=MOST_MIN)
ONE = at_desk("1")


def hall_of_two(rules: Rules) -> Hall:
    """A desk that serves everything, and one that shares training with it."""
    hall = Hall(small_centre(rules))
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    return hall


def called_first(hall: Hall) -> TicketCalled:
    event = hall.ask(c.CallNext(), ONE)[-1]
    assert isinstance(event, TicketCalled)
    return event


def test_whoever_one_desk_alone_serves_passes_who_came_a_little_earlier_and_the_log_says_why() -> None:
    hall = hall_of_two(WANTED)
    hall.issue("training")
    scarce = hall.issue("work")
    called = called_first(hall)
    assert (called.ticket, called.reason) == (scarce, CallReason.SCARCITY)


def test_a_centre_that_does_not_want_it_calls_who_came_first() -> None:
    hall = hall_of_two(Rules())
    first = hall.issue("training")
    hall.issue("work")
    called = called_first(hall)
    assert (called.ticket, called.reason) == (first, CallReason.LONGEST_WAIT)


def test_nobody_is_passed_by_whoever_came_later_than_the_head_start() -> None:
    hall = hall_of_two(WANTED)
    first = hall.issue("training")  # two desks serve it: it is a quarter less ahead than work
    hall.wait(MOST_MIN / 4)
    hall.issue("work")
    assert called_first(hall).ticket == first


def test_who_is_next_on_the_screen_is_who_is_called_and_the_list_has_that_order() -> None:
    hall = hall_of_two(WANTED)
    first, scarce = hall.issue("training"), hall.issue("work")
    view = counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND)
    assert view.next is not None
    assert (view.next.ticket, view.next.reason) == (scarce, CallReason.SCARCITY)
    assert [ticket.ticket for ticket in view.waiting] == [scarce, first]
    assert view.waiting_total == 2


def test_where_another_counsellor_comes_for_it_it_is_scarce_no_more() -> None:
    hall = hall_of_two(WANTED)
    first = hall.issue("training")
    hall.issue("work")
    hall.sit("3", "staff-wo")
    assert called_first(hall).ticket == first


def test_a_forecast_has_the_line_in_the_order_in_which_it_will_be_called() -> None:
    hall = hall_of_two(WANTED)
    first, scarce = hall.issue("training"), hall.issue("work")

    def ahead_s(group: tuple[str, tuple[str, ...]]) -> float:
        return scarcity_head_start_s(hall.queue, group, hall.centre)

    waiting = situation_of(hall.queue, hall.now, None, head_start_s=ahead_s).waiting
    assert [one.ticket for one in waiting] == [scarce, first]


class Scarce(Clockwork):
    """Looks at every call."""

    passed = 0

    def _follow(self, events: Iterable[AnyEvent]) -> None:
        events = list(events)
        for event in events:
            if isinstance(event, TicketCalled) and event.how == "next":
                self._look_at(self.queue.tickets[event.ticket], event.desk)
        super()._follow(events)

    def _look_at(self, called: Ticket, desk_id: str) -> None:
        desk = self.queue.desks[desk_id]
        for _, _, code in self.queue.lines.everybody():
            waits = self.queue.tickets[code]
            if desk.covers(waits.placement.field, waits.placement.languages):
                assert self._rank(called) <= self._rank(waits)
                assert (called.issued_at - waits.issued_at).total_seconds() <= MOST_MIN * 60
                self.passed += called.issued_at > waits.issued_at

    def _rank(self, ticket: Ticket) -> float:
        """The instant of coming, less twenty minutes for one desk, fifteen for two, ten for three, five."""
        now = ticket.placement
        serving = sum(desk.covers(now.field, now.languages) for desk in self.queue.desks.values())
        return ticket.issued_at.timestamp() - 60 * {1: 20, 2: 15, 3: 10, 4: 5}.get(serving, 0)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_every_call_is_of_the_oldest_after_the_head_start_and_nobody_is_passed_by_more(seed: int) -> None:
    hall = Scarce(Random(seed), WANTED)
    hall.come(50, 120)
    hall.work_until(float("inf"))
    desks = hall.queue.desks.values()
    for ticket in hall.queue.tickets.values():
        now = ticket.placement
        assert (now.stage is Stage.FINISHED) is any(desk.covers(now.field, now.languages) for desk in desks)


def test_somebody_is_passed_in_such_a_day() -> None:
    hall = Scarce(Random(1), WANTED)
    hall.come(50, 120)
    assert hall.passed
