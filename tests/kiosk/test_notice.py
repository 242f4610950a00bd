from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.model import Centre
from kiosk.screens.notice import next_opening

BRUSSELS = ZoneInfo("Europe/Brussels")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in the week of Monday 14 September 2026."""
    return datetime(2026, 9, day, hour, minute, tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(15, 7), at(15, 9, 30)),
        (at(15, 17), at(16, 9, 30)),
        (at(18, 20), at(21, 9, 30)),
        (at(19, 12), at(21, 9, 30)),
        (at(17, 18), None),
        (at(15, 9, 30), None),
    ],
)
def test_the_next_opening_follows_from_the_hours(
    centre: Centre, now: datetime, opening: datetime | None
) -> None:
    assert next_opening(centre, now) == opening


def test_a_centre_without_hours_names_no_opening(centre: Centre) -> None:
    assert next_opening(msgspec.structs.replace(centre, hours={}), at(15, 7)) is None


def test_a_centre_open_one_day_a_week_names_that_day(centre: Centre) -> None:
    weekly = msgspec.structs.replace(centre, hours={"tuesday": centre.hours["tuesday"]})
    assert next_opening(weekly, at(15, 18)) == at(22, 9, 30)
