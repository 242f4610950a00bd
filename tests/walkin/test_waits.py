"""The command that says how far the waits could be believed."""

import asyncio
import json
from pathlib import Path

from click.testing import CliRunner

from queue_server.core.past import PastDay, PastPromise
from queue_server.store.house import STATISTICS
from queue_server.store.statistics import Statistics
from walkin.cli import main
from walkin.ending import EXIT_REFUSED

NOBODY_YET = (
    "Nobody who was told of a wait has been called in these days. The server adds each day that has ended.\n"
)


def written(directory: Path) -> Path:
    """Two days, the older with a promise that was broken."""

    async def write() -> None:
        statistics = Statistics(directory / STATISTICS)
        late = PastPromise("work", "fr", 2, 20, 40, 80, late=True)
        kept = PastPromise("training", "fr+nl", 2, 20, 40, 24, late=False)
        await statistics.write("2026-09-14", PastDay(promises=[late]))
        await statistics.write("2026-09-15", PastDay(promises=[kept]))
        await statistics.close()

    asyncio.run(write())
    return directory


def told(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["waits", *words])
    return result.exit_code, result.output


def test_a_table_by_field_and_language_ends_with_all(tmp_path: Path) -> None:
    status, said = told("--data", str(written(tmp_path)))
    head, training, work, everybody = said.splitlines()
    assert status == 0
    assert head.split() == ["field", "languages", "visitors", "waited", "error", "bias", "near", "late"]
    assert training.split() == ["training", "fr+nl", "1", "12.0", "2.0", "-2.0", "100%", "0%"]
    assert work.split() == ["work", "fr", "1", "40.0", "30.0", "-30.0", "0%", "100%"]
    assert everybody.split() == ["all", "all", "2", "26.0", "16.0", "-16.0", "50%", "50%"]


def test_older_days_are_left_out_when_fewer_are_asked_for(tmp_path: Path) -> None:
    status, said = told("--data", str(written(tmp_path)), "--days", "1", "--json")
    assert status == 0
    assert [one["field"] for one in json.loads(said)] == ["training", ""]


def test_a_directory_without_promises_says_so(tmp_path: Path) -> None:
    asyncio.run(Statistics(tmp_path / STATISTICS).days())
    assert told("--data", str(tmp_path)) == (
        0,
        NOBODY_YET,
    )


def test_a_centre_none_of_whose_days_has_ended_is_told_so(tmp_path: Path) -> None:
    assert told("--data", str(tmp_path)) == (0, NOBODY_YET)
    assert json.loads(told("--data", str(tmp_path), "--json")[1]) == []
    assert not (tmp_path / STATISTICS).exists()


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    status, said = told("--data", str(tmp_path / "typo"))
    assert (status, "There is no data directory" in said) == (EXIT_REFUSED, True)


def test_what_is_no_file_of_a_server_is_said_with_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / STATISTICS).write_bytes(b"no database at all, and long enough to be looked at" * 20)
    status, said = told("--data", str(tmp_path))
    assert status == 70
    assert f"{tmp_path / STATISTICS} cannot be read" in said
    assert "Is it the data directory of a server?" in said
