"""Sending a visitor on: to another field, another language or one desk, with the place kept."""

from collections.abc import Callable, Sequence

from desk.widgets.forms import Answers, FormDialog, Question
from desk.words import Voice
from protocol.commands import TALK_LANGUAGES_MAX, AnyCommand, Transfer
from protocol.ids import DeskId, shown
from protocol.views import DeskState, StaffDesk, StaffTicket

ANY_DESK = ""


def transfer_dialog(
    voice: Voice,
    ticket: StaffTicket,
    desks: Sequence[StaffDesk],
    ask: Callable[[AnyCommand], object],
    own: DeskId | None = None,
) -> FormDialog:
    """Field, languages and desk, as they are now; one of them has to change."""
    open_desks = [desk for desk in desks if desk.state is not DeskState.CLOSED and desk.desk != own]
    return FormDialog(
        voice,
        voice.say("desk.transfer_title", code=shown(ticket.ticket)),
        voice.say("action.transfer"),
        (
            Question(
                name="field",
                title=voice.say("column.field"),
                options=tuple((field.id, field.noun[voice.language]) for field in voice.centre.fields),
                chosen=(ticket.field,),
            ),
            languages_question(voice, ticket.languages),
            Question(
                name="desk",
                title=voice.say("column.desk"),
                options=(
                    (ANY_DESK, voice.say("desk.any_desk")),
                    *((desk.desk, f"{desk.desk} {voice.first_name(desk.counsellor)}") for desk in open_desks),
                ),
                chosen=(ANY_DESK,),
            ),
        ),
        lambda answers: ask(transfer_of(ticket, answers)),
        sensible=lambda answers: (
            0 < len(answers["languages"]) <= TALK_LANGUAGES_MAX
            and transfer_of(ticket, answers) != Transfer(ticket=ticket.ticket)
        ),
        note=voice.say("desk.rank_kept"),
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
