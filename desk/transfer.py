"""Sending a visitor on: to another field, another language or one desk, with the place kept."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from desk.widgets.forms import Answers, FormDialog, Question
from desk.words import Voice, codes
from protocol.commands import TALK_LANGUAGES_MAX, AnyCommand, Transfer
from protocol.ids import DeskId, shown
from protocol.views import (
    CounsellorView,
    DeskState,
    FieldQueue,
    ReceptionView,
    StaffDesk,
    StaffTicket,
)
from protocol.waits import WaitKind

ANY_DESK = ""


class TransferDialog(FormDialog):
    """Field, languages and desk as they are now, one of which has to change; above them, that nobody is."""

    def __init__(
        self,
        voice: Voice,
        ticket: StaffTicket,
        view: CounsellorView | ReceptionView,
        ask: Callable[[AnyCommand], object],
        own: DeskId | None = None,
    ) -> None:
        """`own`: the desk at which this is asked, which nobody is sent to."""
        self._fields = view.fields
        self._warning = Static(classes="warning -above", markup=False)
        super().__init__(
            voice,
            voice.say("desk.transfer_title", code=shown(ticket.ticket)),
            voice.say("action.transfer"),
            (
                _field_question(voice, ticket),
                languages_question(voice, ticket.languages),
                _desk_question(voice, view.desks, own),
            ),
            lambda answers: ask(transfer_of(ticket, answers)),
            sensible=lambda answers: (
                0 < len(answers["languages"]) <= TALK_LANGUAGES_MAX
                and transfer_of(ticket, answers) != Transfer(ticket=ticket.ticket)
            ),
            note=voice.say("desk.rank_kept"),
        )

    def compose_body(self) -> ComposeResult:
        """That nobody is there, then the form."""
        yield self._warning
        yield from super().compose_body()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """Somebody may have come or gone meanwhile."""
        self._fields = view.fields
        self.weigh()

    def weigh(self) -> None:
        """Other answers, another warning."""
        super().weigh()
        warning = nobody_words(self._fields, self.answers, self._voice)
        self._warning.update(warning)
        self._warning.display = bool(warning)


def nobody_words(fields: Sequence[FieldQueue], answers: Answers, voice: Voice) -> str:
    """That nobody is at a desk who could call the visitor then; empty: somebody is, or is meant by name."""
    field, languages = answers["field"][0], answers["languages"]
    queue = next((one for one in fields if one.field == field), None)
    if queue is None or answers["desk"] != (ANY_DESK,) or not {*languages}.isdisjoint(queue.served):
        return ""
    foreseen = [queue.expected.get(language) for language in languages]
    never = all(wait is not None and wait.kind is WaitKind.NOT_TODAY for wait in foreseen)
    what = f"{voice.noun(field)} {codes(languages)}"
    return voice.say("desk.nobody_today" if never else "desk.nobody_now", what=what) if languages else ""


def _field_question(voice: Voice, ticket: StaffTicket) -> Question:
    return Question(
        name="field",
        title=voice.say("column.field"),
        options=tuple((field.id, field.noun[voice.language]) for field in voice.centre.fields),
        chosen=(ticket.field,),
    )


def _desk_question(voice: Voice, desks: Sequence[StaffDesk], own: DeskId | None) -> Question:
    open_desks = [desk for desk in desks if desk.state is not DeskState.CLOSED and desk.desk != own]
    return Question(
        name="desk",
        title=voice.say("column.desk"),
        options=(
            (ANY_DESK, voice.say("desk.any_desk")),
            *((desk.desk, f"{desk.desk} {voice.first_name(desk.counsellor)}") for desk in open_desks),
        ),
        chosen=(ANY_DESK,),
    )


def languages_question(voice: Voice, chosen: tuple[str, ...]) -> Question:
    """The languages of the conversation, any of which will do."""
    return Question(
        name="languages",
        title=voice.say("reception.talk_languages"),
        options=tuple(
            (language, voice.phrases.say("lang.endonym", language)) for language in voice.centre.languages.all
        ),
        chosen=chosen,
        several=True,
    )


def transfer_of(ticket: StaffTicket, answers: Answers) -> Transfer:
    """The command: it names only what changes."""
    field, desk = answers["field"][0], answers["desk"][0]
    languages = answers["languages"]
    return Transfer(
        ticket=ticket.ticket,
        field=None if field == ticket.field else field,
        languages=() if set(languages) == set(ticket.languages) else languages,
        desk=None if desk == ANY_DESK else desk,
    )


def where_to(command: Transfer, voice: Voice) -> str:
    """Where a visitor was sent, in what changes: field, languages, desk."""
    field = "" if command.field is None else voice.noun(command.field)
    desk = "" if command.desk is None else voice.say("desk.title", desk=command.desk)
    return " ".join(part for part in (field, codes(command.languages), desk) if part)
