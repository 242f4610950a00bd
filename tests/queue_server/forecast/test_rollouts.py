"""Who is called when: the forecast beside the real rule, and what it may never say."""

from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.clockwork import LASTS_S, Clockwork, exactly

from queue_server.forecast.announcement import estimate
from queue_server.forecast.cycles import Cycles, History
from queue_server.forecast.rollouts import Habits, Newcomer, Rollouts, roll
from queue_server.forecast.sight import situation_of
from queue_server.forecast.situation import Break, Counsellor, Doing, Situation, Standing, Visit

NOW = 1_790_000_040.0
"""A whole minute and not a whole five."""
NOBODY_JUMPS_AHEAD = Habits(transfer_share=0.0)
SEEDS = st.integers(0, 2**32)


def counsellor(  # noqa: PLR0913 - whatever a test wants to say of somebody
    desk: str | None = "1",
    doing: Doing = Doing.READY,
    ago_min: float = 0.0,
    fields: tuple[str, ...] = ("work",),
    languages: tuple[str, ...] = ("fr",),
    *,
    back_in_min: float | None = None,
    break_in_min: float | None = None,
    ends_in_min: float = inf,
    stays: bool = False,
) -> Counsellor:
    return Counsellor(
        desk=desk,
        fields=fields,
        languages=languages,
        doing=doing,
        since=NOW - ago_min * 60,
        visit=Visit(fields[0], languages[0], NOW - 7200) if doing is Doing.SESSION else None,
        back_at=None if back_in_min is None else NOW + back_in_min * 60,
        breaks=() if break_in_min is None else (Break(NOW + break_in_min * 60, 1800.0),),
        ends_at=NOW + ends_in_min * 60,
        stays=stays,
    )


def standing(order: int, field: str = "work", *languages: str, desk: str | None = None) -> Standing:
    return Standing(
        ticket=f"W{order:03d}",
        key=NOW - 3600 + order,
        order=order,
        field=field,
        languages=languages or ("fr",),
        desk=desk,
    )


def situation(
    waiting: tuple[Standing, ...] = (), *counsellors: Counsellor, aside: tuple[Standing, ...] = ()
) -> Situation:
    return Situation(
        day="2026-09-15", version=7, now=NOW, waiting=waiting, counsellors=counsellors, aside=aside
    )


def played(now: Situation, habits: Habits = NOBODY_JUMPS_AHEAD, cycles: Cycles | None = None) -> Rollouts:
    newcomers = tuple(Newcomer(field, (language,)) for field in LASTS_S for language in ("fr", "nl", "en"))
    return roll(now, cycles or exactly(LASTS_S), habits, newcomers, rollouts=20)


def minutes(rolled: Rollouts, order: int = 1) -> float:
    """The wait of one who stands in line, where it is the same in all courses."""
    waits = rolled.waiting[f"W{order:03d}"]
    assert waits[0] == waits[-1]
    return waits[0] / 60


WORK_MIN = LASTS_S["work"] / 60


@given(SEEDS, st.integers(0, 40), st.integers(1, 90))
def test_with_known_durations_everybody_is_called_when_forecast_whoever_comes_later(
    seed: int, visitors: int, over_min: int
) -> None:
    hall = Clockwork(Random(seed))
    hall.come(visitors, over_min)
    now = situation_of(hall.queue, hall.now, None)
    rolled = roll(now, exactly(LASTS_S), NOBODY_JUMPS_AHEAD, rollouts=2)
    hall.come(10, 30)
    hall.work_until(inf)
    for code, waits in rolled.waiting.items():
        assert waits == pytest.approx([hall.called_at.get(code, inf) - now.now] * 2, abs=0.01)


@given(SEEDS, st.lists(st.sampled_from((0.0, 300.0, 900.0, 3600.0)), min_size=2, max_size=3, unique=True))
@settings(max_examples=30)
def test_a_newcomer_is_forecast_what_a_ticket_with_the_same_head_start_would_be(
    seed: int, head_starts_s: list[float]
) -> None:
    hall = Clockwork(Random(seed))
    hall.come(25, 45)
    now = situation_of(hall.queue, hall.now, None)
    newcomers = [
        Newcomer(field, (language,), ahead_s=ahead_s)
        for field in LASTS_S
        for language in ("fr", "nl", "en")
        for ahead_s in head_starts_s
    ]
    rolled = roll(now, exactly(LASTS_S), NOBODY_JUMPS_AHEAD, newcomers, rollouts=1)
    for one in newcomers:
        real = Standing(
            ticket="Z999", key=now.now - one.ahead_s, order=999, field=one.field, languages=one.languages
        )
        line = tuple(sorted((*now.waiting, real), key=lambda standing: (standing.key, standing.order)))
        beside = roll(replace(now, waiting=line), exactly(LASTS_S), NOBODY_JUMPS_AHEAD, rollouts=1)
        assert rolled.newcomers[one] == beside.waiting["Z999"]


@given(SEEDS)
@settings(max_examples=30)
def test_whoever_only_asks_changes_nobodys_turn(seed: int) -> None:
    hall = Clockwork(Random(seed))
    hall.come(25, 45)
    now = situation_of(hall.queue, hall.now, None)
    put_aside = replace(standing(999, "training", "fr", "nl"), key=now.now - 900, returns_at=now.now + 600)
    now = replace(now, aside=(put_aside,))
    asking = [Newcomer(field, ("fr", "nl"), ahead_s=ahead_s) for field in LASTS_S for ahead_s in (0.0, 600.0)]
    alone = roll(now, exactly(LASTS_S), NOBODY_JUMPS_AHEAD, rollouts=1)
    beside = roll(now, exactly(LASTS_S), NOBODY_JUMPS_AHEAD, asking, rollouts=1)
    assert beside.waiting == alone.waiting


@given(SEEDS)
def test_one_counsellor_more_makes_the_waits_of_all_together_no_longer(seed: int) -> None:
    hall = Clockwork(Random(seed))
    hall.come(25, 45)
    now = situation_of(hall.queue, hall.now, None)
    anybody = counsellor("9", Doing.READY, 0.0, tuple(LASTS_S), hall.centre.languages.all)
    helped = replace(now, counsellors=(*now.counsellors, replace(anybody, since=now.now)))
    alone, beside = (
        roll(one, exactly(LASTS_S), NOBODY_JUMPS_AHEAD, rollouts=1).waiting for one in (now, helped)
    )
    served = [code for code, waits in alone.items() if waits[0] < inf]
    assert sum(beside[code][0] for code in served) <= sum(alone[code][0] for code in served) + 0.01


@given(SEEDS, st.integers(1, 4), st.integers(1, 12))
def test_where_all_serve_the_same_one_counsellor_more_delays_nobody(
    seed: int, counsellors: int, waiting: int
) -> None:
    random = Random(seed)
    there = [
        counsellor(str(desk), Doing.SESSION, random.uniform(0, WORK_MIN))
        for desk in range(1, counsellors + 1)
    ]
    line = tuple(map(standing, range(1, waiting + 1)))
    one_more = counsellor("9", Doing.SESSION, random.uniform(0, WORK_MIN))
    alone, beside = (played(situation(line, *who)).waiting for who in (there, [*there, one_more]))
    assert all(beside[code][0] <= alone[code][0] + 0.01 for code in alone)


@given(SEEDS)
@settings(max_examples=30)
def test_quantiles_are_in_order_and_nobody_behind_in_a_cell_is_called_before(seed: int) -> None:
    hall = Clockwork(Random(seed))
    hall.come(30, 45)
    now = situation_of(hall.queue, hall.now, None)
    rolled = roll(now, Cycles(History(), LASTS_S, {}), NOBODY_JUMPS_AHEAD, rollouts=50)
    before: dict[object, list[float]] = {}
    for one in now.waiting:
        waits = rolled.waiting[one.ticket]
        ahead = before.get((one.field, one.languages), [0.0] * len(waits))
        assert all(first <= then for first, then in zip(ahead, waits, strict=True))
        before[one.field, one.languages] = waits
        found = estimate(waits, 0.9)
        assert found is None or 0 <= found.early_s <= found.middle_s <= found.upper_s


@given(SEEDS)
@settings(max_examples=30)
def test_a_newcomer_is_called_at_once_exactly_where_a_desk_is_ready(seed: int) -> None:
    hall = Clockwork(Random(seed))
    hall.come(12, 60)
    now = situation_of(hall.queue, hall.now, None)
    rolled = played(now, cycles=Cycles(History(), LASTS_S, {}))
    ready = [one for one in now.counsellors if one.doing is Doing.READY]
    served = now.counsellors
    for asks, waits in rolled.newcomers.items():
        assert (waits[-1] == 0) is any(one.covers(asks.field, asks.languages) for one in ready)
        assert (waits[0] == inf) is not any(one.covers(asks.field, asks.languages) for one in served)


@given(st.floats(0.0, 600.0), st.integers(1, 6))
@settings(max_examples=30)
def test_the_same_version_has_the_same_course_however_late_it_is_looked_at(
    later_s: float, waiting: int
) -> None:
    cycles = Cycles(History(), LASTS_S, {})
    comes = counsellor(None, Doing.TO_COME, back_in_min=15)
    here = situation(tuple(map(standing, range(1, waiting + 1))), comes)
    first, again = played(here, cycles=cycles), played(replace(here, now=NOW + later_s), cycles=cycles)
    for code, waits in first.waiting.items():
        assert [later_s + wait for wait in again.waiting[code]] == pytest.approx(waits, abs=0.01)


def test_another_version_is_played_anew() -> None:
    cycles = Cycles(History(), LASTS_S, {})
    here = situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=5))
    then = Situation(day=here.day, version=8, now=NOW, waiting=here.waiting, counsellors=here.counsellors)
    assert played(here, cycles=cycles).waiting != played(then, cycles=cycles).waiting


def test_of_two_who_are_ready_the_one_with_fewer_cells_is_called_to() -> None:
    rolled = played(
        situation(
            (standing(1), standing(2, "training")),
            counsellor("1", ago_min=5, fields=("work", "training")),
            counsellor("2", fields=("work",)),
        )
    )
    assert (minutes(rolled, 1), minutes(rolled, 2)) == (0, 0)


def test_of_equals_the_one_longest_idle_is_called_to() -> None:
    rolled = played(
        situation(
            (standing(1), standing(2, desk="1")),
            counsellor("1", ago_min=2),
            counsellor("2", ago_min=3),
        )
    )
    assert (minutes(rolled, 1), minutes(rolled, 2)) == (0, 0)


def test_a_session_counts_how_long_it_has_lasted() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=10)))
    assert abs(minutes(rolled) - (WORK_MIN - 10)) < 0.001


def test_a_ticket_for_one_desk_waits_for_that_desk_alone() -> None:
    rolled = played(
        situation((standing(1, desk="2"),), counsellor("1"), counsellor("2", Doing.SESSION, ago_min=4))
    )
    assert abs(minutes(rolled) - (WORK_MIN - 4)) < 0.001


def test_who_speaks_several_languages_is_called_in_the_first_that_is_free() -> None:
    rolled = played(
        situation(
            (standing(1, "work", "fr", "nl"),),
            counsellor("1", Doing.SESSION, ago_min=1),
            counsellor("2", languages=("nl",)),
        )
    )
    assert minutes(rolled) == 0


def test_a_break_that_has_come_is_taken_before_the_next_visitor() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=10, break_in_min=3)))
    assert abs(minutes(rolled) - (WORK_MIN - 10 + 30)) < 0.001


def test_a_break_that_is_still_to_come_delays_nobody_before_it() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=10, break_in_min=20)))
    assert abs(minutes(rolled) - (WORK_MIN - 10)) < 0.001


def test_nobody_is_called_in_the_last_minutes_of_a_shift() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=10, ends_in_min=16)))
    assert minutes(rolled) == inf
    assert estimate(rolled.waiting["W001"], 0.9) is None


def test_whoever_waits_for_visitors_takes_one_even_at_the_end_of_the_shift_or_in_a_break() -> None:
    assert minutes(played(situation((standing(1),), counsellor(ends_in_min=3)))) == 0
    assert minutes(played(situation((standing(1),), counsellor(break_in_min=-2)))) == 0


def test_who_stays_until_the_last_visitor_calls_after_the_shift() -> None:
    staying = counsellor(doing=Doing.SESSION, ago_min=10, ends_in_min=16, stays=True)
    assert abs(minutes(played(situation((standing(1),), staying))) - (WORK_MIN - 10)) < 0.001


def test_a_pause_lasts_as_long_as_planned() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.PAUSED, ago_min=10, back_in_min=35)))
    assert minutes(rolled) == 35


def test_a_pause_without_an_end_lasts_half_an_hour_in_all_and_five_minutes_more_at_least() -> None:
    assert minutes(played(situation((standing(1),), counsellor(doing=Doing.PAUSED, ago_min=10)))) == 20
    assert minutes(played(situation((standing(1),), counsellor(doing=Doing.PAUSED, ago_min=90)))) == 5


def test_whoever_writes_after_a_visitor_calls_soon_and_after_ten_minutes_is_taken_to_pause() -> None:
    assert minutes(played(situation((standing(1),), counsellor(doing=Doing.WRAP_UP, ago_min=1)))) == 2
    assert minutes(played(situation((standing(1),), counsellor(doing=Doing.WRAP_UP, ago_min=4)))) == 0
    assert minutes(played(situation((standing(1),), counsellor(doing=Doing.WRAP_UP, ago_min=10)))) == 20


def test_a_shift_that_begins_later_serves_from_then_on() -> None:
    rolled = played(situation((standing(1),), counsellor(None, Doing.TO_COME, ago_min=-45, back_in_min=45)))
    assert minutes(rolled) == 45


def test_whoever_is_not_expected_any_more_serves_nobody_and_the_others_go_on() -> None:
    given_up = counsellor(None, Doing.TO_COME, ago_min=90, back_in_min=inf)
    rests = counsellor(None, Doing.TO_COME, ago_min=90, back_in_min=inf, break_in_min=30)
    assert minutes(played(situation((standing(1),), given_up, rests))) == inf
    assert minutes(played(situation((standing(1),), given_up, rests, counsellor()))) == 0


def beside_one_put_aside(came_s_ago: float, returns_in_s: float) -> Rollouts:
    """One waits for the only desk, which is busy and has put aside another."""
    aside = Standing(
        ticket="W000",
        key=NOW - came_s_ago,
        order=0,
        field="work",
        languages=("fr",),
        desk="1",
        returns_at=NOW + returns_in_s,
    )
    busy = counsellor(doing=Doing.SESSION, ago_min=10)
    return played(situation((standing(1),), busy, aside=(aside,)))


def test_a_visitor_who_was_put_aside_comes_back_before_those_who_came_later() -> None:
    rolled = beside_one_put_aside(came_s_ago=5000, returns_in_s=60)
    assert abs(minutes(rolled) - (2 * WORK_MIN - 10)) < 0.001


def test_a_visitor_who_was_put_aside_until_later_does_not_hold_up_the_line() -> None:
    rolled = beside_one_put_aside(came_s_ago=5000, returns_in_s=900)
    assert abs(minutes(rolled) - (WORK_MIN - 10)) < 0.001


def test_whoever_is_sent_on_stands_before_those_who_came_later() -> None:
    always = Habits(transfer_share=1.0, shares={("work", "fr"): 1.0, ("training", "fr"): 1.0})
    here = situation(
        (standing(1),),
        counsellor("1", Doing.SESSION, ago_min=10, fields=("training", "work")),
    )
    sent_on_is_served_first = LASTS_S["training"] / 60 - 10 + WORK_MIN
    assert abs(minutes(played(here, always)) - sent_on_is_served_first) < 0.001


def test_visitors_with_priority_who_may_still_come_make_the_wait_longer() -> None:
    here = situation(
        tuple(standing(order) for order in range(1, 6)),
        counsellor("1", Doing.SESSION, ago_min=3),
        counsellor("2", Doing.SESSION, ago_min=9),
    )
    often = Habits(transfer_share=0.0, priority_per_s=1 / 120, head_start_s=7200.0)
    without, beside = played(here), played(here, often)
    assert sum(beside.waiting["W005"]) > sum(without.waiting["W005"])
    assert beside.waiting["W001"][0] >= without.waiting["W001"][0]


def test_whoever_was_put_aside_and_came_later_than_the_line_does_not_pass_it() -> None:
    rolled = beside_one_put_aside(came_s_ago=60, returns_in_s=60)
    assert abs(minutes(rolled) - (WORK_MIN - 10)) < 0.001
    (newcomer,) = {*rolled.newcomers[Newcomer("work", ("fr",))]}
    assert abs(newcomer / 60 - (3 * WORK_MIN - 10)) < 0.001


def test_a_break_that_begins_during_a_visit_still_to_come_delays_the_one_after_it() -> None:
    rolled = played(
        situation((standing(1), standing(2)), counsellor(doing=Doing.SESSION, ago_min=10, break_in_min=8))
    )
    assert abs(minutes(rolled, 1) - (WORK_MIN - 10)) < 0.001
    assert abs(minutes(rolled, 2) - (2 * WORK_MIN - 10 + 30)) < 0.001


def test_two_breaks_that_have_come_are_both_taken() -> None:
    busy = counsellor(doing=Doing.SESSION, ago_min=10)
    breaks = (Break(NOW + 60, 600.0), Break(NOW + 900, 300.0))
    rolled = played(situation((standing(1),), replace(busy, breaks=breaks)))
    assert abs(minutes(rolled) - (WORK_MIN - 10 + 15)) < 0.001


def test_a_newcomers_conversation_ends_before_the_counsellor_has_written() -> None:
    rolled = played(situation((standing(1),), counsellor(doing=Doing.SESSION, ago_min=10)))
    (ends,) = {*rolled.ends[Newcomer("work", ("fr",))]}
    assert abs(ends / 60 - (3 * WORK_MIN - 10 - 3)) < 0.001
