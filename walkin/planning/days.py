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
    duties: tuple[Duty, ...],
    *,
    messy: bool,
    visitors: tuple[Visitor, ...] | None = None,
) -> Day:
    """The day of this seed with these counsellors; without visitors they are drawn."""
    if visitors is None:
        visitors = visitors_of(place, assumptions, seed, messy=messy)
    return Day(
        seed=seed,
        habits=habits_of(place, assumptions, seed, messy=messy),
        visitors=visitors,
        duties=with_absences(duties, assumptions, seed) if messy else duties,
    )


def generated_day(
    place: Place, assumptions: Assumptions, scenario: Scenario, seed: int, *, messy: bool
) -> Day:
    """The day of this seed, with a roster of its own."""
    duties = generated(place, assumptions, scenario, Random(f"{seed}: roster"))
    return day_of(place, assumptions, seed, duties, messy=messy)
