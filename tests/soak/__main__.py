"""`make soak`: a week of every screen in a time of its own; written to docs/reference/always-on.md."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import Manager
from pathlib import Path
from queue import Empty

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from soak.count import MEMORY_GROWTH_MAX, OBJECTS_GROWTH_MAX, flaws
from soak.day import FULL, LIVES
from soak.week import Week, telling

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "always-on.md"
DAYS = {"kiosk": 7, "board": 7, "counsellor": 14, "reception": 7}
"""A week; two of a desk, where few dialogs are opened in a day: they fill the slowest cache."""

HEAD = f"""# Always on

Written by `make soak`: a week of each screen and two of a desk's, the real program on a line that is played,
in a time of its own in which waiting takes no time. A day is eight hours of visits, during which the line is
lost again and again, and an hour of the night, in which a staff screen locks itself. What a program holds is
counted each evening after garbage was collected. In the first half every cache fills: Textual keeps what the
last thousand widgets looked like, also of dialogs that are gone. From then on no more widgets, timers, tasks
or workers may be alive than on its last evening, at most {OBJECTS_GROWTH_MAX:.0%} more objects and
{MEMORY_GROWTH_MAX:.0%} more memory. CI plays three short days.
"""


def warm_days(screen: str) -> int:
    """By then every cache is full."""
    return DAYS[screen] // 2


def flaws_of(week: Week) -> list[str]:
    """What grew in its second half."""
    return flaws(week.evenings[warm_days(week.screen) - 1 :])


def play_all(screens: Sequence[str], seed: int) -> list[Week]:
    """The week of each screen, on all processors, with a bar for each."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with (
        Manager() as manager,
        Progress(*columns, TimeRemainingColumn(), console=Console(file=sys.stderr)) as progress,
        ProcessPoolExecutor(len(os.sched_getaffinity(0)), max_tasks_per_child=1) as pool,
    ):
        told = manager.Queue()
        bars = {
            screen: progress.add_task(screen, total=DAYS[screen] * FULL[screen].visits) for screen in screens
        }
        weeks = [pool.submit(telling, screen, DAYS[screen], seed, told) for screen in screens]
        while not all(one.done() for one in weeks) or not told.empty():
            try:
                progress.advance(bars[told.get(timeout=1)])
            except Empty:
                continue
        return [one.result() for one in weeks]


def page(weeks: Sequence[Week]) -> str:
    """The weeks as Markdown."""
    lines = [HEAD, f"Last run {datetime.now(UTC):%Y-%m-%d}.", ""]
    lines += ["| screen | evening | memory kB | objects | widgets | timers | tasks | workers |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for one in weeks:
        for number, held in enumerate(one.evenings, start=1):
            if number in {1, warm_days(one.screen), len(one.evenings)}:
                counts = (held.memory_kb, held.objects, held.widgets, held.timers, held.tasks, held.workers)
                lines.append(f"| {one.screen} | {number} | {' | '.join(map(str, counts))} |")
    lines.append("")
    for one in weeks:
        done = ", ".join(f"{count} {what}" for what, count in one.done.items())
        found = "; ".join(flaws_of(one)) or "nothing grew"
        lines.append(f"- {one.screen}: {done}: {found}.")
    return "\n".join(lines) + "\n"


@click.command()
@click.option("--only", type=click.Choice(list(LIVES)), help="One screen alone; the page stays as it is.")
@click.option("--seed", default=1, show_default=True, help="Of the dice of the visitors.")
def main(only: str | None, seed: int) -> None:
    """Play the week of each screen; exit code 1 when something grew."""
    weeks = play_all([only] if only else list(LIVES), seed)
    if not only:
        PAGE.write_text(page(weeks), encoding="utf-8")
    click.echo(page(weeks))
    sys.exit(any(map(flaws_of, weeks)))


if __name__ == "__main__":
    main()
