"""The power is cut at any instant of a server's life, with whatever the disk had not been made to keep."""

import asyncio
import json
import shutil
import signal
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

from msgspec import Struct, convert, field
from reliability.drive import Drive, by_chance, everything, nothing
from reliability.lives import days_aside, last_life, prove_told, worked
from reliability.load import FIELDS, Day, Load, at_work, check, check_grown, days, free_port, issue, open_day
from reliability.steps import Sent, Step, Synced, steps
from reliability.tracing import missing, recording, traced_server, written
from reliability.trial import Trial
from support.badges import badge, enrol
from support.servers import server_process

from protocol.client import QueueClient
from protocol.envelope import Accepted, Outcome, Shown
from protocol.ids import Role

STATES = 250
NOT_FIRST = 0.7
"""So often the server finds what an earlier one left, and of these"""
NEXT_DAY = 0.4
"""so often it finds it on the next day."""
ANSWERS = (100, 300)
FAILED_SYNC = 0.3
"""So often one sync fails: the server ends, and nothing that it was to write is surely there."""
NTH_SYNC = (1, 60)
LOG_BYTES_FOLDED = 4_120_000
"""At this size SQLite folds the write-ahead log into the day's file and begins it anew."""
LOG_FULL = (0.01, 0.02, 0.05, 0.2, 0.9)
"""So full is the one that the server finds."""
ACCEPTED = b'{"type":"accepted"'
SHOWN = b'{"type":"view"'
KINDS = ("with nothing unsynced", "with everything", "with some, in part")
"""The last one twice as often."""
SHARED_MEMORY = "-shm"
SHARED_MEMORY_BYTES = 32 * 1024
"""Ends the names of files that live in memory: after a power cut anything may be in them."""


class History(Struct):
    """What a server did, and what it had found."""

    steps: list[Step]
    before: list[Day]
    given: dict[str, Outcome]
    """Answers from before."""
    drive: Drive
    after: list[Day]


class Heard(Struct):
    """What terminals may have heard up to a step."""

    answers: dict[str, Outcome]
    versions: dict[str, int] = field(default_factory=dict)
    """The newest picture, by day."""

    def hear(self, sent: bytes) -> None:
        """Frames, or parts of one: nothing that is answered or shown is longer than a call."""
        for start in _starts(sent, ACCEPTED):
            accepted = convert(_json(sent, start), Accepted)
            self.answers[accepted.id] = accepted.outcome
        for start in _starts(sent, SHOWN):
            view = convert(_json(sent, start), Shown).view
            self.versions[view.day] = max(view.version, self.versions.get(view.day, 0))


def _starts(sent: bytes, of: bytes) -> Sequence[int]:
    starts = [sent.find(of)]
    while starts[-1] >= 0:
        starts.append(sent.find(of, starts[-1] + 1))
    return starts[:-1]


def _json(sent: bytes, start: int) -> object:
    return json.JSONDecoder().raw_decode(sent[start:].decode(errors="replace"))[0]


def play(seed: int, directory: Path) -> Counter[str]:
    """One recorded life of a server, and many power cuts in it."""
    house = directory / "house"
    house.mkdir()
    enrol(house)
    return asyncio.run(_play(Random(seed), house))


async def _play(dice: Random, house: Path) -> Counter[str]:
    state = house.with_name("state")
    history = await _history(dice, house)
    cuts = Counter(_points(history.steps, dice))
    met, restarted = Counter[str](), dice.randrange(STATES)
    heard = Heard(dict(history.given))
    for number, step in enumerate(history.steps):
        history.drive.do(step)
        if isinstance(step, Sent):
            heard.hear(step.data)
        for _ in range(cuts[number]):
            met[_materialise(history.drive, house, state, dice)] += 1
            if met["states"] == restarted:
                await _goes_on(state)
                met["restarts"] += 1
            else:
                await _judge(state, heard, history)
            shutil.rmtree(state)
            met["states"] += 1
    met["failed syncs"] += any(isinstance(step, Synced) and not step.ok for step in history.steps)
    met["found a killed server's log"] += bool(history.given)
    return met + Counter(answers=len(heard.answers))


def _points(made: Sequence[Step], dice: Random) -> list[int]:
    """After which steps the power is cut: as often after the rare kinds of step as after the many."""
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, step in enumerate(made):
        if not isinstance(step, Sent):
            kinds[type(step).__name__, step.path].append(number)
        elif ACCEPTED in step.data:
            kinds["Sent", ""].append(number)
    chosen = list(kinds.values())
    return [dice.choice(dice.choice(chosen)) for _ in range(STATES)]


async def _history(dice: Random, house: Path) -> History:
    """A server's life from its start to its end, on an empty directory, or after a kill."""
    given: dict[str, Outcome] = {}
    if dice.random() < NOT_FIRST:
        given = await _killed(dice, house)
        if dice.random() < NEXT_DAY:
            _yesterday(house / "days")
    before, drive, load = await days_aside(house), Drive(house), Load()
    check(given, before)
    record, port = house.with_name("record"), free_port()
    options = recording(record)
    if dice.random() < FAILED_SYNC:
        options = (*options, "-e", f"inject=fdatasync:error=EIO:when={dice.randint(*NTH_SYNC)}")
    async with at_work(load, f"ws://127.0.0.1:{port}") as finish:
        async with traced_server(house, port, options) as server:
            ended = await worked(server, port, load, dice.randint(*ANSWERS))
            if ended is None:
                server.signal(signal.SIGTERM)
                await server.ended()
            else:
                prove_told(*ended)
        answered = dict(load.answers)
        made = steps(await written(record, server), house)
        await last_life(house, port, load, 1, finish)
    heard = Heard({})
    for step in made:
        if isinstance(step, Sent):
            heard.hear(step.data)
    assert answered.items() <= heard.answers.items(), "the record holds all that was answered"
    return History(made, before, given, drive, await days_aside(house))


async def _killed(dice: Random, house: Path) -> dict[str, Outcome]:
    """What a server answered that was killed afterwards: its write-ahead log is still there."""
    given: dict[str, Outcome] = {}
    port = free_port()
    url = f"ws://127.0.0.1:{port}"
    async with server_process(house, port) as server:
        await server.ready()
        await open_day(url)
        async with QueueClient(url, badge(Role.KIOSK, "kiosk-1")) as client:
            [log] = (house / "days").glob("*.db-wal")
            full = dice.choice(LOG_FULL) * LOG_BYTES_FOLDED
            while log.stat().st_size < full:
                question = f"before-{len(given):09d}"
                answer = await client.ask(issue(dice.choice(FIELDS)), question)
                assert isinstance(answer, Accepted), answer
                given[question] = answer.outcome
        server.signal(signal.SIGKILL)
        await server.ended()
    return given


def _yesterday(directory: Path) -> None:
    """The day was the one before."""
    for path in sorted(directory.iterdir()):
        day, rest = path.name[:10], path.name[10:]
        path.rename(directory / f"{date.fromisoformat(day) - timedelta(days=1)}{rest}")


def _materialise(drive: Drive, house: Path, state: Path, dice: Random) -> str:
    """One of the ways in which a disk may look then; which it is."""
    kind = dice.choice((*KINDS, KINDS[-1]))
    survives = dict(zip(KINDS, (nothing, everything, by_chance(dice)), strict=True))[kind]
    for path, content in drive.left(survives).items():
        place = state / Path(path).relative_to(house)
        if content is None:
            place.mkdir()
        elif not path.endswith(SHARED_MEMORY):
            place.write_bytes(content)
        elif dice.random() < 0.5:
            place.write_bytes(dice.randbytes(SHARED_MEMORY_BYTES))
    return kind


async def _judge(state: Path, heard: Heard, history: History) -> None:
    """All that was answered or shown is there, and what is there is how the day began."""
    found = await days(state)
    check(heard.answers, found)
    check_grown(history.before, found)
    check_grown(found, history.after)
    there = {day.date: len(day.events) for day in found}
    for day, version in heard.versions.items():
        assert there.get(day, 0) >= version, "what was shown is on disk"
    _prove_whole(state)


def _prove_whole(state: Path) -> None:
    """No file is damaged, the list of slips as little as a day."""
    for path in state.rglob("*.db"):
        with closing(sqlite3.connect(path)) as database:
            [(verdict,)] = database.execute("PRAGMA integrity_check")
        assert verdict == "ok", f"{path.name}: {verdict}"


async def _goes_on(state: Path) -> None:
    """The real program starts on what is left, gives a ticket and ends."""
    port = free_port()
    url = f"ws://127.0.0.1:{port}"
    async with server_process(state, port) as server:
        await server.ready()
        await open_day(url)
        async with QueueClient(url, badge(Role.RECEPTION, "reception-1")) as client:
            assert isinstance(await client.ask(issue(FIELDS[0])), Accepted)
        server.signal(signal.SIGTERM)
        status, said = await server.ended()
        assert status == 0, said


TRIALS = (
    Trial(
        name="power cut",
        one_try=(
            f"A server's life is recorded from its start to its end, then the power is cut at {STATES} "
            "instants of it: what was not synced is there, is not, or is in part, sector by sector."
        ),
        never="an answer or a picture of what is not on disk; a day that is damaged or was changed.",
        gate=8,
        night=400,
        play=play,
        meets=("states", *KINDS, "restarts", "found a killed server's log"),
        missing=missing,
    ),
)
