"""A board shows and announces the same, whoever works in the centre and for whom."""

from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from support.badges import badge
from support.nobody import drawn, named_in, nobody_in
from support.servers import until
from support.views import NOW, board_view

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from display_board.terminal.app import BoardApp
from display_board.terminal.panel import BoardPanel
from protocol.client import LinkUp, QueueClient, Update
from protocol.envelope import Welcome
from protocol.ids import Role
from protocol.views import BoardCall

CENTRE = load(Path("config/brussels.toml"))
UP = LinkUp(Welcome(protocol=1, server="test", centre="brussels", day="2026-09-15", epoch=1))


class Line(QueueClient):
    """Says what a test says."""

    def __init__(self) -> None:
        super().__init__("ws://127.0.0.1:1", badge(Role.BOARD, "board-1"))
        self.announced_to = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held."""

    async def announced(self, call: int) -> None:
        self.announced_to = call

    def say(self, *updates: Update) -> None:
        for update in updates:
            self._tell(update)


def called() -> tuple[BoardCall, ...]:
    """One that is announced now, and two before."""
    return tuple(
        BoardCall(
            call=number,
            ticket=f"S04{number}",
            field="education",
            desk=str(number),
            at=NOW - timedelta(minutes=3 - number),
            recall=number == 2,
            languages=("nl", "fr"),
        )
        for number in (3, 2, 1)
    )


async def shows(centre: Centre, size: tuple[int, int]) -> list[list[str]]:
    """A board as it is after an announcement, with a message, and when the day is over."""
    line = Line()
    panel, seen = BoardPanel(line, centre, Phrases.load(), beat_s=0.01, monotonic=lambda: 1000.0), []
    app = BoardApp(panel)
    async with app.run_test(size=size) as pilot:
        for view in (board_view(calls=called()), board_view(calls=called(), message={"fr": "Bonjour"})):
            line.say(UP, view)
            await until(lambda: line.announced_to == 3 and panel._announcer.now.current is None)
            await until(lambda: not line._news)
            await pilot.pause()
            seen.append(drawn(app))
    return seen


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_no_board_says_who_works_here_or_for_whom(size: tuple[int, int]) -> None:
    real, empty = await shows(CENTRE, size), await shows(nobody_in(CENTRE), size)
    assert real == empty
    assert any(line.strip() for line in real[0])
    for lines in real:
        assert named_in("\n".join(lines), CENTRE) == []
