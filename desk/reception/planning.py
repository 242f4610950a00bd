"""The roster of one day at reception: who works, who is absent; changed person by person, or closed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from config.look import palette
from desk.reception.plan_form import PlanForm
from desk.reception.plan_words import (
    PlanLine,
    alone_words,
    day_words,
    gap_words,
    gaps_in_short,
    list_head,
    plan_lines,
)
from desk.widgets.dialogs import Button, Dialog
from desk.widgets.parts import Sentences
from desk.words import Voice
from protocol.ids import StaffId
from protocol.orders import AnyOrder, PlanHoliday, ShowPlan
from protocol.plan import PLAN_DAYS, SHIFTS_MAX, PersonPlanned, PlanShown
from protocol.views import CounsellorView, ReceptionView


class Turned(Message):
    """So many days on, or back."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.by = by


class _DayLine(Static):
    """Which day it is, between two arrows that can be clicked."""

    auto_links = False

    def show(self, words: str) -> None:
        """This day."""
        arrows = [
            Content.styled(f" {arrow} ", Style.from_meta({"@click": f"turn({by})"}))
            for arrow, by in (("◀", -1), ("▶", 1))
        ]
        self.update(Content.assemble(arrows[0], (f" {words} ", "bold"), arrows[1]))

    def action_turn(self, by: int) -> None:
        """An arrow was clicked."""
        self.post_message(Turned(by))


class _People(OptionList):
    """The list of a day: the arrows to the sides turn to other days."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
    ]

    def action_turn(self, by: int) -> None:
        """An arrow was pressed."""
        self.post_message(Turned(by))


class PlanningDialog(Dialog):
    """A day, its people, and over them the form of one; it stays until somebody closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", show=False),
        Binding("f2", "add", show=False),
        Binding("f12", "holiday", show=False),
    ]

    def __init__(self, voice: Voice, view: ReceptionView, ask: Callable[[AnyOrder], bool]) -> None:
        super().__init__(voice.say("action.planning"), classes="planning")
        self._voice = voice
        self._ask = ask
        self._today = self._day = view.day
        self._plan: PlanShown | None = None
        """As the server has said; none: it is asked."""
        self._lines: list[PlanLine] = []
        self._sure = False
        """Whoever presses the key once more closes the day."""
        self._line = _DayLine(classes="plan-day")
        self._people = _People(markup=False)
        self._head = Static(Content.styled(list_head(voice), palette.MUTED), classes="plan-head")
        self._gaps = Sentences("plan-gaps -nobody -named")
        self._gaps_in_short = Sentences("plan-gaps -nobody -lettered")
        """The same where rows are few."""
        self._alone = Sentences("plan-gaps")
        self._trouble = Static(classes="warning")
        self._edit = Button(
            "Enter" if voice.language != "fr" else "Entrée",
            voice.say("action.plan_edit"),
            self.action_submit,
            "-forward",
        )
        self._add = Button("F2", voice.say("action.plan_add"), self.action_add)
        self._holiday = Button("F12", voice.say("action.plan_close"), self.action_holiday)
        self._close = Button("Esc", voice.say("action.back"), self.action_close)
        self._of_day = Vertical(classes="plan-of-day")
        self._form: PlanForm | None = None

    def compose_body(self) -> ComposeResult:
        """The day; its people with what can be done, until somebody's form takes their place."""
        yield self._line
        with self._of_day:
            yield self._head
            yield self._people
            yield self._gaps
            yield self._gaps_in_short
            yield self._alone
            yield self._trouble
            with Horizontal(classes="buttons"):
                yield from (self._edit, self._add, self._holiday, self._close)
            yield Static(Content(self._voice.say("reception.plan_keys")), classes="hint")

    def first_focus(self) -> Widget:
        """The list, or the form over it."""
        return self._people if self._form is None else self._form.first_focus()

    def on_mount(self) -> None:
        """Ask who is planned today."""
        self._turn_to(self._day)

    # What the server says

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """After midnight another day is today; what could not be asked is asked again."""
        self._today = view.day
        if self._day < self._today and self._form is None:
            self._turn_to(self._today)
        elif self._plan is None:
            self._ask(ShowPlan(self._day))

    def take(self, plan: PlanShown) -> None:
        """How a day is planned: also after it was changed."""
        if plan.day != self._day:  # somebody has turned on meanwhile
            self._ask(ShowPlan(self._day))
            return
        self._plan = plan
        staff = None if self._form is None else self._form.person.staff
        self._end_form()
        self._lay(staff)

    def refused(self, sentence: str) -> bool:
        """Say it where it is mended."""
        if self._form is None:
            self._say(sentence)
        else:
            self._form.say(sentence)
        return True

    # What there is to do

    def on_turned(self, event: Turned) -> None:
        """Another day, today at the earliest."""
        event.stop()
        if self._form is None:
            wanted = date.fromisoformat(self._day) + timedelta(days=event.by)
            if timedelta() <= wanted - date.fromisoformat(self._today) < timedelta(days=PLAN_DAYS):
                self._turn_to(wanted.isoformat())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on a line, or a click."""
        event.stop()
        line = self._lines[int(event.option_id or 0)]
        self._open(line.staff, line.shift)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter saves."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Open the form of whoever the cursor is on; in the form, save."""
        if self._form is None:
            self._people.action_select()
        elif (order := self._form.order()) is not None:
            self._ask(order)

    def action_add(self) -> None:
        """A further shift of the same person."""
        line = self._at
        if self._form is None and line is not None and len(self._person(line.staff).shifts) < SHIFTS_MAX:
            self._open(line.staff, None)

    def action_holiday(self) -> None:
        """Close the day, once somebody has read what that does; or open it."""
        if self._form is not None or self._plan is None:
            return
        if not (self._plan.closed or self._sure):
            self._say(self._voice.say("reception.plan_close_sure"))
            self._sure = True
            return
        self._quiet()
        self._ask(PlanHoliday(day=self._day, closed=not self._plan.closed))

    def action_close(self) -> None:
        """Back to the list; from there, away."""
        if self._form is None:
            self.end()
        else:
            staff = self._form.person.staff
            self._end_form()
            self._lay(staff)

    # What there is to see

    @property
    def _at(self) -> PlanLine | None:
        """The line under the cursor."""
        option = self._people.highlighted_option
        return None if option is None or option.id is None else self._lines[int(option.id)]

    def _person(self, staff: StaffId) -> PersonPlanned:
        """What is said of this person on this day."""
        assert self._plan is not None, "a line is of a plan"
        known = (one for one in self._plan.people if one.staff == staff)
        return next(known, PersonPlanned(staff=staff, shifts=(), dated=False))

    def _turn_to(self, day: str) -> None:
        self._day, self._plan = day, None
        self._lay()
        self._ask(ShowPlan(day))

    def _open(self, staff: StaffId, shift: int | None) -> None:
        self._quiet()
        self._form = PlanForm(
            self._voice, self._day, self._person(staff), shift, self.action_submit, self.action_close
        )
        self._of_day.display, self._of_day.disabled = False, True
        self.add_class("-form")
        self.mount(self._form)

    def _end_form(self) -> None:
        """The list is there again. The screen would keep each input until somebody selects text."""
        if self._form is not None:
            for line in self._form.query(Input):
                self.screen.text_selection_started_signal.unsubscribe(line)
            self._form.remove()
            self._form = None
            self.remove_class("-form")
            self._of_day.display, self._of_day.disabled = True, False
            self._people.focus()

    def _lay(self, staff: StaffId | None = None) -> None:
        """The day as it is now; the cursor on this person."""
        plan, voice = self._plan, self._voice
        self._quiet()
        self._line.show(day_words(voice, self._day, self._today))
        self._lines = [] if plan is None or plan.closed else plan_lines(voice, plan)
        self._people.clear_options()
        if plan is None or plan.closed:
            key = "reception.plan_wait" if plan is None else "reception.plan_closed"
            self._people.add_option(Option(Content(voice.say(key)), disabled=True))
        else:
            self._people.add_options(self._options())
            at = next((index for index, line in enumerate(self._lines) if line.staff == staff), 0)
            self._people.highlighted = self._people.get_option_index(str(at))
        for line, words in (
            (self._gaps, gap_words),
            (self._gaps_in_short, gaps_in_short),
            (self._alone, alone_words),
        ):
            line.say("" if plan is None else words(voice, plan))
            line.set_class(not line.plain, "-none")
        closed = plan is not None and plan.closed
        self._holiday.say(voice.say("action.plan_open" if closed else "action.plan_close"))
        self._head.visible = not closed
        self._edit.display = self._add.display = bool(self._lines)
        self._holiday.display = plan is not None

    def _options(self) -> list[Option]:
        """The lines, and a word between those who are planned and the others."""
        found = []
        for index, line in enumerate(self._lines):
            if not line.planned and (index == 0 or self._lines[index - 1].planned):
                words = Content.styled(self._voice.say("reception.plan_others"), palette.MUTED)
                found.append(Option(words, disabled=True))
            found.append(Option(Content(line.words), id=str(index)))
        return found

    def _say(self, sentence: str) -> None:
        self._trouble.update(Content(sentence))
        self._trouble.display = True

    def _quiet(self) -> None:
        """Nothing was refused here, and nobody is about to close the day."""
        self._sure = False
        self._trouble.display = False
