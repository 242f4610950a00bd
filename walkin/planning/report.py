"""A study as text for a terminal of 80 columns, and its visitors as CSV that can be played again."""

import csv
import io
from collections.abc import Iterator
from textwrap import wrap

from walkin.planning.changes import Change, Learns, Less, More, Under
from walkin.planning.figures import Effect, Figures, Waits, Whole
from walkin.planning.outcome import NoTicket
from walkin.planning.recorded import COLUMNS, RESULTS
from walkin.planning.study import Fate, Found

LEAST_SHOWN = 0.05
NAME_WIDTH = 20
HEADS = "  a day   mean    p50    p90 at once  away  ended  uncovered"
TOO_SMALL = "too small to tell"
LINE_WIDTH = 79


def render(figures: Figures, headline: str) -> str:
    """The figures for people."""
    return "\n".join(
        [
            headline,
            "All of it rests on assumptions: compare rosters by it, promise nobody a wait.",
            "",
            *_whole(figures.whole),
            "",
            *_cells(figures),
            *_rules(figures),
            *_effects(figures),
        ]
    )


def visitors_csv(found: Found) -> str:
    """Every visitor of every day, with the wait; `walkin simulate --replay` plays it again."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow((*COLUMNS, *RESULTS))
    for day in found.as_is:
        lines.writerows(_row(day.number, fate) for fate in day.fates)
    return out.getvalue()


def said(change: Change) -> str:
    """A change in words."""
    match change:
        case More(field=field, language=language):
            return f"{field} in {language}"
        case Learns(counsellor=counsellor, language=language):
            return f"{counsellor} also talks {language}"
        case Less(counsellor=counsellor):
            return f"without {counsellor}"
        case Under(rule=rule):
            return rule.value


def _row(number: int, fate: Fate) -> tuple[object, ...]:
    visitor, then = fate.visitor, fate.visitor.then
    return (
        number,
        f"{visitor.arrives_min:.2f}",
        visitor.first.field,
        "+".join(visitor.languages),
        _yes(visitor.priority),
        _yes(visitor.comes),
        f"{visitor.first.session_min:.2f}",
        then.field if then else "",
        f"{then.session_min:.2f}" if then else "",
        "" if visitor.patience_min is None else f"{visitor.patience_min:.2f}",
        "" if fate.waited_min is None else f"{fate.waited_min:.2f}",
        fate.counsellor or "",
        fate.turned_away or "",
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _whole(whole: Whole) -> Iterator[str]:
    waits, why = whole.waits, whole.waits.why_turned_away
    yield f"{waits.a_day:.1f} visitors a day; {waits.turned_away_a_day:.1f} of them are turned away:"
    yield f"{why[NoTicket.NOBODY]:>7.1f} ask for what nobody serves on that day"
    yield f"{why[NoTicket.GONE]:>7.1f} come when whoever serves them has gone home (these two: away)"
    yield f"{why[NoTicket.ENDED]:>7.1f} would not be served by closing, and get no ticket (ended)"
    yield f"{waits.not_called_a_day:.1f} still wait when the last who could serve them goes home."
    yield f"The last session ends {whole.late_min:.0f} min after closing; all counsellors together work"
    yield f"{whole.after_close_min:.0f} min a day after closing."


def _cells(figures: Figures) -> Iterator[str]:
    yield f"{'Wait in minutes':<{NAME_WIDTH}}{HEADS}"
    for cell in figures.cells:
        if cell.waits.a_day or cell.counsellors:
            yield _row_of(f"{cell.field} {cell.language}", cell.waits, cell.uncovered_min)
    yield _row_of("all", figures.whole.waits, figures.whole.uncovered_min)
    unserved = figures.served_by_nobody()
    for what, cells in (
        ("Nobody in the roster ever serves", [cell for cell in unserved if not cell.counsellors]),
        ("Nobody serves on some of the days", [cell for cell in unserved if cell.counsellors]),
    ):
        if cells:
            named = ", ".join(f"{cell.field} {cell.language}" for cell in cells)
            yield from wrap(f"{what}: {named}.", LINE_WIDTH)


def _row_of(name: str, waits: Waits, uncovered_min: float) -> str:
    return f"{name:<{NAME_WIDTH}}{_waits(waits)}{uncovered_min:>7.0f} min"


def _waits(waits: Waits) -> str:
    minutes = "".join(f"{_minutes(each):>7}" for each in (waits.mean_min, waits.p50_min, waits.p90_min))
    at_once = "-" if waits.at_once is None else f"{100 * waits.at_once:.0f} %"
    ended = waits.why_turned_away[NoTicket.ENDED]
    return f"{waits.a_day:>7.1f}{minutes}{at_once:>8}{waits.turned_away_a_day - ended:>6.1f}{ended:>7.1f}"


def _minutes(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes:.1f}"


def _rules(figures: Figures) -> Iterator[str]:
    if figures.rules:
        yield ""
        yield f"{'By rule':<{NAME_WIDTH}}{HEADS}"
    for rule, whole in figures.rules.items():
        yield _row_of(rule.value, whole.waits, whole.uncovered_min)


def _effects(figures: Figures) -> Iterator[str]:
    for title, effects in (
        ("One counsellor more, all day", figures.best(More)),
        ("One language more", figures.best(Learns)),
        ("One counsellor less", figures.missed()),
    ):
        if effects:
            yield ""
            yield f"{title:<28}{'served more':>13}{'mean wait':>17}"
        for effect in effects:
            served = signed(figures.served_more(effect))
            mark = "" if effect.sure else f"  {TOO_SMALL}"
            yield f"{said(effect.change):<28}{served:>13}{_difference(effect):>17}{mark}"


def _difference(effect: Effect) -> str:
    error = "" if effect.error_min is None else f" ± {effect.error_min:.1f}"
    return f"{signed(effect.wait_min)}{error} min"


def signed(number: float) -> str:
    """With one digit, and no sign before nothing.

    >>> signed(1.25), signed(-0.04), signed(-0.5)
    ('+1.2', '0.0', '-0.5')
    """
    return f"{number:+.1f}" if abs(number) >= LEAST_SHOWN else "0.0"
