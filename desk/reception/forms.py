"""What reception is asked: a ticket for somebody, which printer, which field, what the board says."""

from collections.abc import Callable

from desk.transfer import languages_question
from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.widgets.forms import Answers, FormDialog, LinesDialog, Question
from desk.words import Voice
from protocol.commands import (
    MESSAGE_CHARS_MAX,
    TALK_LANGUAGES_MAX,
    AnyCommand,
    CloseField,
    IssueTicket,
    OpenField,
    PostMessage,
    Reprint,
)
from protocol.ids import shown
from protocol.views import PrinterState, ReceptionView, StaffTicket

Ask = Callable[[AnyCommand], None]
NO, YES = "no", "yes"
NOWHERE = ""
SAME = "same"


def issue_dialog(voice: Voice, view: ReceptionView, ask: Ask) -> FormDialog:
    """A ticket for a visitor who does not use the kiosk."""
    open_fields = {queue.field for queue in view.fields if queue.open}
    fields = [field for field in voice.centre.fields if field.id in open_fields]
    return FormDialog(
        voice,
        voice.say("action.issue"),
        voice.say("action.issue"),
        (
            Question(
                name="field",
                title=voice.say("column.field"),
                options=tuple((field.id, field.noun[voice.language]) for field in fields),
                chosen=(fields[0].id,) if fields else (),
            ),
            languages_question(voice, ()),
            Question(
                name="screen",
                title=voice.say("reception.screen_language"),
                options=languages_question(voice, ()).options,
                chosen=(voice.centre.languages.official[0],),
            ),
            Question(
                name="priority",
                title=voice.say("desk.next_priority").capitalize(),
                options=((NO, voice.say("reception.no")), (YES, voice.say("reception.yes"))),
                chosen=(NO,),
            ),
            _kiosk_question(voice, view),
        ),
        lambda answers: ask(issue_of(answers)),
        sensible=lambda answers: bool(fields) and 0 < len(answers["languages"]) <= TALK_LANGUAGES_MAX,
    )


def issue_of(answers: Answers) -> IssueTicket:
    """The command these answers mean."""
    return IssueTicket(
        field=answers["field"][0],
        languages=answers["languages"],
        screen_language=answers["screen"][0],
        priority=answers["priority"] == (YES,),
        kiosk=answers["kiosk"][0] or None,
    )


def _kiosk_question(voice: Voice, view: ReceptionView) -> Question:
    """Which kiosk's printer prints: a working one is offered first."""
    kiosks = _printing_kiosks(voice)
    ready = {
        printer.printer
        for printer in view.printers
        if printer.state in {PrinterState.READY, PrinterState.PAPER_LOW}
    }
    good = [name for name, printer in kiosks if printer in ready]
    return Question(
        name="kiosk",
        title=voice.say("reception.prints"),
        options=(*((name, name) for name, _ in kiosks), (NOWHERE, voice.say("reception.prints_nowhere"))),
        chosen=(good[0] if good else NOWHERE,),
    )


def _printing_kiosks(voice: Voice) -> list[tuple[str, str]]:
    return [(kiosk.name, kiosk.printer) for kiosk in voice.centre.kiosks if kiosk.printer is not None]


def reprint_dialog(voice: Voice, ticket: StaffTicket, ask: Ask) -> ChoiceDialog:
    """Where a further slip of this ticket comes out."""
    choices = [Choice(SAME, voice.say("reception.prints_same"))]
    choices += [Choice(name, name, printer) for name, printer in _printing_kiosks(voice)]
    return ChoiceDialog(
        voice,
        f"{voice.say('action.reprint')}  {shown(ticket.ticket)}",
        choices,
        lambda key: ask(Reprint(ticket.ticket, None if key == SAME else key)),
    )


def fields_dialog(voice: Voice, view: ReceptionView, ask: Ask) -> ChoiceDialog:
    """Every field, open or closed; choosing one changes it."""
    opened = {queue.field: queue.open for queue in view.fields}
    choices = []
    for queue in view.fields:
        state = voice.say("reception.field_open" if queue.open else "reception.field_closed")
        change = voice.say("action.close_field" if queue.open else "action.open_field")
        choices.append(Choice(queue.field, f"{voice.noun(queue.field):<24} {state:<12}", f"→ {change}"))
    return ChoiceDialog(
        voice,
        voice.say("action.fields"),
        choices,
        lambda field: ask(CloseField(field) if opened[field] else OpenField(field)),
    )


def message_dialog(voice: Voice, view: ReceptionView, ask: Ask) -> LinesDialog:
    """One line on the board in each official language; both empty clear it."""
    lines = {language: view.message.get(language, "") for language in voice.centre.languages.official}
    return LinesDialog(voice, lines, MESSAGE_CHARS_MAX, lambda texts: ask(PostMessage(texts)))
