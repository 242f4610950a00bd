"""The console imports a roster whole or not at all, shows it, and says what nobody covers."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.broken import ROOT

from config.roster import Roster
from queue_server.devices import RegistryError
from queue_server.store.registry import Registry
from walkin.cli import main
from walkin.devices import by_hand
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED

HEAD = "staff,day,from,to,fields,languages,breaks,stays\n"
WEEK = HEAD + (
    "c01,monday,09:30,17:00,,,12:00-12:45,yes\n"
    "c02,monday,09:30,17:00,training,,,\n"
    "c07,2026-12-07,-,-,,,,\n"
    "r01,monday,09:00,17:30,,,,\n"
    ",2026-12-25,-,-,,,,\n"
)
EVERYBODY = HEAD + "".join(f"c{number:02},monday,09:00,17:30,,,,\n" for number in range(1, 25))
"""The whole team of Brussels."""


def roster(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["roster", *words, "--data", str(directory)])


def imported(directory: Path, text: str, *words: str, name: str = "roster.csv") -> Result:
    (directory / name).write_text(text)
    return roster(directory, "import", str(directory / name), *words)


def shown(directory: Path, *words: str) -> list[str]:
    run = roster(directory, "show", *words)
    assert run.exit_code == 0, run.output
    return run.stdout.splitlines()


def test_an_import_tells_what_it_changes(tmp_path: Path) -> None:
    first = imported(tmp_path, WEEK)
    assert first.stdout.splitlines() == [
        "+ everybody    2026-12-25  closed",
        "+ c01          monday      09:30-17:00 breaks 12:00-12:45, stays",
        "+ c02          monday      09:30-17:00 training",
        "+ c07          2026-12-07  absent",
        "+ r01          monday      09:00-17:30",
        "5 added, 0 changed, 0 removed; the roster has 5 lines.",
    ]
    rest = "breaks 12:00-12:45, stays"
    second = imported(tmp_path, WEEK.replace("c01,monday,09:30", "c01,monday,10:00"))
    assert second.stdout.splitlines() == [
        f"~ c01          monday      10:00-17:00 {rest} (before: 09:30-17:00 {rest})",
        "0 added, 1 changed, 0 removed; the roster has 5 lines.",
    ]
    third = json.loads(
        imported(tmp_path, HEAD + "c01,monday,10:00,17:00,,,12:00-12:45,yes\n", "--json").stdout
    )
    assert [len(third[what]) for what in ("added", "changed", "removed")] == [0, 0, 4]
    assert third["removed"][0] == {
        "staff": "",
        "day": "2026-12-25",
        "from": "-",
        "to": "-",
        "fields": "",
        "languages": "",
        "breaks": "",
        "stays": "",
    }


def test_an_import_of_a_year_tells_no_more_than_people_read(tmp_path: Path) -> None:
    lines = "".join(f"c01,2026-{month:02}-{day:02},-,-,,,,\n" for month in (1, 3, 5) for day in range(1, 31))
    told = imported(tmp_path, HEAD + lines).stdout.splitlines()
    assert len(told) == 62
    assert told[-2:] == ["and 30 more", "90 added, 0 changed, 0 removed; the roster has 90 lines."]


def test_a_file_with_a_mistake_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    before = shown(tmp_path)
    run = imported(tmp_path, HEAD + "c01,monday,09:30,17:00,,,,\nc99,monday,09:30,17:00,,,,\n")
    assert run.exit_code == EXIT_CONFIG
    assert "line 3: the centre knows nobody called 'c99'" in run.output
    assert shown(tmp_path) == before


def test_a_roster_in_toml_is_imported_too(tmp_path: Path) -> None:
    text = '[[shifts]]\nstaff = "c01"\nday = "monday"\nfrom = 09:30:00\nto = 17:00:00\n'
    assert imported(tmp_path, text, name="roster.toml").exit_code == 0
    assert shown(tmp_path) == ["c01          monday      09:30-17:00"]


def test_what_is_exported_can_be_imported_and_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    exported = roster(tmp_path, "export").stdout
    again = imported(tmp_path, exported, "--json")
    assert json.loads(again.stdout) == {"added": [], "changed": [], "removed": []}
    assert exported.startswith(HEAD)


def test_who_is_on_duty_on_a_day_is_shown_with_name_and_work(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    rest = "breaks 12:00-12:45, stays"
    assert shown(tmp_path, "--day", "2026-12-07") == [
        "r01          Nadia Haddad                   09:00-17:30",
        f"c01          Amina El Idrissi               09:30-17:00 employment mobility, fr nl, {rest}",
        "c02          Benoît Lambert                 09:30-17:00 training, fr",
    ]
    [reception, *_] = json.loads(roster(tmp_path, "show", "--day", "2026-12-07", "--json").stdout)
    assert (reception["staff"], reception["begins"]) == ("r01", "2026-12-07T09:00:00+01:00")
    christmas = roster(tmp_path, "show", "--day", "2026-12-25")
    assert (christmas.exit_code, christmas.output) == (0, "2026-12-25 friday: closed (holiday)\n")
    sunday, tuesday = (roster(tmp_path, "show", "--day", day) for day in ("2026-12-06", "2026-12-08"))
    assert sunday.output == "2026-12-06 sunday: closed\n"
    assert tuesday.output == "Nobody is on duty on 2026-12-08.\n"


def test_a_check_names_what_nobody_covers_and_what_hangs_on_one_person(tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text(WEEK + "c16,monday,13:00,17:00,mobility,,,\n")
    run = roster(tmp_path, "check", str(tmp_path / "week.csv"), "--from", "2026-12-06", "--days", "2")
    assert run.exit_code == EXIT_REFUSED
    assert run.stdout.splitlines() == [
        "2026-12-06 sunday: closed",
        "2026-12-07 monday 09:30-17:00",
        "  education/fr: nobody 09:30-17:00",
        "  education/nl: nobody 09:30-17:00",
        "  training/fr: c02 alone 09:30-17:00",
        "  training/nl: nobody 09:30-17:00",
        "  employment/fr: nobody 12:00-12:45; c01 alone 09:30-12:00 12:45-17:00",
        "  employment/nl: nobody 12:00-12:45; c01 alone 09:30-12:00 12:45-17:00",
        "  entrepreneurship/fr: nobody 09:30-17:00",
        "  entrepreneurship/nl: nobody 09:30-17:00",
        "  mobility/fr: nobody 12:00-12:45; c01 alone 09:30-12:00 12:45-13:00",
        "  mobility/nl: nobody 12:00-12:45; c01 alone 09:30-12:00 12:45-17:00",
        "  also mobility/de: nobody 09:30-13:00; c16 alone 13:00-17:00",
    ]


def test_a_check_says_in_one_line_that_nobody_is_planned_or_that_it_is_a_holiday(tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text(WEEK + "r01,tuesday,09:30,17:00,,,,\n")
    week = str(tmp_path / "week.csv")
    run = roster(tmp_path, "check", week, "--from", "2026-12-08", "--days", "1")
    assert run.exit_code == EXIT_REFUSED
    assert run.stdout.splitlines() == ["2026-12-08 tuesday 09:30-17:00", "  nobody is planned"]
    christmas = roster(tmp_path, "check", week, "--from", "2026-12-25", "--days", "1")
    assert (christmas.exit_code, christmas.stdout) == (0, "2026-12-25 friday: closed (holiday)\n")


def test_a_check_names_what_nobody_covers_where_somebody_is_there_for_a_minute(tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text(HEAD + "c02,monday,16:59,17:00,training,,,\n")
    run = roster(tmp_path, "check", str(tmp_path / "week.csv"), "--from", "2026-12-07", "--days", "1")
    assert "  training/fr: nobody 09:30-16:59; c02 alone 16:59-17:00" in run.stdout.splitlines()
    assert "nobody is planned" not in run.stdout


def test_a_check_of_a_full_house_is_content(tmp_path: Path) -> None:
    imported(tmp_path, EVERYBODY + ",2026-12-14,-,-,,,,\n")
    run = roster(tmp_path, "check", "--from", "2026-12-07", "--days", "1")
    assert (run.exit_code, run.stdout.splitlines()[1:]) == (
        0,
        [
            "  every field in every official language is covered by two or more",
            "  also employment/de: c16 alone 09:30-17:00",
            "  also entrepreneurship/en: c17 alone 09:30-17:00",
            "  also mobility/de: c16 alone 09:30-17:00",
        ],
    )


def test_a_further_language_that_is_served_for_a_while_fails_no_check(tmp_path: Path) -> None:
    imported(tmp_path, EVERYBODY.replace("c16,monday,09:00", "c16,monday,13:00"))
    run = roster(tmp_path, "check", "--from", "2026-12-07", "--days", "1")
    assert run.exit_code == 0
    assert "  also mobility/de: nobody 09:30-13:00; c16 alone 13:00-17:00" in run.stdout.splitlines()


def test_a_check_as_json_says_when_and_who(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    run = roster(tmp_path, "check", "--from", "2026-12-07", "--days", "1", "--json")
    [day] = json.loads(run.stdout)
    assert (run.exit_code, day["opens"]) == (EXIT_REFUSED, "2026-12-07T09:30:00+01:00")
    [cell] = (one for one in day["cells"] if (one["field"], one["language"]) == ("employment", "nl"))
    assert cell["level"] == "red"
    assert cell["nobody"] == [{"begins": "2026-12-07T12:00:00+01:00", "ends": "2026-12-07T12:45:00+01:00"}]
    assert [one["staff"] for one in cell["alone"]] == ["c01", "c01"]


def test_a_line_that_fits_the_centre_no_more_is_named(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    config = (ROOT / "config" / "brussels.toml").read_text(encoding="utf-8")
    (tmp_path / "centre.toml").write_text(config.replace('id = "c02"', 'id = "c99"'), encoding="utf-8")
    run = roster(tmp_path, "check", "--config", str(tmp_path / "centre.toml"), "--from", "2026-12-07")
    assert "c02 monday: the centre knows nobody called 'c02'; did you mean" in run.stderr


def test_somebody_else_s_change_at_the_same_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path, WEEK)
    read = Registry.roster

    async def outrun(registry: Registry) -> Roster:
        before = await read(registry)
        other = Registry(registry.path)
        await other.open()
        await other.plan(before, Roster(before.lines[1:]), by_hand())
        await other.close()
        return before

    monkeypatch.setattr(Registry, "roster", outrun)
    run = imported(tmp_path, EVERYBODY)
    monkeypatch.undo()
    assert (run.exit_code, "Somebody else has changed the roster" in run.output) == (EXIT_REFUSED, True)
    assert len(shown(tmp_path)) == 4


def test_a_disk_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise RegistryError("The disk is full.")

    monkeypatch.setattr(Registry, "plan", full)
    run = imported(tmp_path, WEEK)
    assert (run.exit_code, run.output) == (EXIT_DISK, "The disk is full.\n")


@pytest.mark.parametrize("words", [("show",), ("check",), ("export",)])
def test_looking_at_a_roster_makes_no_directory(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = roster(tmp_path / "typo", *words)
    assert run.exit_code == EXIT_REFUSED
    assert "There is no data directory" in run.output
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("words", [("show",), ("check",)])
def test_a_centre_without_a_roster_is_told_how_to_get_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = roster(tmp_path, *words)
    assert "walkin roster import" in run.stderr


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20261201", "1999-12-31"])
def test_a_day_that_there_is_not_is_refused_in_words(tmp_path: Path, day: str) -> None:
    run = roster(tmp_path, "show", "--day", day)
    assert run.exit_code == EXIT_CONFIG
    assert "is no day, for example 2026-12-01" in run.output


def test_the_file_of_another_centre_is_refused(tmp_path: Path) -> None:
    imported(tmp_path, WEEK)
    run = roster(tmp_path, "show", "--config", str(ROOT / "config" / "charleroi.toml"))
    assert (run.exit_code, "belongs to the centre 'brussels'" in run.output) == (EXIT_CONFIG, True)
