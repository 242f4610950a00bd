"""Decisions about many tickets in a short time: no more of this kiosk, an alarm, and what comes of it."""

from collections.abc import Iterable
from datetime import datetime

from config.model import Rules
from protocol import commands as c
from protocol.ids import DeviceName, FieldId, TicketCode
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.bursts import ALL_FIELDS
from queue_server.core.events import (
    BURST,
    AnyEvent,
    BurstDismissed,
    BurstNoticed,
    TicketCancelled,
    TicketIssued,
)
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Queue

BURST_SHARE = 0.5
"""More than this share of a limit is a burst. Reception hears of it while the kiosk still gives tickets: a
family of six stays below it in its field, and so does the busiest hour of 250 visitors at one kiosk."""
SECONDS_PER_MINUTE = 60


def too_many(queue: Queue, kiosk: DeviceName, field: FieldId, context: Context) -> Refusal | None:
    """Why this kiosk gives no ticket of this field now, if it has given too many."""
    rules = context.centre.rules
    window_s = _window_s(rules, context.now)
    for of, limit in ((field, rules.tickets_per_field_max), (ALL_FIELDS, rules.tickets_per_kiosk_max)):
        if queue.bursts.count(kiosk, of, *window_s) >= limit:
            return Refusal(RefusalCode.TOO_MANY_TICKETS, f"{limit} in {rules.tickets_window_min} min")
    return None


def noticed(
    queue: Queue, issued: TicketIssued, came_at: datetime, rules: Rules, leaving: TicketCode | None = None
) -> list[AnyEvent]:
    """The burst that a new ticket is part of, if it is; `leaving`: a ticket that goes as this one comes."""
    kiosk = issued.giver
    if kiosk is None:
        return []
    window_s = _window_s(rules, came_at)
    limits = ((ALL_FIELDS, rules.tickets_per_kiosk_max), (issued.field, rules.tickets_per_field_max))
    for field, limit in limits:
        if queue.bursts.count(kiosk, field, *window_s) + 1 <= BURST_SHARE * limit:
            continue  # nearly always this is all: nobody is looked up
        others = [other for other in queue.bursts.codes(kiosk, field, *window_s) if other != leaving]
        if len(others) + 1 > BURST_SHARE * limit:
            known = queue.bursts.noticed.get(kiosk, {})
            fresh = [other for other in others if other not in known]
            return [BurstNoticed(kiosk=kiosk, tickets=(*fresh, issued.ticket))]
    return []


def settle(queue: Queue, command: c.CancelBurst | c.DismissBurst) -> list[AnyEvent] | Refusal:
    """Cancel what still waits of the tickets named, or believe that visitors took them."""
    named = _of_the_burst(queue, command.kiosk, command.tickets)
    if isinstance(command, c.DismissBurst):
        if not named:
            return Refusal(RefusalCode.BURST_OVER, command.kiosk)
        return [BurstDismissed(kiosk=command.kiosk, tickets=tuple(named))]
    waiting = [code for code in named if queue.tickets[code].placement.stage is Stage.WAITING]
    if not waiting:
        return Refusal(RefusalCode.BURST_OVER, command.kiosk)
    return [TicketCancelled(code, BURST) for code in waiting]


def _of_the_burst(queue: Queue, kiosk: DeviceName, codes: Iterable[TicketCode]) -> list[TicketCode]:
    """Those named that are part of it, each once: what nobody was alarmed about is never cancelled here."""
    burst = queue.bursts.noticed.get(kiosk, {})
    return [code for code in dict.fromkeys(codes) if code in burst]


def _window_s(rules: Rules, until: datetime) -> tuple[float, float]:
    """Beginning and end of the window that ends at this instant, POSIX seconds."""
    until_s = until.timestamp()
    return until_s - rules.tickets_window_min * SECONDS_PER_MINUTE, until_s
