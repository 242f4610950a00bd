"""When a centre is open, by its hours and without its holidays: for screens that say when to come. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from config.model import Centre, Hours
from config.roster import weekday_of
from protocol.ids import DayDate

DAYS_AHEAD = 22
"""Three weeks and a day: longer no centre is closed at a stretch, and holidays are known so far ahead."""


def within_hours(centre: Centre, now: datetime, holidays: Collection[DayDate] = ()) -> bool:
    """Whether somebody is there, as far as it was written down; `now` is local time."""
    hours = _hours(centre, now, holidays)
    return hours is not None and hours.opens <= now.time() < hours.closes


def next_opening(centre: Centre, now: datetime, holidays: Collection[DayDate] = ()) -> datetime | None:
    """When the doors open after this instant of local time; none: not within three weeks."""
    for ahead in range(DAYS_AHEAD):
        day = now + timedelta(days=ahead)
        hours = _hours(centre, day, holidays)
        if hours is not None:
            opens = datetime.combine(day.date(), hours.opens, now.tzinfo)
            if opens > now:
                return opens
    return None


def _hours(centre: Centre, local: datetime, holidays: Collection[DayDate]) -> Hours | None:
    day = local.date().isoformat()
    return None if day in holidays else centre.hours.get(weekday_of(day))
