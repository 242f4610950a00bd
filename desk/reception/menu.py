"""What reception can do, in words: the keys, and everything that is possible with one ticket."""

from collections.abc import Callable, Mapping

from desk.actions import (
    ENTER,
    HELP_KEY,
    OFFER_KEY,
    RECEPTION_ACTIONS,
    Action,
    HallSight,
    keys,
    of_key,
    possible,
)
from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.widgets.keys import KeyName
from desk.words import Voice
from protocol.ids import shown
from protocol.views import StaffTicket

KEYS = keys(RECEPTION_ACTIONS)
SEARCH_ENDS_KEY = "escape"
"""Back from what was searched to the list."""


def key_names(voice: Voice, sight: HallSight, *, searching: bool, typing: bool) -> tuple[KeyName, ...]:
    """The footer: function keys keep their places and become dim; others are named while possible.

    `typing`: the keys are in the line in which a number is searched: Enter leads to what was found, and
    the arrows stay in that line.
    """
    ends = KeyName(key=SEARCH_ENDS_KEY, label=voice.short("back"), cap="Esc")
    named = [
        KeyName(key=key, label=voice.short(action.name), possible=action.enabled(sight), cap=voice.cap(key))
        for key, action in ((key, of_key(RECEPTION_ACTIONS, sight, key)) for key in KEYS)
        if key not in {ENTER, OFFER_KEY}
    ]
    return (
        *(name for name in named if name.possible or (name.key.startswith("f") and name.key != HELP_KEY)),
        KeyName(
            key=ENTER,
            label=voice.short("found" if typing else "menu"),
            possible=sight.ticket is not None,
            cap="↵",
        ),
        *(() if typing else (KeyName(key="right", label=voice.short("lists"), cap="← →"),)),
        *((ends,) if searching else ()),
    )


def of_ticket(sight: HallSight) -> Mapping[str, Action[HallSight]]:
    """What is possible now with the ticket under the cursor, by name."""
    return {action.name: action for action in possible(RECEPTION_ACTIONS, sight) if action.of_ticket}


def menu(
    voice: Voice,
    ticket: StaffTicket,
    actions: Mapping[str, Action[HallSight]],
    choose: Callable[[str], object],
) -> ChoiceDialog:
    """The actions with their keys, under the ticket and where it stands."""
    choices = [
        Choice(name, voice.say(f"action.{name}"), "" if action.key == ENTER else voice.cap(action.key))
        for name, action in actions.items()
    ]
    title = f"{shown(ticket.ticket)}   {voice.noun(ticket.field)}   {voice.say(f'stage.{ticket.stage}')}"
    return ChoiceDialog(voice, title, choices, choose)
