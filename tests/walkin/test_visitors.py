"""The console writes visitors of days that have ended, and walkin simulate plays them again."""

import asyncio
import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.broken import ROOT

from protocol.commands import UnservedWhy
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastDay, PastUnserved
from queue_server.store.house import STATISTICS
from queue_server.store.statistics import Statistics
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED
from walkin.planning.recorded import COLUMNS, RESULTS
from walkin.visitors_told import COLUMNS as WRITTEN

MONDAY, SATURDAY = "2026-10-05", "2026-10-10"


def leg(
    hour: int,
    field: str = "training",
    languages: str = "fr",
    *,
    end: LegEnd = LegEnd.SERVED,
    number: int = 1,
    waited: int = 10,
    served: int = 41,
) -> Leg:
    return Leg(hour, field, languages, "fr", number, end, waited, served)


def lived(directory: Path, days: dict[str, PastDay]) -> Path:
    async def write() -> None:
        statistics = Statistics(directory / STATISTICS)
        for day, one in days.items():
            await statistics.write(day, one)
        await statistics.close()

    asyncio.run(write())
    return directory


def written(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["visitors", *words, "--data", str(directory)])


def rows(directory: Path, *words: str) -> list[dict[str, str]]:
    run = written(directory, *words)
    assert run.exit_code == 0, run.output
    return list(csv.DictReader(run.stdout.splitlines()))


def one_day(directory: Path, *legs: Leg) -> list[dict[str, str]]:
    return rows(lived(directory, {MONDAY: PastDay(legs=legs)}))


BUSY = PastDay(
    legs=[
        *(leg(9, "employment") for _ in range(7)),
        *(leg(12, "training", "nl+fr") for _ in range(4)),
        leg(11, "mobility", "en", end=LegEnd.LEFT, waited=-1, served=-1),
        leg(11, "education", "nl", end=LegEnd.NO_SHOW, served=-1),
        leg(10, "education", end=LegEnd.TRANSFERRED),
        leg(10, "mobility", number=2),
        leg(8),
        leg(18, end=LegEnd.DAY_OVER, waited=-1, served=-1),
    ],
    unserved=[PastUnserved(13, "mobility", "de", UnservedWhy.NOBODY) for _ in range(3)],
)


def test_a_day_that_is_written_and_simulated_again_has_as_many_visitors_by_field_and_language(
    tmp_path: Path,
) -> None:
    lived(tmp_path, {MONDAY: BUSY, "2026-10-06": PastDay(legs=[leg(10)])})
    replay = tmp_path / "day.csv"
    replay.write_text(written(tmp_path, "--day", MONDAY).stdout, encoding="utf-8")
    options = ["--days", "3", "--processes", "1", "--no-what-if", "--json"]
    run = CliRunner().invoke(main, ["simulate", "--replay", str(replay), *options])
    assert run.exit_code == 0, run.output
    cells = json.loads(run.stdout)["cells"]
    played = {(cell["field"], cell["language"]): cell["waits"]["a_day"] for cell in cells}
    came = Counter((one.field, one.languages.split("+")[0]) for one in BUSY.legs if one.number == 1)
    came.update((one.field, one.languages) for one in BUSY.unserved)
    assert {cell: count for cell, count in played.items() if count} == came


def test_visitors_of_an_hour_are_spread_over_those_of_its_minutes_that_are_open(tmp_path: Path) -> None:
    hours = [8, 9, 9, 9, 10, 10, 16, 17, 23]
    found = one_day(tmp_path, *map(leg, hours))
    assert [float(row["minute"]) for row in found] == [0, 5, 15, 25, 45, 75, 420, 450, 450]


def test_within_an_hour_they_come_in_no_order_of_fields_and_always_in_the_same(tmp_path: Path) -> None:
    legs = [leg(10, field) for field in ("education", "training") for _ in range(10)]
    fields = [row["field"] for row in one_day(tmp_path, *legs)]
    assert fields not in (sorted(fields), sorted(fields, reverse=True))
    assert [row["field"] for row in rows(tmp_path)] == fields


def test_minutes_are_half_minutes_and_what_is_not_known_is_left_open(tmp_path: Path) -> None:
    served, unserved = rows(
        lived(
            tmp_path,
            {
                MONDAY: PastDay(
                    legs=[leg(10, "training", "nl+fr")],
                    unserved=[PastUnserved(11, "mobility", "de", UnservedWhy.ENDED)],
                )
            },
        )
    )
    assert served == {
        "day": MONDAY,
        "minute": "60.0",
        "field": "training",
        "languages": "nl+fr",
        "comes": "yes",
        "session_min": "20.5",
        "then": "",
        "then_min": "",
        "wait_min": "5.0",
        "no_ticket": "",
    }
    assert {name: known for name, known in unserved.items() if known} == {
        "day": MONDAY,
        "minute": "120.0",
        "field": "mobility",
        "languages": "de",
        "no_ticket": "ended",
    }


@pytest.mark.parametrize(
    ("end", "comes"),
    [(LegEnd.SERVED, "yes"), (LegEnd.NO_SHOW, "no"), (LegEnd.LEFT, "no"), (LegEnd.DAY_OVER, "")],
)
def test_who_left_or_was_missing_does_not_come(end: LegEnd, comes: str, tmp_path: Path) -> None:
    [row] = one_day(tmp_path, leg(10, end=end))
    assert row["comes"] == comes


def test_what_followed_a_transfer_is_put_to_one_who_was_transferred(tmp_path: Path) -> None:
    found = one_day(
        tmp_path,
        leg(10, "education", end=LegEnd.TRANSFERRED),
        leg(11, "mobility", number=2, served=60),
        leg(10, "training"),
        leg(12, "employment", end=LegEnd.TRANSFERRED),
        leg(12, "a-field-of-old", number=2),
    )
    onward = {row["field"]: (row["comes"], row["then"], row["then_min"]) for row in found}
    assert onward == {
        "education": ("yes", "mobility", "30.0"),
        "training": ("yes", "", ""),
        "employment": ("yes", "", ""),
    }


def test_the_newest_days_are_written_the_oldest_first(tmp_path: Path) -> None:
    days = ("2026-10-07", MONDAY, "2026-10-06")
    lived(tmp_path, {day: PastDay(legs=[leg(10)]) for day in days})
    assert [row["day"] for row in rows(tmp_path)] == sorted(days)
    assert [row["day"] for row in rows(tmp_path, "--days", "2")] == ["2026-10-06", "2026-10-07"]


def test_what_the_centre_has_no_more_is_left_out_and_said(tmp_path: Path) -> None:
    old = PastDay(legs=[leg(10), leg(10, "a-field-of-old"), leg(10, languages="fr+xx")])
    lived(tmp_path, {MONDAY: old, SATURDAY: PastDay(legs=[leg(10)])})
    run = written(tmp_path)
    assert len(run.stdout.splitlines()) == 2
    assert run.stderr.startswith("3 left out: by the centre's file it has not their field or language, or is")


def test_without_a_day_that_has_ended_nothing_is_written_and_that_is_a_refusal(tmp_path: Path) -> None:
    none = written(tmp_path)
    assert (none.exit_code, none.stdout) == (EXIT_REFUSED, "")
    assert none.stderr == "No day has ended yet. The server adds each day that has ended.\n"
    lived(tmp_path, {MONDAY: BUSY})
    other = written(tmp_path, "--day", "2026-10-06")
    assert (other.exit_code, other.stdout) == (EXIT_REFUSED, "")
    assert "2026-10-06 is none of the newest 366 days that have ended." in other.stderr


def test_a_spoiled_file_and_another_centre_s_are_named(tmp_path: Path) -> None:
    lived(tmp_path, {MONDAY: BUSY})
    assert written(tmp_path).exit_code == 0
    other = written(tmp_path, "--config", str(ROOT / "config" / "charleroi.toml"))
    assert (other.exit_code, "belongs to the centre 'brussels'" in other.output) == (EXIT_CONFIG, True)
    (tmp_path / STATISTICS).write_bytes(b"no database at all, and long enough to be looked at" * 20)
    spoiled = written(tmp_path)
    assert (spoiled.exit_code, f"{tmp_path / STATISTICS} cannot be read" in spoiled.output) == (
        EXIT_DISK,
        True,
    )


def test_every_column_is_one_that_a_recorded_day_may_have() -> None:
    assert set(WRITTEN) <= {*COLUMNS, *RESULTS}
