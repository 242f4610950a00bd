"""Which terminals belong to the centre, and what they know the server by, after a restore."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol.ids import Role
from queue_server.core.events import DayOpened
from queue_server.devices import By, Device
from queue_server.log_port import Record
from queue_server.store.authority import authority_of, server_context
from queue_server.store.backup import back_up
from queue_server.store.certificates import make_authority
from queue_server.store.house import REGISTRY, House
from queue_server.store.manifest import BackupError
from queue_server.store.restore import Restored, restore, restore_one

AT = datetime(2026, 9, 15, 9, 30, 15, tzinfo=UTC)
DAY = "2026-09-14"
BY = By("console", AT)


async def worked(directory: Path, day: str, count: int) -> None:
    """A server's life with so many more events."""
    house = House(directory)
    house.lock()
    log = house.day_log(day)
    await log.fence()
    there = len(await log.read())
    for number in range(there, there + count):
        await log.append([Record(AT, "reception:reception-1", f"question-{number:04d}", 0, DayOpened())])
    await log.close()
    house.unlock()


def put_back(backup: Path, directory: Path, *, replace: bool = False) -> Restored:
    return restore(backup, directory, lambda _done, _of: None, replace=replace)


async def registered(directory: Path, *names: str) -> None:
    """The console lets in these boards, and nobody else any more."""
    registry = House(directory).registry()
    await registry.open()
    there = {one.device.name for one in (await registry.members()).devices}
    await registry.remove(sorted(there - {*names}), BY)
    new = {name.encode(): Device(name, Role.BOARD) for name in names if name not in there}
    await registry.add(new, BY)
    await registry.close()


async def known(directory: Path) -> list[str]:
    registry = House(directory).registry()
    await registry.open()
    names = [one.device.name for one in (await registry.members()).devices]
    await registry.close()
    return names


@pytest.fixture
async def with_devices(tmp_path: Path) -> Path:
    """A backup of a centre with two boards, of which one was removed since."""
    await registered(tmp_path / "data", "board-1", "board-2")
    await worked(tmp_path / "data", DAY, 1)
    back_up(tmp_path / "data", tmp_path / "with devices", lambda *_: None)
    await registered(tmp_path / "data", "board-1", "board-3")
    return tmp_path / "with devices"


async def test_which_terminals_belong_to_the_centre_is_restored_where_nobody_knows_it_any_more(
    tmp_path: Path, with_devices: Path
) -> None:
    assert put_back(with_devices, tmp_path / "new").devices_of_backup
    assert await known(tmp_path / "new") == ["board-1", "board-2"]


async def test_a_terminal_that_was_removed_since_the_backup_stays_so(
    tmp_path: Path, with_devices: Path
) -> None:
    assert not put_back(with_devices, tmp_path / "data", replace=True).devices_of_backup
    assert await known(tmp_path / "data") == ["board-1", "board-3"]


async def test_a_registry_that_is_damaged_by_now_is_restored_from_the_backup(
    tmp_path: Path, with_devices: Path
) -> None:
    (tmp_path / "data" / "registry.db").write_bytes(b"no database" * 1000)
    assert put_back(with_devices, tmp_path / "data", replace=True).devices_of_backup
    assert await known(tmp_path / "data") == ["board-1", "board-2"]


async def test_a_restore_that_is_done_again_still_knows_whoever_was_removed(
    tmp_path: Path, with_devices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if path.name.endswith(".restoring"):
            raise OSError(5, "the power is cut")
        return rename(path, to)

    with monkeypatch.context() as cut:
        cut.setattr(Path, "rename", interrupted)
        with pytest.raises(BackupError):
            put_back(with_devices, tmp_path / "data", replace=True)
    assert not (tmp_path / "data").exists()
    assert not put_back(with_devices, tmp_path / "data").devices_of_backup
    assert await known(tmp_path / "data") == ["board-1", "board-3"]


async def test_terminals_know_a_restored_server_as_the_one_they_knew(
    tmp_path: Path, with_devices: Path
) -> None:
    make_authority(tmp_path / "data", "smallville", anew=False)
    before = authority_of(tmp_path / "data")
    back_up(tmp_path / "data", with_devices, lambda *_: None)
    put_back(with_devices, tmp_path / "new")
    assert authority_of(tmp_path / "new") == before
    server_context(tmp_path / "new")
    make_authority(tmp_path / "data", "smallville", anew=True)
    now = authority_of(tmp_path / "data")
    put_back(with_devices, tmp_path / "data", replace=True)
    assert authority_of(tmp_path / "data") == now, "badges were made for it since the backup"
    server_context(tmp_path / "data")


async def test_only_which_terminals_belong_to_the_centre_is_put_back_when_only_that_is_damaged(
    tmp_path: Path, with_devices: Path
) -> None:
    await worked(tmp_path / "data", DAY, 2)
    day = (tmp_path / "data" / "days" / f"{DAY}.db").read_bytes()
    (tmp_path / "data" / "registry.db").write_bytes(b"no database" * 1000)
    aside = restore_one(with_devices, tmp_path / "data", REGISTRY, lambda *_: None)
    assert b"no database" in Path(aside).read_bytes()  # noqa: ASYNC240 - a test may wait for its disk
    assert await known(tmp_path / "data") == ["board-1", "board-2"]
    assert (tmp_path / "data" / "days" / f"{DAY}.db").read_bytes() == day


async def test_what_a_killed_server_was_writing_is_not_done_to_the_registry_that_is_put_back(
    tmp_path: Path, with_devices: Path
) -> None:
    place = tmp_path / "data" / "registry.db"
    killed = sqlite3.connect(place)
    killed.execute("PRAGMA cache_size=1")
    killed.execute("PRAGMA cache_spill=1")
    killed.execute("BEGIN IMMEDIATE")
    killed.execute("DELETE FROM seal")
    for number in range(2000):
        killed.execute(
            "INSERT INTO device VALUES (?, 'board', NULL, ?, '', NULL)", (f"b{number}", b"%d" % number)
        )
    files = {path.name: path.read_bytes() for path in place.parent.glob("registry.db*")}
    killed.close()
    for name, content in files.items():
        (place.parent / name).write_bytes(content)
    assert "registry.db-journal" in files
    aside = restore_one(with_devices, tmp_path / "data", REGISTRY, lambda *_: None)
    assert not place.with_name("registry.db-journal").exists()
    assert await known(tmp_path / "data") == ["board-1", "board-2"]
    with closing(sqlite3.connect(aside)) as former:
        names = [name for (name,) in former.execute("SELECT name FROM device ORDER BY name")]
    assert names == ["board-1", "board-3"], "what was moved aside is rolled back by its own journal"


async def test_a_registry_is_not_put_back_under_a_running_server_or_from_a_backup_without_one(
    tmp_path: Path, with_devices: Path
) -> None:
    await worked(tmp_path / "older", DAY, 1)
    back_up(tmp_path / "older", tmp_path / "backup of older", lambda *_: None)
    house = House(tmp_path / "data")
    house.lock()
    with pytest.raises(BackupError, match="already runs"):
        restore_one(with_devices, tmp_path / "data", REGISTRY, lambda *_: None)
    house.unlock()
    with pytest.raises(BackupError, match="has no registry"):
        restore_one(tmp_path / "backup of older", tmp_path / "data", REGISTRY, lambda *_: None)
    assert await known(tmp_path / "data") == ["board-1", "board-3"]
