"""Plays all trials in full and writes the page of results: `make night`, as many nights as it takes.

What was played is written down part by part; the next night goes on where the last one was broken off, after
it has played again what lost something. A list that has grown or shrunk is played anew.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from regressions.bugs import BUGS
from reliability import __main__ as gate
from reliability.page import Book, added, page, played_again, read_book, write_book
from reliability.trial import Result, Trial
from reliability.trials import TRIALS
from support.broken import ROOT

PAGE = ROOT / "docs" / "reference" / "reliability.md"
PART = 100
"""So many tries at most are played for nothing when a night is broken off."""


@click.command()
@click.option("--only", "names", multiple=True, help="Only this trial, or those whose names hold this.")
@click.option("--anew", is_flag=True, help="From the first try, whatever is written down.")
def main(*, names: tuple[str, ...], anew: bool) -> None:
    """Try to lose a ticket in every way there is, and write down what came of it.

    Exit code 1 when something was lost or never met, 3 when a trial cannot be run on this machine.
    """
    chosen = gate.named(names)
    missing = {trial.name: why for trial in chosen if (why := trial.missing())}
    playable = [trial for trial in chosen if trial.name not in missing]
    _forget(playable if anew else [trial for trial in playable if _is_another_list(trial)])
    _play_again(playable)
    left = [(trial, part) for trial in playable for part in _parts(trial)]
    results: list[Result] = []
    with click.progressbar(length=sum(len(part) for _, part in left), label="trials", file=sys.stderr) as bar:
        for trial, part in left:
            played = list(_played(trial, part, bar.update))
            _write_down(added(read_book(_book()), trial.name, played))
            results += played
    if not left:
        click.echo("All of these were played in full: see the page, or begin them anew (ANEW=1).", err=True)
    click.echo(page(chosen, read_book(_book()), missing))
    gate.tell_and_exit(results, list(_proved_nothing(playable)), missing)


def _parts(trial: Trial) -> Iterator[list[int]]:
    """The seeds that were not played yet."""
    row = read_book(_book()).get(trial.name)
    seeds = gate.seeds(trial, range(trial.night))[0 if row is None else row.tries :]
    for first in range(0, len(seeds), PART):
        yield seeds[first : first + PART]


def _played(trial: Trial, part: Sequence[int], tell: Callable[[int], object]) -> Iterator[Result]:
    for result in gate.play([(trial, seed) for seed in part]):
        tell(1)
        yield result


def _proved_nothing(trials: Sequence[Trial]) -> Iterator[str]:
    """What a trial lost in any night, and what it should have met in all its tries and has not."""
    book = read_book(_book())
    for trial in trials:
        row = book[trial.name]
        yield from (f"{trial.name}: seed {seed} has lost something" for seed in row.lost)
        yield from (f"{trial.name}: never met: {what}" for what in trial.meets if not row.met.get(what))


def _forget(trials: Sequence[Trial]) -> None:
    anew = {trial.name for trial in trials}
    write_book({name: row for name, row in read_book(_book()).items() if name not in anew}, _book())


def _is_another_list(trial: Trial) -> bool:
    """Whether what stands at a place is no longer what was played there."""
    row = read_book(_book()).get(trial.name)
    return trial.by_place and row is not None and row.tries != trial.night


def _play_again(trials: Sequence[Trial]) -> None:
    """What lost something, whose bug may have been mended."""
    for trial in trials:
        row = read_book(_book()).get(trial.name)
        if row is not None and row.lost:
            results = list(_played(trial, row.lost, lambda _: None))
            known = {seed for bug in BUGS if bug.trial == trial.name for seed in bug.seeds}
            _write_down(played_again(read_book(_book()), trial.name, results, known))


def _write_down(book: Book) -> None:
    write_book(book, _book())
    PAGE.write_text(page(TRIALS, book, {}), encoding="utf-8")


def _book() -> Path:
    return PAGE.with_suffix(".json")


if __name__ == "__main__":
    main()
