"""A day of the roster in words: a line for each shift, then those who are not planned. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from config.phrases import long_date_of
from desk.words import Voice, codes
from protocol.ids import DayDate, FieldId, LanguageCode, StaffId
from protocol.plan import Gap, PersonPlanned, PlanShown, ShiftPlanned

DIFFERS = "*"
"""Before whoever does not work as every week."""
NAME_CELLS_MAX = 22
"""Of a name in the list: with hours and a break it stands in 80 columns."""
HOURS_CELLS = 11


class Own(Struct, frozen=True):
    """What somebody can do, as the centre's file says: for the chips of a shift."""

    fields: tuple[FieldId, ...] = ()
    languages: tuple[LanguageCode, ...] = ()


class PlanLine(Struct, frozen=True):
    """One line of the list."""

    staff: StaffId
    shift: int | None
    """Which of the person's shifts; none: absent, or not planned."""
    planned: bool
    """It is said of this person on this day, be it that they are absent."""
    words: str


def own(voice: Voice, staff: StaffId) -> Own:
    """Of this person; who works at reception has neither."""
    found = (one for one in voice.centre.counsellors if one.id == staff)
    return next((Own(one.fields, one.languages) for one in found), Own())


def day_words(voice: Voice, day: DayDate, today: DayDate) -> str:
    """Weekday and date, and whether it is today."""
    words = long_date_of(voice.language, date.fromisoformat(day))
    return f"{words}, {voice.say('reception.plan_today')}" if day == today else words


def plan_lines(voice: Voice, plan: PlanShown) -> list[PlanLine]:
    """Whoever works by begin, who is absent, who is not planned; in each the names in their order."""
    works = [(shift.begins, voice.name(one.staff), one, index) for one, index, shift in _shifts(plan.people)]
    absent = [(voice.name(one.staff), one) for one in plan.people if not one.shifts]
    named = {one.staff for one in plan.people}
    team = [*(one.id for one in voice.centre.counsellors), *(one.id for one in voice.centre.receptionists)]
    others = sorted((voice.name(staff), staff) for staff in team if staff not in named)
    works.sort(key=lambda one: (*one[:2], one[3]))
    return [
        *(PlanLine(one.staff, index, True, _shift_words(voice, one, index)) for *_, one, index in works),
        *(
            PlanLine(one.staff, None, True, _line(voice, one, voice.say("reception.plan_absent")))
            for _, one in sorted(absent, key=lambda one: one[0])
        ),
        *(PlanLine(staff, None, False, f"  {name}") for name, staff in others),
    ]


def list_head(voice: Voice) -> str:
    """What stands in the list, over it."""
    hours, breaks = voice.say("reception.plan_hours"), voice.say("reception.plan_breaks")
    return f"{'':<{NAME_CELLS_MAX + 3}}{hours:<{HOURS_CELLS}}  {breaks}"


def gap_words(voice: Voice, plan: PlanShown) -> str:
    """What nobody serves, and when; a line breaks between two gaps alone. Empty: there is no such time."""
    gaps = (f"{voice.noun(gap.field)} {gap.language.upper()} {gap.begins}-{gap.ends}" for gap in plan.gaps)
    return voice.say("reception.plan_gaps", what=_whole(gaps)) if plan.gaps else ""


def gaps_in_short(voice: Voice, plan: PlanShown) -> str:
    """The same, fields by their letters; empty: there is no such time."""
    return voice.say("reception.plan_gaps", what=_by_letters(voice, plan.gaps)) if plan.gaps else ""


def alone_words(voice: Voice, plan: PlanShown) -> str:
    """What one person serves alone, and when, fields by their letters; empty: there is no such time."""
    return voice.say("reception.plan_alone", what=_by_letters(voice, plan.alone)) if plan.alone else ""


def _by_letters(voice: Voice, gaps: Sequence[Gap]) -> str:
    """Fields with the same language and hours together."""
    letters: dict[tuple[str, str, LanguageCode], str] = {}
    for one in gaps:
        when = (one.begins, one.ends, one.language)
        letters[when] = letters.get(when, "") + voice.centre.field(one.field).letter
    said = (
        f"{''.join(sorted(fields))} {language.upper()} {begins}-{ends}"
        for (begins, ends, language), fields in letters.items()
    )
    return _whole(said)


def _whole(gaps: Iterable[str]) -> str:
    """One after the other, each in one line."""
    return ", ".join(gap.replace(" ", "\N{NO-BREAK SPACE}") for gap in gaps)


def hours_words(shift: ShiftPlanned) -> str:
    """From when until when."""
    return f"{shift.begins}-{shift.ends}"


def breaks_words(shift: ShiftPlanned) -> str:
    """When this person is away from the desk, as it is typed too."""
    return " ".join(f"{one.begins}-{one.ends}" for one in shift.breaks)


def _shifts(people: Sequence[PersonPlanned]) -> Iterator[tuple[PersonPlanned, int, ShiftPlanned]]:
    for one in people:
        yield from ((one, index, shift) for index, shift in enumerate(one.shifts))


def _shift_words(voice: Voice, person: PersonPlanned, index: int) -> str:
    """Hours, breaks, and what this person does not do as usual."""
    shift = person.shifts[index]
    can = own(voice, person.staff)
    further = [breaks_words(shift)]
    if shift.languages and set(shift.languages) != set(can.languages):
        further.append(codes(shift.languages))
    if shift.fields and set(shift.fields) != set(can.fields):
        further.append(", ".join(map(voice.noun, shift.fields)))
    words = " · ".join(filter(None, further))
    return _line(voice, person, f"{hours_words(shift):<{HOURS_CELLS}}  {words}".rstrip())


def _line(voice: Voice, person: PersonPlanned, words: str) -> str:
    name = voice.name(person.staff)
    short = name if len(name) <= NAME_CELLS_MAX else f"{name[: NAME_CELLS_MAX - 1]}…"
    return f"{DIFFERS if person.dated else ' '} {short:<{NAME_CELLS_MAX}} {words}"
