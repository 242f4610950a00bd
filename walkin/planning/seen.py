"""What a real server sees of a day: never how long a session will last, or who will not come."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from protocol.ids import CounsellorId, FieldId, LanguageCode
from walkin.planning.day import Cell, Span

Ticket = int
"""Number of a ticket in the order of issue, from 0; a transfer makes another one."""


class Waiting(Struct, frozen=True, kw_only=True):
    """A ticket that waits, or is being served."""

    ticket: Ticket
    field: FieldId
    languages: tuple[LanguageCode, ...]
    priority: bool
    issued_min: float
    """Of a transfer: when the visitor was transferred."""
    key_min: float
    """Its place in the line: issue, with the head start; a transfer keeps that of the first ticket."""
    transferred: bool = False

    @property
    def cell(self) -> Cell:
        """What was asked for."""
        return self.field, self.languages[0]


class At(StrEnum):
    """What a counsellor does."""

    NOT_YET = "not yet"
    IDLE = "idle"
    SERVING = "serving"
    """From the call until ready again."""
    BREAK = "break"
    """A planned one: its end is known."""
    AWAY = "away"
    """Nobody knows until when."""
    GONE = "gone"


class AtDesk(Struct, frozen=True, kw_only=True):
    """One counsellor now."""

    counsellor: CounsellorId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    state: At
    since_min: float
    serving: Waiting | None
    break_ends_min: float | None
    breaks: tuple[Span, ...]
    """Planned, and not yet begun."""
    begins_min: float
    ends_min: float
    stays: bool
    """Until the last visitor has been served."""

    def serves(self, waiting: Waiting) -> bool:
        """Covers the field in one of the languages that the visitor accepts."""
        return waiting.field in self.fields and any(each in self.languages for each in waiting.languages)


class Cycle(Struct, frozen=True):
    """A session that is over, from the call until the counsellor was ready again."""

    field: FieldId
    lasted_min: float


class Call(Struct, frozen=True):
    """A ticket that was called; not of a transfer, whose wait is another matter."""

    at_min: float
    cell: Cell
    waited_min: float


class Why(StrEnum):
    """What has just happened."""

    ISSUED = "issued"
    """The ticket waits, and is not yet given to anybody, even if somebody is idle."""
    CALLED = "called"
    READY = "ready"
    """A counsellor is free again, came, or is back."""
    LEFT = "left"
    """A counsellor went on a break, or home."""
    MINUTE = "minute"
    """Nothing: time has passed."""


class Seen(Struct, frozen=True, kw_only=True):
    """All that can be known at this moment."""

    why: Why
    ticket: Waiting | None
    """Which ticket has just been issued or called."""
    now_min: float
    closes_min: float
    waiting: tuple[Waiting, ...]
    """In the order of the line."""
    desks: tuple[AtDesk, ...]
    cycles: tuple[Cycle, ...]
    """Of today, in the order in which they ended."""
    calls: tuple[Call, ...]
    """Of today, in their order."""
    on_duty: int
    """Counsellors who serve or are idle."""


Observer = Callable[[Seen], None]
