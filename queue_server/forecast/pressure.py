"""Groups of cells for which too few are on duty, however visitors are sent (Hall's condition). Pure.

A group is some fields in some languages. What is asked of it can be done only by those who serve anything in
it: when that is more than they can do, a line grows there, whatever is done elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import fsum, inf

from msgspec import Struct

from config.roster import Cell
from protocol.ids import FieldId, LanguageCode, StaffId
from queue_server.core.state import Group

PRESSURE_MAX = 0.9
"""A group that is busier builds a line."""
FIELDS_MAX = 8
LANGUAGES_MAX = 4
"""Groups are looked for among so many fields and languages, those most asked for: 3,825 groups."""
TOLD_MAX = 12
"""Groups that are named: more have the same cause."""


class Strain(Struct, frozen=True, kw_only=True):
    """What a group of cells asks of those who serve anything in it."""

    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    work: float
    """In counsellors who are busy with it all the time."""
    staff: int
    """How many serve anything in it."""

    @property
    def each(self) -> float:
        """Work of each of them; without end when there is nobody."""
        return self.work / self.staff if self.staff else inf


def pressures(load: Mapping[Group, float], on_duty: Mapping[StaffId, frozenset[Cell]]) -> tuple[Strain, ...]:
    """Groups that build a line, the worst first.

    `load`: what visitors of each kind ask for, in counsellors who are busy with them all the time.
    """
    return tuple(_named(one for one in _groups(load, on_duty) if one.each > PRESSURE_MAX))


def _named(found: Iterable[Strain]) -> list[Strain]:
    """These by what they ask of each; none that contains one which asks as much."""
    ranked = sorted(
        found,
        key=lambda one: (-one.each, len(one.fields) * len(one.languages), one.fields, one.languages),
    )
    told: list[Strain] = []
    for one in ranked:
        if len(told) < TOLD_MAX and not any(
            set(other.fields) <= set(one.fields) and set(other.languages) <= set(one.languages)
            for other in told
        ):
            told.append(one)
    return told


def _groups(load: Mapping[Group, float], on_duty: Mapping[StaffId, frozenset[Cell]]) -> Iterator[Strain]:
    """Every group of fields and languages that anything is asked of."""
    fields = _most_asked(((field,), amount) for (field, _), amount in load.items())[:FIELDS_MAX]
    languages = _most_asked((some, amount) for (_, some), amount in load.items())[:LANGUAGES_MAX]
    for some in _subsets(languages):
        asked = {
            field: fsum(
                amount
                for (one, accepted), amount in load.items()
                if one == field and set(accepted) <= set(some)
            )
            for field in fields
        }
        served = {
            staff: frozenset(field for field, language in cells if language in some)
            for staff, cells in on_duty.items()
        }
        for group in _subsets([field for field in fields if asked[field] > 0]):
            yield Strain(
                fields=group,
                languages=some,
                work=fsum(asked[field] for field in group),
                staff=sum(not own.isdisjoint(group) for own in served.values()),
            )


def _most_asked(asked: Iterable[tuple[Sequence[str], float]]) -> list[str]:
    """Fields or languages, those in which most is asked first."""
    total: dict[str, float] = {}
    for names, amount in asked:
        for name in names:
            total[name] = total.get(name, 0.0) + amount
    return sorted(total, key=lambda name: (-total[name], name))


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of these names but none of them, the small ones first."""
    for count in range(1, len(names) + 1):
        yield from combinations(sorted(names), count)
