"""Days are counted and ended by real servers that are killed at any call this makes to the disk."""

import asyncio
import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from msgspec import Struct
from reliability import clock, tracing
from reliability.launch import launched
from reliability.load import Day, Load, check_grown, days, free_port, issue
from reliability.past import ZONE, lived
from reliability.trial import Trial
from support.badges import badge
from support.servers import ServerProcess, until

from protocol import commands as c
from protocol.client import QueueClient
from protocol.envelope import Accepted, Refused
from protocol.ids import Role
from protocol.refusals import RefusalCode
from queue_server.core.events import DayEnded
from queue_server.core.legs import Leg, legs_of
from queue_server.store.copies import DamagedError, counted
from queue_server.store.day_log import DayLog

TODAY = datetime(2026, 9, 15, tzinfo=ZONE)
AGES = (12, 8, 7, 4, 1)
"""Of days before today, in days."""
NEVER_ENDED = 11
"""Of one that nobody has ended: the next start ends it, however old it is, and it is counted."""
WAYS = ("start", "asked", "midnight")
"""A server starts on a later date; reception ends the day; midnight comes while a server runs."""
MORNING, EVENING, LATE, SHORTLY = time(10), time(20), time(23, 50), time(23, 59, 48)
"""Times of the day; the last leaves the server time to notice before midnight that its clock was set."""
KILLS = 3
AGAIN = 0.5
"""So often the next start is killed as well."""
CALLS = ("openat", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink")
CALL = re.compile(r"(\d+) +(\w+)\(")
STATISTICS, DONE, OPEN = "statistics", "days that have ended", "the day that ends"


def _name(age: int) -> str:
    return (TODAY - timedelta(days=age)).date().isoformat()


DATABASES = (STATISTICS, *map(_name, (*AGES, NEVER_ENDED, 0, -1)))

Rows = dict[str, list[tuple[object, ...]]]
"""Of the statistics, by day; of every day that was counted."""


class Strike(Struct, frozen=True):
    """The call at which a program is killed: so many a thread of it has made on one database."""

    call: str
    database: str
    nth: int


Calls = dict[tuple[str, str], int]
"""How many of each kind one thread makes at most, by the database that they are about."""


class Left(Struct):
    """What stands in a data directory."""

    days: list[Day]
    rows: Rows


class Place:
    """A data directory, and the clock of the servers on it."""

    def __init__(self, house: Path, way: str) -> None:
        self.house, self.port, self.way = house, free_port(), way
        self.url = f"ws://127.0.0.1:{self.port}"
        self.clock = clock.FakeClock(house.with_name(f"{house.name}-clock"))
        self.record = house.with_name(f"{house.name}-record")

    def struck(self, strike: Strike) -> Sequence[str]:
        """Options for strace to kill the program there."""
        kill = f"signal=KILL:when={strike.nth}"
        return tracing.injecting(self.record, (strike.call,), kill, self._files(strike.database))

    def recorded(self) -> Sequence[str]:
        """Options for strace to write down every call that could be struck."""
        only = [word for name in DATABASES for file in self._files(name) for word in ("-P", str(file))]
        return ("-y", "-o", str(self.record), *only, "-e", f"trace={','.join(f'?{call}' for call in CALLS)}")

    def calls(self) -> Calls:
        """What was written down."""
        found: Counter[tuple[str, str, str]] = Counter()
        for line in self.record.read_text(encoding="ascii").splitlines():
            match = CALL.match(line)
            if match is not None and match[2] in CALLS:
                found.update({(match[1], match[2], name): 1 for name in DATABASES if f"/{name}." in line})
        calls: Calls = {}
        for (_, call, name), count in found.items():
            calls[call, name] = max(count, calls.get((call, name), 0))
        return calls

    def _files(self, database: str) -> Sequence[Path]:
        place = self.house if database == STATISTICS else self.house / "days"
        file = place / f"{database}.db"
        return (*tracing.data_files(file), file.with_suffix(".witness"))

    def kind(self, database: str) -> str:
        """What a database is, in words."""
        if database == STATISTICS:
            return STATISTICS
        ending = (1, 0) if self.way == "start" else (0, -1)
        return OPEN if database in map(_name, ending) else DONE


def play(seed: int, directory: Path) -> Counter[str]:
    """One directory closed once without a misfortune, and some times with."""
    return asyncio.run(_play(Random(seed), WAYS[seed % len(WAYS)], directory))


async def _play(dice: Random, way: str, directory: Path) -> Counter[str]:
    before = directory / "before"
    await past(before, way, dice)
    was = await left_of(before)
    twin = Place(directory / "twin", way)
    shutil.copytree(before, twin.house)
    assert not await _closes(twin, twin.recorded())
    calls, due = twin.calls(), await _closed(twin)
    met = Counter({f"closed by {way}": 1, "days counted": len(due.rows)})
    for number in range(KILLS):
        place = Place(directory / f"killed-{number}", way)
        shutil.copytree(before, place.house)
        strikes = [drawn(dice, place, calls, turn) for turn in (number, dice.randrange(KILLS))]
        try:
            killed = await _closes(place, place.struck(strikes[0]))
            seen = await prove(place, was, due)
            again = dice.random() < AGAIN and await _starts(place, place.struck(strikes[1]))
            left = await prove(place, seen, due)
            prove_same(await _closed(place), left, due)
        except AssertionError as error:
            raise AssertionError(f"{way}, {strikes}: {error}") from error
        met += Counter({"kills": killed + again, f"killed at {place.kind(strikes[0].database)}": int(killed)})
    return met


def drawn(dice: Random, place: Place, calls: Calls, turn: int) -> Strike:
    """At every kind of database in turn, and as often at the rare calls as at the many."""
    kinds = sorted({place.kind(name) for _, name in calls})
    call, name = dice.choice(sorted(one for one in calls if place.kind(one[1]) == kinds[turn % len(kinds)]))
    return Strike(call, name, dice.randint(1, calls[call, name]))


async def past(house: Path, way: str, dice: Random) -> None:
    """Days of every age; the last one is under way, or was when its server was killed."""
    for age in AGES:
        day = (TODAY - timedelta(days=age)).date()
        await lived(house, day, dice, ended=age > 1 or way != "start")
    await lived(house, (TODAY - timedelta(days=NEVER_ENDED)).date(), dice, ended=False)
    if way != "start":
        await lived(house, TODAY.date(), dice, ended=False)


async def _closes(place: Place, options: Sequence[str]) -> bool:
    """In its way; whether it was killed meanwhile."""
    match place.way:
        case "start":
            return await _starts(place, options)
        case "asked":
            return await _is_asked(place, options)
        case _:
            return await _lives_to_midnight(place, options)


async def _starts(place: Place, options: Sequence[str]) -> bool:
    """A server starts at a time when the last day is over, and does what is to be done."""
    place.clock.set(_last(place) + timedelta(hours=MORNING.hour))
    strace = ("strace", "-D", "-f", *options) if options else ()  # with --seccomp-bpf no signal is sent
    async with _server(place, strace) as server:
        await _is_ready(server)
        return await _settles(server, place, _last(place))


def _last(place: Place) -> datetime:
    """The date on which all is closed."""
    return TODAY if place.way == "start" else TODAY + timedelta(days=1)


async def _is_asked(place: Place, options: Sequence[str]) -> bool:
    """Reception asks until the day is ended, also the next server when the first is killed."""
    killed = False
    place.clock.set(datetime.combine(TODAY, EVENING, ZONE))
    async with asyncio.TaskGroup() as tasks:
        async with _server(place) as server:
            await _is_ready(server)
            await until(lambda: _is_settled(place.house, TODAY))
            async with tracing.attached(server, options):
                asking = tasks.create_task(_end_day(place.url))
                killed = await _killed_before(server, asking)
        if killed:
            async with _server(place) as server:
                await _is_ready(server)
                assert not await _killed_before(server, asking)
    return killed


async def _end_day(url: str) -> None:
    load = Load()
    async with QueueClient(url, badge(Role.RECEPTION, "reception-1")) as client:
        await load.ask(client, "reception-closes-it", c.CloseDay())
        ended = await load.ask(client, "reception-ends-it-00", c.EndDay())
        assert isinstance(ended, Accepted), ended
        late = await load.ask(client, "a-visitor-after-that", issue("training"))
        assert isinstance(late, Refused), "an ended day takes nobody in"
        assert late.code is RefusalCode.DAY_OVER, late


async def _lives_to_midnight(place: Place, options: Sequence[str]) -> bool:
    """Midnight comes while a server is there."""
    place.clock.set(datetime.combine(TODAY, LATE, ZONE))
    async with _server(place) as server:
        await _is_ready(server)
        await until(lambda: _is_settled(place.house, TODAY))
        async with tracing.attached(server, options):
            place.clock.set(datetime.combine(TODAY, SHORTLY, ZONE))
            return await _settles(server, place, _last(place))


@asynccontextmanager
async def _server(place: Place, before: Sequence[str] = ()) -> AsyncIterator[ServerProcess]:
    """The real program in its own time, which is not that of strace."""
    words = [f"{name}={value}" for name, value in place.clock.environment.items()]
    async with launched(place.house, place.port, before=(*before, "env", *words)) as server:
        yield server


async def _is_ready(server: ServerProcess) -> None:
    """Or has ended."""
    assert server.process.stdout is not None
    await server.process.stdout.readline()


async def _settles(server: ServerProcess, place: Place, today: datetime) -> bool:
    """Let it do what is to be done on this day, and end it; whether it was killed instead."""
    done = asyncio.create_task(until(lambda: _is_settled(place.house, today)))
    try:
        return await _killed_before(server, done)
    finally:
        done.cancel()
        await asyncio.gather(done, return_exceptions=True)


async def _killed_before(server: ServerProcess, done: asyncio.Task[None]) -> bool:
    """Wait for one of the two; a server that was not killed is ended as it should."""
    ended = asyncio.create_task(server.ended())
    await asyncio.wait({ended, done}, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        done.result()
        server.signal(signal.SIGTERM)
    status, said = await ended
    assert status in {0, -signal.SIGKILL}, f"exit status {status}: {said[-500:]}"
    return status != 0


def _is_settled(house: Path, today: datetime) -> bool:
    """Every day that has ended before this one is counted; those kept long enough go an hour later."""
    over = {name for name in map(_name, (*AGES, 0)) if name < today.date().isoformat()}
    with suppress(DamagedError):
        return over <= counted(house / "statistics.db")
    return False


async def _closed(place: Place) -> Left:
    """A server that nobody kills has the last word."""
    assert not await _starts(place, ())
    return await left_of(place.house)


async def left_of(house: Path) -> Left:
    """Read in a copy, as a server would read it."""
    aside = house.with_name(f"{house.name}-aside")
    shutil.copytree(house, aside)
    left = Left(await days(aside), _rows(aside / "statistics.db"))
    for day in left.days:
        if day.date in left.rows:
            assert left.rows[day.date] == await _legs(aside / "days" / f"{day.date}.db"), f"{day.date}'s rows"
    shutil.rmtree(aside)
    return left


def _rows(statistics: Path) -> Rows:
    """What was counted: no day in part, and no row of a day that is not."""
    if not statistics.exists():
        return {}
    with closing(sqlite3.connect(statistics)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not {"leg", "day"} <= tables:
            return {}
        numbers = dict(db.execute("SELECT day, legs FROM day").fetchall())
        found: Rows = {day: [] for day in numbers}
        for day, *row in db.execute("SELECT * FROM leg ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9"):
            assert day in found, f"a row of {day}, which is not counted"
            found[day].append(tuple(row))
    assert {day: len(rows) for day, rows in found.items()} == numbers, "a day is counted in part"
    return found


async def _legs(path: Path) -> list[tuple[object, ...]]:
    log = DayLog(path)
    records = await log.read()
    await log.close()
    legs = legs_of((record.at, record.event) for record in records)
    return sorted(
        (leg.hour, leg.field, leg.languages, leg.screen_language, leg.number, str(leg.end), *_times(leg))
        for leg in legs
    )


def _times(leg: Leg) -> tuple[int, int]:
    return leg.wait_half_minutes, leg.service_half_minutes


async def prove(place: Place, before: Left, due: Left) -> Left:
    """What a kill left: nothing is gone uncounted, counted otherwise, or going on after its end."""
    left = await left_of(place.house)
    for day, rows in left.rows.items():
        assert rows == due.rows.get(day), f"{day} is counted otherwise"
    there = {day.date: day for day in left.days}
    for day in before.days:
        assert day.date in there or day.date in left.rows, f"{day.date} is deleted and not counted"
        if day.date in there:
            check_grown([day], left.days)
            assert not _ended(day) or there[day.date].events == day.events, f"{day.date} goes on"
    return left


def prove_same(left: Left, before: Left, due: Left) -> None:
    """The same as without a kill."""
    assert left.rows == due.rows, "other rows than without a kill"
    assert _dates(left) == _dates(due), f"{sorted(_dates(left))} are kept, not {sorted(_dates(due))}"
    assert [_ended(day) for day in left.days] == [_ended(day) for day in due.days], "another day has ended"
    check_grown([day for day in before.days if day.date in _dates(left)], left.days)


def _dates(left: Left) -> set[str]:
    return {day.date for day in left.days}


def _ended(day: Day) -> bool:
    return bool(day.events) and isinstance(day.events[-1][1], DayEnded)


def missing() -> str:
    """Why this cannot be tried here, in a sentence; empty when it can."""
    return tracing.missing() or clock.missing()


TRIALS = (
    Trial(
        name="kill -9 while closing days",
        one_try=(
            "Days of every age are counted, or a day ends, because a server starts on a later "
            f"date, reception asks, or midnight comes; {KILLS} times it is killed at a call to the disk, "
            "often the next one too, and then one is let through. A twin is closed without a kill."
        ),
        never="a row of the statistics that is not the twin's, or is there twice; a day that is deleted and"
        " not counted; a day that goes on after its end.",
        gate=3,
        night=-(-200 // KILLS),
        play=play,
        meets=(
            *(f"closed by {way}" for way in WAYS),
            *(f"killed at {files}" for files in (STATISTICS, DONE, OPEN)),
        ),
        missing=missing,
    ),
)
