"""A whole centre in virtual time, in every run of the tests; make simulate plays many more seeds."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from simulation.disk import Committed
from simulation.judge import Model
from simulation.mutants import MUTANTS, Mutant
from simulation.nights import Nights, Setting
from simulation.plan import Kind, Plan, plan_of
from simulation.sometimes import BRANCHES, ELSEWHERE, SEEDS_FOR_EVERYTHING, never_met
from simulation.world import once
from support.broken import ROOT
from support.centre import MORNING, ZONE, minutes

from protocol.views import CallReason
from queue_server.core import events as e
from queue_server.log_port import Record

SEEDS = 8


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_centre_in_which_much_goes_wrong_breaks_no_rule(seed: int, tmp_path: Path) -> None:
    assert once(seed, tmp_path).violations == ()


def test_a_seed_is_one_execution_whatever_the_order_of_sets() -> None:
    def hashes(hash_seed: str) -> dict[str, str]:
        command = (sys.executable, "-m", "simulation", "--seeds", "4", "--first", "10", "--json")
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONHASHSEED": hash_seed}
        played = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        found: dict[str, str] = json.loads(played.stdout)["hashes"]
        return found

    assert hashes("1") == hashes("2")


def test_a_plan_is_made_by_its_seed_alone() -> None:
    assert plan_of(7) == plan_of(7)
    assert plan_of(7) != plan_of(8)


def test_a_long_run_that_missed_a_fault_says_so_and_a_short_one_does_not() -> None:
    everything = dict.fromkeys(BRANCHES, 1)
    assert not never_met(everything, SEEDS_FOR_EVERYTHING)
    assert never_met({**everything, "cable out": 0}, SEEDS_FOR_EVERYTHING) == ["cable out"]
    assert not never_met({}, SEEDS_FOR_EVERYTHING - 1)


def test_every_kind_of_event_has_to_happen_but_those_that_are_named() -> None:
    kinds = {kind.__name__ for kind in get_args(e.AnyEvent)}
    assert set(ELSEWHERE) < kinds
    assert {branch for branch in BRANCHES if branch.startswith("event: ")} == {
        f"event: {kind}" for kind in kinds - set(ELSEWHERE)
    }


def cannot_open_its_day(plan: Plan) -> bool:
    killed = {fault.at_s for fault in plan.faults if fault.kind is Kind.SERVER_KILLED}
    return any(fault.whom == "opening" and fault.at_s in killed for fault in plan.faults)


@pytest.mark.parametrize("first", range(0, 10_000, SEEDS_FOR_EVERYTHING))
def test_in_any_hundred_seeds_servers_start_that_cannot_open_their_day(first: int) -> None:
    plans = map(plan_of, range(first, first + SEEDS_FOR_EVERYTHING))
    assert sum(map(cannot_open_its_day, plans)) >= 3


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_place_of_each_mutant_stands_exactly_once_in_the_program(mutant: Mutant) -> None:
    assert (ROOT / mutant.path).read_text(encoding="utf-8").count(mutant.here) == 1


OPEN = e.DeskOpened(desk="1", counsellor="staff-ar", fields=("training",), languages=("fr",))
TWO = e.DeskOpened(desk="2", counsellor="staff-tr", fields=("training",), languages=("fr",))


def issued(number: int) -> e.TicketIssued:
    return e.TicketIssued(
        ticket=f"T{number:03d}",
        number=number,
        field="training",
        languages=("fr",),
        screen_language="fr",
        ahead=0,
    )


def called(ticket: str, desk: str, call: int) -> e.TicketCalled:
    return e.TicketCalled(ticket=ticket, desk=desk, call=call, how="next", reason=CallReason.LONGEST_WAIT)


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ((OPEN, TWO, issued(1), called("T001", "1", 1), called("T001", "2", 2)), "called while called"),
        ((OPEN, issued(1), issued(2), called("T001", "1", 1), called("T002", "1", 2)), "and had T001"),
        ((OPEN, issued(1), issued(2), called("T002", "1", 1)), "before ['T001']"),
        ((OPEN, e.DeskReadied("1"), issued(1)), "is ready and ['T001'] wait"),
        ((issued(1), e.ServingStarted("T001", "1")), "came while waiting"),
        ((issued(1), e.DayEnded()), "the day ended with ['T001']"),
        ((e.DayEnded(), issued(1)), "came after the end"),
    ],
    ids=lambda what: what if isinstance(what, str) else "",
)
def test_the_judge_sees_what_may_never_happen(day: tuple[e.AnyEvent, ...], complaint: str) -> None:
    records = [
        Record(MORNING + minutes(number), "server", f"command-{number:08d}", 0, event)
        for number, event in enumerate(day)
    ]
    assert any(complaint in found for found in Model("2026-09-15").violations(records))


def nights_of(*settings: Setting, starts_s: tuple[float, ...] = (0.0,)) -> Nights:
    """Of a world that begins a minute before midnight."""
    return Nights(datetime(2026, 9, 15, 23, 59, tzinfo=ZONE), settings, starts_s)


def ended_at(seconds: float) -> list[Committed]:
    return [
        Committed(
            seconds, "2026-09-15", [Record(MORNING, "server:server", "end:2026-09-15", 0, e.DayEnded())]
        )
    ]


AN_HOUR_ON = Setting(at_s=20.0, before_s=0.0, after_s=3600.0)


def test_a_day_that_ends_as_soon_as_the_clock_was_set_on_over_midnight_is_a_violation() -> None:
    assert list(nights_of(AN_HOUR_ON).violations(ended_at(25.0)))


@pytest.mark.parametrize(
    ("nights", "seconds"),
    [
        pytest.param(nights_of(), 60.5, id="midnight"),
        pytest.param(nights_of(AN_HOUR_ON), 60.5, id="midnight by the time that went by"),
        pytest.param(nights_of(AN_HOUR_ON, starts_s=(0.0, 30.0)), 31.0, id="a start that believes the clock"),
        pytest.param(nights_of(Setting(20.0, 0.0, 60.0)), 25.0, id="a correction"),
    ],
)
def test_a_day_may_end_by(nights: Nights, seconds: float) -> None:
    assert not list(nights.violations(ended_at(seconds)))


def test_the_judge_knows_when_visitors_came_to_the_microsecond() -> None:
    """Both came in the same one: seconds since 1970 in a float put the second before the first."""
    model = Model("2026-09-15")
    for code, at_us, waited_s in (("T910", 9_247_328, 9.987098556665345), ("W910", 16_388_477, 17.128248)):
        issued = e.TicketIssued(
            ticket=code,
            number=910,
            field="work",
            languages=("en",),
            screen_language="en",
            ahead=0,
            priority=False,
            head_start_s=0,
            kiosk=None,
            waited_s=waited_s,
        )
        at = datetime(2026, 9, 15, 10, 1, tzinfo=ZONE) + timedelta(microseconds=at_us)
        model._play(Record(at, "kiosk-1", code, 0, issued))
    first, second = model._tickets.values()
    assert first.key_us == second.key_us
    assert first.rank < second.rank
