"""The queue as a forecast sees it: who waits, what every desk does, and who is planned."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from math import inf

from config.roster import Duty, Span
from protocol.ids import FieldId
from protocol.views import DeskState, Stage
from queue_server.core.cycles import Cycle
from queue_server.core.state import RESTS, Desk, Group, Queue, Ticket
from queue_server.forecast.rests import rests_left
from queue_server.forecast.situation import Break, Counsellor, Doing, Planned, Situation, Standing, Visit

WAITING_MAX = 200
"""Tickets in line that are looked at: whoever stands behind waits for hours."""
EARLY_S = 3600.0
"""Whoever sits down so long before a shift has begun it."""
LATE_S, NEXT_S, GIVEN_UP_S = 1800.0, 300.0, 3600.0
"""Whoever is planned and has not come is expected so long after the begin, or after the doors opened, at
least so long from now; once the last of these is over, no more.

Reception misses them sooner (`coverage.MISSING_S`). Here it would take the tickets of all they serve from a
kiosk, for somebody who mostly comes; who stays away is taken out of the roster at reception.
"""


def planned_of(duties: Iterable[Duty], hours: Span | None) -> tuple[Planned, ...]:
    """Those who serve visitors, as the roster has them, on a day with these hours; none: it has none."""
    opens_at = 0.0 if hours is None else hours.begins.timestamp()
    return tuple(
        Planned(
            counsellor=duty.staff,
            fields=duty.fields,
            languages=duty.languages,
            begins_at=duty.begins.timestamp(),
            ends_at=duty.ends.timestamp(),
            opens_at=opens_at,
            breaks=tuple(
                Break(one.begins.timestamp(), (one.ends - one.begins).total_seconds())
                for one in duty.breaks
                if one.ends.timestamp() > opens_at
            ),
            stays=duty.stays,
        )
        for duty in duties
        if duty.fields
    )


def situation_of(
    queue: Queue,
    now: datetime,
    closes_at: datetime | None,
    planned: Sequence[Planned] = (),
    head_start_s: Callable[[Group], float] = lambda _: 0.0,
) -> Situation:
    """This moment of the queue; `planned`: who is on duty today, as far as anybody has said.

    `head_start_s`: of visitors whom few serve, by what they ask for, as things stand now.
    """
    now_s = now.timestamp()
    left = [duty for duty in sorted(planned, key=lambda one: one.begins_at) if duty.ends_at > now_s]
    attended = [desk for desk in queue.desks.values() if desk.counsellor is not None]
    here = {
        duty.counsellor: duty
        for duty in reversed(left)
        if duty.counsellor in queue.counsellors and duty.begins_at - EARLY_S <= now_s
    }
    return Situation(
        day=queue.day,
        version=queue.version,
        now=now_s,
        closes_at=inf if closes_at is None else closes_at.timestamp(),
        waiting=tuple(sorted(_in_line(queue, head_start_s), key=lambda one: (one.key, one.order))),
        aside=tuple(_put_aside(queue)),
        counsellors=(
            *(_at_desk(queue, desk, here.get(desk.counsellor or ""), now_s) for desk in attended),
            *(_to_come(duty, now_s) for duty in left if duty is not here.get(duty.counsellor)),
        ),
        finished=_sums(queue.cycles.ended),
    )


def _in_line(queue: Queue, head_start_s: Callable[[Group], float]) -> Iterator[Standing]:
    """Whoever waits; who waits for one desk alone has no head start over others there."""
    for _, _, code in islice(queue.lines.everybody(), WAITING_MAX):
        ticket = queue.tickets[code]
        now = ticket.placement
        ahead_s = head_start_s((now.field, now.languages)) if now.desk is None else 0.0
        yield _standing(ticket, ahead_s=ahead_s)


def _standing(ticket: Ticket, returns_at: float = 0.0, ahead_s: float = 0.0) -> Standing:
    now = ticket.placement
    return Standing(
        ticket=ticket.code,
        key=ticket.key - ahead_s,
        order=ticket.order,
        field=now.field,
        languages=now.languages,
        desk=now.desk,
        returns_at=returns_at,
    )


def _put_aside(queue: Queue) -> Iterator[Standing]:
    """Who is to be called again by the desk that has put the visitor aside, and when."""
    for code in queue.aside:
        ticket = queue.tickets[code]
        remind_at = ticket.placement.remind_at
        if ticket.placement.stage is Stage.PARKED and remind_at is not None:
            yield _standing(ticket, remind_at.timestamp())


def _at_desk(queue: Queue, desk: Desk, duty: Planned | None, now_s: float) -> Counsellor:
    """Whoever is there outside every shift stays until the last visitor, for all that anybody knows."""
    assert desk.since is not None
    running = queue.cycles.running.get(desk.id) if desk.ticket else None
    resting = desk.state is DeskState.PAUSED and desk.pause_reason in RESTS
    since = desk.since.timestamp()
    taken, breaks = rests_left(
        () if duty is None else duty.breaks,
        queue.rested.get(desk.counsellor or "", ()),
        since if resting else None,
        now_s,
    )
    return Counsellor(
        desk=desk.id,
        fields=desk.fields,
        languages=desk.languages,
        doing=_doing(desk.state),
        since=since if running is None else running.called_at.timestamp(),
        visit=None if running is None else Visit(running.field, running.language, running.key),
        back_at=None if taken is None else since + taken.lasts_s,
        breaks=breaks,
        ends_at=inf if duty is None else duty.ends_at,
        stays=duty is None or duty.stays,
    )


def _doing(state: DeskState) -> Doing:
    match state:
        case DeskState.READY:
            return Doing.READY
        case DeskState.CALLED | DeskState.SERVING:
            return Doing.SESSION
        case DeskState.FREE:
            return Doing.WRAP_UP
        case DeskState.PAUSED | DeskState.CLOSED:
            return Doing.PAUSED


def _to_come(duty: Planned, now_s: float) -> Counsellor:
    """Somebody at no desk: back as planned before a shift or in a break; else soon, and then no more."""
    late_s, first_s = now_s - duty.due_at, max(now_s, duty.due_at)
    rest = next((one for one in duty.breaks if one.begins_at <= first_s < one.begins_at + one.lasts_s), None)
    if rest is not None:
        back_at = rest.begins_at + rest.lasts_s
    elif late_s < 0:
        back_at = duty.due_at
    elif late_s < GIVEN_UP_S:
        back_at = max(duty.due_at + LATE_S, now_s + NEXT_S)
    else:
        back_at = inf
    return Counsellor(
        fields=duty.fields,
        languages=duty.languages,
        doing=Doing.TO_COME,
        since=duty.begins_at,
        back_at=back_at,
        breaks=tuple(one for one in duty.breaks if one.begins_at > first_s),
        ends_at=duty.ends_at,
        stays=duty.stays,
    )


def _sums(ended: Sequence[Cycle]) -> dict[FieldId, tuple[int, float]]:
    sums: dict[FieldId, tuple[int, float]] = {}
    for cycle in ended:
        count, sum_s = sums.get(cycle.field, (0, 0.0))
        sums[cycle.field] = (count + 1, sum_s + cycle.lasted_s)
    return sums
