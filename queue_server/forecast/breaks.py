"""When breaks are best taken: so that the least demand meets nobody, then so that few carry much. Pure.

Each break goes where it does least harm while the others stay where they are, until none can be moved for
the better. That is no proof of the best of all days; no break alone can be taken better.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil

from msgspec import Struct

from config.roster import Cell, Span
from protocol.ids import StaffId
from queue_server.core.state import later
from queue_server.forecast.coverage import Stretch

STEP_S = 5 * 60
"""Breaks begin and end on a grid of these, and coverage is looked at so often."""
ROUNDS_MAX = 8
"""So often each break is looked at again: three suffice as a rule."""
DIGITS = 9
"""Sums of the same numbers in another order agree in so many."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A break that somebody is to have."""

    staff: StaffId
    length_min: int
    first: datetime
    """It begins no earlier."""
    last: datetime
    """It ends no later."""


class Load(Struct, frozen=True, kw_only=True):
    """What visitors ask for in a part of the day."""

    begins: datetime
    ends: datetime
    by_cell: Mapping[Cell, float]
    """Counsellors who are busy with it all the time."""


class Taken(Struct, frozen=True, kw_only=True):
    """A break where it does least harm."""

    staff: StaffId
    span: Span


def staggered(
    stretches: Sequence[Stretch], wanted: Iterable[Wanted], loads: Sequence[Load]
) -> tuple[Taken, ...]:
    """A time for each break, by begin and person; none for somebody who is not there long enough for it.

    `stretches`: who serves when without these breaks.
    """
    asked = sorted(wanted, key=lambda one: (one.first, one.staff))
    return _Plan(stretches, asked, loads).settle() if asked else ()


class _Plan:
    """Breaks that are being put in place, on a grid of steps from the earliest to the latest."""

    def __init__(self, stretches: Sequence[Stretch], asked: Sequence[Wanted], loads: Sequence[Load]) -> None:
        self._start = asked[0].first
        count = self._step_at(max(one.last for one in asked))
        self._here: dict[StaffId, list[frozenset[Cell]]] = {}
        """What each serves in each step."""
        self._load: list[Mapping[Cell, float]] = [{} for _ in range(count)]
        self._served = [Counter[Cell]() for _ in range(count)]
        """How many serve each cell in each step, whoever is on a break left out."""
        for one in stretches:
            cells = self._here.setdefault(one.staff, [frozenset()] * count)
            for step in self._steps(one.begins, one.ends):
                cells[step] = one.cells
        for cells in self._here.values():
            for step, served in enumerate(cells):
                self._served[step].update(served)
        for load in loads:
            for step in self._steps(load.begins, load.ends):
                self._load[step] = load.by_cell
        self._taken: dict[int, range] = {}
        self._asked = asked

    def settle(self) -> tuple[Taken, ...]:
        """Put each where it does least harm, until none moves."""
        for _ in range(ROUNDS_MAX):
            moved = [self._moved(number) for number in range(len(self._asked))]
            if not any(moved):
                break
        taken = [
            Taken(staff=self._asked[number].staff, span=Span(self._at(steps.start), self._at(steps.stop)))
            for number, steps in self._taken.items()
        ]
        return tuple(sorted(taken, key=lambda one: (one.span, one.staff)))

    def _moved(self, number: int) -> bool:
        """Whether there was a better time for this break, which it has now."""
        asked, before = self._asked[number], self._taken.pop(number, None)
        if before is not None:
            self._serve(asked.staff, before, 1)
        away = {
            step
            for one, steps in self._taken.items()
            for step in steps
            if self._asked[one].staff == asked.staff
        }
        best = min(
            (slot for slot in self._slots(asked) if away.isdisjoint(slot)),
            key=lambda slot: (*self._harm(asked.staff, slot), slot.start),
            default=None,
        )
        if best is None:
            return False
        moved = before is None or self._harm(asked.staff, best) < self._harm(asked.staff, before)
        kept = best if before is None or moved else before  # who can go as well elsewhere stays where it is
        self._taken[number] = kept
        self._serve(asked.staff, kept, -1)
        return moved

    def _slots(self, asked: Wanted) -> Iterator[range]:
        """Where this break can lie: its person is there all the time."""
        here = self._here.get(asked.staff, [frozenset()] * len(self._load))
        length = -(-asked.length_min * 60 // STEP_S)
        for first in self._steps(asked.first, asked.last):
            slot = range(first, first + length)
            if self._at(slot.stop) <= asked.last and all(here[step] for step in slot):
                yield slot

    def _harm(self, staff: StaffId, slot: range) -> tuple[float, float]:
        """Demand that meets nobody meanwhile, and how much more each of the others carries."""
        uncovered = carried = 0.0
        for step in slot:
            for cell in self._here[staff][step]:
                load, others = self._load[step].get(cell, 0.0), self._served[step][cell] - 1
                if others:
                    carried += load / others - load / (others + 1)
                else:
                    uncovered += load
        return round(uncovered, DIGITS), round(carried, DIGITS)

    def _serve(self, staff: StaffId, slot: range, count: int) -> None:
        for step in slot:
            for cell in self._here[staff][step]:
                self._served[step][cell] += count

    def _steps(self, begins: datetime, ends: datetime) -> range:
        """Steps that begin within this time."""
        return range(max(0, self._step_at(begins)), min(len(self._load), self._step_at(ends)))

    def _step_at(self, at: datetime) -> int:
        """The first step that begins at this instant or later."""
        return ceil((at - self._start).total_seconds() / STEP_S)

    def _at(self, step: int) -> datetime:
        return later(self._start, step * STEP_S)
