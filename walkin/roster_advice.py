"""What the console tells a planner of one day: where too few are on duty, and which breaks lie badly."""

from collections.abc import Iterator
from datetime import date, timedelta

from config.model import Centre
from config.roster import Roster, Span, opening, weekday_of
from protocol.ids import DayDate
from queue_server.forecast.advice import Advice, Shortage
from queue_server.forecast.breaks import Move


def next_open(roster: Roster, centre: Centre, after: date, days_max: int) -> DayDate | None:
    """The first day after this one on which the centre is open; none among so many."""
    days = ((after + timedelta(days=ahead)).isoformat() for ahead in range(1, days_max + 1))
    return next((day for day in days if opening(roster, centre, day)), None)


def advice_in_words(told: Advice) -> Iterator[str]:
    """Rows for people: what it rests on, then what is to be changed, or that nothing is."""
    yield f"{told.day} {weekday_of(told.day)} {_hours(Span(told.opens, told.closes))}"
    since = f"from {told.days[0]} to {told.days[-1]}"
    if told.weekday:
        yield f"  as {len(told.days)} past {told.weekday}s asked for it, {since}"
    else:
        few = f"too few {weekday_of(told.day)}s"
        yield f"  as {len(told.days)} past days of any kind asked for it: {few}; {since}"
    if told.shortages:
        yield "Too few on duty, the worst first:"
        yield from map(_shortage_in_words, told.shortages)
    else:
        yield "Enough are on duty for what is asked for."
    if told.moves:
        yield "Breaks that had better be taken at another time, one after the other:"
        yield from map(_move_in_words, told.moves)
    else:
        yield "No break had better be taken at another time."


def _shortage_in_words(one: Shortage) -> str:
    asked = f"{', '.join(one.fields)} in {' or '.join(one.languages)}"
    there = f"{one.staff} on duty" if one.staff else "nobody on duty"
    return (
        f"  {_hours(Span(one.begins, one.ends))} {asked}: at the worst work for {one.work:.1f}, {there}; "
        f"{one.lack_min:.0f} minutes of conversation too much"
    )


def _move_in_words(one: Move) -> str:
    if one.after.unmet_min < one.before.unmet_min:
        what, each = "conversation that meets nobody", ""
        before_min, after_min = one.before.unmet_min, one.after.unmet_min
    else:
        what, each = "what colleagues have to do more meanwhile", " each"
        before_min, after_min = one.before.carried_min, one.after.carried_min
    return (
        f"  {one.staff} {_hours(one.better)}, not {_hours(one.planned)}: {what} falls from {before_min:.0f} "
        f"to {after_min:.0f} minutes{each}"
    )


def _hours(span: Span) -> str:
    return f"{span.begins:%H:%M}-{span.ends:%H:%M}"
