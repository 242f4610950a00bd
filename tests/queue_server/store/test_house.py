"""The data directory: one server at a time, one file a day."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from queue_server.log_port import LogError
from queue_server.store.house import DirectoryInUseError, House


def test_a_second_server_is_refused_and_may_come_when_the_first_has_left(tmp_path: Path) -> None:
    first, second = House(tmp_path / "data"), House(tmp_path / "data")
    first.lock()
    with pytest.raises(DirectoryInUseError, match="--data"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


async def test_the_days_are_those_that_have_a_file_the_oldest_first(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert await house.days() == []
    (tmp_path / "days").mkdir()
    for name in (
        "2026-09-14.db",
        "2026-12-24.db",
        "2026-09-11.db",
        "2026-09-14.witness",
        "2026-09-10.db-wal",
    ):
        (tmp_path / "days" / name).touch()
    assert await house.days() == ["2026-09-11", "2026-09-14", "2026-12-24"]


@pytest.mark.parametrize(
    "copy", ["2026-09-14 (copy).db", "2026-09-14-old.db", "20260914.db", "2026-13-40.db"]
)
async def test_a_copy_beside_a_days_file_is_no_day_and_is_told_of(tmp_path: Path, copy: str) -> None:
    (tmp_path / "days").mkdir()
    for name in ("2026-09-14.db", copy):
        (tmp_path / "days" / name).touch()
    with capture_logs() as logs:
        assert await House(tmp_path).days() == ["2026-09-14"]
    assert [(line["event"], line["file"]) for line in logs] == [
        ("days.not_a_day", str(tmp_path / "days" / copy))
    ]


async def test_days_that_cannot_be_listed_are_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "days").touch()
    with pytest.raises(LogError, match="cannot be read"):
        await House(tmp_path).days()
