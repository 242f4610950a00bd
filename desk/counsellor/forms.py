"""What a counsellor is asked: who are you, why this break."""

from collections.abc import Callable

from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.words import Voice, codes
from protocol.commands import AnyCommand, OpenDesk, Pause, PauseReason
from protocol.views import CounsellorView


def sign_in_dialog(voice: Voice, view: CounsellorView, ask: Callable[[AnyCommand], object]) -> ChoiceDialog:
    """Everybody of the centre; typing narrows the list."""
    seated = {desk.counsellor: desk.desk for desk in view.desks if desk.counsellor is not None}

    def note(counsellor_id: str) -> str:
        person = voice.centre.counsellor(counsellor_id)
        letters = " ".join(voice.centre.field(field).letter for field in person.fields)
        place = voice.say("desk.title", desk=seated[person.id]) if person.id in seated else ""
        return f"{letters:<9} {codes(person.languages):<8} {place}".rstrip()

    choices = [
        Choice(person.id, person.name, note(person.id))
        for person in sorted(voice.centre.counsellors, key=lambda person: person.name)
    ]
    return ChoiceDialog(
        voice, voice.say("desk.who_are_you"), choices, lambda key: ask(OpenDesk(key)), with_filter=True
    )


def pause_dialog(voice: Voice, ask: Callable[[AnyCommand], object]) -> ChoiceDialog:
    """Why this break: a reason of the list, never free text."""
    choices = [Choice(reason.value, voice.say(f"pause.{reason}")) for reason in PauseReason]
    return ChoiceDialog(
        voice, voice.say("desk.choose_reason"), choices, lambda key: ask(Pause(PauseReason(key)))
    )
