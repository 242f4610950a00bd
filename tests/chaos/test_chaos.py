"""A few seeds of every run: nothing is lost, nothing comes out twice unmarked, nothing gets stuck."""

from pathlib import Path

import pytest
from chaos.__main__ import met_by, play_all
from chaos.judge import violations
from chaos.news import News
from chaos.plan import Kind, Stop, plan_of
from chaos.slips import DAY, LINE, LINES, Piece, job, plain
from chaos.sometimes import BRANCHES, SEEDS_FOR_EVERYTHING, never_met

from config.model import Printer
from printers.job import JobOutcome, JobState
from printers.outcome import Reason

SEEDS = range(30, 40)
"""Together they play every kind of fault and of stop."""


async def test_ten_seeds_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    reports = await play_all(SEEDS, tmp_path, lambda _: None)
    failed = {f"make chaos FIRST={one.seed} SEEDS=1": one.violations for one in reports if one.violations}
    assert not failed
    met = met_by(reports)
    assert [kind for kind in Kind if not met[f"fault: {kind}"]] == []
    assert [how for how in Stop if not met[f"stop: {how}"]] == []


def test_a_seed_is_one_plan() -> None:
    assert plan_of(7) == plan_of(7)
    assert plan_of(7) != plan_of(8)


def test_a_long_run_that_misses_a_branch_says_which() -> None:
    met = dict.fromkeys(BRANCHES, 1)
    assert never_met(met, SEEDS_FOR_EVERYTHING) == []
    assert never_met({**met, BRANCHES[0]: 0}, SEEDS_FOR_EVERYTHING) == [BRANCHES[0]]


# -- the judge must see what it is there to see

SLIP = plain(job(1).slip, Printer(name="printer-1")).body.decode().removeprefix("\x1b@\x1bt\x10").strip()
COPY = (
    plain(job(1, copy=2).slip, Printer(name="printer-1")).body.decode().removeprefix("\x1b@\x1bt\x10").strip()
)


def told(state: JobState, reason: Reason | None, copy: int = 1) -> JobOutcome:
    return JobOutcome(DAY, "K001", copy, "printer-1", state, reason)


PRINTED = told(JobState.PRINTED, Reason.CONFIRMED)
OFFERED = told(JobState.OFFERED, Reason.POWER)


@pytest.mark.parametrize(
    ("news", "paper", "dropped", "verdict"),
    [
        ([PRINTED], [SLIP], False, None),
        ([PRINTED], [SLIP, f"{SLIP}\n*** VOID / NON VALABLE ***"], False, None),
        ([PRINTED], [SLIP, SLIP], False, "came out 2 times"),
        ([PRINTED], [], False, "told printed"),
        ([PRINTED], [f"{SLIP}\n*** VOID / NON VALABLE ***"], False, "told printed"),
        ([PRINTED], [SLIP[: -len("end of K001")]], False, "told printed"),
        ([PRINTED], [f"ticket K002 copy 1\n{LINE}\n{SLIP}"], False, "neither one whole slip"),
        ([told(JobState.PRINTED, Reason.DEADLINE)], [SLIP], False, "because of deadline"),
        ([OFFERED], [SLIP], False, None),
        ([OFFERED], [], False, "on no paper at all"),
        ([told(JobState.OFFERED, Reason.LINK_LOST)], [SLIP], False, "left to a person"),
        ([told(JobState.DROPPED, None)], [], True, None),
        ([told(JobState.DROPPED, None)], [SLIP], True, "told dropped and came out"),
        ([PRINTED], [SLIP, COPY], False, "nobody asked for it"),
    ],
)
def test_the_judge_tells_right_from_wrong(
    news: list[JobOutcome], paper: list[str], dropped: bool, verdict: str | None
) -> None:
    heard = News()
    heard.told += news
    plan = next(plan for plan in map(plan_of, range(100)) if plan.machines[0].level == "counted")
    found = [Piece("printer-1", text) for text in paper]
    broken = violations(plan, heard, found, {("K001", 1): job(1)}, {"K001"} if dropped else set())
    assert (verdict is None and not broken) or any(verdict in rule for rule in broken if verdict)


def test_a_slip_of_the_chaos_run_is_long_enough_to_be_torn() -> None:
    assert SLIP.splitlines().count(LINE) == LINES
    assert "DUPLICATA" in COPY
    assert "DUPLICATA" not in SLIP
