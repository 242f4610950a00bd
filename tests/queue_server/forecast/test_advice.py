"""A planner is told where too few are on duty for what past days asked, and which breaks lie badly."""

from datetime import time

import pytest
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER, small_centre
from support.ended import Came, each, ended

from config.roster import Break, Line, Roster, Shift, on_day, opening, roster_of
from queue_server.core.past import PastDay
from queue_server.forecast import advice as module
from queue_server.forecast.advice import Advice, advice

CENTRE = small_centre()
DAY = "2026-12-01"
SESSIONS = {"work": 30, "training": 30, "abroad": 30}


def shift(staff: str, *breaks: tuple[str, str], begins: str = "09:00", ends: str = "17:30") -> Shift:
    return Shift(
        staff=staff,
        day="tuesday",
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        breaks=tuple(Break(time.fromisoformat(one), time.fromisoformat(other)) for one, other in breaks),
    )


def tuesdays(came: Came) -> dict[str, PastDay]:
    return each(ended(came, sessions_min=SESSIONS), "2026-10-06", 5, days=7)


def said(came: Came, *lines: Line) -> Advice:
    roster: Roster = roster_of(lines)
    hours = opening(roster, CENTRE, DAY)
    assert hours is not None
    found = advice(tuesdays(came), CENTRE, DAY, hours, on_day(roster, CENTRE, DAY))
    assert found is not None
    return found


def shortages(found: Advice) -> list[tuple[str, str, str, int]]:
    return [
        (
            f"{one.begins:%H:%M}-{one.ends:%H:%M}",
            " ".join(one.fields),
            " ".join(one.languages),
            one.staff,
        )
        for one in found.shortages
    ]


def moves(found: Advice) -> list[tuple[str, str, str]]:
    return [
        (one.staff, f"{one.planned.begins:%H:%M}", f"{one.better.begins:%H:%M}-{one.better.ends:%H:%M}")
        for one in found.moves
    ]


def test_half_hours_that_lack_somebody_for_the_same_are_told_as_one_time() -> None:
    found = said({(10, "work", "fr"): 4, (11, "work", "fr"): 6, (12, "work", "fr"): 1}, shift(WORKER))
    assert shortages(found) == [("10:00-12:00", "work", "fr", 1)]
    [one] = found.shortages
    assert one.work == pytest.approx(3.0)
    assert one.lack_min == pytest.approx(60 * (2.0 - 0.9) + 60 * (3.0 - 0.9))


def test_two_times_that_do_not_meet_are_told_apart_the_worse_first() -> None:
    found = said({(10, "work", "fr"): 4, (14, "work", "fr"): 6}, shift(WORKER))
    assert shortages(found) == [("14:00-15:00", "work", "fr", 1), ("10:00-11:00", "work", "fr", 1)]


def test_a_break_is_a_time_at_which_its_person_is_missed_to_the_minute() -> None:
    found = said({(12, "work", "fr"): 1}, shift(WORKER, ("12:10", "12:50")))
    assert shortages(found) == [("12:10-12:50", "work", "fr", 0)]


def test_fields_that_hang_on_the_same_people_are_told_together() -> None:
    found = said(
        {(10, "training", "nl"): 2, (10, "work", "nl"): 2},
        shift(DUTCH),
    )
    assert shortages(found) == [("10:00-11:00", "training work", "nl", 1)]


def test_little_that_is_lacking_is_told_to_nobody() -> None:
    found = said({(10, "work", "fr"): 2}, shift(WORKER))
    assert (found.shortages, found.moves) == ((), ())


def test_no_more_is_told_than_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTAGES_MAX", 1)
    found = said({(10, "work", "fr"): 4, (14, "work", "fr"): 6}, shift(WORKER))
    assert shortages(found) == [("14:00-15:00", "work", "fr", 1)]


def test_the_break_of_the_only_one_is_better_taken_when_nobody_comes() -> None:
    found = said({(12, "work", "fr"): 2}, shift(WORKER, ("12:00", "12:30")))
    assert moves(found) == [(WORKER, "12:00", "11:30-12:00")]
    [one] = found.moves
    assert (one.before.unmet_min, one.after.unmet_min) == (pytest.approx(30.0), 0.0)


def test_of_two_who_go_together_one_goes_at_another_time() -> None:
    lunch = ("12:00", "12:30")
    busy = {(hour, "training", "fr"): 1 for hour in range(10, 16)}
    found = said(busy, shift(TRAINER, lunch), shift(ALL_ROUND, lunch))
    assert moves(found) == [(ALL_ROUND, "12:00", "11:30-12:00")]


def test_a_break_moves_an_hour_at_most_and_stays_within_its_shift() -> None:
    busy = {(hour, "work", "fr"): 2 for hour in range(9, 15)}
    assert moves(said(busy, shift(WORKER, ("13:25", "13:55")))) == []
    assert moves(said(busy, shift(WORKER, ("14:20", "14:50")))) == [(WORKER, "14:20", "15:00-15:30")]
    early = shift(WORKER, ("14:20", "14:50"), ends="15:20")
    assert moves(said(busy, early)) == [(WORKER, "14:20", "14:50-15:20")]


def test_a_break_is_taken_while_the_centre_is_open() -> None:
    busy = {(hour, "work", "fr"): 2 for hour in range(9, 17)}
    assert moves(said(busy, shift(WORKER, ("09:00", "09:40")))) == []
    assert moves(said(busy, shift(WORKER, ("10:00", "10:20")))) == []
    assert moves(said(busy, shift(WORKER, ("16:30", "16:50")))) == []


def test_too_few_past_days_give_no_advice() -> None:
    hours = opening(Roster(), CENTRE, DAY)
    assert hours is not None
    few = dict(list(tuesdays({(10, "work", "fr"): 4}).items())[:4])
    assert advice(few, CENTRE, DAY, hours, ()) is None
