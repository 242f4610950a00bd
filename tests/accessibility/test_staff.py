"""The screens of staff, as the snapshots keep them: every letter can be read."""

from pathlib import Path

import pytest
from accessibility.sight import hexed
from support.cells import Cells

from config.look.palette import STAFF_CONTRAST_MIN, contrast

SNAPSHOTS = Path("tests/pictures/snapshots")
NOT_NOW = {"#8C8577", "#A9A294", "#C4BFB4", "#ABA496"}
"""Inks of what cannot be done now: WCAG exempts them."""
KEY_NOT_NOW = "#B4AC9C"
"""Ground of its key."""


@pytest.mark.parametrize("program", ["counsellor", "reception", "pairing"])
def test_every_letter_of_a_staff_screen_can_be_read(program: str) -> None:
    files = sorted((SNAPSHOTS / program).glob("*.txt"))
    assert files
    found: dict[str, str] = {}
    for file in files:
        for row in Cells.from_text(file.read_text(encoding="utf-8")).rows:
            for run in row:
                ink, ground = hexed(run.look.ink), hexed(run.look.paper)
                if (
                    ink in NOT_NOW
                    or ground == KEY_NOT_NOW
                    or not any(letter.isalnum() for letter in run.text)
                ):
                    continue
                if contrast(ink, ground) < STAFF_CONTRAST_MIN:
                    told = f"{ink} on {ground} is {contrast(ink, ground):.2f}:1: {run.text.strip()!r}"
                    found.setdefault(told, file.name)
    assert found == {}
