"""What is covered, and what would be bare if a desk paused, as terminals are shown it."""

from datetime import datetime, timedelta
from functools import partial

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
    assert (one.gap_begins, one.gap_ends, one.least) == (lunch.begins, lunch.ends, 0)


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


def test_a_desk_that_pauses_already_is_not_asked_about() -> None:
    hall = Hall()
    hall.sit("1", WORKER)
    hall.ask(c.Pause(c.PauseReason.LUNCH), at_desk("1"))
    assert "1" not in seen(hall).bare


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
