"""What a long run must have met: a fault that never struck has proved nothing."""

from collections.abc import Mapping, Sequence

from chaos.plan import Kind, Stop

from printers.job import JobState
from printers.outcome import Reason
from protocol.views import PrintState

SEEDS_FOR_EVERYTHING = 200
"""A run of so many seeds has met every branch many times over; a shorter one may miss a rare one."""
OUTCOMES = (
    (JobState.PRINTED, Reason.CONFIRMED),
    (JobState.PRINTED, Reason.COUNTED),
    (JobState.QUEUED, Reason.PAPER_OUT),
    (JobState.QUEUED, Reason.COVER_OPEN),
    (JobState.QUEUED, Reason.ERROR),
    (JobState.QUEUED, Reason.MUTE),
    (JobState.QUEUED, Reason.UNREACHABLE),
    (JobState.QUEUED, Reason.LINK_LOST),
    (JobState.QUEUED, Reason.COUNTED),
    (JobState.UNKNOWN, Reason.LINK_LOST),
    (JobState.UNKNOWN, Reason.UNREACHABLE),
    (JobState.UNKNOWN, Reason.MUTE),
    (JobState.UNKNOWN, Reason.DEADLINE),
    (JobState.OFFERED, Reason.UNCONFIRMED),
    (JobState.OFFERED, Reason.NO_COUNTER),
    (JobState.OFFERED, Reason.POWER),
    (JobState.DROPPED, None),
)
BRANCHES = (
    *(f"fault: {kind}" for kind in Kind),
    *(f"stop: {how}" for how in Stop),
    *(f"told: {state}, {reason}" for state, reason in OUTCOMES),
    "a spare stood in",
    "a torn piece was marked",
    "a copy was marked",
)


QUEUE_BRANCHES = (
    *(f"fault: {kind}" for kind in Kind),
    *(f"stop: {how}" for how in Stop),
    *(f"{how} with slips under way" for how in Stop),
    *(f"slip: {state}" for state in PrintState if state is not PrintState.QUEUED),
    "a cancelled ticket was taken back",
    "a copy was marked",
    "a copy was ordered",
    "a slip was offered to a visitor who waits",
    "a spare stood in",
    "a ticket was given and its order died with the server",
    "dropped before it was sent",
    "midnight with slips under way",
)


def never_met(met: Mapping[str, int], seeds: int, branches: Sequence[str] = BRANCHES) -> list[str]:
    """Branches that a run of so many seeds should have met and has not."""
    if seeds < SEEDS_FOR_EVERYTHING:
        return []
    return [branch for branch in branches if not met.get(branch)]
