"""A bit is flipped, or a file is cut or gone: in a day as a killed server leaves it, or in a backup."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from msgspec import Struct
from reliability.trial import Trial

from protocol.views import CallReason
from queue_server.core.events import (
    AnyEvent,
    DayEnded,
    DayOpened,
    DayRestored,
    MessagePosted,
    TicketCalled,
    TicketIssued,
)
from queue_server.core.legs import Leg, LegEnd
from queue_server.core.past import PastDay
from queue_server.log_port import ENDED, LogError, Record
from queue_server.store.backup import back_up
from queue_server.store.copies import past_days
from queue_server.store.day_log import DayLog
from queue_server.store.house import STATISTICS, House
from queue_server.store.manifest import BackupError, digest, read_manifest
from queue_server.store.restore import restore

DAMAGES = 25
"""Of the same days, each in a copy of them."""
EVENTS = (3, 400)
BATCH_MAX = 12
YESTERDAY, TODAY = "2026-09-14", "2026-09-15"
AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
BESIDE = {".witness", ".db-shm", ""}
"""Ends of names of files without which a day is whole, as those of the lock and the epoch."""
CUT, GONE = 0.25, 0.05
"""Of all damages; the rest are flipped bits."""
AT_THE_KEY = 0.1
NEAR_THE_HEAD = 0.4
"""So many of the other flips strike the first bytes of a page or frame: there the file says what it is."""
JUDGES = ("server", "backup", "restore")
LEG = Leg(9, "training", "fr+nl", "nl", 1, LegEnd.SERVED, 12, 30)
PAGE_BYTES = 4096
HEAD_BYTES = 200


class Truth(Struct):
    """What was there before any damage."""

    days: dict[str, tuple[list[Record], bytes]]
    """Of each all records, and the key of its tickets."""
    statistics: str = ""
    """Digest of them in the backup."""
    kept: dict[str, PastDay] = {}
    """What is kept of days for good."""


def play(seed: int, directory: Path) -> Counter[str]:
    """Two days and their backup, and many ways to damage them."""
    return asyncio.run(_play(Random(seed), directory))


async def _play(dice: Random, directory: Path) -> Counter[str]:
    house, backup = directory / "house", directory / "backup"
    truth = await _killed(dice, directory / "live", house)
    back_up(directory / "live", backup, _unheard)
    [truth.statistics] = [kept.sha256 for kept in read_manifest(backup).files if kept.place == STATISTICS]
    keys = [key for _, key in truth.days.values()]
    met: Counter[str] = Counter()
    for _ in range(DAMAGES):
        what, judged = dice.choice(((house, _served), (house, _backed_up), (backup, _restored)))
        copy = directory / "copy"
        shutil.copytree(what, copy)
        files = sorted(path for path in copy.rglob("*") if path.is_file())
        struck = dice.choice(files)
        damage = damaged(dice, struck, keys)
        try:
            found = await judged(copy, truth)
            assert struck.suffix not in BESIDE or "no harm" in found, "a day that is whole is accused"
            met[found] += 1
        except Exception as error:
            raise AssertionError(f"{damage}: {type(error).__name__}: {error}") from error
        shutil.rmtree(copy)
        met["damages"] += 1
        met["damages of statistics"] += struck.name.startswith("statistics")
    return met


async def _killed(dice: Random, live: Path, house: Path) -> Truth:
    """Yesterday ended in good order, today is in part in its file and in part in the write-ahead log."""
    server = House(live)
    server.lock()
    truth = Truth({})
    for day in (YESTERDAY, TODAY):
        log = server.day_log(day)
        await log.fence()
        await log.read()
        records = _records(dice, day == YESTERDAY)
        folded = dice.choice((0, len(records), dice.randrange(len(records))))
        await _append(log, records[:folded], dice)
        await log._writer.do(lambda log=log: _fold(log))
        await _append(log, records[folded:], dice)
        if day == TODAY:
            await _count(server, YESTERDAY, truth.days[YESTERDAY][0])
            truth.kept = past_days(live / STATISTICS, 1)
            shutil.copytree(live, house)
        await log.close()
        truth.days[day] = (records, log.secret)
    server.unlock()
    return truth


async def _count(server: House, day: str, records: Sequence[Record]) -> None:
    statistics = server.statistics()
    await statistics.write(day, PastDay(legs=[LEG] * len(records)))
    await statistics.close()


def _records(dice: Random, ended: bool) -> list[Record]:
    events: list[AnyEvent] = [DayOpened()]
    for number in range(1, dice.randint(*EVENTS)):
        ticket = f"T{number:03d}"
        events.append(
            dice.choice(
                (
                    TicketIssued(
                        ticket=ticket,
                        number=number,
                        field="training",
                        languages=("fr", "nl"),
                        screen_language="nl",
                        ahead=number,
                    ),
                    TicketCalled(
                        ticket=ticket, desk="1", call=number, how="next", reason=CallReason.LONGEST_WAIT
                    ),
                    MessagePosted({"fr": "Fermé à 16 h", "nl": "Gesloten om 16 uur" * dice.randint(1, 9)}),
                )
            )
        )
    return [
        Record(AT + timedelta(seconds=number), "kiosk:kiosk-1", f"question-{number:06d}", 0, event)
        for number, event in enumerate([*events, DayEnded()] if ended else events)
    ]


async def _append(log: DayLog, records: list[Record], dice: Random) -> None:
    while records:
        count = dice.randint(1, BATCH_MAX)
        await log.append(records[:count])
        records = records[count:]


def _fold(log: DayLog) -> None:
    assert log._db is not None
    log._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def damaged(dice: Random, path: Path, keys: Sequence[bytes] = ()) -> str:
    """What was done to this file. Some flips strike the key of the tickets, which no chain holds."""
    words, chance = bytearray(path.read_bytes()), dice.random()
    if chance < GONE or not words:
        path.unlink()
        return f"{path.name} is gone"
    if chance < GONE + CUT:
        left = dice.choice(
            (dice.randrange(len(words)), dice.randrange(len(words)) // PAGE_BYTES * PAGE_BYTES)
        )
        path.write_bytes(words[:left])
        return f"{path.name} is cut at {left} of {len(words)}"
    at = dice.randrange(len(words))
    found = [words.find(key) for key in keys if key in words]
    if found and dice.random() < AT_THE_KEY:
        at = found[0] + dice.randrange(len(keys[0]))
    elif dice.random() < NEAR_THE_HEAD:
        at = min(at // PAGE_BYTES * PAGE_BYTES + dice.randrange(HEAD_BYTES), len(words) - 1)
    bit = 1 << dice.randrange(8)
    words[at] ^= bit
    path.write_bytes(words)
    return f"{path.name} has bit {bit:#x} of byte {at} flipped, of {len(words)}"


async def _served(copy: Path, truth: Truth) -> str:
    """A server starts on it: it says what is wrong, or has exactly what was there, and goes on from it."""
    server = House(copy)
    server.lock()
    try:
        for day, was in truth.days.items():
            glanced = await server.day_log(day).has_ended()
            ended = await server.day_log(day).last_kind() == ENDED
            log = server.day_log(day)
            try:
                await log.fence()
                assert (await log.read(), log.secret) == was, f"another {day} is served"
                assert glanced == ended == (day == YESTERDAY), f"the end of {day} is another"
                if not ended:
                    await log.append([Record(AT, "clock", "question-after", 0, DayEnded())])
            finally:
                await log.close()
        if not await _keeps(server, truth):
            return "found by the server"
    except LogError as error:
        if "walkin restore" not in str(error):
            raise AssertionError("it does not say what to do") from error
        return "found by the server"
    finally:
        server.unlock()
    return "did no harm to the server"


async def _keeps(server: House, truth: Truth) -> bool:
    """Whether it has what is kept of days for good; else it begins anew, and the damaged file is there."""
    statistics = server.statistics()
    counted = await statistics.days()
    await statistics.close()
    if not counted:
        return not (server.directory / "statistics.damaged").exists()  # it was gone, or cut to nothing
    assert past_days(server.directory / STATISTICS, 1) == truth.kept, "other statistics are told"
    return True


async def _backed_up(copy: Path, truth: Truth) -> str:
    """A backup is made of it: it says what is wrong, or holds exactly what was there."""
    to, again = copy.with_name("to"), copy.with_name("again")
    try:
        made = back_up(copy, to, _unheard)
        if made.troubles:
            return "found by the backup"
        restore(to, again, _unheard, replace=False)
        await _same(again, truth)
        if (again / STATISTICS).exists():
            assert past_days(again / STATISTICS, 1) in (truth.kept, {}), "other statistics are backed up"
    except BackupError:
        return "found by the backup"
    finally:
        for path in (to, again):
            shutil.rmtree(path, ignore_errors=True)
    return "did no harm to the backup"


async def _restored(copy: Path, truth: Truth) -> str:
    """It is restored: that says what is wrong, or gives exactly what was there."""
    again = copy.with_name("again")
    try:
        restore(copy, again, _unheard, replace=False)
    except BackupError:
        assert not again.exists(), "nothing of a damaged backup is put in place"
        return "found by the restore"
    await _same(again, truth)
    assert digest(again / STATISTICS) == truth.statistics, "other statistics are restored"
    shutil.rmtree(again)
    return "did no harm to the restore"


async def _same(directory: Path, truth: Truth) -> None:
    days = {path.stem: DayLog(path) for path in sorted((directory / "days").glob("*.db"))}
    assert set(days) == set(truth.days), f"there are {sorted(days)}"
    for day, log in days.items():
        records = await log.read()
        if records[-1:] and isinstance(records[-1].event, DayRestored) and day == max(truth.days):
            records.pop()  # nothing was given since
        assert (records, log.secret) == truth.days[day], f"another {day} was kept"
        await log.close()


def _unheard(_done: int, _of: int) -> None:
    """Nobody looks."""


TRIALS = (
    Trial(
        name="bit flips and cuts",
        one_try=(
            f"{DAMAGES} times a bit is flipped in a file of a killed server's days or of their backup, or "
            "the file is cut or gone; then a server starts on them, a backup is made of them, or restored."
        ),
        never="a day that is another or a shorter one; other statistics; an end without a sentence that says"
        " what to do.",
        gate=20,
        night=3000 // DAMAGES,
        play=play,
        meets=(
            "damages of statistics",
            *(f"found by the {who}" for who in JUDGES),
            *(f"did no harm to the {who}" for who in JUDGES),
        ),
    ),
)
