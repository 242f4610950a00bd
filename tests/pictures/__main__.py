"""`make pictures`: every screen in every state, language and layout, and pages that show them together."""

import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from io import BytesIO
from pathlib import Path

import click
from msgspec import Struct
from pictures.catalogue import PROGRAMS, Visit, file_name, language_of, size_name, visits
from pictures.gallery import page, pages, write_index
from pictures.slips import SLIPS, slip_picture
from pictures.stage import Layout, seen
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from support.painter import picture_of, save
from support.touching import touches
from support.virtual_time import play

HOME = Path(__file__).parents[2] / "docs" / "pictures"
CELL = (12, 24)
SMALL_CELL = (6, 12)
"""On a page of many."""

Small = dict[Layout, bytes]
"""PNGs of one state in a small cell."""


class Drawn(Struct, frozen=True):
    """A state's pictures for the pages, and the layouts in which a large letter touches an edge."""

    small: Small
    touching: tuple[Layout, ...]


def is_on_page(visit: Visit) -> bool:
    """Whether the pages that the repository keeps show the state in this language."""
    program = PROGRAMS[visit.program]
    kept = bool(program.states[visit.state].guards)
    return kept and language_of(program, visit.state) == visit.language


def draw(visit: Visit, home: Path) -> Drawn:
    """Write the pictures of a visit, and give those for the pages."""
    program = PROGRAMS[visit.program]

    async def look() -> Drawn:
        small: Small = {}
        touching = []
        async for layout, cells in seen(program, visit.state, visit.language):
            folder = home / visit.program / size_name(layout) / visit.language
            save(picture_of(cells, CELL), folder / f"{file_name(visit.state)}.png")
            file = BytesIO()
            picture_of(cells, SMALL_CELL).save(file, "PNG")
            small[layout] = file.getvalue()
            touching += [layout] * any(touches(cells))
        return Drawn(small, tuple(touching))

    return play(look)


def draw_all(chosen: list[Visit], home: Path) -> Iterator[tuple[Visit, Drawn]]:
    """Every visit, on all processors, with a bar that says what was drawn last."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        Progress(*columns, TimeRemainingColumn(), console=Console(file=sys.stderr)) as progress,
        ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool,
    ):
        bar = progress.add_task("", total=len(chosen))
        under_way = {pool.submit(draw, visit, home): visit for visit in chosen}
        for done in as_completed(under_way):
            progress.update(bar, advance=1, description=f"{under_way[done]!s:<60}")
            yield under_way[done], done.result()


def write_pages(drawn: dict[Visit, Small], home: Path) -> None:
    """The pages that the repository keeps, one for each program and layout and one of slips; the index."""
    kept = []
    for program in PROGRAMS.values():
        for layout in program.layouts:
            shown = {
                f"{visit.state} ({visit.language})": Image.open(BytesIO(small[layout]))
                for visit, small in drawn.items()
                if visit.program == program.name and layout in small and is_on_page(visit)
            }
            if shown:
                name = f"{program.name}-{size_name(layout)}.png"
                page(shown, home / name)
                kept.append((f"{program.name.capitalize()}, {size_name(layout)}", name))
    slips = {f"{case} ({language})": slip_picture(case, language) for case, language in SLIPS}
    page({name: slip.convert("L").reduce(2) for name, slip in slips.items()}, home / "slips.png")
    write_index([*kept, ("Slips", "slips.png")], home / "README.md")


def write_further_pages(drawn: dict[Visit, Small], home: Path) -> None:
    """Pages of every state, for each program, layout and language."""
    shown: dict[tuple[str, str, Layout], dict[str, Image.Image]] = {}
    for visit, small in drawn.items():
        for layout, picture in small.items():
            of_page = shown.setdefault((visit.program, visit.language, layout), {})
            of_page[visit.state] = Image.open(BytesIO(picture))
    for (program, language, layout), pictures in shown.items():
        pages(pictures, home / program / f"{size_name(layout)}-{language}")


@click.command()
@click.option("--only", default="", help="Only what matches this, of PROGRAM: STATE, LANGUAGE; no pages.")
@click.option("--kept", is_flag=True, help="Only the pages that the repository keeps.")
@click.option("--into", default=HOME, type=click.Path(path_type=Path), help="Directory of the pictures.")
def main(only: str, into: Path, *, kept: bool) -> None:
    """Draw everything that people stand before; exit code 1 when a large letter touches an edge."""
    chosen = [visit for visit in visits() if re.search(only, str(visit)) and (not kept or is_on_page(visit))]
    found = dict(draw_all(chosen, into))
    drawn = {visit: found[visit].small for visit in chosen}
    if not only:
        write_pages(drawn, into)
    if not kept:
        write_further_pages(drawn, into)
    click.echo(f"{len(chosen)} states, each in every layout, in {into}")
    touching = [(visit, layout) for visit in chosen for layout in found[visit].touching]
    for visit, layout in touching:
        click.echo(f"A letter touches an edge: {visit}, {size_name(layout)}", err=True)
    sys.exit(int(bool(touching)))


if __name__ == "__main__":
    main()
