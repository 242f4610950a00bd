"""A staff program's line to the server: what comes from it, and one question at a time."""

import time
from collections.abc import Callable
from typing import ClassVar

from textual.content import Content
from textual.message import Message

from config.model import Centre
from config.phrases import Phrases
from desk.frame import Frame
from desk.hall_clock import HallClock
from desk.words import Voice
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.orders import AnyOrder
from protocol.views import CounsellorView, LockedView, ReceptionView

TICK_S = 1.0
SLOW_S = 1.0
"""So long nobody notices that the server has not answered yet."""


class Updated(Message):
    """The line to the server has something new."""

    def __init__(self, update: Update) -> None:
        super().__init__()
        self.update = update


class Answered(Message):
    """The server has answered a question, or is away."""

    def __init__(self, command: AnyCommand | AnyOrder, answer: Accepted | Refused | None) -> None:
        super().__init__()
        self.command = command
        self.answer = answer


class Exchange(Frame):
    """Listens, asks, and says when the server is away."""

    AWAY: ClassVar = "desk.server_gone"
    """What is said while the server is away: since when, and what to do."""

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(Voice(phrases, language, centre))
        self.client = client
        self.centre = centre
        self.clock = HallClock(monotonic)
        self.asking: AnyCommand | AnyOrder | None = None
        self._asked_s = 0.0
        self._monotonic = monotonic
        self._link_down = False
        self._refused = False
        """The server does not know this terminal, or is not the one it knows."""
        self._down_since = ""

    # The parts that the layers above fill in

    @property
    def has_view(self) -> bool:
        """Whether the server has shown anything yet."""
        raise NotImplementedError

    def show(self, view: CounsellorView | ReceptionView | LockedView) -> None:
        """Show this view now."""
        raise NotImplementedError

    def away_key(self) -> str:
        """The text about a server that is away."""
        return self.AWAY

    # The line

    def on_mount(self) -> None:
        """Start listening and the clock."""
        self.run_worker(self._listen(), group="line", exit_on_error=True)
        self.set_interval(TICK_S, self.tick)

    async def _listen(self) -> None:
        async with self.client:
            async for update in self.client.updates():
                self.post_message(Updated(update))

    def on_updated(self, event: Updated) -> None:
        """A view, or the line has gone or come back."""
        match event.update:
            case CounsellorView() | ReceptionView() | LockedView() as view:
                self.show(view)
            case LinkLost():
                if not self._link_down and self.has_view:  # until then it connects
                    self._down_since = self.voice.time(self.clock.now())
                self._link_down = True
            case LinkRefused():
                self._link_down = self._refused = True
            case LinkUp():
                if self._link_down and self.has_view:
                    self.tell(lambda voice: voice.say("link.restored"))
                self._link_down, self._refused, self._down_since = False, False, ""
        self.say_link()
        self.set_class(self._link_down, "-away")
        self.tick()

    def say_link(self) -> None:
        """What is between this terminal and the server; since when, once there was something to see."""
        connecting = "desk.link_refused" if self._refused else "link.connecting"
        self.connecting.say(self.voice.say(connecting))
        if self._refused:
            self.link.say(self.voice.say("desk.link_refused"))
        elif self._down_since:
            self.link.say(self.voice.say(self.away_key(), time=self._down_since))

    def head_status(self) -> Content:
        """Link and time, right in the head."""
        state = "desk.offline" if self._link_down else "desk.online"
        colour = "#FFB870" if self._link_down else "#7FE0A8"
        time_said = self.voice.time(self.clock.now())
        return Content.assemble(("● ", colour), self.voice.say(state), f"   {time_said}")

    # Questions

    def ask(self, command: AnyCommand | AnyOrder) -> bool:
        """Ask the server, one thing at a time; false: something else is being asked, and this is not."""
        if self.asking is not None:
            return False
        self.asking = command
        self._asked_s = self._monotonic()
        self.run_worker(self._ask(command), group="ask")
        return True

    def say_waiting(self) -> None:
        """A question that the server has not answered for a while is not forgotten: say so until it is."""
        waits = self.voice.say("desk.server_slow")
        if self.asking is None and self.notice.plain == waits:
            self.notice.say("")
        elif self.asking is not None and not self.notice.plain and self._is_slow():
            self.notice.say(waits)

    def _is_slow(self) -> bool:
        return self._monotonic() - self._asked_s >= SLOW_S

    async def _ask(self, command: AnyCommand | AnyOrder) -> None:
        try:
            answer: Accepted | Refused | None = await self.client.ask(command)
        except ServerAwayError:
            answer = None
        self.post_message(Answered(command, answer))
