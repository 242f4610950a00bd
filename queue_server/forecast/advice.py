"""What a planner may want to change on one day of the roster, after what past days asked for. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from config.model import Centre, Weekday
from config.roster import Duty, Span
from protocol.ids import DayDate, FieldId, LanguageCode
from queue_server.core.past import PastDay
from queue_server.forecast.asked import ordinary
from queue_server.forecast.breaks import Load, Move, PlannedBreak, staggered
from queue_server.forecast.coverage import Stretch, on_duty, planned
from queue_server.forecast.pressure import PRESSURE_MAX, pressures

SHORTAGES_MAX = 12
"""Groups that are told: people read no more, and more have the same cause."""
LACK_LEAST_MIN = 10.0
"""Minutes of conversation: of a group that lacks less nobody plans otherwise."""
BREAK_MOVES = timedelta(hours=1)
"""So much earlier or later may a break be taken than it is planned."""
_MINUTE = timedelta(minutes=1)


class Shortage(Struct, frozen=True, kw_only=True):
    """Too few are on duty for some fields in some languages, from one time to another."""

    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    begins: datetime
    ends: datetime
    work: float
    """When it is worst: counsellors who would be busy with it all the time."""
    staff: int
    """When it is worst: how many serve anything of it."""
    lack_min: float
    """All the time together: minutes of conversation beyond what they can do without a line."""


class Advice(Struct, frozen=True, kw_only=True):
    """What is to be said of one day."""

    day: DayDate
    opens: datetime
    closes: datetime
    days: tuple[DayDate, ...]
    """Past days that it rests on, in their order."""
    weekday: Weekday | None
    """They are all this one; none: there were too few of it."""
    shortages: tuple[Shortage, ...]
    """Those that lack most first."""
    moves: tuple[Move, ...]
    """Breaks that had better be taken at another time; what gains most first."""


def advice(
    past: Mapping[DayDate, PastDay], centre: Centre, day: DayDate, hours: Span, duties: Sequence[Duty]
) -> Advice | None:
    """What past days say of this one; none: there are too few of them.

    `hours`: from opening to closing; `duties`: who is planned to work.
    """
    usual = ordinary(past, centre, day, hours)
    if usual is None:
        return None
    without_breaks = planned([replace(duty, breaks=()) for duty in duties], hours.ends)
    return Advice(
        day=day,
        opens=hours.begins,
        closes=hours.ends,
        days=usual.days,
        weekday=usual.weekday,
        shortages=_shortages(planned(duties, hours.ends), usual.loads),
        moves=staggered(without_breaks, list(_breaks(duties, hours)), usual.loads),
    )


def _breaks(duties: Sequence[Duty], hours: Span) -> Iterator[PlannedBreak]:
    """Those while the centre is open, and when they could be."""
    for duty in duties:
        for span in duty.breaks:
            if hours.begins <= span.begins and span.ends <= hours.ends:
                yield PlannedBreak(
                    staff=duty.staff,
                    span=span,
                    first=max(span.begins - BREAK_MOVES, duty.begins, hours.begins),
                    last=min(span.ends + BREAK_MOVES, duty.ends, hours.ends),
                )


def _shortages(stretches: Sequence[Stretch], loads: Sequence[Load]) -> tuple[Shortage, ...]:
    """Joined where one follows another of the same group."""
    found: dict[tuple[tuple[FieldId, ...], tuple[LanguageCode, ...]], list[Shortage]] = {}
    for load in loads:
        for part in _unchanged(stretches, load):
            for strain in pressures(load.by_group, on_duty(stretches, part.begins)):
                beyond = strain.work - PRESSURE_MAX * strain.staff
                one = Shortage(
                    fields=strain.fields,
                    languages=strain.languages,
                    begins=part.begins,
                    ends=part.ends,
                    work=strain.work,
                    staff=strain.staff,
                    lack_min=beyond * ((part.ends - part.begins) / _MINUTE),
                )
                same = found.setdefault((one.fields, one.languages), [])
                if same and same[-1].ends == one.begins:
                    one = _joined(same.pop(), one)
                same.append(one)
    lasting = [one for same in found.values() for one in same if one.lack_min >= LACK_LEAST_MIN]
    ranked = sorted(lasting, key=lambda one: (-one.lack_min, one.begins, one.fields, one.languages))
    return tuple(ranked[:SHORTAGES_MAX])


def _unchanged(stretches: Sequence[Stretch], load: Load) -> Iterator[Span]:
    """The parts of this time in which the same people are on duty."""
    inside = {at for one in stretches for at in (one.begins, one.ends) if load.begins < at < load.ends}
    for begins, ends in pairwise(sorted({load.begins, load.ends} | inside)):
        yield Span(begins, ends)


def _joined(one: Shortage, other: Shortage) -> Shortage:
    """From the begin of one to the end of the other, as bad as the worse."""
    worst = max(one, other, key=lambda each: each.work - PRESSURE_MAX * each.staff)
    return replace(worst, begins=one.begins, ends=other.ends, lack_min=one.lack_min + other.lack_min)
