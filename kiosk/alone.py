"""What a kiosk does by itself while the server is away, and how it comes back: no screen in it.

Numbers are given from its own file; when the server is there again all are redeemed, and blocks filled up.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from msgspec.structs import replace

from config.model import Centre
from kiosk import reserve as r
from kiosk.keep import Keep
from kiosk.line import Asking
from kiosk.reserve import Given, Intake, Reserve
from protocol.client import LinkLost, LinkRefused, LinkUp, ServerAwayError, Update
from protocol.commands import IssueTicket, ReserveNumbers
from protocol.envelope import Accepted, LeftOut, NumbersHeld, Refused, TicketGiven
from protocol.ids import DayDate, FieldId, RequestId, TicketCode
from protocol.refusals import RefusalCode
from protocol.views import KioskView, PrintState

AGAIN_S = 1.0
"""Between two attempts while the line is there and nobody answers."""
REFUSED_AGAIN_S = 10.0
"""Between two attempts to redeem what was refused for a reason that may pass."""
IN_THE_QUEUE = frozenset({RefusalCode.NUMBER_USED, RefusalCode.NUMBER_NOT_NEEDED})
"""A no to a number whose visitor has a ticket all the same."""
NEVER = frozenset(
    {
        RefusalCode.DAY_OVER,
        RefusalCode.NUMBER_NOT_HELD,
        RefusalCode.UNKNOWN_FIELD,
        RefusalCode.UNKNOWN_LANGUAGE,
    }
)
"""A no that asking again cannot cure. Any other may pass, as with a program of another version."""

log = structlog.get_logger()


Taken = TicketGiven | Given | RefusalCode | None
"""What came of a wish for a ticket; none: nobody answered, and there is no number left."""


class _RefusedForNowError(Exception):
    """A number given is to be redeemed later."""


class OwnPaper(Protocol):
    """What is needed of the kiosk's own printer."""

    def print(self, given: Given, day: DayDate, taken_at: datetime) -> None:
        """Has this slip printed, some time."""

    async def leave(self) -> None:
        """Gives the printer back to the server; nothing that is not on paper by then comes out."""

    async def run(self) -> None:
        """Prints until it is cancelled."""


class Alone:
    """A kiosk's own numbers."""

    def __init__(
        self,
        centre: Centre,
        keep: Keep,
        clock_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        """`clock_s` never goes back; `wall_s` is the machine's clock, which counts only over a restart."""
        self._centre = centre
        self._keep = keep
        self._clock_s = clock_s
        self._wall_s = wall_s
        self._reserve = Reserve()
        self._intake = Intake()
        self._view: KioskView | None = None
        self._heard_s = 0.0
        """When `_view` came."""
        self._there = False
        """The line is up, and a view came since."""
        self._work = asyncio.Event()
        self._changing = asyncio.Lock()
        self._saved: tuple[Reserve, Intake] = (self._reserve, self._intake)
        self._asked: dict[FieldId, RequestId] = {}
        """Questions for numbers without an answer yet: asked again under the same id, they cost none."""
        self._exhausted: dict[FieldId, None] = {}
        """Fields for which the server had no more numbers; asked again when the line comes back."""
        self._told: LeftOut | None = None
        """What the server was told over this line of numbers left out; none: nothing yet."""
        self.paper: OwnPaper | None = None
        """The kiosk's own printer, if it can reach one by itself."""
        self.on_slip: Callable[[TicketCode, PrintState], None] = lambda _, __: None
        """Is told what became of a slip that the kiosk printed itself."""

    async def open(self) -> None:
        """Take up what was kept, once, before anything else; nobody who was given a number is forgotten."""
        kept = await asyncio.to_thread(self._keep.load)
        if kept is None:
            return
        at_s = self._clock_s()
        reserve = r.shifted(kept.reserve, at_s - self._wall_s())
        self._reserve = r.aged(reserve, at_s)
        self._intake = replace(kept.intake, until_s=kept.intake.until_s + at_s - self._wall_s())
        self._saved = (self._reserve, self._intake)
        log.info("numbers.kept", day=reserve.day, given=len(reserve.given))

    def _clock_on_the_wall(self, at_s: float) -> datetime:
        """What time it was by the server's clock, moved on; by the machine's where that was not heard."""
        if self._view is None:
            return datetime.fromtimestamp(self._wall_s() + at_s - self._clock_s(), UTC)
        return self._view.at + timedelta(seconds=at_s - self._heard_s)

    def hear(self, update: Update) -> None:
        """Take note of what the line said."""
        match update:
            case KioskView():
                self._view, self._heard_s = update, self._clock_s()
                self._there = True
                self._intake = r.heard(self._intake, update, self._centre, self._clock_s())
                if self._to_do():
                    self._work.set()
            case LinkUp() | LinkLost() | LinkRefused():
                self._there = False
                self._told = None
                self._exhausted.clear()
            case _:
                pass

    @property
    def day(self) -> DayDate:
        """Of the numbers it has; empty: it has none."""
        return self._reserve.day

    def offered(self) -> tuple[FieldId, ...]:
        """Fields for which a number can be given now without the server."""
        return r.offered(self._reserve, self._intake, self._clock_s())

    async def give(self, wish: IssueTicket, asked_s: float, doubt: RequestId | None = None) -> Given | None:
        """A number of this kiosk's own, on disk before it is anybody's; none when there is none.

        `asked_s`: when the visitor asked; `doubt`: the id of that question, if the server may have done it.
        """
        request_id = secrets.token_urlsafe(16)
        async with self._changing:
            if wish.field not in self.offered():
                return None
            prints = self.paper is not None
            after, given = r.give(self._reserve, wish, asked_s, request_id, doubt=doubt, prints=prints)
            if not await self._save(after):
                return None
        log.info("number.given", in_doubt=doubt is not None)
        if self.paper is not None:
            self.paper.print(given, after.day, self._clock_on_the_wall(asked_s))
        self._work.set()
        return given

    async def take(self, server: Asking, wish: IssueTicket, *, alone: bool) -> Taken:
        """A ticket from the server or, when it is away or does not answer, of this kiosk's own."""
        asked_s, request_id = self._clock_s(), secrets.token_urlsafe(16)
        if alone:
            return await self.give(wish, asked_s)
        return await asked(server, wish, request_id) or await self.give(wish, asked_s, doubt=request_id)

    async def slip_is(self, ticket: TicketCode, slip: PrintState) -> None:
        """What the kiosk's own printer says of a slip."""
        await self._change(lambda reserve: r.reported(reserve, ticket, slip))
        self.on_slip(ticket, slip)

    async def run(self, server: Asking) -> None:
        """Print, and reconcile whenever the server is there and there is something to do; until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_reconciled(server), name="kiosk numbers")
            if self.paper is not None:
                tasks.create_task(self.paper.run(), name="kiosk paper")

    async def _keep_reconciled(self, server: Asking) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            if not self._there:
                continue
            try:
                await self._reconcile(server)
            except ServerAwayError:
                await asyncio.sleep(AGAIN_S)
                self._work.set()
            except _RefusedForNowError:
                await asyncio.sleep(REFUSED_AGAIN_S)
                self._work.set()

    def _to_do(self) -> bool:
        view, reserve = self._view, self._reserve
        if view is None:
            return False
        changed = view.day != reserve.day or self._saved != (reserve, self._intake) or self._told is None
        return changed or bool(reserve.given) or any(map(self._lacks, self._intake.fields))

    def _lacks(self, field: FieldId) -> bool:
        """Whether the block is not whole and the server may have numbers for it."""
        return field not in self._exhausted and r.lacking(self._reserve, field) > 0

    async def _reconcile(self, server: Asking) -> None:
        assert self._view is not None, "there is a view while the server is there"
        if self._view.day != self._reserve.day:
            await self._begin_day(self._view.day)
        await self._tell(server)
        while self._reserve.given and self._there:
            if self.paper is not None:
                await self.paper.leave()  # each time: the next number may have been given since
            await self._redeem(server)
            await self._tell(server)
        for field in self._intake.fields:
            while self._lacks(field) and self._there:
                await self._stock(server, field)
        if self._saved != (self._reserve, self._intake):
            await self._change(lambda reserve: reserve)

    async def _begin_day(self, day: str) -> None:
        """Numbers of another day are nobody's; whoever may still be here is told to reception."""
        if self.paper is not None:
            await self.paper.leave()
        self._asked.clear()
        self._exhausted.clear()
        before = await self._change(lambda reserve: r.begun(reserve, day, self._clock_s()))
        self._told = None  # the server forgets what it was told of the day before
        kept = timedelta(days=self._centre.rules.keep_days)
        await asyncio.to_thread(self._keep.forget_damaged, self._wall_s() - kept.total_seconds())
        if before.given:
            still_here = len(self._reserve.left_out)
            log.warning(
                "numbers.of_another_day", day=before.day, visitors=len(before.given), still_here=still_here
            )

    async def _tell(self, server: Asking) -> None:
        """Reception knows who is not in the queue: on each new line, and when it has changed."""
        report = r.report(self._reserve)
        if report != self._told:
            self._told = report
            await server.left_out(report)

    async def _redeem(self, server: Asking) -> None:
        """The oldest number given becomes a ticket, or is left out for good; else _RefusedForNowError."""
        first = self._reserve.given[0]
        answer = await server.ask(r.redeeming(self._reserve, self._clock_s()), first.doubt or first.id)
        if first.doubt is not None and _ticket_of(answer) != first.ticket:
            answer = await server.ask(
                r.redeeming(self._reserve, self._clock_s(), _ticket_of(answer)), first.id
            )
        if isinstance(answer, Accepted) or answer.code in IN_THE_QUEUE:
            await self._change(lambda reserve: r.redeemed(reserve, first.ticket))
            return
        log.warning("number.refused", code=answer.code.value)
        if answer.code not in NEVER:
            raise _RefusedForNowError
        await self._change(lambda reserve: r.left_out(reserve, first.ticket))

    async def _stock(self, server: Asking, field: FieldId) -> None:
        """A whole block of this field again, as far as the server has numbers."""
        request_id = self._asked.setdefault(field, secrets.token_urlsafe(16))
        answer = await server.ask(ReserveNumbers(field, r.lacking(self._reserve, field)), request_id)
        self._asked.pop(field, None)
        if isinstance(answer, Refused):
            self._exhausted[field] = None
            log.warning("numbers.refused", field=field, code=answer.code.value)
            return
        held = answer.outcome
        assert isinstance(held, NumbersHeld), "a wish for numbers is answered with numbers"
        if held.day != self._reserve.day:
            self._exhausted[field] = None  # midnight came in between: asked again in the day that begins
        await self._change(lambda reserve: r.stocked(reserve, held))

    async def _change(self, change: Callable[[Reserve], Reserve]) -> Reserve:
        """On disk first; where the disk fails, the kiosk goes on with what it knows. As it was before."""
        async with self._changing:
            before, after = self._reserve, change(self._reserve)
            await self._save(after)
            self._reserve = after
            return before

    async def _save(self, reserve: Reserve) -> bool:
        """Whether it is on disk, and then it is what this kiosk goes by."""
        intake, by_s = self._intake, self._wall_s() - self._clock_s()
        on_wall = replace(intake, until_s=intake.until_s + by_s)
        try:
            await asyncio.to_thread(self._keep.save, r.shifted(reserve, by_s), on_wall)
        except OSError as error:
            log.warning("numbers.not_kept", file=str(self._keep.path), why=str(error))
            return False
        self._reserve = reserve
        self._saved = (reserve, intake)
        return True


async def asked(
    server: Asking, wish: IssueTicket, request_id: RequestId | None = None
) -> TicketGiven | RefusalCode | None:
    """What the server says to a wish for a ticket; none when it says nothing."""
    try:
        answer = await server.ask(wish, request_id)
    except ServerAwayError:
        return None
    if isinstance(answer, Refused):
        return answer.code
    assert isinstance(answer.outcome, TicketGiven), "a wish for a ticket is answered with a ticket"
    return answer.outcome


def _ticket_of(answer: Accepted | Refused) -> TicketCode | None:
    """The ticket that an answer speaks of; none when it was a no."""
    if isinstance(answer, Accepted) and isinstance(answer.outcome, TicketGiven):
        return answer.outcome.ticket
    return None
