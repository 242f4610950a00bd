"""Days that have ended, made so that an ordinary one of them can be reckoned in the head."""

from collections.abc import Mapping
from datetime import date, timedelta

from protocol.commands import UnservedWhy
from protocol.ids import DayDate
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastCycle, PastDay, PastUnserved

Came = Mapping[tuple[int, str, str], int]
"""How many came in which hour, for which field, in which languages ("fr+nl")."""
CYCLES = 12
"""Of each field and day: after five days each speaks for itself."""


def ended(came: Came, *, refused: Came | None = None, sessions_min: Mapping[str, int]) -> PastDay:
    """Visitors who came, those who went without a ticket, and minutes of every session of a field."""
    return PastDay(
        legs=[
            Leg(hour, field, languages, "fr", 1, LegEnd.SERVED, 10, 40)
            for (hour, field, languages), count in came.items()
            for _ in range(count)
        ],
        cycles=[
            PastCycle(field, "fr", 2 * minutes)
            for field, minutes in sessions_min.items()
            for _ in range(CYCLES)
        ],
        unserved=[
            PastUnserved(hour, field, languages, UnservedWhy.NOBODY)
            for (hour, field, languages), count in (refused or {}).items()
            for _ in range(count)
        ],
    )


def each(day: PastDay, first: str, count: int, *, days: int = 1) -> dict[DayDate, PastDay]:
    """The same so often from this date on, so many days apart."""
    begin = date.fromisoformat(first)
    return {(begin + timedelta(days=days * nth)).isoformat(): day for nth in range(count)}
