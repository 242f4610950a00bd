"""The right half of a counsellor's screen: who waits, who was put aside, who is next and why."""

from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content

from desk.counsellor.queue_words import next_words, queue_words
from desk.counsellor.reminders import aside_columns, aside_row
from desk.rows import row_of, shape_of
from desk.widgets.keys import led_to_by_tab
from desk.widgets.parts import Line, Room
from desk.widgets.tickets import TicketTable
from desk.words import Voice
from protocol.views import CounsellorView

ASIDE_ROWS_MAX = 4
LINE_MARGINS = 2
"""Columns of air in the lines above and below the lists."""


class QueueSide(Room):
    """Two lists and a line."""

    def __init__(self) -> None:
        super().__init__(classes="queue")
        self.head = Line("list-head")
        self.waiting = TicketTable("queue-list")
        self.aside_head = Line("list-head aside-head")
        self.aside = TicketTable("aside-list")
        self.aside.show_header = False
        self.next = Line("next")

    def compose(self) -> ComposeResult:
        """The queue, who was put aside below it, who is next."""
        yield self.head
        yield self.waiting
        yield self.aside_head
        yield self.aside
        yield self.next

    @property
    def code(self) -> str | None:
        """The ticket under the cursor of the list that has the keys."""
        return (self.aside if self.aside.has_focus else self.waiting).code

    def show(self, view: CounsellorView, now: datetime, voice: Voice) -> None:
        """Show the newest view, at the time it is now."""
        width = self.waiting.size.width
        shape = shape_of(
            voice,
            width,
            groups=any(ticket.people > 1 for ticket in view.waiting),
            windows=any(ticket.window or ticket.nobody for ticket in view.waiting),
        )
        self.waiting.show(shape.columns, [row_of(voice, ticket, now, shape) for ticket in view.waiting])
        room = width - LINE_MARGINS
        self.head.say(queue_words(view, now, voice, room))
        aside = (*view.parked, *view.missed)
        self.aside_head.display = self.aside.display = bool(aside)
        self.aside.styles.height = min(len(aside), ASIDE_ROWS_MAX)
        self.aside.show(aside_columns(voice, width), [aside_row(voice, ticket, now) for ticket in aside])
        self.aside_head.say(led_to_by_tab(Content.styled(voice.say("desk.put_aside"), "bold")))
        self.next.say(next_words(view, now, voice, room))
