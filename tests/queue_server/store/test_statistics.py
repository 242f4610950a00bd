"""What is kept of days for good, and what the newest of them tell."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlite_utils import Database
from structlog.testing import capture_logs

from protocol.commands import UnservedWhy
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastCycle, PastDay, PastPromise, PastUnserved, Recent
from queue_server.log_port import LogError
from queue_server.store import statistics as module
from queue_server.store import statistics_tables as tables
from queue_server.store.copies import DamagedError, counted, past_days
from queue_server.store.statistics import Statistics


def leg(field: str = "work", end: LegEnd = LegEnd.SERVED, number: int = 1, languages: str = "fr") -> Leg:
    return Leg(10, field, languages, "fr", number, end, 12, 30)


def promise(*, late: bool) -> PastPromise:
    return PastPromise("work", "fr", 2, 20, 40, 50 if late else 30, late)


@pytest.fixture
def statistics(tmp_path: Path) -> Statistics:
    return Statistics(tmp_path / "statistics.db")


async def test_the_newest_days_tell_all_that_was_written_of_them(statistics: Statistics) -> None:
    await statistics.write(
        "2026-09-15",
        PastDay(
            legs=[leg(), leg("training", languages="fr+nl"), leg("work", number=2)],
            cycles=[PastCycle("work", "nl", 40)],
            promises=[promise(late=True)],
            priority=2,
            open_half_minutes=900,
        ),
    )
    await statistics.write(
        "2026-09-14",
        PastDay(
            legs=[leg(end=LegEnd.TRANSFERRED)],
            cycles=[PastCycle("work", "fr", 50)],
            promises=[promise(late=False)],
            priority=1,
            open_half_minutes=800,
        ),
    )
    assert await statistics.recent(2) == Recent(
        cycles=(PastCycle("work", "fr", 50), PastCycle("work", "nl", 40)),
        asked={("training", "fr+nl"): 1, ("work", "fr"): 2},
        ends={LegEnd.SERVED: 3, LegEnd.TRANSFERRED: 1},
        late=(False, True),
        priority=3,
        open_half_minutes=1700,
    )
    await statistics.close()


async def test_older_days_are_not_asked(statistics: Statistics) -> None:
    for day, half_minutes in (("2026-09-14", 50), ("2026-09-15", 40)):
        await statistics.write(day, PastDay(cycles=[PastCycle("work", "fr", half_minutes)]))
    assert (await statistics.recent(1)).cycles == (PastCycle("work", "fr", 40),)
    await statistics.close()


async def test_a_centre_without_a_past_tells_nothing(statistics: Statistics) -> None:
    assert await statistics.recent(60) == Recent()
    await statistics.close()


async def test_a_day_that_is_written_again_stands_there_once(statistics: Statistics) -> None:
    day = PastDay(legs=[leg()], cycles=[PastCycle("work", "fr", 50)], promises=[promise(late=True)])
    await statistics.write("2026-09-14", PastDay(legs=[leg(), leg()], cycles=[*day.cycles, *day.cycles]))
    await statistics.write("2026-09-14", day)
    recent = await statistics.recent(60)
    assert (recent.cycles, recent.asked, recent.late) == (tuple(day.cycles), {("work", "fr"): 1}, (True,))
    await statistics.close()


async def test_the_console_reads_day_by_day_what_was_asked_for_and_how_long_it_took(
    tmp_path: Path, statistics: Statistics
) -> None:
    unserved = PastUnserved(11, "abroad", "nl", UnservedWhy.NOBODY)
    days = {
        "2026-09-14": PastDay(legs=(leg(), leg("training")), cycles=(PastCycle("work", "fr", 50),)),
        "2026-09-15": PastDay(legs=(leg(end=LegEnd.LEFT),), unserved=(unserved,)),
        "2026-09-16": PastDay(),
    }
    for day, past in days.items():
        await statistics.write(day, past)
    assert past_days(tmp_path / "statistics.db", 60) == days
    assert list(past_days(tmp_path / "statistics.db", 2)) == ["2026-09-16", "2026-09-15"]
    await statistics.close()


DAYS = {
    "2026-09-14": PastDay(legs=(leg(), leg("training")), cycles=(PastCycle("work", "fr", 50),)),
    "2026-09-15": PastDay(
        legs=(leg(end=LegEnd.LEFT),),
        cycles=(PastCycle("work", "nl", 40),),
        promises=(promise(late=True),),
        unserved=(PastUnserved(11, "abroad", "nl", UnservedWhy.NOBODY),),
        priority=2,
        open_half_minutes=900,
    ),
    "2026-09-16": PastDay(),
}


async def write_all(statistics: Statistics) -> None:
    for day, past in DAYS.items():
        await statistics.write(day, past)


def turned(path: Path, statement: str) -> None:
    """As a bit that turns in a row: SQLite itself finds the file sound."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


TURNS = {
    "another wait": "UPDATE leg SET wait_half_minutes = 13 WHERE day = '2026-09-15'",
    "another end": """UPDATE leg SET "end" = 'no_show' WHERE day = '2026-09-15'""",
    "another field": "UPDATE cycle SET field = 'wgrk' WHERE day = '2026-09-14'",
    "another promise": "UPDATE promise SET late = 0",
    "another reason": "UPDATE unserved SET why = 'ended'",
    "a row gone": "DELETE FROM leg WHERE field = 'training'",
    "a row twice": "INSERT INTO cycle SELECT * FROM cycle WHERE day = '2026-09-14'",
    "a row of another day": "UPDATE cycle SET day = '2026-09-15' WHERE day = '2026-09-14'",
    "a row of no day": "INSERT INTO cycle VALUES ('2026-09-17', 'work', 'fr', 1)",
    "another count": "UPDATE day SET legs = 3 WHERE day = '2026-09-14'",
    "another priority": "UPDATE day SET priority = 3 WHERE day = '2026-09-15'",
    "another time open": "UPDATE day SET open_half_minutes = 901 WHERE day = '2026-09-15'",
    "another date": "UPDATE day SET day = '2026-09-17' WHERE day = '2026-09-16'",
    "another seal": "UPDATE day SET seal = x'00' WHERE day = '2026-09-16'",
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
async def test_what_has_turned_in_a_row_is_never_told_and_the_file_is_put_aside_with_what_to_do(
    tmp_path: Path, statistics: Statistics, turn: str
) -> None:
    await write_all(statistics)
    turned(statistics.path, turn)
    with pytest.raises(DamagedError):
        counted(statistics.path)
    with pytest.raises(LogError):
        await statistics.recent(60)
    spoiled = statistics.path.read_bytes()
    with capture_logs() as said:
        assert await statistics.days() == set()
    [line] = said
    aside = tmp_path / "statistics.damaged"
    assert (line["event"], line["log_level"], line["file"]) == ("statistics.damaged", "error", str(aside))
    assert "walkin restore --statistics" in line["advice"]
    assert aside.read_bytes() == spoiled
    await write_all(statistics)
    assert await statistics.days() == set(DAYS)
    assert past_days(statistics.path, 60) == {
        day: replace(past, **TOLD_OTHERWISE) for day, past in DAYS.items()
    }
    await statistics.close()


TOLD_OTHERWISE: dict[str, Any] = {"promises": (), "priority": 0, "open_half_minutes": 0}
"""What the console does not ask day by day."""


async def test_a_day_that_is_not_asked_for_does_not_keep_the_newest_from_being_told(
    statistics: Statistics,
) -> None:
    await write_all(statistics)
    turned(statistics.path, TURNS["another field"])
    assert (await statistics.recent(2)).late == (True,)
    await statistics.close()


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + b"x" * 5000])
async def test_a_file_that_is_no_database_any_more_is_put_aside(
    tmp_path: Path, statistics: Statistics, content: bytes
) -> None:
    statistics.path.write_bytes(content)
    assert await statistics.days() == set()
    assert (tmp_path / "statistics.damaged").read_bytes() == content
    await statistics.close()


async def test_many_days_are_written_with_one_look_at_every_page_and_whoever_asks_for_all_has_another(
    statistics: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    class Watched(Database):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            looks.extend([sql] * ("integrity_check" in sql))
            return super().execute(sql, *values)

    monkeypatch.setattr(module, "Database", Watched)
    await statistics.days()
    await write_all(statistics)
    await statistics.recent(60)
    assert len(looks) == 1
    await statistics.days()
    assert len(looks) == 2
    await statistics.close()


async def test_what_a_killed_server_had_in_the_write_ahead_log_is_put_aside_with_its_file(
    tmp_path: Path, statistics: Statistics
) -> None:
    await write_all(statistics)
    with closing(sqlite3.connect(statistics.path)) as killed:
        killed.execute("DELETE FROM leg")
        killed.commit()
        files = {name: (tmp_path / name).read_bytes() for name in ("statistics.db", "statistics.db-wal")}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert await statistics.days() == set()
    await write_all(statistics)
    assert await statistics.days() == set(DAYS), "nothing of it is done to the file that follows"
    with closing(sqlite3.connect(tmp_path / "statistics.damaged")) as aside:
        assert aside.execute("SELECT (SELECT count(*) FROM day), (SELECT count(*) FROM leg)").fetchone() == (
            3,
            0,
        )
    await statistics.close()


async def test_a_second_damaged_file_is_left_where_it_is_until_somebody_has_looked_at_the_first(
    tmp_path: Path, statistics: Statistics
) -> None:
    aside = tmp_path / "statistics.damaged"
    aside.write_bytes(b"the first")
    statistics.path.write_bytes(b"the second" * 1000)
    with pytest.raises(LogError, match=r"statistics\.damaged is still there, look at that one"):
        await statistics.days()
    assert (aside.read_bytes(), statistics.path.read_bytes()) == (b"the first", b"the second" * 1000)
    aside.unlink()
    assert await statistics.days() == set()
    await statistics.close()


async def test_a_disk_that_takes_nothing_is_no_damage(
    tmp_path: Path, statistics: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_all(statistics)

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(tables, "_seal", full)
        with pytest.raises(LogError, match="disk is full"):
            await statistics.days()
    assert not (tmp_path / "statistics.damaged").exists()
    assert await statistics.days() == set(DAYS)
    await statistics.close()


@pytest.mark.parametrize("gone", ["gone", "cut to nothing"])
async def test_that_there_were_no_statistics_is_said(tmp_path: Path, gone: str) -> None:
    statistics = Statistics(tmp_path / "statistics.db")
    if gone == "cut to nothing":
        statistics.path.touch()
    with capture_logs() as said:
        assert await statistics.days() == set()
        assert await statistics.days() == set()
    assert [line["event"] for line in said] == ["statistics.begun"]
    await statistics.close()
