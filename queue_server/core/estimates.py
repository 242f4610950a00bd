"""When a visitor will be called, as far as it can be told: three quantiles, and a window on the clock.

A window is told rather than a time, and its end is an upper quantile rather than a mean: waiting longer than
promised costs more goodwill than waiting less gains (Kumar, Kalwani, Dada 1997; Jouini et al. 2015).
"""

from math import ceil, floor

from msgspec import Struct

from protocol.ids import FieldId, LanguageCode

GRID_S = 300
"""Windows begin and end on whole five minutes of the clock."""


class Estimate(Struct, frozen=True, gc=False):
    """Quantiles of a wait, in seconds from when it was made."""

    early_s: float
    """One in ten is called before."""
    middle_s: float
    """Every second one."""
    upper_s: float
    """Nearly all: about one in ten is called later."""


class Window(Struct, frozen=True, gc=False):
    """Between which instants a visitor will probably be called, POSIX seconds on the grid."""

    begins_at: int
    ends_at: int
    back_by: int
    """Whoever goes out should be back by then."""


class Lived(Struct, frozen=True, gc=False):
    """What a visitor was told when the ticket was given, and what came of it."""

    field: FieldId
    languages: tuple[LanguageCode, ...]
    told: Estimate
    waited_s: float
    late: bool
    """Called after the end of the window."""


def window(now_s: float, estimate: Estimate) -> Window:
    """From the likely call to its upper bound, in whole five minutes; never empty.

    >>> window(0.0, Estimate(200.0, 700.0, 1300.0))
    Window(begins_at=600, ends_at=1500, back_by=0)
    """
    begins_at = floor((now_s + estimate.middle_s) / GRID_S) * GRID_S
    ends_at = max(ceil((now_s + estimate.upper_s) / GRID_S) * GRID_S, begins_at + GRID_S)
    return Window(begins_at, ends_at, floor((now_s + estimate.early_s) / GRID_S) * GRID_S)


def lived(
    field: FieldId, languages: tuple[LanguageCode, ...], told: Estimate, issued_s: float, called_s: float
) -> Lived:
    """A visitor who was told this is called; instants in POSIX seconds."""
    late = called_s > window(issued_s, told).ends_at
    return Lived(field, languages, told, called_s - issued_s, late)
