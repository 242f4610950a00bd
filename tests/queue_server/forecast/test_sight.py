"""What a forecast is told of the queue."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from msgspec.structs import replace
from support.centre import ALL_ROUND, TRAINER
from support.queue import Hall, at_desk

from config.roster import Duty, Span
from protocol import commands as c
from queue_server.forecast.sight import planned_of, situation_of
from queue_server.forecast.situation import Break, Counsellor, Doing, Planned, Situation, Visit


def seen(hall: Hall, *planned: Planned) -> Situation:
    return situation_of(hall.queue, hall.now, hall.now + timedelta(hours=4), planned)


def only(hall: Hall, *planned: Planned) -> Counsellor:
    (one,) = seen(hall, *planned).counsellors
    return one


def shift(hall: Hall, counsellor: str = ALL_ROUND, begins_min: float = -60, *breaks: Break) -> Planned:
    now_s = hall.now.timestamp()
    return Planned(
        counsellor=counsellor,
        fields=("training",),
        languages=("fr",),
        begins_at=now_s + begins_min * 60,
        ends_at=now_s + 3 * 3600,
        breaks=breaks,
    )


def test_everybody_who_waits_stands_in_order_of_call() -> None:
    hall = Hall()
    first, second = hall.issue("training"), hall.issue("work", "nl", "fr")
    early = hall.issue("abroad", priority=True)
    assert [one.ticket for one in seen(hall).waiting] == [early, first, second] == hall.order()
    assert seen(hall).waiting[2].languages == ("nl", "fr")
    assert seen(hall).closes_at == (hall.now + timedelta(hours=4)).timestamp()


def test_a_desk_that_waits_for_visitors_is_ready_since_it_is_idle() -> None:
    hall = Hall()
    idle_since = hall.now
    hall.sit(ready=True)
    hall.wait(10)
    one = only(hall)
    assert (one.doing, one.since, one.desk) == (Doing.READY, idle_since.timestamp(), "1")
    assert (one.ends_at, one.stays) == (inf, True)


def test_a_session_runs_since_its_call_and_keeps_what_it_is_for() -> None:
    hall = Hall()
    code = hall.issue("work", "nl")
    desk = hall.sit()
    called_at = hall.now
    hall.ask(c.CallNext(), desk)
    hall.wait(2)
    hall.ask(c.StartServing(code), desk)
    hall.wait(5)
    one = only(hall)
    assert (one.doing, one.since) == (Doing.SESSION, called_at.timestamp())
    assert one.visit == Visit("work", "nl", hall.queue.tickets[code].key)


def test_after_a_visitor_a_counsellor_writes_since_then() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit()
    hall.serve("1", code)
    hall.wait(20)
    hall.ask(c.Finish(code), at_desk("1"))
    left_at = hall.now
    hall.wait(1)
    one = only(hall)
    assert (one.doing, one.since, one.visit) == (Doing.WRAP_UP, left_at.timestamp(), None)


LUNCH_S = 2700.0


def lunch(hall: Hall, in_min: float) -> Break:
    return Break(hall.now.timestamp() + in_min * 60, LUNCH_S)


@pytest.mark.parametrize("begins_in_min", [-100, -44, -5, 0, 5, 44], ids=str)
def test_a_planned_break_lasts_as_long_as_planned_from_when_it_is_taken(begins_in_min: float) -> None:
    hall = Hall()
    desk = hall.sit()
    planned = lunch(hall, begins_in_min)
    works = only(hall, shift(hall, ALL_ROUND, -160, planned))
    assert (works.back_at, works.breaks) == (None, (planned,))
    begun_s = hall.now.timestamp()
    hall.ask(c.Pause(c.PauseReason.LUNCH), desk)
    hall.wait(30)
    rests = only(hall, shift(hall, ALL_ROUND, -190, planned))
    assert (rests.doing, rests.since, rests.breaks) == (Doing.PAUSED, begun_s, ())
    assert rests.back_at == begun_s + LUNCH_S
    hall.ask(c.Resume(), desk)
    assert only(hall, shift(hall, ALL_ROUND, -190, planned)).breaks == ()


@pytest.mark.parametrize(
    ("reason", "lasts_min"), [(c.PauseReason.SHORT_BREAK, 20), (c.PauseReason.MEETING, 40)], ids=str
)
def test_a_short_rest_and_work_elsewhere_leave_the_planned_break_to_come(
    reason: c.PauseReason, lasts_min: float
) -> None:
    hall = Hall()
    desk = hall.sit()
    planned = lunch(hall, 30)
    hall.ask(c.Pause(reason), desk)
    hall.wait(lasts_min)
    hall.ask(c.Resume(), desk)
    assert only(hall, shift(hall, ALL_ROUND, -60, planned)).breaks == (planned,)


def test_nobody_knows_when_whoever_works_elsewhere_comes_back() -> None:
    hall = Hall()
    desk = hall.sit()
    planned = lunch(hall, 0)
    hall.ask(c.Pause(c.PauseReason.BACK_OFFICE), desk)
    one = only(hall, shift(hall, ALL_ROUND, -60, planned))
    assert (one.doing, one.back_at, one.breaks) == (Doing.PAUSED, None, (planned,))


def test_two_rests_take_two_planned_breaks_in_their_order() -> None:
    hall = Hall()
    desk = hall.sit()
    coffee, planned = Break(hall.now.timestamp(), 900.0), lunch(hall, 90)
    for pause_min, then_min in ((15, 75), (45, 0)):
        hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), desk)
        hall.wait(pause_min)
        hall.ask(c.Resume(), desk)
        hall.wait(then_min)
    assert only(hall, shift(hall, ALL_ROUND, -200, coffee, planned)).breaks == ()


def test_a_visitor_who_has_not_gone_after_all_ends_a_rest() -> None:
    hall = Hall()
    desk = hall.sit()
    code = hall.issue("work")
    hall.ask(c.CallNext(), desk)
    hall.ask(c.StartServing(code), desk)
    hall.ask(c.Finish(code), desk)
    planned = lunch(hall, 0)
    hall.ask(c.Pause(c.PauseReason.LUNCH), desk)
    hall.wait(25)
    hall.ask(c.Undo(), desk)
    one = only(hall, shift(hall, ALL_ROUND, -60, planned))
    assert (one.doing, one.breaks) == (Doing.SESSION, ())


def test_a_pause_outside_every_planned_break_has_no_known_end() -> None:
    hall = Hall()
    desk = hall.sit()
    hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), desk)
    later = lunch(hall, 60)
    one = only(hall, shift(hall, ALL_ROUND, -60, later))
    assert (one.back_at, one.breaks) == (None, (later,))


def test_a_break_that_is_overdue_by_an_hour_is_taken_no_more() -> None:
    hall = Hall()
    hall.sit()
    assert only(hall, shift(hall, ALL_ROUND, -120, lunch(hall, -104))).breaks != ()
    assert only(hall, shift(hall, ALL_ROUND, -120, lunch(hall, -106))).breaks == ()


def test_whoever_has_left_the_desk_for_the_planned_break_comes_back_after_it() -> None:
    hall = Hall()
    desk = hall.sit()
    hall.ask(c.CloseDesk(), desk)
    one = only(hall, shift(hall, ALL_ROUND, -120, lunch(hall, -10)))
    assert (one.doing, one.back_at, one.breaks) == (Doing.TO_COME, hall.now.timestamp() + 35 * 60, ())


def test_whoever_sits_at_a_desk_ends_as_the_roster_says() -> None:
    hall = Hall()
    hall.sit()
    one = only(hall, shift(hall))
    assert (one.ends_at, one.stays) == (hall.now.timestamp() + 3 * 3600, False)
    assert one.fields == ("training", "work", "abroad")


def test_whoever_comes_later_is_there_from_the_begin_of_the_shift() -> None:
    hall = Hall()
    hall.sit()
    _, other = seen(hall, shift(hall, TRAINER, 30)).counsellors
    assert (other.doing, other.back_at) == (Doing.TO_COME, hall.now.timestamp() + 1800)


def test_whoever_is_late_is_expected_for_an_hour_and_then_no_more() -> None:
    hall = Hall()
    now_s = hall.now.timestamp()
    assert only(hall, shift(hall, TRAINER, -10)).back_at == now_s + 20 * 60
    assert only(hall, shift(hall, TRAINER, -50)).back_at == now_s + 5 * 60
    assert only(hall, shift(hall, TRAINER, -60)).back_at == inf


def test_nobody_is_late_before_the_doors_have_opened() -> None:
    hall = Hall()
    now_s = hall.now.timestamp()
    early = shift(hall, TRAINER, -120)
    assert only(hall, replace(early, opens_at=now_s + 600)).back_at == now_s + 600
    assert only(hall, replace(early, opens_at=now_s)).back_at == now_s + 30 * 60
    over_opening = replace(early, opens_at=now_s + 600, breaks=(Break(now_s + 300, 900.0),))
    one = only(hall, over_opening)
    assert (one.back_at, one.breaks) == (now_s + 1200, ())


def test_whoever_is_still_there_after_the_shift_stays_for_all_that_anybody_knows() -> None:
    hall = Hall()
    hall.sit()
    one = only(hall, replace(shift(hall), ends_at=hall.now.timestamp() - 60))
    assert (one.ends_at, one.stays) == (inf, True)


def test_a_second_shift_of_the_day_is_still_to_come_for_whoever_is_there() -> None:
    hall = Hall()
    hall.sit()
    first = replace(shift(hall), ends_at=hall.now.timestamp() + 600)
    here, later = seen(hall, shift(hall, ALL_ROUND, 90), first).counsellors
    assert (here.desk, here.ends_at) == ("1", first.ends_at)
    assert (later.doing, later.back_at) == (Doing.TO_COME, hall.now.timestamp() + 90 * 60)


def test_whoever_sits_down_long_before_the_shift_is_there_and_will_be_again() -> None:
    hall = Hall()
    hall.sit()
    here, later = seen(hall, shift(hall, ALL_ROUND, 90)).counsellors
    assert (here.ends_at, later.doing) == (inf, Doing.TO_COME)
    assert only(hall, shift(hall, ALL_ROUND, 60)).desk == "1"


def test_the_roster_plans_those_who_serve_visitors_with_their_breaks() -> None:
    begins = datetime(2026, 9, 15, 9, 30, tzinfo=UTC)
    serves = Duty(
        staff=ALL_ROUND,
        fields=("work",),
        languages=("fr",),
        begins=begins,
        ends=begins + timedelta(hours=4),
        breaks=(Span(begins + timedelta(hours=1), begins + timedelta(minutes=75)),),
        stays=True,
    )
    at_reception = replace(serves, staff="host", fields=(), languages=())
    opens = begins + timedelta(minutes=45)
    before = Span(begins + timedelta(minutes=30), opens)
    serves = replace(serves, breaks=(before, *serves.breaks))
    assert planned_of([at_reception, serves], Span(opens, opens + timedelta(hours=7))) == (
        Planned(
            counsellor=ALL_ROUND,
            fields=("work",),
            languages=("fr",),
            begins_at=begins.timestamp(),
            ends_at=begins.timestamp() + 4 * 3600,
            opens_at=opens.timestamp(),
            breaks=(Break(begins.timestamp() + 3600, 900.0),),
            stays=True,
        ),
    )


def test_a_visitor_who_was_put_aside_comes_back_when_the_desk_is_reminded() -> None:
    hall = Hall()
    code, without = hall.issue(), hall.issue()
    hall.sit()
    for parked, remind_min in ((code, 10), (without, None)):
        hall.serve("1", parked)
        hall.ask(c.Park(parked, remind_min=remind_min), at_desk("1"))
    (aside,) = seen(hall).aside
    assert (aside.ticket, aside.desk) == (code, "1")
    assert aside.returns_at == hall.now.timestamp() + 600


def test_cycles_that_ended_today_are_summed_by_field() -> None:
    hall = Hall()
    hall.sit()
    for minutes in (10, 20):
        code = hall.issue("work")
        hall.serve("1", code)
        hall.wait(minutes)
        hall.ask(c.Finish(code), at_desk("1"))
    hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), at_desk("1"))
    assert seen(hall).finished == {"work": (2, (10 + 1 + 20) * 60.0)}
