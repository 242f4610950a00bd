"""Bugs stay found: their seeds are played on the program as it is, and each can be brought back."""

import ast
from pathlib import Path

import pytest
from regressions.bugs import BUGS, SIMULATED, Bug
from reliability.trials import TRIALS
from simulation.world import once
from support.broken import ROOT

each_bug = pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.was)


@each_bug
def test_the_place_that_brings_a_bug_back_stands_exactly_once_in_the_program(bug: Bug) -> None:
    assert (ROOT / bug.path).read_text(encoding="utf-8").count(bug.here) == 1
    assert bug.instead != bug.here


@each_bug
def test_a_bug_is_found_by_a_trial_and_pinned_by_a_test_that_exist(bug: Bug) -> None:
    assert bug.trial in {trial.name for trial in TRIALS}
    path, _, name = bug.pinned_by.partition("::")
    pinning = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    tests = [node.name for node in pinning.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert name in tests


SEEDS = {seed for bug in BUGS if bug.trial == SIMULATED for seed in (bug.seed, *bug.before)}


@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_a_seed_that_has_found_a_bug_breaks_no_rule_any_more(seed: int, tmp_path: Path) -> None:
    assert once(seed, tmp_path).violations == ()
