"""Memory, and how long a start takes: empty, with a full day, with many past days."""

import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from benchmarks.load import answer, open_day, percentile, terminal, terminals, ticket_frame
from benchmarks.processes import walkin

EVENTS = 10_000
PAST_DAYS = 31
"""As many as a centre may keep; older ones are deleted."""
STARTS = 5


class Footprint(Struct):
    """Memory in MB, start in ms (median of several)."""

    idle_mb: float
    full_mb: float
    start_empty_ms: float
    start_full_ms: float
    start_past_ms: float


async def measure(config: Path, real_config: Path) -> Footprint:
    """Idle memory with the printers of the real configuration; the rest without paper."""
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        async with walkin(base / "idle", real_config) as server:
            async with terminal(server.url, "reception-1") as reception:
                await open_day(reception)
            idle_mb = server.resident_mb
        full_mb = await _fill(base / "full", config, EVENTS)
        shutil.copytree(base / "full", base / "past")
        await _fill(base / "half", config, EVENTS // 2)
        [day] = (base / "half" / "days").glob("*.db")
        await _add_past_days(base, config, day)
        return Footprint(
            idle_mb=idle_mb,
            full_mb=full_mb,
            start_empty_ms=await _start(base / "empty", config),
            start_full_ms=await _start(base / "full", config),
            start_past_ms=await _start(base / "past", config),
        )


async def _fill(directory: Path, config: Path, tickets: int) -> float:
    """A day of so many tickets that nobody calls; gives the memory that it took, MB."""
    async with walkin(directory, config) as server:
        async with terminal(server.url, "reception-1") as reception:
            await open_day(reception)
            async with terminals(server.url, ["kiosk-1"]) as [kiosk]:
                for _ in range(tickets):
                    await answer(kiosk, ticket_frame())
        return server.resident_mb


async def _add_past_days(base: Path, config: Path, day: Path) -> None:
    """Many files of earlier days, each of EVENTS once it has ended: its end cancels every ticket."""
    for number in range(PAST_DAYS):
        name = f"2025-{1 + number // 28:02d}-{1 + number % 28:02d}.db"
        shutil.copy(day, base / "past" / "days" / name)
    async with walkin(base / "past", config):
        pass  # every one of them is brought to its end once


async def _start(directory: Path, config: Path) -> float:
    took = []
    for _ in range(STARTS):
        async with walkin(directory, config) as server:
            took.append(server.started_in_s * 1e3)
    return percentile(took, 0.5)
