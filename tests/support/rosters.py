"""Rosters that a centre could have, for properties."""

from datetime import time

from hypothesis import strategies as st

from config.model import Centre
from config.roster import WEEKDAYS, Absence, Break, Holiday, Line, Roster, Shift, roster_of

DATES = ("2026-03-29", "2026-10-25", "2026-12-01", "2026-12-02")
"""The first two have an hour less and an hour more."""
Hours = tuple[time, time, tuple[Break, ...]]
PLANS: tuple[tuple[Hours, ...], ...] = (
    (),
    ((time(9), time(17), (Break(time(12), time(12, 45)),)),),
    ((time(9, 30), time(13), ()),),
    ((time(13), time(19, 30), (Break(time(15), time(15, 15)), Break(time(17), time(17, 30)))),),
    ((time(9), time(12), ()), (time(12), time(17), (Break(time(12, 30), time(13)),))),
    ((time(0), time(2, 30), (Break(time(2), time(2, 30)),)), (time(2, 45), time(23, 59), ())),
    ((time(2, 15), time(2, 45), ()), (time(10), time(10, 15), (Break(time(10), time(10, 15)),))),
)
"""What somebody does on one day: several shifts, or none."""


def rosters(centre: Centre) -> st.SearchStrategy[Roster]:
    """Anything that the people of this centre could plan and that contradicts itself nowhere."""
    team = [(one.id, one.fields, one.languages) for one in centre.counsellors]
    team += [(one.id, (), ()) for one in centre.receptionists]
    one_day = st.one_of([_one_day(*person) for person in team])
    days = st.lists(one_day, unique_by=lambda lines: (lines[0].staff, lines[0].day), max_size=8)
    return st.builds(_roster, st.sets(st.sampled_from(DATES), max_size=1), days)


def _roster(closed: set[str], days: list[tuple[Shift | Absence, ...]]) -> Roster:
    lines: list[Line] = [Holiday(day=day) for day in closed]
    return roster_of(lines + [line for some in days for line in some if line.day not in closed])


def _one_day(
    staff: str, fields: tuple[str, ...], languages: tuple[str, ...]
) -> st.SearchStrategy[tuple[Shift | Absence, ...]]:
    def planned(
        day: str, plan: tuple[Hours, ...], some: set[str], others: set[str], stays: bool
    ) -> tuple[Shift | Absence, ...]:
        if not plan:
            return (Absence(staff=staff, day=DATES[0] if day in WEEKDAYS else day),)
        return tuple(
            Shift(
                staff=staff,
                day=day,
                begins=begins,
                ends=ends,
                fields=tuple(sorted(some)),
                languages=tuple(sorted(others)),
                breaks=breaks,
                stays=stays,
            )
            for begins, ends, breaks in plan
        )

    return st.builds(
        planned,
        st.sampled_from((*WEEKDAYS, *DATES)),
        st.sampled_from(PLANS),
        st.sets(st.sampled_from(fields)) if fields else st.just(set()),
        st.sets(st.sampled_from(languages)) if languages else st.just(set()),
        st.booleans(),
    )
