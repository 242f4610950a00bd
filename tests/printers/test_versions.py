"""Lists of slips that earlier versions wrote, killed in the middle of sending: each is migrated and goes on.

`versions/` holds one as each version wrote it with its own code, dumped as SQL. A new migration needs
another.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from printers.job import JobState
from printers.migrations import spool_migrations
from printers.outcome import Outcome, Reason, Result
from printers.store import Store

VERSIONS = sorted((Path(__file__).parent / "versions").glob("*.sql"))
ON_AT = 1_789_000_000.0


def written(version: Path, path: Path) -> Path:
    """The list as that version left it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(version.read_text(encoding="utf-8"))
        db.execute("PRAGMA journal_mode=WAL")
    return path


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_a_list_of_an_earlier_version_knows_what_is_on_paper_and_what_is_not(
    tmp_path: Path, version: Path
) -> None:
    path = written(version, tmp_path / "spool.db")
    store = Store(path)
    with closing(sqlite3.connect(path)) as db:
        states = [state for (state,) in db.execute("SELECT state FROM job ORDER BY id")]
    assert states == ["printed", "unknown", "unknown", "queued", "queued"]
    assert {outcome.ticket for _, outcome in store.untold()} >= {"T002"}
    store.close()


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_a_list_of_an_earlier_version_goes_on(tmp_path: Path, version: Path) -> None:
    path = written(version, tmp_path / "spool.db")
    store = Store(path)
    store.start("printer-1")
    ended = []
    while (job := store.next("printer-1")) is not None:
        if job.state is JobState.QUEUED:
            assert store.sending(job.id, 8, ON_AT)
        store.finish(job.id, Result(Outcome.PRINTED, Reason.CONFIRMED))
        ended.append(job.job.slip.ticket)
    store.close()
    handed_on = version.stem[0] > "1"
    assert ended == (["T002", "T003", "T005"] if handed_on else ["T002", "T003", "T004", "T005"])


def test_every_step_of_the_list_has_one_that_was_written_before_the_next(tmp_path: Path) -> None:
    newest = set()
    for version in VERSIONS:
        with closing(sqlite3.connect(written(version, tmp_path / f"{version.stem}.db"))) as db:
            newest.add(spool_migrations.applied(Database(db))[-1].name)
    with closing(sqlite3.connect(":memory:")) as db:
        assert newest == {step.name for step in spool_migrations.pending(Database(db))}
