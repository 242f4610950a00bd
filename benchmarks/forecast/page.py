"""The forecasts beside their goals, as a page of the reference."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from benchmarks.forecast.contestants import ZMS
from benchmarks.forecast.run import CASES, CROWD_COUNSELLORS, CROWD_WAITING, HISTORY_DAYS, Case, Found

COMMAND = "make forecast-eval"


class Goal(Struct, frozen=True):
    """What was promised, from least to most; and what was found."""

    what: str
    found: float
    most: float
    least: float = 0.0
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it is within."""
        return self.least <= self.found <= self.most

    @property
    def wanted(self) -> str:
        """In words."""
        if not self.least:
            return f"≤ {self.most:g}{self.unit}"
        if self.most >= 100 and self.unit == " %":
            return f"≥ {self.least:g}{self.unit}"
        return f"{self.least:g} to {self.most:g}{self.unit}"


def goals(ours: Found, zms: Found) -> Iterator[Goal]:
    """All of one estimator's."""
    for case in CASES:
        scores, name = ours.scores[case.name], case.name
        beside = scores.mae_min / zms.scores[name].mae_min
        yield Goal(f"{name}: mean error beside that of ZMS", beside, 0.65 if case.messy else 0.55)
        if case.scenario == "normal":
            yield Goal(f"{name}: within 10 min of the truth", 100 * scores.near, 100, 70, " %")
        if scores.covered is not None:
            least, most = (70, 100) if case.messy else (75, 85)
            yield Goal(f"{name}: between p10 and p90", 100 * scores.covered, most, least, " %")
        yield Goal(f"{name}: called later than announced as the latest", 100 * scores.late, 12, 8, " %")
        worse = 20 if case.messy else 15
        yield Goal(f"{name}: announcement made worse by 10 min", 100 * scores.worsened, worse, unit=" %")
    crowd = f"{CROWD_WAITING} waiting, {CROWD_COUNSELLORS} counsellors: one refresh"
    yield Goal(crowd, ours.crowd_ms, 20, unit=" ms")


def page(found: Sequence[Found], ours: Sequence[str], days: int, every_min: float, machine: str) -> str:
    """The whole page; `ours` names the estimators that have goals."""
    by_name = {each.contestant.name: each for each in found}
    lines = [
        "# Forecasts of waits",
        "",
        f"Written by `{COMMAND}` on {machine}. {days} simulated days of each kind, the same for every",
        f"estimator, after {HISTORY_DAYS} earlier days. The visitors, sessions and rosters are invented:",
        "[assumptions.toml](../../walkin/planning/assumptions.toml) says what is assumed. Only visitors who",
        f"had to wait count, at their first ticket. Forecasts are refreshed every {every_min:g} minutes.",
        "",
    ]
    for name in ours:
        lines += [*_goals(by_name[name], by_name[ZMS.name]), ""]
    for case in CASES:
        lines += [*_table(case, found), ""]
    lines += [*_times(found), "", *_words(), ""]
    return "\n".join(lines)


def _goals(ours: Found, zms: Found) -> Iterator[str]:
    yield f"## Goals of {ours.contestant.name}"
    yield ""
    yield "| goal | found | wanted | met |"
    yield "|---|---|---|---|"
    for goal in goals(ours, zms):
        met = "yes" if goal.met else "**no**"
        yield f"| {goal.what} | {goal.found:.3g}{goal.unit} | {goal.wanted} | {met} |"


def _table(case: Case, found: Sequence[Found]) -> Iterator[str]:
    some = found[0].scores[case.name]
    yield f"## {case.name.capitalize()} days"
    yield ""
    yield f"{some.visitors} visitors had to wait, {some.waited_mean_min:.1f} minutes on average."
    yield ""
    yield "| estimator | MAE | RMSE | bias | within 10 min | p10–p90 | too late | made worse | none |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for each in found:
        scores = each.scores[case.name]
        shares = " | ".join(map(_percent, (scores.near, scores.covered, scores.late, scores.worsened)))
        errors = f"{scores.mae_min:.1f} | {scores.rmse_min:.1f} | {scores.bias_min:+.1f}"
        yield f"| {each.contestant.name} | {errors} | {shares} | {_percent(scores.without_number)} |"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _times(found: Sequence[Found]) -> Iterator[str]:
    yield "## Time"
    yield ""
    busiest = CASES[0].name
    yield f"Milliseconds: means over the days called {busiest}, and the median of one refresh with"
    yield f"{CROWD_WAITING} waiting and {CROWD_COUNSELLORS} counsellors."
    yield ""
    yield f"| estimator | at a ticket | refresh | {CROWD_WAITING} × {CROWD_COUNSELLORS} |"
    yield "|---|---|---|---|"
    for each in found:
        scores = each.scores[busiest]
        times = f"{scores.at_ms:.2f} | {scores.refresh_ms:.2f} | {each.crowd_ms:.2f}"
        yield f"| {each.contestant.name} | {times} |"


def _words() -> Iterator[str]:
    yield "## Words"
    yield ""
    yield "- MAE, RMSE, bias: minutes; forecast less truth, so that a positive bias announces too much."
    yield "- p10–p90: the wait was between the two."
    yield "- Too late: called after the latest minute that was announced with the ticket. A formula that has"
    yield "  one number announces that."
    yield "- Made worse: the end of the window on the ticket, on a grid of five minutes, was put off by ten"
    yield "  minutes or more. A window is kept until it will be missed, or can end 15 minutes sooner."
    yield "- None: nobody was planned for this visitor, and no number was given."
