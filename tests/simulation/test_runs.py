"""A run of seeds, or of broken programs, that ends badly says so, and how to see it again."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from simulation import __main__ as simulate
from simulation import mutants
from simulation.mutants import MUTANTS
from simulation.sometimes import BRANCHES, SEEDS_FOR_EVERYTHING
from simulation.world import Report

EVERYTHING = dict.fromkeys(BRANCHES, 1)


def played(
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
    broken: Sequence[int] = (),
    met: dict[str, int] = EVERYTHING,
) -> SimpleNamespace:
    """A run in which these seeds break a rule, and each meets this."""

    def play_all(seeds: Sequence[int]) -> Iterator[Report]:
        return (Report(seed, ("T001 was lost",) * (seed in broken), met, "hash") for seed in seeds)

    monkeypatch.setattr(simulate, "play_all", play_all)
    run = CliRunner().invoke(simulate.main, words)
    return SimpleNamespace(status=run.exit_code, said=run.stderr)


def test_a_seed_that_breaks_a_rule_fails_the_run_and_says_how_to_play_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = played(monkeypatch, "--seeds", "3", "--first", "40", broken=(41,))
    assert run.status == 1
    assert "seed 41: T001 was lost\n  once more: make simulate FIRST=41 SEEDS=1\n" in run.said
    assert "FIRST=40" not in run.said


def test_a_long_run_that_never_met_something_fails_and_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    met = {**EVERYTHING, "cable out": 0}
    run = played(monkeypatch, "--seeds", str(SEEDS_FOR_EVERYTHING), met=met)
    assert run.status == 1
    assert "never met: cable out\n" in run.said
    assert played(monkeypatch, "--seeds", "3", met=met).status == 0


def test_a_run_in_which_all_is_well_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert played(monkeypatch, "--seeds", str(SEEDS_FOR_EVERYTHING)).status == 0


@pytest.mark.parametrize(
    ("seed", "loud", "status", "said"),
    [
        pytest.param(7, [], 0, f"seed    7  {MUTANTS[0].name}", id="found"),
        pytest.param(None, [], 1, f"not found  {MUTANTS[0].name}", id="not noticed"),
        pytest.param(7, [7], 1, "seed 7 finds something in the program as it is", id="proves nothing"),
    ],
)
def test_a_broken_program_has_to_be_found_by_a_seed_that_finds_nothing_in_the_program_as_it_is(
    seed: int | None, loud: list[int], status: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "BROKEN", MUTANTS[:1])
    monkeypatch.setattr(mutants, "found_by", lambda _: seed)
    monkeypatch.setattr(mutants, "_failing", lambda _place, _seeds: loud)
    run = CliRunner().invoke(mutants.main)
    assert run.exit_code == status
    assert said in run.output
