"""Many days, as they are and under each change, on the same visitors: work that is cut into pieces."""

from array import array
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from config.model import Weekday
from protocol.ids import CounsellorId
from walkin.planning.assumptions import Assumptions
from walkin.planning.changes import Change, Roster, Under, changed
from walkin.planning.day import Cell, Visitor
from walkin.planning.days import day_of
from walkin.planning.demand import cell_weights, visitors_of
from walkin.planning.outcome import AT_ONCE_MIN, NoTicket, Outcome
from walkin.planning.place import Place
from walkin.planning.policy import Policy, Rule
from walkin.planning.recorded import RecordedDay
from walkin.planning.simulator import simulate
from walkin.planning.staffing import with_absences

PIECE_DAYS = 2
"""Days that one process takes at a time: a second of work, so that the bar moves and Ctrl+C is heard."""


class Setting(Struct, frozen=True, kw_only=True):
    """What is simulated."""

    assumptions: Assumptions
    rosters: dict[Weekday, Roster]
    """Of the weekdays that are simulated; they take turns."""
    days: int
    seed: int
    """Of the first day; the next has the next."""
    messy: bool
    rule: Rule
    changes: tuple[Change, ...]
    recorded: tuple[RecordedDay, ...] = ()
    """Played in turn; none: visitors are drawn."""

    @property
    def scarcity_min(self) -> float:
        """Of the rule of that name: the same on every weekday."""
        return Policy.at(next(iter(self.rosters.values())).place, Rule.SCARCITY).scarcity_min


class Piece(Struct, frozen=True):
    """Some of the days."""

    setting: Setting
    days: range
    recorded: tuple[RecordedDay | None, ...]
    """For each of these days, alone: a file of a thousand days is not sent to every process."""


class Fate(Struct, frozen=True):
    """A visitor, and what came of it."""

    visitor: Visitor
    waited_min: float | None = None
    """None: not called."""
    counsellor: CounsellorId | None = None
    came: bool = False
    turned_away: NoTicket | None = None
    """Why there was no ticket."""


class DayAsIs(Struct, frozen=True, kw_only=True):
    """One day without a change, in full."""

    number: int
    weekday: Weekday
    fates: tuple[Fate, ...]
    uncovered_min: dict[Cell, float]


class DayFigures(Struct, frozen=True, kw_only=True):
    """One day in figures."""

    waits_min: "array[float]"
    """Of first tickets that were called; four bytes each, as there are a hundred changes."""
    turned_away: Counter[NoTicket]
    not_called: int
    late_min: float
    """From closing until the last session was over."""
    after_close_min: float
    """Work of all counsellors after closing."""
    uncovered_min: float
    """Minutes that the cell of a mean visitor had nobody on duty."""

    @property
    def waited_min(self) -> float:
        """All waits together."""
        return sum(self.waits_min)

    @property
    def at_once(self) -> int:
        """Visitors who did not wait."""
        return sum(wait_min < AT_ONCE_MIN for wait_min in self.waits_min)


class Found(Struct, frozen=True):
    """What came of some days."""

    as_is: list[DayAsIs]
    figures: list[list[DayFigures]]
    """For each day without a change, then under each change of the setting."""


def pieces_of(setting: Setting) -> list[Piece]:
    """All the work."""
    recorded = setting.recorded or (None,)
    common = replace(setting, recorded=())
    pieces = [range(setting.days)[first : first + PIECE_DAYS] for first in range(0, setting.days, PIECE_DAYS)]
    return [
        Piece(common, days, tuple(recorded[number % len(recorded)] for number in days)) for days in pieces
    ]


def together(parts: Iterable[Found]) -> Found:
    """The results of all pieces, in their order."""
    found = Found([], [])
    for part in parts:
        found.as_is.extend(part.as_is)
        found.figures.extend(part.figures)
    return found


def work(piece: Piece) -> Found:
    """Simulate these days."""
    found = Found([], [])
    for number, recorded in zip(piece.days, piece.recorded, strict=True):
        as_is, figures = _day(piece.setting, number, recorded)
        found.as_is.append(as_is)
        found.figures.append(figures)
    return found


def _day(setting: Setting, number: int, recorded: RecordedDay | None) -> tuple[DayAsIs, list[DayFigures]]:
    seed, assumptions = setting.seed + number, setting.assumptions
    name, visitors = _visitors(setting, number, recorded)
    roster = setting.rosters[name]
    if setting.messy:  # before any change: the absences stay the same under all of them
        roster = replace(roster, duties=with_absences(roster.duties, assumptions, seed))

    def outcome_under(change: Change | None) -> Outcome:
        duties = changed(roster, change, assumptions) if change else roster.duties
        rule = change.rule if isinstance(change, Under) else setting.rule
        day = day_of(roster.place, assumptions, seed, visitors, duties, messy=setting.messy)
        return simulate(day, Policy.at(roster.place, rule))

    outcome = outcome_under(None)
    as_is = DayAsIs(
        number=number,
        weekday=name,
        fates=_fates(visitors, outcome),
        uncovered_min=outcome.uncovered_min,
    )
    outcomes = [outcome, *map(outcome_under, setting.changes)]
    return as_is, [_figures(each, roster.place, assumptions) for each in outcomes]


def _visitors(
    setting: Setting, number: int, recorded: RecordedDay | None
) -> tuple[Weekday, tuple[Visitor, ...]]:
    """The weekday of this day, and who comes."""
    names = list(setting.rosters)
    name, seed = names[number % len(names)], setting.seed + number
    if recorded is None:
        place = setting.rosters[name].place
        return name, visitors_of(place, setting.assumptions, seed, messy=setting.messy)
    name = recorded.weekday or name
    place = setting.rosters[name].place
    return name, recorded.visitors(place, setting.assumptions, seed, messy=setting.messy)


def _fates(visitors: tuple[Visitor, ...], outcome: Outcome) -> tuple[Fate, ...]:
    first = {visit.visitor: visit for visit in outcome.visits if not visit.ticket.transferred}
    return tuple(
        Fate(visitor, first[number].waited_min, first[number].counsellor, first[number].came)
        if number in first
        else Fate(visitor, turned_away=outcome.turned_away[number])
        for number, visitor in enumerate(visitors)
    )


def _figures(outcome: Outcome, place: Place, assumptions: Assumptions) -> DayFigures:
    weights = cell_weights(place, assumptions)
    waits = [visit.waited_min for visit in outcome.visits if not visit.ticket.transferred]
    return DayFigures(
        waits_min=array("f", (wait_min for wait_min in waits if wait_min is not None)),
        turned_away=Counter(outcome.turned_away.values()),
        not_called=waits.count(None),
        late_min=max(0.0, outcome.ended_min - place.closes_min),
        after_close_min=outcome.after_close_min,
        uncovered_min=sum(weights[cell] * minutes for cell, minutes in outcome.uncovered_min.items()),
    )
