"""Who covers what follows from the plan and from who is really there; a gap is named before it opens."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, ZONE, small_centre
from support.rosters import DATES, rosters

from config.roster import Cell, Duty, Roster, Span, instant, on_day
from queue_server.core.state import Rest
from queue_server.forecast.coverage import (
    Bare,
    Level,
    Stretch,
    There,
    expected,
    gaps,
    if_absent,
    live,
    on_duty,
    planned,
    steps,
    whole_day,
)

CENTRE = small_centre()
DAY = "2026-12-01"
CELLS = [(field.id, language) for field in CENTRE.fields for language in CENTRE.languages.all]
MOBILITY: Cell = ("abroad", "nl")
TRAINING: Cell = ("training", "nl")
SKILLS = {
    one.id: frozenset((field, language) for field in one.fields for language in one.languages)
    for one in CENTRE.counsellors
}


def at(words: str) -> datetime:
    return instant(DAY, datetime.strptime(words, "%H:%M").time(), ZONE)  # noqa: DTZ007 - an hour of a day


CLOSES = at("17:00")
HOURS = Span(at("09:30"), CLOSES)


def span(begins: str, ends: str) -> Span:
    return Span(at(begins), at(ends))


def duty(staff: str, begins: str, ends: str, *breaks: tuple[str, str], stays: bool = False) -> Duty:
    [member] = (one for one in CENTRE.counsellors if one.id == staff)
    return Duty(
        staff=staff,
        fields=member.fields,
        languages=member.languages,
        begins=at(begins),
        ends=at(ends),
        breaks=tuple(span(*one) for one in breaks),
        stays=stays,
    )


def there(staff: str, since: str = "", *rested: tuple[str, str], rests: bool = True) -> There:
    return There(
        staff=staff,
        cells=SKILLS[staff],
        paused_since=at(since) if since else None,
        rests=rests,
        rested=tuple(Rest(at(began), at(ended)) for began, ended in rested),
    )


def times(stretches: tuple[Stretch, ...], staff: str) -> list[str]:
    found = sorted((one.begins, one.ends) for one in stretches if one.staff == staff)
    return [f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in found]


def test_a_plan_is_served_without_its_breaks() -> None:
    plan = planned([duty(TRAINER, "09:30", "16:00", ("12:00", "12:45"), ("15:00", "15:15"))], CLOSES)
    assert times(plan, TRAINER) == ["09:30-12:00", "12:45-15:00", "15:15-16:00"]


def test_who_stays_until_the_last_visitor_is_there_until_closing() -> None:
    assert times(planned([duty(TRAINER, "09:30", "16:00", stays=True)], CLOSES), TRAINER) == ["09:30-17:00"]
    late = planned([duty(TRAINER, "09:30", "18:00", stays=True)], CLOSES)
    assert times(late, TRAINER) == ["09:30-18:00"]


def test_the_level_of_a_cell_names_the_one_person_on_whom_it_hangs() -> None:
    plan = planned([duty(TRAINER, "09:30", "17:00"), duty(ALL_ROUND, "09:30", "12:00")], CLOSES)
    training, mobility, work = live(plan, [TRAINING, MOBILITY, ("work", "de")], at("10:00"), CLOSES)
    assert (training.level, training.alone, training.staff) == (Level.GREEN, None, (ALL_ROUND, TRAINER))
    assert (mobility.level, mobility.alone) == (Level.AMBER, ALL_ROUND)
    assert (work.level, work.alone, work.gaps) == (Level.RED, None, (span("10:00", "17:00"),))
    assert training.gaps == ()
    assert mobility.gaps == (span("12:00", "17:00"),)


def test_every_time_with_nobody_is_found_that_which_is_now_first() -> None:
    breaks = ("11:00", "11:30"), ("14:00", "14:15")
    [cover] = live(
        planned([duty(TRAINER, "10:00", "16:00", *breaks)], CLOSES), [TRAINING], at("09:30"), CLOSES
    )
    times = ("09:30", "10:00"), ("11:00", "11:30"), ("14:00", "14:15"), ("16:00", "17:00")
    assert cover.gaps == tuple(span(*one) for one in times)


def test_after_closing_nothing_is_missed_any_more() -> None:
    [cover] = live(planned([duty(TRAINER, "09:30", "18:00")], CLOSES), [TRAINING], at("17:30"), CLOSES)
    assert (cover.gaps, cover.level) == ((), Level.AMBER)
    for now in ("17:00", "17:30"):
        [cover] = live(planned([duty(TRAINER, "18:00", "19:00")], CLOSES), [TRAINING], at(now), CLOSES)
        assert (cover.gaps, cover.level) == ((), Level.RED)


@pytest.mark.parametrize(
    ("now", "who", "seen"),
    [
        ("10:00", there(TRAINER), ["10:00-12:00", "12:45-16:00"]),
        ("09:00", there(TRAINER), ["09:00-09:30", "09:30-12:00", "12:45-16:00"]),
        ("12:00", there(TRAINER), ["12:00-16:00"]),
        ("12:10", there(TRAINER), ["12:10-16:00"]),
        ("16:05", there(TRAINER), ["16:05-16:15"]),
        ("11:00", there(TRAINER, "10:50"), ["11:20-12:00", "12:45-16:00"]),
        ("11:25", there(TRAINER, "10:50"), ["11:30-12:00", "12:45-16:00"]),
        ("11:50", there(TRAINER, "11:45"), ["12:30-16:00"]),
        ("11:50", there(TRAINER, "", ("11:16", "11:45")), ["11:50-16:00"]),
        ("11:50", there(TRAINER, "", ("11:30", "11:45")), ["11:50-12:00", "12:45-16:00"]),
        ("11:50", there(TRAINER, "11:45", rests=False), ["12:15-16:00"]),
        ("12:30", there(TRAINER, "12:05"), ["12:50-16:00"]),
        ("12:52", there(TRAINER, "12:05"), ["12:57-16:00"]),
        ("12:50", there(TRAINER, "12:46"), ["13:31-16:00"]),
        ("12:50", there(TRAINER, "12:46", ("12:00", "12:40")), ["13:16-16:00"]),
        ("15:50", there(TRAINER, "15:45"), []),
    ],
    ids=[
        "at work",
        "early",
        "at work as the break begins",
        "works through the break",
        "works on after the shift",
        "a pause before the break",
        "a pause too long",
        "the planned break, taken early",
        "back from the break, taken early",
        "back from a short pause",
        "at a meeting",
        "the planned break",
        "the planned break, too long",
        "the planned break, taken late",
        "another pause after the break",
        "goes before the shift ends",
    ],
)
def test_who_is_there_is_counted_on_as_things_really_are(now: str, who: There, seen: list[str]) -> None:
    plan = [duty(TRAINER, "09:30", "16:00", ("12:00", "12:45"))]
    assert times(expected(plan, [who], at(now), HOURS), TRAINER) == seen


def test_who_is_there_without_a_shift_is_counted_on_until_closing() -> None:
    assert times(expected([], [there(TRAINER)], at("10:00"), HOURS), TRAINER) == ["10:00-17:00"]
    assert times(expected([], [there(TRAINER)], at("17:20"), HOURS), TRAINER) == ["17:20-17:30"]


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        ("09:00", ["09:30-12:00", "12:45-16:00", "16:30-17:00"]),
        ("09:40", ["09:45-12:00", "12:45-16:00", "16:30-17:00"]),
        ("09:45", ["16:30-17:00"]),
        ("12:20", ["12:45-16:00", "16:30-17:00"]),
        ("13:00", ["16:30-17:00"]),
        ("17:10", []),
    ],
)
def test_who_should_be_there_and_is_not_is_counted_on_for_a_quarter_of_an_hour(
    now: str, seen: list[str]
) -> None:
    last = duty(TRAINER, "16:30", "17:00", stays=True)
    plan = [duty(TRAINER, "09:30", "16:00", ("12:00", "12:45")), last]
    assert times(expected(plan, [], at(now), HOURS), TRAINER) == seen


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        ("08:00", ["09:30-12:00"]),
        ("09:29", ["09:30-12:00"]),
        ("09:30", ["09:45-12:00"]),
        ("09:44", ["09:45-12:00"]),
        ("09:45", []),
    ],
)
def test_nobody_is_late_before_the_doors_have_been_open_for_a_while(now: str, seen: list[str]) -> None:
    plan = [duty(TRAINER, "08:30", "12:00")]
    assert times(expected(plan, [], at(now), HOURS), TRAINER) == seen


def test_whose_break_lies_over_the_opening_is_there_after_it() -> None:
    plan = [duty(TRAINER, "08:30", "12:00", ("09:15", "09:40"))]
    assert times(expected(plan, [], at("08:00"), HOURS), TRAINER) == ["09:40-12:00"]


def test_who_is_still_there_between_two_shifts_may_go_any_moment() -> None:
    plan = [duty(TRAINER, "09:30", "12:00"), duty(TRAINER, "14:00", "17:00")]
    assert times(expected(plan, [there(TRAINER)], at("12:20"), HOURS), TRAINER) == [
        "12:20-12:30",
        "14:00-17:00",
    ]
    assert times(expected(plan, [there(TRAINER)], at("13:55"), HOURS), TRAINER) == [
        "13:55-14:00",
        "14:00-17:00",
    ]


def test_what_a_desk_serves_now_counts_now_and_the_plan_later() -> None:
    narrow = replace(duty(ALL_ROUND, "13:00", "17:00"), fields=("abroad",))
    plan = [duty(ALL_ROUND, "09:30", "13:00"), narrow]
    found = expected(plan, [replace(there(ALL_ROUND), cells=frozenset({TRAINING}))], at("10:00"), HOURS)
    assert on_duty(found, at("12:00")) == {ALL_ROUND: {TRAINING}}
    assert on_duty(found, at("14:00")) == {ALL_ROUND: narrow.cells}


def test_a_break_that_leaves_a_cell_alone_is_named_with_its_end_and_those_who_wait() -> None:
    plan = planned([duty(ALL_ROUND, "09:30", "17:00"), duty(TRAINER, "09:30", "17:00")], CLOSES)
    waiting = {
        ("abroad", ("nl",)): 2,
        ("abroad", ("fr", "nl")): 3,
        ("work", ("fr",)): 1,
        ("training", ("nl",)): 9,
    }
    found = if_absent(plan, ALL_ROUND, span("12:30", "13:15"), waiting, CLOSES)
    assert [(one.cell, one.waiting) for one in found] == [
        (("abroad", "nl"), 5),
        (("abroad", "fr"), 3),
        (("work", "fr"), 1),
        (("abroad", "en"), 0),
        (("training", "en"), 0),
        (("work", "en"), 0),
        (("work", "nl"), 0),
    ]
    assert {(one.begins, one.until) for one in found} == {(at("12:30"), at("13:15"))}


def test_who_accepts_another_language_that_is_served_is_not_stranded() -> None:
    plan = planned([duty(ALL_ROUND, "09:30", "17:00"), duty(WORKER, "09:30", "17:00")], CLOSES)
    waiting = {("work", ("nl",)): 1, ("work", ("fr", "nl")): 4}
    found = if_absent(plan, ALL_ROUND, span("12:30", "13:15"), waiting, CLOSES)
    assert [one.waiting for one in found if one.cell == ("work", "nl")] == [1]


def test_a_colleague_who_goes_meanwhile_makes_the_gap_begin_then() -> None:
    plan = planned([duty(DUTCH, "09:30", "12:50"), duty(TRAINER, "09:30", "17:00")], CLOSES)
    [gap] = (
        one for one in if_absent(plan, TRAINER, span("12:30", "13:15"), {}, CLOSES) if one.cell == TRAINING
    )
    assert (gap.begins, gap.until) == (at("12:50"), at("13:15"))


def test_a_gap_lasts_until_somebody_comes_or_else_all_day() -> None:
    plan = planned([duty(DUTCH, "15:00", "17:00"), duty(TRAINER, "09:30", "13:00")], CLOSES)
    found = {one.cell: one.until for one in if_absent(plan, TRAINER, span("12:30", "13:15"), {}, CLOSES)}
    assert found == {TRAINING: at("15:00"), ("training", "fr"): None}


def test_what_nobody_served_anyway_is_not_the_absence_s_doing() -> None:
    plan = planned([duty(TRAINER, "10:00", "17:00")], CLOSES)
    found = if_absent(plan, TRAINER, span("09:30", "11:00"), {}, CLOSES)
    assert {one.begins for one in found} == {at("10:00")}
    assert if_absent(plan, TRAINER, span("09:00", "10:00"), {}, CLOSES) == ()
    late = planned([duty(TRAINER, "10:00", "18:00")], CLOSES)
    assert if_absent(late, TRAINER, span("17:10", "17:30"), {}, CLOSES) == ()
    rested = planned([duty(TRAINER, "10:00", "17:00", ("12:00", "12:45"))], CLOSES)
    found = if_absent(rested, TRAINER, span("12:30", "13:15"), {}, CLOSES)
    assert {(one.begins, one.until) for one in found} == {(at("12:45"), at("13:15"))}
    assert if_absent(plan, DUTCH, span("10:00", "11:00"), {}, CLOSES) == ()
    assert if_absent(plan, TRAINER, span("17:00", "17:30"), {}, CLOSES) == ()


def test_a_day_is_told_cell_by_cell_from_opening_to_closing() -> None:
    plan = planned(
        [duty(TRAINER, "09:30", "17:00", ("12:00", "12:30")), duty(DUTCH, "13:00", "16:00")], CLOSES
    )
    [training] = whole_day(plan, [TRAINING], at("09:30"), CLOSES)
    told = [(f"{step.begins:%H:%M}", step.level.value, step.staff) for step in training.steps]
    assert told == [
        ("09:30", "amber", (TRAINER,)),
        ("12:00", "red", ()),
        ("12:30", "amber", (TRAINER,)),
        ("13:00", "green", (DUTCH, TRAINER)),
        ("16:00", "amber", (TRAINER,)),
    ]
    assert training.level is Level.RED
    assert [step.begins for step in training.at_level(Level.RED)] == [at("12:00")]


def test_two_shifts_one_after_the_other_are_one_step() -> None:
    plan = planned([duty(TRAINER, "09:30", "12:00"), duty(TRAINER, "12:00", "17:00")], CLOSES)
    [step] = steps(plan, TRAINING, at("09:30"), CLOSES)
    assert (step.begins, step.ends, step.staff) == (at("09:30"), CLOSES, (TRAINER,))


MINUTES = st.integers(0, 24 * 60).map(lambda minute: at("00:00") + timedelta(minutes=minute))


@settings(deadline=None)
@given(rosters(CENTRE), st.sampled_from(DATES), st.integers(0, 1500), st.sampled_from(CELLS))
def test_at_every_moment_those_are_counted_who_are_at_work_and_not_on_a_break(
    roster: Roster, day: str, minute: int, cell: Cell
) -> None:
    duties = on_day(roster, CENTRE, day)
    moment = instant(day, datetime.min.time(), ZONE) + timedelta(minutes=minute)
    closes = moment + timedelta(hours=1)
    working = sorted(
        {
            one.staff
            for one in duties
            if cell in one.cells
            and (one.begins <= moment < one.ends or (one.stays and one.begins <= moment))
            and not any(pause.begins <= moment < pause.ends for pause in one.breaks)
        }
    )
    plan = planned(duties, closes)
    assert [staff for staff, cells in sorted(on_duty(plan, moment).items()) if cell in cells] == working
    [cover] = live(plan, [cell], moment, closes)
    assert list(cover.staff) == working


@settings(deadline=None)
@given(rosters(CENTRE), MINUTES, MINUTES)
def test_the_steps_of_a_day_leave_no_hole_and_its_gaps_are_those_without_anybody(
    roster: Roster, one: datetime, other: datetime
) -> None:
    begins, ends = sorted((one, other))
    plan = planned(on_day(roster, CENTRE, DAY), CLOSES)
    for cell in CELLS[:3]:
        found = steps(plan, cell, begins, ends)
        assert [step.ends for step in found[:-1]] == [step.begins for step in found[1:]]
        assert all(step.staff != after.staff for step, after in pairwise(found))
        assert not found or (found[0].begins, found[-1].ends) == (begins, ends)
        assert gaps(plan, cell, begins, ends) == tuple(
            Span(step.begins, step.ends) for step in found if not step.staff
        )


WHERE = st.sampled_from(["at work", "paused", "gone"])


@settings(deadline=None)
@given(rosters(CENTRE), MINUTES, st.lists(WHERE, min_size=4, max_size=4), st.integers(0, 90))
def test_now_those_are_on_duty_who_are_really_at_work(
    roster: Roster, now: datetime, where: list[str], minutes: int
) -> None:
    since = now - timedelta(minutes=minutes)
    present = [
        There(staff=one.id, cells=SKILLS[one.id], paused_since=since if place == "paused" else None)
        for one, place in zip(CENTRE.counsellors, where, strict=True)
        if place != "gone"
    ]
    duties = on_day(roster, CENTRE, DAY)
    found = expected(duties, present, now, HOURS)
    at_work = {one.staff: one.cells for one in present if one.paused_since is None}
    assert {staff: on_duty(found, now)[staff] for staff in at_work} == at_work
    assert all(now < one.ends for one in found if one.staff in SKILLS)
    assert set(on_duty(found, now)) == set(at_work)


@settings(deadline=None)
@given(rosters(CENTRE), MINUTES, st.integers(5, 90), st.sampled_from(list(SKILLS)), st.data())
def test_what_an_absence_leaves_bare_is_what_nobody_serves_then_and_somebody_did(
    roster: Roster, begins: datetime, minutes: int, who: str, data: st.DataObject
) -> None:
    away = Span(begins, begins + timedelta(minutes=minutes))
    plan = planned(on_day(roster, CENTRE, DAY), CLOSES)
    found = if_absent(plan, who, away, {}, CLOSES)
    moment = begins + timedelta(minutes=data.draw(st.integers(0, minutes - 1)))
    serving = on_duty(plan, moment)
    for cell in CELLS:
        alone = [staff for staff, cells in serving.items() if cell in cells] == [who]
        bare = any(
            one.cell == cell and one.begins <= moment and (one.until is None or moment < one.until)
            for one in found
        )
        assert bare >= (alone and moment < CLOSES)
        if bare and moment < away.ends:
            assert not [staff for staff, cells in serving.items() if cell in cells and staff != who]


def test_a_gap_is_told_as_plain_values() -> None:
    plan = planned([duty(WORKER, "09:30", "17:00")], CLOSES)
    assert if_absent(plan, WORKER, span("12:00", "12:30"), {("work", ("fr",)): 2}, CLOSES) == (
        Bare(cell=("work", "fr"), begins=at("12:00"), until=at("12:30"), waiting=2),
    )
