"""The board in every state: what an eye needs to read it from afar, and nothing that harms one."""

import asyncio
from functools import partial
from itertools import pairwise

import pytest
from accessibility.sight import Part, contrast_of, faint, parts_of
from pictures.board import BOARD
from pictures.kiosk import brussels
from pictures.stage import Layout, Scene, opened
from support.cells import Cells
from support.views import board_calls, board_view
from support.virtual_time import play

from config.look.palette import CONTRAST_MIN, lighter
from display_board.terminal.layout import layout_for

SEEN_IN: tuple[Layout, ...] = ((160, 45), (80, 24))
LANGUAGE = "fr"
SCREEN_MM = (952, 535)
"""A screen of 43 inches, width and height as it lies."""
MM_PER_METRE = 5.0
"""Height of a capital for each metre it is read from: Regulation (EU) 1300/2014 (TSI PRM), on signs."""
CAPITAL_OF_A_ROW = 0.61
"""Of DejaVu Sans Mono, the type of deploy/foot.ini, at least: 1493 of 2384 units."""
READ_FROM_M: dict[str, float] = {"board-number": 15.0, "board-desk": 7.0, "PastCall": 7.0, "": 1.9}
"""What has to be read from how far; the empty name is for all the rest, some of it in one row."""
SET_ROWS_MIN = 3
"""Letters that are set are at least this high."""
MOSAIC = frozenset("▌▐█") | {chr(code) for code in range(0x1FB00, 0x1FB3C)}
SAMPLES_PER_S = 20
FLASHES_MAX = 3
"""WCAG 2.2, 2.3.1: general flashes within any one second."""
FLASH_MIN, FLASH_DARK_MAX = 0.1, 0.8
"""A flash is a pair of opposing changes of this much relative luminance, the darker below the second."""


def test_everything_can_be_read_and_no_colour_stands_alone() -> None:
    found: dict[str, str] = {}

    async def look(name: str) -> None:
        async with opened(BOARD, LANGUAGE, SEEN_IN[0]) as scene:
            await BOARD.states[name].story(scene)
            for layout in SEEN_IN:
                await scene.resize(layout)
                parts = parts_of(scene.panel)
                for flaw in faint(parts, CONTRAST_MIN) | colours_alone(parts) | too_small(parts, layout):
                    found.setdefault(flaw, f"{name} {layout}")

    for name, state in BOARD.states.items():
        if state.guards:
            play(partial(look, name))
    assert found == {}


def colours_alone(parts: list[Part]) -> set[str]:
    """Places where a field's colour, or its twin on the night, stands without its letter."""
    return {
        f"{field.id} in {part.name}"
        for part in parts
        for field in brussels().fields
        if (part.uses(field.colour) or part.uses(lighter(field.colour)))
        and not any(
            beside.shows(field.letter)
            for beside in parts
            if beside is part or (in_the_hero(beside) and in_the_hero(part))
        )
    }


def in_the_hero(part: Part) -> bool:
    return any(up.has_class("board-hero") for up in part.widget.ancestors)


def too_small(parts: list[Part], layout: Layout) -> set[str]:
    """What cannot be read from where people stand."""
    across, upright = SCREEN_MM
    room = layout_for(*layout)
    assert room is not None
    row_mm = (across if room.shape == "portrait" else upright) / layout[1]
    found = set()
    for part in parts:
        kind = next(
            (kind for kind in READ_FROM_M if kind in {*part.widget.classes, type(part.widget).__name__}), ""
        )
        rows = len(part.text.split("\n")) if kind == "board-number" else SET_ROWS_MIN
        capital_mm = row_mm * (rows if part.text.strip() and MOSAIC & set(part.text) else CAPITAL_OF_A_ROW)
        if part.text and capital_mm / MM_PER_METRE < READ_FROM_M[kind]:
            found.add(f"{part.name} is read from {capital_mm / MM_PER_METRE:.1f} m, not {READ_FROM_M[kind]}")
    return found


def test_calls_in_quick_succession_never_flash_more_than_three_times_in_a_second() -> None:
    async def lit() -> list[float]:
        """Relative luminance of the brightest part that changes, sampled while three calls are announced."""
        async with opened(BOARD, LANGUAGE, (80, 24)) as scene:
            scene.panel.show(board_view(calls=()))
            await scene.settle()
            scene.panel.show(board_view(calls=board_calls(3)))
            return [await brightness(scene) for _ in range(14 * SAMPLES_PER_S)]

    samples = play(lit)
    flashes = turns(samples)
    assert len(flashes) // 2 >= 3
    most = max(sum(at <= other < at + SAMPLES_PER_S for other in flashes) for at in flashes)
    assert most // 2 <= FLASHES_MAX
    assert most // 2 == 1, "one a second"


async def brightness(scene: Scene) -> float:
    await asyncio.sleep(1 / SAMPLES_PER_S)
    side = scene.panel.query_one(".board-number-side")
    x, y, *_ = side.region
    run_start, paper = 0, (0, 0, 0)
    for run in Cells.of(scene.app).rows[y]:
        if run_start <= x:
            paper = run.look.paper
        run_start += run.width
    return contrast_of("#{:02X}{:02X}{:02X}".format(*paper), "#000000") * 0.05 - 0.05


def turns(samples: list[float]) -> list[int]:
    """When the light changed by as much as a flash does."""
    return [
        place
        for place, (before, after) in enumerate(pairwise(samples))
        if abs(after - before) >= FLASH_MIN and min(before, after) < FLASH_DARK_MAX
    ]


@pytest.mark.parametrize(
    ("samples", "flashes"), [([0, 0.5, 0, 0.5], 3), ([0, 0.05, 0], 0), ([0.9, 1.0], 0), ([0.3, 0.3], 0)]
)
def test_a_flash_is_a_change_of_light_that_can_harm(samples: list[float], flashes: int) -> None:
    assert len(turns(samples)) == flashes
