"""What a counsellor is asked: why this break."""

from collections.abc import Callable

from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.words import Voice
from protocol.commands import AnyCommand, Pause, PauseReason


def pause_dialog(voice: Voice, ask: Callable[[AnyCommand], object]) -> ChoiceDialog:
    """Why this break: a reason of the list, never free text."""
    choices = [Choice(reason.value, voice.say(f"pause.{reason}")) for reason in PauseReason]
    return ChoiceDialog(
        voice, voice.say("desk.choose_reason"), choices, lambda key: ask(Pause(PauseReason(key)))
    )
