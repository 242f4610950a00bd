"""How good the forecasts of one estimator were, over the visitors who had to wait."""

from collections.abc import Iterable
from math import sqrt
from statistics import fmean

from msgspec import Struct

from benchmarks.forecast.judged import DayJudged

NEAR_MIN = 10
"""A forecast is near the truth within so many minutes."""
SLACK_MIN = 0.01


class Scores(Struct, frozen=True, kw_only=True):
    """One estimator on one kind of days. Minutes; shares from 0 to 1; errors are forecast less truth."""

    visitors: int
    without_number: float
    """Share of them who were told nothing; they are in no other figure but `worsened`."""
    waited_mean_min: float
    mae_min: float
    rmse_min: float
    bias_min: float
    near: float
    covered: float | None
    """Wait between p10 and p90; none: it gives a number alone."""
    late: float
    """Called later than announced as the latest."""
    worsened: float
    """The window on the ticket was put off by ten minutes or more."""
    at_ms: float
    """Mean time of an estimate at a ticket."""
    refresh_ms: float
    """Mean time of one for all who wait."""


def scores_of(days: Iterable[DayJudged]) -> Scores:
    """Of all these days together; at least one visitor waited and was told a number."""
    days = list(days)
    everybody = [visitor for day in days for visitor in day.visitors]
    told = [(each.waited_min, each.said) for each in everybody if each.said is not None]
    errors = [said.p50_min - waited_min for waited_min, said in told]
    spans = [
        said.p10_min - SLACK_MIN <= waited_min <= said.p90_min + SLACK_MIN
        for waited_min, said in told
        if said.p10_min is not None and said.p90_min is not None
    ]
    return Scores(
        visitors=len(everybody),
        without_number=1 - len(told) / len(everybody),
        waited_mean_min=fmean(each.waited_min for each in everybody),
        mae_min=fmean(map(abs, errors)),
        rmse_min=sqrt(fmean(error * error for error in errors)),
        bias_min=fmean(errors),
        near=fmean(abs(error) <= NEAR_MIN for error in errors),
        covered=fmean(spans) if spans else None,
        late=fmean(waited_min > said.upper_min + SLACK_MIN for waited_min, said in told),
        worsened=fmean(each.worsened for each in everybody),
        at_ms=1e3 * fmean([took_s for day in days for took_s in day.at_s] or [0.0]),
        refresh_ms=1e3 * fmean([took_s for day in days for took_s in day.refresh_s] or [0.0]),
    )
