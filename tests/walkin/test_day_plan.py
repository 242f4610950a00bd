import subprocess
import sys
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.load import load
from config.model import Centre
from walkin.day.plan import Coming, DayPlan, plan_day
from walkin.day.roster import CLOSES_MIN, OPENS_MIN, covered, offered

CONFIG = Path(__file__).parents[2] / "config"
BRUSSELS = load(CONFIG / "brussels.toml")
CHARLEROI = load(CONFIG / "charleroi.toml")

seeds = st.integers(0, 2**32)
centres = st.sampled_from([BRUSSELS, CHARLEROI])


def official(centre: Centre) -> set[tuple[str, str]]:
    return {(field.id, language) for field in centre.fields for language in centre.languages.official}


@pytest.fixture(scope="module")
def year() -> list[DayPlan]:
    return [plan_day(BRUSSELS, seed, 250) for seed in range(60)]


@given(seed=seeds, centre=centres, visitors=st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_gives_the_same_day(seed: int, centre: Centre, visitors: int) -> None:
    assert plan_day(centre, seed, visitors) == plan_day(centre, seed, visitors)


def test_the_same_seed_gives_the_same_day_in_another_process() -> None:
    code = (
        "from pathlib import Path; from config.load import load; from walkin.day.plan import plan_day;"
        f"plan = plan_day(load(Path({str(CONFIG / 'brussels.toml')!r})), 7, 250);"
        "print(plan.visitors, [(s.desk, s.counsellor, s.breaks) for s in plan.shifts], plan.elsewhere)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": salt},
            cwd=CONFIG.parent,
            check=True,
            capture_output=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(outputs) == 1


@given(seed=seeds, centre=centres, visitors=st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_somebody_is_there_for_every_field_in_every_official_language_all_day(
    seed: int, centre: Centre, visitors: int
) -> None:
    shifts = plan_day(centre, seed, visitors).shifts
    for minute in range(OPENS_MIN, CLOSES_MIN):
        assert official(centre) <= covered(shifts, minute)


@given(seed=seeds, centre=centres)
@settings(max_examples=25, deadline=None)
def test_nobody_is_at_two_desks_and_no_desk_has_two_counsellors(seed: int, centre: Centre) -> None:
    shifts = plan_day(centre, seed, 250).shifts
    counsellors = [shift.counsellor for shift in shifts]
    assert len(set(counsellors)) == len(counsellors)
    for minute in range(OPENS_MIN, CLOSES_MIN, 15):
        desks = [shift.desk for shift in shifts if shift.from_min <= minute < shift.until_min]
        assert len(set(desks)) == len(desks)
        assert set(desks) <= {desk.id for desk in centre.desks}


@given(seed=seeds, centre=centres)
@settings(max_examples=25, deadline=None)
def test_a_counsellor_works_in_their_own_fields_and_languages(seed: int, centre: Centre) -> None:
    for shift in plan_day(centre, seed, 250).shifts:
        known = centre.counsellor(shift.counsellor)
        assert shift.cells == {(field, language) for field in known.fields for language in known.languages}


@given(seed=seeds, centre=centres)
@settings(max_examples=25, deadline=None)
def test_every_visitor_asks_for_what_somebody_stays_for(seed: int, centre: Centre) -> None:
    plan = plan_day(centre, seed, 250)
    cells = offered(plan.shifts)
    for visitor in plan.visitors:
        for leg in visitor.legs:
            assert any((leg.field, language) in cells for language in visitor.languages)
        assert OPENS_MIN <= visitor.arrives_min <= CLOSES_MIN
        assert visitor.kiosk in {kiosk.name for kiosk in centre.kiosks}


@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_a_session_keeps_near_the_limit_of_its_field(seed: int) -> None:
    for visitor in plan_day(BRUSSELS, seed, 250).visitors:
        for leg in visitor.legs:
            assert 2 <= leg.session_min <= 1.3 * BRUSSELS.field(leg.field).session_limit_min


def test_every_visitor_is_counted_once(year: list[DayPlan]) -> None:
    for plan in year:
        assert len(plan.visitors) + sum(plan.elsewhere.values()) == 250


def test_about_115_of_250_visitors_come_for_an_interview(year: list[DayPlan]) -> None:
    assert 112 <= mean(len(plan.visitors) for plan in year) <= 118
    assert all(85 <= len(plan.visitors) <= 145 for plan in year)


def test_about_one_interview_in_ten_is_in_dutch(year: list[DayPlan]) -> None:
    shares = [mean(visitor.languages == ("nl",) for visitor in plan.visitors) for plan in year]
    assert 0.08 <= mean(shares) <= 0.12


def test_some_visitors_take_either_language_and_some_another_one(year: list[DayPlan]) -> None:
    languages = {visitor.languages for plan in year for visitor in plan.visitors}
    assert {("fr",), ("nl",), ("fr", "nl"), ("nl", "fr"), ("en",)} <= languages


def test_arrivals_peak_before_noon_and_again_in_the_afternoon(year: list[DayPlan]) -> None:
    arrivals = [visitor.arrives_min / 60 for plan in year for visitor in plan.visitors]

    def between(first: int, last: int) -> int:
        return sum(first <= hour < last for hour in arrivals)

    assert between(10, 12) > between(14, 16) > between(12, 14) > between(9, 10)
    assert between(16, 18) < between(9, 10)


def test_a_few_in_a_hundred_do_not_come_are_sent_on_or_need_priority(year: list[DayPlan]) -> None:
    visitors = [visitor for plan in year for visitor in plan.visitors]
    missing = {Coming.NEVER, Coming.RETURNS, Coming.LAST_MOMENT}
    assert 0.04 <= mean(visitor.coming in missing for visitor in visitors) <= 0.09
    assert 0.06 <= mean(len(visitor.legs) > 1 for visitor in visitors) <= 0.10
    assert 0.01 <= mean(visitor.priority for visitor in visitors) <= 0.05
    assert {visitor.coming for visitor in visitors} == set(Coming)


def test_most_counsellors_who_are_there_all_day_have_lunch(year: list[DayPlan]) -> None:
    for plan in year:
        whole = [shift for shift in plan.shifts if shift.stays]
        lunches = sum(any(pause.reason == "lunch" for pause in shift.breaks) for shift in whole)
        assert lunches >= len(whole) / 2
