"""What a long run must have met: a fault that never struck, or a branch never taken, has proved nothing."""

from collections.abc import Mapping

from simulation.plan import STARTS, STEPS, Kind

SEEDS_FOR_EVERYTHING = 100
"""A run of so many seeds has met everything many times over."""
EVENTS = (
    "DayOpened",
    "DayEnded",
    "TicketIssued",
    "NumbersReserved",
    "TicketCalled",
    "TicketRecalled",
    "ServingStarted",
    "TicketFinished",
    "TicketMissed",
    "TicketReinstated",
    "TicketTransferred",
    "TicketParked",
    "TicketCancelled",
    "PrioritySet",
    "ActionUndone",
    "DeskOpened",
    "DeskClosed",
    "DeskReadied",
    "DeskPaused",
    "DeskResumed",
    "MessagePosted",
    "SlipRequested",
    "SlipReported",
)
BRANCHES = (
    *(str(kind) for kind in Kind),
    *(f"season: {season}" for season in STARTS),
    *(f"event: {name}" for name in EVENTS),
    *(f"{step} fails" for step in STEPS),
    "a date in doubt when the next day began",
    "the server ended by itself",
    "everybody came through",
    "unanswered questions",
    "questions asked again",
    "refusals",
    "calls rung",
    "numbers given alone",
    "numbers given in doubt",
    "signed in again",
    "slips",
)


def never_met(met: Mapping[str, int], seeds: int) -> list[str]:
    """What a run of so many seeds should have met, and has not."""
    if seeds < SEEDS_FOR_EVERYTHING:
        return []
    return [branch for branch in BRANCHES if not met.get(branch)]
