"""Plays all trials in small counts: `make gate`."""

import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import click
import msgspec
from regressions.bugs import BUGS
from reliability.page import Book, added, page
from reliability.trial import Result, Trial
from reliability.trials import TRIALS

LOST, NOT_TRIED = 1, 3
Tries = Sequence[tuple[Trial, int]]
"""Trials and seeds."""
AT_ONCE = 2 * (os.cpu_count() or 1)
"""Tries at a time: most of them wait for clocks and disks for half of theirs."""


def once(name: str, seed: int) -> Result:
    """One try, in a directory of its own."""
    [trial] = (trial for trial in TRIALS if trial.name == name)
    met, lost, began_s = Counter[str](), "", time.monotonic()
    with tempfile.TemporaryDirectory(prefix="walkin-trial-", ignore_cleanup_errors=True) as directory:
        try:
            met = trial.play(seed, Path(directory))
        except Exception as found:  # noqa: BLE001 - whatever it is, it is the finding of this try
            error: BaseException = found
            while isinstance(error, BaseExceptionGroup):
                error = error.exceptions[0]
            where = traceback.extract_tb(error.__traceback__)[-1]
            lost = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
    return Result(name, seed, dict(met), lost, round(time.monotonic() - began_s, 1))


def play(tries: Tries) -> Iterator[Result]:
    """Every try, some at a time; results as they come."""
    with ProcessPoolExecutor(AT_ONCE) as processes:
        playing = [processes.submit(once, trial.name, seed) for trial, seed in tries]
        for done in as_completed(playing):
            yield done.result()


def not_met(trials: Sequence[Trial], results: Sequence[Result]) -> Iterator[str]:
    """What a trial that was tried often enough should have met, and has not: it proved nothing there."""
    for trial in trials:
        own = _of(trial, results)
        if own and len(own) >= trial.gate:
            met = {what for result in own for what, times in result.met.items() if times}
            yield from (f"{trial.name}: never met: {what}" for what in trial.meets if what not in met)


def named(names: Sequence[str]) -> list[Trial]:
    """The trials of these names or parts of names, all without any; a whole name means that one alone."""
    whole = {trial.name for trial in TRIALS} & {*names}
    parts = {*names} - whole
    return [
        trial
        for trial in TRIALS
        if not names or trial.name in whole or any(part in trial.name for part in parts)
    ]


def seeds(trial: Trial, counted: range) -> list[int]:
    """These, and then those that find a bug for sure."""
    return [*counted, *sorted({bug.seed for bug in BUGS if bug.trial == trial.name} - {*counted})]


@click.command()
@click.option("--only", "names", multiple=True, help="Only this trial, or those whose names hold this.")
@click.option("--tries", "count", type=int, help="So many tries of each instead.")
@click.option("--first", default=0, show_default=True, help="The first seed.")
@click.option("--json", "as_json", is_flag=True, help="The results as JSON on standard output.")
def main(*, names: tuple[str, ...], count: int | None, first: int, as_json: bool) -> None:
    """Try to lose a ticket in every way there is.

    Exit code 1 when something was lost or never met, 3 when a trial cannot be run on this machine.
    """
    chosen = named(names)
    missing = {trial.name: why for trial in chosen if (why := trial.missing())}
    tries = [
        (trial, seed)
        for trial in chosen
        if trial.name not in missing
        for seed in (
            seeds(trial, range(first, first + trial.gate)) if count is None else range(first, first + count)
        )
    ]
    results: list[Result] = []
    with click.progressbar(length=len(tries), label="trials", file=sys.stderr) as bar:
        for result in play(_mixed(tries)):
            results.append(result)
            bar.update(1)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(results), indent=2))
    else:
        book: Book = {}
        for trial in chosen:
            book = added(book, trial.name, _of(trial, results))
        click.echo(page(chosen, book, missing))
    tell_and_exit(results, [*not_met(chosen, results)], missing)


def _mixed(tries: Tries) -> Tries:
    """All trials go on together from first to last, those that wait beside those that reckon."""
    counts = Counter(trial.name for trial, _ in tries)
    begun = Counter[str]()

    def share(one: tuple[Trial, int]) -> float:
        name = one[0].name
        begun[name] += 1
        return begun[name] / (counts[name] + 1)

    return sorted(tries, key=share)


def _of(trial: Trial, results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.name == trial.name]


def tell_and_exit(results: Sequence[Result], proved_nothing: Sequence[str], missing: dict[str, str]) -> None:
    """Exit code 1 when something was lost or never met, 3 when a trial cannot be run on this machine."""
    lost = [result for result in results if result.lost]
    for result in sorted(lost, key=lambda one: (one.name, one.seed)):
        click.echo(f"{result.name}, seed {result.seed}: {result.lost}", err=True)
        click.echo(f"  once more: make gate ONLY='{result.name}' TRIES=1 FIRST={result.seed}", err=True)
    for line in proved_nothing:
        click.echo(line, err=True)
    for name, why in missing.items():
        click.echo(f"{name}: not tried, {why}", err=True)
    sys.exit(LOST if lost or proved_nothing else NOT_TRIED if missing else 0)


if __name__ == "__main__":
    main()
