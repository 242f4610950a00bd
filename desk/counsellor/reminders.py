"""Visitors whom a desk has put aside: when it is reminded of them, and in which words. Pure."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from rich.text import Text

from config.look import palette
from desk.rows import CELL_PADDING, FIELD_MIN, FIELD_WIDTH, LANGUAGES_WIDTH, NUMBER_WIDTH, SCROLLBAR
from desk.widgets.tickets import NUMBER, Column, Row
from desk.words import SECONDS_PER_MINUTE, Voice, few_codes, is_due, number
from protocol.ids import TicketCode, shown
from protocol.views import CounsellorView, StaffTicket, Stage

NOTE_MIN, NOTE_MAX = 24, 30
NAMED_MAX = 3
"""Numbers in the line about reminders that are due; for the rest the list is there."""


def due(view: CounsellorView, now: datetime) -> tuple[StaffTicket, ...]:
    """Those to be called back now, the longest due first."""
    return tuple(ticket for ticket in view.parked if is_due(ticket, now))


class Rung:
    """Which reminders have rung: each rings once."""

    def __init__(self) -> None:
        self._rung: dict[TicketCode, datetime] = {}

    def ring(self, tickets: Sequence[StaffTicket]) -> bool:
        """Whether there is one among those that are due which has not rung yet."""
        at = {ticket.ticket: ticket.remind_at for ticket in tickets if ticket.remind_at is not None}
        fresh = any(self._rung.get(code) != remind_at for code, remind_at in at.items())
        self._rung = at
        return fresh

    def forget(self) -> None:
        """Somebody else may come: every one rings again."""
        self._rung = {}


def due_words(tickets: Sequence[StaffTicket], voice: Voice, *, free: bool) -> str:
    """The line about those to be called back; the key that does it, while the desk is free."""
    if not tickets:
        return ""
    named = [shown(ticket.ticket) for ticket in tickets[:NAMED_MAX]]
    more = len(tickets) - len(named)
    code = ", ".join(named) + (f" +{more}" if more else "")
    return voice.say("desk.reminder_call" if free else "desk.reminder", code=code)


def aside_columns(voice: Voice, width: int) -> tuple[Column, ...]:
    """The columns of who was put aside: number, languages, what about it, and the field if it has room."""
    left = width - NUMBER_WIDTH - 2 * CELL_PADDING - SCROLLBAR
    columns = [Column(NUMBER, voice.say("column.ticket"), NUMBER_WIDTH)]
    if left - LANGUAGES_WIDTH - CELL_PADDING >= NOTE_MIN:
        columns.append(Column("language", voice.say("column.language_short"), LANGUAGES_WIDTH))
        left -= LANGUAGES_WIDTH + CELL_PADDING
    note = max(min(left, NOTE_MAX), 1)
    columns.append(Column("note", voice.say("column.state"), note))
    field = min(left - note - CELL_PADDING, FIELD_WIDTH)
    if field >= FIELD_MIN:
        columns.append(Column("field", voice.say("column.field"), field))
    return tuple(columns)


def aside_row(voice: Voice, ticket: StaffTicket, now: datetime) -> Row:
    """One visitor who was put aside or did not come; who is due stands out, in words as well."""
    style = f"bold {palette.INK} on {palette.ACCENT}" if is_due(ticket, now) else ""
    return Row(
        ticket.ticket,
        {
            NUMBER: number(voice, ticket),
            "language": Text(few_codes(ticket.languages), style="bold"),
            "note": Text(aside_words(voice, ticket, now), style, no_wrap=True, overflow="ellipsis"),
            "field": Text(voice.noun(ticket.field), no_wrap=True, overflow="ellipsis"),
        },
    )


def aside_words(voice: Voice, ticket: StaffTicket, now: datetime) -> str:
    """What is to be done about this visitor, and when."""
    if ticket.stage is Stage.NO_SHOW:
        calls = voice.say("desk.calls_made", n=ticket.calls)
        return f"{voice.short('no_show')} · {calls}"
    if ticket.remind_at is None:
        return voice.say("stage.parked")
    if is_due(ticket, now):
        return f"▶ {voice.say('desk.remind_now')}"
    left_min = ceil((ticket.remind_at - now).total_seconds() / SECONDS_PER_MINUTE)
    return voice.say("desk.remind_in", n=left_min)
