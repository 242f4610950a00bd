"""What was cut off a day's end, or spoiled before it, is found although what is left is sound in itself."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.core.events import DayClosed, DayOpened
from queue_server.log_port import LogError, Record
from queue_server.store.day_log import DayLog

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
RECORDS = [
    Record(AT, "reception:reception-1", f"question-{number}", 0, DayClosed() if number % 2 else DayOpened())
    for number in range(6)
]


async def killed(path: Path) -> Path:
    """A day as a killed server leaves it: six commits in the write-ahead log, none in the file."""
    log = DayLog(path.parent / "live.db")
    await log.read()
    for record in RECORDS:
        await log.append([record])
    for suffix in (".db", ".db-wal", ".witness"):
        shutil.copy(path.parent / f"live{suffix}", path.with_suffix(suffix))
    await log.close()
    return path


async def read(path: Path) -> list[Record]:
    log = DayLog(path)
    try:
        return await log.read()
    finally:
        await log.close()


async def test_a_killed_server_s_day_is_whole(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    assert await read(path) == RECORDS


@pytest.mark.parametrize("left", [0.0, 0.5, 0.9])
async def test_a_write_ahead_log_that_was_cut_short_is_found(tmp_path: Path, left: float) -> None:
    path = await killed(tmp_path / "day.db")
    wal = path.with_suffix(".db-wal")
    wal.write_bytes(wal.read_bytes()[: int(wal.stat().st_size * left)])
    with pytest.raises(LogError, match="walkin restore"):
        await read(path)


async def test_a_spoiled_page_of_the_write_ahead_log_is_found(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    wal = path.with_suffix(".db-wal")
    words = bytearray(wal.read_bytes())
    words[len(words) * 3 // 4] ^= 0x10
    wal.write_bytes(words)
    with pytest.raises(LogError, match="are missing"):
        await read(path)


async def test_who_says_so_goes_on_without_what_is_missing(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    wal = path.with_suffix(".db-wal")
    wal.write_bytes(wal.read_bytes()[: wal.stat().st_size * 3 // 4])
    with pytest.raises(LogError, match="remove") as found:
        await read(path)
    assert str(path.with_suffix(".witness")) in str(found.value)
    path.with_suffix(".witness").unlink()
    left = await read(path)
    assert left == RECORDS[: len(left)]
    assert 0 < len(left) < len(RECORDS)


@pytest.mark.parametrize("words", [b"", b"\0" * 120, b"0000000009 abc"])
async def test_a_witness_that_a_power_cut_took_half_of_says_nothing(tmp_path: Path, words: bytes) -> None:
    path = await killed(tmp_path / "day.db")
    path.with_suffix(".witness").write_bytes(words)
    assert await read(path) == RECORDS


async def test_a_witness_that_saw_less_says_nothing(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    early = DayLog(tmp_path / "early.db")
    await early.read()
    await early.append(RECORDS[:2])
    await early.close()
    witness = (tmp_path / "early.witness").read_text(encoding="ascii").split(" ")
    mine = path.with_suffix(".witness").read_text(encoding="ascii").split(" ")
    path.with_suffix(".witness").write_text(" ".join([*witness[:2], *mine[2:]]), encoding="ascii")
    assert await read(path) == RECORDS


async def test_another_key_of_the_tickets_is_found(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    stranger = sqlite3.connect(path)
    stranger.execute("UPDATE day SET value = zeroblob(32) WHERE name = 'secret'")
    stranger.commit()
    stranger.close()
    with pytest.raises(LogError, match="key of its tickets"):
        await read(path)


async def test_a_day_whose_file_is_gone_is_not_begun_anew_over_what_is_left_of_it(tmp_path: Path) -> None:
    path = await killed(tmp_path / "day.db")
    path.unlink()
    left = path.with_suffix(".db-wal").read_bytes()
    with pytest.raises(LogError, match="it is not there"):
        await DayLog(path).last_kind()
    with pytest.raises(LogError, match="it is not there"):
        await read(path)
    assert path.with_suffix(".db-wal").read_bytes() == left
    assert not path.exists()


@pytest.mark.parametrize("place", [3, 20, 80, 90, 100])
async def test_a_witness_with_a_spoiled_letter_accuses_no_day(tmp_path: Path, place: int) -> None:
    path = await killed(tmp_path / "day.db")
    words = bytearray(path.with_suffix(".witness").read_bytes())
    words[place] ^= 1
    path.with_suffix(".witness").write_bytes(words)
    assert await read(path) == RECORDS


@pytest.mark.parametrize("wish", ["'x7'", "x'ff31'"])
async def test_an_epoch_that_is_no_number_is_found(tmp_path: Path, wish: str) -> None:
    path = await killed(tmp_path / "day.db")
    stranger = sqlite3.connect(path)
    stranger.execute(f"UPDATE day SET value = CAST({wish} AS BLOB) WHERE name = 'epoch'")
    stranger.commit()
    stranger.close()
    log = DayLog(path, 7)
    with pytest.raises(LogError, match="epoch"):
        await log.fence()
    await log.close()


@pytest.mark.parametrize(
    ("word", "spoiled"), [(b"applied_at", b"appliet_at"), (b"BEFORE UPDATE", b"BEFORE \xd5PDATE")]
)
async def test_a_spoiled_schema_ends_with_a_sentence(tmp_path: Path, word: bytes, spoiled: bytes) -> None:
    path = await killed(tmp_path / "day.db")
    assert await read(path) == RECORDS
    path.write_bytes(path.read_bytes().replace(word, spoiled))
    with pytest.raises(LogError, match="walkin restore"):
        await read(path)
