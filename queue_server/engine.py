"""One task owns the queue: wishes in, one transaction for all that wait, then answers, pictures and effects.

Nothing is answered, shown or printed before it is on disk: the queue runs ahead of the disk only while the
engine itself waits for the commit, and nobody looks at it then.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

import structlog
from msgspec import Struct

from config.model import Centre
from config.roster import Roster, Span, opening
from protocol.commands import AnyCommand
from protocol.envelope import Done, Outcome
from protocol.ids import DayDate
from protocol.refusals import RefusalCode
from protocol.server_seen import ClockAhead
from queue_server.answers import Answers
from queue_server.clock import Clock, day_of
from queue_server.core.decide import decide, keep_house
from queue_server.core.events import AnyEvent, TicketCalled, TicketRecalled
from queue_server.core.evolve import evolve
from queue_server.core.housekeeping import EndDay, Housekeeping, Tick
from queue_server.core.policy import HOUSE, Actor, Context, Foreseen, Refusal, nothing_foreseen
from queue_server.core.state import Queue
from queue_server.log_port import ENDED, FencedError, HousePort, LogError, Record
from queue_server.timekeeping import Timekeeper

INBOX_MAX = 1024
"""Wishes that may wait: more is refused as busy, and asked again by the terminal."""
BATCH_MAX = 64
"""Wishes in one transaction: bounds how long the event loop is held between two commits."""
PASSING_KEPT = 1024
"""Answers without an event remembered for a repeated question; done commands are remembered all day."""
TICK_S = 5.0
PUBLISH_GAP_S = 0.05
"""Least time between two pictures: faster than an eye, slower than a storm of commands."""
PUBLISH_SHARE = 4
"""Pictures may take one part in this many of the loop's time."""
LET_IN_MAX = 8
"""Transactions let in between pictures of one moment: then the rest of them is made without a pause."""

log = structlog.get_logger()


class StoppedError(Exception):
    """The engine has ended: no answer will come from it."""


Answer = Outcome | Refusal
Answering = Callable[[Answer | None], None]
"""Is told the answer once it is on disk; none: the engine has ended, and nobody knows."""


class Wish(Struct):
    """A command waiting for its turn."""

    request_id: str
    command: AnyCommand | Housekeeping
    actor: Actor
    answering: Answering | None


Publish = Callable[[Queue, datetime], Iterator[None]]
"""Shows a moment to all, picture by picture; each tells of the queue as it is when it is made."""
Committed = Callable[[Queue, Sequence[AnyEvent]], None]
HoursOf = Callable[[DayDate], Span | None]
"""When the centre is open on a day; none: it is not."""


def _nobody_told() -> None:
    """Whoever has no supervisor."""


class Engine:
    """The queue's one writer."""

    def __init__(self, centre: Centre, house: HousePort, clock: Clock) -> None:
        self.centre = centre
        self._house = house
        self._clock = clock
        self._inbox: deque[Wish] = deque()
        self._work = asyncio.Event()
        self._dirty = True
        self._time = Timekeeper(clock)
        self._publish: Publish | None = None
        self._committed: Committed | None = None
        self._alive: Callable[[], None] = _nobody_told
        self._foreseen: Foreseen = nothing_foreseen
        self._hours: HoursOf = partial(opening, Roster(), centre)
        self._next_tick = 0.0
        self._next_publish = 0.0
        self._called = False
        """Whether there is a call that waits for the next pictures."""
        self._house_wishes = 0
        self._in_hand: list[Wish] = []
        self._stopped = False
        self._done: dict[str, Outcome] = {}
        self._passing: dict[str, Answer] = {}

    async def open(self) -> None:
        """End the days before if nobody did, and bring today back to where it stood; LogError if it fails."""
        days = await self._house.days()
        today = await self._today(days)
        earlier = sorted(day for day in days if day < today)
        for before in earlier:
            await self._seal(before, newest=before == earlier[-1])
        await self._go_on_in(today)

    async def _go_on_in(self, day: str) -> None:
        """Bring the day back to where it stood, and its time. LogError."""
        self._time.begin(day, await self._open_day(day))

    async def _today(self, days: Sequence[str]) -> str:
        """The clock's date, or the newest day that has begun: the clock was ahead, or set back over midnight.

        Numbers go on then: the day of the clock's date was ended, and a day that has ended takes nobody in. A
        later day in which nothing has happened counts only where that one has ended. LogError.
        """
        today = day_of(self._clock.now())
        later = [day for day in days if day > today]
        if not later:
            return today
        begun = [day for day in later if await self._house.day_log(day).last_kind()]
        has_ended = today in days and await self._house.day_log(today).last_kind() == ENDED
        newest = max(begun or (later if has_ended else [today]))
        log.warning("clock.behind", clock=today, day=newest)
        return newest

    async def _seal(self, day: str, *, newest: bool) -> None:
        """End an earlier day; when its file cannot be read, today goes on all the same.

        The newest is brought back even if it has ended, however late the clock says it is: what was answered
        in it may be asked again. LogError, FencedError.
        """
        now = self._clock.now()
        try:
            if not newest and await self._house.day_log(day).has_ended():
                return
            last_at = await self._open_day(day)
        except FencedError:  # of two servers, also when their clocks do not show the same day
            raise
        except LogError as error:
            log.warning("day.not_brought_back", day=day, why=str(error))
            return
        await self._end_day(last_at or now)

    def connect(
        self,
        publish: Publish,
        committed: Committed,
        alive: Callable[[], None] = _nobody_told,
        foreseen: Foreseen = nothing_foreseen,
        hours: HoursOf | None = None,
    ) -> None:
        """Who is shown pictures, who acts on what was committed, and who is told after each commit.

        `foreseen`: what visitors are told of the wait. `hours`: when the centre is open; none: as its
        configuration says.

        Where nothing happens the disk is tried every TICK_S.
        """
        self._publish = publish
        self._committed = committed
        self._alive = alive
        self._foreseen = foreseen
        self._hours = hours or self._hours

    async def close(self) -> None:
        """Close the day's file."""
        await self._log.close()

    def ask(self, request_id: str, command: AnyCommand, actor: Actor, answering: Answering) -> None:
        """Put a wish; it is answered once that is on disk. The same id gets the same answer. StoppedError."""
        if self._stopped:
            raise StoppedError
        if len(self._inbox) >= INBOX_MAX:
            answering(Refusal(RefusalCode.BUSY))
            return
        self._inbox.append(Wish(request_id, command, actor, answering))
        self._work.set()

    def wish(self, command: Housekeeping, answering: Answering | None = None) -> None:
        """A wish of the server's own, never refused; an engine that has ended forgets it. StoppedError."""
        if self._stopped:
            raise StoppedError
        self._house_wishes += 1
        wish_id = f"house:{self.queue.day}:{self.queue.version}:{self._house_wishes}"
        self._inbox.append(Wish(wish_id, command, HOUSE, answering))
        self._work.set()

    async def record(self, command: Housekeeping) -> None:
        """A wish of the server's own, never refused; returns once it is on disk. StoppedError."""
        done: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def told(answer: Answer | None) -> None:
            if not done.done():
                done.set_result(answer)

        self.wish(command, told)
        if await done is None:
            raise StoppedError

    @property
    def epoch(self) -> int:
        """Of this server's reign over the days."""
        return self._house.epoch

    @property
    def secret(self) -> bytes:
        """Key of the open day's ticket tokens."""
        return self._log.secret

    @property
    def clock_ahead(self) -> ClockAhead | None:
        """The date that the server's clock shows and the queue does not believe yet; none: all is well."""
        return self._time.ahead

    def now(self) -> datetime:
        """The queue's time: pictures and lists tell no other."""
        return self._time.now()

    def touch(self) -> None:
        """Something outside the queue changed that pictures show: a terminal, a printer."""
        self._dirty = True
        self._work.set()

    async def run(self) -> None:
        """Work until cancelled; LogError when the disk fails, and then the process must end.

        Whoever still waits for an answer is then told that none will come.
        """
        try:
            await self._work_on()
        finally:
            self._stopped = True
            for wish in (*self._in_hand, *self._inbox):
                if wish.answering is not None:
                    wish.answering(None)

    async def _work_on(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            await self._await_work()
            doubted, now = self._time.ahead, self._time.now()
            if doubted is not self._time.ahead:
                self._dirty = True
            if day_of(now) > self.queue.day:
                await self._end_day(now)
                await self._go_on_in(day_of(now))
                self._dirty = True
                if self._committed is not None:
                    self._committed(self.queue, [])
            if clock() >= self._next_tick:
                self._next_tick = clock() + TICK_S
                await self._log.beat()
                self._alive()
                hours = self._hours(day_of(now))
                self._inbox.append(Wish(f"tick:{now.isoformat()}", Tick(hours), HOUSE, None))
            await self._work_off(now)
            if self._dirty and clock() >= self._next_publish:
                await self._show(now)

    async def _await_work(self) -> None:
        if self._inbox:
            await asyncio.sleep(0)
            return
        self._work.clear()
        until = min(self._next_tick, self._next_publish) if self._dirty else self._next_tick
        try:
            async with asyncio.timeout_at(until):
                await self._work.wait()
        except TimeoutError:
            pass

    async def _work_off(self, now: datetime) -> None:
        wishes = [self._inbox.popleft() for _ in range(min(BATCH_MAX, len(self._inbox)))]
        self._in_hand = wishes
        records: list[Record] = []
        answers = [(wish, self._apply(wish, now, records)) for wish in wishes]
        if records:
            await self._log.append(records)
            self._alive()
            self._dirty = True
            if any(isinstance(record.event, TicketCalled | TicketRecalled) for record in records):
                self._called = True
                self._next_publish = 0.0  # a visitor waits for it: a call is shown without any gap
        for wish, answer in answers:
            if wish.answering is not None:
                wish.answering(answer)
        self._in_hand = []
        if records and self._committed is not None:
            self._committed(self.queue, [record.event for record in records])

    def _apply(self, wish: Wish, now: datetime, records: list[Record]) -> Answer:
        """Decide and evolve one wish; what happened is added to the records that go to disk."""
        known = (
            self._done.get(wish.request_id)
            or self._passing.get(wish.request_id)
            or self._done_before.get(wish.request_id)
        )
        if known is not None:
            return known
        context = Context(now, wish.actor, self.centre, self._foreseen)
        if isinstance(wish.command, Housekeeping):
            events: list[AnyEvent] | Refusal = keep_house(self.queue, wish.command, context)
        else:
            events = decide(self.queue, wish.command, context)
        if isinstance(events, Refusal):
            return self._remember(wish.request_id, events)
        actor = wish.actor.signature
        for ordinal, event in enumerate(events):
            evolve(self.queue, event, now)
            records.append(Record(now, actor, wish.request_id, ordinal, event))
        if isinstance(wish.command, Housekeeping):
            return Done()
        outcome = self._answers.outcome(wish.command, events, now)
        if not events:
            return self._remember(wish.request_id, outcome)
        self._done[wish.request_id] = outcome
        return outcome

    def _remember(self, request_id: str, answer: Answer) -> Answer:
        """Keep an answer that left no event for a question that comes again soon."""
        self._passing[request_id] = answer
        if len(self._passing) > PASSING_KEPT:
            self._passing.pop(next(iter(self._passing)))
        return answer

    async def _show(self, now: datetime) -> None:
        """Pictures for all; who wishes something meanwhile waits for the one in hand, not for all of them.

        What is let in happens at the instant that the pictures tell of, and is shown by the next ones at the
        latest.
        """
        self._dirty = self._called = False
        if self._publish is None:
            return
        clock = asyncio.get_running_loop().time
        took_s, let_in, began = 0.0, 0, clock()
        for _ in self._publish(self.queue, now):
            await asyncio.sleep(0)
            if self._inbox and let_in < LET_IN_MAX:
                took_s += clock() - began
                await self._work_off(now)
                let_in, began = let_in + 1, clock()
        took_s += clock() - began
        gap_s = 0.0 if self._called else max(PUBLISH_GAP_S, took_s * (PUBLISH_SHARE - 1))
        self._next_publish = clock() + gap_s

    async def _open_day(self, day: str) -> datetime | None:
        """Bring a day back to where it stood; gives its last instant, none: it is empty. LogError."""
        self._log = self._house.day_log(day)
        try:
            await self._log.fence()
            records = await self._log.read()
        except LogError:
            await self._log.close()
            raise
        self.queue = Queue(day, tuple(desk.id for desk in self.centre.desks))
        self._answers = Answers(self.centre, day, self._log.secret)
        self._done_before = self._done  # a question may be asked again over midnight
        self._done = {}
        for record in records:
            evolve(self.queue, record.event, record.at)
            if record.ordinal == 0:
                self._done[record.command_id] = self._answers.of_first(record.event, record.at)
        return records[-1].at if records else None

    async def _end_day(self, now: datetime) -> None:
        """Bring the open day to its end, unless it is there, and close its file."""
        records: list[Record] = []
        if not self.queue.ended:
            self._apply(Wish(f"end:{self.queue.day}", EndDay(), HOUSE, None), now, records)
        if records:
            await self._log.append(records)
        await self._log.close()
