import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

import pytest
from support.views import NOW
from textual.app import App, ComposeResult

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from kiosk.alone import Alone
from kiosk.aloud import Voice
from kiosk.panel import CSS_FILES, KioskPanel
from protocol.client import ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, LeftOut, Outcome, Refused, TicketGiven
from protocol.refusals import RefusalCode

ROOT = Path(__file__).parents[2]
STEPS_MAX = 1000
"""Looks at a screen until what is awaited must have come: ten seconds."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds


class FakeLine:
    """A line to a server that says and answers what the test tells it to."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[Update] = asyncio.Queue()
        self.asked: list[AnyCommand] = []
        self.ids: list[str | None] = []
        self.answers: asyncio.Queue[Outcome | RefusalCode | None] = asyncio.Queue()
        self.told: list[LeftOut] = []
        self.entered = 0
        self.left = 0

    async def __aenter__(self) -> Self:
        self.entered += 1
        return self

    async def __aexit__(self, *why: object) -> None:
        self.left += 1

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            yield await self.news.get()

    async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
        self.asked.append(command)
        self.ids.append(request_id)
        answer = await self.answers.get()
        if answer is None:
            raise ServerAwayError("ws://127.0.0.1:1")
        if isinstance(answer, RefusalCode):
            return Refused("r" * 16, answer)
        return Accepted("r" * 16, answer)

    async def left_out(self, report: LeftOut) -> None:
        self.told.append(report)

    def say(self, *updates: Update) -> None:
        for update in updates:
            self.news.put_nowait(update)


class PanelApp(App[None]):
    """A terminal with nothing but a kiosk in it."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*CSS_FILES]

    def __init__(
        self,
        line: FakeLine,
        centre: Centre,
        phrases: Phrases,
        clock: Clock,
        alone: Alone | None = None,
        voice: Voice | None = None,
        wall: Callable[[ZoneInfo], datetime] = lambda _: NOW,
    ) -> None:
        super().__init__()
        self.panel = KioskPanel(line, centre, phrases, clock, alone, voice, wall)

    def compose(self) -> ComposeResult:
        yield self.panel


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load(ROOT / "config" / "brussels.toml")


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line() -> FakeLine:
    return FakeLine()


@pytest.fixture
def kiosk(line: FakeLine, centre: Centre, phrases: Phrases, clock: Clock) -> PanelApp:
    return PanelApp(line, centre, phrases, clock)


@pytest.fixture
def kiosk_with(line: FakeLine, centre: Centre, phrases: Phrases, clock: Clock) -> Callable[[Alone], PanelApp]:
    """A kiosk with numbers of its own."""
    return lambda alone: PanelApp(line, centre, phrases, clock, alone)


@pytest.fixture
def kiosk_spoken(
    line: FakeLine, centre: Centre, phrases: Phrases, clock: Clock
) -> Callable[[Voice], PanelApp]:
    """A kiosk with somebody who reads aloud."""
    return lambda voice: PanelApp(line, centre, phrases, clock, None, voice)


@pytest.fixture
def ticket() -> TicketGiven:
    return TicketGiven(
        ticket="S042",
        ahead=3,
        token="7K3F9QX2ZD",
        token_url="https://wachten.example/t/7K3F9QX2ZD",
        printer="printer-1",
    )


@pytest.fixture
def until() -> Callable[..., Any]:
    async def look(pilot: Any, is_so: Callable[[], bool]) -> None:
        for _ in range(STEPS_MAX):
            if is_so():
                return
            await pilot.pause(0.01)
        raise AssertionError("what the test waits for did not come")

    return look


@pytest.fixture
def kiosk_of(phrases: Phrases) -> Callable[..., tuple[PanelApp, Clock, FakeLine]]:
    """A kiosk of this centre, with a clock and a line of its own; on a machine whose clock says `wall`."""

    def made(
        centre: Centre, wall: Callable[[ZoneInfo], datetime] = lambda _: NOW
    ) -> tuple[PanelApp, Clock, FakeLine]:
        clock, line = Clock(), FakeLine()
        return PanelApp(line, centre, phrases, clock, wall=wall), clock, line

    return made
