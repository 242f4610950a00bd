"""Printers misbehave by seed while slips are printed, and the spooler, or the whole queue, is killed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from chaos.queue_stage import staged
from chaos.queue_world import play as play_queue
from chaos.starts import quiet_logs
from chaos.world import Report
from chaos.world import play as play_spooler
from reliability.trial import Trial

Play = Callable[[int, Path], Awaitable[Report]]
ENDS = ("fault", "stop", "told", "slip")
"""What the table tells of: all that is counted under these words."""


def spooler(seed: int, directory: Path) -> Counter[str]:
    """The spooler alone, told what to print."""
    return _played(play_spooler, seed, directory)


def queue(seed: int, directory: Path) -> Counter[str]:
    """The queue, its orders, and the spooler."""
    return _played(play_queue, seed, directory)


def _played(play: Play, seed: int, directory: Path) -> Counter[str]:
    quiet_logs()

    async def whole() -> Report:
        return await play(seed, directory)

    with staged():
        report = asyncio.run(whole())
    assert not report.violations, "; ".join(report.violations)
    met = Counter(report.met)
    for end in ENDS:
        met[f"{end}s"] = sum(times for what, times in report.met.items() if what.startswith(f"{end}: "))
    return met


NEVER = "a slip that is lost, comes out twice unmarked or for nobody, or has no end."
TRIALS = (
    Trial(
        name="paper",
        one_try="Simulated printers run out of paper, jam, fall silent, lose power, answers and lines while"
        " slips are printed, and the spooler is killed.",
        never=NEVER,
        gate=20,
        night=500,
        play=spooler,
        meets=("faults", "stops", "told: printed, confirmed"),
        shown={"faults": "faults", "stops": "ends of the spooler", "tolds": "news of slips"},
    ),
    Trial(
        name="paper of a queue",
        one_try="The same with the queue that orders the slips: tickets are served, cancelled and copied"
        " meanwhile, over midnight too.",
        never=NEVER,
        gate=20,
        night=500,
        play=queue,
        meets=("faults", "stops", "slip: printed"),
        shown={"faults": "faults", "stops": "ends of the spooler", "slips": "reports on slips"},
    ),
)
