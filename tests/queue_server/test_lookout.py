"""What is covered, and what would be bare if a desk paused, as terminals are shown it."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace
from support.centre import ALL_ROUND, DUTCH, MORNING, TRAINER, WORKER
from support.queue import Hall, at_desk

from config.roster import Duty, Holiday, Roster, Span, opening
from protocol import commands as c
from protocol.coverage import Bare, CellCover, CoverLevel
from queue_server.lookout import Coverage, Lookout

CLOSES = MORNING.replace(hour=17)


def duty(staff: str, hours: float = 6, *breaks: Span) -> Duty:
    skills = {
        ALL_ROUND: (("training", "work", "abroad"), ("fr", "nl", "en")),
        TRAINER: (("training",), ("fr", "nl")),
        WORKER: (("work",), ("fr",)),
        DUTCH: (("training", "work"), ("nl",)),
    }
    fields, languages = skills[staff]
    begins = MORNING - timedelta(minutes=30)
    return Duty(
        staff=staff,
        fields=fields,
        languages=languages,
        begins=begins,
        ends=begins + timedelta(hours=hours),
        breaks=breaks,
    )


def seen(hall: Hall, *duties: Duty, at: datetime | None = None) -> Coverage:
    hours = partial(opening, hall.roster, hall.centre)
    return Lookout(hall.centre, lambda _: duties, hours).look(hall.queue, at or hall.now)


def cell(coverage: Coverage, field: str, language: str) -> CellCover:
    [found] = [one for one in coverage.cells if (one.field, one.language) == (field, language)]
    return found


def test_a_cell_that_nobody_serves_is_red_one_alone_amber_and_names_who_it_hangs_on() -> None:
    hall = Hall()
    hall.sit("1", TRAINER)
    hall.sit("2", DUTCH)
    coverage = seen(hall)
    assert cell(coverage, "work", "fr").level is CoverLevel.RED
    assert cell(coverage, "work", "nl").level is CoverLevel.AMBER
    assert cell(coverage, "work", "nl").alone == DUTCH
    assert cell(coverage, "training", "nl").level is CoverLevel.GREEN
    assert cell(coverage, "training", "nl").alone is None


def test_official_languages_are_looked_at_in_every_field() -> None:
    assert [(one.field, one.language) for one in seen(Hall()).cells] == [
        (field, language) for field in ("training", "work", "abroad") for language in ("fr", "nl")
    ]


def test_the_next_time_with_nobody_is_named() -> None:
    hall = Hall()
    hall.sit("1", TRAINER)
    lunch = Span(MORNING.replace(hour=12), MORNING.replace(hour=13))
    one = cell(seen(hall, duty(TRAINER, 6, lunch)), "training", "fr")
    assert (one.gap_begins, one.gap_ends) == (lunch.begins, lunch.ends)


OPENS = MORNING.replace(hour=9, minute=30)
EARLY = pytest.mark.parametrize(
    "now", [OPENS.replace(hour=8, minute=0), OPENS - timedelta(minutes=1)], ids=["08:00", "09:29"]
)


def before_opening(now: datetime) -> Hall:
    hall = Hall()
    hall.queue.open = False
    hall.now = now
    return hall


@EARLY
def test_before_opening_the_level_and_the_gaps_are_those_the_day_is_planned_with(now: datetime) -> None:
    lunch = Span(MORNING.replace(hour=12), MORNING.replace(hour=13))
    coverage = seen(before_opening(now), duty(TRAINER, 7.5, lunch), duty(DUTCH, 7.5))
    french, dutch = (cell(coverage, "training", language) for language in ("fr", "nl"))
    assert (french.level, french.alone) == (CoverLevel.AMBER, TRAINER)
    assert (french.gap_begins, french.gap_ends) == (lunch.begins, lunch.ends)
    assert (dutch.level, dutch.gap_begins) == (CoverLevel.GREEN, None)
    nobody = cell(coverage, "abroad", "fr")
    assert (nobody.level, nobody.gap_begins, nobody.gap_ends) == (CoverLevel.RED, OPENS, CLOSES)


@EARLY
def test_before_opening_a_pause_that_is_over_by_then_leaves_nothing_bare(now: datetime) -> None:
    hall = before_opening(now)
    hall.sit("1", WORKER)
    bare = seen(hall).bare
    if now + timedelta(minutes=30) <= OPENS:
        assert bare == {}
    else:
        assert {one.until for one in bare["1"]} == {now + timedelta(minutes=30)}


def test_who_opens_the_day_early_sees_who_is_there_now() -> None:
    hall = before_opening(OPENS - timedelta(minutes=10))
    hall.queue.open = True
    one = cell(seen(hall, duty(TRAINER, 7.5)), "training", "fr")
    assert (one.level, one.gap_begins, one.gap_ends) == (CoverLevel.RED, hall.now, OPENS)


def test_the_coverage_is_looked_at_anew_when_the_doors_open() -> None:
    hall = before_opening(OPENS - timedelta(minutes=10))
    lookout = Lookout(
        hall.centre, lambda _: (duty(TRAINER, 7.5),), partial(opening, hall.roster, hall.centre)
    )
    assert cell(lookout.look(hall.queue, hall.now), "training", "fr").level is CoverLevel.AMBER
    hall.queue.open = True
    assert cell(lookout.look(hall.queue, hall.now), "training", "fr").level is CoverLevel.RED


def test_of_what_nobody_serves_now_the_time_is_named_at_which_it_happens_again() -> None:
    lunch = Span(MORNING.replace(hour=12), MORNING.replace(hour=13))
    late = replace(duty(TRAINER, 7.5, lunch), begins=MORNING + timedelta(minutes=30))
    one = cell(seen(Hall(), late), "training", "fr")
    assert (one.level, one.gap_begins, one.gap_ends) == (CoverLevel.RED, MORNING, late.begins)
    assert (one.again_begins, one.again_ends) == (lunch.begins, lunch.ends)


def test_of_what_somebody_serves_now_only_the_next_time_with_nobody_is_named() -> None:
    hall = Hall()
    hall.sit("1", TRAINER)
    breaks = [Span(MORNING.replace(hour=hour), MORNING.replace(hour=hour, minute=30)) for hour in (12, 14)]
    one = cell(seen(hall, duty(TRAINER, 7.5, *breaks)), "training", "fr")
    assert (one.gap_begins, one.again_begins) == (breaks[0].begins, None)


def test_without_a_roster_whoever_is_there_stays_until_closing() -> None:
    hall = Hall()
    hall.sit("1", TRAINER)
    assert cell(seen(hall), "training", "fr").gap_begins is None


def test_a_desk_that_pauses_leaves_bare_what_nobody_else_serves_and_those_who_wait_for_it() -> None:
    hall = Hall()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    for language in ("nl", "nl", "fr"):
        hall.issue("work", language)
    hall.issue("training", "nl")
    bare = seen(hall).bare
    until = hall.now + timedelta(minutes=30)
    assert bare["1"][:2] == (
        Bare(field="work", language="nl", until=until, waiting=2),
        Bare(field="work", language="fr", until=until, waiting=1),
    )
    assert {(one.field, one.language) for one in bare["1"]}.isdisjoint(
        {("training", "fr"), ("training", "nl")}
    )
    assert "2" not in bare


def test_a_desk_that_has_its_planned_break_before_it_would_be_away_for_so_long() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    lunch = Span(MORNING + timedelta(minutes=20), MORNING + timedelta(minutes=65))
    [bare] = seen(hall, duty(WORKER, 6, lunch)).bare["1"]
    assert bare.until == hall.now + timedelta(minutes=45)


def test_who_comes_soon_covers_what_a_break_leaves() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    soon = Duty(
        staff=ALL_ROUND,
        fields=("work",),
        languages=("fr",),
        begins=MORNING + timedelta(minutes=12),
        ends=CLOSES,
    )
    [bare] = seen(hall, soon).bare["1"]
    assert bare.until == soon.begins


def test_a_desk_that_pauses_already_is_not_asked_about_a_pause() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    hall.ask(c.Pause(c.PauseReason.LUNCH), at_desk("1"))
    assert "1" not in seen(hall).bare


def test_a_desk_that_closes_leaves_bare_what_nobody_serves_any_more_today() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    hall.issue("work", "fr")
    assert seen(hall, duty(WORKER, 7.5)).without["1"] == (
        Bare(field="work", language="fr", until=None, waiting=1),
    )
    hall.sit("2", ALL_ROUND)
    assert "1" not in seen(hall, duty(WORKER, 7.5)).without


def test_a_desk_that_closes_in_its_pause_is_missed_from_the_end_of_the_pause_on() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    hall.ask(c.Pause(c.PauseReason.LUNCH), at_desk("1"))
    [bare] = seen(hall).without["1"]
    assert (bare.begins, bare.until) == (hall.now + timedelta(minutes=30), None)


def test_a_desk_that_closes_comes_back_with_its_next_shift() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    afternoon = replace(duty(WORKER), begins=MORNING.replace(hour=14), ends=CLOSES)
    [bare] = seen(hall, duty(WORKER, 2), afternoon).without["1"]
    assert (bare.begins, bare.until) == (None, afternoon.begins)


def test_a_desk_that_closes_is_missed_when_its_colleague_goes_to_lunch_and_of_each_cell_once() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    hall.sit("2", ALL_ROUND)
    breaks = [Span(MORNING.replace(hour=hour), MORNING.replace(hour=hour, minute=30)) for hour in (12, 14)]
    [bare] = seen(hall, duty(WORKER, 7.5), duty(ALL_ROUND, 7.5, *breaks)).without["1"]
    assert (bare.begins, bare.until) == (breaks[0].begins, breaks[0].ends)


def test_outside_the_hours_and_on_a_holiday_nothing_is_to_be_covered() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    assert seen(hall, at=CLOSES) == Coverage()
    hall.roster = Roster((Holiday(day=hall.queue.day),))
    assert seen(hall) == Coverage()


def test_it_is_looked_at_anew_when_somebody_comes_and_once_in_a_minute() -> None:
    hall = Hall()
    lookout = Lookout(hall.centre, lambda _: (), partial(opening, hall.roster, hall.centre))
    first = lookout.look(hall.queue, hall.now)
    hall.queue.version += 1
    assert lookout.look(hall.queue, hall.now) is first
    hall.sit("1", WORKER)
    second = lookout.look(hall.queue, hall.now)
    assert cell(second, "work", "fr").level is CoverLevel.AMBER
    hall.issue("work", "fr")
    assert lookout.look(hall.queue, hall.now).bare["1"][0].waiting == 1
