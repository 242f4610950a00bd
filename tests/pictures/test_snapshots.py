"""Screens as they were when somebody last looked at them, as text: cells and colours, whatever the font."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures.catalogue import PROGRAMS, file_name, language_of, size_name
from pictures.gallery import page
from pictures.stage import Layout, seen
from PIL import Image
from support.cells import Cells, Look, Run, looks_of
from support.painter import picture_of
from support.touching import touches
from support.virtual_time import play

from config.look.lettering import mosaic

SNAPSHOTS = Path("tests/pictures/snapshots")
RENEW = "RENEW_PICTURES"
"""Set in the environment, the snapshots are written anew instead of compared: make snapshots."""
ROWS_TOLD_MAX = 12

GUARDED = [
    (program.name, name)
    for program in PROGRAMS.values()
    for name, state in program.states.items()
    if state.guards
]


def snapshot(program: str, state: str, layout: Layout) -> Path:
    screen = PROGRAMS[program].states[state].guards
    return SNAPSHOTS / program / f"{file_name(screen)}-{size_name(layout)}.txt"


async def now(program: str, state: str) -> dict[Layout, Cells]:
    shown = PROGRAMS[program]
    return {layout: cells async for layout, cells in seen(shown, state, language_of(shown, state))}


@pytest.mark.parametrize(("program", "state"), GUARDED, ids=map(": ".join, GUARDED))
def test_a_screen_looks_as_it_did_when_somebody_last_looked(program: str, state: str, tmp_path: Path) -> None:
    different = []
    for layout, cells in play(lambda: now(program, state)).items():
        kept = snapshot(program, state, layout)
        if RENEW in os.environ:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(cells.text(), encoding="utf-8")
            continue
        before = Cells.from_text(kept.read_text(encoding="utf-8")) if kept.exists() else None
        if before != cells:
            picture = side_by_side(before, cells, tmp_path / f"{kept.stem}.png")
            rows = "\n".join(list(differences(before, cells))[:ROWS_TOLD_MAX])
            different.append(f"{kept}; look at {picture}: before and now.\n{rows}")
    if different:
        meant = "If it is meant: make snapshots, and look at the difference in git."
        pytest.fail("\n".join([f"{program}: {state} looks different.", *different, meant]), pytrace=False)
    if RENEW in os.environ:
        pytest.skip("written anew: look at it")


@pytest.mark.skipif(RENEW in os.environ, reason="others are just being written")
def test_every_snapshot_is_of_a_screen_that_is_compared() -> None:
    compared = {
        snapshot(program, state, layout)
        for program, state in GUARDED
        for layout in PROGRAMS[program].layouts_of(state)
    }
    assert set(SNAPSHOTS.rglob("*.txt")) == compared


def test_no_large_letter_reaches_the_upper_edge_of_what_it_stands_on() -> None:
    kept = {path: Cells.from_text(path.read_text(encoding="utf-8")) for path in SNAPSHOTS.rglob("*.txt")}
    assert {str(path): found for path, cells in kept.items() if (found := list(touches(cells)))} == {}


def test_a_letter_that_reaches_the_upper_edge_is_found() -> None:
    page, card = Look(paper=(200, 200, 200)), Look(ink=(0, 0, 0), paper=(255, 255, 255))
    above, below = mosaic("E", 3, capitals=True), mosaic("E", 3)
    for letters, found in ((above, True), (below, False)):
        blank = (Run(" " * len(letters[0]), page),)
        cells = Cells((blank, *((Run(line, card),) for line in letters)))
        assert [row for row, _ in touches(cells)] == [1] * (len(letters[0]) - 1) * found
    assert list(touches(Cells(((Run(above[0], card),),)))), "the screen has an edge too"


def test_two_screens_of_one_program_are_never_kept_in_one_file() -> None:
    kept = [(program, PROGRAMS[program].states[state].guards) for program, state in GUARDED]
    assert len(set(kept)) == len(kept)


def test_a_screen_is_read_from_its_text_as_it_was() -> None:
    tricky = Look((1, 2, 3), (244, 239, 230), bold=True, underline=True)
    rows = ((Run("# no colour |", Look()), Run("日本  ", tricky)), (Run(" " * 19, Look()),))
    cells = Cells(rows)
    assert Cells.from_text(cells.text()) == cells
    assert cells.size == (19, 2)


def test_a_row_that_differs_is_told_with_its_number_and_how_it_was() -> None:
    before, after = (Cells(((Run("Numéro", Look()),), (Run(word, Look()),))) for word in ("S 046", "S 047"))
    assert list(differences(before, after)) == ["row 2 was  S 046|", "row 2 is   S 047|"]
    loud = Cells(((Run("Numéro", Look()),), (Run("S 046", Look(bold=True)),)))
    assert [told.split("  ")[0] for told in differences(before, loud)] == ["row 2 looked", "row 2 looks"]
    assert list(differences(before, before)) == []


def differences(before: Cells | None, now: Cells) -> Iterator[str]:
    """Which rows differ, and how."""
    if before is None:
        yield "there was no such snapshot"
        return
    if before.size != now.size:
        yield f"the size was {before.size} and is {now.size}"
        return
    for number, (old, new) in enumerate(zip(before.rows, now.rows, strict=True), start=1):
        was, written = ("".join(run.text for run in row) for row in (old, new))
        if was != written:
            yield f"row {number} was  {was}|"
            yield f"row {number} is   {written}|"
        elif old != new:
            yield f"row {number} looked  {looks_of(old)}"
            yield f"row {number} looks   {looks_of(new)}"


def side_by_side(before: Cells | None, now: Cells, path: Path) -> Path:
    """The picture of both."""
    pictures: dict[str, Image.Image] = {} if before is None else {"before": picture_of(before)}
    return page(pictures | {"now": picture_of(now)}, path)
