"""What a forecast knows: who waits, and what every counsellor does or is planned to do. Plain values.

Instants are POSIX seconds, so that a situation can be sent to another process as it is.
"""

from enum import StrEnum
from math import inf

from msgspec import Struct

from protocol.ids import CounsellorId, DayDate, DeskId, FieldId, LanguageCode, TicketCode

PAUSE_S, PAUSE_LEFT_S = 1800.0, 300.0
"""How long a pause without a planned end lasts in all, and at least from now on."""


class Doing(StrEnum):
    """What a counsellor does."""

    READY = "ready"
    """Takes whoever comes next."""
    SESSION = "session"
    """Has called a visitor, or talks to one."""
    WRAP_UP = "wrap_up"
    """The visitor has left; the next one is not called yet."""
    PAUSED = "paused"
    TO_COME = "to_come"
    """The shift has not begun."""


class Break(Struct, frozen=True, gc=False):
    """A planned interruption that has not begun."""

    begins_at: float
    lasts_s: float


class Planned(Struct, frozen=True, kw_only=True):
    """A shift of today, as the roster says it."""

    counsellor: CounsellorId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    begins_at: float
    ends_at: float
    opens_at: float = 0.0
    """When the doors open: nobody has to be at a desk before."""
    breaks: tuple[Break, ...] = ()
    """In order of time; those that are not over when the doors open."""
    stays: bool = False
    """Until the last visitor is served."""

    @property
    def due_at(self) -> float:
        """From when on visitors may be called."""
        return max(self.begins_at, self.opens_at)


class Visit(Struct, frozen=True, gc=False):
    """A visitor at a desk."""

    field: FieldId
    language: LanguageCode
    """The one that both speak."""
    key: float
    """Rank of the ticket: kept when the visitor is sent on."""


class Counsellor(Struct, frozen=True, kw_only=True):
    """Somebody who serves visitors now, or is planned to."""

    desk: DeskId | None = None
    """None: at none yet."""
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    doing: Doing
    since: float
    """Since when: of a session the call, of a desk that is ready its last visitor's end."""
    visit: Visit | None = None
    """In a session: what for."""
    back_at: float | None = None
    """End of a pause or begin of a shift, as planned; none: nobody knows."""
    breaks: tuple[Break, ...] = ()
    """In order of time."""
    ends_at: float = inf
    """End of the shift."""
    stays: bool = False
    """Until the last visitor is served, whatever the shift says."""

    @property
    def cells(self) -> int:
        """How many cells this counsellor covers."""
        return len(self.fields) * len(self.languages)

    @property
    def in_sight(self) -> bool:
        """At a desk, or still expected there before the shift ends."""
        return self.desk is not None or (self.back_at is not None and self.back_at < self.ends_at)

    def covers(self, field: FieldId, languages: tuple[LanguageCode, ...]) -> bool:
        """Whether this counsellor serves the field in one of these languages."""
        return field in self.fields and any(language in self.languages for language in languages)


class Standing(Struct, frozen=True, gc=False, kw_only=True):
    """A ticket in line, or put aside until an instant."""

    ticket: TicketCode
    key: float
    order: int
    field: FieldId
    languages: tuple[LanguageCode, ...]
    desk: DeskId | None = None
    """The only desk it can be called to; none: any that serves it."""
    returns_at: float = 0.0
    """When a ticket that was put aside is to be called again."""


class Situation(Struct, frozen=True, kw_only=True):
    """A moment of the day."""

    day: DayDate
    version: int
    """Committed changes of the day: two situations of one version differ in time alone."""
    now: float
    closes_at: float = inf
    """Closing hour: nobody new is taken in afterwards, whoever waits is served."""
    waiting: tuple[Standing, ...]
    """In order of call: by key, then by order of issue."""
    aside: tuple[Standing, ...] = ()
    """Put aside with a time at which they are called again."""
    counsellors: tuple[Counsellor, ...]
    finished: dict[FieldId, tuple[int, float]] = {}
    """Cycles that came to their end today: how many, and their sum in seconds."""

    def is_manned(self, field: FieldId, languages: tuple[LanguageCode, ...]) -> bool:
        """Whether anybody who is in sight serves such a visitor, however long the line is."""
        return any(one.in_sight and one.covers(field, languages) for one in self.counsellors)
