"""Who is called before whom: the promises of the rule, looked at at every call of busy days."""

from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from support.clockwork import LASTS_S, Clockwork
from support.queue import RECEPTION

from protocol import commands as c
from protocol.views import Stage
from queue_server.core.events import AnyEvent, TicketCalled
from queue_server.core.state import Ticket

SEEDS = st.integers(0, 2**32)


class Watched(Clockwork):
    """Visitors with and without priority come and are served; every call and every rest is looked at."""

    calls_seen = 0

    def come_some_first(self, visitors: int, minutes: float) -> None:
        """As `come`, one in five with accessible priority."""
        begins = self.now.timestamp()
        for at in sorted(begins + self.random.uniform(0, minutes * 60) for _ in range(visitors)):
            self.work_until(at)
            wish = c.IssueTicket(
                field=self.random.choice(tuple(LASTS_S)),
                languages=tuple(self.random.sample(self.centre.languages.all, self.random.randint(1, 2))),
                screen_language="fr",
                priority=self.random.random() < 0.2,
            )
            self._follow(self.ask(wish, RECEPTION))

    def _follow(self, events: Iterable[AnyEvent]) -> None:
        events = list(events)
        for event in events:
            if isinstance(event, TicketCalled):
                self._look_at(self.queue.tickets[event.ticket], event.desk)
        super()._follow(events)
        self._nobody_waits_for_a_ready_desk()

    def _look_at(self, called: Ticket, desk_id: str) -> None:
        self.calls_seen += 1
        desk, head_start_s = self.queue.desks[desk_id], 60 * self.centre.rules.priority_head_start_min
        assert desk.covers(called.placement.field, called.placement.languages)
        assert [one.ticket for one in self.queue.desks.values()].count(called.code) == 1
        for _, _, code in self.queue.lines.everybody():
            waits = self.queue.tickets[code]
            if waits.issued_at >= called.issued_at:
                continue
            alike = (waits.placement.field, waits.placement.languages, waits.priority)
            assert alike != (called.placement.field, called.placement.languages, called.priority)
            if desk.covers(waits.placement.field, waits.placement.languages):
                assert called.priority
                assert not waits.priority
                assert (called.issued_at - waits.issued_at).total_seconds() <= head_start_s

    def _nobody_waits_for_a_ready_desk(self) -> None:
        for desk_id in self.queue.ready:
            assert self.queue.lines.first_for(self.queue.desks[desk_id]) is None


@given(SEEDS)
@settings(max_examples=60)
def test_whoever_is_passed_by_is_passed_by_priority_alone_and_within_the_head_start(seed: int) -> None:
    hall = Watched(Random(seed))
    hall.come_some_first(50, 120)
    hall.work_until(float("inf"))
    served = [t for t in hall.queue.tickets.values() if t.placement.stage is Stage.FINISHED]
    assert hall.calls_seen == len(served) == len(hall.called_at)


def test_priority_passes_somebody_in_such_a_day() -> None:
    hall = Watched(Random(1))
    hall.come_some_first(50, 120)
    hall.work_until(float("inf"))
    order = sorted(hall.called_at, key=lambda code: hall.called_at[code])
    first = [hall.queue.tickets[code] for code in order if hall.queue.tickets[code].priority]
    assert any(
        hall.queue.tickets[other].issued_at < ticket.issued_at
        and hall.called_at[other] > hall.called_at[ticket.code]
        for ticket in first
        for other in order
    )
