"""How far what visitors were told of the wait could be believed, by field and language. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from msgspec import Struct

from protocol.ids import FieldId
from queue_server.core.past import HALF_MINUTE_S, PastPromise

NEAR_MIN = 10.0
"""A wait is told well when it comes within so many minutes of the likely one."""
_MIN = HALF_MINUTE_S / 60


class Score(Struct, frozen=True, kw_only=True):
    """Of the visitors who were told something and were called. Minutes; shares from 0 to 1."""

    field: FieldId
    """Empty: of all fields."""
    languages: str
    """Those accepted, joined by "+"; empty: all."""
    visitors: int
    waited_min: float
    """On average."""
    error_min: float
    """Between the likely wait and the lived one, on average."""
    bias_min: float
    """The likely wait less the lived one: above zero, less was waited than told."""
    near: float
    """Within NEAR_MIN of the likely wait."""
    late: float
    """Called after the end of their window: one in ten is meant to be."""


def scores_of(promises: Iterable[PastPromise]) -> list[Score]:
    """By field and languages, then of all together; nothing without any."""
    by_cell: defaultdict[tuple[FieldId, str], list[PastPromise]] = defaultdict(list)
    for promise in promises:
        by_cell[promise.field, promise.languages].append(promise)
    everybody = [promise for cell in by_cell.values() for promise in cell]
    found = [_score(field, languages, cell) for (field, languages), cell in sorted(by_cell.items())]
    return [*found, _score("", "", everybody)] if everybody else []


def _score(field: FieldId, languages: str, promises: Sequence[PastPromise]) -> Score:
    errors = [_MIN * (one.middle - one.waited) for one in promises]
    return Score(
        field=field,
        languages=languages,
        visitors=len(promises),
        waited_min=fmean(_MIN * one.waited for one in promises),
        error_min=fmean(map(abs, errors)),
        bias_min=fmean(errors),
        near=fmean(abs(error) <= NEAR_MIN for error in errors),
        late=fmean(one.late for one in promises),
    )
