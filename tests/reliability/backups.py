"""Backups are made of a server at work and put back, and the programs that do it are killed meanwhile."""

import asyncio
import shutil
import signal
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from reliability import struck
from reliability.crowd import Paced
from reliability.drive import Drive, by_chance, everything, nothing
from reliability.lives import days_aside, told_to_end
from reliability.load import Day, at_work, check, check_grown, days, free_port, open_day
from reliability.steps import Step, steps
from reliability.tracing import missing, recording
from reliability.trial import Trial
from support.servers import server_process

from queue_server.core.events import DayClosed, DayOpened, DayRestored
from queue_server.log_port import Record
from queue_server.store.backup import back_up
from queue_server.store.house import DirectoryInUseError, House
from queue_server.store.manifest import MANIFEST
from queue_server.store.restore import restore

BACKUPS = 5
ANSWERS = (5, 40)
BACKING_UP = {"fsync": 20, "fdatasync": 16, "pwrite64": 90, "rename": 8, "ftruncate": 8, "unlink": 4}
RESTORING = {"fsync": 16, "rename": 3, "mkdir": 3, "flock": 3}
BACKUP_S = 1.5
"""A backup takes about so long."""
KILLED = 0.6
"""So many of the backups after the first are killed."""
EARLIER_DAYS = (1, 6)
EVENTS = (1, 30)
RESTORES = 3
NOT_FIRST = 0.8
"""So often there is a backup already."""
CUTS = 60
AT_THE_END = 20
"""Steps of a backup."""
LONGEST = "ms of one backup"
Events = tuple[tuple[str, int], ...]
"""Days, and how many events each has: their chains are proved."""
AT = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def at_work_too(seed: int, directory: Path) -> Counter[str]:
    """A server under load, and one backup after the other."""
    return asyncio.run(_at_work_too(Random(seed), directory))


async def _at_work_too(dice: Random, directory: Path) -> Counter[str]:
    house, backup, port, load = directory / "house", directory / "backup", free_port(), Paced()
    await _write_days(house, dice)
    met, held = Counter[str](), list[Day]()
    async with server_process(house, port) as server:
        await server.ready()
        url = f"ws://127.0.0.1:{port}"
        await open_day(url)
        async with at_work(load, url) as finish:
            sure = dict(load.answers)
            for number in range(BACKUPS):
                await load.more(dice.randint(*ANSWERS))
                strike = struck.some(dice, BACKING_UP) if number and dice.random() < KILLED else None
                before, began_s = dict(load.answers), time.monotonic()
                ended = await struck.run("walkin", "backup", "--data", house, backup, strike=strike)
                assert ended.killed or ended.status == 0, ended.complained
                if not ended.killed:
                    sure = before
                    assert len(load.answers) > len(before), "the server goes on answering meanwhile"
                    met[LONGEST] = max(met[LONGEST], round(1000 * (time.monotonic() - began_s)))
                met["kills" if ended.killed else "backups"] += 1
                held = await _judge(backup, directory / "again", sure, held)
            await load.more(dice.randint(*ANSWERS))
            await finish()
        await told_to_end(server)
    left = await days(house)
    check(load.answers, left)
    check_grown(held, left)
    return met + Counter(answers=len(load.answers))


def server_killed(seed: int, directory: Path) -> Counter[str]:
    """The server is killed while a backup of it is made, and started again, some times over."""
    return asyncio.run(_server_killed(Random(seed), directory))


async def _server_killed(dice: Random, directory: Path) -> Counter[str]:
    house, backup, port, load = directory / "house", directory / "backup", free_port(), Paced()
    met, held = Counter[str](), list[Day]()
    url = f"ws://127.0.0.1:{port}"
    async with at_work(load, url) as finish:
        for _ in range(BACKUPS):
            async with server_process(house, port) as server:
                await server.ready()
                await open_day(url)
                await load.more(dice.randint(*ANSWERS))
                sure = dict(load.answers)
                making = asyncio.create_task(struck.run("walkin", "backup", "--data", house, backup))
                await asyncio.sleep(dice.uniform(0, BACKUP_S))
                met["kills while it is made"] += not making.done()
                server.signal(signal.SIGKILL)
                await server.ended()
                ended = await making
                assert ended.status == 0, ended.complained
            held = await _judge(backup, directory / "again", sure, held)
        async with server_process(house, port) as server:
            await server.ready()
            await finish()
            await told_to_end(server)
    left = await days(house)
    check(load.answers, left)
    check_grown(held, left)
    return met + Counter(answers=len(load.answers), backups=BACKUPS)


async def _judge(backup: Path, again: Path, sure: dict[str, object], held: list[Day]) -> list[Day]:
    """What the backup holds, which is all that was answered before the last one that was not killed began."""
    await asyncio.to_thread(restore, backup, again, _unheard, replace=False)
    found = await days(again)
    check(sure, found)  # type: ignore[arg-type]
    check_grown(held, found)
    assert isinstance(found[-1].events.pop()[1], DayRestored), "the newest day says that it was restored"
    await asyncio.to_thread(shutil.rmtree, again)
    return found


async def _write_days(house: Path, dice: Random) -> None:
    """Some days as a server left them."""
    owner = House(house)
    owner.lock()
    for number in range(dice.randint(*EARLIER_DAYS)):
        log = owner.day_log(f"2026-09-{10 + number}")
        await log.fence()
        there = len(await log.read())
        for event in range(there, there + dice.randint(*EVENTS)):
            what = DayClosed() if event % 2 else DayOpened()
            await log.append([Record(AT, "reception:reception-1", f"question-{event:08d}", 0, what)])
        await log.close()
    owner.unlock()


def unplugged(seed: int, directory: Path) -> Counter[str]:
    """A backup is brought up to date, and the power is cut at many instants of it."""
    return asyncio.run(_unplugged(Random(seed), directory))


async def _unplugged(dice: Random, directory: Path) -> Counter[str]:
    house, backup, record = directory / "house", directory / "backup", directory / "record"
    former: Events = ()
    if dice.random() < NOT_FIRST:
        await _write_days(house, dice)
        back_up(house, backup, _unheard)
        former = _restored(await _events(house))
    else:
        backup.mkdir()
    drive = Drive(backup)
    await _write_days(house, dice)
    later = _restored(await _events(house))
    words = ("strace", "-f", *recording(record))
    ended = await struck.run("walkin", "backup", "--data", house, backup, before=words)
    assert ended.status == 0, ended.complained
    made = await asyncio.to_thread(_steps, record, backup)
    spans = (len(made), AT_THE_END)  # where files and the manifest change places it is tried most
    cuts = Counter([len(made), *(len(made) - dice.randrange(dice.choice(spans)) for _ in range(CUTS - 1))])
    met: Counter[str] = Counter()
    for number in range(len(made) + 1):
        for _ in range(cuts[number]):
            _materialise(drive.left(dice.choice((nothing, everything, by_chance(dice)))), backup, directory)
            found = await _restorable(directory)
            assert found == later if number == len(made) else found in {former, later}, f"{number}: {found}"
            met["holds the newer days" if found == later else "holds the former days"] += 1
        if number < len(made):
            drive.do(made[number])
    return met


def _steps(record: Path, backup: Path) -> list[Step]:
    return steps(record.read_text(encoding="ascii"), backup)


def _materialise(left: Mapping[str, bytes | None], backup: Path, directory: Path) -> None:
    for path, content in left.items():
        place = directory / "state" / Path(path).relative_to(backup)
        if content is None:
            place.mkdir()
        else:
            place.write_bytes(content)


async def _restorable(directory: Path) -> Events:
    """What the backup gives; nothing when it never had a manifest."""
    state, again = directory / "state", directory / "again"
    try:
        if not (state / MANIFEST).exists():
            return ()
        restore(state, again, _unheard, replace=False)
        return await _events(again)
    finally:
        shutil.rmtree(state)
        shutil.rmtree(again, ignore_errors=True)


def while_restoring(seed: int, directory: Path) -> Counter[str]:
    """A restore is killed, and another, until one is let through."""
    return asyncio.run(_while_restoring(Random(seed), directory))


async def _while_restoring(dice: Random, directory: Path) -> Counter[str]:
    house, backup, met = directory / "house", directory / "backup", Counter[str]()
    await _write_days(house, dice)
    back_up(house, backup, _unheard)
    new = _restored(await _events(house))
    await _write_days(house, dice)
    old = await _events(house)
    words = ("walkin", "restore", "--data", house, "--replace", backup)
    for _ in range(RESTORES):
        ended = await struck.run(*words, strike=struck.some(dice, RESTORING))
        assert ended.killed or ended.status == 0, ended.complained
        met["kills" if ended.killed else "restores"] += 1
        met[await _stands(house, old, new)] += 1
    ended = await struck.run(*words)
    assert ended.status == 0, ended.complained
    assert await _stands(house, old, new) == "is the new one"
    aside = [await _events(path) for path in _aside(directory)]
    assert aside[0] == old, "what was there is still there"
    assert all(each in {old, new} for each in aside)
    return met


async def _stands(house: Path, old: Events, new: Events) -> str:
    """The directory after a kill is one of the two, or none and then no server begins it anew."""
    if _is_gone(house):
        return "is to be restored again"
    found = await _events(house)
    assert found in {old, new}, "the directory is neither the old nor the new one"
    return "is the new one" if found == new else "is the old one"


def _is_gone(house: Path) -> bool:
    if house.exists():
        return False
    with pytest.raises(DirectoryInUseError, match="walkin restore"):
        House(house).lock()
    return not house.exists()


async def _events(house: Path) -> Events:
    return tuple((day.date, len(day.events)) for day in await days_aside(house))


def _restored(events: Events) -> Events:
    """The same once it is restored: the newest day, which has not ended, says so."""
    *before, (day, count) = events
    return (*before, (day, count + 1))


def _aside(directory: Path) -> list[Path]:
    return sorted(directory.glob("house.before-*"))


def _unheard(_done: int, _of: int) -> None:
    """Nobody looks."""


TRIALS = (
    Trial(
        name="backup while at work",
        one_try=(
            f"{BACKUPS} backups are made of a server at work, most of them killed at a call to the disk; "
            "each time what there is then is restored."
        ),
        never="a backup that cannot be restored, or lacks what was answered before it; a server held up.",
        gate=2,
        night=120,
        play=at_work_too,
        meets=("kills", "backups", "answers"),
        shown={"answers": "answers", "backups": "backups", "kills": "kills", LONGEST: LONGEST},
        missing=missing,
    ),
    Trial(
        name="kill -9 of a server being backed up",
        one_try=f"A server is killed while a backup of it is made, and started again, {BACKUPS} times.",
        never="a backup that fails, cannot be restored, or lacks what was answered before it; a day that it"
        " changed.",
        gate=1,
        night=200 // BACKUPS,
        play=server_killed,
        meets=("kills while it is made", "answers"),
    ),
    Trial(
        name="power cut while backing up",
        one_try=(
            f"A backup is recorded from its start to its end, then the power is cut at {CUTS} instants of "
            "it: what was not synced is there, is not, or is in part, sector by sector."
        ),
        never="a backup that is neither the former nor the new one, whole; one that was done and is lost.",
        gate=2,
        night=100,
        play=unplugged,
        meets=("holds the former days", "holds the newer days"),
        missing=missing,
    ),
    Trial(
        name="kill -9 while restoring",
        one_try=f"{RESTORES} restores in the place of a data directory are killed at a call to the disk.",
        never="a directory that is neither the old nor the new one, or begun anew by a server; a lost one.",
        gate=3,
        night=80,
        play=while_restoring,
        meets=("kills", "is the old one", "is the new one", "is to be restored again"),
        shown={
            "kills": "kills",
            "restores": "restores that came to their end",
            "is the old one": "times the old directory was there",
            "is the new one": "times the new one",
            "is to be restored again": "times neither, and a server said so",
        },
        missing=missing,
    ),
)
