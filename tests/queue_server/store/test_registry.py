"""Who belongs to a centre is written down with who said so, and nobody can change that afterwards."""

import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from protocol.badge import digest_of
from protocol.ids import Role
from queue_server.devices import By, Deed, Device, Members, RegistryError, What
from queue_server.store import registry as module
from queue_server.store.registry import Registry

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
BY = By("console", AT)
KIOSK, DESK = Device("kiosk-1", Role.KIOSK), Device("desk-7", Role.COUNSELLOR, "7")
DIGESTS = {device: digest_of(device.name) for device in (KIOSK, DESK)}


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    found = Registry(tmp_path / "data" / "registry.db")
    await found.open()
    await found.add({digest: device for device, digest in DIGESTS.items()}, BY)
    yield found
    await found.close()


async def names(registry: Registry) -> list[str]:
    return [one.device.name for one in (await registry.members()).devices]


async def test_devices_are_still_known_after_a_restart(registry: Registry) -> None:
    await registry.close()
    again = Registry(registry.path)
    await again.open()
    assert {one.device: one.digest for one in (await again.members()).devices} == DIGESTS
    await again.close()


async def test_a_name_that_is_taken_is_named_and_nothing_is_added(registry: Registry) -> None:
    new = Device("board-1", Role.BOARD)
    taken = await registry.add({b"1": new, b"2": Device("kiosk-1", Role.BOARD)}, BY)
    assert taken == ["kiosk-1"]
    assert await names(registry) == ["desk-7", "kiosk-1"]


async def test_a_device_that_is_removed_is_gone_and_one_that_there_is_not_is_named(
    registry: Registry,
) -> None:
    assert await registry.remove(["kiosk-1", "kiosk-9"], BY) == ["kiosk-9"]
    assert await names(registry) == ["desk-7"]


async def test_the_trail_says_who_did_what_when(registry: Registry) -> None:
    by_reception = By("reception:reception-1", AT + timedelta(hours=1))
    await registry.remove(["kiosk-1"], by_reception)
    assert await registry.trail() == [
        Deed(BY, What.DEVICE_ADDED, "kiosk-1"),
        Deed(BY, What.DEVICE_ADDED, "desk-7"),
        Deed(by_reception, What.DEVICE_REMOVED, "kiosk-1"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE trail SET about = 'kiosk-2' WHERE position = 1",
        "DELETE FROM trail WHERE position = 1",
        "UPDATE trail SET position = 9 WHERE position = 1",
        "INSERT INTO trail SELECT 3, at, actor, what, about, chain FROM trail WHERE position = 2",
    ],
)
async def test_a_trail_that_somebody_has_changed_is_found_and_keeps_nobody_out(
    registry: Registry, change: str
) -> None:
    await registry.close()
    with closing(sqlite3.connect(registry.path)) as db:
        for verb in ("update", "delete"):
            db.execute(f"DROP TRIGGER trail_no_{verb}")
        db.execute(change)
        db.commit()
    again = Registry(registry.path)
    await again.open()
    with pytest.raises(RegistryError, match=r"trail was changed after entry [012].*walkin restore"):
        await again.trail()
    assert await names(again) == ["desk-7", "kiosk-1"]
    await again.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE device SET role = 'reception' WHERE name = 'kiosk-1'",
        "UPDATE device SET desk = '8' WHERE name = 'desk-7'",
        "UPDATE device SET digest = x'00' WHERE name = 'kiosk-1'",
        "UPDATE device SET name = 'kiosk-2' WHERE name = 'kiosk-1'",
        "DELETE FROM device",
        "INSERT INTO device VALUES ('thief', 'reception', NULL, x'01', '2026-09-15T09:00:00+00:00', NULL)",
        "DELETE FROM seal",
    ],
)
async def test_devices_that_are_not_those_that_were_written_are_not_believed(
    registry: Registry, change: str
) -> None:
    with closing(sqlite3.connect(registry.path)) as db:
        db.execute(change)
        db.commit()
    with pytest.raises(RegistryError, match=r"not those that were written.*walkin restore --registry"):
        await registry.members()


async def test_no_later_change_makes_a_device_that_was_not_written_belong_to_the_centre(
    registry: Registry,
) -> None:
    with closing(sqlite3.connect(registry.path)) as db:
        db.execute("UPDATE device SET role = 'reception' WHERE name = 'kiosk-1'")
        db.commit()
    with pytest.raises(RegistryError, match="not those that were written"):
        await registry.add({b"1": Device("board-1", Role.BOARD)}, BY)
    with pytest.raises(RegistryError, match="not those that were written"):
        await registry.remove(["desk-7"], BY)
    with pytest.raises(RegistryError, match="not those that were written"):
        await registry.members()


async def test_a_registry_of_nobody_is_sound(tmp_path: Path, registry: Registry) -> None:
    fresh = Registry(tmp_path / "fresh.db")
    await fresh.open()
    assert await fresh.members() == Members([], [], [])
    await fresh.close()
    await registry.remove(["kiosk-1", "desk-7"], BY)
    assert (await registry.members()).devices == []


@pytest.mark.parametrize("change", ["UPDATE trail SET about = 'kiosk-2'", "DELETE FROM trail"])
async def test_the_trail_itself_refuses_to_be_changed(registry: Registry, change: str) -> None:
    with closing(sqlite3.connect(registry.path)) as db, pytest.raises(sqlite3.IntegrityError, match="append"):
        db.execute(change)


async def test_a_file_that_is_no_registry_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(b"no database" * 1000)
    registry = Registry(path)
    with pytest.raises(RegistryError, match=r"registry\.db cannot be used.*walkin restore"):
        await registry.open()
    await registry.close()


async def test_what_another_process_has_changed_is_noticed_once_and_one_s_own_changes_are_not(
    registry: Registry,
) -> None:
    console = Registry(registry.path)
    await console.open()
    assert not await registry.changed()
    await console.remove(["kiosk-1"], BY)
    assert await registry.changed()
    assert not await registry.changed()
    await registry.remove(["desk-7"], BY)
    assert not await registry.changed()
    assert await console.changed()
    await console.close()


async def test_a_change_waits_for_the_other_process_s_and_says_so_when_that_never_ends(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 10)
    hurried = Registry(registry.path)
    await hurried.open()
    with closing(sqlite3.connect(registry.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RegistryError, match="locked"):
            await hurried.remove(["kiosk-1"], BY)
    assert await hurried.remove(["kiosk-1"], BY) == []
    await hurried.close()


async def test_when_a_device_was_last_seen_is_kept(registry: Registry) -> None:
    await registry.saw({"kiosk-1": AT, "kiosk-9": AT})
    assert {one.device.name: one.seen_at for one in (await registry.members()).devices} == {
        "kiosk-1": AT,
        "desk-7": None,
    }


async def test_nobody_but_the_server_s_account_may_read_it_and_what_is_deleted_is_overwritten(
    registry: Registry,
) -> None:
    assert stat.S_IMODE(registry.path.stat().st_mode) == 0o600
    await registry.remove(["kiosk-1"], BY)
    assert DIGESTS[KIOSK] not in registry.path.read_bytes()
    assert DIGESTS[DESK] in registry.path.read_bytes()
