"""One terminal as an actor holds it: the newest view, and taps that survive a server restart."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Generic, TypeVar

from protocol.badge import Badge
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import StaffId
from protocol.orders import AnyOrder, Pin, SignIn
from protocol.refusals import RefusalCode
from protocol.views import LockedView, View
from walkin.day.trouble import DayError

AWAY_MAX_S = 60.0
"""How long the server may be away before the day is given up; a restart takes a few seconds."""
SLIP_PATIENCE_S = 20.0
"""Real seconds a visitor stands at the printer, however fast the day goes; then takes the screen's word."""

V = TypeVar("V", bound=View)


class Terminal(Generic[V]):
    """A terminal whose role is shown views of type V."""

    def __init__(self, url: str, badge: Badge, kind: type[V]) -> None:
        self.name = badge.device
        self._kind = kind
        self._client = QueueClient(url, badge)
        self._view: V | None = None
        self._connected = False
        self._changed = asyncio.Event()
        self._away_since: float | None = None

    @property
    def view(self) -> V:
        """The newest view; a staff terminal has one once somebody has signed in."""
        assert self._view is not None, f"{self.name} acts before it has seen the queue"
        return self._view

    async def keep(self, on_view: Callable[[V], None] = lambda _: None) -> None:
        """Hold the line until cancelled; DayError when the server stays away or sends the terminal away."""
        async with self._client:
            async for update in self._client.updates():
                if isinstance(update, LockedView):
                    self._connected = True
                    self.nudge()
                elif isinstance(update, self._kind):
                    self._connected = True
                    self._away_since = None
                    self._view = update
                    on_view(update)
                    self.nudge()
                elif isinstance(update, LinkLost) or self._is_new(update):
                    self._miss()
                elif isinstance(update, LinkRefused):
                    refusal = update.refusal
                    raise DayError(
                        f"The server does not take {self.name}: {refusal.detail or refusal.code}. "
                        "Give it the same configuration as this day."
                    )
                else:
                    assert isinstance(update, LinkUp), f"{self.name} was shown {type(update).__name__}"

    @staticmethod
    def _is_new(update: Update) -> bool:
        """A running server has not looked yet who belongs to the centre since the day began."""
        return isinstance(update, LinkRefused) and update.refusal.code is RefusalCode.UNKNOWN_DEVICE

    def _miss(self) -> None:
        now = asyncio.get_running_loop().time()
        self._away_since = self._away_since or now
        if now - self._away_since > AWAY_MAX_S:
            raise DayError(str(ServerAwayError(self._client.url)))

    def nudge(self) -> None:
        """Look at the conditions again: something outside the view has changed."""
        self._changed.set()

    async def connected(self) -> None:
        """Return once the server has shown something, be it that nobody is signed in."""
        await self._until(lambda: self._connected)

    async def sign_in(self, staff: StaffId, pin: Pin) -> None:
        """This person is at the terminal from now on, and sees the queue; DayError when it must not be."""
        answer = await self.tap(SignIn(staff=staff, pin=pin))
        if isinstance(answer, Refused):
            raise DayError(f"{staff} cannot sign in at {self.name}: {answer.detail}")
        await self._until(lambda: self._view is not None)

    async def until(self, condition: Callable[[V], bool], within_s: float | None = None) -> bool:
        """Wait until a view meets the condition; whether it did within so many real seconds."""
        try:
            async with asyncio.timeout(within_s):
                await self._until(lambda: condition(self.view))
        except TimeoutError:
            return False
        return True

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    async def until_printed(self, printed: Callable[[V], bool]) -> None:
        """Wait until a slip has come out, or a visitor's patience ends."""
        await self.until(printed, SLIP_PATIENCE_S)

    async def newer(self, version: int) -> None:
        """Return once a view is newer than this version."""
        await self.until(lambda view: view.version > version)

    async def tap(self, command: AnyCommand | AnyOrder) -> Accepted | Refused:
        """The server's answer, asked for with one id until it comes; DayError when the server stays away."""
        return (await self.taps(command, 1))[0]

    async def taps(self, command: AnyCommand | AnyOrder, times: int) -> list[Accepted | Refused]:
        """A finger that taps several times on one button: the same request, each time with its answer."""
        request_id = secrets.token_urlsafe(16)
        return [await self._ask(command, request_id) for _ in range(times)]

    async def announced(self, call: int) -> None:
        """Tell the server that this board has announced all calls up to this one."""
        await self._client.announced(call)

    async def _ask(self, command: AnyCommand | AnyOrder, request_id: str) -> Accepted | Refused:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + AWAY_MAX_S
        while True:
            try:
                return await self._client.ask(command, request_id)
            except ServerAwayError as error:
                if loop.time() > give_up:
                    raise DayError(str(error)) from None
