"""The console advises a planner on one day of the roster, from the centre's own past days."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from support.centre import small_centre
from support.ended import each, ended

from config.roster import Holiday, Roster, roster_of
from queue_server.core.past import PastDay
from queue_server.store.house import STATISTICS
from queue_server.store.statistics import Statistics
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED
from walkin.roster_advice import next_open

ROSTER = (
    "staff,day,from,to,fields,languages,breaks,stays\n"
    "c01,monday,09:30,17:00,employment,,12:00-12:45,\n"
    "c02,monday,09:30,17:00,training,,,\n"
    ",2026-12-25,-,-,,,,\n"
)
SESSIONS = {"employment": 30, "training": 30}
MONDAYS = each(
    ended(
        {(10, "training", "fr"): 6, (12, "employment", "fr"): 1, (15, "employment", "nl"): 1},
        sessions_min=SESSIONS,
    ),
    "2026-10-05",
    5,
    days=7,
)
CALM = each(ended({(10, "training", "fr"): 1}, sessions_min=SESSIONS), "2026-10-05", 5)


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A data directory with a roster and no past."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    run = CliRunner().invoke(
        main, ["roster", "import", str(tmp_path / "roster.csv"), "--data", str(tmp_path)]
    )
    assert run.exit_code == 0, run.output
    return tmp_path


def lived(directory: Path, past: Mapping[str, PastDay]) -> None:
    async def write() -> None:
        statistics = Statistics(directory / STATISTICS)
        for day, one in past.items():
            await statistics.write(day, one)
        await statistics.close()

    asyncio.run(write())


def advised(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["roster", "advise", *words, "--data", str(directory)])


def test_a_planner_is_told_who_is_lacking_when_and_which_break_lies_badly(centre: Path) -> None:
    lived(centre, MONDAYS)
    run = advised(centre, "--day", "2026-12-07")
    too_much = "minutes of conversation too much"
    assert run.exit_code == 0
    assert run.stdout.splitlines() == [
        "2026-12-07 monday 09:30-17:00",
        "  as 5 past mondays asked for it, from 2026-10-05 to 2026-11-02",
        "Too few on duty, the worst first:",
        "  10:00-11:00 training in fr: at the worst work for 3.0, 1 on duty; 126 " + too_much,
        "  12:00-12:45 employment in fr: at the worst work for 0.5, nobody on duty; 22 " + too_much,
        "Breaks that had better be taken at another time, one after the other:",
        "  c01 11:15-12:00, not 12:00-12:45: conversation that meets nobody falls from 22 to 0 minutes",
    ]


def test_a_day_that_is_well_planned_is_called_so(centre: Path) -> None:
    lived(centre, CALM)
    run = advised(centre, "--day", "2026-12-07")
    assert run.stdout.splitlines()[1:] == [
        "  as 5 past days of any kind asked for it: too few mondays; from 2026-10-05 to 2026-10-09",
        "Enough are on duty for what is asked for.",
        "No break had better be taken at another time.",
    ]


def test_what_colleagues_carry_is_said_where_nobody_is_missed(centre: Path) -> None:
    plan = ROSTER + "c03,monday,09:30,17:00,employment,fr,12:00-12:45,\nc06,monday,09:30,17:00,,,,\n"
    (centre / "roster.csv").write_text(plan)
    CliRunner().invoke(main, ["roster", "import", str(centre / "roster.csv"), "--data", str(centre)])
    came = {(hour, "employment", "fr"): 2 for hour in range(9, 17)}
    lived(centre, each(ended(came, sessions_min=SESSIONS), "2026-10-05", 5, days=7))
    assert advised(centre, "--day", "2026-12-07").stdout.splitlines()[-1] == (
        "  c01 11:15-12:00, not 12:00-12:45: what colleagues have to do more meanwhile falls from 22 to 8 "
        "minutes each"
    )


def test_a_program_is_told_the_same(centre: Path) -> None:
    lived(centre, MONDAYS)
    told = json.loads(advised(centre, "--day", "2026-12-07", "--json").stdout)
    assert (told["day"], told["weekday"], len(told["days"])) == ("2026-12-07", "monday", 5)
    assert [(one["fields"], one["staff"]) for one in told["shortages"]] == [
        (["training"], 1),
        (["employment"], 0),
    ]
    assert told["moves"][0]["better"] == {
        "begins": "2026-12-07T11:15:00+01:00",
        "ends": "2026-12-07T12:00:00+01:00",
    }


def test_without_enough_past_days_nothing_is_said_and_that_is_a_refusal(centre: Path) -> None:
    none = advised(centre, "--day", "2026-12-07")
    lived(centre, dict(list(MONDAYS.items())[:4]))
    few = advised(centre, "--day", "2026-12-07")
    assert (none.exit_code, none.output) == (few.exit_code, few.output) == (EXIT_REFUSED, few.output)
    assert "5 are needed on which visitors came" in few.output


def test_without_a_day_it_is_the_next_one_that_is_open(centre: Path) -> None:
    lived(centre, CALM)
    today = datetime.now(ZoneInfo("Europe/Brussels")).date()
    run = advised(centre)
    day, weekday, _ = run.stdout.splitlines()[0].split()
    assert (run.exit_code, weekday in {"saturday", "sunday"}) == (0, False)
    assert timedelta() < date.fromisoformat(day) - today <= timedelta(days=5)


@pytest.mark.parametrize(
    ("after", "found"),
    [("2026-12-02", "2026-12-03"), ("2026-12-04", "2026-12-07"), ("2026-12-24", "2026-12-28")],
)
def test_the_next_open_day_is_no_weekend_and_no_holiday(after: str, found: str) -> None:
    roster = roster_of([Holiday(day="2026-12-25")])
    assert next_open(roster, small_centre(), date.fromisoformat(after), 10) == found


def test_a_centre_that_is_closed_for_good_has_no_next_day() -> None:
    assert next_open(Roster(), small_centre(), date(2026, 12, 4), 2) is None


@pytest.mark.parametrize(("day", "weekday"), [("2026-12-25", "friday"), ("2026-12-06", "sunday")])
def test_of_a_closed_day_there_is_nothing_to_say(centre: Path, day: str, weekday: str) -> None:
    run = advised(centre, "--day", day)
    assert (run.exit_code, run.output) == (EXIT_REFUSED, f"The centre is closed on {day}, a {weekday}.\n")


def test_statistics_that_are_spoiled_are_named(centre: Path) -> None:
    (centre / STATISTICS).write_bytes(b"no database at all, and long enough to be looked at" * 20)
    run = advised(centre, "--day", "2026-12-07")
    assert run.exit_code == EXIT_DISK
    assert f"{centre / STATISTICS} cannot be read" in run.output


def test_a_day_that_there_is_not_is_refused(centre: Path) -> None:
    assert advised(centre, "--day", "monday").exit_code == EXIT_CONFIG


def test_advice_changes_nothing(centre: Path) -> None:
    lived(centre, MONDAYS)
    before = {path.name: path.read_bytes() for path in centre.iterdir() if path.is_file()}
    advised(centre, "--day", "2026-12-07")
    after = {path.name: path.read_bytes() for path in centre.iterdir() if path.is_file()}
    assert {name: content for name, content in after.items() if name in before} == before
