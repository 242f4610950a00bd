"""A counsellor's whole morning on a real server, once without a mouse and once without a keyboard."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.badges import PIN, account, badge
from support.centre import ALL_ROUND, TRAINER, small_centre
from support.desk_hands import Keyboard, Mouse
from support.house import BY, Centre, at_work, let_in
from support.servers import Terminal, stranger, until
from textual.pilot import Pilot

from config.phrases import Phrases
from desk.counsellor.actions import RING_AGAIN_S
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol import commands as c
from protocol.client import QueueClient
from protocol.envelope import Accepted
from protocol.ids import Role
from protocol.views import CounsellorView, DeskState
from queue_server import doorkeeper

DESK, KIOSK = badge(Role.COUNSELLOR, "desk-1", "1"), badge(Role.KIOSK, "kiosk-1")
ALL = ("training", "work", "abroad")


class Morning:
    """A desk, its counsellor's hand, a kiosk, and a clock for them and the server."""

    def __init__(self, centre: Centre, phrases: Phrases) -> None:
        self.now_s = 1000.0
        self.centre = centre
        client = QueueClient(centre.url, DESK)
        self.panel = CounsellorPanel(client, small_centre(), phrases, "fr", "1", monotonic=lambda: self.now_s)
        self.app = StaffApp(self.panel)
        self.rung = 0
        self.app.bell = self.ring  # type: ignore[method-assign]
        self.pilot: Pilot[None]
        self.kiosk: Terminal
        self.hand: Keyboard

    def ring(self) -> None:
        self.rung += 1

    @asynccontextmanager
    async def begins(self, hand: type[Keyboard]) -> AsyncIterator[None]:
        async with self.app.run_test(size=(80, 24)) as self.pilot:
            await until(lambda: self.panel.locked is not None)
            async with stranger(self.centre.url, KIOSK.token) as self.kiosk:
                await self.kiosk.answer()
                self.hand = hand(self.pilot, self.panel)
                yield

    async def comes(self, field: str = "training") -> None:
        """A visitor, a minute later."""
        await self.time_passes(60)
        wish = c.IssueTicket(field=field, languages=("fr",), screen_language="fr")
        assert isinstance(await self.kiosk.ask(wish), Accepted)

    async def sees(self, wanted: Callable[[CounsellorView], bool]) -> None:
        panel = self.panel
        await until(lambda: panel.view is not None and panel.asking is None and wanted(panel.view))
        await self.pilot.pause()

    async def has(self, state: DeskState, ticket: str | None = None) -> None:
        await self.sees(lambda view: (view.desk.state, view.desk.ticket) == (state, ticket))

    async def time_passes(self, seconds: float) -> None:
        self.now_s += seconds
        self.centre.clock.forward(seconds / 60)
        self.panel.tick()
        await self.pilot.pause()

    async def signs_in(self) -> None:
        await self.hand.press(*"quir", "enter", *PIN)
        await self.hand.submit()
        await self.has(DeskState.FREE)

    async def serves(self, ticket: str) -> None:
        """The usual visitor: calls, starts, and is left to finish."""
        await self.hand.tile("f2")
        await self.has(DeskState.CALLED, ticket)
        await self.hand.tile("f4")
        await self.has(DeskState.SERVING, ticket)

    async def finishes(self) -> None:
        await self.hand.tile("f5")
        await self.has(DeskState.FREE)


@pytest.fixture
async def morning(
    tmp_path: Path, phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Morning]:
    monkeypatch.setattr(doorkeeper, "LOOK_S", 0.01)
    async with at_work(tmp_path) as centre:
        team = [account(ALL_ROUND, Role.COUNSELLOR), account(TRAINER, Role.COUNSELLOR)]
        assert await centre.console.add_staff(team, BY) == []
        await let_in(centre.console, DESK, KIOSK)
        yield Morning(centre, phrases)


@pytest.mark.parametrize("hand", [Keyboard, Mouse])
async def test_a_whole_morning_needs_the_keyboard_alone_or_the_mouse_alone(
    morning: Morning, hand: type[Keyboard]
) -> None:
    async with morning.begins(hand):
        await morning.signs_in()
        for _ in range(5):
            await morning.comes()
        await somebody_does_not_come(morning)
        if hand is Keyboard:  # a mouse clicks nothing there that it does not click elsewhere
            await somebody_is_put_aside_and_somebody_sent_on(morning)
            await a_break_and_a_mistake(morning)
        await out_of_turn(morning)
        await for_fewer_and_home(morning)


async def somebody_does_not_come(morning: Morning) -> None:
    hand = morning.hand
    await hand.tile("f2")
    await morning.has(DeskState.CALLED, "T001")
    await hand.tile("f3")
    assert morning.panel.asking is None, "the call still sounds"
    await morning.time_passes(RING_AGAIN_S)
    await hand.tile("f3")
    await morning.sees(lambda view: view.current is not None and view.current.calls == 2)
    await hand.tile("f6")
    await hand.choose(0)
    await morning.has(DeskState.FREE)


async def somebody_is_put_aside_and_somebody_sent_on(morning: Morning) -> None:
    hand, panel = morning.hand, morning.panel
    await morning.serves("T002")
    await hand.tile("f8")
    await hand.choose(-1)  # five minutes instead of ten
    await morning.has(DeskState.FREE)
    await morning.serves("T003")
    await hand.tile("f7")
    await hand.word(0, 1)
    await hand.submit()
    await morning.has(DeskState.FREE)
    await morning.serves("T003")
    assert panel.view is not None
    assert panel.view.current is not None
    assert (panel.view.current.field, panel.view.current.transferred) == ("work", True), "the place is kept"
    await morning.time_passes(5 * 60)
    assert morning.rung == 1
    assert "T\N{NO-BREAK SPACE}002" in panel.heed.plain
    await morning.finishes()
    await hand.tile("f8")
    await morning.has(DeskState.CALLED, "T002")
    assert not panel.heed.plain
    await hand.tile("f4")
    await morning.has(DeskState.SERVING, "T002")
    await morning.finishes()
    assert morning.rung == 1, "once"


async def a_break_and_a_mistake(morning: Morning) -> None:
    hand = morning.hand
    await hand.tile("f9")
    await hand.choose(1)
    await morning.sees(lambda view: view.desk.pause_reason == "lunch")
    await hand.tile("f9")
    await morning.has(DeskState.FREE)
    await hand.tile("f10")
    await morning.has(DeskState.SERVING, "T002")
    await morning.finishes()


async def out_of_turn(morning: Morning) -> None:
    hand, queue = morning.hand, morning.panel.queue_side
    await hand.number("T005")
    await morning.has(DeskState.CALLED, "T005")
    await hand.tile("f5")
    await morning.has(DeskState.FREE)
    await hand.ticket(queue.aside, 0)
    await hand.choose(0)
    await morning.sees(lambda view: view.next is not None and view.next.ticket == "T001")
    second = queue.waiting.sequence[1]
    await hand.ticket(queue.waiting, 1)
    await hand.choose(0)
    await morning.has(DeskState.CALLED, second)
    await hand.tile("f5")
    await morning.has(DeskState.FREE)


async def for_fewer_and_home(morning: Morning) -> None:
    hand, panel = morning.hand, morning.panel
    await hand.named("f11")
    await hand.tick(0, 0)
    await hand.submit()
    await morning.sees(lambda view: view.desk.fields == ALL[1:] and view.next is None)
    assert "aujourd’hui" in panel.who.plain
    await hand.named("f11")
    await hand.tick(0, 0)
    await hand.submit()
    await morning.sees(lambda view: view.desk.fields == ALL)
    await hand.named("ctrl+t")
    assert panel.desk_side.big.plain
    assert panel.voice.language == "nl"
    before = hand.presses
    await morning.serves("T001")
    await morning.finishes()
    assert hand.presses - before == 3, "the usual visitor takes three keys, or three clicks"
    await hand.tile("f12")
    await hand.choose(0)
    await until(lambda: panel.locked is not None and panel.asking is None)
    assert panel.voice.language == "fr", "the next person is greeted in the terminal's language"
