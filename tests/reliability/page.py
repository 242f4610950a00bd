"""The results of the nights as a page of the reference."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from reliability.trial import Result, Trial, measured, met_together
from support.broken import PACKAGES, ROOT

BEFORE_KEPT = "before this was kept"
NO_COMMIT = "no commit"


class Row(Struct, frozen=True, kw_only=True):
    """What came of the tries of one trial."""

    since: str
    """Dates of the first and of the last try."""
    on: str
    where: tuple[str, ...]
    """Machines and versions."""
    first: str = ""
    """Which program the first and the last of the tries were of; empty: before this was kept."""
    last: str = ""
    tries: int
    seconds: float
    """Of all tries together."""
    met: dict[str, int]
    lost: tuple[int, ...]
    """Seeds that lost something."""
    mended: tuple[int, ...] = ()
    """Seeds that lost something once; their bugs are known, and they lose nothing any more."""
    found: dict[str, str] = {}
    """What the seeds of both lost, when they did."""


Book = dict[str, Row]
"""A row for each trial, by its name."""


def added(book: Book, name: str, results: Sequence[Result]) -> Book:
    """These tries of one trial, with those that are written down."""
    if not results:
        return book
    today, row = f"{datetime.now(UTC):%Y-%m-%d}", book.get(name)
    here = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )
    own = program()
    before = row or Row(since=today, on=today, where=(), first=own, tries=0, seconds=0.0, met={}, lost=())
    lost = {result.seed: result.lost for result in results if result.lost}
    found = {str(seed): what for seed, what in lost.items()}
    return {
        **book,
        name: Row(
            since=before.since,
            on=today,
            where=tuple(sorted({*before.where, here})),
            first=before.first,
            last=own,
            tries=before.tries + len(results),
            seconds=round(before.seconds + sum(result.seconds for result in results), 1),
            met=dict(sorted(met_together([before.met, *(result.met for result in results)]).items())),
            lost=(*before.lost, *sorted(lost)),
            mended=before.mended,
            found=before.found | found,
        ),
    }


def played_again(book: Book, name: str, results: Sequence[Result], known: set[int]) -> Book:
    """What had lost something and was played again; no further tries.

    A seed is mended when it loses nothing and its bug is known: in real time it might lose nothing by luck.
    """
    row, clean = book[name], {result.seed for result in results if not result.lost} & known
    lost = tuple(seed for seed in row.lost if seed not in clean)
    return {**book, name: replace(row, lost=lost, mended=tuple(sorted({*row.mended, *clean})))}


def program() -> str:
    """Which one is played, by its commit."""
    commit = _git("rev-parse", "--short", "HEAD") or NO_COMMIT
    return f"{commit} and changes" if _git("status", "--porcelain", "--", *PACKAGES) else commit


def _git(*words: str) -> str:
    try:
        asked = subprocess.run(("git", *words), cwd=ROOT, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return asked.stdout.strip()


def read_book(path: Path) -> Book:
    """What earlier nights came to; nothing where there is no such file."""
    return msgspec.json.decode(path.read_bytes(), type=Book) if path.exists() else {}


def write_book(book: Book, path: Path) -> None:
    """For the next night, and for whoever reads by program."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(book, order="sorted"), indent=1) + b"\n")


def page(trials: Sequence[Trial], book: Book, missing: Mapping[str, str]) -> str:
    """What was tried, what was met, and what was lost."""
    return "\n".join([*_head(book), *_table(trials, book, missing), "", *_told(trials), ""])


def _head(book: Book) -> Iterator[str]:
    rows = book.values()
    tries, hours = sum(row.tries for row in rows), sum(row.seconds for row in rows) / 3600
    yield "# Reliability"
    yield ""
    yield "Written by `make night`: what we know to make happen to the real program, again and again."
    lost, mended = sum(len(row.lost) for row in rows), sum(len(row.mended) for row in rows)
    yield f"{tries:,} tries in {hours:.1f} hours of work; something was lost in {lost or 'none'} of them."
    if mended:
        yield f"In {mended} of them something had been lost before the program was mended."
    yield ""
    yield (
        "The tries of a row are added up, night after night, while the program goes on changing: its first "
        "and its last were of the commits under *program*, and those between of whatever it was then. So a "
        "row says what was found on the way, not that today's program has gone through all of it. What has "
        "lost something is played again by every night until it is mended."
    )
    yield ""
    for where in sorted({where for row in rows for where in row.where}):
        yield f"Played on {where}."
    yield ""


def _table(trials: Sequence[Trial], book: Book, missing: Mapping[str, str]) -> Iterator[str]:
    yield "| misfortune | on | program | tries | s each | met | lost |"
    yield "|---|---|---|---|---|---|---|"
    for trial in trials:
        row = book.get(trial.name)
        if row is None:
            why = f"not tried: {missing[trial.name]}" if trial.name in missing else "not played yet"
            yield f"| {trial.name} | | | {why} | | | |"
            continue
        words = trial.shown or {what: what for what in row.met}
        figures = ", ".join(_figure(row.met[what], words[what]) for what in words if what in row.met)
        lost = f"**{len(row.lost)}**: {_seeds(row.lost)}" if row.lost else "nothing"
        if row.mended:
            lost += f"; once, before a mend: {_seeds(row.mended)}"
        on = row.on if row.on == row.since else f"{row.since} to {row.on}"
        tries = f"{row.tries:,}" if row.tries >= trial.night else f"{row.tries:,} of {trial.night:,}"
        seconds = f"{row.seconds / row.tries:.1f}"
        yield f"| {trial.name} | {on} | {_programs(row)} | {tries} | {seconds} | {figures} | {lost} |"


def _programs(row: Row) -> str:
    if row.first == row.last:
        return row.last or BEFORE_KEPT
    return f"{row.first or BEFORE_KEPT} to {row.last}"


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"


def _figure(figure: int, what: str) -> str:
    return f"{'at most ' if measured(what) else ''}{figure:,} {what}"


def _told(trials: Sequence[Trial]) -> Iterator[str]:
    yield "## What one try is"
    yield ""
    for trial in trials:
        yield f"- **{trial.name}**: {trial.one_try} Never: {trial.never}"
