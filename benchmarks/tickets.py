"""Durable tickets a second beside the bare echo, and what one visitor waits at the kiosk."""

import tempfile
from pathlib import Path

from msgspec import Struct

from benchmarks.disk import Disk
from benchmarks.load import lines, open_day, percentile, rate, terminal, terminals, ticket_frame
from benchmarks.processes import BARE, running, walkin

CONNECTIONS = (1, 8, 32)
ROUNDS = 4
SECONDS = 2.0


class Throughput(Struct):
    """One number of connections, ours and bare, interleaved."""

    connections: int
    tickets_per_s: float
    echoes_per_s: float
    issue_p50_ms: float
    issue_p99_ms: float
    echo_p50_ms: float
    echo_p99_ms: float

    @property
    def ratio(self) -> float:
        """Share of the bare echo rate."""
        return self.tickets_per_s / self.echoes_per_s


class Commits(Struct):
    """Raw transactions."""

    commits_per_s: float
    commit_p50_ms: float
    commit_p99_ms: float
    rows_per_s_in_groups_of_32: float


async def measure(config: Path) -> tuple[list[Throughput], Commits]:
    """Both servers side by side, round by round, with the disk in between."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        async with walkin(data / "data", config) as ours, running(*BARE) as bare:
            async with terminal(ours.url, "reception-1") as reception:
                await open_day(reception)
            return await _rounds(ours.url, bare.url, data)


async def _rounds(ours: str, bare: str, data: Path) -> tuple[list[Throughput], Commits]:
    disk = Disk(data / "raw.db")
    rates: dict[tuple[str, int], list[float]] = {}
    times: dict[tuple[str, int], list[float]] = {}
    single: list[float] = []
    grouped: list[float] = []
    for _ in range(ROUNDS):
        for count in CONNECTIONS:
            async with lines(bare, count) as connections:
                reached, took = await rate(connections, ticket_frame, SECONDS)
            rates.setdefault(("bare", count), []).append(reached)
            times.setdefault(("bare", count), []).extend(took)
            async with terminals(ours, ["kiosk-1"] * count) as connections:
                reached, took = await rate(connections, ticket_frame, SECONDS)
            rates.setdefault(("ours", count), []).append(reached)
            times.setdefault(("ours", count), []).extend(took)
        single += disk.commits(1, SECONDS / 2)
        grouped += disk.commits(32, SECONDS / 2)
    disk.close()
    found = [
        Throughput(
            connections=count,
            tickets_per_s=_mean(rates["ours", count]),
            echoes_per_s=_mean(rates["bare", count]),
            issue_p50_ms=percentile(times["ours", count], 0.5) * 1e3,
            issue_p99_ms=percentile(times["ours", count], 0.99) * 1e3,
            echo_p50_ms=percentile(times["bare", count], 0.5) * 1e3,
            echo_p99_ms=percentile(times["bare", count], 0.99) * 1e3,
        )
        for count in CONNECTIONS
    ]
    raw = Commits(
        commits_per_s=len(single) / sum(single),
        commit_p50_ms=percentile(single, 0.5) * 1e3,
        commit_p99_ms=percentile(single, 0.99) * 1e3,
        rows_per_s_in_groups_of_32=32 * len(grouped) / sum(grouped),
    )
    return found, raw


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
