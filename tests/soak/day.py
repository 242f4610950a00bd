"""A day before each screen, played in a time of its own: what people, the line and the clock do to it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec import Struct
from soak.line import PlayedLine
from support import views
from support.kiosk_stories import LANGUAGES
from textual.app import App
from textual.events import Key, MouseDown, MouseUp

from protocol.client import LinkLost, LinkUp
from protocol.envelope import TicketGiven, Welcome
from protocol.views import DeskState, LockedView

LAYOUT = (80, 24)
UP = LinkUp(Welcome(protocol=1, server="played", centre="brussels", day=views.DAY, epoch=1))
RECONNECT_S = 3.0
"""How long a line that was lost stays away."""


class Hours(Struct, frozen=True):
    """How long a day is, and how much happens in it."""

    visits: int
    between_s: float
    """From one visit to the next."""
    reconnects_every: int
    """After so many visits the line is lost once."""
    night_s: float
    """Closed, and nobody there."""


FULL = {
    "kiosk": Hours(visits=250, between_s=115.2, reconnects_every=10, night_s=3600.0),
    "board": Hours(visits=250, between_s=115.2, reconnects_every=10, night_s=3600.0),
    "counsellor": Hours(visits=40, between_s=720.0, reconnects_every=2, night_s=3600.0),
    "reception": Hours(visits=60, between_s=480.0, reconnects_every=3, night_s=3600.0),
}
"""A large centre's day of eight hours; of the night one hour, in which only time passes."""
BRIEF = {
    "kiosk": Hours(visits=4, between_s=100.0, reconnects_every=3, night_s=60.0),
    "board": Hours(visits=2, between_s=15.0, reconnects_every=2, night_s=30.0),
    "counsellor": Hours(visits=1, between_s=20.0, reconnects_every=1, night_s=75.0),
    "reception": Hours(visits=1, between_s=15.0, reconnects_every=1, night_s=75.0),
}
"""Enough for whatever each visit leaves behind."""
LOCK_AFTER_MIN = 1
"""So soon that the short night of a brief day locks a staff screen too."""


class Played(Struct):
    """A program in the middle of its week."""

    app: App[Any]
    panel: Any
    line: PlayedLine
    dice: Random
    hours: Hours
    done: Counter[str]
    day: int = 0
    visit: int = 0

    def now(self) -> datetime:
        """The server's clock."""
        return views.NOW + timedelta(seconds=asyncio.get_running_loop().time())

    def dated(self, view: Any, **changes: Any) -> Any:
        """This view, now."""
        at = self.now()
        return msgspec.structs.replace(view, at=at, day=f"{at:%Y-%m-%d}", **changes)

    async def tap(self, target: str) -> None:
        """A finger on this part of the screen, if it is there."""
        found = [widget for widget in self.panel.query(target) if widget.region and widget.is_on_screen]
        if found:
            x, y = found[0].region.center
            for kind in (MouseDown, MouseUp):
                self.app.post_message(kind(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False))
            self.done["taps"] += 1
        await asyncio.sleep(1.0)

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
            self.done["keys"] += 1
            await asyncio.sleep(0.5)

    async def type(self, digits: str) -> None:
        """Digits, quickly."""
        for digit in digits:
            self.app.post_message(Key(digit, digit))
        await asyncio.sleep(0.5)

    async def reconnect(self) -> None:
        """The line is lost for a moment; the caller says what the server shows then."""
        self.line.away = True
        self.line.say(LinkLost("gone"))
        await asyncio.sleep(RECONNECT_S)
        self.line.away = False
        self.line.say(UP)
        self.done["reconnects"] += 1


Visit = Callable[[Played], Awaitable[None]]


# ---------------------------------------------------------------------------------------------- the kiosk


def kiosk_now(played: Played, **changes: Any) -> Any:
    """What the kiosk is shown now."""
    return played.dated(views.kiosk_view(**changes))


async def kiosk_morning(played: Played) -> None:
    """It opens."""
    played.line.outcome = lambda _: TicketGiven(
        ticket=f"S{1 + played.visit % 999:03d}",
        ahead=played.visit % 9,
        token=f"7K3F9QX{played.visit % 1000:03d}",
        token_url=f"https://wachten.example/t/7K3F9QX{played.visit % 1000:03d}",
        printer="printer-1",
    )
    played.line.say(UP, kiosk_now(played))


async def kiosk_visit(played: Played) -> None:
    """Somebody takes a ticket; one in five goes away in the middle of it."""
    language = played.dice.choice(LANGUAGES)
    await played.tap(f"#{language}")
    if played.dice.random() < 0.2:
        played.done["left in the middle"] += 1
        return
    await played.tap("#" + played.dice.choice(list(views.LETTERS)))
    await played.tap("TalkScene Tile")
    if isinstance(played.panel.kiosk.ticket, TicketGiven):
        played.done["tickets"] += 1
    played.line.say(kiosk_now(played))


async def kiosk_evening(played: Played) -> None:
    """It closes."""
    played.line.say(kiosk_now(played, open=False))


# ---------------------------------------------------------------------------------------------- the board


def board_now(played: Played, **changes: Any) -> Any:
    """What the board is shown now: the newest calls are the newest visits."""
    calls = tuple(
        msgspec.structs.replace(
            call,
            call=number,
            ticket=f"{call.ticket[0]}{1 + number % 999:03d}",
            at=played.now(),
            desk=str(1 + number % 12),
        )
        for call, number in zip(
            views.board_calls(), range(played.visit, max(0, played.visit - 6), -1), strict=False
        )
    )
    return played.dated(views.board_view(), **{"calls": calls, **changes})


async def board_morning(played: Played) -> None:
    """Nobody has been called."""
    played.line.say(UP, board_now(played, calls=()))


async def board_visit(played: Played) -> None:
    """One call, or two at once; now and then a message."""
    if played.dice.random() < 0.3:
        played.visit += 1
    message = {"fr": f"Atelier {played.visit}", "nl": f"Workshop {played.visit}"}
    played.line.say(board_now(played, message=message if played.visit % 4 == 0 else {}))
    played.done["calls"] = played.done["calls"] + 1


async def board_evening(played: Played) -> None:
    """Nobody waits any more."""
    nobody = views.field_queues(waiting={}, waiting_total=0)
    played.line.say(board_now(played, open=False, fields=nobody, calls=()))


# ---------------------------------------------------------------------------------------------- the staff


async def signed_in(played: Played, view: Any) -> None:
    """The screen is locked; whoever works here types the PIN, and is let in."""
    played.line.say(UP, played.dated(LockedView(day=views.DAY, at=views.NOW, last=view.staff)))
    await asyncio.sleep(1.0)
    await played.type("204816")
    await played.press("enter")
    played.line.say(played.dated(view))
    await asyncio.sleep(1.0)
    played.done["sign-ins"] += played.panel.locked is None


def at_desk(played: Played, state: DeskState) -> Any:
    """What desk 3 is shown now, in this state."""
    return played.dated(views.counsellor_view(state))


async def counsellor_morning(played: Played) -> None:
    """The counsellor comes."""
    await signed_in(played, at_desk(played, DeskState.FREE))


async def counsellor_visit(played: Played) -> None:
    """Next, start, a look at the transfers, finish; one in ten has a break and signs in again."""
    for key, state in (("f2", DeskState.CALLED), ("f4", DeskState.SERVING)):
        await played.press(key)
        played.line.say(at_desk(played, state))
        await asyncio.sleep(5.0)
    await played.press("f7", "escape", "f5")
    played.line.say(at_desk(played, DeskState.FREE))
    played.done["visits"] += 1
    if played.dice.random() < 0.1:
        await played.press("ctrl+l")
        await signed_in(played, at_desk(played, DeskState.FREE))


async def reception_morning(played: Played) -> None:
    """The receptionist comes."""
    await signed_in(played, hall(played))


def hall(played: Played) -> Any:
    """What reception is shown now: now few wait, now many."""
    return played.dated(views.reception_view(waiting=views.many_waiting(5 + played.visit % 30)))


async def reception_visit(played: Played) -> None:
    """Lists, a search, every dialog in turn; one in ten signs in again."""
    played.line.say(hall(played))
    dialogs = ("f2", "f5", "f7", "f8", "f9", "f10", "f12", "enter")
    await played.press("down", "right", "left", dialogs[played.visit % len(dialogs)], "escape")
    await played.press("f3", "s", "1", "escape", "f4")
    played.done["visits"] += 1
    if played.dice.random() < 0.1:
        await played.press("ctrl+l")
        await signed_in(played, hall(played))


async def staff_evening(played: Played) -> None:
    """Whoever works here goes home and forgets to sign out: the screen locks itself."""
    await played.press("escape")


# ------------------------------------------------------------------------------------------------- a day


class Life(Struct, frozen=True):
    """What happens before one kind of screen."""

    morning: Visit
    visit: Visit
    evening: Visit
    again: Callable[[Played], Any]
    """What the server shows when the line is back."""


LIVES = {
    "kiosk": Life(kiosk_morning, kiosk_visit, kiosk_evening, kiosk_now),
    "board": Life(board_morning, board_visit, board_evening, board_now),
    "counsellor": Life(
        counsellor_morning, counsellor_visit, staff_evening, lambda played: at_desk(played, DeskState.FREE)
    ),
    "reception": Life(reception_morning, reception_visit, staff_evening, hall),
}


async def play_day(played: Played, life: Life, tell: Callable[[], None]) -> None:
    """One day and its night; `tell` after each visit."""
    await life.morning(played)
    for number in range(1, played.hours.visits + 1):
        began_s = asyncio.get_running_loop().time()
        played.visit += 1
        await life.visit(played)
        if number % played.hours.reconnects_every == 0:
            await played.reconnect()
            played.line.say(life.again(played))
        tell()
        await asyncio.sleep(max(0.0, began_s + played.hours.between_s - asyncio.get_running_loop().time()))
    await life.evening(played)
    await asyncio.sleep(played.hours.night_s)
    played.day += 1
