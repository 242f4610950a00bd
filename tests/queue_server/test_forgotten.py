"""What is kept no longer is nowhere any more: not in a file, not in what SQLite leaves of what it deletes."""

import os
from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from support.badges import SMALLVILLE, enrol
from support.servers import until
from support.visits import KEPT_DAYS, LATER, TAKEN_AT, a_day_of_visits, at_work, clock
from support.watched_files import connections

from queue_server import closing
from queue_server.store.backup import back_up
from queue_server.store.restore import restore


def found(directory: Path, words: list[bytes] | tuple[bytes, ...]) -> dict[str, list[bytes]]:
    """In which files any of these words stand."""
    files = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    there = {path.name: [word for word in words if word in kept] for path, kept in files.items()}
    return {name: words for name, words in there.items() if words}


def put_aside(path: Path, word: bytes) -> None:
    """A list that was damaged on that day."""
    path.write_bytes(word)
    then = time() - timedelta(days=KEPT_DAYS).total_seconds() - 1
    os.utime(path, (then, then))


def copied(directory: Path, backup: Path) -> None:
    back_up(directory, backup, lambda _done, _of: None)


async def test_after_its_time_nothing_of_a_visit_is_found_in_any_byte_of_the_server_or_of_its_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "STANDS_S", 0.0)
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data, team=SMALLVILLE)
    visits = await a_day_of_visits(data)
    copied(data, backup)
    assert {"2026-09-15.db", "spool.db"} <= set(found(data, visits.codes)) & set(found(data, TAKEN_AT))
    assert found(backup, visits.codes)
    put_aside(data / "spool.damaged", visits.codes[0])
    async with at_work(data, clock(LATER)):
        await until(lambda: not (data / "days" / "2026-09-15.db").exists())
        copied(data, backup)
        for place in (data, backup):
            assert found(place, [*visits.codes, *visits.tokens, *TAKEN_AT]) == {}
    for place in (data, backup):
        assert found(place, [*visits.codes, *visits.tokens, *TAKEN_AT]) == {}
        assert list(place.glob("statistics*.db"))


async def test_the_secret_of_a_ticket_is_in_no_file_even_while_its_day_goes_on(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data, team=SMALLVILLE)
    visits = await a_day_of_visits(data)
    copied(data, backup)
    assert found(tmp_path, visits.tokens) == {}


async def test_every_file_of_ours_is_written_so_that_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data, team=SMALLVILLE)
    with connections() as closed:
        await a_day_of_visits(data)
        async with at_work(data, clock(LATER)):
            await until((data / "statistics.db").exists)
        copied(data, backup)
        restore(backup, data, lambda _done, _of: None, replace=True)
        async with at_work(data, clock(LATER)):
            pass
    files = {Path(connection.file).name for connection in closed}
    days = {"2026-09-15.db", "2026-09-18.db"}
    assert files == {*days, "spool.db", "registry.db", "registry.part", "statistics.db"}
    assert all(connection.secure_delete for connection in closed), closed
