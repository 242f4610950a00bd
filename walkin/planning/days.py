"""Days put together: visitors, counsellors and what goes off course, from one seed each."""

from random import Random

from walkin.planning.assumptions import Assumptions, Scenario
from walkin.planning.day import Day, Duty, Visitor
from walkin.planning.demand import habits_of, visitors_of
from walkin.planning.place import Place
from walkin.planning.staffing import generated, with_absences


def day_of(
    place: Place,
    assumptions: Assumptions,
    seed: int,
    visitors: tuple[Visitor, ...],
    duties: tuple[Duty, ...],
    *,
    messy: bool,
) -> Day:
    """The day of this seed, on which these visitors come and these counsellors work."""
    habits = habits_of(place, assumptions, seed, messy=messy)
    return Day(seed=seed, habits=habits, visitors=visitors, duties=duties)


def generated_day(
    place: Place, assumptions: Assumptions, scenario: Scenario, seed: int, *, messy: bool
) -> Day:
    """The day of this seed, with a roster of its own."""
    duties = generated(place, assumptions, scenario, Random(f"{seed}: roster"))
    if messy:
        duties = with_absences(duties, assumptions, seed)
    visitors = visitors_of(place, assumptions, seed, messy=messy)
    return day_of(place, assumptions, seed, visitors, duties, messy=messy)
