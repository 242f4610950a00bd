"""The counsellor's program: one desk, its visitor, its queue."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import DataTable

from config.look import palette
from config.model import Centre
from config.phrases import Phrases
from desk.actions import (
    COUNSELLOR_ACTIONS,
    ENTER,
    LOCK_KEY,
    Action,
    DeskSight,
    Form,
    is_own,
    keys,
    of_key,
    possible,
)
from desk.counsellor.card import Card, card_of
from desk.counsellor.forms import pause_dialog
from desk.lettering import fitting
from desk.panel import StaffPanel, key_bindings
from desk.rows import row_of, shape_of
from desk.sign_in import counsellors
from desk.transfer import transfer_dialog
from desk.widgets.dialogs import Choice
from desk.widgets.keys import KeyName, Tile
from desk.widgets.parts import Line, Room
from desk.widgets.tickets import TicketTable
from desk.words import bar, codes, minutes_since
from protocol.client import QueueClient
from protocol.commands import AnyCommand, CloseDesk, OpenDesk, Undo
from protocol.envelope import Accepted
from protocol.ids import CounsellorId, DeskId, StaffId, shown
from protocol.orders import AnyOrder
from protocol.views import CounsellorView, DeskState, ReceptionView, StaffTicket

KEYS = keys(COUNSELLOR_ACTIONS)
FLASHES = 6
"""Half periods of the flash at a call nobody here asked for."""
FLASH_S = 0.5
"""One flash a second: far below the three that can harm."""
BIG_ROWS = ((45, (9, 8, 7, 6, 5, 4, 3)), (36, (7, 6, 5, 4, 3)), (30, (4, 3)), (0, (4, 3)))
"""Heights of the number in panels of at least so many rows."""
TIMER_ROWS_FROM = 34
"""Panels this high show the time in big figures."""
TIMER_ROWS = 3
BAR_COLUMNS = 24
_GAP = "  "
CARD_MARGINS = 4
ASIDE_ROWS_MAX = 4


def _bar_of(card: Card, columns: int) -> Content:
    """The planned time as a bar; nothing where no limit runs."""
    if card.share is None or columns < 1:
        return Content()
    return Content.from_rich_text(bar(card.share, columns, palette.GO if card.share < 1 else palette.ACCENT))


class CounsellorPanel(StaffPanel[DeskSight]):
    """One desk. It shows views and asks commands; a call made for it by the server rings and flashes."""

    CSS_FILES = (*StaffPanel.CSS_FILES, Path(__file__).parent / "counsellor.tcss")
    ACTIONS = COUNSELLOR_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(KEYS)

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        desk: DeskId,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client, centre, phrases, language, monotonic=monotonic)
        self.desk = desk
        self.view: CounsellorView | None = None
        self._seated: CounsellorId | None = None
        """For whom the desk was open last."""
        self._begins = False
        """Somebody has just signed in, and wants to work."""
        self._flash: Timer | None = None
        self.band = Line("state")
        self.band_aside = Line("aside")
        self.now_card = Room(classes="now")
        self.big = Line("big")
        self.facts = Line("facts")
        self.timer = Line("timer")
        self.tiles = tuple(Tile(key) for key in KEYS if key not in {ENTER, LOCK_KEY})
        self.queue_head = Line("list-head")
        self.queue = TicketTable("queue-list")
        self.next_line = Line("next")
        self.aside_head = Line("list-head aside-head")
        self.put_aside = TicketTable("aside-list")
        self.put_aside.show_header = False

    def compose_body(self) -> ComposeResult:
        """Left the desk, right its queue."""
        with self.now_card:
            with Horizontal(classes="band"):
                yield self.band
                yield self.band_aside
            yield self.big
            yield self.facts
            yield self.timer
            with Grid(classes="tiles"):
                yield from self.tiles
        with Room(classes="queue"):
            yield self.queue_head
            yield self.queue
            yield self.aside_head
            yield self.put_aside
            yield self.next_line

    def take_focus(self) -> None:
        """The dialog first, else the queue."""
        if self.dialog is not None:
            super().take_focus()
        else:
            self.queue.focus()

    # What there is to see

    def sight(self) -> DeskSight | None:
        """The view and the ticket under the cursor of the list that has the keys."""
        if self.view is None:
            return None
        table = self.put_aside if self.put_aside.has_focus else self.queue
        return self.sight_of(table.code)

    def sight_of(self, code: str | None) -> DeskSight | None:
        """The view, and in it this ticket."""
        if self.view is None:
            return None
        tickets = (*self.view.waiting, *self.view.parked, *self.view.missed)
        return DeskSight(self.view, next((ticket for ticket in tickets if ticket.ticket == code), None))

    def code_meant(self, action: Action[DeskSight], sight: DeskSight) -> str | None:
        """The ticket under the cursor, or the visitor at the desk."""
        if action.of_ticket:
            return super().code_meant(action, sight)
        return None if sight.view.current is None else sight.view.current.ticket

    def accept(self, view: CounsellorView | ReceptionView) -> None:
        """Keep the view; notice a call that came by itself."""
        assert isinstance(view, CounsellorView), "the server shows a desk its own view"
        before, self.view = self.view, view
        if (
            view.desk.state is DeskState.CALLED
            and before is not None
            and before.desk.state is DeskState.READY
        ):
            self._ring(view)
        elif view.desk.state is not DeskState.CALLED:
            self._stop_flash()
        self._seated = view.desk.counsellor or self._seated
        self._begin_work()

    def signed_in(self) -> None:
        """Whoever signs in at a closed desk opens it."""
        self._begins = True
        self._begin_work()

    def _begin_work(self) -> None:
        if self._begins and self.view is not None:
            self._begins = False
            if self.view.desk.state is DeskState.CLOSED:
                self.ask(OpenDesk(self.view.staff))

    def place(self) -> str:
        """The desk."""
        return self.voice.say("desk.title", desk=self.desk)

    def team(self) -> list[Choice]:
        """The counsellors."""
        return counsellors(self.voice)

    def forget(self) -> None:
        """The view too, and the call that still rings."""
        super().forget()
        self._stop_flash()
        self.view = self._seated = None

    def _ring(self, view: CounsellorView) -> None:
        """The next visitor was called by the server: bell, flash, a sentence."""
        assert view.current is not None
        self.app.bell()
        self.tell(self.voice.say("desk.auto_called", code=shown(view.current.ticket)))
        self._stop_flash()
        self.now_card.add_class("-flash")
        self._flash = self.set_interval(
            FLASH_S, lambda: self.now_card.toggle_class("-flash"), repeat=FLASHES - 1
        )

    def _stop_flash(self) -> None:
        if self._flash is not None:
            self._flash.stop()
            self._flash = None
        self.now_card.remove_class("-flash")

    def draw(self) -> None:
        """Everything, at the time it is now; only what differs is drawn."""
        if self.view is None:
            return
        self._draw_head(self.view)
        self._draw_card(card_of(self.view, self.clock.now(), self.voice))
        self._draw_queue(self.view)
        self._draw_keys()

    def _draw_head(self, view: CounsellorView) -> None:
        parts = [self.place(), self._known_as(view.staff)]
        if view.desk.counsellor is not None and is_own(view):
            parts.append(codes(view.desk.languages))
            parts.append(", ".join(self.voice.noun(field) for field in view.desk.fields))
        self.who.say(Content.assemble((parts[0], "bold"), "".join(f"  ·  {part}" for part in parts[1:])))
        self.status.say(self.head_status())
        self.heed.say(self._left_open(view))
        self.set_class(bool(self.heed.plain), "-heed")

    def _left_open(self, view: CounsellorView) -> str:
        """Who has gone away without closing the desk, and what to do; empty: nobody."""
        if is_own(view):
            return ""
        key = "desk.left_open" if view.current is None else "desk.left_with_visitor"
        return self.voice.say(key, name=self._known_as(view.desk.counsellor))

    def _known_as(self, staff: StaffId | None) -> str:
        return self.voice.first_name(staff) if self.has_class("-narrow") else self.voice.name(staff)

    @property
    def _room(self) -> int:
        """Columns for big letters in the card; known even while they are hidden."""
        return self.now_card.content_size.width - CARD_MARGINS

    def _draw_card(self, card: Card) -> None:
        for state in DeskState:
            self.now_card.set_class(card.tone is state, f"-{state}")
        self.band.say(Content.styled(card.state, "bold"))
        self.band_aside.say(card.aside)
        served = card.tone is DeskState.SERVING
        band = self.band.parent
        assert isinstance(band, Horizontal)
        band.styles.background = card.colour if served else None
        self.big.styles.color = card.colour or None
        width = self._room
        choices = next((rows for least, rows in BIG_ROWS if self.size.height >= least), ())
        self.big.say("\n".join(fitting(card.big, width, choices)))
        self.facts.say("\n".join(card.facts))
        self.timer.display = bool(card.timer)
        self.timer.say(self._timer_of(card))

    def _timer_of(self, card: Card) -> Content:
        width = self._room
        limit = Content.styled(card.limit, palette.MUTED)
        over = Content.styled(
            f" {card.over} " if card.over else "", f"bold {palette.INK} on {palette.ACCENT}"
        )
        if self.size.height < TIMER_ROWS_FROM or self.has_class("-narrow"):
            said = over if card.over else limit
            room = width - len(card.timer) - len(said) - 2 * len(_GAP)
            return Content(_GAP).join([Content.styled(card.timer, "bold"), _bar_of(card, room), said])
        figures = fitting(card.timer, width, (TIMER_ROWS,))
        room = min(BAR_COLUMNS, width - len(figures[0]) - len(_GAP))
        beside = (limit, _bar_of(card, room), over)
        return Content("\n").join(
            [Content.assemble(line, _GAP, part) for line, part in zip(figures, beside, strict=False)]
        )

    def _draw_queue(self, view: CounsellorView) -> None:
        now = self.clock.now()
        shape = shape_of(self.voice, self.queue.size.width)
        self.queue.show(shape.columns, [row_of(self.voice, ticket, now, shape) for ticket in view.waiting])
        self.queue_head.say(self._queue_words(view))
        aside = (*view.parked, *view.missed)
        self.aside_head.display = self.put_aside.display = bool(aside)
        self.put_aside.styles.height = min(len(aside), ASIDE_ROWS_MAX)
        shape = shape_of(self.voice, self.queue.size.width, ended=True)
        self.put_aside.show(shape.columns, [row_of(self.voice, ticket, now, shape) for ticket in aside])
        self.aside_head.say(Content.styled(self.voice.say("desk.put_aside"), "bold"))
        self.next_line.say(self._next_words(view))

    def _queue_words(self, view: CounsellorView) -> Content:
        words = [Content.styled(self.voice.say("desk.my_queue"), "bold"), Content(f"  {view.waiting_total}")]
        if view.waiting:
            oldest = min(ticket.issued_at for ticket in view.waiting)
            minutes = minutes_since(oldest, self.clock.now())
            narrow = self.has_class("-narrow")
            longest = self.voice.minutes(minutes) if narrow else self.voice.say("desk.longest", n=minutes)
            words.append(Content.styled(f"   {longest}", palette.MUTED))
        return Content().join(words)

    def _next_words(self, view: CounsellorView) -> Content:
        if view.next is None:
            return Content(self.voice.say("desk.queue_empty"))
        says = self.voice.say("desk.next_is", code=shown(view.next.ticket))
        waited = self.voice.minutes(minutes_since(view.next.issued_at, self.clock.now()))
        facts = f"  {codes(view.next.languages)}  {waited}"
        return Content.assemble((says, "bold"), facts, "\n", (self._why(view.next), palette.NIGHT_MUTED))

    def _why(self, ticket: StaffTicket) -> str:
        if ticket.desk == self.desk:
            return self.voice.say("desk.next_yours")
        return self.voice.say("desk.next_priority" if ticket.priority else "desk.next_longest")

    def _draw_keys(self) -> None:
        sight = self.sight()
        assert sight is not None
        for tile in self.tiles:
            action = of_key(self.ACTIONS, sight, tile.key)
            can = action.enabled(sight)
            first = next((one for one in possible(self.ACTIONS, sight) if one.forward), None)
            label, short = self._labels(action, sight, can=can)
            tile.show(label, short, possible=can, forward=action == first)
        self.keys.show(
            tuple(
                KeyName(
                    action.key,
                    self.voice.short(action.name),
                    cap="↵" if action.key == ENTER else "",
                )
                for action in possible(self.ACTIONS, sight)
            )
        )

    def _labels(self, action: Action[DeskSight], sight: DeskSight, *, can: bool) -> tuple[str, str]:
        """What an action is called, and in short; undo says what it would take back."""
        undo = sight.view.undo
        short = self.voice.short(action.name)
        if action.name != "undo" or not can or undo is None:
            return self.voice.say(f"action.{action.name}"), short
        code = shown(undo.ticket)
        key = f"undo.{undo.action}"
        short = f"{short} {code}"
        return (self.voice.say(key, code=code) if key in self.voice.phrases else short), short

    # What there is to do

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click on the ticket under the cursor."""
        event.stop()
        self.press(ENTER)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Other things are possible with another ticket."""
        event.stop()
        if self.view is not None:
            self._draw_keys()

    def on_descendant_focus(self) -> None:
        """The keys are in another list."""
        if self.view is not None:
            self._draw_keys()

    def open_form(self, form: Form, sight: DeskSight) -> None:
        """Reasons, or where to send the visitor."""
        match form:
            case Form.PAUSE:
                self.open_dialog(pause_dialog(self.voice, self.ask))
            case Form.TRANSFER:
                assert sight.view.current is not None
                self.open_dialog(
                    transfer_dialog(self.voice, sight.view.current, sight.view.desks, self.ask, own=self.desk)
                )
            case _:
                raise AssertionError(form)

    def answered(self, command: AnyCommand | AnyOrder, answer: Accepted) -> None:  # noqa: ARG002 - reception needs it
        """Only undo is worth a sentence: all else shows. With the own desk its counsellor leaves as well."""
        assert self.view is not None, "who asks has seen the desk"
        match command:
            case Undo():
                self.tell(self.voice.say("desk.undone"))
            case CloseDesk() if self._seated == self.view.staff:
                self.leave()
            case CloseDesk():
                self.ask(OpenDesk(self.view.staff))

    def confirm_values(self, action: Action[DeskSight], sight: DeskSight) -> dict[str, object]:
        """Closing the desk of somebody else says whose it is."""
        name = self.voice.first_name(sight.view.desk.counsellor)
        return super().confirm_values(action, sight) | {"name": name}
