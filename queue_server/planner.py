"""What reception orders about a day of the roster: who works, who is absent, whether the centre is closed."""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

import structlog

from config.model import Centre
from config.roster import LINES_MAX, Break, Roster, Shift, Span, clashes, faults, is_holiday, on_day, opening
from config.roster_dates import as_every_week, by_date, by_week, with_holiday, with_shifts
from protocol.ids import DayDate, StaffId
from protocol.orders import FollowWeek, PlanHoliday, PlanOrder, PlanPerson, ShowPlan
from protocol.plan import GAPS_MAX, PLAN_DAYS, BreakPlanned, Gap, PersonPlanned, PlanShown, ShiftPlanned
from protocol.refusals import RefusalCode
from queue_server.core.policy import Refusal
from queue_server.devices import By, RegistryError
from queue_server.doorkeeper import Doorkeeper
from queue_server.forecast.coverage import CellDay, Level, Step, planned, whole_day

TRIES_MAX = 3
"""So often an order is tried on the newest roster while others change it."""

log = structlog.get_logger()


class Planner:
    """Changes single days of the roster that the doorkeeper knows."""

    def __init__(self, centre: Centre, doorkeeper: Doorkeeper) -> None:
        self._centre = centre
        self._doorkeeper = doorkeeper
        self._zone = ZoneInfo(centre.timezone)

    async def carry_out(self, order: PlanOrder, by: By) -> PlanShown | Refusal:
        """How the day is planned once the order is done, and on disk."""
        if not is_within_reach(order.day, by.at.astimezone(self._zone).date()):
            return Refusal(RefusalCode.DAY_OUT_OF_REACH)
        if isinstance(order, ShowPlan):
            return plan_of(self._doorkeeper.roster, self._centre, order.day)
        for _ in range(TRIES_MAX):
            before = self._doorkeeper.roster
            after = changed(before, self._centre, order)
            if isinstance(after, Refusal):
                return after
            try:
                if await self._doorkeeper.plan(before, after, by):
                    return plan_of(after, self._centre, order.day)
            except RegistryError as error:
                log.warning("registry.not_written", why=str(error))
                return Refusal(RefusalCode.NOT_WRITTEN)
        return Refusal(RefusalCode.BUSY)


def is_within_reach(day: DayDate, today: date) -> bool:
    """Whether this is a day that can be planned: from today on, PLAN_DAYS of them."""
    try:
        return timedelta() <= date.fromisoformat(day) - today < timedelta(days=PLAN_DAYS)
    except ValueError:  # it looks like a date, and the calendar has none
        return False


def plan_of(roster: Roster, centre: Centre, day: DayDate) -> PlanShown:
    """How this day is planned, as reception is shown it."""
    if is_holiday(roster, day):
        return PlanShown(day=day, closed=True, people=())
    team = [*(one.id for one in centre.counsellors), *(one.id for one in centre.receptionists)]
    people = tuple(_people(roster, sorted(team), day))
    covered = _covered(roster, centre, day) if people else ()
    gaps, alone = (_gaps(covered, level, ZoneInfo(centre.timezone)) for level in (Level.RED, Level.AMBER))
    return PlanShown(day=day, closed=False, people=people, gaps=gaps, alone=alone)


def _covered(roster: Roster, centre: Centre, day: DayDate) -> tuple[CellDay, ...]:
    """Every field in the official languages, between opening and closing."""
    hours = opening(roster, centre, day)
    if hours is None:
        return ()
    cells = [(field.id, language) for field in centre.fields for language in centre.languages.official]
    stretches = planned(on_day(roster, centre, day), hours.ends)
    return whole_day(stretches, cells, hours.begins, hours.ends)


def _gaps(covered: Iterable[CellDay], level: Level, zone: ZoneInfo) -> tuple[Gap, ...]:
    """When each is at this level, whoever serves it then; the first of the day."""
    found = [
        Gap(
            field=one.cell[0],
            language=one.cell[1],
            begins=f"{span.begins.astimezone(zone):%H:%M}",
            ends=f"{span.ends.astimezone(zone):%H:%M}",
        )
        for one in covered
        for span in _joined(one.at_level(level))
    ]
    return tuple(sorted(found, key=lambda gap: (gap.begins, gap.field, gap.language))[:GAPS_MAX])


def _joined(steps: Iterable[Step]) -> Iterator[Span]:
    """Times that touch are one, though somebody else is alone from then on."""
    begins = ends = None
    for step in steps:
        if begins is not None and ends is not None and ends < step.begins:
            yield Span(begins, ends)
            begins = None
        begins, ends = begins or step.begins, step.ends
    if begins is not None and ends is not None:
        yield Span(begins, ends)


def _people(roster: Roster, team: list[StaffId], day: DayDate) -> Iterator[PersonPlanned]:
    for staff in team:
        week, dated = by_week(roster, staff, day), by_date(roster, staff, day)
        usual = tuple(map(_shown, week))
        if dated is not None:
            yield PersonPlanned(staff=staff, shifts=tuple(map(_shown, dated)), dated=True, usual=usual)
        elif week:
            yield PersonPlanned(staff=staff, shifts=usual, dated=False)


def changed(roster: Roster, centre: Centre, order: PlanPerson | FollowWeek | PlanHoliday) -> Roster | Refusal:
    """The roster once this order is done; or why it is not."""
    if not isinstance(order, PlanHoliday) and (no := _no(roster, centre, order)) is not None:
        return no
    match order:
        case PlanPerson():
            after = with_shifts(roster, order.staff, order.day, _shifts(order))
        case FollowWeek():
            after = as_every_week(roster, order.staff, order.day)
        case PlanHoliday():
            after = with_holiday(roster, order.day, closed=order.closed)
        case _:
            assert_never(order)
    return Refusal(RefusalCode.ROSTER_FULL) if len(after.lines) > LINES_MAX else after


def _no(roster: Roster, centre: Centre, order: PlanPerson | FollowWeek) -> Refusal | None:
    """Why nothing can be said of this person on this day."""
    team: dict[StaffId, tuple[set[str], set[str]]] = {one.id: (set(), set()) for one in centre.receptionists}
    team |= {one.id: (set(one.fields), set(one.languages)) for one in centre.counsellors}
    if order.staff not in team:
        return Refusal(RefusalCode.UNKNOWN_COUNSELLOR)
    if is_holiday(roster, order.day):
        return Refusal(RefusalCode.CLOSED_THAT_DAY)
    shifts = _shifts(order) if isinstance(order, PlanPerson) else []
    fields, languages = team[order.staff]
    if any(set(shift.fields) - fields or set(shift.languages) - languages for shift in shifts):
        return Refusal(RefusalCode.BEYOND_PROFILE)
    wrong = [what for shift in shifts for what, _ in faults(shift, centre)]
    wrong += [what for _, what, _ in clashes([("twice", shift) for shift in shifts])]
    return Refusal(RefusalCode.HOURS_UNSOUND, wrong[0]) if wrong else None


def _shifts(order: PlanPerson) -> list[Shift]:
    """The shifts as the roster has them."""
    return [
        Shift(
            staff=order.staff,
            day=order.day,
            begins=time.fromisoformat(one.begins),
            ends=time.fromisoformat(one.ends),
            fields=tuple(dict.fromkeys(one.fields)),
            languages=tuple(dict.fromkeys(one.languages)),
            breaks=tuple(
                sorted(
                    Break(time.fromisoformat(away.begins), time.fromisoformat(away.ends))
                    for away in one.breaks
                )
            ),
            stays=one.stays,
        )
        for one in order.shifts
    ]


def _shown(shift: Shift) -> ShiftPlanned:
    return ShiftPlanned(
        begins=f"{shift.begins:%H:%M}",
        ends=f"{shift.ends:%H:%M}",
        fields=shift.fields,
        languages=shift.languages,
        breaks=tuple(BreakPlanned(f"{one.begins:%H:%M}", f"{one.ends:%H:%M}") for one in shift.breaks),
        stays=shift.stays,
    )
