"""Whole centres in virtual time, played again with sets in another order; broken programs they find."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from regressions.bugs import SIMULATED
from reliability.trial import Trial
from simulation.mutants import BROKEN, found_by
from simulation.plan import Kind
from simulation.sometimes import BRANCHES
from simulation.world import once
from support.broken import ROOT

MEMORY = Path("/dev/shm")
"""Where there is one: no seed waits for a real disk, since what a disk does is the seed's own."""


def a_day(seed: int, directory: Path) -> Counter[str]:
    """A seed's day."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else directory) as place:
        report = once(seed, Path(place))
    assert not report.violations, "; ".join(report.violations)
    faults = sum(report.met.get(str(kind), 0) for kind in Kind)
    return Counter(report.met) + Counter(faults=faults)


def a_day_twice(seed: int, _: Path) -> Counter[str]:
    """A seed's day in two processes that walk sets in different orders."""
    hashes = [_hash_of(seed, salt) for salt in ("1", "2")]
    assert hashes[0] == hashes[1], f"seed {seed} is two executions"
    return Counter(equal=1)


def _hash_of(seed: int, salt: str) -> str:
    played = subprocess.run(
        (sys.executable, "-m", "simulation", "--seeds", "1", "--first", str(seed), "--json"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONHASHSEED": salt},
        capture_output=True,
        check=True,
    )
    found: str = json.loads(played.stdout)["hashes"][str(seed)]
    return found


def a_broken_program(seed: int, _: Path) -> Counter[str]:
    """The mutant or bug of this number is played until something is lost."""
    one = BROKEN[seed % len(BROKEN)]
    assert found_by(one) is not None, f"nobody noticed: {one.name}"
    return Counter(found=1)


TRIALS = (
    Trial(
        name=SIMULATED,
        one_try="A whole centre in virtual time: processes, disk, network, clock and printer fail.",
        never="anything that the simulated centre's judge names: see [how faults are looked for]"
        "(../explanation/simulation.md).",
        gate=300,
        night=10_000,
        play=a_day,
        meets=BRANCHES,
        shown={
            "faults": "faults",
            "event: TicketIssued": "tickets",
            "calls rung": "calls rung",
            "slips": "slips",
            "numbers given alone": "numbers given alone",
        },
    ),
    Trial(
        name="simulated days, played twice",
        one_try="The same seed in two processes with different orders of sets.",
        never="two executions of one seed.",
        gate=3,
        night=100,
        play=a_day_twice,
        shown={"equal": "twice the same"},
    ),
    Trial(
        name="broken programs",
        one_try="One of the programs that are broken in one place is played seed by seed, or a bug that these"
        " trials have found once is brought back and played with its seeds.",
        never="one that keeps every rule for fifty seeds; a bug that its seeds do not find, in five tries on"
        " real processes.",
        gate=len(BROKEN),
        night=len(BROKEN),
        play=a_broken_program,
        by_place=True,
    ),
)
