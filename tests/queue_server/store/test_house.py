"""The data directory: one server at a time, one file a day."""

from pathlib import Path

import pytest

from queue_server.store.house import DirectoryInUseError, House


def test_a_second_server_is_refused_and_may_come_when_the_first_has_left(tmp_path: Path) -> None:
    first, second = House(tmp_path / "data"), House(tmp_path / "data")
    first.lock()
    with pytest.raises(DirectoryInUseError, match="--data"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def test_the_day_before_is_the_newest_that_has_a_file(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.last_day_before("2026-09-15") is None
    (tmp_path / "days").mkdir()
    for day in ("2026-09-11", "2026-09-14", "2026-09-15", "2026-12-24"):
        (tmp_path / "days" / f"{day}.db").touch()
    assert house.last_day_before("2026-09-15") == "2026-09-14"
    assert house.last_day_before("2026-09-11") is None
