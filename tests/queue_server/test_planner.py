"""Reception changes a day of the roster over the wire; everything that follows from the roster follows."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.badges import BY, SMALLVILLE, enrol
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre
from support.servers import Terminal, terminal
from support.visits import COMES, at_work, clock

from config.model import Receptionist
from config.roster import LINES_MAX, Absence, Break, Holiday, Roster, Shift, roster_of
from protocol.envelope import Accepted, Refused
from protocol.ids import Role
from protocol.orders import FollowWeek, PlanHoliday, PlanOrder, PlanPerson, ShowPlan
from protocol.plan import BreakPlanned, Gap, PersonPlanned, PlanShown, ShiftPlanned
from protocol.refusals import RefusalCode
from protocol.views import AnyView, ReceptionView
from queue_server.core.policy import Refusal
from queue_server.devices import By, RegistryError, What
from queue_server.doorkeeper import Doorkeeper
from queue_server.planner import TRIES_MAX, Planner, changed
from queue_server.store.house import House

TODAY, TOMORROW = "2026-09-15", "2026-09-16"
"""A Tuesday and a Wednesday."""
CENTRE = replace(small_centre(), receptionists=(Receptionist(id="host-1", name="Nadia"),))
USUAL = Shift(
    staff=TRAINER,
    day="tuesday",
    begins=time(9, 30),
    ends=time(17),
    breaks=(Break(time(12), time(12, 45)),),
    stays=True,
)
WEEK = roster_of([USUAL, Shift(staff=ALL_ROUND, day="tuesday", begins=time(9, 30), ends=time(13))])
AS_USUAL = ShiftPlanned(begins="09:30", ends="17:00", breaks=(BreakPlanned("12:00", "12:45"),), stays=True)
MORNING = ShiftPlanned(begins="09:30", ends="13:00")
LATER = ShiftPlanned(begins="13:00", ends="17:00")
AFTERNOON = ShiftPlanned(
    begins="13:30",
    ends="17:00",
    languages=("nl",),
    breaks=(BreakPlanned("16:00", "16:10"), BreakPlanned("15:00", "15:15")),
)


async def planned(directory: Path, roster: Roster, before: Roster | None = None) -> None:
    """The console imports this roster."""
    registry = House(directory).registry()
    await registry.open()
    assert await registry.plan(before or Roster(), roster, BY)
    await registry.close()


@asynccontextmanager
async def reception_of(directory: Path) -> AsyncIterator[Terminal]:
    async with at_work(directory, clock(COMES)) as url, terminal(url, Role.RECEPTION) as guest:
        yield guest


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Terminal]:
    enrol(tmp_path, team=SMALLVILLE)
    await planned(tmp_path, WEEK)
    async with reception_of(tmp_path) as guest:
        yield guest


async def shown(guest: Terminal, order: PlanOrder) -> PlanShown:
    answer = await guest.ask(order)
    assert isinstance(answer, Accepted), answer
    assert isinstance(answer.outcome, PlanShown)
    return answer.outcome


async def refused(guest: Terminal, order: PlanOrder) -> RefusalCode:
    answer = await guest.ask(order)
    assert isinstance(answer, Refused), answer
    return answer.code


def by_person(plan: PlanShown) -> Mapping[str, PersonPlanned]:
    return {person.staff: person for person in plan.people}


async def test_reception_sees_who_is_planned_on_a_day_and_for_how_long(reception: Terminal) -> None:
    plan = await shown(reception, ShowPlan(TODAY))
    assert replace(plan, gaps=(), alone=()) == PlanShown(
        day=TODAY,
        closed=False,
        people=(
            PersonPlanned(staff=ALL_ROUND, shifts=(MORNING,), dated=False),
            PersonPlanned(staff=TRAINER, shifts=(AS_USUAL,), dated=False),
        ),
    )
    assert await shown(reception, ShowPlan(TOMORROW)) == PlanShown(day=TOMORROW, closed=False, people=())


def hours(gaps: Iterable[Gap], field: str, language: str) -> list[tuple[str, str]]:
    return [(gap.begins, gap.ends) for gap in gaps if (gap.field, gap.language) == (field, language)]


def gaps(plan: PlanShown, field: str, language: str) -> list[tuple[str, str]]:
    return hours(plan.gaps, field, language)


async def test_reception_sees_what_nobody_serves_on_the_day_as_it_was_changed(reception: Terminal) -> None:
    plan = await shown(reception, ShowPlan(TODAY))
    assert gaps(plan, "training", "fr") == []
    assert gaps(plan, "work", "nl") == [("13:00", "17:00")]
    assert gaps(plan, "work", "en") == []  # no official language
    plan = await shown(reception, PlanPerson(staff=ALL_ROUND, day=TODAY))
    assert gaps(plan, "training", "fr") == [("12:00", "12:45")]
    assert gaps(plan, "work", "nl") == [("09:30", "17:00")]
    assert [gap.begins for gap in plan.gaps] == sorted(gap.begins for gap in plan.gaps)


async def test_reception_sees_what_one_person_serves_alone_whoever_that_is(reception: Terminal) -> None:
    plan = await shown(reception, ShowPlan(TODAY))
    assert hours(plan.alone, "training", "fr") == [("12:00", "12:45"), ("13:00", "17:00")]
    assert hours(plan.alone, "work", "nl") == [("09:30", "13:00")]
    plan = await shown(reception, PlanPerson(staff=WORKER, day=TODAY, shifts=(LATER,)))
    assert hours(plan.alone, "work", "fr") == [("09:30", "17:00")]
    assert [one.begins for one in plan.alone] == sorted(one.begins for one in plan.alone)


async def test_on_a_day_when_the_centre_has_no_hours_nothing_is_missing(reception: Terminal) -> None:
    plan = await shown(reception, PlanPerson(staff=WORKER, day="2026-09-20", shifts=(MORNING,)))
    assert plan.gaps == ()


async def test_somebody_is_absent_on_this_day_and_on_no_other(reception: Terminal) -> None:
    plan = await shown(reception, PlanPerson(staff=TRAINER, day=TODAY))
    assert by_person(plan)[TRAINER] == PersonPlanned(staff=TRAINER, shifts=(), dated=True, usual=(AS_USUAL,))
    assert by_person(await shown(reception, ShowPlan("2026-09-22")))[TRAINER].shifts == (AS_USUAL,)


async def test_somebody_works_other_hours_in_several_shifts_and_each_is_kept_as_it_was_said(
    reception: Terminal,
) -> None:
    plan = await shown(reception, PlanPerson(staff=TRAINER, day=TODAY, shifts=(AFTERNOON, MORNING)))
    in_order = replace(AFTERNOON, breaks=AFTERNOON.breaks[::-1])
    assert by_person(plan)[TRAINER].shifts == (MORNING, in_order)
    assert await shown(reception, ShowPlan(TODAY)) == plan


async def test_somebody_who_is_not_planned_is_put_in(reception: Terminal) -> None:
    plan = await shown(reception, PlanPerson(staff=WORKER, day=TODAY, shifts=(MORNING,)))
    assert by_person(plan)[WORKER] == PersonPlanned(staff=WORKER, shifts=(MORNING,), dated=True)


async def test_as_every_week_takes_the_exception_back(reception: Terminal) -> None:
    before = await shown(reception, ShowPlan(TODAY))
    await shown(reception, PlanPerson(staff=TRAINER, day=TODAY))
    assert await shown(reception, FollowWeek(staff=TRAINER, day=TODAY)) == before


async def test_on_a_holiday_nobody_works_and_nobody_can_be_put_in_until_the_day_is_open_again(
    reception: Terminal,
) -> None:
    before = await shown(reception, ShowPlan(TODAY))
    await shown(reception, PlanPerson(staff=WORKER, day=TODAY, shifts=(MORNING,)))
    closed = PlanShown(day=TODAY, closed=True, people=())
    assert await shown(reception, PlanHoliday(day=TODAY, closed=True)) == closed
    absent = PlanPerson(staff=TRAINER, day=TODAY)
    assert await refused(reception, absent) is RefusalCode.CLOSED_THAT_DAY
    assert await refused(reception, FollowWeek(staff=TRAINER, day=TODAY)) is RefusalCode.CLOSED_THAT_DAY
    assert await shown(reception, PlanHoliday(day=TODAY, closed=False)) == before


@pytest.mark.parametrize("day", ["2026-09-14", "2027-09-16", "2026-02-30", "0000-00-00"])
async def test_a_day_that_is_past_a_year_away_or_in_no_calendar_is_refused(
    reception: Terminal, day: str
) -> None:
    assert await refused(reception, ShowPlan(day)) is RefusalCode.DAY_OUT_OF_REACH
    absent = PlanPerson(staff=TRAINER, day=day)
    assert await refused(reception, absent) is RefusalCode.DAY_OUT_OF_REACH


async def test_the_last_day_of_the_coming_year_can_be_planned(reception: Terminal) -> None:
    assert (await shown(reception, PlanHoliday(day="2027-09-15", closed=True))).closed


async def test_all_of_it_is_there_after_a_restart_and_the_trail_says_who_did_it(tmp_path: Path) -> None:
    enrol(tmp_path, team=SMALLVILLE)
    await planned(tmp_path, WEEK)
    async with reception_of(tmp_path) as guest:
        await shown(guest, PlanPerson(staff=TRAINER, day=TODAY))
        await shown(guest, PlanHoliday(day=TOMORROW, closed=True))
    async with reception_of(tmp_path) as guest:
        assert by_person(await shown(guest, ShowPlan(TODAY)))[TRAINER].shifts == ()
        assert (await shown(guest, ShowPlan(TOMORROW))).closed
    registry = House(tmp_path).registry()
    await registry.open()
    deeds = [(deed.by.actor, deed.what, deed.about) for deed in (await registry.trail())[-2:]]
    await registry.close()
    actor = "reception:reception-1::host-reception-1"
    assert deeds == [(actor, What.ROSTER_CHANGED, TRAINER), (actor, What.ROSTER_CHANGED, "roster")]


def bare_until(view: AnyView) -> time | None:
    """When somebody serves training in French; at 17:00 the centre closes."""
    assert isinstance(view, ReceptionView)
    cells = [cell for cell in view.coverage if (cell.field, cell.language) == ("training", "fr")]
    return cells[0].gap_ends.time() if cells and cells[0].gap_ends else None


async def test_what_is_covered_follows_at_once(reception: Terminal) -> None:
    for staff in (TRAINER, ALL_ROUND):
        await shown(reception, PlanPerson(staff=staff, day=TODAY))
    await reception.view(lambda view: bare_until(view) == time(17))
    late = (replace(MORNING, begins="11:00"),)
    await shown(reception, PlanPerson(staff=ALL_ROUND, day=TODAY, shifts=late))
    await reception.view(lambda view: bare_until(view) == time(11))
    await shown(reception, PlanPerson(staff=ALL_ROUND, day=TODAY))
    await reception.view(lambda view: bare_until(view) == time(17))


async def test_a_roster_that_the_console_changes_meanwhile_is_not_lost(
    reception: Terminal, tmp_path: Path
) -> None:
    wednesday = roster_of([*WEEK.lines, replace(USUAL, day="wednesday")])
    await planned(tmp_path, wednesday, before=WEEK)
    await shown(reception, PlanPerson(staff=TRAINER, day=TODAY))
    assert by_person(await shown(reception, ShowPlan(TOMORROW)))[TRAINER].shifts == (AS_USUAL,)


class Contested(Doorkeeper):
    """Somebody else changes the roster again and again, or the disk is full."""

    def __init__(self, fault: str = "") -> None:
        """Nobody's registry."""
        self.roster = Roster()
        self.tries = 0
        self._fault = fault

    async def plan(self, before: Roster, after: Roster, by: By) -> bool:  # noqa: ARG002 - it never comes to it
        self.tries += 1
        if self._fault:
            raise RegistryError(self._fault)
        return False


NOW = By("reception:reception-1", clock(COMES).now())


async def test_an_order_that_others_overtake_again_and_again_is_given_up() -> None:
    doorkeeper = Contested()
    answer = await Planner(CENTRE, doorkeeper).carry_out(PlanHoliday(day=TODAY, closed=True), NOW)
    assert answer == Refusal(RefusalCode.BUSY)
    assert doorkeeper.tries == TRIES_MAX


async def test_what_cannot_be_written_down_is_said_so() -> None:
    answer = await Planner(CENTRE, Contested("full")).carry_out(PlanHoliday(day=TODAY, closed=True), NOW)
    assert answer == Refusal(RefusalCode.NOT_WRITTEN)


@pytest.mark.parametrize(
    ("staff", "shifts", "code"),
    [
        ("nobody", (MORNING,), RefusalCode.UNKNOWN_COUNSELLOR),
        (WORKER, (replace(MORNING, fields=("training",)),), RefusalCode.BEYOND_PROFILE),
        (WORKER, (replace(MORNING, languages=("nl",)),), RefusalCode.BEYOND_PROFILE),
        ("host-1", (replace(MORNING, languages=("fr",)),), RefusalCode.BEYOND_PROFILE),
        (DUTCH, (replace(MORNING, ends="09:30"),), RefusalCode.HOURS_UNSOUND),
        (DUTCH, (replace(MORNING, breaks=(BreakPlanned("12:45", "13:15"),)),), RefusalCode.HOURS_UNSOUND),
        (DUTCH, (MORNING, replace(AFTERNOON, begins="12:59")), RefusalCode.HOURS_UNSOUND),
        (DUTCH, (MORNING, MORNING), RefusalCode.HOURS_UNSOUND),
    ],
)
def test_what_nobody_could_work_is_refused_and_says_why(
    staff: str, shifts: tuple[ShiftPlanned, ...], code: RefusalCode
) -> None:
    answer = changed(WEEK, CENTRE, PlanPerson(staff=staff, day=TODAY, shifts=shifts))
    assert isinstance(answer, Refusal)
    assert answer.code is code
    assert bool(answer.detail) is (code is RefusalCode.HOURS_UNSOUND)


def test_whoever_works_at_reception_is_planned_too() -> None:
    after = changed(Roster(), CENTRE, PlanPerson(staff="host-1", day=TODAY, shifts=(MORNING,)))
    assert after == roster_of([Shift(staff="host-1", day=TODAY, begins=time(9, 30), ends=time(13))])


def test_a_full_roster_takes_no_further_line_but_one_can_still_be_changed_or_removed() -> None:
    dates = (date(2027, 1, 1) + timedelta(days=ahead) for ahead in range(LINES_MAX - 1))
    holidays = (Holiday(day=day.isoformat()) for day in dates)
    kept = roster_of([Absence(staff=TRAINER, day=TODAY), *holidays])
    assert len(kept.lines) == LINES_MAX
    more = PlanPerson(staff=DUTCH, day=TODAY, shifts=(MORNING,))
    assert changed(kept, CENTRE, more) == Refusal(RefusalCode.ROSTER_FULL)
    other = changed(kept, CENTRE, PlanPerson(staff=TRAINER, day=TODAY, shifts=(MORNING,)))
    assert isinstance(other, Roster)
    assert isinstance(changed(kept, CENTRE, FollowWeek(staff=TRAINER, day=TODAY)), Roster)
