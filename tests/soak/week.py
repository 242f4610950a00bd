"""A week of one screen, in a time of its own, and what the program holds each evening."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from pictures.kiosk import KioskScreen, brussels, phrases
from soak.count import Held
from soak.day import FULL, LAYOUT, LIVES, LOCK_AFTER_MIN, Hours, Played, play_day
from soak.line import PlayedLine
from support.virtual_time import play
from textual.app import App

from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from display_board.terminal.app import BoardApp
from display_board.terminal.panel import BoardPanel
from kiosk.panel import KioskPanel


class Week(Struct, frozen=True):
    """What was done, and what was held each evening."""

    screen: str
    done: dict[str, int]
    evenings: list[Held]


def program(screen: str, line: Any, time: Callable[[], float]) -> tuple[App[Any], Any]:
    """The program of a screen and its panel, on this line, at this time."""
    centre = replace(brussels(), rules=replace(brussels().rules, lock_after_min=LOCK_AFTER_MIN))
    match screen:
        case "kiosk":
            panel = KioskPanel(line, centre, phrases(), time)
            return KioskScreen(panel), panel
        case "board":
            board = BoardPanel(line, centre, phrases(), monotonic=time)
            return BoardApp(board), board
        case "counsellor":
            desk = CounsellorPanel(line, centre, phrases(), "fr", "3", monotonic=time)
            return StaffApp(desk), desk
        case "reception":
            hall = ReceptionPanel(line, centre, phrases(), "nl", monotonic=time)
            return StaffApp(hall), hall
    raise AssertionError(screen)


def telling(screen: str, days: int, seed: int, told: Any) -> Week:
    """A week of full days of one screen; the queue `told` hears of every visit."""
    return play(lambda: play_week(screen, days, FULL[screen], lambda: told.put(screen), seed))


async def play_week(
    screen: str, days: int, hours: Hours, tell: Callable[[], None] = lambda: None, seed: int = 1
) -> Week:
    """So many days, one after the other, in one program."""
    loop, line, done = asyncio.get_running_loop(), PlayedLine(), Counter[str]()
    app, panel = program(screen, line, loop.time)
    evenings = []
    async with app.run_test(size=LAYOUT):
        played = Played(app, panel, line, Random(seed), hours, done)
        for _ in range(days):
            await play_day(played, LIVES[screen], tell)
            evenings.append(Held.by(app))
    return Week(screen, dict(done) | {"days": days, "hours": round(loop.time() / 3600)}, evenings)
