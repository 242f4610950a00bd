"""The server's clock is wrong, jumps, and runs through every odd moment of the year: under libfaketime."""

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from reliability.crowd import SYNC_S, Paced, Watcher, came_true, in_sync, played, watching
from reliability.launch import launched
from reliability.load import Day, at_work, check, check_grown, days, free_port, open_day
from reliability.trial import Trial
from simulation.judge import Model
from support.badges import badge

from protocol.badge import Badge
from protocol.client import Update
from protocol.ids import Role
from protocol.views import AnyView, BoardView, CounsellorView, ReceptionView, StaffTicket
from queue_server.core.events import DayEnded
from queue_server.store.day_log import DayLog

ZONE = ZoneInfo("Europe/Brussels")
BEFORE = timedelta(minutes=1)
"""So long before an odd moment the server starts; once everybody works the clock is set to SHORTLY before."""
SHORTLY = timedelta(seconds=3)
NOTICED_S = 1
"""Between two looks of the program at whether its clock was set."""
LOOKED_S = 6.0
"""The server has looked at its clock by then, whatever else it does."""
HOUR = timedelta(hours=1)
ANSWERS = 30


class Moment(Struct, frozen=True):
    """When a try begins, and what the clock then does."""

    name: str
    at: datetime
    """The centre's local time; it comes while everybody works."""
    jump: timedelta = timedelta()
    """The clock is set by this much, then; nothing: it runs on."""
    days: int = 1
    """How many days of the centre it touches."""
    right_again: bool = False
    """The clock is set right before everybody goes on."""
    restarts_in: int = 0
    """So many days more begin when the server is started again: it believes its clock then."""
    zone: str = ""
    """Time zone of the machine; empty: as it is. Days are the centre's."""


def _local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE, fold=fold)


MOMENTS = (
    Moment("an hour on", _local(2026, 9, 15, 10), HOUR),
    Moment("an hour back", _local(2026, 9, 15, 10), -HOUR),
    Moment("an hour on, over midnight", _local(2026, 9, 15, 23, 30), HOUR, restarts_in=1),
    Moment("ten days on, and right again", _local(2026, 9, 15, 10), timedelta(days=10), right_again=True),
    Moment("another time zone", _local(2026, 9, 15, 14), zone="Pacific/Auckland"),
    Moment("an hour back, over midnight", _local(2026, 9, 15, 0, 30), -HOUR),
    Moment("midnight", _local(2026, 9, 16), days=2),
    Moment("summer time begins", _local(2026, 3, 29, 3)),
    Moment("summer time ends", _local(2026, 10, 25, 2, fold=1)),
    Moment("midnight before summer time ends", _local(2026, 10, 25), days=2),
    Moment("a leap day begins", _local(2028, 2, 29), days=2),
    Moment("a leap day ends", _local(2028, 3, 1), days=2),
    Moment("no leap day", _local(2027, 3, 1), days=2),
    Moment("a year ends", _local(2027, 1, 1), days=2),
)


class FakeClock:
    """The clock of a program: as far from the true one as a file says, now and whenever that is written."""

    def __init__(self, file: Path, zone: str = "") -> None:
        """`zone`: of the machine, where it is another than that of whoever tries."""
        self._file = file
        self._zone = {"TZ": zone} if zone else {}
        self._off = timedelta()

    @property
    def environment(self) -> dict[str, str]:
        """What the program is started with; only its wall clock is wrong, as when a person sets it."""
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": str(NOTICED_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else waits for a lock end at once, and all threads spin
            "NO_FAKE_STAT": "1",
            **self._zone,
        }

    def now(self) -> datetime:
        """What the program sees."""
        return datetime.now(ZONE).astimezone(ZoneInfo("UTC")) + self._off

    def set(self, at: datetime) -> None:
        """It is this instant now, there."""
        self.jump(at - self.now())

    def jump(self, by: timedelta) -> None:
        """Set the clock on or back."""
        self._off += by
        text = self._file.with_suffix(".new")
        text.write_text(f"{self._off.total_seconds():+.3f}", encoding="ascii")
        text.replace(self._file)


def _library() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def missing() -> str:
    """Why no clock can be set here; empty when it can."""
    return "" if _library() else "faketime is not installed"


class Timed(Watcher):
    """Sees whether a picture was made before something that it shows."""

    def __init__(self, url: str, who: Badge) -> None:
        super().__init__(url, who)
        self.wrong: list[str] = []

    def hear(self, update: Update) -> None:
        """Look at every instant in a picture."""
        super().hear(update)
        if isinstance(update, AnyView):
            self.wrong += [f"{at} in a picture of {update.at}" for at in _instants(update) if at > update.at]


def _instants(view: AnyView) -> list[datetime]:
    match view:
        case BoardView():
            return [call.at for call in view.calls]
        case ReceptionView():
            everybody = (*view.waiting, *view.at_desks, *view.aside, *view.ended)
            return [*_of_tickets(everybody), *(desk.since for desk in view.desks if desk.since is not None)]
        case CounsellorView():
            return _of_tickets((*view.waiting, *view.parked, *view.missed))
        case _:
            return []


def _of_tickets(tickets: Sequence[StaffTicket]) -> list[datetime]:
    instants = [(ticket.issued_at, ticket.called_at, ticket.started_at) for ticket in tickets]
    return [at for all_of_one in instants for at in all_of_one if at is not None]


def odd_moment(seed: int, directory: Path) -> Counter[str]:
    """One of MOMENTS comes while everybody works."""
    return played(_odd_moment(MOMENTS[seed % len(MOMENTS)], directory))


async def _odd_moment(moment: Moment, directory: Path) -> Counter[str]:
    port, clock, house = free_port(), FakeClock(directory / "clock", moment.zone), directory / "house"
    url = f"ws://127.0.0.1:{port}"
    watchers = [
        Timed(url, badge(Role.BOARD, "board-1")),
        Timed(url, badge(Role.RECEPTION, "reception-1")),
        Timed(url, badge(Role.COUNSELLOR, "desk-2", "2")),
    ]
    clock.set(moment.at - BEFORE)
    loads = [Paced(name="before-"), Paced(name="after-")]
    async with launched(house, port, environment=clock.environment) as server:
        await server.ready()
        async with watching(watchers):
            await in_sync(url, watchers, "at first")
            lost = sum(len(watcher.downs) for watcher in watchers)
            for load in loads:
                await open_day(url)
                async with at_work(load, url) as finish:
                    await load.more(ANSWERS)
                    if load is loads[0]:
                        await _through(moment, clock, watchers)
                    await finish()
            await in_sync(url, watchers, "at last")
            assert sum(len(watcher.downs) for watcher in watchers) == lost, "a terminal lost its line"
            assert server.process.returncode is None
        server.signal(signal.SIGTERM)
        await server.ended()
    answers = {asked: outcome for load in loads for asked, outcome in load.answers.items()}
    seen = await days(house)
    check(answers, seen)
    await _judge(moment.days, seen, house)
    async with launched(house, port, environment=clock.environment) as server:
        await server.ready()
        server.signal(signal.SIGTERM)
        await server.ended()
    left = await days(house)
    check_grown(seen, left)
    await _judge(moment.days + moment.restarts_in, left, house)
    wrong = [what for watcher in watchers for what in watcher.wrong]
    assert not wrong, wrong[0]
    return Counter({moment.name: 1, "answers": len(answers)})


async def _through(moment: Moment, clock: FakeClock, watchers: Sequence[Watcher]) -> None:
    """Until the moment has come, and what it brings is on every screen."""
    clock.set(moment.at - SHORTLY)
    await asyncio.sleep(SHORTLY.total_seconds())
    clock.jump(moment.jump)
    await asyncio.sleep(max(2 * NOTICED_S, LOOKED_S if moment.right_again else 0.0))
    if moment.right_again:
        clock.jump(-moment.jump)
        await asyncio.sleep(2 * NOTICED_S)
    if moment.days > 1:
        today = clock.now().astimezone(ZONE).date().isoformat()
        shown = await came_true(lambda: all(watcher.shows[0] == today for watcher in watchers), SYNC_S)
        assert shown, f"{today} has begun, shown is {[watcher.shows for watcher in watchers]}"


async def _judge(expected: int, left: Sequence[Day], house: Path) -> None:
    """The days that were to be, in order, each but the last sealed, and fair by a second account."""
    assert len(left) == expected, [day.date for day in left]
    for day in left:
        sealed = bool(day.events) and isinstance(day.events[-1][1], DayEnded)
        assert (day is left[-1]) != sealed, f"{day.date} is not sealed"
        log = DayLog(house / "days" / f"{day.date}.db")
        records = await log.read()
        await log.close()
        assert not (unfair := Model(day.date).violations(records)), unfair[0]


TRIALS = (
    Trial(
        name="clock",
        one_try="Everybody works while the clock is set by an hour or ten days, or runs through midnight, a"
        " change of summer time, a leap day or the year's end, or the machine is in another time zone: one of"
        " fourteen such moments.",
        never="a number or call twice or left out within a day; a day that is not sealed, or ends by a jump;"
        " a wait that is negative; a terminal that loses its line; an answer that is not on disk.",
        gate=len(MOMENTS),
        night=50 * len(MOMENTS),
        play=odd_moment,
        missing=missing,
    ),
)
