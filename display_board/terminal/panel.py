"""The board in the waiting room: the newest call huge, the calls before, who waits, what is new."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from config.look.palette import INK, PANEL, lighter
from config.model import Centre
from config.phrases import Phrases, order_of_day, time_of
from display_board.calls import BEAT_S, rows
from display_board.terminal.announcer import PLAIN, Announcer, Outfit
from display_board.terminal.hero import hero_of
from display_board.terminal.layout import PAST_EDGE, Layout, Shape, layout_for
from display_board.terminal.news_plan import news_plan
from display_board.terminal.notices import Block, Said, Speaker, is_over
from display_board.terminal.setting import head, notice, past_lead, past_line, past_rows, past_stacked
from display_board.terminal.sign import PastCall, Sign
from display_board.terminal.waiting import Captions, Waiting, by_letter, people_waiting, without_anybody
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, Update
from protocol.views import BoardCall, BoardView

CSS_FILES = (Path(__file__).with_name("board.tcss"),)
PAGE_S = 8
"""A page of news stands long enough to be read twice in both languages."""
CLOCK_S = 1
PAST_MAX = 5
"""Calls kept beside the newest in the largest arrangement."""
SHAPES: tuple[Shape, ...] = get_args(Shape)
NEUTRAL = PANEL
"""Ground of a call whose field this board's configuration does not know."""


class BoardPanel(Widget):
    """The whole board; it fills whatever room it is given and speaks the centre's official languages."""

    class Heard(Message):
        """The line has news."""

        def __init__(self, update: Update) -> None:
            super().__init__()
            self.update = update

    class CallsMissed(Message):
        """More calls were made than a view keeps while the line was lost; they were never announced here."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count
            """Missed today, all in all."""

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        *,
        outfit: Outfit = PLAIN,
        beat_s: float = BEAT_S,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[ZoneInfo], datetime] = datetime.now,
    ) -> None:
        """`outfit`: by default it shows everybody's calls, and rings the terminal's bell.

        `clock`: this machine's, for the order of the languages until the server has told the day.
        """
        super().__init__()
        self._client = client
        self._centre = centre
        self._phrases = phrases
        self._monotonic = monotonic
        self._clock = clock
        self._zone = ZoneInfo(centre.timezone)
        self._view: BoardView | None = None
        self._seen_at = 0.0
        self._lost_at: float | None = None
        self._refused = False
        self._announcer = Announcer(
            self,
            outfit,
            beat_s=beat_s,
            on_beat=self._beat,
            quiet=self._is_quiet,
        )
        self._settled = asyncio.Event()
        self._page = 0
        self._pages: Timer | None = None
        self._minute: datetime | None = None

    # ------------------------------------------------------------------ the frame

    def compose(self) -> ComposeResult:
        """All widgets, once; later they are only updated."""
        with Horizontal(classes="board-header"):
            yield Sign(classes="board-title")
            yield Sign(classes="board-clock")
        with Container(classes="board-body"):
            with Container(classes="board-hero"):
                with Vertical(classes="board-number-side"):
                    yield Sign(classes="board-number-label")
                    yield Sign(classes="board-number")
                with Container(classes="board-desk-side"):
                    yield Sign(classes="board-desk-label")
                    yield Sign(classes="board-desk")
                yield Sign(classes="board-notice")
            with Container(classes="board-past"):
                for _ in range(PAST_MAX):
                    yield PastCall()
        yield Sign(classes="board-waiting")
        yield Sign(classes="board-news")
        yield Sign(classes="board-too-small")

    def on_mount(self) -> None:
        """Start the clocks and listen to the line."""
        self.set_interval(CLOCK_S, self._tick)
        self._pages = self.set_interval(PAGE_S, self._turn_page)
        self.run_worker(self._listen(), group="line")
        self.run_worker(self._report(), group="report")

    async def on_unmount(self) -> None:
        """Nothing is said by a board that is gone."""
        await self._announcer.close()

    def on_resize(self) -> None:
        """Arrange for the new room."""
        self._refresh()

    # ------------------------------------------------------------------ the line

    async def _listen(self) -> None:
        async with self._client:
            async for update in self._client.updates():
                self.post_message(self.Heard(update))

    async def _report(self) -> None:
        """Tell the server how far the announcements are; only the newest number matters."""
        while True:
            await self._settled.wait()
            self._settled.clear()
            if (call := await self._announcer.remember()) > 0:
                await self._client.announced(call)

    def on_board_panel_heard(self, message: Heard) -> None:
        """Take what the line says."""
        match message.update:
            case BoardView() as view:
                self.show(view)
            case LinkUp():
                self._refused = False
                self._settled.set()
            case LinkLost():
                self.link_lost()
            case LinkRefused():
                self._refused = True
                self.link_lost()
            case _:
                self.log.warning("a board was shown what is not for boards", update=message.update)

    def link_lost(self) -> None:
        """The calls stay; the news say since when nothing changes."""
        if self._lost_at is None:
            self._lost_at = self._monotonic()
            self._first_page()
        self._refresh()

    def show(self, view: BoardView) -> None:
        """Show this view and announce what is new in it."""
        before = self._announcer.now
        was = self._view
        if was is None or self._lost_at is not None or (was.message, was.news) != (view.message, view.news):
            self._first_page()
        self._view, self._seen_at = view, self._monotonic()
        self._lost_at, self._refused = None, False
        self._announcer.take(view, self._order())
        now = self._announcer.now
        if now.missed > before.missed:
            self.post_message(self.CallsMissed(now.missed))
        if now.settled != before.settled:
            self._settled.set()
        self._refresh()

    def _beat(self) -> None:
        if self._announcer.beat():
            self._settled.set()
            self._refresh()
        else:
            self.set_class(self._announcer.now.lit, "-flash")

    def _is_quiet(self) -> bool:
        """These are the centre's quiet hours."""
        now, quiet = self._now(), self._centre.voice.quiet
        return now is not None and quiet is not None and quiet.begins <= now.time() < quiet.ends

    # ------------------------------------------------------------------ time

    def _now(self) -> datetime | None:
        """The server's clock, local time; this machine's own may be wrong."""
        if self._view is None:
            return None
        gone = timedelta(seconds=self._monotonic() - self._seen_at)
        return (self._view.at + gone).astimezone(self._zone)

    def _tick(self) -> None:
        """What depends on the time is told in minutes, the age of a frozen picture in seconds."""
        now = self._now()
        minute = None if now is None else now.replace(second=0, microsecond=0)
        if minute != self._minute or self._lost_at is not None:
            self._minute = minute
            self._refresh()

    def _first_page(self) -> None:
        """What is new stands for as long as any page."""
        self._page = 0
        if self._pages is not None:
            self._pages.reset()

    def _turn_page(self) -> None:
        self._page += 1
        self._refresh()

    # ------------------------------------------------------------------ what is shown

    def _refresh(self) -> None:
        """Set everything anew in the room there is; the letters are cached, so this is cheap."""
        if not self.is_mounted or not self.size:
            return
        layout = layout_for(*self.size)
        self.set_class(layout is None, "-too-small")
        now = self._now()
        speaker = Speaker(self._phrases, self._centre, self._order())
        if layout is None:
            room = (max(1, self.size.width - 2), max(1, self.size.height - 2))
            self._put("board-too-small", notice((speaker.blocks("board.too_small"),), *room))
            return
        for shape in SHAPES:
            self.set_class(shape == layout.shape, f"-{shape}")
        self.set_class(layout.desk_rows > 0, "-below")
        self.set_class(self._lost_at is not None and self._view is not None, "-lost")
        self.set_class(self._announcer.now.lit, "-flash")
        self._show_header(layout, speaker, now)
        calls = self._calls(1 + layout.past_count)
        over = now is not None and self._over(calls, now)
        frozen = self._lost_at is not None
        queues = () if self._view is None or over else self._view.fields
        fields = by_letter(queues, self._centre, None if frozen else now)
        said = self._news(speaker, without_anybody(fields), over=over)
        below = self._show_news(layout, said, self._show_waiting(layout, speaker, fields))
        height = self.size.height - layout.header_rows - below
        words = self._notice(speaker, calls, now, over=over)
        self.set_class(bool(words), "-notice")
        self.query_one(".board-body").styles.margin = (0, layout.margin)
        if words:
            self._show_notice(layout, words, height)
        else:
            self._show_past(layout, calls[1:], height)
            hero_height = height if layout.past_beside else height - layout.past_block_height - 1
            self._show_hero(layout, speaker, calls[0], hero_height)

    def _calls(self, count: int) -> tuple[BoardCall, ...]:
        if self._view is None:
            return ()
        return rows(self._view, self._announcer.now, min(count, self._centre.rules.calls_shown))

    def _over(self, calls: tuple[BoardCall, ...], now: datetime) -> bool:
        assert self._view is not None
        return self._announcer.now.current is None and is_over(
            self._view, calls[0].at if calls else None, now
        )

    def _order(self) -> tuple[str, ...]:
        """The official languages in the order of the view's day."""
        view = self._view
        day = self._clock(self._zone).date() if view is None else date.fromisoformat(view.day)
        return order_of_day(self._centre.languages.official, day)

    def _sign(self, name: str) -> Sign:
        return self.query_one(f".{name}", Sign)

    def _put(self, name: str, lines: Sequence[str]) -> Sign:
        sign = self._sign(name)
        sign.show(Content("\n".join(lines)))
        return sign

    def _show_header(self, layout: Layout, speaker: Speaker, now: datetime | None) -> None:
        header = self.query_one(".board-header")
        header.styles.height = layout.header_rows
        header.styles.padding = (layout.header_top, layout.margin, layout.header_below, layout.margin)
        text = "" if now is None else time_of(speaker.languages[0], now)
        names, clock = head(speaker.of(self._centre.name), text, self.size.width - 2 * layout.margin, layout)
        self._put("board-title", names)
        self._put("board-clock", clock)

    def _show_waiting(self, layout: Layout, speaker: Speaker, fields: Sequence[Waiting]) -> int:
        """Its height, with the line above it; nothing once nobody waits any more."""
        sign = self._sign("board-waiting")
        sign.styles.margin = (1, layout.margin, 0, layout.margin)
        if not fields:
            return 0
        width = self.size.width - 2 * layout.margin
        captions = Captions(speaker.both("board.people_waiting"), speaker.both("board.waiting_time"))
        content = people_waiting(captions, fields, width, layout.waiting_rows)
        sign.show(content)
        return content.plain.count("\n") + 2

    def _show_news(self, layout: Layout, said: tuple[Said, ...], waiting: int) -> int:
        """Its height and that of who waits above it: a frozen picture tells its age in the place of both."""
        news, width = self._sign("board-news"), self.size.width - 2 * layout.margin - 2
        plan = news_plan(said, layout, width, waiting, frozen=self.has_class("-lost"))
        self.set_class(plan.band, "-band")
        self._sign("board-waiting").display = waiting > 0 and not plan.band
        news.styles.margin = (plan.above, layout.margin, plan.below, layout.margin)
        news.styles.height = plan.height + 2 * plan.band
        self._put("board-news", plan.pages[self._page % len(plan.pages)])
        return plan.taken + (0 if plan.band else waiting)

    def _news(self, speaker: Speaker, letters: str, *, over: bool) -> tuple[Said, ...]:
        if self._view is None:
            return ()
        lost_s = None if self._lost_at is None else int(self._monotonic() - self._lost_at)
        return speaker.news(self._view, lost_s, over=over, without_anybody=letters)

    def _notice(
        self, speaker: Speaker, calls: tuple[BoardCall, ...], now: datetime | None, *, over: bool
    ) -> tuple[tuple[Block, ...], ...]:
        """What stands in place of calls, the fullest wording first; empty: there are calls."""
        if self._view is None or now is None:
            return (speaker.blocks("board.offline" if self._refused else "kiosk.one_moment"),)
        if over:
            return (speaker.closed(now, self._view.holidays),)
        if calls:
            return ()
        if not self._view.open:
            return (speaker.blocks("kiosk.welcome"),)
        return speaker.blocks("kiosk.welcome", "board.take_ticket"), speaker.blocks("board.take_ticket")

    def _show_notice(self, layout: Layout, words: tuple[tuple[Block, ...], ...], height: int) -> None:
        hero = self.query_one(".board-hero")
        hero.styles.width = "100%"
        hero.styles.background = PANEL
        self._put("board-notice", notice(words, self.size.width - 2 * layout.margin - 4, height - 2))

    def _colour(self, call: BoardCall) -> str:
        return next((field.colour for field in self._centre.fields if field.id == call.field), NEUTRAL)

    def _show_hero(self, layout: Layout, speaker: Speaker, call: BoardCall, height: int) -> None:
        colour = self._colour(call)
        places = [place.capitalize() for place in speaker.of(self._centre.place)]
        texts = hero_of(call.ticket, call.desk, speaker.both("board.number"), places, layout, height)
        hero = self.query_one(".board-hero")
        hero.styles.width = layout.hero_width
        hero.styles.background = colour
        self._put("board-number-label", texts.number_label).styles.margin = (0, 0, texts.label_gap, 0)
        self._put("board-number", texts.number)
        side = self.query_one(".board-desk-side")
        side.styles.width = layout.desk_width
        side.styles.height = layout.desk_rows or "1fr"
        gap = 0 if layout.desk_rows else texts.label_gap
        self._put("board-desk-label", texts.desk_label).styles.margin = (0, 0, gap, 0)
        self._put("board-desk", texts.desk).styles.color = colour if colour != NEUTRAL else INK

    def _show_past(self, layout: Layout, calls: Sequence[BoardCall], height: int) -> None:
        past = self.query_one(".board-past")
        past.styles.grid_size_columns = layout.past_columns
        past.styles.grid_size_rows = layout.past_lines
        past.styles.grid_gutter_horizontal = layout.past_gap
        past.styles.width = layout.past_width if layout.past_beside else "100%"
        past.styles.height = height if layout.past_beside else layout.past_block_height
        past.styles.margin = (0, 0, 0, 2) if layout.past_beside else (1, 0, 0, 0)
        width = layout.past_width - PAST_EDGE
        size = past_rows([call.ticket for call in calls], width)
        told, high = [(call.ticket, call.desk) for call in calls], layout.past_height
        lead, room = past_lead(told, width - 1, high, side_by_side=layout.past_columns > 1)
        for place, cell in enumerate(self.query(PastCall)):
            cell.display = place < layout.past_count
            cell.set_class(place >= len(calls), "-none")
            if place < len(calls):
                call = calls[place]
                twin = lighter(self._colour(call))
                cell.styles.border_left = ("outer", twin)
                if layout.past_stacked:
                    cell.show(past_stacked(call.ticket, call.desk, twin, width, size))
                else:
                    cell.show(past_line(call.ticket, call.desk, twin, room, high, lead))
