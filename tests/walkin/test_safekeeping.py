"""A backup and the way back, as a person at a terminal meets them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.core.events import DayOpened
from queue_server.devices import What
from queue_server.log_port import Record
from queue_server.store.house import STATISTICS, House
from queue_server.store.registry import Registry
from queue_server.store.statistics import Statistics
from walkin.cli import main
from walkin.ending import EXIT_REFUSED

AT = datetime(2026, 9, 15, 9, 30, 15, tzinfo=UTC)


def walkin(*command: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in command])


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A day with one event, and one without."""
    house = House(tmp_path / "data")
    house.lock()
    for day, records in (
        ("2026-09-14", []),
        ("2026-09-15", [Record(AT, "clock", "question-1", 0, DayOpened())]),
    ):
        log = house.day_log(day)
        await log.fence()
        await log.read()
        await log.append(records)
        await log.close()
    house.unlock()
    return house.directory


def test_a_backup_says_how_far_it_goes(tmp_path: Path, data: Path) -> None:
    result = walkin("backup", "--data", data, tmp_path / "backup")
    assert result.exit_code == 0
    assert "Days: 2," in result.stdout
    assert "The newest day is 2026-09-15, up to 09:30:15." in result.stdout
    assert not result.stderr


def test_a_backup_and_a_restore_speak_to_programs_too(tmp_path: Path, data: Path) -> None:
    made = json.loads(walkin("backup", "--data", data, tmp_path / "backup", "--json").stdout)
    assert (made["days"], made["newest"], made["troubles"]) == (2, "2026-09-15", [])
    restored = json.loads(walkin("restore", "--data", tmp_path / "new", tmp_path / "backup", "--json").stdout)
    assert (restored["days"], restored["last_at"]) == (2, AT.isoformat())


def test_a_day_that_cannot_be_copied_ends_with_a_status_of_its_own(tmp_path: Path, data: Path) -> None:
    (data / "days" / "2026-09-14.db").write_bytes(b"this is no database at all, by no means" * 100)
    result = walkin("backup", "--data", data, tmp_path / "backup")
    assert result.exit_code == EXIT_REFUSED
    assert "Days: 1," in result.stdout
    assert "2026-09-14.db was not copied: file is not a database." in result.stderr


def test_a_restore_says_how_far_it_goes_and_where_the_old_days_are(tmp_path: Path, data: Path) -> None:
    walkin("backup", "--data", data, tmp_path / "backup")
    result = walkin("restore", "--data", data, "--replace", tmp_path / "backup")
    assert result.exit_code == 0
    assert (
        "The newest day is 2026-09-15, up to 09:30:15. What was answered later is not in it" in result.stdout
    )
    assert f"{data}.before-" in result.stdout


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_cannot_be_is_a_sentence_and_a_status(tmp_path: Path, command: str) -> None:
    result = walkin(command, "--data", tmp_path / "nowhere", tmp_path / "neither")
    assert result.exit_code == EXIT_REFUSED
    assert result.stderr.startswith("There is no ")
    assert not result.stdout


def test_days_that_are_as_they_were_written_are_said_to_be(data: Path) -> None:
    run = walkin("verify", data)
    assert run.exit_code == 0
    assert [line.split("  ")[0] for line in run.stdout.splitlines()] == [
        "days/2026-09-14.db",
        "days/2026-09-15.db",
    ]
    assert run.stdout.splitlines()[1].endswith("as it was written: 1 entries, up to 09:30:15")
    told = json.loads(walkin("verify", data, "--json").stdout)
    assert [(row["file"], row["entries"], row["trouble"]) for row in told] == [
        ("days/2026-09-14.db", 0, ""),
        ("days/2026-09-15.db", 1, ""),
    ]


def test_a_day_that_was_changed_is_said_and_ends_with_a_status_of_its_own(data: Path) -> None:
    (data / "days" / "2026-09-15.db").write_bytes(b"no database" * 1000)
    run = walkin("verify", data)
    assert run.exit_code == EXIT_REFUSED
    assert "as it was written" in run.stdout.splitlines()[0]
    assert "not a database" in run.stdout.splitlines()[1]


def test_what_is_no_data_directory_is_said_to_be_none(tmp_path: Path) -> None:
    run = walkin("verify", tmp_path / "nowhere")
    assert run.exit_code == EXIT_REFUSED
    assert "no data directory" in run.stderr


def test_days_that_leave_for_a_new_place_are_in_the_trail_and_the_same_place_again_is_not(
    tmp_path: Path, data: Path
) -> None:
    assert walkin("staff", "add", "c01", "--data", data).exit_code == 0
    for place in ("first", "first", "second"):
        run = walkin("backup", "--data", data, tmp_path / place)
        assert run.exit_code == 0, run.output

    async def trail() -> list[tuple[What, str]]:
        registry = Registry(data / "registry.db")
        await registry.open()
        deeds = await registry.trail()
        await registry.close()
        return [(deed.what, deed.about) for deed in deeds if deed.what is What.EXPORTED]

    assert asyncio.run(trail()) == [(What.EXPORTED, "backup")] * 2


def test_days_are_saved_though_it_cannot_be_written_down_and_that_is_said(tmp_path: Path, data: Path) -> None:
    (data / "registry.db").write_bytes(b"no database" * 100)
    run = walkin("backup", "--data", data, tmp_path / "first")
    assert run.exit_code == EXIT_REFUSED
    assert "Days: 2," in run.stdout
    assert "That it was made is not in the trail." in run.stderr


def test_only_what_is_kept_of_days_for_good_is_put_back_when_only_that_is_damaged(
    tmp_path: Path, data: Path
) -> None:
    asyncio.run(Statistics(data / STATISTICS).days())
    assert walkin("backup", "--data", data, tmp_path / "backup").exit_code == 0
    (data / STATISTICS).write_bytes(b"no database" * 100)
    found = walkin("verify", data)
    assert found.exit_code == EXIT_REFUSED
    assert f"{STATISTICS}        file is not a database" in found.stdout
    run = walkin("restore", "--statistics", "--data", data, tmp_path / "backup")
    assert run.exit_code == 0, run.output
    assert "what is kept of days for good, as in the backup. What was there is" in run.stdout
    assert walkin("verify", data).exit_code == 0
    both = walkin("restore", "--statistics", "--registry", "--data", data, tmp_path / "backup")
    assert "One of --registry and --statistics" in both.stderr
