"""A backup is put back whole or not at all, and what was there before is never deleted."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol.epochs import Epochs
from queue_server.core.events import DayClosed, DayEnded, DayOpened
from queue_server.core.policy import PASSED_OVER
from queue_server.log_port import Record
from queue_server.store import house as house_module
from queue_server.store import restore as module
from queue_server.store.backup import back_up
from queue_server.store.copies import DamagedError
from queue_server.store.house import DirectoryInUseError, House
from queue_server.store.manifest import BackupError
from queue_server.store.restore import Restored, restore

AT = datetime(2026, 9, 15, 9, 30, 15, tzinfo=UTC)
DAY, TODAY = "2026-09-14", "2026-09-15"


async def worked(directory: Path, day: str, count: int) -> tuple[list[Record], bytes]:
    """A server's life with so many more events; all that is there at its end, and the key of the tickets."""
    house = House(directory)
    house.lock()
    log = house.day_log(day)
    await log.fence()
    records = await log.read()
    for number in range(len(records), len(records) + count):
        event = DayClosed() if number % 2 else DayOpened()
        records.append(Record(AT, "reception:reception-1", f"question-{number:04d}", 0, event))
        await log.append(records[-1:])
    await log.close()
    house.unlock()
    return records, log.secret


async def ended(directory: Path, day: str) -> list[Record]:
    """A server's life that ends the day; all that is there at its end."""
    house = House(directory)
    house.lock()
    log = house.day_log(day)
    await log.fence()
    records = [*await log.read(), Record(AT, "server:server", f"end:{day}", 0, DayEnded())]
    await log.append(records[-1:])
    await log.close()
    house.unlock()
    return records


def gone_on(records: list[Record]) -> list[Record]:
    """The same after a restore."""
    end = len(records)
    return [*records, Record(AT, "server:restore", f"restored:{end + 1}", 0, PASSED_OVER)]


def put_back(backup: Path, directory: Path, *, replace: bool = False) -> Restored:
    return restore(backup, directory, lambda _done, _of: None, replace=replace)


def beside(directory: Path, names: str) -> list[Path]:
    return list(directory.glob(names))


@pytest.fixture
async def backup(tmp_path: Path) -> Path:
    """Two days, of which the data directory has gone on since."""
    data, to = tmp_path / "data", tmp_path / "backup"
    await worked(data, DAY, 3)
    await worked(data, TODAY, 4)
    (data / "spool.db").write_bytes(b"slips")
    back_up(data, to, lambda _done, _of: None)
    await worked(data, TODAY, 2)
    return to


async def test_what_was_backed_up_is_there_again_with_the_key_of_its_tickets(
    tmp_path: Path, backup: Path
) -> None:
    was, key = await worked(tmp_path / "data", TODAY, 0)
    restored = put_back(backup, tmp_path / "new")
    assert (restored.days, restored.newest, restored.last_at) == (2, TODAY, AT.isoformat())
    assert await worked(tmp_path / "new", TODAY, 0) == (gone_on(was[:4]), key)
    assert len((await worked(tmp_path / "new", DAY, 0))[0]) == 3
    assert not (tmp_path / "new.restoring").exists()


async def test_a_backup_of_a_restored_day_is_restored_like_any_other(tmp_path: Path, backup: Path) -> None:
    was, _ = await worked(tmp_path / "data", TODAY, 0)
    put_back(backup, tmp_path / "new")
    back_up(tmp_path / "new", backup, lambda _done, _of: None)
    put_back(backup, tmp_path / "again")
    assert (await worked(tmp_path / "again", TODAY, 0))[0] == gone_on(gone_on(was[:4]))


async def test_a_day_that_has_ended_is_restored_as_it_was(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await worked(data, TODAY, 1)
    was = await ended(data, TODAY)
    back_up(data, to, lambda _done, _of: None)
    put_back(to, tmp_path / "new")
    assert (await worked(tmp_path / "new", TODAY, 0))[0] == was


async def test_a_day_in_which_nothing_had_happened_yet_goes_on_as_well(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "backup"
    await worked(data, TODAY, 0)
    back_up(data, to, lambda _done, _of: None)
    put_back(to, tmp_path / "new")
    [only] = (await worked(tmp_path / "new", TODAY, 0))[0]
    assert (only.command_id, only.event) == ("restored:1", PASSED_OVER)
    assert only.at <= datetime.fromisoformat(f"{TODAY}T00:00+14:00"), "it holds up no clock that is behind"


async def test_a_day_that_cannot_be_gone_on_with_leaves_the_directory_as_it_was(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise DamagedError("disk I/O error")

    monkeypatch.setattr(module, "pass_over", broken)
    with pytest.raises(BackupError, match="Nothing was restored"):
        put_back(backup, tmp_path / "data", replace=True)
    assert len((await worked(tmp_path / "data", TODAY, 0))[0]) == 6
    assert beside(tmp_path, "data.*") == []


async def test_a_restored_day_has_no_witness_and_no_list_of_slips(tmp_path: Path, backup: Path) -> None:
    put_back(backup, tmp_path / "new")
    names = {path.name for path in (tmp_path / "new").rglob("*")}
    assert names == {"days", f"{DAY}.db", f"{TODAY}.db", "epoch", "lock"}


async def test_a_restored_directory_may_be_read_by_its_owner_alone(tmp_path: Path, backup: Path) -> None:
    put_back(backup, tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "days").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new").rglob("*.db")} == {0o600}


async def test_a_terminal_accepts_the_server_on_restored_days_even_if_the_clock_was_set_back(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, terminal = tmp_path / "data", Epochs()
    before = House(data)
    before.lock()
    before.unlock()
    terminal.meet("ws://server", before.epoch)
    put_back(backup, data, replace=True)
    monkeypatch.setattr(house_module, "time", lambda: 1.0)
    after = House(data)
    after.lock()
    terminal.meet("ws://server", after.epoch)
    log = after.day_log(TODAY)
    await log.fence()
    assert len(await log.read()) == 4 + 1
    await log.close()
    after.unlock()
    assert after.epoch > before.epoch


async def test_a_directory_with_data_is_left_alone_unless_it_is_said(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(BackupError, match="say --replace"):
        put_back(backup, data)
    assert len((await worked(data, TODAY, 0))[0]) == 6
    assert not (tmp_path / "data.restoring").exists()


async def test_what_is_replaced_is_moved_aside_and_stays_whole(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    [aside] = put_back(backup, data, replace=True).before
    assert len((await worked(data, TODAY, 0))[0]) == 4 + 1
    assert len((await worked(Path(aside), TODAY, 0))[0]) == 6
    assert (Path(aside) / "spool.db").read_bytes() == b"slips"


async def test_an_empty_directory_is_taken_without_a_word(tmp_path: Path, backup: Path) -> None:
    (tmp_path / "new").mkdir()
    put_back(backup, tmp_path / "new")
    assert len((await worked(tmp_path / "new", TODAY, 0))[0]) == 4 + 1


async def test_what_is_no_data_directory_is_never_moved(tmp_path: Path, backup: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("Dear", encoding="ascii")
    with pytest.raises(BackupError, match="something else"):
        put_back(backup, tmp_path / "home", replace=True)


async def test_nothing_is_restored_under_a_running_server(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    server = House(data)
    server.lock()
    with pytest.raises(BackupError, match="already runs"):
        put_back(backup, data, replace=True)
    server.unlock()
    assert beside(tmp_path, "data.*") == []


async def test_a_server_that_starts_in_the_middle_begins_nothing(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    (data / "epoch").write_text("2999999999", encoding="ascii")
    data.rename(tmp_path / "data.before-2026-09-15T10-00-00Z")
    (tmp_path / "data.restoring").mkdir()
    with pytest.raises(DirectoryInUseError, match="walkin restore"):
        House(data).lock()
    assert not data.exists()
    [aside] = put_back(backup, data).before
    assert aside.endswith("data.before-2026-09-15T10-00-00Z")
    assert (data / "epoch").read_text(encoding="ascii") == "2999999999\n"
    assert len((await worked(data, TODAY, 0))[0]) == 4 + 1


async def test_two_restores_at_once_are_one_too_many(tmp_path: Path, backup: Path) -> None:
    other = House(tmp_path / "new.restoring")
    other.hold()
    with pytest.raises(BackupError, match="Another restore"):
        put_back(backup, tmp_path / "new")
    assert (tmp_path / "new.restoring").exists()
    other.unlock()


async def test_every_damaged_file_is_named_and_nothing_is_restored(tmp_path: Path, backup: Path) -> None:
    first, second = sorted((backup / "days").glob("*.db"))
    first.write_bytes(first.read_bytes()[:-1])
    second.unlink()
    with pytest.raises(BackupError) as found:
        put_back(backup, tmp_path / "new")
    assert f"{first}: it has " in str(found.value)
    assert f"{second}: it is missing" in str(found.value)
    assert beside(tmp_path, "new*") == []


async def test_a_backup_without_its_manifest_is_none(tmp_path: Path, backup: Path) -> None:
    (backup / "backup.json").unlink()
    with pytest.raises(BackupError, match="There is no backup"):
        put_back(backup, tmp_path / "new")
    with pytest.raises(BackupError, match="There is no backup"):
        put_back(tmp_path / "nowhere", tmp_path / "new")


async def test_a_manifest_in_which_somebody_changed_a_word_is_found(tmp_path: Path, backup: Path) -> None:
    path = backup / "backup.json"
    path.write_text(path.read_text().replace('"position": 4', '"position": 3'))
    with pytest.raises(BackupError, match="digest is another"):
        put_back(backup, tmp_path / "new")


async def test_a_disk_that_fills_up_leaves_the_directory_as_it_was(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "days")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(BackupError, match="No space left"):
        put_back(backup, tmp_path / "data", replace=True)
    assert len((await worked(tmp_path / "data", TODAY, 0))[0]) == 6
    assert beside(tmp_path, "data.*") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root restores for another account")
async def test_what_root_restores_belongs_to_whom_the_directory_belonged(
    tmp_path: Path, backup: Path
) -> None:
    data = tmp_path / "data"
    os.chown(data, 4711, 4712)
    put_back(backup, data, replace=True)
    owners = {(path.stat().st_uid, path.stat().st_gid) for path in (data, *data.rglob("*"))}
    assert owners == {(4711, 4712)}


async def test_a_copy_that_does_not_read_the_same_twice_is_not_put_in_place(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.copyfileobj

    def shaky(old: object, new: object) -> None:
        real(old, new)  # type: ignore[arg-type]
        new.write(b"x")  # type: ignore[attr-defined]

    monkeypatch.setattr(module.shutil, "copyfileobj", shaky)
    with pytest.raises(BackupError, match="twice"):
        put_back(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()
