"""Accounts and who is where are written down with who changed them, and nobody can change that unnoticed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.badges import account

from protocol.ids import Role
from queue_server.devices import By, Device, RegistryError, What
from queue_server.people import Session
from queue_server.store.backup import back_up
from queue_server.store.house import DAYS, REGISTRY
from queue_server.store.registry import Registry
from queue_server.store.restore import restore_one
from queue_server.store.verify import verify

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
BY = By("console", AT)
AMINA, NADIA = account("c01", Role.COUNSELLOR), account("r01", Role.RECEPTION, Role.COUNSELLOR)
DESK = Session("desk-7", "c01", AT)


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    (tmp_path / "data" / DAYS).mkdir(parents=True)
    found = Registry(tmp_path / "data" / "registry.db")
    await found.open()
    await found.add(
        {b"7": Device("desk-7", Role.COUNSELLOR, "7"), b"1": Device("reception-1", Role.RECEPTION)}, BY
    )
    await found.add_staff([AMINA, NADIA], BY)
    yield found
    await found.close()


async def again(registry: Registry) -> Registry:
    await registry.close()
    found = Registry(registry.path)
    await found.open()
    return found


async def trail(registry: Registry) -> list[tuple[What, str]]:
    devices = {What.DEVICE_ADDED, What.DEVICE_REMOVED}
    return [(deed.what, deed.about) for deed in await registry.trail() if deed.what not in devices]


async def test_the_team_and_who_is_where_are_still_known_after_a_restart(registry: Registry) -> None:
    await registry.sign_in(DESK, AMINA, None, BY)
    found = await again(registry)
    members = await found.members()
    assert members.accounts == [AMINA, NADIA]
    assert members.sessions == [DESK]
    await found.close()


async def test_an_account_that_there_is_already_is_named_and_nothing_is_added(registry: Registry) -> None:
    assert await registry.add_staff([account("c02", Role.COUNSELLOR), AMINA], BY) == ["c01"]
    assert (await registry.members()).accounts == [AMINA, NADIA]


async def test_who_is_removed_is_nowhere_any_more_and_who_there_is_not_is_named(registry: Registry) -> None:
    await registry.sign_in(DESK, AMINA, None, BY)
    assert await registry.remove_staff(["c01", "c09", "c01"], BY) == ["c09"]
    members = await registry.members()
    assert (members.accounts, members.sessions) == ([NADIA], [])


async def test_who_gets_another_pin_is_signed_out_and_who_has_no_account_gets_none(
    registry: Registry,
) -> None:
    await registry.sign_in(DESK, AMINA, None, BY)
    other, stranger = replace(AMINA, pin="another", given=True), account("c09", Role.COUNSELLOR)
    assert await registry.reset([other, stranger], BY) == ["c09"]
    assert (await registry.members()).accounts == [AMINA, NADIA], "all of them or nobody"
    assert await registry.reset([other], BY) == []
    members = await registry.members()
    assert members.accounts[0].pin == "another"
    assert members.sessions == []


async def test_the_trail_says_what_was_done_about_the_team(registry: Registry) -> None:
    await registry.sign_in(DESK, AMINA, replace(AMINA, pin="own"), By("counsellor:desk-7:7", AT))
    await registry.reset([AMINA], BY)
    await registry.remove_staff(["c01"], BY)
    assert await trail(registry) == [
        (What.STAFF_ADDED, "c01 counsellor"),
        (What.STAFF_ADDED, "r01 counsellor reception"),
        (What.PIN_CHOSEN, "c01"),
        (What.PIN_RESET, "c01 counsellor"),
        (What.STAFF_REMOVED, "c01"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff SET pin = 'stolen' WHERE key = 'c01'",
        "UPDATE staff SET roles = 'counsellor reception' WHERE key = 'c01'",
        "UPDATE session SET staff = 'r01'",
        "DELETE FROM session",
        "DROP TABLE session",
        "INSERT INTO staff SELECT 'c99', roles, pin, given, since FROM staff WHERE key = 'c01'",
    ],
)
async def test_an_account_that_somebody_else_has_changed_is_noticed_and_nothing_is_written_over_it(
    registry: Registry, change: str
) -> None:
    await registry.sign_in(DESK, AMINA, None, BY)
    assert [one.trouble for one in verify(registry.path.parent, lambda *_: None)] == [""]
    with closing(sqlite3.connect(registry.path)) as db:
        db.execute(change)
        db.commit()
    with pytest.raises(RegistryError):
        await registry.members()
    with pytest.raises(RegistryError):
        await registry.sign_out([DESK])
    with pytest.raises(RegistryError):
        await registry.add_staff([account("c02", Role.COUNSELLOR)], BY)
    assert all(one.trouble for one in verify(registry.path.parent, lambda *_: None))


async def test_a_copy_of_the_registry_knows_the_team_and_nobody_at_work(
    registry: Registry, tmp_path: Path
) -> None:
    await registry.sign_in(DESK, AMINA, None, BY)
    back_up(tmp_path / "data", tmp_path / "backup", lambda *_: None)
    assert (await registry.members()).sessions == [DESK], "at the centre itself nobody has noticed"
    await registry.close()
    restore_one(tmp_path / "backup", tmp_path / "data", REGISTRY, lambda *_: None)
    found = Registry(registry.path)
    await found.open()
    members = await found.members()
    assert (members.accounts, members.sessions) == ([AMINA, NADIA], [])
    await found.close()
