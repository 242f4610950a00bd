"""Who comes on a day, and how it will go: drawn from one seed, whatever the roster is."""

from collections.abc import Iterator
from math import exp, log, log1p, sqrt
from random import Random
from statistics import NormalDist

from msgspec.structs import replace

from config.problem import Problem
from protocol.ids import FieldId, LanguageCode
from walkin.planning.assumptions import Assumptions
from walkin.planning.day import Cell, Habits, Leg, Reckoned, Visitor
from walkin.planning.place import Place

LONG_SHARE = 0.8
"""So many sessions are shorter than one that is called long."""


def misfits(place: Place, assumptions: Assumptions, file: str) -> Iterator[Problem]:
    """Weights by which nobody comes to this centre."""
    for key, weights in (
        ("demand.fields", field_weights(place, assumptions)),
        ("demand.languages.own", language_weights(place, assumptions)),
    ):
        if not any(weights.values()):
            what = "no weight above 0 for anything that the centre has"
            yield Problem(file, key, what, f"give one to some of: {', '.join(weights)}")


def field_weights(place: Place, assumptions: Assumptions) -> dict[FieldId, float]:
    """How often each field of the centre is asked for."""
    known, other = assumptions.demand.fields, assumptions.demand.other_field.weight
    return {field: known.get(field, other) for field in place.fields}


def language_weights(place: Place, assumptions: Assumptions) -> dict[LanguageCode, float]:
    """How often each language of the centre is asked for."""
    weights = assumptions.demand.languages
    if weights.own:
        return {language: weights.own.get(language, 0.0) for language in place.languages}
    first, *others = place.official
    found = {first: weights.first}
    for languages, weight in ((others, weights.other_official), (place.further, weights.further)):
        found |= dict.fromkeys(languages, weight / len(languages) if languages else 0.0)
    return found


def cell_weights(place: Place, assumptions: Assumptions) -> dict[Cell, float]:
    """How often each field is asked for in each language; all together make 1."""
    fields, languages = field_weights(place, assumptions), language_weights(place, assumptions)
    whole = sum(fields.values()) * sum(languages.values())
    return {
        (field, language): fields[field] * languages[language] / whole
        for field in fields
        for language in languages
    }


def mean_session_min(field: FieldId, place: Place, assumptions: Assumptions) -> float:
    """Mean length of a session before the limit cuts it."""
    other = assumptions.sessions.other_share_of_limit * place.limits_min[field]
    return assumptions.sessions.mean_min.get(field, other)


def reckoned(place: Place, assumptions: Assumptions) -> Reckoned:
    """What the centre knows of its sessions, on the whole."""
    sessions = assumptions.sessions
    wrap_up_min = (sessions.wrap_up_least_min + sessions.wrap_up_most_min) / 2
    width = sqrt(log1p(sessions.spread**2))
    long = exp(width * NormalDist().inv_cdf(LONG_SHARE) - width**2 / 2)
    usual_min, long_min = {}, {}
    for field, limit_min in place.limits_min.items():
        mean_min = mean_session_min(field, place, assumptions)
        usual_min[field] = sessions.walk_min + min(mean_min, limit_min) + wrap_up_min
        long_min[field] = sessions.walk_min + min(mean_min * long, limit_min)
    return Reckoned(usual_min, long_min)


def habits_of(place: Place, assumptions: Assumptions, seed: int, *, messy: bool) -> Habits:
    """What is the same for everybody on the day of this seed."""
    sessions, off = assumptions.sessions, assumptions.messy
    return Habits(
        closes_min=place.closes_min,
        limits_min=place.limits_min,
        languages=place.languages,
        walk_min=sessions.walk_min,
        no_show_takes_min=sessions.no_show_takes_min,
        last_call_before_end_min=assumptions.staff.last_call_before_end_min,
        no_transfer_before_close_min=sessions.no_transfer_before_close_min,
        least_min=sessions.least_min,
        pace=Random(f"{seed}: pace").lognormvariate(0, off.pace_spread) if messy else 1.0,
        out_of_order_share=off.out_of_order_share if messy else 0.0,
        last_tickets=reckoned(place, assumptions) if place.ends_intake else None,
    )


def visitors_of(place: Place, assumptions: Assumptions, seed: int, *, messy: bool) -> tuple[Visitor, ...]:
    """Those who come on the day of this seed, by arrival."""
    crowd = Crowd(place, assumptions, Random(f"{seed}: visitors"))
    visitors = crowd.visitors()
    return with_leavers(visitors, assumptions, seed) if messy else visitors


def with_leavers(visitors: tuple[Visitor, ...], assumptions: Assumptions, seed: int) -> tuple[Visitor, ...]:
    """The same visitors, whose patience is not known: some leave in silence when the wait is too long."""
    off = assumptions.messy
    rng = Random(f"{seed}: patience")
    return tuple(
        replace(visitor, patience_min=patience_min) if rng.random() < off.leaver_share else visitor
        for visitor in visitors
        for patience_min in (rng.uniform(off.patience_least_min, off.patience_most_min),)
    )


class Crowd:
    """Draws visitors, one after the other, from one stream of chance."""

    def __init__(self, place: Place, assumptions: Assumptions, rng: Random) -> None:
        self._place = place
        self._assumptions = assumptions
        self._rng = rng
        self._fields = field_weights(place, assumptions)
        languages = language_weights(place, assumptions)
        self._languages, self._language_weights = list(languages), list(languages.values())

    def visitors(self) -> tuple[Visitor, ...]:
        """All of a day, by arrival."""
        arrivals = sorted(self._arrival() for _ in range(self._count()))
        return tuple(self._visitor(arrives_min) for arrives_min in arrivals)

    def leg(self, field: FieldId) -> Leg:
        """A session in this field."""
        sessions, rng = self._assumptions.sessions, self._rng
        wrap_up_min = rng.uniform(sessions.wrap_up_least_min, sessions.wrap_up_most_min)
        if rng.random() < sessions.long_wrap_up_share:
            wrap_up_min += rng.uniform(sessions.long_wrap_up_least_min, sessions.long_wrap_up_most_min)
        mean_min = mean_session_min(field, self._place, self._assumptions)
        return Leg(
            field=field,
            session_min=log_normal(rng, mean_min, sessions.spread),
            overrun_min=rng.expovariate(1 / sessions.overrun_mean_min),
            wrap_up_min=wrap_up_min,
        )

    def onward(self, field: FieldId) -> Leg | None:
        """A session in another field, of the share of visitors who are transferred."""
        others = {other: weight for other, weight in self._fields.items() if other != field and weight}
        if not others or self._rng.random() >= self._assumptions.sessions.transfer_share:
            return None
        return self.leg(self._rng.choices(list(others), list(others.values()))[0])

    def comes(self) -> bool:
        """Whether a visitor answers the call."""
        return self._rng.random() >= self._assumptions.sessions.no_show_share

    def _count(self) -> int:
        """A Poisson number whose own mean differs from day to day."""
        demand, rng = self._assumptions.demand, self._rng
        mean = demand.visitors_mean
        if demand.visitors_spread:
            shape = 1 / demand.visitors_spread**2
            mean *= rng.gammavariate(shape, 1 / shape)
        count, reached = 0, rng.expovariate(1.0)
        while reached < mean:
            count += 1
            reached += rng.expovariate(1.0)
        return count

    def _arrival(self) -> float:
        weights = self._assumptions.demand.arrivals
        until_min = max(self._place.closes_min - self._assumptions.demand.last_ticket_before_close_min, 0.0)
        part = self._rng.choices(range(len(weights)), weights)[0]
        return until_min * (part + self._rng.random()) / len(weights)

    def _visitor(self, arrives_min: float) -> Visitor:
        rng, demand = self._rng, self._assumptions.demand
        field = rng.choices(list(self._fields), list(self._fields.values()))[0]
        language = rng.choices(self._languages, self._language_weights)[0]
        first_language = self._place.official[0]
        both = rng.random() < demand.also_first_language_share and language != first_language
        return Visitor(
            arrives_min=arrives_min,
            languages=(language, first_language) if both else (language,),
            priority=rng.random() < demand.priority_share,
            first=self.leg(field),
            then=self.onward(field),
            comes=self.comes(),
        )


def log_normal(rng: Random, mean: float, spread: float) -> float:
    """A log-normal number of this mean; `spread` is the standard deviation beside it."""
    variance = log1p(spread * spread)
    return rng.lognormvariate(log(mean) - variance / 2, sqrt(variance))
