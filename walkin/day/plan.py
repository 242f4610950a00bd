"""A day at the centre, thought out beforehand: who comes when, for what, and how it goes. Pure and seeded."""

from enum import StrEnum
from operator import mul
from random import Random

from msgspec import Struct

from config.model import Centre
from config.roster import Cell
from protocol.ids import DeviceName, FieldId, LanguageCode
from walkin.day.roster import (
    CLOSES_MIN,
    OPENS_MIN,
    SECOND_LANGUAGE_WEIGHT,
    Shift,
    field_weight,
    offered,
    roster,
)

INTERVIEW_SHARE = 115 / 250
"""Visitors who come for an interview, of the published 250 a day."""
ELSEWHERE = {"computers": 55, "tablets": 20, "group-sessions": 25}
"""Where the others go, in parts of a hundred; they take no ticket."""
SLOT_MIN = 30
ARRIVALS = (5, 8, 10, 12, 12, 10, 6, 5, 6, 8, 9, 10, 8, 6, 4, 1)
"""Weight of each half hour from nine: a peak before noon, a lower one in the afternoon."""
EITHER_WEIGHT = 0.04
"""Either official language is fine."""
FURTHER_WEIGHT = 0.025
"""Conversation in one of the further languages."""
OTHER_SCREEN_SHARE = 0.05
"""Reads the screens in a further language and talks in an official one."""
PRIORITY_SHARE = 0.03
TRANSFER_SHARE = 0.08
TO_DESK_SHARE = 0.3
"""Of the transfers: to one desk instead of to whoever is free."""
PARK_SHARE = 0.04
FINISH_UNDONE_SHARE = 0.03
TWICE_SHARE = 0.05
"""Taps that are sent twice."""

SESSION_MEAN = 0.7
"""Mean length of a session beside its limit."""
SESSION_SPREAD = 0.5
"""Sigma of the logarithm of its length."""
SESSION_LEAST_MIN = 5.0
SESSION_MOST = 1.3
"""Longest session beside its limit."""
SECOND_TALK = 0.5
"""Length of the session after a transfer beside a whole one."""
WALK_MIN = (0.3, 1.5)
"""From the call to the desk."""
AWAY_MIN = (5.0, 20.0)
"""A missed visitor comes back to reception after this."""
PATIENCE_MIN = (10.0, 40.0)
"""Waiting time after which a visitor who gives up goes to reception."""
PARKED_MIN = (5.0, 15.0)


class Coming(StrEnum):
    """How a visitor answers a call."""

    AT_ONCE = "at_once"
    SECOND_RING = "second_ring"
    LAST_MOMENT = "last_moment"
    """Just after being marked as a no-show: the counsellor takes that back."""
    RETURNS = "returns"
    """Misses the call, and later asks reception to wait again."""
    NEVER = "never"
    GIVES_UP = "gives_up"
    """Tells reception, if still waiting by then."""


COMING = {
    Coming.AT_ONCE: 0.84,
    Coming.SECOND_RING: 0.07,
    Coming.LAST_MOMENT: 0.015,
    Coming.RETURNS: 0.02,
    Coming.NEVER: 0.03,
    Coming.GIVES_UP: 0.025,
}


class Leg(Struct, frozen=True):
    """One session in one field, minutes."""

    field: FieldId
    session_min: float


class Visitor(Struct, frozen=True, kw_only=True):
    """One visitor who comes for an interview. Instants are minutes after midnight."""

    arrives_min: float
    kiosk: DeviceName
    """Where the ticket is taken; with priority, where reception lets the slip come out."""
    languages: tuple[LanguageCode, ...]
    screen_language: LanguageCode
    legs: tuple[Leg, ...]
    """More than one: the visitor is transferred."""
    coming: Coming = Coming.AT_ONCE
    walk_min: float = WALK_MIN[0]
    away_min: float = 0.0
    """Until a missed visitor is back, or until a waiting one gives up."""
    parked_min: float | None = None
    """In the middle of the first session, put aside for so long."""
    priority: bool = False
    taps_twice: bool = False
    to_desk: bool = False
    """Transferred to one desk, if one is there for it."""
    finish_undone: bool = False


class DayPlan(Struct, frozen=True, kw_only=True):
    """One day."""

    seed: int
    visitors: tuple[Visitor, ...]
    """Those with an interview, by arrival."""
    elsewhere: dict[str, int]
    """Those who take no ticket, by what they come for."""
    shifts: tuple[Shift, ...]


def plan_day(centre: Centre, seed: int, visitors: int) -> DayPlan:
    """The day of this seed: the same seed, centre and number give the same day."""
    rng = Random(seed)
    interviews = sum(rng.random() < INTERVIEW_SHARE for _ in range(visitors))
    places = rng.choices(list(ELSEWHERE), list(ELSEWHERE.values()), k=visitors - interviews)
    weights = [field_weight(field.id) for field in centre.fields]
    limits = [field.session_limit_min for field in centre.fields]
    mean_min = SESSION_MEAN * sum(map(mul, weights, limits)) / sum(weights)
    shifts = roster(centre, rng, interviews, mean_min)
    crowd = _Crowd(centre, offered(shifts), rng)
    coming = sorted((crowd.visitor() for _ in range(interviews)), key=lambda visitor: visitor.arrives_min)
    return DayPlan(
        seed=seed,
        visitors=tuple(coming),
        elsewhere={place: places.count(place) for place in ELSEWHERE},
        shifts=shifts,
    )


class _Crowd:
    """Draws visitors, one after the other, from one stream of chance."""

    def __init__(self, centre: Centre, cells: frozenset[Cell], rng: Random) -> None:
        self._centre = centre
        self._cells = cells
        self._rng = rng
        self._fields = [field.id for field in centre.fields if any(field.id == cell[0] for cell in cells)]
        assert self._fields, "a centre has a counsellor for at least one field"

    def visitor(self) -> Visitor:
        rng = self._rng
        field = rng.choices(self._fields, [field_weight(field) for field in self._fields])[0]
        languages = self._languages(field)
        coming = rng.choices(list(COMING), list(COMING.values()))[0]
        away = {Coming.RETURNS: AWAY_MIN, Coming.GIVES_UP: PATIENCE_MIN}.get(coming, (0.0, 0.0))
        legs = self._legs(field, languages)
        return Visitor(
            arrives_min=self._arrival(),
            kiosk=rng.choice(self._centre.kiosks).name,
            languages=languages,
            screen_language=self._screen(languages),
            legs=legs,
            coming=coming,
            walk_min=rng.uniform(*WALK_MIN),
            away_min=rng.uniform(*away),
            parked_min=rng.uniform(*PARKED_MIN) if rng.random() < PARK_SHARE else None,
            priority=rng.random() < PRIORITY_SHARE,
            taps_twice=rng.random() < TWICE_SHARE,
            to_desk=rng.random() < TO_DESK_SHARE,
            finish_undone=rng.random() < FINISH_UNDONE_SHARE,
        )

    def _arrival(self) -> float:
        slot = self._rng.choices(range(len(ARRIVALS)), ARRIVALS)[0]
        return min(OPENS_MIN + SLOT_MIN * (slot + self._rng.random()), CLOSES_MIN)

    def _languages(self, field: FieldId) -> tuple[LanguageCode, ...]:
        """What the visitor accepts for the conversation, among what is offered in this field."""
        main, *others = self._centre.languages.official
        wishes: dict[tuple[LanguageCode, ...], float] = {}
        for other in others:
            wishes[other,] = SECOND_LANGUAGE_WEIGHT
            wishes[main, other] = EITHER_WEIGHT
        wishes.update({(further,): FURTHER_WEIGHT for further in self._centre.languages.further})
        wishes = {
            wish: weight
            for wish, weight in wishes.items()
            if any((field, each) in self._cells for each in wish)
        }
        if (field, main) in self._cells:
            wishes[main,] = 1 - sum(wishes.values())
        languages = self._rng.choices(list(wishes), list(wishes.values()))[0]
        return tuple(self._rng.sample(languages, len(languages)))

    def _screen(self, languages: tuple[LanguageCode, ...]) -> LanguageCode:
        further = self._centre.languages.further
        if further and self._rng.random() < OTHER_SCREEN_SHARE:
            return self._rng.choice(further)
        return languages[0]

    def _legs(self, field: FieldId, languages: tuple[LanguageCode, ...]) -> tuple[Leg, ...]:
        first = Leg(field, self._session_min(field))
        onward = [
            other
            for other in self._fields
            if other != field and any((other, each) in self._cells for each in languages)
        ]
        if not onward or self._rng.random() >= TRANSFER_SHARE:
            return (first,)
        second = self._rng.choice(onward)
        return (first, Leg(second, SECOND_TALK * self._session_min(second)))

    def _session_min(self, field: FieldId) -> float:
        limit = self._centre.field(field).session_limit_min
        drawn = self._rng.lognormvariate(-(SESSION_SPREAD**2) / 2, SESSION_SPREAD) * SESSION_MEAN * limit
        return min(max(drawn, SESSION_LEAST_MIN), SESSION_MOST * limit)
