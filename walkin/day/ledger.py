"""What the actors of a day saw and did, written down as it happens: the witness for the audit."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused, TicketGiven
from protocol.ids import DeskId, DeviceName, TicketCode
from protocol.views import PrintState, ReceptionView, Stage
from walkin.day.audit import Announcement, DeskCall, Evidence, Given
from walkin.day.plan import Coming, Leg, Visitor
from walkin.day.trouble import DayError

ENDED = frozenset({Stage.FINISHED, Stage.CANCELLED, Stage.NO_SHOW})
STRANGER_S = 2.0
"""How long a ticket that comes to a desk may be unknown here: its kiosk's answer is still on the way."""
STRANGER_SESSION_MIN = 10.0
SURPRISES_MAX = 100
"""Unforeseen refusals after which going on shows nothing more."""


class Visit(Struct, kw_only=True):
    """How far a visitor is on the way through the centre."""

    visitor: Visitor
    coming: Coming
    legs: list[Leg]
    """Those still before the visitor, the one under way first."""
    left_min: float
    """Rest of the session under way."""
    parks: bool
    back_at_min: float = 0.0
    """While parked or missed: when the visitor is there again, minutes after midnight."""
    missed: bool = False
    """Marked as a no-show once."""
    done: bool = False
    """Ended for this visitor, who does not come back."""


def visit_of(visitor: Visitor) -> Visit:
    """A visitor's way, from the door."""
    return Visit(
        visitor=visitor,
        coming=visitor.coming,
        legs=list(visitor.legs),
        left_min=visitor.legs[0].session_min,
        parks=visitor.parked_min is not None,
    )


class Ledger:
    """Everything that was seen, by all actors of one day."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.visits: dict[TicketCode, Visit] = {}
        self.stages: dict[TicketCode, Stage] = {}
        self.slips: dict[TicketCode, PrintState] = {}
        self.issued_at: dict[TicketCode, datetime] = {}
        self.desk_calls: list[DeskCall] = []
        self.announcements: list[Announcement] = []
        self.first_called_at: dict[TicketCode, datetime] = {}
        self.finished: Counter[TicketCode] = Counter()
        self.cancelled: set[TicketCode] = set()
        self.counts: Counter[str] = Counter()
        """How often each thing happened, by a word of the report."""
        self.surprises: list[str] = []
        self.news = 0
        """Counts up with every visitor who comes, misses a call or has ended."""
        self._listeners: list[Callable[[], None]] = []
        self._arrivals = asyncio.Event()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this at all news."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """Something about a visitor has changed."""
        self.news += 1
        for listener in self._listeners:
            listener()

    def give(
        self, visitor: Visitor, asked_at: DeviceName, answers: list[Accepted | Refused]
    ) -> TicketCode | None:
        """Write down what a visitor was given; each answer to a repeated tap must be the same."""
        self.compare(answers, asked_at)
        code = None
        for answer in dict.fromkeys(answers):
            if isinstance(answer, Accepted) and isinstance(answer.outcome, TicketGiven):
                code = answer.outcome.ticket
                self.given.append(Given(code, answer.outcome.token_url, answer.outcome.printer))
                self.visits[code] = visit_of(visitor)
            else:
                self.surprises.append(f"{asked_at} gave no ticket: {_in_words(answer)}")
        self._arrivals.set()
        self.tell()
        return code

    def compare(self, answers: list[Accepted | Refused], asked_at: DeviceName) -> None:
        """The same request has the same answer, however often it is sent."""
        for again in answers[1:]:
            self.counts["double_taps"] += 1
            if again != answers[0]:
                words = f"{_in_words(answers[0])} and {_in_words(again)}"
                self.surprises.append(f"a double tap at {asked_at} had two answers: {words}")

    async def visit(self, ticket: TicketCode) -> Visit:
        """Whose ticket that is; one that nobody here was given belongs to a visitor from before."""
        try:
            async with asyncio.timeout(STRANGER_S):
                while ticket not in self.visits:
                    self._arrivals.clear()
                    await self._arrivals.wait()
        except TimeoutError:
            stranger = Visitor(
                arrives_min=0,
                kiosk="",
                languages=(),
                screen_language="",
                legs=(Leg("", STRANGER_SESSION_MIN),),
            )
            return visit_of(stranger)
        return self.visits[ticket]

    def expect(self, answer: Accepted | Refused, command: AnyCommand, at: DeviceName) -> bool:
        """Whether it was done; a refusal that the day does not foresee is a difference."""
        if isinstance(answer, Refused):
            self.surprises.append(f"{type(command).__name__} at {at} was refused: {_in_words(answer)}")
            if len(self.surprises) > SURPRISES_MAX:
                raise DayError(f"Too much is refused, the day is given up: {'; '.join(self.surprises[-3:])}")
            return False
        return True

    def called(self, desk: DeskId, ticket: TicketCode, *, recall: bool = False) -> None:
        """A desk has called this ticket."""
        self.desk_calls.append(DeskCall(desk, ticket, recall))

    def finish(self, ticket: TicketCode, times: int = 1) -> None:
        """A desk has ended a conversation; minus one takes it back."""
        self.finished[ticket] += times

    def look(self, view: ReceptionView) -> None:
        """What reception sees of every ticket."""
        for row in (*view.waiting, *view.at_desks, *view.aside, *view.ended):
            self.stages[row.ticket] = row.stage
            self.slips[row.ticket] = row.slip
            self.issued_at[row.ticket] = row.issued_at

    def all_ended(self) -> bool:
        """Every ticket given here has come to its end, and nobody comes back."""
        return all(visit.done and self.stages.get(code) in ENDED for code, visit in self.visits.items())

    def evidence(self, *, own: bool, shared: bool, paper: tuple[str, ...] | None) -> Evidence:
        """What is known at the end; `own`: every ticket of that day was given here."""
        return Evidence(
            own=own,
            shared_series=shared,
            given=tuple(self.given),
            paper=paper,
            slips=self.slips,
            stages=self.stages,
            finished=dict(self.finished),
            desk_calls=tuple(self.desk_calls),
            announcements=tuple(self.announcements),
            surprises=tuple(self.surprises),
        )


def _in_words(answer: Accepted | Refused) -> str:
    if isinstance(answer, Refused):
        return answer.detail or answer.code.value
    return str(answer.outcome)
