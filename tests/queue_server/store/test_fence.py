"""Of two servers on the same days the later one writes, and whoever it replaced is told so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.core.events import DayClosed, DayOpened
from queue_server.log_port import FencedError, LogError, Record
from queue_server.store import house as module
from queue_server.store.day_log import DayLog
from queue_server.store.house import House

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
OPENED = Record(AT, "reception:reception-1", "question-1", 0, DayOpened())
CLOSED = Record(AT, "reception:reception-1", "question-2", 0, DayClosed())


async def test_a_server_that_was_replaced_writes_nothing_more(tmp_path: Path) -> None:
    first, second = DayLog(tmp_path / "day.db", 1), DayLog(tmp_path / "day.db", 2)
    await first.fence()
    await first.read()
    await first.append([OPENED])
    await second.fence()
    assert await second.read() == [OPENED]
    with pytest.raises(FencedError, match="epoch 2 after 1"):
        await first.append([CLOSED])
    with pytest.raises(FencedError):
        await first.beat()
    await second.append([CLOSED])
    await second.beat()
    await first.close()
    await second.close()
    after = DayLog(tmp_path / "day.db", 2)
    assert await after.read() == [OPENED, CLOSED]
    await after.close()


async def test_a_server_of_an_earlier_epoch_cannot_take_the_day_back(tmp_path: Path) -> None:
    later, earlier = DayLog(tmp_path / "day.db", 8), DayLog(tmp_path / "day.db", 7)
    await later.fence()
    with pytest.raises(LogError, match="Another server"):
        await earlier.fence()
    await later.beat()
    await later.close()
    await earlier.close()


def test_every_reign_over_a_directory_has_a_higher_epoch_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = []
    for now in (2_000_000_000.0, 1_900_000_000.0, 1_900_000_001.0, 2_100_000_000.0):
        monkeypatch.setattr(module, "time", lambda now=now: now)
        house = House(tmp_path)
        house.lock()
        epochs.append(house.epoch)
        house.unlock()
    assert epochs == [2_000_000_000, 2_000_000_001, 2_000_000_002, 2_100_000_000]


def test_a_directory_put_back_from_a_backup_begins_a_higher_epoch_than_any_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "time", lambda: 2_000_000_000.0)
    (tmp_path / "epoch").write_text("1999999000\n", encoding="ascii")
    house = House(tmp_path)
    house.lock()
    assert house.epoch == 2_000_000_000
    house.unlock()
