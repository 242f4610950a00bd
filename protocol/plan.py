"""Who is planned to work on one day, as reception is shown it and changes it. Hours are the centre's own."""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.commands import ServedFields, ServedLanguages
from protocol.ids import END, DayDate, FieldId, LanguageCode, StaffId

SHIFTS_MAX = 4
"""Of one person on one day."""
BREAKS_MAX = 6
"""Of one shift."""
PLAN_DAYS = 366
"""So many days, today the first of them, can be looked at and changed."""

GAPS_MAX = 20
"""Times at which nobody serves something, or one person alone, the first of the day: what a person reads."""

LocalTime = Annotated[
    str, Meta(pattern=rf"^([01][0-9]|2[0-3]):[0-5][0-9]{END}", description="local time, e.g. 09:30")
]


class BreakPlanned(Struct, frozen=True, gc=False):
    """Away from the desk."""

    begins: LocalTime
    ends: LocalTime


class ShiftPlanned(Struct, frozen=True, gc=False, kw_only=True):
    """From when until when, and for what."""

    begins: LocalTime
    ends: LocalTime
    fields: ServedFields = ()
    """Of the person's own; none: all of them."""
    languages: ServedLanguages = ()
    """Likewise."""
    breaks: Annotated[tuple[BreakPlanned, ...], Meta(max_length=BREAKS_MAX)] = ()
    stays: bool = False
    """Until the last visitor is served; of several shifts this is said of the last."""


Shifts = Annotated[tuple[ShiftPlanned, ...], Meta(max_length=SHIFTS_MAX)]


class PersonPlanned(Struct, frozen=True, gc=False, kw_only=True):
    """What one person does on this day."""

    staff: StaffId
    shifts: tuple[ShiftPlanned, ...]
    """By begin; none: absent."""
    dated: bool
    """Said of this date alone: it takes the place of the week."""
    usual: tuple[ShiftPlanned, ...] = ()
    """What the week says instead; empty where it says nothing, or is what holds."""


class Gap(Struct, frozen=True, gc=False, kw_only=True):
    """By this plan nobody serves this field in this official language meanwhile, or one person alone."""

    field: FieldId
    language: LanguageCode
    begins: LocalTime
    ends: LocalTime


class PlanShown(Struct, frozen=True, gc=False, tag_field="kind", tag="plan_shown", kw_only=True):
    """Answer to every order about a day: how it is planned now."""

    day: DayDate
    closed: bool
    """A holiday: nobody works."""
    people: tuple[PersonPlanned, ...]
    """Everybody who works or is absent, by key; whoever is not named is not planned."""
    gaps: tuple[Gap, ...] = ()
    """With nobody, while the centre is open, by begin, GAPS_MAX at most; none if nobody is planned at all."""
    alone: tuple[Gap, ...] = ()
    """The same of one person."""
