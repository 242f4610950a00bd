"""What a long run must have met: a fault that never struck, or a branch never taken, has proved nothing."""

from collections.abc import Mapping
from typing import get_args

from simulation.plan import STARTS, STEPS, Kind

from protocol.commands import AnyCommand
from queue_server.core.events import AnyEvent

SEEDS_FOR_EVERYTHING = 100
"""A run of so many seeds has met everything many times over."""
ELSEWHERE: Mapping[str, str] = {
    "DayRestored": "nobody puts a backup back in this world: the trials of backups on real files do",
}
"""Kinds of event that need not happen here, and why."""
EVENTS = tuple(kind.__name__ for kind in get_args(AnyEvent) if kind.__name__ not in ELSEWHERE)
BRANCHES = (
    *(str(kind) for kind in Kind),
    *(f"season: {season}" for season in STARTS),
    *(f"asked: {kind.__name__}" for kind in get_args(AnyCommand)),
    *(f"event: {name}" for name in EVENTS),
    *(f"{step} fails" for step in STEPS),
    "a date in doubt when the next day began",
    "the server ended by itself",
    "everybody came through",
    "unanswered questions",
    "questions asked again",
    "refusals",
    "calls rung",
    "calls rung again after a restart",
    "numbers given alone",
    "numbers given in doubt",
    "signed in again",
    "slips",
    "slips of kiosks alone",
    "days ended by reception",
    "days counted",
)


def never_met(met: Mapping[str, int], seeds: int) -> list[str]:
    """What a run of so many seeds should have met, and has not."""
    if seeds < SEEDS_FOR_EVERYTHING:
        return []
    return [branch for branch in BRANCHES if not met.get(branch)]
