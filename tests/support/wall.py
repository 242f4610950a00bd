"""A board on a wall without a server: a line that tests speak through, and the views it is shown."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from support.badges import badge
from support.views import NOW, board_view
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from config.load import load
from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, mosaic
from config.model import Centre
from config.phrases import Phrases
from display_board.terminal.announcer import PLAIN, Outfit
from display_board.terminal.app import BoardApp
from display_board.terminal.panel import BoardPanel
from display_board.terminal.sign import PastCall
from protocol.client import LinkUp, QueueClient, Update
from protocol.envelope import Welcome
from protocol.ids import Role
from protocol.views import BoardCall, BoardView

CENTRE = load(Path("config/brussels.toml"))
PHRASES = Phrases.load()
FRENCH_FIRST = "2026-09-15"
DUTCH_FIRST = "2026-09-16"

LARGE = (160, 45)
BEAT_S = 0.01
"""Half a flash in tests: an announcement is over in no time."""


class QuietLine(QueueClient):
    """Takes the place of the client: tests say what it hears and read what the board reports."""

    def __init__(self) -> None:
        super().__init__("ws://127.0.0.1:1", badge(Role.BOARD, "board-1"))
        self.news: asyncio.Queue[Update] = asyncio.Queue()
        self.reported: list[int] = []
        self.reports = asyncio.Condition()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            yield await self.news.get()
            self.news.task_done()

    async def announced(self, call: int) -> None:
        async with self.reports:
            self.reported.append(call)
            self.reports.notify_all()

    async def until_reported(self, call: int) -> None:
        """Wait until the board has told that all calls up to this one are shown and rung."""
        async with self.reports:
            await self.reports.wait_for(lambda: call in self.reported)


class Wall(BoardApp):
    """The board's program, with its bell counted and what it missed kept."""

    def __init__(
        self,
        beat_s: float = BEAT_S,
        *,
        centre: Centre = CENTRE,
        outfit: Outfit = PLAIN,
    ) -> None:
        self.line = QuietLine()
        self.monotonic_s = 1000.0
        self.machine_says = NOW
        self.panel = BoardPanel(
            self.line,
            centre,
            PHRASES,
            outfit=outfit,
            beat_s=beat_s,
            monotonic=lambda: self.monotonic_s,
            clock=lambda _: self.machine_says,
        )
        super().__init__(self.panel)
        self.rung: list[str] = []
        """Calls that began with the terminal's bell, in order."""
        self.missed: list[int] = []

    def bell(self) -> None:
        current = self.panel._announcer.now.current
        assert current is not None
        self.rung.append(f"{current.ticket} {current.desk}")

    def on_board_panel_calls_missed(self, message: BoardPanel.CallsMissed) -> None:
        self.missed.append(message.count)

    async def hear(self, pilot: Pilot[None], *updates: Update) -> None:
        """The line says this, and the board has taken it in."""
        for update in updates:
            self.line.news.put_nowait(update)
            await self.line.news.join()
        await pilot.pause()

    def lines(self, name: str) -> list[str]:
        """What stands in a part of the board; nothing when it is hidden."""
        static = self.panel.query_one(f".{name}", Static)
        return str(static.content).split("\n") if visible(static) else []

    def past(self) -> list[str]:
        """The calls before, in order, as they are set at 160x45."""
        return [str(cell.content) for cell in self.panel.query(PastCall) if visible(cell)]


def visible(widget: Widget) -> bool:
    return all(one.display and one.visible for one in widget.ancestors_with_self if isinstance(one, Widget))


def large(text: str, *, capitals: bool = True) -> list[list[str]]:
    """The text at every height it may be set."""
    heights = CAPITAL_ROWS if capitals else TEXT_ROWS
    return [list(mosaic(text, rows, capitals=capitals)) for rows in heights]


def one(number: int, ticket: str = "C046", desk: str = "3", **changes: Any) -> BoardCall:
    fields = {field.letter: field.id for field in CENTRE.fields}
    made = BoardCall(
        call=number,
        ticket=ticket,
        field=fields.get(ticket[0], CENTRE.fields[0].id),
        desk=desk,
        at=NOW,
        recall=False,
        languages=("fr",),
    )
    return msgspec.structs.replace(made, **changes)


def view(*calls: BoardCall, **changes: Any) -> BoardView:
    newest_first = tuple(sorted(calls, key=lambda call: -call.call))
    return board_view(calls=newest_first, **changes)


BACK = LinkUp(Welcome(protocol=1, server="test", centre="brussels", day=FRENCH_FIRST, epoch=1))
