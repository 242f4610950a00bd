"""A list of slips that is damaged is put aside, and what it knew is doubted until a person is asked."""

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from structlog.testing import capture_logs

from printers.job import Job, JobState
from printers.memory import Memory, doubt_if_gone, forget_damaged
from printers.outcome import Reason, SpoolError
from printers.store import Store

JobOf = Callable[..., Job]
PRINTER = "printer-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Memory]:
    memory = Memory()
    try:
        await memory.open(path)
        yield memory
    finally:
        await memory.close()


async def ordered(path: Path, jobs: list[Job]) -> None:
    async with opened(path) as memory:
        await memory.ask(lambda store: store.start(PRINTER))
        for job in jobs:
            await memory.ask(lambda store, job=job: store.submit(job))


def spoil_the_header(path: Path) -> None:
    path.write_bytes(b"not a database at all, " * 400)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def change_a_slip(path: Path) -> None:
    words = path.read_bytes()
    assert words.count(b'"ticket":"K002"') == 1
    path.write_bytes(words.replace(b'"ticket":"K002"', b'"ticket":"K003"'))


def say_what_is_no_word(path: Path) -> None:
    words = path.read_bytes()
    path.write_bytes(words.replace(b'"ticket":"K002"', b'"ticket":"K00\xff"'))


def invent_a_state(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE job SET state = 'quewed'")
        db.commit()


def lose_the_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE job")
        db.commit()


def lose(path: Path) -> None:
    path.unlink()


def stand_in_its_way(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    "spoil", [spoil_the_header, cut_short, change_a_slip, say_what_is_no_word, invent_a_state, lose_the_table]
)
async def test_a_damaged_list_is_put_aside_and_a_person_is_asked_for_every_slip(
    path: Path, job_of: JobOf, spoil: Callable[[Path], None]
) -> None:
    jobs = [job_of(1), job_of(2)]
    await ordered(path, jobs)
    spoil(path)
    with capture_logs() as said:
        async with opened(path) as memory:
            assert memory.begun_anew
            await memory.doubt(jobs)
            assert not memory.begun_anew
            told = [outcome for _, outcome in await memory.ask(Store.untold)]
            waiting = await memory.ask(lambda store: store.next(PRINTER))
    assert [(line["event"], line["file"]) for line in said] == [
        ("slips.damaged", str(path.with_suffix(".damaged")))
    ]
    assert [(one.ticket, one.state, one.reason) for one in told] == [
        ("K001", JobState.OFFERED, Reason.RESTART),
        ("K002", JobState.OFFERED, Reason.RESTART),
    ]
    assert waiting is None, "none of them comes out by itself"
    assert path.with_suffix(".damaged").exists()
    async with opened(path) as memory:
        assert not memory.begun_anew


async def test_a_server_killed_before_anybody_was_asked_still_knows_that_it_does_not_know(
    path: Path, job_of: JobOf
) -> None:
    await ordered(path, [job_of(1)])
    spoil_the_header(path)
    for _ in range(2):
        async with opened(path) as memory:
            assert memory.begun_anew
    lose(path)
    async with opened(path) as memory:
        assert memory.begun_anew


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("misfortune", [lose, empty])
async def test_slips_of_a_list_that_is_gone_are_doubted_and_its_printers_are_not(
    path: Path, job_of: JobOf, misfortune: Callable[[Path], None]
) -> None:
    await ordered(path, [job_of(1)])
    misfortune(path)
    doubt_if_gone(path)
    async with opened(path) as memory:
        assert memory.begun_anew
        await memory.ask(lambda store: store.start(PRINTER))
        assert not await memory.ask(lambda store: store.torn(PRINTER))
        await memory.doubt([job_of(1)])
        [(_, told)] = await memory.ask(Store.untold)
        assert told.state is JobState.OFFERED
        assert not memory.begun_anew
    doubt_if_gone(path)
    async with opened(path) as memory:
        assert not memory.begun_anew
    assert not path.with_suffix(".damaged").exists()


async def test_after_a_damage_no_printer_is_thought_clean_nor_any_word_of_it_new(path: Path) -> None:
    spoil_the_header(path)
    starts = set()
    for _ in range(2):
        async with opened(path) as memory:
            starts.add((await memory.ask(lambda store: store.start(PRINTER))).first_id)
            assert await memory.ask(lambda store: store.torn(PRINTER))
        lose(path)
    assert len(starts) == 2


async def test_the_log_of_a_list_that_is_gone_is_not_taken_for_the_new_ones(
    path: Path, job_of: JobOf
) -> None:
    await ordered(path, [job_of(1)])
    held = sqlite3.connect(path)  # keeps the log from being folded into the file at the end
    held.execute("SELECT * FROM job").fetchall()
    async with opened(path) as memory:
        await memory.ask(lambda store: store.submit(job_of(2)))
    log = path.with_name("spool.db-wal")
    words = log.read_bytes()
    held.close()
    lose(path)
    log.write_bytes(words)
    async with opened(path) as memory:
        await memory.ask(lambda store: store.start(PRINTER))
        assert await memory.ask(lambda store: store.next(PRINTER)) is None


async def test_a_disk_that_takes_nothing_is_no_damage(path: Path) -> None:
    stand_in_its_way(path)
    with pytest.raises(SpoolError, match="Check the disk"):
        async with opened(path):
            raise AssertionError("it was opened")
    assert not path.with_suffix(".doubted").exists()


def test_a_damaged_list_is_kept_aside_as_long_as_a_day_and_no_longer(tmp_path: Path) -> None:
    path, aside, keep = tmp_path / "spool.db", tmp_path / "spool.damaged", timedelta(days=7)
    forget_damaged(path, keep)
    aside.touch()
    forget_damaged(path, keep)
    assert aside.exists()
    week_ago = time() - keep.total_seconds() - 1
    os.utime(aside, (week_ago, week_ago))
    forget_damaged(path, keep)
    assert not aside.exists()
