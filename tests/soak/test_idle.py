"""A screen that nobody touches costs a small machine next to nothing: it is drawn when something changes."""

import asyncio
from collections import Counter
from random import Random
from unittest import mock

import pytest
from soak.day import FULL, LAYOUT, LIVES, Played
from soak.line import PlayedLine
from soak.week import program
from support.virtual_time import play
from textual._compositor import Compositor

from display_board.terminal.panel import PAGE_S

IDLE_MIN = 10
PAGES = round(60 * IDLE_MIN / PAGE_S)


async def drawn_while_idle(screen: str) -> int:
    """How often anything is drawn in ten minutes after the morning's first view."""
    line, render = PlayedLine(), Compositor.render_update
    app, panel = program(screen, line, asyncio.get_running_loop().time)
    async with app.run_test(size=LAYOUT):
        await LIVES[screen].morning(Played(app, panel, line, Random(1), FULL[screen], Counter()))
        await asyncio.sleep(5)
        with mock.patch.object(Compositor, "render_update", autospec=True, side_effect=render) as drawn:
            await asyncio.sleep(60 * IDLE_MIN)
    return int(drawn.call_count)


@pytest.mark.parametrize(
    ("screen", "a_minute", "pages"),
    [("kiosk", 2, 0), ("board", 2, PAGES), ("counsellor", 4, 0), ("reception", 4, 0)],
)
def test_a_screen_that_nobody_touches_is_drawn_a_few_times_a_minute(
    screen: str, a_minute: int, pages: int
) -> None:
    drawn = play(lambda: drawn_while_idle(screen))
    assert 0 < drawn <= IDLE_MIN * a_minute + pages
