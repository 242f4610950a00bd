"""What could be otherwise: one counsellor more or less, one language more, another rule."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from protocol.ids import CounsellorId, FieldId, LanguageCode
from walkin.planning.assumptions import Assumptions
from walkin.planning.day import Duty
from walkin.planning.demand import cell_weights, mean_session_min
from walkin.planning.place import Person, Place
from walkin.planning.policy import Rule
from walkin.planning.staffing import whole_day

MORE_MAX = 24
"""Cells for which a counsellor more is tried: those with most work for each who is there."""
LEARN_MAX = 24
"""Pairs of a counsellor and a language that are tried: those that open most work."""
LESS_MAX = 40
"""Counsellors who are left out, one at a time."""
ADDED: CounsellorId = "added"
"""Whoever is there more; nobody of the centre is called so."""


class More(Struct, frozen=True, tag=True):
    """A counsellor more, all day, for one field in one language."""

    field: FieldId
    language: LanguageCode


class Learns(Struct, frozen=True, tag=True):
    """A counsellor also talks this language."""

    counsellor: CounsellorId
    language: LanguageCode


class Less(Struct, frozen=True, tag=True):
    """A counsellor is not there."""

    counsellor: CounsellorId


class Under(Struct, frozen=True, tag=True):
    """Visitors are called by another rule."""

    rule: Rule


Change = More | Learns | Less | Under


class Roster(Struct, frozen=True, kw_only=True):
    """The centre on one weekday, and who works then."""

    place: Place
    duties: tuple[Duty, ...]


def changed(roster: Roster, change: Change, assumptions: Assumptions) -> tuple[Duty, ...]:
    """Who works then, after this change."""
    match change:
        case More(field=field, language=language):
            added = Person(id=ADDED, fields=(field,), languages=(language,), speed=1.0)
            turn = len(roster.duties)
            return (*roster.duties, whole_day(added, roster.place, assumptions, turn))
        case Learns(counsellor=counsellor, language=language):
            return tuple(
                replace(duty, languages=(*duty.languages, language))
                if duty.counsellor == counsellor
                else duty
                for duty in roster.duties
            )
        case Less(counsellor=counsellor):
            return tuple(duty for duty in roster.duties if duty.counsellor != counsellor)
        case Under():
            return roster.duties


def changes_of(rosters: Iterable[Roster], assumptions: Assumptions) -> tuple[Change, ...]:
    """All that is worth trying on these weekdays."""
    rosters = tuple(rosters)
    return (
        *map(Under, Rule),
        *_most(_more(rosters, assumptions), MORE_MAX),
        *_most(_learns(rosters, assumptions), LEARN_MAX),
        *map(Less, _counsellors(rosters)[:LESS_MAX]),
    )


def _most(worth: dict[Change, float], count: int) -> list[Change]:
    return sorted(worth, key=lambda change: -worth[change])[:count]


def _more(rosters: tuple[Roster, ...], assumptions: Assumptions) -> dict[Change, float]:
    """Cells by the work that each who is there has in them."""
    found: dict[Change, float] = defaultdict(float)
    for roster in rosters:
        for cell, weight in cell_weights(roster.place, assumptions).items():
            there_min = sum(_there_min(duty, roster) for duty in roster.duties if duty.covers(cell))
            if weight:
                work_min = weight * mean_session_min(cell[0], roster.place, assumptions)
                found[More(*cell)] += work_min / (roster.place.closes_min + there_min)
    return found


def _learns(rosters: tuple[Roster, ...], assumptions: Assumptions) -> dict[Change, float]:
    """Pairs by the work that they open."""
    found: dict[Change, float] = defaultdict(float)
    for roster in rosters:
        weights = cell_weights(roster.place, assumptions)
        for duty in roster.duties:
            for language in roster.place.languages:
                opened = sum(weights[field, language] for field in duty.fields)
                if language not in duty.languages and opened:
                    found[Learns(duty.counsellor, language)] += opened * _there_min(duty, roster)
    return found


def _counsellors(rosters: tuple[Roster, ...]) -> list[CounsellorId]:
    return sorted({duty.counsellor for roster in rosters for duty in roster.duties})


def _there_min(duty: Duty, roster: Roster) -> float:
    return min(duty.ends_min, roster.place.closes_min) - duty.begins_min
