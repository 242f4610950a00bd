"""A day as it is simulated: who comes and how it will go, who works when. Minutes count from opening."""

from msgspec import Struct

from protocol.ids import CounsellorId, FieldId, LanguageCode

Cell = tuple[FieldId, LanguageCode]
"""A field in a language."""


class Leg(Struct, frozen=True, kw_only=True):
    """One session in one field, as it will go: what no server knows beforehand."""

    field: FieldId
    session_min: float
    """With a counsellor of mean speed, before the limit of the field cuts it."""
    overrun_min: float
    """Beyond the limit, if it is reached."""
    wrap_up_min: float
    """From its end until the counsellor is ready again."""


class Visitor(Struct, frozen=True, kw_only=True):
    """One visitor, and how it will go: chance is drawn here, and is the same under every roster."""

    arrives_min: float
    languages: tuple[LanguageCode, ...]
    """Accepted for the conversation; the first is the one asked for."""
    priority: bool = False
    first: Leg
    then: Leg | None = None
    """After a transfer, if the first session ends early enough."""
    comes: bool = True
    """Answers the call; else a no-show."""
    patience_min: float | None = None
    """Waits so long and leaves in silence; none: as long as it takes."""

    @property
    def cell(self) -> Cell:
        """What was asked for."""
        return self.first.field, self.languages[0]


class Span(Struct, frozen=True, order=True):
    """A time away from the desk."""

    begins_min: float
    lasts_min: float


class Duty(Struct, frozen=True, kw_only=True):
    """One counsellor on one day."""

    counsellor: CounsellorId
    fields: tuple[FieldId, ...]
    languages: tuple[LanguageCode, ...]
    begins_min: float
    ends_min: float
    stays: bool
    """Until the last visitor has been served."""
    breaks: tuple[Span, ...] = ()
    """Planned, and known to the server; in their order."""
    absences: tuple[Span, ...] = ()
    """Nobody knows of them before they begin; in their order."""
    speed: float = 1.0
    """Length of the sessions beside the mean."""

    def covers(self, cell: Cell) -> bool:
        """Serves this field in this language."""
        return cell[0] in self.fields and cell[1] in self.languages

    def planned(self, minute: float) -> bool:
        """At the desk by the roster at this minute."""
        away = any(span.begins_min <= minute < span.begins_min + span.lasts_min for span in self.breaks)
        return self.begins_min <= minute < self.ends_min and not away

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All that this counsellor can be asked in."""
        return tuple((field, language) for field in self.fields for language in self.languages)


class Reckoned(Struct, frozen=True):
    """How long visitors of each field take, as earlier days have shown: by it the last tickets are given."""

    usual_min: dict[FieldId, float]
    """From the call until the counsellor is ready again."""
    long_min: dict[FieldId, float]
    """From the call to the end of a long conversation."""


class Habits(Struct, frozen=True, kw_only=True):
    """What is the same for everybody on this day."""

    closes_min: float
    limits_min: dict[FieldId, int]
    """Session limits."""
    languages: tuple[LanguageCode, ...]
    """In which visitors ask."""
    walk_min: float
    no_show_takes_min: float
    last_call_before_end_min: float
    no_transfer_before_close_min: float
    least_min: float
    """Shortest session."""
    pace: float = 1.0
    """Length of this day's sessions beside those of other days."""
    out_of_order_share: float = 0.0
    """Calls in which the counsellor takes somebody else than is next."""
    last_tickets: Reckoned | None = None
    """Tickets are given while the visit would end by closing; none: until closing, come what may."""


class Day(Struct, frozen=True, kw_only=True):
    """One day, all chance drawn."""

    seed: int
    habits: Habits
    visitors: tuple[Visitor, ...]
    """By arrival."""
    duties: tuple[Duty, ...]
