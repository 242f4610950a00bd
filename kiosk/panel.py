"""The whole kiosk as one widget: it hears the server, keeps the flow, and shows the scene of the moment."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widget import Widget

from config.model import Centre
from config.phrases import Phrases, time_of
from kiosk import flow
from kiosk.alone import Alone, asked
from kiosk.aloud import Aloud, Voice
from kiosk.held import HeldKey
from kiosk.inputs import (
    Aid,
    CallAnswered,
    Continue,
    Input,
    LinkIs,
    NumbersAre,
    ServerGone,
    SlipIs,
    TimePasses,
)
from kiosk.layout import Room
from kiosk.line import Server
from kiosk.screens.ask import AskScene
from kiosk.screens.field import FieldScene
from kiosk.screens.foot import Foot, Tool
from kiosk.screens.language import LanguageScene
from kiosk.screens.notice import NoticeScene, in_hours, too_small_words
from kiosk.screens.scene import Moment, SceneView
from kiosk.screens.spoken import Line
from kiosk.screens.talk import TalkScene
from kiosk.screens.ticket import TicketScene
from kiosk.visit import SETTLE_S, Scene, is_held, takes_taps
from kiosk.widgets import Tile, Words, moved
from protocol.client import LinkLost, LinkRefused, LinkUp, ServerAwayError
from protocol.commands import CallForHelp, IssueTicket, NoteUnserved, WithdrawHelp
from protocol.envelope import Accepted
from protocol.ids import TicketCode
from protocol.views import KioskView, PrintState

CSS_FILES = (Path(__file__).with_name("kiosk.tcss"),)
PRESSED_S = 0.15
"""How long a touched tile shows it before anything happens: the only sign that the finger was felt."""
WITHDRAWS_MAX = 3
"""So often a kiosk says that nobody needs to come, then reception looks itself."""
TIME_COLUMNS = 6
"""Of the clock in the head, with what is free beside it."""
TICK_S = 0.5
"""Between two looks at the clock: a countdown of seconds never skips one."""


class KioskPanel(Widget):
    """A kiosk; lays itself out by its own size."""

    ALLOW_SELECT: ClassVar[bool] = False

    class Heard(Message):
        """Something came from the server: a view, the state of the line, an answer."""

        def __init__(self, what: Input) -> None:
            super().__init__()
            self.what = what

    def __init__(
        self,
        client: Server | None,
        centre: Centre,
        phrases: Phrases,
        clock_s: Callable[[], float] = time.monotonic,
        alone: Alone | None = None,
        voice: Voice | None = None,
        wall: Callable[[ZoneInfo], datetime] = datetime.now,
    ) -> None:
        """A kiosk on this line (none: it is only fed by `hear`), measuring time with this clock.

        `alone`: its own numbers, on the same clock; none: it gives no tickets while the server is away.
        `voice`: reads scenes aloud; none: nobody is offered to listen.
        `wall`: this machine's clock, for the order of the languages until the server has told the day.
        """
        super().__init__()
        self._client = client
        self._alone = alone
        self._centre = centre
        self._phrases = phrases
        self._clock_s = clock_s
        self._wall = wall
        self._zone = ZoneInfo(centre.timezone)
        self._aloud = Aloud(self, voice)
        self._calling = asyncio.Lock()
        self._line_up = asyncio.Event()
        self._calls = 0
        """Calls for help so far: a newer one outweighs that an older is not needed."""
        self._heard_at_s = 0.0
        self._day_shown: date | None = None
        self._pressed: Tile | None = None
        self._held = HeldKey()
        self._drawn_s = clock_s()
        """Since when a visitor sees what is shown; endless while it is being drawn."""
        self.kiosk = flow.started(centre.languages, clock_s())
        self._centre_name = Words(classes="name")
        self._wall_clock = Words(classes="time")
        self._too_small = Words(classes="too-small")
        self._foot = Foot(listens=voice is not None)
        self._head = Horizontal(self._centre_name, self._wall_clock, classes="head")
        notice, ask = NoticeScene(len(centre.languages.official)), AskScene()
        self._scenes: dict[Scene, SceneView] = {
            Scene.CONNECTING: notice,
            Scene.OFFLINE: notice,
            Scene.CLOSED: notice,
            Scene.LANGUAGE: LanguageScene(centre.languages),
            Scene.FIELD: FieldScene(centre),
            Scene.TALK: TalkScene(centre.languages),
            Scene.UNSURE: ask,
            Scene.TAKING: ask,
            Scene.REFUSED: ask,
            Scene.HELP: ask,
            Scene.STILL_THERE: ask,
            Scene.TICKET: TicketScene(),
        }

    def compose(self) -> ComposeResult:
        """The head, every scene, of which one is shown, and the foot."""
        yield self._head
        with Container(classes="main"):
            with Container(classes="scenes"):
                yield from dict.fromkeys(self._scenes.values())
            yield self._foot
        yield self._too_small

    def on_mount(self) -> None:
        """Start the clock and the line."""
        self._show()
        self.set_interval(TICK_S, self.tick)
        if self._client is not None:
            self.run_worker(self._listen(self._client), name="kiosk line")

    def on_unmount(self) -> None:
        """Leave no voice behind."""
        self._aloud.hush()

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew."""
        event.stop()
        self._show()

    def tick(self) -> None:
        """Look at the clock, and at the numbers there are."""
        self._count_numbers()
        self.hear(TimePasses())

    def _count_numbers(self) -> None:
        if self._alone is not None:
            numbers = NumbersAre(self._alone.offered(), paper=self._alone.paper is not None)
            if numbers != self.kiosk.numbers:
                self.hear(numbers)

    def hear(self, what: Input) -> None:
        """Take an input into the flow, show what follows, ask what follows."""
        at_s = self._clock_s()
        before = self.kiosk
        self.kiosk, wish = flow.advance(before, what, at_s)
        if isinstance(what, KioskView):
            self._heard_at_s = at_s
        if wish is not None:
            self._wish(wish)
        if (self.kiosk.scene, self.kiosk.aids) != (before.scene, before.aids):
            self._drawn_s = math.inf
            self.call_after_refresh(self._see)
        if isinstance(what, TimePasses) and self.kiosk is before and self._day(at_s) == self._day_shown:
            moment = self._moment(at_s)
            self._show_time(moment)
            self._foot.remark(moment.room, self._scenes[self.kiosk.scene].remark(moment))
        else:
            self._show()

    def _see(self) -> None:
        """The new scene stands on the screen: on a slow machine long after it was decided."""
        self._drawn_s = self._clock_s()

    def _wish(self, wish: flow.Wish) -> None:
        """Ask it of the server, or of the kiosk itself."""
        assert self._client is not None, "a kiosk without a line asks nothing"
        if isinstance(wish, IssueTicket):
            self.run_worker(self._ask(self._client, wish, alone=self.kiosk.alone), name="kiosk ticket")
        elif isinstance(wish, NoteUnserved):
            self.run_worker(self._note(self._client, wish), name="kiosk note")
        elif isinstance(wish, CallForHelp):
            self._calls += 1
            self.run_worker(self._call(self._client, wish), name="kiosk help")
        else:
            self.run_worker(self._withdraw(self._client, wish, self._calls), name="kiosk help")

    @on(Tile.Touched)
    def take_touch(self, event: Tile.Touched) -> None:
        """Show that the finger was felt, then act; one tile at a time."""
        event.stop()
        tile = event.tile
        if self._pressed is not None or tile.tap is None:
            return
        at_s = self._clock_s()
        if is_held(self.kiosk, tile.tap, at_s):
            self.hear(tile.tap)
            return
        if not takes_taps(self.kiosk, at_s) or at_s - self._drawn_s < SETTLE_S:
            return
        self._aloud.hush()
        self._pressed = tile
        tile.add_class("-pressed")
        self.set_timer(PRESSED_S, self._release)

    @on(Heard)
    def take_news(self, event: Heard) -> None:
        """What a worker heard."""
        event.stop()
        self.hear(event.what)

    def on_click(self, event: events.Click) -> None:
        """A tap beside everything: somebody is there."""
        event.stop()
        self._aloud.hush()
        self.hear(Continue())

    def on_key(self, event: events.Key) -> None:
        """A key that nothing on the screen has taken."""
        event.stop()
        self.press(event.key)

    def press(self, key: str) -> None:
        """Touch the tile that has this key, or move on to another; any other key only says: I am here."""
        tiles = [tile for tile in self.query(Tile) if tile.is_on_screen]
        focused, held = self.screen.focused, self._held.repeats(key, self._clock_s())
        tile = next((tile for tile in tiles if key in tile.keys or tile.is_chosen_by(key)), None)
        if tile is not None:
            if not held:
                tile.post_message(Tile.Touched(tile))
            return
        place = next((place for place, tile in enumerate(tiles) if tile is focused), None)
        following = moved([tile.region for tile in tiles], place, key)
        if following is not None:
            self.screen.set_focus(tiles[following])
        self.hear(Continue())

    @on(Tile.Reached)
    def take_focus(self, event: Tile.Reached) -> None:
        """Read what is written on a tile that was reached by keys."""
        event.stop()
        if Aid.LISTEN in self.kiosk.aids:
            moment, tile = self._moment(self._clock_s()), event.tile
            said = tile.lines if isinstance(tile, Tool) else (tile.said,)
            spoken = moment.spoken if isinstance(tile, Tool) else (tile.language or moment.language,)
            self._aloud.say(tuple(Line(*one) for one in zip(spoken, said, strict=True)))

    def _release(self) -> None:
        tile, self._pressed = self._pressed, None
        if tile is not None:
            tile.remove_class("-pressed")
            if tile.tap is not None:
                self.hear(tile.tap)

    def _moment(self, at_s: float) -> Moment:
        return Moment(
            kiosk=self.kiosk,
            room=Room(self.size.width, self.size.height, larger=Aid.LARGER in self.kiosk.aids),
            centre=self._centre,
            phrases=self._phrases,
            at_s=at_s,
            local=self._local(at_s),
            day=self._day(at_s),
        )

    def _day(self, at_s: float) -> date:
        """The day that the server has told, moved on by this kiosk's clock while it is away."""
        view, local = self.kiosk.view, self._local(at_s)
        if view is None or local is None:
            return self._wall(self._zone).date()
        return date.fromisoformat(view.day) + (local.date() - view.at.astimezone(self._zone).date())

    def _local(self, at_s: float) -> datetime | None:
        """The centre's wall clock: the server's, moved on by this kiosk's steady clock."""
        if self.kiosk.view is None:
            return None
        return self.kiosk.view.at.astimezone(self._zone) + timedelta(seconds=at_s - self._heard_at_s)

    def _show(self) -> None:
        """Show the scene of the moment in the room there is."""
        if not self.is_mounted or not self.size:
            return
        moment = self._moment(self._clock_s())
        room, self._day_shown = moment.room, moment.day
        self._too_small.display = not room.suffices
        self._too_small.write(too_small_words(moment))
        looks = {"-aside": room.aside, "-larger": room.larger, "-contrast": moment.contrast}
        classes = frozenset((f"-{room.shape}", *(name for name, so in looks.items() if so)))
        if classes != self.classes:  # each change of them styles every widget anew
            self.set_classes(classes)
        self._head.display = not room.aside
        current = self._scenes[self.kiosk.scene]
        names = "  ·  ".join(dict.fromkeys(self._centre.name[language] for language in moment.official))
        if room.upright and len(names) > room.inner - TIME_COLUMNS:
            names = names.replace("  ·  ", "\n")
        self._centre_name.write(current.headline(moment) or names)
        self._show_time(moment)
        hidden = {scene for scene in self._scenes.values() if scene is not current or not room.suffices}
        for scene in set(self._scenes.values()):
            scene.display = scene not in hidden
        self._foot.display = room.suffices
        if room.suffices:
            current.show(moment)
            rings = self.kiosk.scene in flow.RINGS
            rings = rings and (self.kiosk.scene is not Scene.CLOSED or in_hours(moment))
            self._foot.show(moment, current.way(moment), rings=rings)
            self._foot.remark(room, current.remark(moment))
        focused = self.screen.focused
        if focused is not None and any(focused in scene.walk_children() for scene in hidden):
            self.screen.set_focus(None)
        self._aloud.follow(moment)

    def _show_time(self, moment: Moment) -> None:
        local = moment.local
        self._wall_clock.write("" if local is None else time_of(moment.language, local))

    async def _listen(self, client: Server) -> None:
        """Hear everything the server says, for good."""
        if self._alone is not None:
            await self._alone.open()
            self._alone.on_slip = self._hear_of_slip
            self.run_worker(self._alone.run(client), name="kiosk numbers")
        async with client:
            async for update in client.updates():
                if self._alone is not None:
                    self._alone.hear(update)
                match update:
                    case KioskView():
                        self.post_message(self.Heard(update))
                    case LinkUp():
                        self._line_up.set()
                        self.post_message(self.Heard(LinkIs(up=True)))
                    case LinkLost() | LinkRefused():
                        self._line_up.clear()
                        self.post_message(self.Heard(LinkIs(up=False)))

    def _hear_of_slip(self, ticket: TicketCode, slip: PrintState) -> None:
        self.post_message(self.Heard(SlipIs(ticket, slip)))

    async def _ask(self, client: Server, wish: IssueTicket, *, alone: bool) -> None:
        """Ask for a ticket, of the server or of the kiosk itself, and bring back the answer."""
        own = self._alone
        answer = await (asked(client, wish) if own is None else own.take(client, wish, alone=alone))
        self.post_message(self.Heard(answer or ServerGone()))

    async def _note(self, client: Server, wish: NoteUnserved) -> None:
        """Say it once: no visitor waits for it, and a count that is short by one plans as well."""
        with suppress(ServerAwayError):
            await client.ask(wish)

    async def _call(self, client: Server, wish: CallForHelp) -> None:
        """Call for help, in the order of the taps, and bring back whether it was heard."""
        async with self._calling:
            try:
                heard = isinstance(await client.ask(wish), Accepted)
            except ServerAwayError:
                heard = False
        self.post_message(self.Heard(CallAnswered(heard)))

    async def _withdraw(self, client: Server, wish: WithdrawHelp, calls: int) -> None:
        """Say that nobody needs to come, again when the line is up, unless somebody has called since."""
        for _ in range(WITHDRAWS_MAX):
            async with self._calling:
                with suppress(ServerAwayError):
                    await client.ask(wish)
                    return
            await self._line_up.wait()
            if calls != self._calls:
                return
