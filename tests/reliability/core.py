"""Any day at all in the pure queue, by hypothesis: everybody asks anything at any time."""

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from reliability.trial import Trial
from support.any_day import AnyDay

DAYS = 100
STEPS = 50


def any_days(number: int, _: Path) -> Counter[str]:
    """So many days of so many steps, the same for the same seed."""
    seed(number)(AnyDay)
    days = settings(
        max_examples=DAYS,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyDay, settings=days)
    return Counter(days=DAYS)


TRIALS = (
    Trial(
        name="any day",
        one_try=f"{DAYS} days of up to {STEPS} commands of anybody in any order, without disk or network.",
        never="a rule of the queue that a step breaks; a day that its log does not give again.",
        gate=15,
        night=1_000,
        play=any_days,
        meets=("days",),
    ),
)
