"""Many tickets of one kiosk in a short time: the words of the alarm, and what reception says to it."""

from collections.abc import Callable
from textwrap import wrap

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from desk.reception.left_out import numbers
from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.words import Voice
from protocol.commands import CancelBurst, DismissBurst
from protocol.house_seen import BurstSeen
from protocol.views import ReceptionView

NUMBERS_COLUMNS = 62
"""Columns of a line of numbers: it fits the dialog on the narrowest screen, and no number is broken."""


def burst_words(view: ReceptionView, voice: Voice) -> list[str]:
    """A sentence for each kiosk of which many tickets came in a short time, with what to do."""
    return [voice.say("reception.burst", kiosk=burst.kiosk, **_values(burst, voice)) for burst in view.bursts]


def _values(burst: BurstSeen, voice: Voice) -> dict[str, object]:
    fields = ", ".join(voice.noun(field) for field in burst.fields)
    return {"time": voice.time(burst.since), "fields": fields, "n": burst.tickets_total}


class BurstDialog(ChoiceDialog):
    """Which tickets they are; whether visitors took them, or they are cancelled. It stays as it was opened.

    The first line is the one that harms nobody: whoever presses Enter too soon has cancelled nothing.
    """

    def __init__(
        self, voice: Voice, burst: BurstSeen, ask: Callable[[CancelBurst | DismissBurst], object]
    ) -> None:
        self._said = (
            voice.say("reception.burst_waiting", **_values(burst, voice)),
            "\n".join(wrap(numbers(burst.tickets, burst.tickets_total), NUMBERS_COLUMNS)),
        )
        commands: dict[str, CancelBurst | DismissBurst] = {
            "dismiss": DismissBurst(burst.kiosk, burst.tickets),
            "cancel": CancelBurst(burst.kiosk, burst.tickets),
        }
        choices = [
            Choice(
                key,
                voice.say(f"reception.burst_{key}", n=len(burst.tickets)),
                voice.say(f"reception.burst_{key}_note"),
            )
            for key in commands
        ]
        super().__init__(
            voice,
            voice.say("reception.burst_title", kiosk=burst.kiosk),
            [*choices, Choice("back", voice.say("action.back"))],
            lambda key: ask(commands[key]) if key in commands else None,
        )

    def compose_body(self) -> ComposeResult:
        """Since when and for what, the numbers, then what can be done."""
        waiting, named = self._said
        yield Static(Content(waiting), classes="note")
        yield Static(Content(named), classes="numbers")
        yield from super().compose_body()
