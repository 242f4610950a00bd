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
from math import inf

import msgspec
import structlog

from config.model import Centre
from config.roster import Cell, Span
from protocol.ids import DayDate, FieldId, LanguageCode, TicketCode
from protocol.waits import Expected, LastTicket, WaitKind
from queue_server.core.estimates import GRID_S, Estimate, Window, window
from queue_server.core.housekeeping import EndIntake
from queue_server.core.past import Recent
from queue_server.core.policy import Foresaid
from queue_server.core.prospects import NOTHING_FORESEEN, Prospects, on_the_clock
from queue_server.core.state import Queue
from queue_server.core.turns import scarcity_head_start_s
from queue_server.forecast.announcement import kept_window, level_after
from queue_server.forecast.learned import habits_of, history_of, level_of, limits_of
from queue_server.forecast.outlook import NOTHING_KNOWN, Basis, Outlook, Prospect, Question
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
STALE_S = 180.0
"""What was said longer ago is told nobody any more."""
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

SOMEBODY_SOMETIME = Expected(kind=WaitKind.WINDOW)
"""Somebody is there, and nobody can tell when they would come to it."""

_Kind = tuple[FieldId, tuple[LanguageCode, ...], bool]
"""Of whoever might come: field, languages, and whether with accessible priority."""

log = structlog.get_logger()


class ForesightError(Exception):
    """The process that plays the queue on says nothing sensible any more."""


FAILURES = (OSError, TimeoutError, asyncio.IncompleteReadError, msgspec.MsgspecError, ForesightError)
"""Ways in which whoever answers may fail: each ends it, and another is begun."""


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
        self._question: Question | None = None
        """The next one, or the one that is out."""
        self._out = self._missed = False
        """Whether a question is out, and whether something has happened meanwhile."""
        self._asked = asyncio.Event()
        self._outlook = NOTHING_KNOWN
        self._prospects: dict[_Kind, Prospect] = {}
        self._expected: dict[Cell, Window | WaitKind | None] = {}
        """What whoever comes now is told; none: somebody is there, and nobody can tell when."""
        self._crowded_out: frozenset[Cell] = frozenset()
        """What somebody serves who would not get to whoever comes now."""
        self._windows: dict[TicketCode, Window | None] = {}
        """What everybody who waits is told now; none: nobody is in sight for them."""
        self._last_tickets: dict[Cell, float] = {}
        """What staff is told of cells that are open, POSIX seconds."""
        self._may_end: frozenset[Cell] = frozenset()
        """Cells of which the question that is out decides whether more tickets are given."""
        self._told: dict[TicketCode, Window] = {}
        """What those who are asked about were told when they came."""

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
        self._question = Question(
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
        self._may_end = frozenset(self._ending(queue, now, closes, planned))
        waiting = (queue.tickets[one.ticket] for one in self._question.situation.waiting)
        self._told = {
            ticket.code: window(ticket.issued_at.timestamp(), ticket.told)
            for ticket in waiting
            if ticket.told is not None
        }
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
        if not self._holds(now):
            return None
        whole = (field, languages, priority)
        kinds = [whole] if whole in self._prospects else [(field, (one,), priority) for one in languages]
        known = [self._prospects[kind] for kind in kinds if kind in self._prospects]
        estimates = [one.estimate for one in known if one.estimate is not None]
        if estimates:
            soonest = min(estimates, key=lambda one: one.middle_s)
            return _later(soonest, now.timestamp() - self._outlook.at)
        return None if not known or any(one.manned for one in known) else WaitKind.NOBODY

    def prospects(self, now: datetime) -> Prospects:
        """All that terminals are shown of it at this instant."""
        if not self._holds(now):
            return NOTHING_FORESEEN
        return Prospects(
            {cell: _on_screens(told, now) for cell, told in self._expected.items()},
            self._crowded_out,
            {
                code: None if found is None else on_the_clock(found, now.tzinfo)
                for code, found in self._windows.items()
            },
            tuple(
                LastTicket(field=field, language=language, at=datetime.fromtimestamp(at, now.tzinfo))
                for (field, language), at in self._last_tickets.items()
            ),
        )

    def _holds(self, now: datetime) -> bool:
        return 0 <= now.timestamp() - self._outlook.at <= STALE_S

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
                self._known = self._looked_at = None
                self._missed = True
                self._asked.clear()  # whoever comes next knows nothing: the next question says all
                self._hear(NOTHING_KNOWN)
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
            question = self._question
            assert question is not None
            self._out, began_s = True, now_s()
            async with asyncio.timeout(ANSWER_MAX_S):
                questions.write(framed(msgspec.msgpack.encode(question)))
                await questions.drain()
                length = int.from_bytes(await answers.readexactly(LENGTH_BYTES), "big")
                if length > FRAME_MAX:
                    raise ForesightError(f"an answer of {length} bytes")
                frame = await answers.readexactly(length)
            self._known = question.basis or self._known
            self._hear(msgspec.msgpack.decode(frame, type=Outlook))
            await asyncio.sleep((now_s() - began_s) * (SHARE - 1))

    def _hear(self, outlook: Outlook) -> None:
        before = self._shown()
        self._out, self._outlook = False, outlook
        self._prospects = {
            (one.newcomer.field, one.newcomer.languages, one.newcomer.priority): one
            for one in outlook.newcomers
        }
        cells = {
            (field, languages[0]): one
            for (field, languages, priority), one in self._prospects.items()
            if len(languages) == 1 and not priority
        }
        self._expected = {cell: _told(one, outlook.at) for cell, one in cells.items()}
        self._crowded_out = frozenset(
            cell for cell, one in cells.items() if cell in self._may_end and one.is_crowded_out
        )
        shown = self._told | self._windows
        self._windows = {
            code: None if found is None else kept_window(shown.get(code), outlook.at, found)
            for code, found in outlook.waiting.items()
        }
        self._last_tickets = {
            cell: one.intake.last_ticket_at // GRID_S * GRID_S
            for cell, one in cells.items()
            if cell in self._may_end and outlook.at < one.intake.last_ticket_at < inf
        }
        over = tuple(
            cell
            for cell, one in cells.items()
            if cell in self._may_end and one.estimate is not None and not one.intake.opens
        )
        if over:
            self._end_intake(EndIntake(over))
        if self._missed or before != self._shown():
            self._missed = False
            self._changed()

    def _shown(self) -> tuple[object, ...]:
        """All that screens are made of."""
        return (self._expected, self._crowded_out, self._windows, self._last_tickets)


def _later(estimate: Estimate, seconds: float) -> Estimate:
    """The same, so much later."""
    return Estimate(
        max(0.0, estimate.early_s - seconds),
        max(0.0, estimate.middle_s - seconds),
        max(0.0, estimate.upper_s - seconds),
    )


def _told(prospect: Prospect, made_at: float) -> Window | WaitKind | None:
    """What whoever comes now is told; none: somebody is there, and nobody can tell when."""
    if prospect.estimate is None:
        return None if prospect.manned else WaitKind.NOBODY
    return WaitKind.AT_ONCE if prospect.estimate.upper_s == 0 else window(made_at, prospect.estimate)


def _on_screens(told: Window | WaitKind | None, now: datetime) -> Expected:
    """The same, as it is shown."""
    if told is None:
        return SOMEBODY_SOMETIME
    if isinstance(told, WaitKind):
        return Expected(kind=told)
    return Expected(kind=WaitKind.WINDOW, window=on_the_clock(told, now.tzinfo))


@asynccontextmanager
async def in_a_process() -> AsyncIterator[Pipes]:
    """A process of its own, ended with whoever asks. OSError when it cannot be started."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "queue_server.foresight",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # an interrupt at the keyboard is for the server to act on
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
