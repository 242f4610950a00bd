"""No day is begun on a disk that does not take the write-ahead log: its commits could be taken back."""

from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from printers import store as spool
from queue_server.log_port import LogError
from queue_server.store import day_log, statistics
from queue_server.store.day_log import DayLog
from queue_server.store.statistics import Statistics


class Stubborn(Database):
    """As SQLite where a sync fails while a file is new: it stays in its first mode, and raises nothing."""

    def execute(self, sql: str, *more: Any) -> Any:
        return super().execute("PRAGMA journal_mode" if "journal_mode" in sql else sql, *more)


@pytest.fixture(autouse=True)
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (day_log, statistics, spool):
        monkeypatch.setattr(room, "Database", Stubborn)


async def test_a_day_without_a_write_ahead_log_is_refused_in_words(tmp_path: Path) -> None:
    day = DayLog(tmp_path / "day.db")
    with pytest.raises(LogError, match="does not take its write-ahead log"):
        await day.fence()
    await day.close()


async def test_statistics_without_one_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="does not take its write-ahead log"):
        await Statistics(tmp_path / "statistics.db").days()


def test_a_list_of_slips_without_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="write-ahead log"):
        spool.Store(tmp_path / "spool.db")
