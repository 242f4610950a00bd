"""A backup is made while the day goes on, and is never worse than the one before."""

import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.core.events import DayClosed, DayOpened
from queue_server.core.past import PastDay
from queue_server.log_port import Record
from queue_server.store import backup as module
from queue_server.store.backup import Made, back_up
from queue_server.store.copies import counted
from queue_server.store.day_log import DayLog
from queue_server.store.house import STATISTICS, House
from queue_server.store.manifest import BackupError, read_manifest
from queue_server.store.restore import restore_one, verified

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
DAY, TODAY = "2026-09-14", "2026-09-15"


def record(number: int) -> Record:
    event = DayClosed() if number % 2 else DayOpened()
    return Record(AT, "reception:reception-1", f"question-{number:04d}", 0, event)


@asynccontextmanager
async def at_work(directory: Path, day: str, count: int) -> AsyncIterator[DayLog]:
    """A day that a server has open, its events in the write-ahead log."""
    house = House(directory)
    house.lock()
    log = house.day_log(day)
    await log.fence()
    there = len(await log.read())
    for number in range(there, there + count):
        await log.append([record(number)])
    try:
        yield log
    finally:
        await log.close()
        house.unlock()


async def ended(directory: Path, day: str, count: int) -> None:
    async with at_work(directory, day, count):
        pass


def made(directory: Path, to: Path) -> Made:
    return back_up(directory, to, lambda _done, _of: None)


def positions(backup: Path) -> dict[str, int]:
    """How far each day goes in a backup that is wholly sound."""
    return {kept.day: kept.end.position for kept in verified(backup, lambda *_: None).files if kept.end}


async def test_a_day_that_goes_on_is_copied_as_far_as_it_is_answered(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    async with at_work(data, TODAY, 5) as log:
        assert made(data, to).newest == TODAY
        assert positions(to) == {TODAY: 5}
        await log.append([record(5)])
        made(data, to)
        assert positions(to) == {TODAY: 6}


async def test_a_day_in_which_nothing_but_beats_has_happened_is_not_copied_again(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    async with at_work(data, TODAY, 5) as log:
        made(data, to)
        await log.beat()
        assert made(data, to).copied == 0


async def test_the_server_s_own_files_stay_as_they_were(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    async with at_work(data, TODAY, 5):
        files = [path for path in data.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
        before = {path: path.read_bytes() for path in files}
        made(data, to)
        assert {path: path.read_bytes() for path in before} == before


async def test_a_day_that_has_not_changed_is_not_copied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, DAY, 4)
    await ended(data, TODAY, 2)
    assert made(data, to).copied == 2
    copied: list[str] = []
    real = module.copy
    monkeypatch.setattr(module, "copy", lambda path, part: (copied.append(path.stem), real(path, part)))
    await ended(data, TODAY, 1)
    assert made(data, to).copied == 1
    assert copied == [TODAY]


async def test_a_file_of_the_backup_that_was_spoiled_is_copied_again(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, DAY, 4)
    made(data, to)
    [file] = (to / "days").glob("*.db")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert not made(data, to).troubles
    assert positions(to) == {DAY: 4}


async def test_only_what_the_manifest_names_is_left_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 2)
    made(data, to)
    (to / "days" / f"{TODAY}.part").write_bytes(b"half")
    (to / "days" / f"{TODAY}.part-journal").write_bytes(b"half")
    (to / "holiday.jpg").write_bytes(b"sea")
    await ended(data, TODAY, 2)
    made(data, to)
    named = {to / kept.file for kept in read_manifest(to).files}
    assert set((to / "days").iterdir()) < named
    assert {path.name for path in to.iterdir()} - {path.name for path in named} == {
        *("days", "lock", "backup.json", "holiday.jpg")
    }


async def test_all_of_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 2)
    made(data, to)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (to, *to.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


async def test_a_backup_that_was_interrupted_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 2)
    made(data, to)
    await ended(data, TODAY, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_manifest", full)
        with pytest.raises(BackupError, match="No space left on device"):
            made(data, to)
    assert positions(to) == {TODAY: 2}
    made(data, to)
    assert positions(to) == {TODAY: 4}


async def test_a_damaged_day_is_said_and_what_the_backup_had_of_it_stays(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, DAY, 4)
    await ended(data, TODAY, 2)
    made(data, to)
    await ended(data, DAY, 1)
    await ended(data, TODAY, 1)
    path = data / "days" / f"{DAY}.db"
    path.write_bytes(path.read_bytes().replace(b"question-0001", b"question-9001"))
    [trouble] = made(data, to).troubles
    assert DAY in trouble
    assert "keeps what it had" in trouble
    assert positions(to) == {DAY: 4, TODAY: 3}


async def test_events_that_only_the_witness_knows_of_are_missed(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    async with at_work(data, TODAY, 5):
        house = tmp_path / "killed"
        (house / "days").mkdir(parents=True)
        for path in (data / "days").iterdir():
            (house / "days" / path.name).write_bytes(path.read_bytes())
    (house / "days" / f"{TODAY}.db-wal").unlink()
    [trouble] = made(house, to).troubles
    assert "events 1 to 5 are missing" in trouble or "no such table" in trouble
    assert positions(to) == {}


async def test_a_shorter_day_never_takes_the_place_of_a_longer_one(tmp_path: Path) -> None:
    data, other, to = tmp_path / "data", tmp_path / "other", tmp_path / "backup"
    await ended(data, TODAY, 5)
    await ended(other, TODAY, 2)
    made(data, to)
    [trouble] = made(other, to).troubles
    assert "does not go on from" in trouble
    assert positions(to) == {TODAY: 5}


async def test_a_day_that_the_server_has_counted_and_deleted_is_deleted_in_the_backup(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    for day in (DAY, TODAY):
        await ended(data, day, 2)
    made(data, to)
    (data / "days" / f"{DAY}.db").unlink()
    assert made(data, to).forgotten == ()
    assert set(positions(to)) == {DAY, TODAY}
    await counted_in(data, DAY)
    assert made(data, to).forgotten == (DAY,)
    assert set(positions(to)) == {TODAY}
    assert not list((to / "days").glob(f"{DAY}*"))


async def counted_in(data: Path, *days: str) -> None:
    """A server has counted these."""
    statistics = House(data).statistics()
    for day in days:
        await statistics.write(day, PastDay())
    await statistics.close()


def statistics_of(backup: Path) -> set[str]:
    [kept] = [kept for kept in read_manifest(backup).files if kept.place == STATISTICS]
    return counted(backup / kept.file)


async def test_statistics_in_which_a_row_has_turned_are_not_copied(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, DAY, 2)
    await counted_in(data, DAY)
    made(data, to)
    with closing(sqlite3.connect(data / STATISTICS)) as statistics:
        statistics.execute("UPDATE day SET priority = 1")
        statistics.commit()
    [trouble] = made(data, to).troubles
    assert f"what is kept of {DAY} is not what was counted. The backup keeps what it had of it" in trouble
    assert statistics_of(to) == {DAY}


async def test_statistics_that_were_begun_anew_take_the_place_of_no_longer_ones_until_these_are_put_back(
    tmp_path: Path,
) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 2)
    await counted_in(data, "2026-09-08", DAY)
    made(data, to)
    (data / STATISTICS).rename(data / "statistics.damaged")
    await counted_in(data, DAY)
    [trouble] = made(data, to).troubles
    assert "it lacks days that the backup has, 1 from 2026-09-08 to 2026-09-08" in trouble
    assert "walkin restore --statistics" in trouble
    assert statistics_of(to) == {"2026-09-08", DAY}
    before = restore_one(to, data, STATISTICS, lambda *_: None)
    assert counted(Path(before)) == {DAY}
    await counted_in(data, TODAY)
    assert made(data, to).troubles == ()
    assert statistics_of(to) == {"2026-09-08", DAY, TODAY}


async def test_a_day_whose_file_somebody_removed_is_missed(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    for day in (DAY, TODAY):
        await ended(data, day, 2)
    (data / "days" / f"{DAY}.db").unlink()
    [trouble] = made(data, to).troubles
    assert f"{DAY}.db is gone" in trouble


async def test_a_day_without_tables_yet_is_left_out(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, DAY, 1)
    (data / "days" / f"{TODAY}.db").touch()
    assert not made(data, to).troubles
    assert positions(to) == {DAY: 1}


async def test_where_no_backup_can_be_is_said_in_words(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(BackupError, match="There is no data directory"):
        made(data, tmp_path / "backup")
    data.mkdir()
    with pytest.raises(BackupError, match="no day has begun"):
        made(data, tmp_path / "backup")
    await ended(data, TODAY, 1)
    with pytest.raises(BackupError, match="lies in the data directory"):
        made(data, data / "backup")
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="was not finished"):
        made(data, tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_directory_that_may_not_be_written_is_said_in_words(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 1)
    to.mkdir(mode=0o500)
    with pytest.raises(BackupError, match="Permission denied"):
        made(data, to)


async def test_two_backups_at_once_are_one_too_many(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await ended(data, TODAY, 1)
    with module._alone(to), pytest.raises(BackupError, match="in use"):
        made(data, to)
