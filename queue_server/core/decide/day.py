"""Decisions about the day: open and close it and its fields, the board's message, the hours, the end."""

from datetime import datetime
from typing import assert_never

from config.roster import Span
from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.events import (
    AnyEvent,
    DayClosed,
    DayEnded,
    DayOpened,
    DeskClosed,
    FieldClosed,
    FieldOpened,
    MessagePosted,
    TicketCancelled,
    TicketFinished,
)
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Queue

DayCommand = c.OpenDay | c.CloseDay | c.EndDay | c.OpenField | c.CloseField | c.PostMessage


def decide_day(queue: Queue, command: DayCommand, context: Context) -> list[AnyEvent] | Refusal:
    """Open and close; post a message."""
    match command:
        case c.OpenDay():
            return Refusal(RefusalCode.ALREADY_OPEN) if queue.open else [DayOpened()]
        case c.CloseDay():
            return [DayClosed()] if queue.open else Refusal(RefusalCode.ALREADY_CLOSED)
        case c.EndDay():
            return Refusal(RefusalCode.STILL_OPEN) if queue.open else end(queue)
        case c.OpenField() | c.CloseField():
            return _field(queue, command, context)
        case c.PostMessage(texts=texts):
            for language in texts:
                if language not in context.centre.languages.all:
                    return Refusal(RefusalCode.UNKNOWN_LANGUAGE, language)
            return [MessagePosted({language: text for language, text in texts.items() if text.strip()})]
        case _:
            assert_never(command)


def _field(queue: Queue, command: c.OpenField | c.CloseField, context: Context) -> list[AnyEvent] | Refusal:
    field = command.field
    if all(field != known.id for known in context.centre.fields):
        return Refusal(RefusalCode.UNKNOWN_FIELD, field)
    closed = field in queue.closed_fields
    if isinstance(command, c.OpenField):
        return [FieldOpened(field)] if closed else Refusal(RefusalCode.ALREADY_OPEN, field)
    return Refusal(RefusalCode.ALREADY_CLOSED, field) if closed else [FieldClosed(field)]


def tick(queue: Queue, hours: Span | None, now: datetime) -> list[AnyEvent]:
    """Open once at the opening hour and close at the closing hour; what reception does in between stays."""
    if hours is None:
        return []
    if queue.opened_at is None:
        return [DayOpened()] if hours.begins <= now < hours.ends else []
    if queue.open and queue.opened_at < hours.ends <= now:
        return [DayClosed()]
    return []


def take_message_down(queue: Queue) -> list[AnyEvent]:
    """What reception wrote for those who waited goes with the last of them; what it writes later stays."""
    if queue.message_ends and not queue.stages[Stage.WAITING] and not queue.at_desks:
        return [MessagePosted({})]
    return []


def end(queue: Queue) -> list[AnyEvent]:
    """Bring every ticket to its end, empty the desks, seal the day."""
    events: list[AnyEvent] = []
    for code in [*queue.at_desks, *(place[2] for place in queue.lines.everybody()), *queue.aside]:
        stage = queue.tickets[code].placement.stage
        if stage is Stage.SERVING:
            events.append(TicketFinished(code))
        elif stage is not Stage.NO_SHOW:
            events.append(TicketCancelled(code, "day-over"))
    events += [DeskClosed(desk.id) for desk in queue.desks.values() if desk.counsellor is not None]
    return [*events, DayEnded()]
