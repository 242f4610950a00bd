"""Whoever changes what was written is found, and where; who changed nothing is not accused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from protocol.ids import Role
from queue_server.core.events import DayClosed, DayOpened
from queue_server.core.past import PastDay
from queue_server.devices import By, Device
from queue_server.log_port import Record
from queue_server.store.house import House
from queue_server.store.verify import Verified, verify

AT = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
DAYS = ("2026-09-14", "2026-09-15")
EVENTS = 6


async def worked(house: House, day: str) -> None:
    """A server's day that has ended well."""
    log = house.day_log(day)
    await log.fence()
    await log.read()
    for number in range(EVENTS):
        event = DayClosed() if number % 2 else DayOpened()
        at = AT + timedelta(minutes=number)
        await log.append([Record(at, "reception:reception-1", f"question-{number:04d}", 0, event)])
    await log.close()


@pytest.fixture
async def house(tmp_path: Path) -> House:
    """Two days, both counted, and a centre of two boards."""
    found = House(tmp_path / "data")
    found.lock()
    for day in DAYS:
        await worked(found, day)
    statistics = found.statistics()
    for day in ("2026-09-13", *DAYS):
        await statistics.write(day, PastDay())
    await statistics.close()
    registry = found.registry()
    await registry.open()
    await registry.add(
        {name.encode(): Device(name, Role.BOARD) for name in ("board-1", "board-2")}, By("console", AT)
    )
    await registry.close()
    found.unlock()
    return found


def verified(house: House) -> dict[str, Verified]:
    return {one.file: one for one in verify(house.directory, lambda _done, _of: None)}


def changed(path: Path, *statements: str) -> None:
    """Somebody who knows SQL."""
    with closing(sqlite3.connect(path)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        db.commit()


async def test_what_nobody_has_changed_is_as_it_was_written(house: House) -> None:
    last = (AT + timedelta(minutes=EVENTS - 1)).isoformat()
    assert verified(house) == {
        **{f"days/{day}.db": Verified(f"days/{day}.db", EVENTS, last, "") for day in DAYS},
        "registry.db": Verified("registry.db", 2, AT.isoformat(), ""),
        "statistics.db": Verified("statistics.db", len(DAYS) + 1, "", ""),
    }


async def test_a_day_on_which_a_server_is_at_work_is_proved_as_far_as_it_goes(house: House) -> None:
    house.lock()
    log = house.day_log(DAYS[1])
    await log.fence()
    await log.read()
    await log.append([Record(AT, "reception:reception-1", "question-more", 0, DayOpened())])
    try:
        found = verified(house)[f"days/{DAYS[1]}.db"]
    finally:
        await log.close()
        house.unlock()
    assert (found.entries, found.trouble) == (EVENTS + 1, "")


@pytest.mark.parametrize(
    ("statement", "after"),
    [
        ("UPDATE events SET actor = 'reception:reception-2' WHERE position = 4", 3),
        ("UPDATE events SET at = '2026-09-14T08:00:00+00:00' WHERE position = 2", 1),
        ("DELETE FROM events WHERE position = 1", 0),
        ("DELETE FROM events WHERE position = 3", 2),
        ("INSERT INTO events SELECT 7, at, actor, 'made', 0, kind, body, chain FROM events LIMIT 1", 6),
    ],
    ids=["another actor", "another time", "the first is gone", "one is gone", "one more"],
)
async def test_a_day_that_somebody_has_changed_is_named_with_the_place(
    house: House, statement: str, after: int
) -> None:
    changed(house.directory / "days" / f"{DAYS[0]}.db", statement)
    found = verified(house)
    assert f"after event {after}" in found[f"days/{DAYS[0]}.db"].trouble
    if after:
        assert (AT + timedelta(minutes=after - 1)).isoformat() in found[f"days/{DAYS[0]}.db"].trouble
    assert not found[f"days/{DAYS[1]}.db"].trouble
    assert not found["registry.db"].trouble


async def test_a_day_whose_end_was_cut_off_is_found_by_its_witness(house: House) -> None:
    changed(house.directory / "days" / f"{DAYS[0]}.db", "DELETE FROM events WHERE position > 4")
    assert verified(house)[f"days/{DAYS[0]}.db"].trouble


async def test_a_day_that_is_no_database_any_more_is_named(house: House) -> None:
    (house.directory / "days" / f"{DAYS[0]}.db").write_bytes(b"no database" * 1000)
    assert "not a database" in verified(house)[f"days/{DAYS[0]}.db"].trouble


@pytest.mark.parametrize(
    "suffixes", [(".db",), (".db", ".witness")], ids=["with its witness there", "wholly"]
)
async def test_a_day_that_somebody_has_removed_is_missed(house: House, suffixes: tuple[str, ...]) -> None:
    await worked(house, "2026-09-12")
    for suffix in suffixes:
        (house.directory / "days" / f"{DAYS[0]}{suffix}").unlink()
    found = verified(house)
    assert "it is gone" in found[f"days/{DAYS[0]}.db"].trouble


async def test_a_day_that_the_server_has_deleted_is_not_missed(house: House) -> None:
    await house.delete(DAYS[0])
    assert not any(one.trouble for one in verified(house).values())


@pytest.mark.parametrize(
    ("statement", "trouble"),
    [
        (
            "UPDATE trail SET actor = 'reception:reception-1' WHERE position = 2",
            "after entry 1 of 2026-09-14",
        ),
        ("DELETE FROM trail WHERE position = 1", "after entry 0"),
        ("UPDATE device SET role = 'reception' WHERE name = 'board-1'", "devices are not those"),
    ],
)
async def test_a_registry_that_somebody_has_changed_is_named_with_the_place(
    house: House, statement: str, trouble: str
) -> None:
    changed(house.directory / "registry.db", statement)
    found = verified(house)
    assert trouble in found["registry.db"].trouble
    assert not any(found[f"days/{day}.db"].trouble for day in DAYS)


async def test_statistics_in_which_a_row_has_turned_are_named_with_the_day(house: House) -> None:
    changed(house.directory / "statistics.db", f"UPDATE day SET priority = 1 WHERE day = '{DAYS[1]}'")
    assert f"what is kept of {DAYS[1]} is not what was counted" in verified(house)["statistics.db"].trouble


async def test_statistics_that_were_put_aside_are_named_until_somebody_has_moved_them_away(
    house: House,
) -> None:
    (house.directory / "statistics.damaged").touch()
    assert "put these statistics aside" in verified(house)["statistics.damaged"].trouble


async def test_nothing_is_changed_by_looking(house: House) -> None:
    before = {path: path.read_bytes() for path in house.directory.rglob("*") if path.is_file()}
    verified(house)
    assert {path: path.read_bytes() for path in before} == before
