"""What the last days teach: how long visitors take, what they ask for, how far promises were kept."""

from collections import defaultdict

from config.model import Centre
from config.roster import Cell
from protocol.ids import FieldId
from queue_server.core.legs import LegEnd
from queue_server.core.past import HALF_MINUTE_S, Recent
from queue_server.forecast.announcement import LEVEL_FIRST, level_after
from queue_server.forecast.cycles import CYCLES_KEPT, History
from queue_server.forecast.rollouts import Habits

SESSIONS_ENOUGH = 50
"""Sessions after which the share of those that are sent on is learned, and no guess any more."""
TRANSFER_GUESS = 0.05
LATE_KEPT = 2000
"""Newest promises that move the level of the upper bound."""
_SECONDS_PER_MINUTE = 60


def history_of(recent: Recent) -> History:
    """The newest cycles of every field, in seconds."""
    cycles: defaultdict[FieldId, list[float]] = defaultdict(list)
    for cycle in recent.cycles:
        cycles[cycle.field].append(cycle.half_minutes * HALF_MINUTE_S)
    return History({field: tuple(lasted[-CYCLES_KEPT:]) for field, lasted in cycles.items()})


def habits_of(recent: Recent, centre: Centre) -> Habits:
    """What visitors ask for, how often they are sent on, and how many come with priority."""
    shares: defaultdict[Cell, float] = defaultdict(float)
    for (field, languages), count in recent.asked.items():
        spoken = languages.split("+")
        for language in spoken:
            shares[field, language] += count / len(spoken)
    sent_on = recent.ends.get(LegEnd.TRANSFERRED, 0)
    sessions = sent_on + recent.ends.get(LegEnd.SERVED, 0)
    open_s = recent.open_half_minutes * HALF_MINUTE_S
    return Habits(
        shares=dict(shares),
        transfer_share=sent_on / sessions if sessions >= SESSIONS_ENOUGH else TRANSFER_GUESS,
        priority_per_s=recent.priority / open_s if open_s else 0.0,
        head_start_s=centre.rules.priority_head_start_min * _SECONDS_PER_MINUTE,
    )


def limits_of(centre: Centre) -> dict[FieldId, float]:
    """Time limit of a session of each field, in seconds."""
    return {field.id: field.session_limit_min * float(_SECONDS_PER_MINUTE) for field in centre.fields}


def level_of(recent: Recent) -> float:
    """The level of the upper bound after all promises of the last days, late or not."""
    return level_after(LEVEL_FIRST, recent.late[-LATE_KEPT:])
