"""The formulas of existing systems, as their code or their documentation has them."""

from collections.abc import Mapping
from math import floor

from benchmarks.forecast.estimator import Estimate, History
from walkin.planning.seen import Seen, Ticket, Waiting

WAITS_FOR_A_MEAN = 5
"""With fewer calls today the mean of earlier days is taken."""


class _Formula:
    """One number for each visitor, from which the time already waited is taken off, or not."""

    def __init__(self, history: History) -> None:
        self._history = history

    def begins(self, seed: int) -> None:
        """Nothing is kept from one day to the next."""

    def called(self, seen: Seen) -> None:
        """Nothing is learned."""

    def at(self, seen: Seen, visitor: Waiting) -> Estimate:
        """The number, for somebody who has just come."""
        return _number(self.wait_min(seen, visitor))

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        """The number less the time that each has waited."""
        return {
            each.ticket: _number(self.wait_min(seen, each) - (seen.now_min - each.issued_min))
            for each in seen.waiting
        }

    def wait_min(self, seen: Seen, visitor: Waiting) -> float:
        """From ticket to call."""
        raise NotImplementedError


class DayAverage(_Formula):
    """The mean wait of those called today."""

    def wait_min(self, seen: Seen, visitor: Waiting) -> float:
        """The same for everybody."""
        del visitor
        if len(seen.calls) < WAITS_FOR_A_MEAN:
            return self._history.wait_mean_min
        return sum(call.waited_min for call in seen.calls) / len(seen.calls)


class LastToEnter(_Formula):
    """The wait of whoever was called last in the same cell; else for the same field; else at all."""

    def wait_min(self, seen: Seen, visitor: Waiting) -> float:
        """That of another visitor."""
        for alike in (
            lambda cell: cell == visitor.cell,
            lambda cell: cell[0] == visitor.field,
            lambda _: True,
        ):
            for call in reversed(seen.calls):
                if alike(call.cell):
                    return call.waited_min
        return self._history.wait_mean_min


class Zms(_Formula):
    """it-at-m/eappointment, QueueList::withEstimatedWaitingTime: place in the whole line times a slot.

    A slot is the mean session divided by the counsellors on duty, whatever they can be asked in.
    """

    def at(self, seen: Seen, visitor: Waiting) -> Estimate:
        """Of the last or, with priority, of the place in the line."""
        return self.refresh(seen)[visitor.ticket]

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        """Whole minutes, from now on."""
        slot_min = self._history.cycle_mean_min / max(1, seen.on_duty)
        return {
            each.ticket: _number(floor((place + 1) * slot_min)) for place, each in enumerate(seen.waiting)
        }


def _number(minutes: float) -> Estimate:
    return Estimate(max(0.0, minutes), max(0.0, minutes))
