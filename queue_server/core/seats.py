"""What an event changes at a desk: who sits there, for whom, and what the desk does."""

from datetime import datetime
from typing import assert_never

from protocol.views import DeskState
from queue_server.core.events import (
    DeskClosed,
    DeskNarrowed,
    DeskOpened,
    DeskPaused,
    DeskReadied,
    DeskResumed,
)
from queue_server.core.state import Desk, Queue

DeskEvent = DeskOpened | DeskNarrowed | DeskClosed | DeskReadied | DeskPaused | DeskResumed


def attend(queue: Queue, event: DeskEvent, at: datetime) -> None:
    """Change the desk by one event that happened at this instant."""
    desk = queue.desks.setdefault(event.desk, Desk(id=event.desk))  # it may have left the configuration
    queue.reach.clear()
    if isinstance(event, DeskNarrowed):  # what it does, since when, and its turn among ready desks stay
        desk.fields, desk.languages = event.fields, event.languages
        return
    queue.cycles.end(desk.id, at)
    queue.end_rest(desk, at)
    idle_since = desk.since if desk.state is DeskState.FREE else None
    queue.ready.pop(desk.id, None)
    desk.since = at
    match event:
        case DeskOpened():
            desk.counsellor = event.counsellor
            desk.fields = event.fields
            desk.languages = event.languages
            desk.state = DeskState.FREE
            desk.missed = ()
            queue.counsellors[event.counsellor] = desk.id
        case DeskClosed():
            assert desk.counsellor is not None
            del queue.counsellors[desk.counsellor]
            desk.counsellor = None
            desk.fields = desk.languages = ()
            desk.state = DeskState.CLOSED
            desk.last = None
            desk.pause_reason = ""
        case DeskReadied():
            desk.state = DeskState.READY
            desk.since = idle_since or at
            queue.ready[desk.id] = desk.since
        case DeskPaused(reason=reason):
            desk.state = DeskState.PAUSED
            desk.pause_reason = reason
        case DeskResumed():
            desk.state = DeskState.FREE
            desk.pause_reason = ""
        case _:
            assert_never(event)
