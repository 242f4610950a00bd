"""A study as text for a terminal of 80 columns, and its visitors as CSV that can be played again."""

import csv
import io
from collections.abc import Iterator

from walkin.planning.changes import Change, Learns, Less, More, Under
from walkin.planning.figures import Effect, Figures, Waits, Whole
from walkin.planning.recorded import COLUMNS, RESULTS
from walkin.planning.study import Fate, Found

LEAST_SHOWN = 0.05
HEADS = "  a day   mean    p50    p90  at once  away  uncovered"


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
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _whole(whole: Whole) -> Iterator[str]:
    waits = whole.waits
    yield f"{waits.a_day:.1f} visitors a day; {waits.turned_away_a_day:.1f} of them are turned away,"
    yield f"as nobody can serve them any more; {waits.not_called_a_day:.1f} still wait when the last who"
    yield f"could goes home. The last session ends {whole.late_min:.0f} min after closing; all"
    yield f"counsellors together work {whole.after_close_min:.0f} min a day after closing."


def _cells(figures: Figures) -> Iterator[str]:
    yield f"{'Wait in minutes':<24}{HEADS}"
    for cell in figures.cells:
        if not cell.waits.a_day and not cell.counsellors:
            continue
        name = f"{cell.field} {cell.language}"
        yield f"{name:<24}{_waits(cell.waits)}{cell.uncovered_min:>8.0f} min"
    yield f"{'all':<24}{_waits(figures.whole.waits)}{figures.whole.uncovered_min:>8.0f} min"


def _waits(waits: Waits) -> str:
    minutes = "".join(f"{_minutes(each):>7}" for each in (waits.mean_min, waits.p50_min, waits.p90_min))
    at_once = "-" if waits.at_once is None else f"{100 * waits.at_once:.0f} %"
    return f"{waits.a_day:>7.1f}{minutes}{at_once:>9}{waits.turned_away_a_day:>6.1f}"


def _minutes(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes:.1f}"


def _rules(figures: Figures) -> Iterator[str]:
    if figures.rules:
        yield ""
        yield f"{'By rule':<24}{HEADS}"
    for rule, whole in figures.rules.items():
        yield f"{rule.value:<24}{_waits(whole.waits)}{whole.uncovered_min:>8.0f} min"


def _effects(figures: Figures) -> Iterator[str]:
    for title, effects in (
        ("One counsellor more, all day", figures.best(More)),
        ("One language more", figures.best(Learns)),
        ("One counsellor less", figures.missed()),
    ):
        if effects:
            yield ""
            yield f"{title:<40}{'mean wait':>18}{'served more':>15}"
        for effect in effects:
            served = figures.served_more(effect)
            yield f"{said(effect.change):<40}{_difference(effect):>18}{signed(served):>15}"


def _difference(effect: Effect) -> str:
    error = "" if effect.error_min is None else f" ± {effect.error_min:.1f}"
    return f"{signed(effect.wait_min)}{error} min"


def signed(number: float) -> str:
    """With one digit, and no sign before nothing.

    >>> signed(1.25), signed(-0.04), signed(-0.5)
    ('+1.2', '0.0', '-0.5')
    """
    return f"{number:+.1f}" if abs(number) >= LEAST_SHOWN else "0.0"
