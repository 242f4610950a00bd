"""Any day at all, five hundred times in every run; the trials play many more."""

from hypothesis import HealthCheck, settings
from support.any_day import AnyDay

TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(
    max_examples=500,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
