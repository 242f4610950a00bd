"""What one person does on a day: hours, breaks, fields and languages; absent; or as every week."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from config.roster import Break
from config.roster_file import CELL_CHARS_MAX, WrongCellError, breaks_in
from desk.reception.plan_words import Own, breaks_words, hours_words, own
from desk.widgets.dialogs import Buttons
from desk.widgets.forms import ChipRow, Question
from desk.widgets.parts import Entry
from desk.words import Voice
from protocol.ids import DayDate
from protocol.orders import FollowWeek, PlanPerson
from protocol.plan import BREAKS_MAX, BreakPlanned, PersonPlanned, ShiftPlanned

WORKS, WITHOUT, ABSENT, WEEK = "works", "without", "absent", "week"
NO, YES = "no", "yes"
HOURS_CHARS_MAX = 20
"""`09:30 - 17:00`, with what people put between."""


class PlanForm(Vertical):
    """The rows for one shift of one person, the two words under them. What is wrong is said among them."""

    FIRST: ClassVar = "what"

    def __init__(
        self,
        voice: Voice,
        day: DayDate,
        person: PersonPlanned,
        shift: int | None,
        submit: Callable[[], None],
        close: Callable[[], None],
    ) -> None:
        """`shift`: which of this person's; none: one that is not planned yet."""
        super().__init__(classes="plan-form")
        self.person = person
        self._voice = voice
        self._day = day
        self._shift = shift
        self._own = own(voice, person.staff)
        before = _before(person, shift)
        self._what = ChipRow(self._what_question())
        self._hours = Entry("" if before is None else hours_words(before), max_length=HOURS_CHARS_MAX)
        self._breaks = Entry("" if before is None else breaks_words(before), max_length=CELL_CHARS_MAX)
        self._rows = [ChipRow(question) for question in self._questions(before)]
        self._written = Vertical(
            Vertical(
                self._line("reception.plan_hours", self._hours),
                self._line("reception.plan_breaks", self._breaks),
                classes="plan-lines",
            ),
            *self._rows,
            classes="plan-work",
        )
        self._trouble = Static(classes="warning")
        self._hint = Static(classes="hint")
        self._buttons = Buttons(
            voice, voice.say("action.save"), submit, close, closes=voice.say("action.back")
        )

    def compose(self) -> ComposeResult:
        """Who, what this day is for them, the rows, the words."""
        yield Static(Content.styled(self._voice.name(self.person.staff), "bold"), classes="note")
        yield self._what
        yield self._written
        yield self._trouble
        yield self._buttons
        yield self._hint

    def on_mount(self) -> None:
        """As things stand; the keys go to the hours, or to what can be chosen instead."""
        self._trouble.display = False
        self._lay()
        self.first_focus().focus()

    def first_focus(self) -> Widget:
        """The hours while they are asked, else what this day is."""
        return self._hours if self._works else self._what

    def say(self, sentence: str) -> None:
        """Why it is not done."""
        self._trouble.update(Content(sentence))
        self._trouble.display = True

    def on_chip_row_changed(self, event: ChipRow.Changed) -> None:
        """Hours are asked of whoever works."""
        event.stop()
        self._trouble.display = False
        self._lay()

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self._trouble.display = False

    def order(self) -> PlanPerson | FollowWeek | None:
        """What is to be asked; none: it is not whole, and the form says why."""
        person, [what] = self.person, self._what.chosen
        if what == WEEK:
            return FollowWeek(staff=person.staff, day=self._day)
        others = tuple(one for index, one in enumerate(person.shifts) if index != self._shift)
        if what == WITHOUT:
            return PlanPerson(staff=person.staff, day=self._day, shifts=others)
        if what == ABSENT:
            return PlanPerson(staff=person.staff, day=self._day)
        shift = self._written_shift()
        if shift is None:
            return None
        return PlanPerson(staff=person.staff, day=self._day, shifts=(*others, shift))

    @property
    def _works(self) -> bool:
        return self._what.chosen == (WORKS,)

    def _what_question(self) -> Question:
        """Only what changes something: nobody is absent who was not to come."""
        person = self.person
        possible = {
            WORKS: True,
            WITHOUT: self._shift is not None and len(person.shifts) > 1,
            ABSENT: bool(person.shifts or person.dated),
            WEEK: person.dated,
        }
        absent = person.dated and not person.shifts
        return Question(
            name=self.FIRST,
            title=self._voice.say("reception.plan_what"),
            options=tuple(
                (key, self._voice.say(f"reception.plan_{key}")) for key, on in possible.items() if on
            ),
            chosen=(ABSENT if absent else WORKS,),
        )

    def _questions(self, before: ShiftPlanned | None) -> list[Question]:
        """Fields, languages, staying; who works at reception has no fields and languages."""
        voice, can = self._voice, self._own
        narrowed = Own() if before is None else Own(before.fields, before.languages)
        asked = [
            Question(
                name="fields",
                title=voice.say("reception.plan_fields"),
                options=tuple((field, voice.noun(field)) for field in can.fields),
                chosen=narrowed.fields or can.fields,
                several=True,
            ),
            Question(
                name="languages",
                title=voice.say("reception.talk_languages"),
                options=tuple((one, voice.phrases.say("lang.endonym", one)) for one in can.languages),
                chosen=narrowed.languages or can.languages,
                several=True,
            ),
            Question(
                name="stays",
                title=voice.say("reception.plan_stays"),
                options=((NO, voice.say("reception.no")), (YES, voice.say("reception.yes"))),
                chosen=(YES if before is not None and before.stays else NO,),
            ),
        ]
        return [question for question in asked if question.options]

    def _line(self, key: str, line: Input) -> Horizontal:
        return Horizontal(
            Static(Content(self._voice.say(key)), classes="plan-label"), line, classes="plan-line"
        )

    def _lay(self) -> None:
        """What is not asked is not there, for the keys either."""
        self._written.display = self._works
        self._written.disabled = not self._works
        ticks = self._works and any(row.question.several for row in self._rows)
        keys = "reception.plan_form_keys" if ticks else "reception.plan_choice_keys"
        self._hint.update(Content(self._voice.say(keys)))
        empty = self._works and any(row.question.several and not row.chosen for row in self._rows)
        self._buttons.set_class(empty, "-off")

    def _written_shift(self) -> ShiftPlanned | None:
        chosen = {row.question.name: row.chosen for row in self._rows}
        if not all(chosen.values()):
            return None
        hours, breaks = _spans(self._hours.value), _spans(self._breaks.value)
        if hours is None or len(hours) != 1:
            self.say(self._voice.say("reception.plan_hours_wrong"))
            self._hours.focus()
        elif breaks is None or len(breaks) > BREAKS_MAX:
            self.say(self._voice.say("reception.plan_breaks_wrong", n=BREAKS_MAX))
            self._breaks.focus()
        else:
            return ShiftPlanned(
                begins=f"{hours[0].begins:%H:%M}",
                ends=f"{hours[0].ends:%H:%M}",
                fields=_narrowed(chosen.get("fields", ()), self._own.fields),
                languages=_narrowed(chosen.get("languages", ()), self._own.languages),
                breaks=tuple(BreakPlanned(f"{one.begins:%H:%M}", f"{one.ends:%H:%M}") for one in breaks),
                stays=chosen["stays"] == (YES,),
            )
        return None


def _before(person: PersonPlanned, shift: int | None) -> ShiftPlanned | None:
    """What the form begins with: of who is absent, the first shift of the week."""
    if shift is not None:
        return person.shifts[shift]
    return None if person.shifts else next(iter(person.usual), None)


def _narrowed(chosen: tuple[str, ...], can: tuple[str, ...]) -> tuple[str, ...]:
    """These of somebody's own; none where it is all of them."""
    return () if set(chosen) == set(can) else tuple(one for one in can if one in chosen)


def _spans(typed: str) -> tuple[Break, ...] | None:
    """What was typed, as a file of the roster would have it; none: it cannot be understood."""
    try:
        return breaks_in(typed.strip())
    except WrongCellError:
        return None
