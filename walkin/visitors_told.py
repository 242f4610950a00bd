"""Visitors of days that have ended, as a file that walkin simulate can play again."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

from config.model import Centre, Hours
from config.roster import weekday_of
from protocol.ids import DayDate
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastDay

COLUMNS = (
    "day",
    "minute",
    "field",
    "languages",
    "comes",
    "session_min",
    "then",
    "then_min",
    "wait_min",
    "no_ticket",
)
"""Of those that a recorded day can have, what is known; the last two are not read."""
UNKNOWN = ""
COMES = {LegEnd.NO_SHOW: "no", LegEnd.LEFT: "no", LegEnd.DAY_OVER: UNKNOWN}
"""Whether a visitor answered the call, where it is not a plain yes."""
FIRST, SECOND = 1, 2
"""Numbers of the legs of a visit."""
_Asked = tuple[str, ...]
"""The columns after the minute."""


def visitors_csv(past: Mapping[DayDate, PastDay], centre: Centre) -> tuple[str, int]:
    """The visitors of these days, the oldest first, and how many the centre's file does not know any more."""
    out, left_out = io.StringIO(), 0
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for day in sorted(past):
        came = list(_came(past[day], centre))
        hours = centre.hours.get(weekday_of(day))
        known = [] if hours is None else [one for one in came if _has(centre, one[1])]
        left_out += len(came) - len(known)
        if hours is not None:
            lines.writerows((day, f"{minute:.1f}", *asked) for minute, asked in _spread(known, hours, day))
    return out.getvalue(), left_out


def _has(centre: Centre, asked: _Asked) -> bool:
    field, languages, *_ = asked
    return field in centre.fields_by_id and set(languages.split("+")) <= set(centre.languages.all)


def _spread(came: list[tuple[int, _Asked]], hours: Hours, day: DayDate) -> Iterator[tuple[float, _Asked]]:
    """Each with a minute since opening, in those of the hour that are open; in no order of fields."""
    opens_min, closes_min = (at.hour * 60 + at.minute for at in (hours.opens, hours.closes))
    Random(f"{day}: order").shuffle(came)
    of_hour, placed = Counter(hour for hour, _ in came), Counter[int]()
    for hour, asked in sorted(came, key=lambda one: one[0]):
        begin, end = (
            min(max(at_min, opens_min), closes_min) - opens_min for at_min in (hour * 60, hour * 60 + 60)
        )
        yield begin + (end - begin) * (placed[hour] + 0.5) / of_hour[hour], asked
        placed[hour] += 1


def _came(past: PastDay, centre: Centre) -> Iterator[tuple[int, _Asked]]:
    """The hour of each visitor, and what was asked for.

    Who was transferred to what is not known: who was, and what followed, are put together by their hours.
    """
    second = (leg for leg in past.legs if leg.number == SECOND and leg.field in centre.fields_by_id)
    onward = iter(sorted(second))
    for leg in sorted(past.legs):
        if leg.number == FIRST:
            then = next(onward, None) if leg.end is LegEnd.TRANSFERRED else None
            yield leg.hour, _asked(leg, then)
    for wish in past.unserved:
        yield wish.hour, (wish.field, wish.languages, *[UNKNOWN] * 5, wish.why.value)


def _asked(leg: Leg, then: Leg | None) -> _Asked:
    return (
        leg.field,
        leg.languages,
        COMES.get(leg.end, "yes"),
        _minutes(leg.service_half_minutes),
        then.field if then else UNKNOWN,
        _minutes(then.service_half_minutes) if then else UNKNOWN,
        _minutes(leg.wait_half_minutes),
        UNKNOWN,
    )


def _minutes(half_minutes: int) -> str:
    return UNKNOWN if half_minutes < 0 else f"{half_minutes / 2:.1f}"
