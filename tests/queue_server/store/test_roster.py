"""The roster is written down whole, with who changed it, and nobody can change it unnoticed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from support.centre import DUTCH, TRAINER, WORKER, small_centre
from support.rosters import rosters

from config.roster import Absence, Holiday, Line, Roster, Shift, roster_of
from queue_server.devices import By, Deed, RegistryError, What
from queue_server.store.backup import back_up
from queue_server.store.house import DAYS, REGISTRY
from queue_server.store.registry import Registry
from queue_server.store.restore import restore_one
from queue_server.store.verify import verify

BY = By("console", datetime(2026, 9, 15, 9, 0, tzinfo=UTC))
MORNING = Shift(staff=TRAINER, day="monday", begins=time(9), ends=time(12))
AFTERNOON = replace(MORNING, begins=time(13), ends=time(17), stays=True)
AWAY, CLOSED = Absence(staff=DUTCH, day="2026-12-01"), Holiday(day="2026-12-25")
WEEK = roster_of([MORNING, AFTERNOON, AWAY, CLOSED])


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    (tmp_path / "data" / DAYS).mkdir(parents=True)
    found = Registry(tmp_path / "data" / "registry.db")
    await found.open()
    yield found
    await found.close()


def without(roster: Roster, line: Line) -> Roster:
    return roster_of(one for one in roster.lines if one != line)


async def test_a_roster_is_still_there_after_a_restart(registry: Registry) -> None:
    assert await registry.roster() == Roster()
    assert await registry.plan(Roster(), WEEK, BY)
    await registry.close()
    again = Registry(registry.path)
    await again.open()
    assert await again.roster() == WEEK
    await again.close()


async def test_who_planned_on_what_was_there_before_is_told_so_and_changes_nothing(
    registry: Registry,
) -> None:
    assert await registry.plan(Roster(), WEEK, BY)
    shorter = without(WEEK, AFTERNOON)
    assert await registry.plan(WEEK, shorter, BY)
    assert not await registry.plan(WEEK, without(WEEK, MORNING), BY)
    assert await registry.roster() == shorter


async def test_one_line_can_be_put_changed_and_removed_alone(registry: Registry) -> None:
    steps = [
        WEEK,
        roster_of([*WEEK.lines, Absence(staff=TRAINER, day="2026-12-07")]),
        without(WEEK, MORNING),
        roster_of([replace(MORNING, ends=time(11)), AFTERNOON, AWAY, CLOSED]),
        Roster(),
    ]
    before = Roster()
    for after in steps:
        assert await registry.plan(before, after, BY)
        assert await registry.roster() == after
        before = after


async def test_the_trail_says_whose_plan_was_changed_and_nothing_when_nothing_was(registry: Registry) -> None:
    by_reception = By("reception:reception-1:host-1", BY.at)
    await registry.plan(Roster(), WEEK, BY)
    await registry.plan(WEEK, WEEK, by_reception)
    await registry.plan(WEEK, without(WEEK, AFTERNOON), by_reception)
    open_then = without(without(WEEK, AFTERNOON), CLOSED)
    await registry.plan(without(WEEK, AFTERNOON), open_then, BY)
    await registry.plan(open_then, Roster(), BY)
    assert await registry.trail() == [
        Deed(BY, What.ROSTER_CHANGED, "roster"),
        Deed(by_reception, What.ROSTER_CHANGED, TRAINER),
        Deed(BY, What.ROSTER_CHANGED, "roster"),
        Deed(BY, What.ROSTER_CHANGED, "roster"),
    ]


async def test_a_plan_that_cannot_be_written_whole_is_not_written_at_all(registry: Registry) -> None:
    await registry.plan(Roster(), WEEK, BY)
    twice = Roster((*WEEK.lines, replace(MORNING, ends=time(10))))
    with pytest.raises(RegistryError, match="UNIQUE"):
        await registry.plan(WEEK, twice, BY)
    assert await registry.roster() == WEEK
    assert len(await registry.trail()) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE roster SET ends = '18:00' WHERE begins = '13:00'",
        f"UPDATE roster SET staff = '{WORKER}' WHERE begins = '09:00'",
        "DELETE FROM roster",
        "DELETE FROM seal WHERE name = 'roster'",
        "UPDATE roster SET begins = 'noon' WHERE begins = '09:00'",
    ],
)
async def test_a_roster_that_somebody_else_has_changed_is_noticed_and_nothing_is_written_over_it(
    registry: Registry, change: str
) -> None:
    await registry.plan(Roster(), WEEK, BY)
    assert [one.trouble for one in verify(registry.path.parent, lambda *_: None)] == [""]
    with closing(sqlite3.connect(registry.path)) as db:
        db.execute(change)
        db.commit()
    with pytest.raises(RegistryError, match="roster is not the one that was written"):
        await registry.roster()
    with pytest.raises(RegistryError, match="roster is not the one that was written"):
        await registry.plan(WEEK, Roster(), BY)
    assert all(one.trouble for one in verify(registry.path.parent, lambda *_: None))
    assert (await registry.members()).devices == [], "nobody is kept out by it"


async def test_a_backup_has_the_roster(registry: Registry, tmp_path: Path) -> None:
    await registry.plan(Roster(), WEEK, BY)
    back_up(tmp_path / "data", tmp_path / "backup", lambda *_: None)
    await registry.plan(WEEK, Roster(), BY)
    await registry.close()
    restore_one(tmp_path / "backup", tmp_path / "data", REGISTRY, lambda *_: None)
    found = Registry(registry.path)
    await found.open()
    assert await found.roster() == WEEK
    await found.close()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters(small_centre()))
async def test_any_roster_takes_the_place_of_any_other(registry: Registry, after: Roster) -> None:
    assert await registry.plan(await registry.roster(), after, BY)
    assert await registry.roster() == after
