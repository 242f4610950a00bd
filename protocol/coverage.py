"""Who can serve what, as staff is shown it: cells that nobody covers, or one person alone."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from protocol.ids import CounsellorId, FieldId, LanguageCode


class CoverLevel(StrEnum):
    """How well a cell is covered: by nobody, by one person, or by more."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class CellCover(Struct, frozen=True, gc=False, kw_only=True):
    """How well a field in a language is covered from now to closing; before the doors open, from then on."""

    field: FieldId
    language: LanguageCode
    level: CoverLevel
    alone: CounsellorId | None = None
    """With `amber`, the one person on whom it hangs."""
    gap_begins: datetime | None = None
    """Begin of the next time with nobody; none: there is none until closing."""
    gap_ends: datetime | None = None
    again_begins: datetime | None = None
    """With `red`, begin of the time with nobody after this one; none: there is none until closing."""
    again_ends: datetime | None = None


class Bare(Struct, frozen=True, gc=False, kw_only=True):
    """A field in a language that nobody would serve if this desk paused, or closed, now."""

    field: FieldId
    language: LanguageCode
    begins: datetime | None = None
    """From when on; none: at once."""
    until: datetime | None
    """When somebody serves it again; none: not before closing."""
    waiting: int
    """How many wait now who could not be called by anybody else."""
