"""The screens of staff where most of their colours are: every letter can be read."""

import pytest
from accessibility.sight import hexed, seen
from pictures.staff import COUNSELLOR, RECEPTION
from pictures.stage import Layout, Program, opened
from support.cells import Cells
from support.virtual_time import play
from textual.geometry import Region

from config.look.palette import STAFF_CONTRAST_MIN, contrast

LOOKED_AT = {
    "counsellor": ("called", "in conversation for long", "dialog: transfer"),
    "reception": ("bad day", "help calls", "dialog: give a ticket"),
}
LAYOUT: Layout = (120, 36)
NOT_NOW = {"#8C8577", "#A9A294", "#C4BFB4", "#ABA496"}
"""Inks of what cannot be done now: WCAG exempts them."""
KEY_NOT_NOW = "#B4AC9C"
"""Ground of its key."""


@pytest.mark.parametrize("program", [COUNSELLOR, RECEPTION], ids=lambda program: program.name)
def test_every_letter_of_a_staff_screen_can_be_read(program: Program) -> None:
    found: dict[str, str] = {}

    async def look() -> None:
        for name in LOOKED_AT[program.name]:
            async with opened(program, "fr", LAYOUT) as scene:
                await program.states[name].story(scene)
                await scene.settle()
                dialogs = [dialog.region for dialog in scene.panel.query(".dialog") if seen(dialog)]
                for flaw in faint_letters(
                    Cells.of(scene.app), dialogs[-1] if dialogs else scene.panel.region
                ):
                    found.setdefault(flaw, name)

    play(look)
    assert found == {}


def faint_letters(cells: Cells, where: Region) -> set[str]:
    """Letters here with too little contrast; those of what cannot be done now are left out."""
    rows = [[(letter, run.look) for run in row for letter in run.text] for row in cells.rows]
    looks = {
        look
        for row in rows[where.y : where.bottom]
        for letter, look in row[where.x : where.right]
        if letter.isalnum()
    }
    pairs = {(hexed(look.ink), hexed(look.paper)) for look in looks}
    return {
        f"{ink} on {ground} is {contrast(ink, ground):.2f}:1"
        for ink, ground in pairs
        if ink not in NOT_NOW and ground != KEY_NOT_NOW and contrast(ink, ground) < STAFF_CONTRAST_MIN
    }
