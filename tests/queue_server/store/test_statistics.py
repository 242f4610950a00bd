"""What is kept of days for good, and what the newest of them tell."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from protocol.commands import UnservedWhy
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastCycle, PastDay, PastPromise, PastUnserved, Recent
from queue_server.store.copies import past_days
from queue_server.store.statistics import Statistics, migrations


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


async def test_days_that_were_counted_before_cycles_were_kept_still_tell_what_they_can(
    tmp_path: Path, statistics: Statistics
) -> None:
    with closing(Database(str(tmp_path / "statistics.db"))) as db:
        db.enable_wal()
        migrations.apply(db, stop_before="m002_cycles_and_promises")
    with closing(sqlite3.connect(tmp_path / "statistics.db")) as old:
        row = ("2026-08-03", 10, "work", "fr", "fr", 1, "served", 12, 30)
        old.execute("INSERT INTO leg VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        old.execute("INSERT INTO day VALUES ('2026-08-03', 1)")
        old.commit()
    assert past_days(tmp_path / "statistics.db", 60) == {"2026-08-03": PastDay(legs=(leg(),))}
    assert await statistics.recent(60) == Recent(asked={("work", "fr"): 1}, ends={LegEnd.SERVED: 1})
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
