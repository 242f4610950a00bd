"""The harness of the forecast: its figures mean what they say, and the peers' formulas are theirs."""

from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import replace
from support.planned import a_day, duty, visitor

from benchmarks.forecast import run
from benchmarks.forecast.contestants import PEERS, ZMS
from benchmarks.forecast.estimator import Contestant, Estimate, History
from benchmarks.forecast.judged import DayJudged, Judged, Window, judged
from benchmarks.forecast.page import Goal, goals, page
from benchmarks.forecast.peers import DayAverage, LastToEnter, Zms
from benchmarks.forecast.run import (
    CASES,
    CHUNK_DAYS,
    CROWD_COUNSELLORS,
    CROWD_WAITING,
    Case,
    Found,
    crowd,
    day_of_case,
    history_of,
    measure,
    steps,
)
from benchmarks.forecast.scores import Scores, scores_of
from walkin.planning.day import Visitor
from walkin.planning.policy import Policy
from walkin.planning.seen import Call, Cycle, Seen, Ticket, Waiting, Why
from walkin.planning.simulator import simulate

HISTORY = History(1, (), (Cycle("work", 30.0), Cycle("study", 20.0)), (Call(0.0, ("work", "fr"), 12.0),))
FIFO = Policy()


class Said:
    """An estimator that says what it was told to, and remembers how it was asked."""

    def __init__(self, first: Estimate | None, later: dict[float, Estimate] | None = None) -> None:
        self.first = first
        self.later = later or {}
        self.asked: list[str] = []

    def begins(self, seed: int) -> None:
        self.asked.append(f"day {seed}")

    def at(self, seen: Seen, visitor: Waiting) -> Estimate | None:
        assert visitor in seen.waiting
        self.asked.append(f"ticket {visitor.ticket}")
        return self.first

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        said = self.later.get(seen.now_min)
        return {} if said is None else {each.ticket: said for each in seen.waiting}

    def called(self, seen: Seen) -> None:
        assert seen.ticket
        self.asked.append(f"call {seen.ticket.ticket}")


def seen_at(minute: float, visitors: list[Visitor], *counsellors: str) -> Seen:
    """What is seen when the ticket of this minute is issued."""
    found: list[Seen] = []
    simulate(a_day(visitors, [duty(each) for each in counsellors]), FIFO, found.append)
    (one,) = (seen for seen in found if seen.now_min == minute and seen.why is Why.ISSUED)
    return one


def wait_said(estimate: Estimate | None) -> float:
    assert estimate is not None
    assert estimate.p50_min == estimate.upper_min
    return estimate.p50_min


def at(estimator: DayAverage | LastToEnter | Zms, seen: Seen) -> float:
    assert seen.ticket
    return wait_said(estimator.at(seen, seen.ticket))


def test_the_average_of_the_day_is_that_of_earlier_days_until_five_were_called() -> None:
    queue = [visitor(minute, session_min=10) for minute in range(6)]
    few = seen_at(20, [*queue[:2], visitor(20)], "a")
    assert at(DayAverage(HISTORY), few) == 12
    many = seen_at(70, [*queue, visitor(70)], "a")
    waited = [call.waited_min for call in many.calls]
    assert at(DayAverage(HISTORY), many) == sum(waited) / 6


BY_CELL = (Call(1, ("work", "fr"), 1.0), Call(2, ("work", "nl"), 2.0), Call(3, ("study", "fr"), 3.0))


def test_the_last_to_enter_is_of_the_same_cell_else_of_the_field_else_anybody() -> None:
    calls = (Call(0, ("work", "fr"), 9.0), *BY_CELL)
    seen = replace(seen_at(20, [visitor(0), visitor(20)], "a"), calls=calls)
    assert at(LastToEnter(HISTORY), seen) == 1
    assert at(LastToEnter(HISTORY), replace(seen, calls=BY_CELL[1:])) == 2
    assert at(LastToEnter(HISTORY), replace(seen, calls=BY_CELL[2:])) == 3
    assert at(LastToEnter(HISTORY), replace(seen, calls=())) == 12


def test_zms_counts_a_slot_for_each_place_in_the_line_whatever_is_asked_for() -> None:
    queue = [visitor(minute) for minute in range(6)]
    seen = seen_at(5, queue, "a", "b")  # two are served, three wait before this one
    assert at(Zms(HISTORY), seen) == (3 + 1) * 25 // 2
    one = seen_at(5, queue, "a")
    assert at(Zms(HISTORY), one) == (4 + 1) * 25


def test_a_refresh_takes_off_what_was_waited_but_not_of_zms() -> None:
    seen = replace(seen_at(5, [visitor(minute) for minute in range(6)], "a"), calls=())
    assert [each.p50_min for each in DayAverage(HISTORY).refresh(seen).values()] == [8, 9, 10, 11, 12]
    assert [each.p50_min for each in Zms(HISTORY).refresh(seen).values()] == [25, 50, 75, 100, 125]


def test_only_first_tickets_that_had_to_wait_are_judged_and_calls_are_told_in_their_order() -> None:
    said = Said(Estimate(10.0, 20.0))
    found = judged(a_day([visitor(0), visitor(3)], [duty("a")], seed=7), FIFO, said, None)
    assert found.visitors == (Judged(20.0, said.first, worsened=False),)
    assert said.asked == ["day 7", "ticket 0", "call 0", "ticket 1", "call 1"]


@pytest.mark.parametrize(
    ("later", "worsened"),
    [
        ({}, False),
        ({5.0: Estimate(14.0, 40.0)}, False),  # probably called at 19: the window until 20 is kept
        ({5.0: Estimate(16.0, 20.0)}, False),  # probably at 21: a new window, until 25
        ({5.0: Estimate(16.0, 25.0)}, True),
    ],
    ids=["never refreshed", "kept", "by five minutes", "by ten minutes"],
)
def test_a_promise_is_worse_when_its_end_is_put_off_by_ten_minutes(
    later: dict[float, Estimate], worsened: bool
) -> None:
    said = Said(Estimate(10.0, 18.0), later)
    (one,) = judged(a_day([visitor(0), visitor(2)], [duty("a")]), FIFO, said, 5.0).visitors
    assert one.worsened is worsened


def test_a_window_comes_forward_only_by_a_quarter_of_an_hour() -> None:
    window = Window.announced(0.0, Estimate(31.0, 44.0))
    assert (window.begin_min, window.end_min) == (30, 45)
    window.refreshed(5.0, Estimate(20.0, 30.0))
    assert window.end_min == 45
    window.refreshed(6.0, Estimate(10.0, 24.0))
    assert (window.begin_min, window.end_min) == (15, 30)
    assert not window.worsened


def test_scores_are_over_those_who_were_told_a_number() -> None:
    told = Estimate(20.0, 30.0, 12.0, 28.0)
    day = DayJudged(
        visitors=(
            Judged(10.0, told, worsened=False),
            Judged(24.0, told, worsened=True),
            Judged(36.0, told, worsened=False),
            Judged(90.0, None, worsened=False),
        ),
        at_s=(0.001, 0.003),
        refresh_s=(),
    )
    assert scores_of([day]) == Scores(
        visitors=4,
        without_number=0.25,
        waited_mean_min=40.0,
        mae_min=10.0,
        rmse_min=pytest.approx(((100 + 16 + 256) / 3) ** 0.5),
        bias_min=pytest.approx(-10 / 3),
        near=pytest.approx(2 / 3),
        covered=pytest.approx(1 / 3),
        late=pytest.approx(1 / 3),
        worsened=0.25,
        at_ms=pytest.approx(2.0),
        refresh_ms=0.0,
    )


def test_a_formula_of_one_number_covers_nothing() -> None:
    day = DayJudged((Judged(10.0, Estimate(9.0, 9.0), worsened=False),), (), ())
    assert scores_of([day]).covered is None


def test_the_crowd_is_as_large_as_its_name_says() -> None:
    seen = crowd()
    assert len(seen.waiting) == CROWD_WAITING
    assert len(seen.desks) == CROWD_COUNSELLORS


@pytest.fixture
def short_history(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    history_of.cache_clear()
    monkeypatch.setattr(run, "HISTORY_DAYS", 5)
    yield
    history_of.cache_clear()


class Counting:
    """Learns one thing, how many days it has seen, and says it."""

    def __init__(self, history: History) -> None:
        assert history.days
        self.days = 0

    def begins(self, seed: int) -> None:
        assert seed >= 0
        self.days += 1

    def at(self, seen: Seen, visitor: Waiting) -> Estimate:
        del seen, visitor
        return Estimate(float(self.days), float(self.days))

    def refresh(self, seen: Seen) -> Mapping[Ticket, Estimate]:
        del seen
        return {}

    def called(self, seen: Seen) -> None:
        del seen


@pytest.mark.usefixtures("short_history")
def test_an_estimator_learns_on_days_before_the_measured_ones_and_every_chunk_begins_there() -> None:
    told: list[None] = []
    learning = Contestant(name="counts", made=Counting, learns_days=2)
    (found,) = measure((learning,), 2 * CHUNK_DAYS, 5.0, lambda: told.append(None), processes=1)
    assert len(told) == steps((learning,), 2 * CHUNK_DAYS) == 4 * (1 + 2)
    for case in CASES:
        scores = found.scores[case.name]
        said_mean = scores.bias_min + scores.waited_mean_min
        assert 3 < said_mean < 6  # its days three to seven, twice; were it three to twelve, it would be more


@pytest.mark.usefixtures("short_history")
def test_the_measured_days_are_the_same_for_everybody_and_none_is_of_the_history() -> None:
    case = Case("normal", messy=True)
    assert day_of_case(case, 3) == day_of_case(case, 3)
    history = history_of(case)
    assert history.days == 5
    assert len(history.calls) > 50 * history.days
    assert history.cycle_mean_min == pytest.approx(30, abs=6)


def scores(**changed: float) -> Scores:
    found = Scores(
        visitors=100,
        without_number=0.0,
        waited_mean_min=30.0,
        mae_min=5.0,
        rmse_min=8.0,
        bias_min=0.0,
        near=0.8,
        covered=0.8,
        late=0.1,
        worsened=0.1,
        at_ms=1.0,
        refresh_ms=2.0,
    )
    return replace(found, **changed)


def found_of(name: str, scored: Scores, crowd_ms: float = 10.0) -> Found:
    contestant = Contestant(name=name, made=Zms)
    return Found(contestant, {case.name: scored for case in CASES}, crowd_ms)


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, 0),
        ({"mae_min": 6.0}, 2),  # 0.6 of ZMS: too much on clean days
        ({"mae_min": 7.0}, 4),
        ({"near": 0.69}, 2),
        ({"covered": 0.72}, 2),
        ({"covered": 0.9}, 2),
        ({"covered": 0.6}, 4),
        ({"late": 0.07}, 4),
        ({"late": 0.13}, 4),
        ({"worsened": 0.18}, 2),
        ({"worsened": 0.21}, 4),
    ],
)
def test_goals_are_missed_where_they_are_missed(changed: dict[str, float], missed: int) -> None:
    zms = found_of(ZMS.name, scores(mae_min=10.0))
    found = list(goals(found_of("ours", scores(**changed)), zms))
    assert sum(not goal.met for goal in found) == missed


def test_a_slow_estimator_misses_the_goal_of_time() -> None:
    zms = found_of(ZMS.name, scores(mae_min=10.0))
    late = [goal for goal in goals(found_of("ours", scores(), 21.0), zms) if not goal.met]
    assert [goal.found for goal in late] == [21.0]


def test_a_goal_says_in_words_what_is_wanted() -> None:
    assert Goal("", 0, 0.55).wanted == "≤ 0.55"
    assert Goal("", 0, 100, 70, " %").wanted == "≥ 70 %"
    assert Goal("", 0, 85, 75, " %").wanted == "75 to 85 %"


def test_the_page_has_every_estimator_in_every_table_and_goals_for_ours_alone() -> None:
    found = [*(found_of(each.name, scores(mae_min=10.0)) for each in PEERS), found_of("ours", scores())]
    text = page(found, ["ours"], 200, 5.0, "a machine")
    assert text.count("| ours | 5.0 | 8.0 | +0.0 | 80 % | 80 % | 10 % | 10 % | 0 % |") == len(CASES)
    assert all(text.count(f"| {each.name} |") == len(CASES) + 1 for each in PEERS)
    assert text.count("## Goals of") == 1
    assert "**no**" not in text
    assert "## Goals" not in page(found, [], 200, 5.0, "a machine")
