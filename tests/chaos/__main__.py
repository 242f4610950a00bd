"""Plays many seeds and says which of them broke a rule: make chaos SEEDS=200 FIRST=0."""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click
from chaos.sometimes import never_met
from chaos.world import Report, play

TOGETHER = 4
"""Seeds played side by side: most of a seed is waiting."""


async def play_all(seeds: range, directory: Path, on_report: Callable[[Report], None]) -> list[Report]:
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
    """Plays seeds of faults against the real spooler; exit code 1 when a rule of paper was broken."""
    with (
        tempfile.TemporaryDirectory(prefix="walkin-chaos-") as directory,
        click.progressbar(length=seeds, label="chaos", file=sys.stderr) as bar,
    ):
        reports = asyncio.run(play_all(range(first, first + seeds), Path(directory), lambda _: bar.update(1)))
    failed = [report for report in reports if report.violations]
    met = met_by(reports)
    missing = never_met(met, seeds)
    if as_json:
        figures = {
            "seeds": seeds,
            "first": first,
            "failed": {report.seed: report.violations for report in failed},
            "never_met": missing,
            "met": dict(sorted(met.items())),
        }
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        _tell(reports, met)
    for report in failed:
        click.echo(f"seed {report.seed}: {'; '.join(report.violations)}", err=True)
        click.echo(f"  once more: make chaos FIRST={report.seed} SEEDS=1", err=True)
    for branch in missing:
        click.echo(f"never met: {branch}", err=True)
    sys.exit(bool(failed or missing))


def _tell(reports: list[Report], met: Counter[str]) -> None:
    longest = max(report.seconds for report in reports)
    mean = sum(report.seconds for report in reports) / len(reports)
    for branch, times in sorted(met.items()):
        click.echo(f"{times:6} {branch}")
    failed = sum(bool(report.violations) for report in reports)
    click.echo(f"{len(reports)} seeds, {failed} failed; {mean:.1f} s each, the longest {longest:.1f} s")


if __name__ == "__main__":
    main()
