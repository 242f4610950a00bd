"""What an ordinary day asks for, half hour by half hour, as days that have ended tell it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from statistics import fmean

from msgspec import Struct

from config.model import Centre, Weekday
from config.roster import Span, weekday_of
from protocol.ids import DayDate, FieldId
from queue_server.core.past import PastDay, Recent
from queue_server.core.state import Group, later
from queue_server.forecast.breaks import Load
from queue_server.forecast.cycles import Cycles
from queue_server.forecast.learned import history_of, limits_of

DAYS_ENOUGH = 5
"""Past days of which an ordinary one can be made."""
PART_MIN = 30
"""The parts of a day begin at the full and at the half hour."""
_HOURS = range(24)
_S = 60


class Ordinary(Struct, frozen=True, kw_only=True):
    """An ordinary day, and the past days that it was made of."""

    days: tuple[DayDate, ...]
    """In their order."""
    weekday: Weekday | None
    """All are this one; none: there were too few of it."""
    loads: tuple[Load, ...]


def ordinary(past: Mapping[DayDate, PastDay], centre: Centre, day: DayDate, hours: Span) -> Ordinary | None:
    """What is asked for on a day with these hours; none: there are too few past days to say.

    Who went without is counted with those who took a ticket; whoever then took one in another language, for
    both: nothing says that these two are one visitor. The statistics know the hour in which a
    visitor came, no finer: they are spread over those of its minutes in which the centre is open.
    """
    known = sorted(one for one in past if past[one].legs and weekday_of(one) in centre.hours)
    same = [one for one in known if weekday_of(one) == weekday_of(day)]
    chosen = same if len(same) >= DAYS_ENOUGH else known
    if len(chosen) < DAYS_ENOUGH:
        return None
    came: Counter[tuple[int, FieldId, str]] = Counter()
    for one in chosen:
        came.update((leg.hour, leg.field, leg.languages) for leg in past[one].legs)
        came.update((wish.hour, wish.field, wish.languages) for wish in past[one].unserved)
    open_min = _open_min(chosen, centre)
    session_min = _session_min((past[one] for one in known), centre)
    by_hour: dict[int, dict[Group, float]] = {hour: {} for hour in _HOURS}
    for (hour, field, languages), count in sorted(came.items()):
        if open_min[hour] and field in session_min:
            by_hour[hour][field, tuple(languages.split("+"))] = count / open_min[hour] * session_min[field]
    return Ordinary(
        days=tuple(chosen),
        weekday=weekday_of(day) if chosen is same else None,
        loads=tuple(
            Load(begins=part.begins, ends=part.ends, by_group=by_hour[part.begins.hour])
            for part in _parts(hours)
        ),
    )


def _open_min(days: Iterable[DayDate], centre: Centre) -> list[int]:
    """Of each hour, how many minutes the centre was open on all these days together."""
    found = [0 for _ in _HOURS]
    for one in days:
        hours = centre.hours[weekday_of(one)]
        opens, closes = (at.hour * 60 + at.minute for at in (hours.opens, hours.closes))
        for hour in _HOURS:
            found[hour] += max(0, min(closes, hour * 60 + 60) - max(opens, hour * 60))
    return found


def _session_min(days: Iterable[PastDay], centre: Centre) -> dict[FieldId, float]:
    """How long a visitor of each field takes a desk, on average."""
    limits_s = limits_of(centre)
    history = history_of(Recent(cycles=tuple(cycle for one in days for cycle in one.cycles)))
    usual = Cycles(history, limits_s, {})
    return {field: fmean(usual.of(field)) / _S for field in limits_s}


def _parts(hours: Span) -> Iterator[Span]:
    """The half hours of this time, the first and the last perhaps shorter."""
    begins = hours.begins
    while begins < hours.ends:
        ends = min(hours.ends, _next_part(begins))
        yield Span(begins, ends)
        begins = ends


def _next_part(at: datetime) -> datetime:
    return later(at.replace(second=0, microsecond=0), (PART_MIN - at.minute % PART_MIN) * _S)
