"""Days of a roster as reception is shown them, with people of the real centre."""

from msgspec.structs import replace
from support.views import DAY, LETTERS

from protocol.plan import BreakPlanned, Gap, PersonPlanned, PlanShown, ShiftPlanned

NOON = (BreakPlanned("12:00", "12:45"),)
LATER = (BreakPlanned("13:00", "13:45"), BreakPlanned("16:00", "16:15"))
USUAL = ShiftPlanned(begins="09:30", ends="17:00", breaks=NOON, stays=True)
MORNING = ShiftPlanned(begins="09:30", ends="13:00")
AFTERNOON = ShiftPlanned(begins="13:30", ends="17:00", languages=("nl",), fields=("employment",))
LATE = ShiftPlanned(begins="10:30", ends="18:00", breaks=LATER)
SHIFTS = 8
"""Lines of those who work on `a_day`."""


def person(staff: str, *shifts: ShiftPlanned, usual: tuple[ShiftPlanned, ...] | None = None) -> PersonPlanned:
    """`usual`: what the week says instead; none: the week holds."""
    return PersonPlanned(staff=staff, shifts=shifts, dated=usual is not None, usual=usual or ())


def a_day(day: str = DAY) -> PlanShown:
    """Seven work, one of them in two shifts; two are absent."""
    return PlanShown(
        day=day,
        closed=False,
        people=(
            person("c01", USUAL),
            person("c04", MORNING, AFTERNOON, usual=(USUAL,)),
            person("c07", LATE, usual=(USUAL,)),
            person("c09", usual=(MORNING,)),
            person("c12", USUAL),
            person("c16", LATE),
            person("c18", usual=(USUAL,)),
            person("c20", MORNING, usual=()),
            person("c23", USUAL),
        ),
        gaps=(
            Gap(field="employment", language="nl", begins="12:00", ends="12:45"),
            Gap(field="entrepreneurship", language="fr", begins="13:00", ends="17:00"),
            Gap(field="entrepreneurship", language="nl", begins="13:00", ends="17:00"),
        ),
        alone=(
            Gap(field="employment", language="nl", begins="09:30", ends="12:00"),
            Gap(field="training", language="nl", begins="09:30", ends="12:00"),
            Gap(field="mobility", language="fr", begins="12:00", ends="12:45"),
        ),
    )


def a_bad_day(day: str = DAY) -> PlanShown:
    """So few work that every field is without somebody, in one language or both, at some time."""
    times = (("09:30", "11:00"), ("12:00", "12:45"), ("16:15", "18:00"))
    gaps = tuple(
        Gap(field=field, language=language, begins=begins, ends=ends)
        for place, field in enumerate(LETTERS)
        for language in ("fr", "nl")
        for begins, ends in times[: 1 + place % len(times)]
    )
    return replace(a_day(day), gaps=gaps)


def closed_day(day: str = DAY) -> PlanShown:
    return PlanShown(day=day, closed=True, people=())
