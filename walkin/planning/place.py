"""The centre as a simulated day sees it: its hours, fields, languages and people."""

from random import Random

from msgspec import Struct

from config.model import Centre, Weekday
from protocol.ids import CounsellorId, FieldId, LanguageCode
from walkin.planning.assumptions import Assumptions, Reference
from walkin.planning.day import Cell

REFERENCE_SEED = 4242
"""The people of the reference centre are the same on every day."""
REFERENCE_HEAD_START_MIN = 15


class Person(Struct, frozen=True, kw_only=True):
    """A counsellor whom a roster can name."""

    id: CounsellorId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    speed: float
    """Length of the sessions beside the mean."""

    @property
    def cells(self) -> frozenset[Cell]:
        """All that this counsellor can be asked in."""
        return frozenset((field, language) for field in self.fields for language in self.languages)


class Place(Struct, frozen=True, kw_only=True):
    """A centre on one weekday."""

    opens_at_min: int
    """Opening, minutes after midnight: everything else counts from here."""
    closes_min: int
    limits_min: dict[FieldId, int]
    """Session limits, in the order of the fields."""
    official: tuple[LanguageCode, ...]
    further: tuple[LanguageCode, ...]
    people: tuple[Person, ...]
    desks: int
    head_start_min: int
    """Of visitors with accessible priority."""
    scarcity_head_start_min: int
    """Of visitors whom one counsellor alone can serve."""
    ends_intake: bool
    """Tickets are given only while whoever comes would be served by closing."""

    @property
    def fields(self) -> tuple[FieldId, ...]:
        """All of them."""
        return tuple(self.limits_min)

    @property
    def languages(self) -> tuple[LanguageCode, ...]:
        """All of them, the official ones first."""
        return self.official + self.further


def place_of(centre: Centre, weekday: Weekday, assumptions: Assumptions) -> Place:
    """The centre on this weekday; KeyError when it is closed then."""
    hours = centre.hours[weekday]
    opens_at_min = hours.opens.hour * 60 + hours.opens.minute
    return Place(
        opens_at_min=opens_at_min,
        closes_min=hours.closes.hour * 60 + hours.closes.minute - opens_at_min,
        limits_min={field.id: field.session_limit_min for field in centre.fields},
        official=centre.languages.official,
        further=centre.languages.further,
        people=tuple(
            Person(
                id=each.id,
                fields=each.fields,
                languages=each.languages,
                speed=_speed(Random(f"speed of {each.id}"), assumptions),
            )
            for each in centre.counsellors
        ),
        desks=len(centre.desks),
        head_start_min=centre.rules.priority_head_start_min,
        scarcity_head_start_min=centre.rules.scarcity_head_start_min,
        ends_intake="closing" not in {centre.rules.last_tickets, assumptions.rules.last_tickets},
    )


def reference(assumptions: Assumptions) -> Place:
    """The centre on which the forecast is measured."""
    invented = assumptions.reference
    rng = Random(REFERENCE_SEED)
    weights = assumptions.demand.fields
    return Place(
        opens_at_min=10 * 60,
        closes_min=invented.open_min,
        limits_min=dict.fromkeys(weights, invented.session_limit_min),
        official=invented.official,
        further=invented.further,
        people=tuple(
            Person(
                id=f"c{number:02d}",
                fields=_fields_of_one(rng, weights, invented),
                languages=rng.choices(
                    [each.languages for each in invented.languages_each],
                    [each.weight for each in invented.languages_each],
                )[0],
                speed=_speed(rng, assumptions),
            )
            for number in range(1, invented.counsellors + 1)
        ),
        desks=invented.counsellors,
        head_start_min=REFERENCE_HEAD_START_MIN,
        scarcity_head_start_min=0,
        ends_intake=False,
    )


def _fields_of_one(rng: Random, weights: dict[FieldId, float], invented: Reference) -> tuple[FieldId, ...]:
    count = rng.choices(range(1, len(invented.fields_each) + 1), invented.fields_each)[0]
    chosen: list[FieldId] = []
    left = {field: weight for field, weight in weights.items() if weight}
    while left and len(chosen) < count:
        field = rng.choices(list(left), list(left.values()))[0]
        del left[field]
        chosen.append(field)
    return tuple(field for field in weights if field in chosen)


def _speed(rng: Random, assumptions: Assumptions) -> float:
    return rng.lognormvariate(0, assumptions.staff.speed_spread)
