"""What a counsellor is asked: why this break, when to be reminded, what is served today, which number."""

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input
from textual.widgets.option_list import Option

from config.look import palette
from config.model import Counsellor
from desk.counsellor.actions import calls_of
from desk.counsellor.leaving import IN_A_FORM_MAX, BareWarning, bare_if_fewer
from desk.counsellor.reminders import aside_words
from desk.numbers import number_typed, squeezed
from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.widgets.forms import Answers, FormDialog, Question
from desk.words import Voice, codes, minutes_since
from protocol.commands import AnyCommand, NarrowDesk, OpenDesk, Park
from protocol.ids import TicketCode, shown
from protocol.views import CounsellorView, DeskState, ReceptionView, StaffTicket, Stage

REMINDERS_MIN = (5, 10, 15, 30)
USUAL_REMINDER_MIN = 10
"""Enough for a form to be filled in or a paper to be fetched."""
NO_REMINDER = "none"


def park_dialog(voice: Voice, ticket: TicketCode, ask: Callable[[AnyCommand], object]) -> ChoiceDialog:
    """When to be reminded of whom is put aside; Enter takes the usual time."""
    choices = [
        Choice(NO_REMINDER, voice.say("desk.no_reminder")),
        *(Choice(str(n), voice.say("desk.remind_in", n=n)) for n in REMINDERS_MIN),
    ]
    return ChoiceDialog(
        voice,
        voice.say("desk.park_title", code=shown(ticket)),
        choices,
        lambda key: ask(Park(ticket, None if key == NO_REMINDER else int(key))),
        offered=str(USUAL_REMINDER_MIN),
    )


class ServedDialog(FormDialog):
    """Which of the own fields and languages are served today; on a closed desk it opens it for them.

    Above the rows stands what nobody would serve any more.
    """

    def __init__(
        self, voice: Voice, counsellor: Counsellor, view: CounsellorView, ask: Callable[[AnyCommand], object]
    ) -> None:
        self._view = view
        self._warning = BareWarning(voice, "desk.bare_then", IN_A_FORM_MAX)
        closed = view.desk.state is DeskState.CLOSED
        served = counsellor if closed else view.desk
        names = {language: voice.phrases.say("lang.endonym", language) for language in counsellor.languages}

        def submit(answers: Answers) -> None:
            fields, languages = answers["fields"], answers["languages"]
            fields = () if {*fields} == {*counsellor.fields} else fields
            languages = () if {*languages} == {*counsellor.languages} else languages
            if closed:
                ask(OpenDesk(counsellor.id, fields, languages))
            else:
                ask(NarrowDesk(fields, languages))

        super().__init__(
            voice,
            voice.say("desk.served_title"),
            voice.say("action.open_desk" if closed else "action.confirm"),
            (
                Question(
                    name="fields",
                    title=voice.say("desk.your_fields"),
                    options=tuple((field, voice.noun(field)) for field in counsellor.fields),
                    chosen=tuple(field for field in counsellor.fields if field in served.fields),
                    several=True,
                ),
                Question(
                    name="languages",
                    title=voice.say("desk.your_languages"),
                    options=tuple(names.items()),
                    chosen=tuple(language for language in names if language in served.languages),
                    several=True,
                ),
            ),
            submit,
            sensible=lambda answers: bool(answers["fields"] and answers["languages"]),
            note=voice.say("desk.served_note"),
        )

    def compose_body(self) -> ComposeResult:
        """What would be left bare, then the form."""
        yield self._warning
        yield from super().compose_body()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """Somebody else may have come or gone meanwhile."""
        if isinstance(view, CounsellorView):
            self._view = view
            self.weigh()

    def weigh(self) -> None:
        """Other answers, another warning."""
        super().weigh()
        answers = self.answers
        self._warning.tell(bare_if_fewer(self._view, answers["fields"], answers["languages"]))


class PickDialog(ChoiceDialog):
    """A number is typed, and called out of turn; one that is in no list here is asked of the server."""

    def __init__(
        self,
        voice: Voice,
        view: CounsellorView,
        now: datetime,
        choose: Callable[[TicketCode], object],
        typed: str = "",
    ) -> None:
        super().__init__(
            voice,
            voice.say("desk.pick_title"),
            [Choice(one.ticket, shown(one.ticket), _note(voice, one, now)) for one in calls_of(view)],
            choose,
            with_filter=True,
            typed=typed,
        )

    def fits(self, choice: Choice, typed: str) -> bool:
        """By its number alone: a wait or a field is no number."""
        return squeezed(typed) in choice.key or number_typed(typed) == choice.key

    def type_on(self, letter: str) -> None:
        """Something was typed while the keys were not in the filter."""
        self.query_one(Input).value += letter

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the number that is offered, or the one that was typed in full."""
        code = number_typed(event.value)
        if code is not None and not self.found(event.value):
            event.stop()
            self.choose(code)
        else:
            super().on_input_submitted(event)

    def nothing(self, typed: str) -> Option:
        """It may be in another line: the server says whose."""
        key = "desk.pick_elsewhere" if number_typed(typed) else "desk.nothing_found"
        return Option(Content.styled(self.voice.say(key), palette.MUTED), disabled=True)


def _note(voice: Voice, ticket: StaffTicket, now: datetime) -> str:
    if ticket.stage is not Stage.WAITING:
        return aside_words(voice, ticket, now)
    waited = voice.minutes(minutes_since(ticket.issued_at, now))
    return f"{codes(ticket.languages):<6} {waited:>7}   {voice.noun(ticket.field)}"
