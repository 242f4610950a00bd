"""Asks the process that plays the queue on, and keeps what it said last; no answer waits for it.

One question at a time: while it is out, what has happened meanwhile makes the next one. Pictures are made
anew only when something else is told.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from itertools import islice

import msgspec
import structlog
from msgspec import Struct

from config.model import Centre
from config.roster import Cell, Span
from protocol.ids import DayDate, FieldId, LanguageCode, TicketCode
from queue_server.core.estimates import Window, window
from queue_server.core.housekeeping import EndIntake
from queue_server.core.past import Recent
from queue_server.core.policy import Foresaid
from queue_server.core.prospects import Prospects
from queue_server.core.state import Queue
from queue_server.core.turns import scarcity_head_start_s
from queue_server.forecast.announcement import level_after
from queue_server.forecast.foretold import Foretold
from queue_server.forecast.learned import habits_of, history_of, level_of, limits_of
from queue_server.forecast.outlook import Basis, Outlook, Question
from queue_server.forecast.rollouts import Newcomer
from queue_server.forecast.sight import situation_of
from queue_server.forecast.situation import Planned
from queue_server.foresight import FRAME_MAX, LENGTH_BYTES, framed

ANSWER_MAX_S = 10.0
"""A process that says nothing for so long is started anew."""
AGAIN_S = 30.0
"""Before a process that ended is started again."""
MINUTE_S = 60.0
"""So often it is asked where nothing happens: sessions grow longer."""
UNPLANNED_ENDING_S = 7200.0
"""Before closing, the time in which a cell may be ended on a day without a roster."""
SHARE = 4
"""The process may work one part in this many of the time: a small machine has other work."""
NEWCOMERS_MAX = 100
"""Kinds of visitors who might come that are asked about."""

Pipes = tuple[asyncio.StreamWriter, asyncio.StreamReader]
"""Where questions go, and where answers come from."""
Foresight = Callable[[], AbstractAsyncContextManager[Pipes]]
"""Begins whoever plays the queue on, and ends it."""

log = structlog.get_logger()


class ForesightError(Exception):
    """The process that plays the queue on says nothing sensible any more."""


FAILURES = (OSError, TimeoutError, asyncio.IncompleteReadError, msgspec.MsgspecError, ForesightError)
"""Ways in which whoever answers may fail: each ends it, and another is begun."""


class _Asked(Struct, frozen=True):
    """A question, and what is needed to tell the answer."""

    question: Question
    told: dict[TicketCode, Window]
    """What those who wait were told when they came."""
    may_end: tuple[Cell, ...]
    """Cells of which the answer decides whether more tickets are given."""


class Forecaster:
    """What is foreseen of the day."""

    def __init__(
        self,
        centre: Centre,
        changed: Callable[[], None],
        end_intake: Callable[[EndIntake], None],
        hours: Callable[[DayDate], Span | None],
        planned: Callable[[DayDate], Sequence[Planned]] = lambda _: (),
        begun: Foresight | None = None,
    ) -> None:
        """`changed` is told when something else is foreseen.

        `hours`: when the centre is open on a day; none: it is not. `planned`: who is on duty then.
        `end_intake` is told of cells whose next visitor would not be served by closing; `begun`: how whoever
        answers is begun; none: nothing is foreseen.
        """
        self._centre = centre
        self._changed = changed
        self._end_intake = end_intake
        self._begun = begun
        self._planned = planned
        self._hours = hours
        self._level = level_of(Recent())
        """After the last days, with which today begins."""
        self._basis = Basis(limits_of(centre))
        self._known: Basis | None = None
        """What the process was told of it."""
        self._looked_at: tuple[DayDate, int, int, Sequence[Planned]] | None = None
        self._next: _Asked | None = None
        """The next question, or the one that is out."""
        self._out = self._missed = False
        """Whether a question is out, and whether something has happened meanwhile."""
        self._asked = asyncio.Event()
        self._foretold = Foretold()

    def learn(self, recent: Recent) -> None:
        """What the last days teach."""
        self._level = level_of(recent)
        self._basis = Basis(limits_of(self._centre), history_of(recent), habits_of(recent, self._centre))
        self._looked_at = None
        self._changed()

    def look(self, queue: Queue, now: datetime) -> None:
        """Ask about this moment, once no question is out, unless nothing has changed since the last one."""
        planned = self._planned(queue.day)
        here = (queue.day, queue.version, int(now.timestamp() // MINUTE_S), planned)
        if self._begun is None or here == self._looked_at:
            return
        if self._out:
            self._missed = True
            return
        self._looked_at = here
        hours = self._hours(queue.day)
        closes = None if hours is None else hours.ends
        question = Question(
            basis=None if self._known is self._basis else self._basis,
            situation=situation_of(
                queue,
                now,
                closes,
                planned,
                lambda group: scarcity_head_start_s(queue, group, self._centre),
            ),
            newcomers=tuple(islice(self._newcomers(queue), NEWCOMERS_MAX)),
            level=level_after(self._level, [one.late for one in queue.lived.values()]),
        )
        waiting = (queue.tickets[one.ticket] for one in question.situation.waiting)
        self._next = _Asked(
            question,
            {
                ticket.code: window(ticket.issued_at.timestamp(), ticket.told)
                for ticket in waiting
                if ticket.told is not None
            },
            tuple(self._ending(queue, now, closes, planned)),
        )
        self._asked.set()

    def _ending(
        self, queue: Queue, now: datetime, closes: datetime | None, planned: Sequence[Planned]
    ) -> Iterator[Cell]:
        """Cells that are open, and may be ended: not what staff holds open.

        Without a roster nobody knows who comes later today.
        """
        left_s = 0.0 if closes is None else (closes - now).total_seconds()
        decides = self._centre.rules.last_tickets == "forecast" and queue.open
        if decides and left_s > 0 and (planned or left_s <= UNPLANNED_ENDING_S):
            for field in self._centre.fields:
                for language in self._centre.languages.all:
                    cell = (field.id, language)
                    if queue.intake.takes(cell) and cell not in queue.intake.held:
                        yield cell

    def _newcomers(self, queue: Queue) -> Iterator[Newcomer]:
        """Who might come: every field in every language, and what visitors of today have asked for.

        Each also with accessible priority, whom a forecast of the line's end would send out past their call.
        """
        singly = [
            (field.id, (language,))
            for field in self._centre.fields
            for language in self._centre.languages.all
        ]
        groups = [*singly, *(group for group in queue.lines.groups if len(group[1]) > 1)]
        head_start_s = self._centre.rules.priority_head_start_min * MINUTE_S
        for priority in (False, True) if head_start_s else (False,):
            for group in groups:
                ahead_s = scarcity_head_start_s(queue, group, self._centre) + priority * head_start_s
                yield Newcomer(*group, priority, ahead_s)

    def foreseen(
        self, field: FieldId, languages: tuple[LanguageCode, ...], now: datetime, *, priority: bool
    ) -> Foresaid:
        """The wait of a visitor who comes now."""
        return self._foretold.newcomer(field, languages, now, priority=priority)

    def prospects(self, now: datetime) -> Prospects:
        """All that terminals are shown of it at this instant."""
        return self._foretold.prospects(now)

    async def run(self) -> None:
        """Ask and listen until cancelled; a process that fails is started again."""
        if self._begun is None:
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_again())
            while True:
                try:
                    async with self._begun() as (questions, answers):
                        await self._ask_on(questions, answers)
                except FAILURES as error:
                    log.warning("forecast.failed", why=str(error) or type(error).__name__, again_s=AGAIN_S)
                self._known = self._looked_at = None  # whoever comes next knows nothing: it is told all
                self._out = self._missed = False
                self._asked.clear()
                self._foretold = Foretold()
                self._changed()
                await asyncio.sleep(AGAIN_S)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(MINUTE_S)
            self._changed()

    async def _ask_on(self, questions: asyncio.StreamWriter, answers: asyncio.StreamReader) -> None:
        now_s = asyncio.get_running_loop().time
        while True:
            await self._asked.wait()
            self._asked.clear()
            asked = self._next
            assert asked is not None
            self._out, began_s = True, now_s()
            async with asyncio.timeout(ANSWER_MAX_S):
                questions.write(framed(msgspec.msgpack.encode(asked.question)))
                await questions.drain()
                length = int.from_bytes(await answers.readexactly(LENGTH_BYTES), "big")
                if length > FRAME_MAX:
                    raise ForesightError(f"an answer of {length} bytes")
                frame = await answers.readexactly(length)
            self._known = asked.question.basis or self._known
            self._hear(asked, msgspec.msgpack.decode(frame, type=Outlook))
            await asyncio.sleep((now_s() - began_s) * (SHARE - 1))

    def _hear(self, asked: _Asked, outlook: Outlook) -> None:
        self._out = False
        otherwise = self._foretold.hear(outlook, asked.told, asked.may_end)
        over = self._foretold.over(asked.may_end)
        if over:
            self._end_intake(EndIntake(over))
        if self._missed or otherwise:
            self._missed = False
            self._changed()


@asynccontextmanager
async def in_a_process() -> AsyncIterator[Pipes]:
    """A process of its own, ended with whoever asks. OSError when it cannot be started."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "queue_server.foresight",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # An interrupt at the keyboard is for the server to act on. Not a session of its own: Linux shares the
        # processor out between sessions first (sched(7), autogroup), and being nice would be in vain.
        process_group=0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
