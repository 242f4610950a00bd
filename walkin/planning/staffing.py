"""Who works when: a roster file or a generated roster, with breaks and unforeseen absences."""

from collections.abc import Iterable, Iterator
from datetime import time
from itertools import chain, combinations
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from config.model import Weekday
from config.roster import Roster, Shift
from walkin.planning.assumptions import Assumptions, Scenario
from walkin.planning.day import Cell, Duty, Span
from walkin.planning.demand import cell_weights, mean_session_min
from walkin.planning.place import Person, Place

ROSTERS_TRIED = 50
"""Until the whole days cover all that the people of the centre can cover."""
CANDIDATES = 8
"""Whoever makes a generated roster asks so many people for each place, and takes the best."""
FIELDS_COMBINED_MAX = 6
"""With more fields not all their combinations are looked at for the bottleneck."""
STEP_MIN = 5
"""Breaks begin on these."""
ABSENCE_AFTER_MIN = 20
ABSENCE_BEFORE_END_MIN = 30
"""An absence begins so long after the shift does, and so long before it ends."""


def rostered(roster: Roster, weekday: Weekday, place: Place, assumptions: Assumptions) -> tuple[Duty, ...]:
    """The counsellors of an ordinary week on this day; where a shift names no break, breaks take turns."""
    people = {person.id: person for person in place.people}
    shifts = [
        line for line in roster.by_day.get(weekday, ()) if isinstance(line, Shift) and line.staff in people
    ]
    last = {shift.staff: shift for shift in shifts}
    duties: list[Duty] = []
    for shift in shifts:
        begins_min, ends_min = _minute(shift.begins, place), _minute(shift.ends, place)
        if ends_min > 0 and begins_min < place.closes_min:
            own = people[shift.staff]
            duty = replace(
                _duty(own, max(0, begins_min), ends_min, place),
                stays=(shift.stays and shift is last[shift.staff]) or ends_min >= place.closes_min,
                fields=tuple(field for field in own.fields if not shift.fields or field in shift.fields),
                languages=tuple(
                    language
                    for language in own.languages
                    if not shift.languages or language in shift.languages
                ),
                breaks=tuple(_breaks(shift, place)),
            )
            duties.append(duty if shift.breaks else _with_break(duty, assumptions, len(duties)))
    return tuple(duties)


def _breaks(shift: Shift, place: Place) -> Iterator[Span]:
    """What is left of each when the doors open."""
    for one in shift.breaks:
        begins_min, ends_min = max(0, _minute(one.begins, place)), _minute(one.ends, place)
        if begins_min < ends_min:
            yield Span(begins_min, ends_min - begins_min)


def _minute(at: time, place: Place) -> int:
    """Since opening."""
    return at.hour * 60 + at.minute - place.opens_at_min


def generated(place: Place, assumptions: Assumptions, scenario: Scenario, rng: Random) -> tuple[Duty, ...]:
    """A roster that covers what it can: each place is given to the best of a few people who were asked."""
    tries = (_chosen(place, assumptions, scenario, rng) for _ in range(ROSTERS_TRIED))
    best: list[tuple[Person, int, int]] | None = None
    fewest = 0
    for uncovered, chosen in tries:
        if best is None or uncovered < fewest:
            best, fewest = chosen, uncovered
        if not fewest:
            break
    assert best is not None
    slots = assumptions.staff.lunch_slots
    return tuple(
        _with_break(_duty(person, begins_min, ends_min, place), assumptions, rng.randrange(slots))
        for person, begins_min, ends_min in best
    )


def with_absences(duties: tuple[Duty, ...], assumptions: Assumptions, seed: int) -> tuple[Duty, ...]:
    """The same counsellors, of whom some are away for a while without a word."""
    off = assumptions.messy
    rng = Random(f"{seed}: absences")
    away: dict[int, list[Span]] = {}
    for _ in range(off.absences if duties else 0):
        index = rng.randrange(len(duties))
        duty = duties[index]
        first_min, last_min = duty.begins_min + ABSENCE_AFTER_MIN, duty.ends_min - ABSENCE_BEFORE_END_MIN
        span = Span(
            rng.uniform(first_min, max(first_min, last_min)),
            rng.uniform(off.absence_least_min, off.absence_most_min),
        )
        away.setdefault(index, []).append(span)
    return tuple(
        replace(duty, absences=tuple(sorted(away[index]))) if index in away else duty
        for index, duty in enumerate(duties)
    )


def whole_day(person: Person, place: Place, assumptions: Assumptions, turn: int) -> Duty:
    """This person from opening until the last visitor; `turn` chooses the break."""
    return _with_break(_duty(person, 0, place.closes_min, place), assumptions, turn)


def _duty(person: Person, begins_min: int, ends_min: int, place: Place) -> Duty:
    return Duty(
        counsellor=person.id,
        fields=person.fields,
        languages=person.languages,
        begins_min=begins_min,
        ends_min=ends_min,
        stays=ends_min >= place.closes_min,
        speed=person.speed,
    )


def _with_break(duty: Duty, assumptions: Assumptions, turn: int) -> Duty:
    staff = assumptions.staff
    lasts_min = duty.ends_min - duty.begins_min
    if lasts_min > staff.lunch_from_shift_min:
        slots = [staff.lunch_from_min + staff.lunch_step_min * slot for slot in range(staff.lunch_slots)]
        slots = [
            slot for slot in slots if slot >= duty.begins_min and slot + staff.lunch_min <= duty.ends_min
        ]
        if slots:
            return replace(duty, breaks=(Span(slots[turn % len(slots)], staff.lunch_min),))
    middle_min = duty.begins_min + lasts_min / 2 // STEP_MIN * STEP_MIN
    return replace(duty, breaks=(Span(middle_min, staff.half_day_break_min),))


def _chosen(
    place: Place, assumptions: Assumptions, scenario: Scenario, rng: Random
) -> tuple[int, list[tuple[Person, int, int]]]:
    """People with their hours, and how many cells the whole days leave out that somebody could cover."""
    team = _Team(place, assumptions, rng)
    staff, closes_min = assumptions.staff, place.closes_min
    whole = min(scenario.whole_days, place.desks)
    whole_days = team.chosen(whole, [])
    uncovered = team.uncovered(whole_days)
    desks_left = place.desks - whole
    mornings = team.chosen(min(scenario.mornings, desks_left), whole_days)
    handed_over = staff.morning_min + staff.afternoon_min <= closes_min
    left = desks_left if handed_over else desks_left - len(mornings)
    afternoons = team.chosen(min(scenario.afternoons, left), whole_days)
    return uncovered, [
        *((person, 0, closes_min) for person in whole_days),
        *((person, 0, min(staff.morning_min, closes_min)) for person in mornings),
        *((person, max(0, closes_min - staff.afternoon_min), closes_min) for person in afternoons),
    ]


class _Group(Struct, frozen=True):
    """Some fields in some languages, as bits of cells, and the work that a visitor brings there."""

    cells: int
    load_min: float


class _Team:
    """Chooses people, each the best of a few by what they leave uncovered and by the worst bottleneck.

    The bottleneck is the group of cells with most work for each counsellor who can serve any of it: however
    visitors are routed, that group builds a queue first.
    """

    def __init__(self, place: Place, assumptions: Assumptions, rng: Random) -> None:
        self._rng = rng
        self._left = list(place.people)
        rng.shuffle(self._left)
        self._bits = {cell: 1 << bit for bit, cell in enumerate(cell_weights(place, assumptions))}
        self._groups = _groups(place, assumptions, self._bits)
        self._coverable = self._any(place.people)

    def chosen(self, count: int, beside: list[Person]) -> list[Person]:
        """So many people more beside those, or all who are left."""
        found: list[Person] = []
        for _ in range(min(count, len(self._left))):
            asked = self._rng.sample(range(len(self._left)), min(CANDIDATES, len(self._left)))
            there = [self._cells(person) for person in (*beside, *found)]
            serving = [sum(bool(cells & group.cells) for cells in there) for group in self._groups]
            covered = self._any([*beside, *found])
            best = min(asked, key=lambda index: self._score(self._left[index], covered, serving))
            found.append(self._left.pop(best))
        return found

    def uncovered(self, people: list[Person]) -> int:
        """How many cells nobody of these covers, and somebody of the centre could."""
        return (self._coverable & ~self._any(people)).bit_count()

    def _score(self, person: Person, covered: int, serving: list[int]) -> tuple[int, float]:
        cells = self._cells(person)
        left = (self._coverable & ~(covered | cells)).bit_count()
        if left:
            return left, 0.0
        return 0, max(
            group.load_min / max(1, count + bool(cells & group.cells))
            for group, count in zip(self._groups, serving, strict=True)
        )

    def _cells(self, person: Person) -> int:
        return sum(self._bits[cell] for cell in person.cells)

    def _any(self, people: Iterable[Person]) -> int:
        cells = 0
        for person in people:
            cells |= self._cells(person)
        return cells


def _groups(place: Place, assumptions: Assumptions, bits: dict[Cell, int]) -> list[_Group]:
    sessions = assumptions.sessions
    beside_min = sessions.walk_min + (sessions.wrap_up_least_min + sessions.wrap_up_most_min) / 2
    load_min = {
        cell: weight * (mean_session_min(cell[0], place, assumptions) + beside_min)
        for cell, weight in cell_weights(place, assumptions).items()
    }
    found = []
    for fields in _subsets(place.fields):
        for languages in _subsets(place.languages):
            cells = [(field, language) for field in fields for language in languages]
            found.append(_Group(sum(bits[cell] for cell in cells), sum(load_min[cell] for cell in cells)))
    return found


def _subsets(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if len(words) > FIELDS_COMBINED_MAX:
        return chain(((word,) for word in words), (words,))
    return chain.from_iterable(combinations(words, count) for count in range(1, len(words) + 1))
