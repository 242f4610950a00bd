import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from printers import store as module
from printers.job import Job, JobState
from printers.migrations import spool_migrations
from printers.outcome import Level, Outcome, Reason, Result
from printers.store import RESOLVES_MAX, SpoolFull, Store

JobOf = Callable[..., Job]

PAGE_BYTES = 4096
PRINTED = Result(Outcome.PRINTED, Reason.CONFIRMED)
PAPER_OUT = Result(Outcome.NOT_PRINTED, Reason.PAPER_OUT)
ON_AT = 1_789_000_000.0
LINK_LOST = Result(Outcome.UNKNOWN, Reason.LINK_LOST)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    store.start("printer-1")
    yield store
    store.close()


def first(store: Store) -> int:
    stored = store.next("printer-1")
    assert stored is not None
    return stored.id


def test_a_ticket_is_queued_once_and_its_copy_once_more(store: Store, job_of: JobOf) -> None:
    for _ in range(2):
        store.submit(job_of(1))
        store.submit(job_of(1, copy=2))
    copies = []
    while (stored := store.next("printer-1")) is not None:
        copies.append(stored.job)
        assert store.sending(stored.id, 7, ON_AT)
        store.finish(stored.id, PRINTED)
    assert copies == [job_of(1), job_of(1, copy=2)]


def test_the_oldest_slip_comes_first_but_what_is_unknown_before_it(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    store.submit(job_of(2))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    store.finish(job_id, PAPER_OUT)
    assert first(store) == job_id
    store.sending(job_id, 7, ON_AT)
    store.finish(job_id, LINK_LOST)
    found = store.next("printer-1")
    assert found is not None
    assert (found.id, found.state, found.cuts_before) == (job_id, JobState.UNKNOWN, 7)


def test_a_list_of_an_earlier_version_is_brought_up_to_date(path: Path, job_of: JobOf) -> None:
    earlier = Database(path)
    spool_migrations.apply(earlier, stop_before="note_when_on")
    assert "sent_at" in earlier["job"].columns_dict
    earlier.close()
    store = Store(path)
    store.start("printer-1")
    store.submit(job_of(1))
    assert store.sending(first(store), 7, ON_AT)
    store.close()


def test_a_list_made_with_the_new_name_before_it_had_a_migration_is_opened(path: Path) -> None:
    between = Database(path)
    spool_migrations.apply(between, stop_before="note_when_on")
    between.execute("ALTER TABLE job RENAME COLUMN sent_at TO on_at")
    between.close()
    Store(path).close()


def test_what_was_being_sent_at_a_crash_is_unknown_afterwards(
    store: Store, path: Path, job_of: JobOf
) -> None:
    store.submit(job_of(1))
    store.sending(first(store), 41, ON_AT)
    store.close()
    again = Store(path)
    found = again.next("printer-1")
    assert found is not None
    assert (found.state, found.cuts_before) == (JobState.UNKNOWN, 41)
    again.close()


def test_process_ids_are_never_used_twice_over_restarts(store: Store, path: Path) -> None:
    starts = [store.start("printer-1").first_id]
    store.close()
    again = Store(path)
    starts += [again.start("printer-1").first_id, again.start("printer-1").first_id]
    again.close()
    assert len({start // module.IDS_PER_START for start in starts}) == 3


def test_what_a_printer_can_confirm_is_remembered(store: Store) -> None:
    assert store.start("printer-1").level is None
    store.learn("printer-1", Level.COUNTED)
    assert store.start("printer-1").level is Level.COUNTED


def test_too_many_open_slips_are_refused(
    store: Store, job_of: JobOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOBS_OPEN_MAX", 2)
    store.submit(job_of(1))
    store.submit(job_of(2))
    with pytest.raises(SpoolFull, match="look at the printers"):
        store.submit(job_of(3))


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (PAPER_OUT, JobState.DROPPED),
        (PRINTED, JobState.PRINTED),
        (LINK_LOST, JobState.UNKNOWN),
    ],
)
def test_a_ticket_dropped_while_its_slip_is_sent_ends_as_the_paper_does(
    result: Result, state: JobState, store: Store, job_of: JobOf
) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    store.drop("2026-11-22", "K001", 1)
    assert store.finish(job_id, result) is state


def test_a_dropped_slip_is_not_sent_by_someone_who_had_already_chosen_it(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.drop("2026-11-22", "K001", 1)
    assert not store.sending(job_id, 7, ON_AT)
    assert [outcome.state for _, outcome in store.untold()] == [JobState.DROPPED]


@pytest.mark.parametrize("reason", [Reason.NO_COUNTER, Reason.UNCONFIRMED])
def test_what_nobody_can_know_is_offered_to_a_person(store: Store, job_of: JobOf, reason: Reason) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, None, ON_AT)
    assert store.finish(job_id, Result(Outcome.UNKNOWN, reason)) is JobState.OFFERED
    assert store.next("printer-1") is None


def test_finding_out_ends_after_a_while(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    states = [store.finish(job_id, LINK_LOST) for _ in range(RESOLVES_MAX)]
    assert states == [JobState.UNKNOWN] * RESOLVES_MAX
    assert store.finish(job_id, LINK_LOST) is JobState.OFFERED


def test_a_torn_piece_is_remembered_until_it_is_pushed_out(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    store.finish(job_id, Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True))
    assert store.torn("printer-1")
    store.pushed_out("printer-1")
    assert not store.torn("printer-1")


def test_a_slip_taken_back_and_then_found_printed_was_not_torn(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    store.finish(job_id, Result(Outcome.UNKNOWN, Reason.COVER_OPEN, torn=True))
    store.finish(job_id, Result(Outcome.PRINTED, Reason.COUNTED))
    assert not store.torn("printer-1")


def test_news_is_told_once_and_the_same_trouble_is_no_news(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    assert store.untold() == []
    told = []
    for result in (PAPER_OUT, PAPER_OUT, PRINTED):
        if result is PRINTED:
            store.sending(job_id, 7, ON_AT)
        store.finish(job_id, result)
        for number, outcome in store.untold():
            told.append((outcome.state, outcome.reason))
            store.told(number, outcome)
    assert told == [(JobState.QUEUED, Reason.PAPER_OUT), (JobState.PRINTED, Reason.CONFIRMED)]


def test_news_of_a_slip_handed_on_again_while_it_was_told_is_told_too(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    store.hand_on(1, "printer-2")
    ((job_id, told),) = store.untold()
    store.hand_on(1, "printer-3")
    store.told(job_id, told)
    ((_, news),) = store.untold()
    assert news.printer == "printer-3"


def test_yesterdays_slips_are_dropped_then_forgotten(store: Store, job_of: JobOf) -> None:
    for number in (1, 2):
        store.submit(job_of(number))
    printed = first(store)
    store.sending(printed, 7, ON_AT)
    store.finish(printed, PRINTED)
    store.begin_day("2026-11-22")
    assert store.next("printer-1") is not None
    store.begin_day("2026-11-23")
    assert store.next("printer-1") is None
    news = store.untold()
    assert [outcome.state for _, outcome in news] == [JobState.PRINTED, JobState.DROPPED]
    for job_id, outcome in news:
        store.told(job_id, outcome)
    store.begin_day("2026-11-23")
    assert store._db["job"].count == 0


@contextmanager
def no_file_longer_than(size_bytes: int) -> Iterator[None]:
    """Whatever is written behind it fails, as on a disk that is full or spoiled there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fails_while_a_day_is_forgotten_is_told_of(store: Store, job_of: JobOf) -> None:
    store.submit(job_of(1))
    with no_file_longer_than(PAGE_BYTES), pytest.raises(sqlite3.OperationalError):
        store.begin_day("2026-11-22")
    store.begin_day("2026-11-22")
    assert first(store)


def test_a_slip_of_which_nobody_knows_is_given_up_with_its_day_and_its_printer_cuts_first(
    store: Store, job_of: JobOf
) -> None:
    store.submit(job_of(1))
    job_id = first(store)
    store.sending(job_id, 7, ON_AT)
    store.finish(job_id, LINK_LOST)
    store.begin_day("2026-11-23", "2026-11-22")
    assert first(store) == job_id
    assert not store.torn("printer-1")
    store.begin_day("2026-11-24", "2026-11-23")
    assert store.next("printer-1") is None
    assert store.torn("printer-1")
    assert store.finish(job_id, PRINTED) is JobState.DROPPED


def test_what_is_forgotten_is_in_no_byte_of_the_list_while_it_is_open(
    store: Store, path: Path, job_of: JobOf
) -> None:
    for number in range(1, 101):
        store.submit(job_of(number))
    assert any(b"K042" in part.read_bytes() for part in path.parent.iterdir())
    store.begin_day("2026-11-24", "2026-11-23")
    assert not [part.name for part in path.parent.iterdir() if b"K0" in part.read_bytes()]
