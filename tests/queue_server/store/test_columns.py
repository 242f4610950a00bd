"""Every word in every file of the server is one that is accounted for: none can be a visitor's name."""

import re
import sqlite3
from contextlib import closing, suppress
from datetime import time
from pathlib import Path

import msgspec
import pytest
from support.badges import SMALLVILLE, enrol
from support.centre import TRAINER, WORKER
from support.house import BY
from support.servers import until
from support.visits import NEXT_DAY, a_day_of_visits, at_work, clock

from config.roster import Absence, Break, Holiday, Roster, Shift, roster_of
from printers.slip import Slip
from queue_server.core.events import AnyEvent
from queue_server.store.house import House

INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d)?"
DAY = r"\d{4}-\d\d-\d\d"
HOUR = r"\d\d:\d\d"
WORD = r"[a-z][a-z0-9_]*"
KEY = r"[a-z0-9][a-z0-9-]{0,30}"
LANGUAGE = r"[a-z]{2}"
ACTOR = rf"console|{WORD}(:{KEY}(:[A-Za-z0-9]{{1,4}})?(:{KEY})?)?"
STEPS = {
    "_sqlite_migrations.migration_set": WORD,
    "_sqlite_migrations.name": WORD,
    "_sqlite_migrations.applied_at": INSTANT.replace("T", "[T ]"),
}
COLUMNS: dict[str, dict[str, str | object]] = {
    "days/2026-09-15.db": {
        **STEPS,
        "day.name": WORD,
        "events.at": INSTANT,
        "events.actor": ACTOR,
        "events.command_id": r"[A-Za-z0-9:_.+-]{1,64}",
        "events.kind": WORD,
        "events.body": AnyEvent,
    },
    "registry.db": {
        **STEPS,
        "device.name": KEY,
        "device.role": WORD,
        "device.desk": r"[A-Za-z0-9]{1,4}",
        "device.since": INSTANT,
        "device.seen_at": INSTANT,
        "seal.name": WORD,
        "staff.key": KEY,
        "staff.roles": r"[a-z, +]+",
        "staff.pin": r"\$argon2id\$[\w$=,+/]+",
        "staff.since": INSTANT,
        "session.device": KEY,
        "session.staff": KEY,
        "session.touched_at": INSTANT,
        "roster.staff": rf"({KEY})?",
        "roster.day": rf"{DAY}|[a-z]+day",
        "roster.begins": rf"{HOUR}|-",
        "roster.ends": rf"{HOUR}|-",
        "roster.fields": rf"({KEY}( {KEY})*)?",
        "roster.languages": rf"({LANGUAGE}( {LANGUAGE})*)?",
        "roster.breaks": rf"({HOUR}-{HOUR}( {HOUR}-{HOUR})*)?",
        "roster.stays": "(yes)?",
        "trail.at": INSTANT,
        "trail.actor": ACTOR,
        "trail.what": WORD,
        "trail.about": rf"{KEY}( [a-z, +]+)?",
        "asked.id": r"[A-Za-z0-9_-]{16,64}",
    },
    "spool.db": {
        **STEPS,
        "job.day": DAY,
        "job.ticket": r"[A-Z]\d{3,6}",
        "job.printer": KEY,
        "job.slip": Slip,
        "job.state": WORD,
        "job.reason": WORD,
        "job.home": KEY,
        "printer.name": KEY,
        "printer.level": WORD,
    },
    "statistics.db": {
        **STEPS,
        "leg.day": DAY,
        "leg.field": KEY,
        "leg.languages": rf"{LANGUAGE}(\+{LANGUAGE})*",
        "leg.screen_language": LANGUAGE,
        "leg.end": WORD,
        "unserved.day": DAY,
        "unserved.field": KEY,
        "unserved.languages": rf"{LANGUAGE}(\+{LANGUAGE})*",
        "unserved.why": WORD,
        "cycle.day": DAY,
        "cycle.field": KEY,
        "cycle.language": LANGUAGE,
        "promise.day": DAY,
        "promise.field": KEY,
        "promise.languages": rf"{LANGUAGE}(\+{LANGUAGE})*",
        "day.day": DAY,
    },
}
"""What each column of text may hold: a pattern, or a type whose own texts are looked at elsewhere."""
NUMBERS_AND_BYTES = {"INTEGER", "REAL", "BLOB"}


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    enrol(tmp_path, team=SMALLVILLE)
    await plan(tmp_path)
    await a_day_of_visits(tmp_path)
    async with at_work(tmp_path, clock(NEXT_DAY)):
        await until(lambda: legs_in(tmp_path / "statistics.db") > 0)
    return tmp_path


async def plan(directory: Path) -> None:
    """A roster with every kind of line."""
    long = Shift(
        staff=TRAINER,
        day="tuesday",
        begins=time(9, 30),
        ends=time(17),
        fields=("training",),
        languages=("fr", "nl"),
        breaks=(Break(time(10, 30), time(10, 45)), Break(time(12), time(13))),
        stays=True,
    )
    lines = [long, Absence(staff=WORKER, day="2026-09-15"), Holiday(day="2026-12-25")]
    registry = House(directory).registry()
    await registry.open()
    assert await registry.plan(Roster(), roster_of(lines), BY)
    await registry.close()


def legs_in(statistics: Path) -> int:
    if not statistics.exists():
        return 0
    with closing(sqlite3.connect(statistics)) as db, suppress(sqlite3.OperationalError):  # it is being made
        [(count,)] = db.execute("SELECT count(*) FROM leg").fetchall()
        return int(count)
    return 0


def columns_of_text(db: sqlite3.Connection) -> set[str]:
    found = db.execute(
        "SELECT m.name, c.name, c.type FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table'"
    )
    return {f"{table}.{column}" for table, column, kind in found if kind not in NUMBERS_AND_BYTES}


def test_each_column_of_text_in_each_file_is_accounted_for_and_holds_nothing_else(data: Path) -> None:
    assert {path.relative_to(data).as_posix() for path in data.rglob("*.db")} >= set(COLUMNS)
    for file, accounted in COLUMNS.items():
        with closing(sqlite3.connect(data / file)) as db:
            assert columns_of_text(db) == set(accounted), file
            for place, kind in accounted.items():
                table, column = place.split(".")
                words = [word for (word,) in db.execute(f"SELECT {column} FROM {table}") if word is not None]
                for word in words:
                    if isinstance(kind, str):
                        assert re.fullmatch(kind, word), (file, place, word)
                    else:
                        msgspec.json.decode(word, type=kind, strict=True)
