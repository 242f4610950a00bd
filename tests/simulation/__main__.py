"""Plays many seeds of a whole centre in virtual time: make simulate SEEDS=300 FIRST=0."""

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click
from simulation.sometimes import never_met
from simulation.world import Report, once

MEMORY = Path("/dev/shm")
"""Where there is one: no seed waits for a real disk, since what a disk does is the seed's own."""


def play_all(seeds: Sequence[int]) -> Iterator[Report]:
    """Every seed, one process for each core; reports in the order of the seeds."""
    place = MEMORY if MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="walkin-simulation-", dir=place) as directory,
        ProcessPoolExecutor(os.cpu_count()) as processes,
    ):
        yield from processes.map(partial(once, directory=Path(directory)), seeds)


@click.command()
@click.option("--seeds", default=300, show_default=True, help="How many seeds to play.")
@click.option("--first", default=0, show_default=True, help="The first of them.")
@click.option("--seed", "named", multiple=True, type=int, help="This seed instead; may be said again.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON on standard output.")
def main(seeds: int, first: int, named: tuple[int, ...], as_json: bool) -> None:
    """Plays seeds of faults against a whole centre.

    Exit code 1 when a rule was broken, or a long run has missed something.
    """
    reports = []
    chosen = named or range(first, first + seeds)
    with click.progressbar(length=len(chosen), label="simulate", file=sys.stderr) as bar:
        for report in play_all(chosen):
            reports.append(report)
            bar.update(1)
    met: Counter[str] = sum((Counter(report.met) for report in reports), Counter())
    missing = never_met(met, len(chosen))
    failed = [report for report in reports if report.violations]
    if as_json:
        figures = {
            "seeds": len(chosen),
            "first": chosen[0],
            "failed": {report.seed: report.violations for report in failed},
            "met": dict(sorted(met.items())),
            "never_met": missing,
            "hashes": {report.seed: report.hash for report in reports},
        }
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        for branch, times in sorted(met.items()):
            click.echo(f"{times:7} {branch}")
        click.echo(f"{len(reports)} seeds, {len(failed)} failed")
    for report in failed:
        click.echo(f"seed {report.seed}: {'; '.join(report.violations)}", err=True)
        click.echo(f"  once more: make simulate FIRST={report.seed} SEEDS=1", err=True)
    for branch in missing:
        click.echo(f"never met: {branch}", err=True)
    sys.exit(bool(failed or missing))


if __name__ == "__main__":
    main()
