"""walkin simulate: what whoever plans the staff asks, and is told."""

import csv
import json
from concurrent.futures.process import BrokenProcessPool
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from config.model import Weekday
from config.phrases import LOCALES
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED
from walkin.planning.policy import Rule
from walkin.simulate import LANGUAGES, RULES, WEEKDAYS

ROOT = Path(__file__).parents[2]
EXIT_USAGE = 2
FEW = ("--days", 2, "--processes", 1)


def simulate(*words: object) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, (*FEW, *words))])


def figures(*words: object) -> dict[str, Any]:
    run = simulate("--json", "--no-what-if", *words)
    assert run.exit_code == 0, run.output
    found = json.loads(run.output)
    assert isinstance(found, dict)
    return found


def test_it_says_what_was_simulated_and_what_would_change() -> None:
    run = simulate("--weekday", "monday")
    assert run.exit_code == 0
    assert run.output.startswith(
        "2 messy days at brussels with a generated roster (normal).\n"
        "Rule fifo as in the centre's file, seed 1; scarcity is worth up to 20 min.\n"
        "Tickets are given while whoever comes would be served by closing.\n"
    )
    for words in (
        "Wait in minutes",
        "By rule",
        "One counsellor more",
        "One language more",
        "One counsellor less",
    ):
        assert words in run.output


def test_the_same_seed_gives_the_same_figures_however_many_processes() -> None:
    assert figures("--days", 6) == figures("--days", 6, "--processes", 2)
    assert figures() != figures("--seed", 2)


def test_a_larger_roster_leaves_shorter_waits() -> None:
    waits = [
        figures("--scenario", size)["whole"]["waits"]["mean_min"] for size in ("ample", "normal", "tight")
    ]
    assert waits == sorted(waits)


def test_clean_days_have_no_leavers_and_other_figures() -> None:
    assert figures("--clean") != figures("--messy")


def test_own_assumptions_take_the_place_of_those_shipped(tmp_path: Path) -> None:
    shipped = (files("walkin.planning") / "assumptions.toml").read_text(encoding="utf-8")
    ours = tmp_path / "ours.toml"
    ours.write_text(shipped.replace("visitors_mean = 100.0", "visitors_mean = 10.0"), encoding="utf-8")
    assert figures("--assumptions", ours)["whole"]["waits"]["a_day"] < 30
    ours.write_text(shipped.replace("visitors_mean = 100.0", "visitors_mean = 0.0"), encoding="utf-8")
    run = simulate("--assumptions", ours)
    assert run.exit_code == EXIT_CONFIG
    assert "demand.visitors_mean: 0.0 does not fit; write a number from 1 to 2000" in run.output


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        (
            "weight = 20 ",
            "weight = 0 ",
            "demand.fields: no weight above 0 for anything that the centre has; give one to some of: guid",
        ),
        (
            "own = {}",
            "own = { tr = 1 }",
            "demand.languages.own: no weight above 0 for anything that the centre has; give one to some of",
        ),
    ],
)
def test_assumptions_by_which_nobody_comes_to_this_centre_are_refused(
    line: str, instead: str, told: str, tmp_path: Path
) -> None:
    shipped = (files("walkin.planning") / "assumptions.toml").read_text(encoding="utf-8")
    assert line in shipped
    ours = tmp_path / "ours.toml"
    ours.write_text(shipped.replace(line, instead, 1), encoding="utf-8")
    run = simulate("--config", ROOT / "config" / "charleroi.toml", "--assumptions", ours)
    assert run.exit_code == EXIT_CONFIG
    assert told in run.output


def with_rules(directory: Path, **rules: str) -> Path:
    """The file of a centre that has these rules."""
    text = (ROOT / "config" / "brussels.toml").read_text(encoding="utf-8")
    lines = [
        f"{name} = {rules[name]}" if (name := line.partition(" = ")[0]) in rules else line
        for line in text.splitlines()
    ]
    ours = directory / "centre.toml"
    ours.write_text("\n".join(lines), encoding="utf-8")
    return ours


def test_visitors_are_called_by_the_rule_of_the_centre_s_file_and_with_its_minutes(tmp_path: Path) -> None:
    ours = with_rules(tmp_path, scarcity_head_start_min="12")
    assert "Rule scarcity as in the centre's file, seed 1; scarcity is worth up to 12 min.\n" in (
        simulate("--config", ours, "--no-what-if").output
    )
    other = simulate("--config", ours, "--no-what-if", "--policy", "fifo").output
    assert "Rule fifo, seed 1; scarcity is worth up to 12 min.\n" in other


@pytest.mark.parametrize("where", ["the centre's file", "the assumptions"])
def test_tickets_are_given_until_closing_where_either_file_says_so(where: str, tmp_path: Path) -> None:
    crowd = ("--scenario", "tight", "--weekday", "monday")
    assert figures(*crowd)["whole"]["waits"]["why_turned_away"]["ended"] > 0
    if where == "the centre's file":
        words = (*crowd, "--config", with_rules(tmp_path, last_tickets='"closing"'))
    else:
        shipped = (files("walkin.planning") / "assumptions.toml").read_text(encoding="utf-8")
        ours = tmp_path / "ours.toml"
        ours.write_text(
            shipped.replace('last_tickets = "forecast"', 'last_tickets = "closing"'), encoding="utf-8"
        )
        words = (*crowd, "--assumptions", ours)
    until_closing = figures(*words)["whole"]
    assert until_closing["waits"]["why_turned_away"]["ended"] == 0
    assert until_closing["after_close_min"] > figures(*crowd)["whole"]["after_close_min"]
    assert "Tickets are given until closing.\n" in simulate("--no-what-if", *words).output


def test_the_number_of_visitors_can_be_said_without_a_file() -> None:
    assert figures("--visitors", 10)["whole"]["waits"]["a_day"] < 30


def test_a_roster_of_the_centre_says_who_is_there(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "staff,weekday,from,to\nc01,monday,9:30,17:00\nc08,monday,9:30,17:00\n", encoding="utf-8"
    )
    run = simulate("--roster", roster, "--weekday", "monday")
    assert run.exit_code == 0, run.output
    assert f"2 messy days at brussels with the roster {roster}." in run.output
    assert "without c01" in run.output
    cells = figures("--roster", roster, "--weekday", "monday")["cells"]
    covered = {(cell["field"], cell["language"]) for cell in cells if cell["counsellors"]}
    assert covered == {
        *((field, language) for field in ("employment", "mobility") for language in ("fr", "nl")),
        ("training", "nl"),
        ("education", "nl"),
    }
    roster.write_text("staff,weekday,from,to\nc99,monday,9:30,17:00\n", encoding="utf-8")
    assert "the centre knows nobody called 'c99'" in simulate("--roster", roster).output


def test_of_a_roster_dates_are_left_out_and_one_without_a_week_is_refused(tmp_path: Path) -> None:
    roster, dated = tmp_path / "roster.csv", "c01,2026-12-07,-,-\nc08,2026-12-07,9:30,12:00\n"
    roster.write_text(f"staff,day,from,to\nc01,monday,9:30,17:00\n{dated}", encoding="utf-8")
    run = simulate("--no-what-if", "--roster", roster)
    assert run.exit_code == 0
    assert run.stderr == f"{roster}: 2 lines of dates are left out: simulated days have none.\n"
    roster.write_text(f"staff,day,from,to\nr01,monday,9:30,17:00\n{dated}", encoding="utf-8")
    run = simulate("--no-what-if", "--roster", roster)
    assert run.exit_code == EXIT_CONFIG
    assert run.stderr == (
        f"{roster}: no counsellor works on any weekday; plan a week: simulated days have no dates\n"
    )


def test_visitors_are_written_and_can_be_played_again(tmp_path: Path) -> None:
    written = tmp_path / "visitors.csv"
    first = figures("--csv", written, "--weekday", "friday")
    rows = list(csv.DictReader(written.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 2 * first["whole"]["waits"]["a_day"]
    again = figures("--replay", written, "--weekday", "friday", "--policy", "scarcity")
    assert [cell["waits"]["a_day"] for cell in again["cells"]] == [
        cell["waits"]["a_day"] for cell in first["cells"]
    ]


def test_days_of_a_date_are_played_on_their_weekday_alone(tmp_path: Path) -> None:
    recorded = tmp_path / "day.csv"
    recorded.write_text("day,minute,field,languages\n2026-11-26,1,training,fr\n", encoding="utf-8")
    assert figures("--replay", recorded)["whole"]["waits"]["a_day"] == 1
    run = simulate("--replay", recorded, "--weekday", "monday")
    assert run.exit_code == EXIT_USAGE
    assert f"{recorded} has no monday." in run.output


@pytest.mark.parametrize(("words", "language"), [((), "fr"), (("--language", "nl"), "nl")])
def test_the_page_is_written_in_a_language(words: tuple[str, ...], language: str, tmp_path: Path) -> None:
    written = tmp_path / "page.html"
    assert simulate("--no-what-if", "--html", written, *words).exit_code == 0
    assert f'<html lang="{language}">' in written.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--weekday", "sunday"), "The centre is closed on sunday: choose one of monday, tuesday, wednesday"),
        (("--scenario", "ampl"), "no scenario is called 'ampl'; did you mean 'ample'?"),
        (("--policy", "lifo"), "'lifo' is not one of 'fifo', 'scarcity'"),
    ],
)
def test_what_cannot_be_asked_is_said(words: tuple[str, ...], told: str) -> None:
    run = simulate(*words)
    assert run.exit_code == EXIT_USAGE
    assert told in run.output


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_what_cannot_be_written_is_said_before_a_day_is_simulated(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("walkin.simulate._simulated")
    run = simulate("--no-what-if", option, tmp_path / "none" / "file")
    assert run.exit_code == EXIT_REFUSED
    assert f"cannot be written: there is no {tmp_path / 'none'}. Take another path." in run.output


def test_what_cannot_be_written_in_the_end_is_said(tmp_path: Path) -> None:
    run = simulate("--no-what-if", "--html", tmp_path / ("x" * 300))
    assert run.exit_code == EXIT_REFUSED
    assert "cannot be written: File name too long. Take another path." in run.output


def test_a_process_that_is_ended_from_outside_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr("walkin.processes.spread", ended)
    run = simulate("--no-what-if")
    assert run.exit_code == EXIT_REFUSED
    assert run.stderr.endswith("memory is full. Take fewer --processes or --days.\n")


def test_the_command_line_offers_what_there_is() -> None:
    assert tuple(Rule) == RULES
    assert get_args(Weekday) == WEEKDAYS
    assert set(LANGUAGES) == set(LOCALES)
