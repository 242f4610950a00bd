"""Numbers of a day's events, counted naively: nothing is left out, and nothing comes twice."""

from collections import Counter

from queue_server.core.events import (
    AnyEvent,
    DayRestored,
    NumbersReserved,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
)
from queue_server.core.policy import PROVISIONAL


class Series:
    """What was given so far; only a restore leaves numbers out."""

    def __init__(self, *, shared: bool = False) -> None:
        self.rung: list[int] = []
        self.restores = 0
        self._shared = shared
        self._call = 0
        self._floor = 0
        self._ordinary: Counter[str] = Counter()
        self._held: set[str] = set()

    def see(self, event: AnyEvent) -> None:
        """The next event; AssertionError when its number is not the one that is due."""
        match event:
            case TicketCalled() | TicketRecalled():
                self._call += 1
                assert event.call == self._call, "calls count up without gaps"
                self.rung.append(event.call)
            case TicketIssued(provisional=False):
                self._ordinary_given(event)
            case TicketIssued():
                assert (event.ticket in self._held) == (event.held_by is None)
                self._held.add(event.ticket)
            case NumbersReserved():
                assert not self._held & set(event.tickets), "numbers set aside twice"
                self._held |= set(event.tickets)
            case DayRestored():
                self.restores += 1
                self._call += event.calls
                self._floor += event.numbers
                for series in self._ordinary:
                    self._ordinary[series] += event.numbers
            case _:
                pass

    def _ordinary_given(self, event: TicketIssued) -> None:
        series = "" if self._shared else event.ticket[0]
        due = max(self._ordinary[series], self._floor) + 1
        due = PROVISIONAL.stop if due in PROVISIONAL else due
        assert event.number == due, f"{event.ticket}: numbers without gap or double"
        self._ordinary[series] = due
