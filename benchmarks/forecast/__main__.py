"""python -m benchmarks.forecast: measures the forecasts, and writes the page."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks.forecast.contestants import OURS, PEERS
from benchmarks.forecast.page import page
from benchmarks.forecast.run import measure, steps
from walkin.processes import processors, progress_bar

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "forecast.md"


@click.command(context_settings={"show_default": True})
@click.option("--days", default=200, type=click.IntRange(1, 10_000), help="Measured days of each kind.")
@click.option("--every-min", default=5.0, type=click.FloatRange(1, 60), help="Minutes between two refreshes.")
@click.option("--processes", default=processors(), type=click.IntRange(1, 64), help="Days side by side.")
@click.option(
    "--out", "target", default=PAGE, type=click.Path(dir_okay=False, path_type=Path), show_default="the page"
)
def main(days: int, every_min: float, processes: int, target: Path) -> None:
    """Measure the forecasts of waits on simulated days, and write docs/reference/forecast.md."""
    contestants = (*PEERS, *OURS)
    with progress_bar(steps(contestants, days), "Days") as done:
        found = measure(contestants, days, every_min, done, processes=processes)
    machine = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = page(found, [each.name for each in OURS], days, every_min, machine)
    target.write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
