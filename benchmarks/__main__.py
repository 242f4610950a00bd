"""`make bench`: measures all, prints a table with the goals, rewrites docs/reference/performance.md."""

import asyncio
import json
import platform
import re
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from benchmarks import calls, loop, starts, tickets, waiting
from benchmarks.processes import ROOT
from config.load import load

REAL_CONFIG = ROOT / "config" / "brussels.toml"
PAGE = ROOT / "docs" / "reference" / "performance.md"


class Goal(Struct):
    """One line of the table."""

    what: str
    found: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


class Run(Struct):
    """Everything measured in one run."""

    throughput: list[tickets.Throughput]
    disk: tickets.Disk
    fan_out: list[calls.FanOut]
    cost: waiting.Cost
    footprint: starts.Footprint
    held: loop.Held

    def goals(self) -> list[Goal]:
        """What was promised, and what was found."""
        one, many = self.throughput[0], self.throughput[-1]
        disk_ms = self.disk.commit_p99_ms
        found = [
            Goal(
                "durable tickets/s with 32 connections, of the echo rate", many.ratio, 0.5, "x", at_least=True
            ),
            Goal(
                "one connection: p99 of an issue, of echo p99 + commit p99",
                one.issue_p99_ms / (one.echo_p99_ms + disk_ms),
                3,
                "x",
            ),
        ]
        found += [
            Goal(
                f"call to the last of {fan.boards} boards: p99, of bare fan-out p99 + commit p99",
                fan.call_p99_ms / (fan.bare_p99_ms + disk_ms),
                4,
                "x",
            )
            for fan in self.fan_out[:2]
        ]
        cost, foot = self.cost, self.footprint
        found += [
            Goal("issue at 10,000 waiting, of issue at 10", cost.issue_many_us / cost.issue_few_us, 1.2, "x"),
            Goal("call at 10,000 waiting, of call at 10", cost.call_many_us / cost.call_few_us, 1.2, "x"),
            Goal("memory idle", foot.idle_mb, 60, "MB"),
            Goal("memory after 10,000 tickets", foot.full_mb, 100, "MB"),
            Goal(
                "start with a day of 10,000 events, of an empty start",
                foot.start_full_ms / foot.start_empty_ms,
                3,
                "x",
            ),
            Goal(
                "start with 250 past days, of a start with one day",
                foot.start_past_ms / foot.start_full_ms,
                1.2,
                "x",
            ),
            Goal("longest step of the event loop", self.held.longest_ms, 5, "ms"),
        ]
        return found


async def measure() -> Run:
    """All measurements, one after the other, with a progress bar."""
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "centre.toml"
        text = REAL_CONFIG.read_text(encoding="utf-8")
        text = re.sub(r"\[\[printers\]\].*?(?=\[\[)", "", text, flags=re.DOTALL)
        config.write_text(re.sub(r'^printer = ".*"$', "", text, flags=re.MULTILINE), encoding="utf-8")
        centre = load(config)
        counsellor = next(
            one.id for one in centre.counsellors if "training" in one.fields and "fr" in one.languages
        )
        with click.progressbar(length=5, label="measuring", file=sys.stderr) as bar:
            throughput, disk = await tickets.measure(config)
            bar.update(1)
            fan_out = await calls.measure(config, counsellor)
            bar.update(1)
            cost = waiting.measure(centre)
            bar.update(1)
            footprint = await starts.measure(config, REAL_CONFIG)
            bar.update(1)
            held = await loop.measure(config)
            bar.update(1)
    return Run(throughput, disk, fan_out, cost, footprint, held)


def page(run: Run) -> str:
    """The run as a page of the reference."""
    lines = [
        "# Performance",
        "",
        "Written by `make bench`: the server beside its limits on the same machine, interleaved in one run.",
        f"Last run {datetime.now(UTC):%Y-%m-%d}: Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},",
        f"{platform.machine()}, WAL with synchronous=FULL.",
        "",
        "| goal | found | limit | met |",
        "|---|---|---|---|",
    ]
    for goal in run.goals():
        sign = "≥" if goal.at_least else "≤"
        lines.append(
            f"| {goal.what} | {goal.found:.2f} {goal.unit} | {sign} {goal.limit} {goal.unit} | {'yes' if goal.met else '**no**'} |"
        )
    lines += [
        "",
        "| connections | tickets/s | echoes/s | issue p50 / p99 ms | echo p50 / p99 ms |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {t.connections} | {t.tickets_per_s:.0f} | {t.echoes_per_s:.0f} | {t.issue_p50_ms:.2f} / {t.issue_p99_ms:.2f} | {t.echo_p50_ms:.2f} / {t.echo_p99_ms:.2f} |"
        for t in run.throughput
    ]
    lines += [
        "",
        "| boards | call to the last board p50 / p99 ms | bare fan-out p50 / p99 ms |",
        "|---|---|---|",
    ]
    lines += [
        f"| {f.boards} | {f.call_p50_ms:.2f} / {f.call_p99_ms:.2f} | {f.bare_p50_ms:.2f} / {f.bare_p99_ms:.2f} |"
        for f in run.fan_out
    ]
    disk, cost, foot, held = run.disk, run.cost, run.footprint, run.held
    lines += [
        "",
        f"- Disk: {disk.commits_per_s:.0f} commits/s (p50 {disk.commit_p50_ms:.2f}, p99 {disk.commit_p99_ms:.2f} ms); "
        f"{disk.rows_per_s_in_groups_of_32:.0f} rows/s in groups of 32.",
        f"- Core: issue {cost.issue_few_us:.1f} µs with 10 waiting, {cost.issue_many_us:.1f} µs with 10,000; "
        f"call {cost.call_few_us:.1f} and {cost.call_many_us:.1f} µs.",
        f"- Memory: {foot.idle_mb:.0f} MB idle, {foot.full_mb:.0f} MB after 10,000 tickets.",
        f"- Start: {foot.start_empty_ms:.0f} ms empty, {foot.start_full_ms:.0f} ms with a day of 10,000 events, "
        f"{foot.start_past_ms:.0f} ms with 250 such days before it.",
        f"- Event loop, 10,000 waiting: {held.steps} steps, p50 {held.p50_ms:.3f}, p99.9 {held.p999_ms:.2f}, "
        f"longest {held.longest_ms:.2f} ms.",
        "- To leave behind: 142 tickets/s with 19 of 400 numbers given twice, and 1.2 s from call to display "
        "(measured on existing systems).",
        "",
    ]
    return "\n".join(lines)


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
