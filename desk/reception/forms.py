"""What reception is asked: a ticket for somebody, which printer, what the board says."""

from collections.abc import Callable

from config.model import Centre
from desk.reception.printers import printing_kiosks, prints, state_words
from desk.transfer import languages_question
from desk.widgets.dialogs import NO, YES, Choice, ChoiceDialog
from desk.widgets.forms import Answers, FormDialog, LinesDialog, Question
from desk.words import Voice, capital
from protocol.commands import (
    MESSAGE_CHARS_MAX,
    PEOPLE_MAX,
    TALK_LANGUAGES_MAX,
    AnyCommand,
    IssueTicket,
    PostMessage,
    Reprint,
)
from protocol.ids import DeviceName, TicketCode, shown
from protocol.views import CounsellorView, ReceptionView, StaffTicket
from protocol.waits import IN_VAIN

Ask = Callable[[AnyCommand], object]
NOWHERE = ""


class IssueDialog(FormDialog):
    """A ticket for a visitor who does not use the kiosk; says before it is given where that is in vain."""

    def __init__(self, voice: Voice, view: ReceptionView, ask: Ask) -> None:
        self._queues = {queue.field: queue for queue in view.fields}
        self._refuses = voice.say("reception.issue_full")
        self._in_vain = voice.say("reception.issue_nobody")
        super().__init__(
            voice,
            voice.say("action.issue"),
            voice.say("action.issue"),
            _issue_questions(voice, view),
            lambda answers: ask(issue_of(answers)),
            sensible=self._can_be_given,
        )

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """A field may become full while the form is filled in."""
        self._queues = {queue.field: queue for queue in view.fields}
        self.weigh()

    def remark(self, answers: Answers) -> str:
        """That it is full, and what helps; that nobody is in sight."""
        if not answers["field"] or not answers["languages"]:
            return ""
        if self._is_full(answers):
            return self._refuses
        waits = self._queues[answers["field"][0]].expected
        kinds = [waits[language].kind if language in waits else None for language in answers["languages"]]
        return self._in_vain if all(kind in IN_VAIN for kind in kinds) else ""

    def _can_be_given(self, answers: Answers) -> bool:
        asked = bool(answers["field"]) and 0 < len(answers["languages"]) <= TALK_LANGUAGES_MAX
        return asked and not self._is_full(answers)

    def _is_full(self, answers: Answers) -> bool:
        """In every one of these languages."""
        return set(answers["languages"]) <= set(self._queues[answers["field"][0]].ended)


def _issue_questions(voice: Voice, view: ReceptionView) -> tuple[Question, ...]:
    """What for, in which languages, for whom, and where the slip comes out."""
    open_fields = {queue.field for queue in view.fields if queue.open}
    fields = [field for field in voice.centre.fields if field.id in open_fields]
    languages = languages_question(voice, ())
    return (
        Question(
            name="field",
            title=voice.say("column.field"),
            options=tuple((field.id, field.noun[voice.language]) for field in fields),
            chosen=(fields[0].id,) if fields else (),
        ),
        languages,
        Question(
            name="screen",
            title=voice.say("reception.screen_language"),
            options=languages.options,
            chosen=(voice.centre.languages.official[0],),
            follows="languages",
        ),
        Question(
            name="priority",
            title=capital(voice.say("desk.next_priority")),
            options=((NO, voice.say("reception.no")), (YES, voice.say("reception.yes"))),
            chosen=(NO,),
        ),
        Question(
            name="people",
            title=voice.say("reception.people"),
            options=tuple((str(count), str(count)) for count in range(1, PEOPLE_MAX + 1)),
            chosen=("1",),
        ),
        _kiosk_question(voice, view),
    )


def issue_of(answers: Answers) -> IssueTicket:
    """The command these answers mean."""
    return IssueTicket(
        field=answers["field"][0],
        languages=answers["languages"],
        screen_language=answers["screen"][0],
        priority=answers["priority"] == (YES,),
        kiosk=answers["kiosk"][0] or None,
        people=int(answers["people"][0]),
    )


def _kiosk_question(voice: Voice, view: ReceptionView) -> Question:
    """Which kiosk's printer prints: a working one is offered first."""
    kiosks = printing_kiosks(view, voice.centre, None)
    works = bool(kiosks) and prints(kiosks[0][1])
    return Question(
        name="kiosk",
        title=voice.say("reception.prints"),
        options=(*((name, name) for name, _ in kiosks), (NOWHERE, voice.say("reception.prints_nowhere"))),
        chosen=(kiosks[0][0] if works else NOWHERE,),
    )


def reprint_of(ticket: StaffTicket, view: ReceptionView, centre: Centre) -> Reprint | None:
    """A further slip where it is sure to come out best; none when no printer works."""
    kiosks = printing_kiosks(view, centre, ticket.kiosk)
    if not kiosks or not prints(kiosks[0][1]):
        return None
    return Reprint(ticket.ticket, None if kiosks[0][0] == ticket.kiosk else kiosks[0][0])


def reprint_dialog(
    voice: Voice, view: ReceptionView, code: TicketCode, own: DeviceName | None, ask: Ask
) -> ChoiceDialog:
    """Where a further slip of this ticket comes out; `own`: the kiosk of its first slip, if known.

    Where another printer stands in it comes out of that one, wherever the first did.
    """
    choices = []
    for name, printer in printing_kiosks(view, voice.centre, own):
        words = f"{printer.printer}, {state_words(printer, voice)}"
        if printer.spare is not None:
            words = f"{words} → {printer.spare}"
        elif name == own:
            words = f"{words} · {voice.say('reception.prints_same')}"
        choices.append(Choice(name, name, words))
    return ChoiceDialog(
        voice,
        f"{voice.say('action.reprint')}  {shown(code)}",
        choices,
        lambda kiosk: ask(Reprint(code, None if kiosk == own else kiosk)),
    )


def message_dialog(voice: Voice, view: ReceptionView, ask: Ask) -> LinesDialog:
    """One line on the board in each official language; both empty clear it."""
    lines = {language: view.message.get(language, "") for language in voice.centre.languages.official}
    return LinesDialog(voice, lines, MESSAGE_CHARS_MAX, lambda texts: ask(PostMessage(texts)))
