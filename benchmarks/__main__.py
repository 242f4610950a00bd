"""`make bench`: measures all, prints a table with the goals, rewrites docs/reference/performance.md."""

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path

import click
import msgspec

from benchmarks import alarms, calls, crowd, feedback, foreseeing, idle, loop, paper, starts, tickets, waiting
from benchmarks.processes import ROOT
from benchmarks.report import Run, page
from config.load import load

REAL_CONFIG = ROOT / "config" / "brussels.toml"
PAGE = ROOT / "docs" / "reference" / "performance.md"


async def measure() -> Run:
    """All measurements, one after the other, with a progress bar."""
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "centre.toml"
        text = REAL_CONFIG.read_text(encoding="utf-8")
        text = re.sub(r"^\[\[printers\]\].*?(?=^\[\[)", "", text, flags=re.DOTALL | re.MULTILINE)
        config.write_text(re.sub(r'^printer = ".*"$', "", text, flags=re.MULTILINE), encoding="utf-8")
        centre = load(config)
        counsellor = next(
            one.id for one in centre.counsellors if "training" in one.fields and "fr" in one.languages
        )
        with click.progressbar(length=11, label="measuring", file=sys.stderr) as bar:
            throughput, disk = await tickets.measure(config)
            bar.update(1)
            fan_out = [await calls.measure(config, counsellor, count) for count in calls.BOARDS]
            bar.update(1)
            cost = waiting.measure(centre)
            bar.update(1)
            footprint = await starts.measure(config, REAL_CONFIG)
            bar.update(1)
            held = await loop.measure(config)
            bar.update(1)
            printed = await paper.measure(REAL_CONFIG)
            bar.update(1)
            noticed = await alarms.measure(REAL_CONFIG)
            bar.update(1)
            crowds = await crowd.measure(config)
            bar.update(1)
            felt = await feedback.measure(config)
            bar.update(1)
            resting = await idle.measure(config)
            bar.update(1)
            foresight = await foreseeing.measure(config)
            bar.update(1)
    screens = (felt, resting)
    return Run(
        throughput, disk, fan_out, cost, footprint, held, printed, noticed, crowds, *screens, foresight
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(*, as_json: bool) -> None:
    """Measure, print, and rewrite the page."""
    run = asyncio.run(measure())
    written = page(run)
    PAGE.write_text(written, encoding="utf-8")
    click.echo(json.dumps(msgspec.to_builtins(run), indent=2) if as_json else written)


if __name__ == "__main__":
    main()
