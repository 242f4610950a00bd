"""Every slip reaches paper once: durable jobs, one owner task per printer, news of what became of them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import time
from types import MappingProxyType, TracebackType
from typing import Self, TypeVar

import structlog
from msgspec import Struct
from msgspec.structs import replace

from config.model import Printer
from printers.driver import Driver, Patience
from printers.job import Job, JobOutcome, JobState
from printers.memory import Memory, forget_damaged
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded, Render
from printers.store import IDS_PER_START, Store, Stored
from printers.talk import id_bytes
from printers.ways import Way, open_way
from protocol.ids import DayDate, DeviceName, TicketCode

T = TypeVar("T")


CABLE_RESTART_S = 0.5
"""A printer on a cable is there again at once: any longer silence may hide a restart."""
CABLE_LOOK_S = 0.2
"""So it is looked at often enough to know that it was never off."""

log = structlog.get_logger()


class Pauses(Struct, frozen=True, kw_only=True):
    """Between two attempts, in seconds."""

    poll_s: float = 2.0
    """An idle printer is looked at this often: with the longest look staff know within 5 s."""
    retry_min_s: float = 0.1
    retry_max_s: float = 2.0
    """A slip comes out at most this long after the printer is well again; staff know as soon."""


class Spooler:
    """Enter it to print; leave it at any moment: what was being sent is found out at the next start."""

    def __init__(  # noqa: PLR0913 - what a centre's paper depends on, all but four by keyword
        self,
        printers: Sequence[Printer],
        store_path: Path,
        on_outcome: Callable[[JobOutcome], Awaitable[None]],
        render: Render,
        *,
        on_health: Callable[[tuple[PrinterHealth, ...]], None] = lambda _: None,
        patience: Patience | None = None,
        pauses: Pauses | None = None,
        day: DayDate | None = None,
        needless: Mapping[TicketCode, int] = MappingProxyType({}),
        way_to: Callable[[Printer], Way] = open_way,
        url_of: Callable[[Job], str] | None = None,
        keep_days: int = 1,
    ) -> None:
        """`on_outcome` is awaited for each news of a job, at least once; `on_health` hears each change.

        `day`: today, if it has begun; `needless`: its tickets of which so many slips are not needed any
        more. Both are known before the first slip comes out. `url_of`: what a job's QR says, asked when it is
        printed, in another thread: it lies in no file; none: what its slip has. `keep_days`: so long a slip
        is known at most, also one of which nobody knows what became of it.
        """
        self._printers = printers
        self._store_path = store_path
        self._on_outcome = on_outcome
        self._on_health = on_health
        self._render = render
        self._url_of = url_of
        self._keep = timedelta(days=keep_days)
        self._patience = patience
        self._pauses = pauses or Pauses()
        self._memory = Memory()
        self._owners: dict[DeviceName, _Owner] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._group = asyncio.TaskGroup()
        self._telling = asyncio.Lock()
        self._day = day
        self._needless = needless
        self._way_to = way_to

    async def __aenter__(self) -> Self:
        try:
            await self._memory.open(self._store_path)
            await self._memory.ask(self._clear_away)
            for printer in self._printers:
                self._owners[printer.name] = await self._owner(printer)
        except BaseException:
            await self._memory.close()
            raise
        await self._group.__aenter__()
        self._tasks = [
            self._group.create_task(owner.run(), name=f"printer {name}")
            for name, owner in self._owners.items()
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        try:
            await self._group.__aexit__(kind, error, trace)
        finally:
            await self._memory.close()

    def _clear_away(self, store: Store) -> None:
        """Nothing comes out that nobody needs any more, or for a printer that is gone."""
        store.know_only([printer.name for printer in self._printers])
        if self._day is not None:
            self._begin(store, self._day)
            for ticket, copies in self._needless.items():
                store.drop(self._day, ticket, copies)

    async def submit(self, job: Job) -> None:
        """Has the slip printed once; again with the same day, ticket and copy does nothing; SpoolFull."""
        owner = self._owners[job.printer]
        await self._memory.ask(lambda store: store.submit(job))
        owner.wake()

    async def begin_day(self, day: str) -> None:
        """Call it before the first slip of a day: nothing of earlier days comes out, nor is it kept."""
        await self._memory.ask(lambda store: self._begin(store, day))
        await self._tell()

    def _begin(self, store: Store, day: str) -> None:
        oldest = date.fromisoformat(day) - self._keep
        store.begin_day(day, oldest.isoformat())
        forget_damaged(self._store_path, self._keep)

    async def drop(self, day: str, ticket: str, copies: int) -> None:
        """The ticket needs its first slip and copies up to this one no more: they are not printed."""
        await self._memory.ask(lambda store: store.drop(day, ticket, copies))
        await self._tell()

    @property
    def begun_anew(self) -> bool:
        """The list was damaged: whether what was ordered before is on paper is not known; see `doubt`."""
        return self._memory.begun_anew

    async def doubt(self, jobs: Sequence[Job]) -> None:
        """What was ordered before the list was damaged: a person looks whether it is on paper."""
        await self._memory.doubt(jobs)
        await self._tell()

    def health(self) -> tuple[PrinterHealth, ...]:
        """Every printer, in the order of the configuration."""
        return tuple(owner.health for owner in self._owners.values())

    async def _owner(self, printer: Printer) -> "_Owner":
        known = await self._memory.ask(lambda store: store.start(printer.name))
        patience = self._patience or Patience()
        if printer.spare is not None:
            patience = replace(patience, held_s=patience.held_with_spare_s)
        if printer.on_cable:
            patience = replace(
                patience,
                restart_s=min(patience.restart_s, CABLE_RESTART_S),
                look_s=min(patience.look_s, CABLE_LOOK_S),
            )
        driver = Driver(
            PrinterHealth(printer.name, level=known.level),
            self._way_to(printer),
            (id_bytes(known.first_id + number % IDS_PER_START) for number in count()),
            # where the word that a slip came to its last line can get lost, it waits to be counted
            hands_on=printer.spare is not None and not printer.on_slow_line,
            part_by_part=printer.on_slow_line,
            unheard_s=known.unheard_s,
            patience=patience,
            on_health=lambda _: self._on_health(self.health()),
        )
        return _Owner(printer, driver, self._memory, self._made, self._tell, self._hand_on, self._pauses)

    def _made(self, job: Job, printer: Printer) -> Encoded:
        """A job's bytes for this printer; in another thread."""
        url = job.slip.token_url if self._url_of is None else self._url_of(job)
        return self._render(replace(job.slip, token_url=url), printer)

    def standing_in(self, home: DeviceName) -> DeviceName:
        """Where slips ordered at this printer come out now: the first of those standing by that prints."""
        spares = {name: owner.printer.spare for name, owner in self._owners.items()}
        ready = (name for name in _standing_by(home, spares) if self._owners[name].health.prints)
        return next(ready, home)

    async def _hand_on(self, stored: Stored) -> bool:
        """Gives a slip that is certainly not on paper to the printer standing in for its own, if any."""
        name = self.standing_in(stored.home)
        if name == stored.job.printer:
            return False
        moved = await self._memory.ask(partial(Store.hand_on, job_id=stored.id, printer=name))
        self._owners[name].wake()
        return moved

    async def _tell(self) -> None:
        """Tells what has not been told; one teller at a time, so that news of one job keeps its order."""
        async with self._telling:
            for job_id, outcome in await self._memory.ask(Store.untold):
                await self._on_outcome(outcome)
                await self._memory.ask(partial(Store.told, job_id=job_id, outcome=outcome))


class _Owner:
    """The only task that speaks to one printer."""

    def __init__(
        self,
        printer: Printer,
        driver: Driver,
        memory: Memory,
        made: Callable[[Job, Printer], Encoded],
        tell: Callable[[], Awaitable[None]],
        hand_on: Callable[[Stored], Awaitable[bool]],
        pauses: Pauses,
    ) -> None:
        self.printer = printer
        self._driver = driver
        self._memory = memory
        self._made = made
        self._tell = tell
        self._hand_on = hand_on
        self._pauses = pauses
        self._retry_s = pauses.retry_min_s
        self._level: Level | None = driver.health.level
        self._woken = asyncio.Event()

    @property
    def health(self) -> PrinterHealth:
        return self._driver.health

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Does what there is to do, for ever."""
        await self._tell()
        await self._driver.look()
        while True:
            self._woken.clear()
            await self._relieved()
            stored = await self._memory.ask(lambda store: store.next(self.printer.name))
            if stored is not None and stored.state is JobState.UNKNOWN:
                await self._finish(stored, await self._driver.resolve(stored.cuts_before))
            elif await self._memory.ask(lambda store: store.torn(self.printer.name)):
                await self._push_out()
            elif stored is None:
                await self._idle()
            else:
                await self._print(stored)
            await self._learn()

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(self._pauses.poll_s):
                await self._woken.wait()
        except TimeoutError:
            await self._driver.look()

    async def _print(self, stored: Stored) -> None:
        try:
            encoded = await asyncio.to_thread(self._made, stored.job, self.printer)
        except Exception:  # one slip that cannot be made must not end the paper of all others
            log.exception("slip.unprintable", printer=self.printer.name)
            await self._finish(stored, Result(Outcome.NOT_PRINTED, Reason.UNPRINTABLE))
            return
        try:
            result = await self._driver.print(encoded, partial(self._sending, stored))
        except _NotWanted:
            return
        await self._finish(stored, result)

    async def _sending(self, stored: Stored, cuts_before: int | None) -> None:
        await self._learn()
        on_at = time() - self._driver.unheard_s
        if not await self._memory.ask(lambda store: store.sending(stored.id, cuts_before, on_at)):
            raise _NotWanted

    async def _finish(self, stored: Stored, result: Result) -> None:
        state = await self._memory.ask(lambda store: store.finish(stored.id, result))
        await self._tell()
        if await self._relieved():
            return
        await self._pause(
            again=state in (JobState.QUEUED, JobState.UNKNOWN) and result.reason is not Reason.COUNTED
        )

    async def _push_out(self) -> None:
        """At once, not with the next slip: its visitor would find two pieces."""
        pushed_out = await self._driver.push_out()
        if pushed_out:
            await self._memory.ask(lambda store: store.pushed_out(self.printer.name))
        await self._pause(again=not pushed_out)

    async def _pause(self, *, again: bool) -> None:
        """Before the same is tried again, longer from time to time; none after what went well."""
        if again:
            await asyncio.sleep(self._retry_s)
            self._retry_s = min(self._retry_s * 2, self._pauses.retry_max_s)
        else:
            self._retry_s = self._pauses.retry_min_s

    async def _relieved(self) -> bool:
        """Whether slips waiting here were handed on, because this printer does not print."""
        if self.health.prints or self.health.condition == "unknown":
            return False
        waiting = await self._memory.ask(lambda store: store.waiting(self.printer.name))
        moved = [await self._hand_on(stored) for stored in waiting]
        if any(moved):
            await self._tell()
        return any(moved)

    async def _learn(self) -> None:
        """Keeps what the printer can confirm: after a crash the first slip is found out by it."""
        level = self._driver.health.level
        if level is not None and level is not self._level:
            self._level = level
            await self._memory.ask(lambda store: store.learn(self.printer.name, level))


def _standing_by(home: str, spares: Mapping[str, str | None]) -> Iterator[str]:
    """The printer a slip was ordered at, the one that stands by for it, and so on, each once.

    >>> list(_standing_by("a", {"a": "b", "b": "c", "c": "a"}))
    ['a', 'b', 'c']
    """
    seen: dict[str, None] = {}
    name: str | None = home
    while name is not None and name in spares and name not in seen:
        seen[name] = None
        yield name
        name = spares[name]


class _NotWanted(Exception):  # noqa: N818 - named for what it says
    """The job was dropped between choosing and sending it."""
