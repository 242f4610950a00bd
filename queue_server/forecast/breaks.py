"""Which breaks had better be taken at another time than planned: so that less demand meets nobody. Pure.

One break is moved after the other, the one first that gains most while all others stay where they are, until
no move is worth telling anybody. That is no proof of the best of all days; each move is easily explained.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct

from config.roster import Span
from protocol.ids import StaffId
from queue_server.core.state import Group
from queue_server.forecast.coverage import Stretch

STEP_MIN = 5
"""Breaks are moved on a grid of these, and coverage is looked at so often."""
WORTH_MIN = 5.0
"""Minutes of conversation for which somebody is asked to take a break at another time."""
MOVES_MAX = 12
"""More at once is another roster."""
DIGITS = 6
"""Sums of the same minutes in another order agree in so many."""
_STEP = timedelta(minutes=STEP_MIN)


class Load(Struct, frozen=True, kw_only=True):
    """What visitors ask for in a part of the day."""

    begins: datetime
    ends: datetime
    by_group: Mapping[Group, float]
    """Counsellors who are busy with it all the time."""


class PlannedBreak(Struct, frozen=True, kw_only=True):
    """A break as it is planned."""

    staff: StaffId
    span: Span
    first: datetime
    """It could begin so early."""
    last: datetime
    """It could end so late."""


class Harm(Struct, frozen=True, kw_only=True):
    """What a break does to visitors and colleagues, in minutes of conversation."""

    unmet_min: float
    """Asked for by visitors whom nobody else serves meanwhile."""
    carried_min: float
    """More to do for each colleague who stays."""


class Move(Struct, frozen=True, kw_only=True):
    """A break, and a better time for it."""

    staff: StaffId
    planned: Span
    better: Span
    before: Harm
    after: Harm
    """When the moves before this one are made."""


def staggered(
    stretches: Sequence[Stretch], pauses: Sequence[PlannedBreak], loads: Sequence[Load]
) -> tuple[Move, ...]:
    """Moves that gain something, what gains most first; each gains it when those before it are made.

    `stretches`: who serves when without any break.
    """
    return tuple(_Plan(stretches, pauses, loads).moves()) if pauses else ()


class _Better(Struct, frozen=True):
    """Another place of a break."""

    slot: range
    before: Harm
    after: Harm

    @property
    def gain(self) -> tuple[float, float]:
        """Minutes of conversation: visitors count before colleagues. A digit less: both ends were rounded."""
        unmet_min = self.before.unmet_min - self.after.unmet_min
        carried_min = self.before.carried_min - self.after.carried_min
        return round(unmet_min, DIGITS - 1), round(carried_min, DIGITS - 1)


class _Plan:
    """Breaks of a day, on a grid of steps from the earliest to the latest instant at which one could be."""

    def __init__(
        self, stretches: Sequence[Stretch], pauses: Sequence[PlannedBreak], loads: Sequence[Load]
    ) -> None:
        first = min(one.first for one in pauses)
        self._start = first.replace(minute=first.minute - first.minute % STEP_MIN, second=0, microsecond=0)
        count = self._step_at(max(one.last for one in pauses)) + 1
        asked = frozenset(group for load in loads for group in load.by_group)
        self._here: dict[StaffId, list[frozenset[Group]]] = {}
        """What each could serve in each step, of what anybody asks for."""
        self._load: list[Mapping[Group, float]] = [{} for _ in range(count)]
        self._served = [Counter[Group]() for _ in range(count)]
        """How many serve each group in each step, whoever is on a break left out."""
        for one in stretches:
            own = frozenset(
                (field, languages)
                for field, languages in asked
                if any((field, language) in one.cells for language in languages)
            )
            here = self._here.setdefault(one.staff, [frozenset()] * count)
            for step in self._steps(one.begins, one.ends):
                here[step] = own
                self._served[step].update(own)
        for load in loads:
            for step in self._steps(load.begins, load.ends):
                self._load[step] = load.by_group
        self._taken = {pause: self._slot(pause, self._step_at(pause.span.begins)) for pause in pauses}
        for pause, slot in self._taken.items():
            self._serve(pause.staff, slot, -1)

    def moves(self) -> Iterator[Move]:
        """Move one after the other, none twice."""
        movable = list(self._taken)
        for _ in range(MOVES_MAX):
            found = {pause: better for pause in movable if (better := self._better(pause))}
            if not found:
                return
            pause = max(found, key=lambda one: found[one].gain)
            better = found[pause]
            self._serve(pause.staff, self._taken[pause], 1)
            self._taken[pause] = better.slot
            self._serve(pause.staff, better.slot, -1)
            movable.remove(pause)
            begins = self._start + better.slot.start * _STEP
            yield Move(
                staff=pause.staff,
                planned=pause.span,
                better=Span(begins, begins + (pause.span.ends - pause.span.begins)),
                before=better.before,
                after=better.after,
            )

    def _better(self, pause: PlannedBreak) -> _Better | None:
        """Where this break does least harm, of equal places the nearest; none: it lies well."""
        planned = self._taken[pause]
        self._serve(pause.staff, planned, 1)
        before = self._harm(pause.staff, planned)
        found = (_Better(slot, before, self._harm(pause.staff, slot)) for slot in self._slots(pause))
        best = min(
            (better for better in found if _worth(better.gain)),
            key=lambda one: (
                one.after.unmet_min,
                one.after.carried_min,
                abs(one.slot.start - planned.start),
                one.slot.start,
            ),
            default=None,
        )
        self._serve(pause.staff, planned, -1)
        return best

    def _slots(self, pause: PlannedBreak) -> Iterator[range]:
        """Where this break can lie: its person is there all the time, and not on another break."""
        others = (self._taken[one] for one in self._taken if one.staff == pause.staff and one != pause)
        away = {step for steps in others for step in steps}
        here = self._here[pause.staff]
        for first in self._steps(pause.first, pause.last):
            slot = self._slot(pause, first)
            ends = self._start + slot.stop * _STEP
            if ends <= pause.last and away.isdisjoint(slot) and all(here[step] for step in slot):
                yield slot

    def _slot(self, pause: PlannedBreak, first: int) -> range:
        return range(first, first + ceil((pause.span.ends - pause.span.begins) / _STEP))

    def _harm(self, staff: StaffId, slot: range) -> Harm:
        """Of a break of somebody who is there as yet."""
        unmet = carried = 0.0
        for step in slot:
            for group in self._here[staff][step]:
                load, others = self._load[step].get(group, 0.0), self._served[step][group] - 1
                if others:
                    carried += load / others - load / (others + 1)
                else:
                    unmet += load
        return Harm(unmet_min=round(unmet * STEP_MIN, DIGITS), carried_min=round(carried * STEP_MIN, DIGITS))

    def _serve(self, staff: StaffId, slot: range, count: int) -> None:
        for step in slot:
            for group in self._here[staff][step]:
                self._served[step][group] += count

    def _steps(self, begins: datetime, ends: datetime) -> range:
        """Steps that begin within this time."""
        return range(max(0, self._step_at(begins)), min(len(self._load), self._step_at(ends)))

    def _step_at(self, at: datetime) -> int:
        """The first step that begins at this instant or later."""
        return ceil((at - self._start) / _STEP)


def _worth(gain: tuple[float, float]) -> bool:
    """Whether somebody is asked to take a break at another time for this."""
    unmet_min, carried_min = gain
    return unmet_min >= WORTH_MIN or (unmet_min >= 0 and carried_min >= WORTH_MIN)
