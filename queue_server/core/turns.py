"""Whose turn it is at a desk, and why: the oldest ticket, unless few counsellors serve a younger one."""

from collections.abc import Iterable, Iterator
from heapq import merge

from config.model import Centre
from protocol.ids import TicketCode
from protocol.views import CallReason
from queue_server.core.state import Desk, Group, Place, Queue, Ticket

SCARCE_BELOW = 5
"""From so many counsellors on, none is scarce."""
SECONDS_PER_MINUTE = 60.0


def next_for(queue: Queue, desk: Desk, centre: Centre) -> TicketCode | None:
    """Who is next for this desk; none: nobody waits for it."""
    if not centre.rules.scarcity_head_start_min:
        return queue.lines.first_for(desk)
    return next(in_order_of_call(queue, desk, centre), None)


def in_order_of_call(queue: Queue, desk: Desk, centre: Centre) -> Iterator[TicketCode]:
    """Whoever waits for this desk, the next one first."""
    lines = [
        _placed(group, scarcity_head_start_s(queue, kind, centre))
        for kind, group in queue.lines.groups.items()
        if desk.covers(*kind)
    ]
    own = queue.lines.desks.get(desk.id, ())
    return (place[2] for place in merge(own, *lines))


def _placed(line: Iterable[Place], head_start_s: float) -> Iterator[Place]:
    return ((key - head_start_s, order, code) for key, order, code in line)


def scarcity_head_start_s(queue: Queue, group: Group, centre: Centre) -> float:
    """By how much visitors who ask for this are placed ahead: the fewer serve it, the more (s).

    By the counsellors at work now, paused or not: when one comes or goes, the order of call may change.
    """
    most_s = centre.rules.scarcity_head_start_min * SECONDS_PER_MINUTE
    if not most_s:
        return 0.0
    serving = sum(desk.covers(*group) for desk in queue.desks.values())
    return most_s * max(0.0, 1 - max(0, serving - 1) / (SCARCE_BELOW - 1))


def why_next(queue: Queue, desk: Desk, ticket: Ticket) -> CallReason:
    """Why this ticket is the next one for this desk: a key is the time of issue, less a head start."""
    if queue.lines.first_for(desk) != ticket.code:
        return CallReason.SCARCITY
    if ticket.placement.desk == desk.id:
        return CallReason.YOUR_DESK
    came_at = ticket.issued_at
    before = queue.lines.placed_before(came_at.timestamp(), desk)
    if ticket.priority and any(queue.tickets[code].issued_at < came_at for code in before):
        return CallReason.PRIORITY
    return CallReason.LONGEST_WAIT
