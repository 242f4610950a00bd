"""Plays many seeds and says which of them broke a rule: make chaos SEEDS=200 FIRST=0."""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import click
from chaos.queue_stage import staged
from chaos.queue_world import play as play_queue
from chaos.sometimes import BRANCHES, QUEUE_BRANCHES, never_met
from chaos.starts import quiet_logs
from chaos.world import Report
from chaos.world import play as play_spooler

TOGETHER = 5
"""Seeds played side by side: most of a seed is waiting."""

Play = Callable[[int, Path], Awaitable[Report]]
KINDS: dict[str, tuple[Play, Sequence[str]]] = {
    "spooler": (play_spooler, BRANCHES),
    "queue": (play_queue, QUEUE_BRANCHES),
}
"""What is played, and what a long run of it meets."""


async def play_all(
    seeds: range, directory: Path, on_report: Callable[[Report], None], play: Play = play_spooler
) -> list[Report]:
    """Every seed, TOGETHER at a time; reports in the order of the seeds."""
    room = asyncio.Semaphore(TOGETHER)

    async def one(seed: int) -> Report:
        async with room:
            report = await play(seed, directory)
        on_report(report)
        return report

    return list(await asyncio.gather(*(one(seed) for seed in seeds)))


def met_by(reports: list[Report]) -> Counter[str]:
    """How often each fault, stop and outcome was met over all seeds."""
    return sum((Counter(report.met) for report in reports), Counter())


@click.command()
@click.option("--seeds", default=200, show_default=True, help="How many seeds to play.")
@click.option("--first", default=0, show_default=True, help="The first of them.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON on standard output.")
def main(seeds: int, first: int, as_json: bool) -> None:
    """Plays seeds of faults, once against the spooler alone and once against the queue with its paper.

    Exit code 1 when a rule was broken, or a long run has missed something.
    """
    quiet_logs()
    kinds: dict[str, list[Report]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="walkin-chaos-") as directory,
        click.progressbar(length=seeds * len(KINDS), label="chaos", file=sys.stderr) as bar,
        staged(),
    ):
        for name, (play, _) in KINDS.items():
            run = play_all(range(first, first + seeds), Path(directory), lambda _: bar.update(1), play)
            kinds[name] = asyncio.run(run)
    missing = [
        f"{name}: {branch}"
        for name, reports in kinds.items()
        for branch in never_met(met_by(reports), seeds, KINDS[name][1])
    ]
    if as_json:
        figures = {"seeds": seeds, "first": first, **_figures(kinds), "never_met": missing}
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        for name, reports in kinds.items():
            _tell(name, reports)
    failed = [(name, report) for name, reports in kinds.items() for report in reports if report.violations]
    for name, report in failed:
        click.echo(f"{name}, seed {report.seed}: {'; '.join(report.violations)}", err=True)
        click.echo(f"  once more: make chaos FIRST={report.seed} SEEDS=1", err=True)
    for branch in missing:
        click.echo(f"never met: {branch}", err=True)
    sys.exit(bool(failed or missing))


def _figures(kinds: dict[str, list[Report]]) -> dict[str, object]:
    return {
        name: {
            "failed": {report.seed: report.violations for report in reports if report.violations},
            "met": dict(sorted(met_by(reports).items())),
        }
        for name, reports in kinds.items()
    }


def _tell(name: str, reports: list[Report]) -> None:
    longest = max(report.seconds for report in reports)
    mean = sum(report.seconds for report in reports) / len(reports)
    click.echo(f"{name}:")
    for branch, times in sorted(met_by(reports).items()):
        click.echo(f"{times:6} {branch}")
    failed = sum(bool(report.violations) for report in reports)
    click.echo(f"{len(reports)} seeds, {failed} failed; {mean:.1f} s each, the longest {longest:.1f} s")


if __name__ == "__main__":
    main()
