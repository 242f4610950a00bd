"""Many days in figures: waits by field and language and by half hour, gaps, and what each change would do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import floor, sqrt
from statistics import fmean, stdev

from msgspec import Struct

from walkin.planning.changes import Change, Learns, Less, More, Under
from walkin.planning.day import Cell
from walkin.planning.outcome import AT_ONCE_MIN, NoTicket
from walkin.planning.policy import Rule
from walkin.planning.study import DayFigures, Fate, Found, Setting

SLOT_MIN = 30
BEST_SHOWN = 5
SERVED_SHOWN = 3
"""So many changes are shown of each kind: the best by waits, then by visitors who are not turned away."""


class Waits(Struct, frozen=True, kw_only=True):
    """Of visitors who ask for the same: minutes from ticket to call; none where nobody was called."""

    a_day: float
    """Visitors, with those turned away."""
    mean_min: float | None
    p50_min: float | None
    p90_min: float | None
    at_once: float | None
    """Share of those called who did not wait."""
    turned_away_a_day: float
    why_turned_away: dict[NoTicket, float]
    """The same, for each reason."""
    not_called_a_day: float
    """Took a ticket, and whoever could serve them went home before."""


class CellFigures(Struct, frozen=True, kw_only=True):
    """One field in one language."""

    field: str
    language: str
    waits: Waits
    uncovered_min: float
    """A day, of the time that the centre is open: nobody on duty for it."""
    counsellors: int
    """Of the roster who cover it."""


class Slot(Struct, frozen=True, kw_only=True):
    """Visitors who come within the same half hour."""

    from_min: int
    """Since opening."""
    waits: Waits
    on_duty: float
    """Counsellors planned, less those on a planned break."""


class Whole(Struct, frozen=True, kw_only=True):
    """All visitors under one rule or change."""

    waits: Waits
    late_min: float
    """A day: the last session after closing."""
    after_close_min: float
    """A day: work of all counsellors after closing."""
    uncovered_min: float
    """A day: nobody on duty for what a mean visitor asks for."""


class Effect(Struct, frozen=True, kw_only=True):
    """What one change does, beside the days as they are."""

    change: Change
    whole: Whole
    wait_min: float
    """Mean wait more; negative: less."""
    error_min: float | None
    """Twice the standard error of that; none: one day tells nothing of it."""
    sure: bool
    """More than chance; else the difference is too small to tell."""


class Figures(Struct, frozen=True, kw_only=True):
    """All of a study."""

    days: int
    whole: Whole
    cells: list[CellFigures]
    slots: list[Slot]
    rules: dict[Rule, Whole]
    effects: list[Effect]

    def best(self, kind: type[More | Learns]) -> list[Effect]:
        """Changes of this kind that shorten waits most, then those after which more are served.

        Those that surely shorten them come first.
        """
        found = sorted(
            self.of_kind(kind),
            key=lambda effect: (not (effect.sure and effect.wait_min < 0), effect.wait_min),
        )
        shorter, others = found[:BEST_SHOWN], found[BEST_SHOWN:]
        served = [effect for effect in others if self.served_more(effect) > 0]
        return shorter + sorted(served, key=self.served_more, reverse=True)[:SERVED_SHOWN]

    def missed(self) -> list[Effect]:
        """Counsellors without whom visitors wait most, those first without whom they surely do."""
        return sorted(
            self.of_kind(Less),
            key=lambda effect: (not (effect.sure and effect.wait_min > 0), -effect.wait_min),
        )[:BEST_SHOWN]

    def served_by_nobody(self) -> list[CellFigures]:
        """What is asked for on days on which nobody works who serves it."""
        return [cell for cell in self.cells if cell.waits.why_turned_away[NoTicket.NOBODY]]

    def of_kind(self, kind: type[Change]) -> list[Effect]:
        """All changes of this kind."""
        return [effect for effect in self.effects if isinstance(effect.change, kind)]

    def served_more(self, effect: Effect) -> float:
        """Visitors a day who are turned away now and would not be; negative: more would be."""
        return self.whole.waits.turned_away_a_day - effect.whole.waits.turned_away_a_day


def figures_of(setting: Setting, found: Found) -> Figures:
    """In figures what was simulated."""
    as_is = [day[0] for day in found.figures]
    under = {
        change: [day[index] for day in found.figures] for index, change in enumerate(setting.changes, start=1)
    }
    return Figures(
        days=setting.days,
        whole=_whole(as_is),
        cells=_cells(setting, found),
        slots=_slots(setting, found),
        rules={change.rule: _whole(days) for change, days in under.items() if isinstance(change, Under)},
        effects=[
            _effect(change, as_is, days) for change, days in under.items() if not isinstance(change, Under)
        ],
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The number below which this share of the ordered ones lies, between two neighbours.

    >>> quantile([0.0, 10.0, 20.0], 0.5), quantile([0.0, 10.0], 0.9)
    (10.0, 9.0)
    """
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _waits(waits_min: Iterable[float], days: int, why: Counter[NoTicket], not_called: int) -> Waits:
    ordered = sorted(waits_min)
    turned_away = why.total()
    return Waits(
        a_day=(len(ordered) + turned_away + not_called) / days,
        mean_min=fmean(ordered) if ordered else None,
        p50_min=quantile(ordered, 0.5) if ordered else None,
        p90_min=quantile(ordered, 0.9) if ordered else None,
        at_once=fmean(wait_min < AT_ONCE_MIN for wait_min in ordered) if ordered else None,
        turned_away_a_day=turned_away / days,
        why_turned_away={reason: why[reason] / days for reason in NoTicket},
        not_called_a_day=not_called / days,
    )


def _waits_of(fates: Iterable[Fate], days: int) -> Waits:
    fates = list(fates)
    called = [fate.waited_min for fate in fates if fate.waited_min is not None]
    why = Counter(fate.turned_away for fate in fates if fate.turned_away is not None)
    return _waits(called, days, why, len(fates) - len(called) - why.total())


def _whole(days: list[DayFigures]) -> Whole:
    return Whole(
        waits=_waits(
            (wait_min for day in days for wait_min in day.waits_min),
            len(days),
            sum((day.turned_away for day in days), Counter[NoTicket]()),
            sum(day.not_called for day in days),
        ),
        late_min=fmean(day.late_min for day in days),
        after_close_min=fmean(day.after_close_min for day in days),
        uncovered_min=fmean(day.uncovered_min for day in days),
    )


def _cells(setting: Setting, found: Found) -> list[CellFigures]:
    fates: dict[Cell, list[Fate]] = {}
    for day in found.as_is:
        for fate in day.fates:
            fates.setdefault(fate.visitor.cell, []).append(fate)
    covering: dict[Cell, set[str]] = {cell: set() for cell in found.as_is[0].uncovered_min}
    for roster in setting.rosters.values():
        for duty in roster.duties:
            for cell in duty.cells:
                covering[cell].add(duty.counsellor)
    return [
        CellFigures(
            field=cell[0],
            language=cell[1],
            waits=_waits_of(fates.get(cell, ()), setting.days),
            uncovered_min=fmean(day.uncovered_min[cell] for day in found.as_is),
            counsellors=len(counsellors),
        )
        for cell, counsellors in covering.items()
    ]


def _slots(setting: Setting, found: Found) -> list[Slot]:
    """By half hour; on weekdays that are shorter than others, fewer days count in the last ones."""
    longest_min = max(setting.rosters[day.weekday].place.closes_min for day in found.as_is)
    slots = []
    for from_min in range(0, longest_min, SLOT_MIN):
        open_then = [day for day in found.as_is if setting.rosters[day.weekday].place.closes_min > from_min]
        fates = [
            fate
            for day in open_then
            for fate in day.fates
            if from_min <= fate.visitor.arrives_min < from_min + SLOT_MIN
        ]
        middle_min = from_min + SLOT_MIN / 2
        on_duty = fmean(
            sum(duty.planned(middle_min) for duty in setting.rosters[day.weekday].duties) for day in open_then
        )
        slots.append(Slot(from_min=from_min, waits=_waits_of(fates, len(open_then)), on_duty=on_duty))
    return slots


def _departures(days: list[DayFigures]) -> list[float]:
    """What each day adds to the mean wait of all, or takes off it: not as many are called on each."""
    called_a_day = max(1.0, fmean(len(day.waits_min) for day in days))
    mean_min = sum(day.waited_min for day in days) / (called_a_day * len(days))
    return [(day.waited_min - mean_min * len(day.waits_min)) / called_a_day for day in days]


def _effect(change: Change, as_is: list[DayFigures], days: list[DayFigures]) -> Effect:
    """The difference of mean waits; its error from those of the days, which have the same visitors."""
    whole, before = _whole(days), _whole(as_is)
    wait_min = (whole.waits.mean_min or 0.0) - (before.waits.mean_min or 0.0)
    differences = [after - now for after, now in zip(_departures(days), _departures(as_is), strict=True)]
    error_min = 2 * stdev(differences) / sqrt(len(differences)) if len(differences) > 1 else None
    return Effect(
        change=change,
        whole=whole,
        wait_min=wait_min,
        error_min=error_min,
        sure=error_min is not None and abs(wait_min) > error_min,
    )
