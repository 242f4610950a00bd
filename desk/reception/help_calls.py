"""Calls for help from kiosks, in words for reception: who, how long, in which language, about what. Pure."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from textual.content import Content

from config.look import palette
from desk.actions import HELP_KEY
from desk.words import Voice, codes, minutes_since
from protocol.commands import HelpTopic
from protocol.ids import DeviceName
from protocol.views import HelpSeen, HelpState, ReceptionView

URGENT_MIN = 3
"""Whoever has stood at a kiosk for so long has been forgotten: the line turns red, and rings once more."""


class Urgency(StrEnum):
    """How much a line has to stand out; also its class."""

    URGENT = "urgent"
    FRESH = "fresh"
    COMING = "coming"
    """Somebody goes there: to be known, not to be done."""


class HelpLine(Struct, frozen=True):
    """One call as reception reads it, or all those to which somebody goes."""

    said: str
    urgency: Urgency
    kiosk: DeviceName | None = None
    """Where a click says that somebody goes; none: somebody does."""
    has_key: bool = False
    """The key answers this one."""


class Ring(Struct, frozen=True):
    """What the terminal has rung for: each call once, and once more when it has become urgent."""

    kiosk: DeviceName
    since: datetime
    urgent: bool


def unanswered(view: ReceptionView) -> tuple[HelpSeen, ...]:
    """Calls to which nobody goes yet, the oldest first."""
    return tuple(call for call in view.help if call.state is HelpState.CALLED)


def urgency_of(call: HelpSeen, now: datetime) -> Urgency:
    """Whether nobody goes there yet, or nobody for too long."""
    return Urgency.URGENT if minutes_since(call.since, now) >= URGENT_MIN else Urgency.FRESH


def rings(view: ReceptionView, now: datetime) -> frozenset[Ring]:
    """What is to be heard: whatever is not in the rings of before."""
    return frozenset(
        Ring(call.kiosk, call.since, urgency_of(call, now) is Urgency.URGENT) for call in unanswered(view)
    )


def help_lines(view: ReceptionView, now: datetime, voice: Voice, width: int, rows_max: int) -> list[HelpLine]:
    """A line of so many columns for each call that waits, so many lines at most; one for all the others."""
    calls = unanswered(view)
    shown, hidden = calls[:rows_max], len(calls) - rows_max
    lines: list[HelpLine] = []
    for call in shown:
        more = f"  +{hidden}" if hidden > 0 and call is shown[-1] else ""
        said = _said(call, now, voice, width - len(more)) + more
        lines.append(HelpLine(said, urgency_of(call, now), call.kiosk, has_key=not lines))
    coming = [call.kiosk for call in view.help if call not in calls]
    if coming and len(lines) < rows_max:
        said = voice.say("reception.help_coming", kiosk=", ".join(coming))
        lines.append(HelpLine(said, Urgency.COMING))
    return lines


def _said(call: HelpSeen, now: datetime, voice: Voice, width: int) -> str:
    """As much as there is room for; who it is stands there always, and for how long before all else."""
    parts = [
        voice.say("reception.help", kiosk=call.kiosk),
        voice.minutes(minutes_since(call.since, now)),
        "" if call.language is None else codes((call.language,)),
        voice.say("reception.help_unsure") if call.topic is HelpTopic.UNSURE else "",
        voice.say("reception.since", time=voice.time(call.since)),
    ]
    said, *further = [part for part in parts if part]
    for part in further:
        if len(said) + len(part) + 3 > width:
            break
        said = f"{said} · {part}"
    return said


def help_in_head(view: ReceptionView, voice: Voice) -> Content:
    """What is seen of it while a dialog lies over the lines; empty: nobody calls."""
    calls = unanswered(view)
    if not calls:
        return Content()
    more = f" +{len(calls) - 1}" if len(calls) > 1 else ""
    said = f" {HELP_KEY.upper()}  {voice.say('reception.help', kiosk=calls[0].kiosk)}{more} "
    return Content.styled(said, f"bold {palette.INK} on {palette.ACCENT}")
