"""A run as goals and as a page of the reference."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from benchmarks import alarms, calls, crowd, feedback, foreseeing, idle, loop, paper, starts, tickets, waiting
from benchmarks.foreseeing import AS_SET_MS, REFRESH_MS_MAX
from queue_server.forecast.rollouts import ROLLOUTS


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
    disk: tickets.Commits
    fan_out: list[calls.FanOut]
    cost: waiting.Cost
    footprint: starts.Footprint
    held: loop.Steps
    paper: paper.Paper
    alarms: list[alarms.Alarm]
    crowds: list[crowd.Crowd]
    feedback: list[feedback.Feedback]
    """The bare button's first."""
    idle: list[idle.Idle]
    foreseeing: foreseeing.Foreseeing

    def goals(self) -> list[Goal]:
        """What was promised, and what was found."""
        one, many = self.throughput[0], self.throughput[-1]
        found = [
            Goal(
                "durable tickets/s with 32 connections, of the echo rate", many.ratio, 0.5, "x", at_least=True
            ),
            Goal(
                "one connection: p99 of an issue, of echo p99 + commit p99",
                one.issue_p99_ms / (one.echo_p99_ms + self.disk.commit_p99_ms),
                3,
                "x",
            ),
        ]
        found += [
            Goal(
                f"call to the last of {fan.boards} boards: p99, of bare fan-out p99 + commit p99",
                fan.call_p99_ms / (fan.bare_p99_ms + fan.commit_p99_ms),
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
                f"start with {starts.PAST_DAYS} past days, of a start with one day",
                foot.start_past_ms / foot.start_full_ms,
                1.2,
                "x",
            ),
            Goal("longest step of the event loop, processor time", self.held.median.longest_ms, 5, "ms"),
            Goal(
                "a terminal comes and has its ticket amid a crowd of strangers' lines, of the same alone",
                max(found.times for found in self.crowds),
                4,
                "x",
            ),
            Goal(
                "a printer's trouble until it stands at reception, the slowest",
                max(max(alarm.idle_s, alarm.in_slip_s) for alarm in self.alarms),
                5,
                "s",
            ),
        ]
        return found + self._of_foresight() + self._of_screens()

    def _of_foresight(self) -> list[Goal]:
        """The same of the forecast."""
        found = self.foreseeing
        return [
            Goal(
                "issue with forecasting, 80 waiting, 20 counsellors: p99, of the same without",
                found.issue_p99_ms / found.blind_issue_p99_ms,
                1.5,
                "x",
            ),
            Goal(
                "call with forecasting, 80 waiting, 20 counsellors: p99, of the same without",
                found.call_p99_ms / found.blind_call_p99_ms,
                1.5,
                "x",
            ),
            Goal(
                "one refresh, 40 waiting, 20 counsellors, 200 rollouts",
                found.refresh_ms,
                REFRESH_MS_MAX,
                "ms",
            ),
            Goal(
                f"the same, of the least that {ROLLOUTS} rollouts can be",
                found.refresh_ms / found.bare_ms,
                REFRESH_MS_MAX / AS_SET_MS,
                "x",
            ),
        ]

    def _of_screens(self) -> list[Goal]:
        """The same of what people stand before."""
        bare, *ours = self.feedback
        return [
            Goal(
                f"first feedback to a tap: {one.what}, after a bare button",
                one.frames_above(bare),
                2,
                "frames",
            )
            for one in ours
        ] + [Goal(f"processor, {one.screen} that nobody touches", one.percent, 1, "%") for one in self.idle]


def page(run: Run) -> str:
    """The run as Markdown."""
    return "\n".join(
        [
            *_goals(run),
            "",
            *_throughput(run),
            "",
            *_fan_out(run),
            "",
            *_alarms(run),
            "",
            *_crowds(run),
            "",
            *_feedback(run),
            "",
            *_foreseeing(run),
            "",
            *_rest(run),
            "",
        ]
    )


def _goals(run: Run) -> Iterator[str]:
    yield "# Performance"
    yield ""
    yield "Written by `make bench`: the server beside its limits on the same machine, interleaved in one run."
    yield f"Last run {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()},"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL)."
    yield ""
    yield "| goal | found | limit | met |"
    yield "|---|---|---|---|"
    for goal in run.goals():
        limit = f"{'≥' if goal.at_least else '≤'} {goal.limit:.3g} {goal.unit}"
        yield f"| {goal.what} | {goal.found:.2f} {goal.unit} | {limit} | {'yes' if goal.met else '**no**'} |"


def _throughput(run: Run) -> Iterator[str]:
    yield "| connections | tickets/s | echoes/s | issue p50 / p99 ms | echo p50 / p99 ms |"
    yield "|---|---|---|---|---|"
    for found in run.throughput:
        issue = f"{found.issue_p50_ms:.2f} / {found.issue_p99_ms:.2f}"
        echo = f"{found.echo_p50_ms:.2f} / {found.echo_p99_ms:.2f}"
        rates = f"{found.tickets_per_s:.0f} | {found.echoes_per_s:.0f}"
        yield f"| {found.connections} | {rates} | {issue} | {echo} |"


def _fan_out(run: Run) -> Iterator[str]:
    yield "| boards | call to the last board p50 / p99 ms | bare fan-out p50 / p99 ms | commit p99 ms |"
    yield "|---|---|---|---|"
    for found in run.fan_out:
        call = f"{found.call_p50_ms:.2f} / {found.call_p99_ms:.2f}"
        bare = f"{found.bare_p50_ms:.2f} / {found.bare_p99_ms:.2f}"
        yield f"| {found.boards} | {call} | {bare} | {found.commit_p99_ms:.2f} |"


def _alarms(run: Run) -> Iterator[str]:
    yield f"A printer's trouble until it stands at reception, the slowest of {alarms.ROUNDS}:"
    yield ""
    yield "| printer on | trouble | idle: s | in a slip: s |"
    yield "|---|---|---|---|"
    for found in run.alarms:
        yield f"| {found.way} | {found.trouble} | {found.idle_s:.1f} | {found.in_slip_s:.1f} |"


def _crowds(run: Run) -> Iterator[str]:
    yield "Until a terminal has come and has its ticket, as the median, while others open lines:"
    yield ""
    yield "| lines | of strangers that are | alone: ms | amid them: ms |"
    yield "|---|---|---|---|"
    for found in run.crowds:
        yield f"| {found.lines} | {found.kind} | {found.alone_ms:.1f} | {found.amid_ms:.1f} |"


def _feedback(run: Run) -> Iterator[str]:
    yield "From the bytes of a tap on a terminal to the first that change the screen, in turn in one run:"
    yield ""
    yield "| tapped | p50 ms | p99 ms |"
    yield "|---|---|---|"
    for found in run.feedback:
        yield f"| {found.what} | {found.p50_ms:.1f} | {found.p99_ms:.1f} |"


def _foreseeing(run: Run) -> Iterator[str]:
    found = run.foreseeing
    yield "With 80 who wait and 20 at work, a refresh under way with each command, in turn in one run:"
    yield ""
    yield "| command | with forecasting p50 / p99 ms | without p50 / p99 ms |"
    yield "|---|---|---|"
    issue = f"{found.issue_p50_ms:.2f} / {found.issue_p99_ms:.2f}"
    yield f"| issue | {issue} | {found.blind_issue_p50_ms:.2f} / {found.blind_issue_p99_ms:.2f} |"
    call = f"{found.call_p50_ms:.2f} / {found.call_p99_ms:.2f}"
    yield f"| call | {call} | {found.blind_call_p50_ms:.2f} / {found.blind_call_p99_ms:.2f} |"
    yield ""
    yield f"The least that {ROLLOUTS} rollouts can be (forty, one after the other, to whoever is free"
    yield f"first, and nothing else) takes {found.bare_ms:.1f} ms here. The goal of"
    yield f"{REFRESH_MS_MAX:.0f} ms was set for a processor on which that takes about {AS_SET_MS} ms;"
    yield "a slower one can only keep the share."


def _rest(run: Run) -> Iterator[str]:
    disk, cost, foot, slip = run.disk, run.cost, run.footprint, run.paper
    held = run.held.median
    yield f"- Disk: {disk.commits_per_s:.0f} commits/s (p50 {disk.commit_p50_ms:.2f} ms, p99"
    yield f"  {disk.commit_p99_ms:.2f} ms); {disk.rows_per_s_in_groups_of_32:.0f} rows/s in groups of 32."
    yield f"- Core: issue {cost.issue_few_us:.1f} µs with 10 waiting, {cost.issue_many_us:.1f} µs with"
    yield f"  10,000; call {cost.call_few_us:.1f} µs and {cost.call_many_us:.1f} µs."
    yield f"- Memory: {foot.idle_mb:.0f} MB idle, {foot.full_mb:.0f} MB after 10,000 tickets."
    yield f"- Start: {foot.start_empty_ms:.0f} ms empty, {foot.start_full_ms:.0f} ms with a day of 10,000"
    yield f"  events, {foot.start_past_ms:.0f} ms with {starts.PAST_DAYS} such days before it."
    yield f"- Event loop with 10,000 waiting: {held.steps} steps, p50 {held.p50_ms:.3f} ms,"
    yield f"  p99.9 {held.p999_ms:.2f} ms, longest {held.longest_ms:.2f} ms of processor time"
    yield f"  (median of {len(run.held.rounds)} rounds), {held.longest_by_clock_ms:.2f} ms by the clock;"
    yield f"  a program that only looks at the clock was interrupted for {run.held.bare_gap_ms:.2f} ms."
    yield f"- Paper: from the tap to the first byte at the printer {slip.first_byte_p50_ms:.1f} ms (p99"
    yield f"  {slip.first_byte_p99_ms:.1f}), to the first byte of the slip {slip.slip_p50_ms:.1f} ms (p99"
    yield f"  {slip.slip_p99_ms:.1f}); a bare connection with one byte there and back takes"
    yield f"  {slip.bare_p50_ms:.2f} ms (p99 {slip.bare_p99_ms:.2f})."
    yield "- Left behind: 142 tickets/s with 19 of 400 numbers given twice, and 1.2 s from a call to the"
    yield "  display, as measured on existing systems."
