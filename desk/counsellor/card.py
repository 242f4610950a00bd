"""What a counsellor sees of the own desk at a glance: its state, the visitor, the time. Pure."""

from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from desk.counsellor.reasons import reason_words
from desk.words import SECONDS_PER_MINUTE, Voice, codes, group, stopwatch
from protocol.ids import shown
from protocol.views import CallReason, CounsellorView, DeskState, StaffTicket

SOON_MIN = 5
"""So long before the planned time is up it is said."""
NOT_HERE_S = 30
"""So long a visitor needs from the farthest seat."""
CALLS_ENOUGH = 3
"""Calls after which nobody need be called again."""


class Card(Struct, frozen=True, kw_only=True):
    """The desk in words and one number; `tone` is the state's own look."""

    tone: DeskState
    state: str
    """In the band, in capitals."""
    aside: str
    """Right in the band: the visitor's field."""
    big: str
    """Ticket number or state, as large as it goes."""
    short: str = ""
    """The state in a word that has room where that one has none in large type; empty: there is none."""
    alike: tuple[str, ...] = ()
    """The state in each official language: all of them as large as the widest can be."""
    colour: str = ""
    """Of the number and the band; empty: the tone's own."""
    facts: tuple[str, ...] = ()
    special: str = ""
    """What is not so of most visitors; empty: nothing."""
    reason: tuple[str, ...] = ()
    """Why it is this visitor, in full and in short: a fact behind the first one."""
    timer: str = ""
    """Minutes and seconds of the conversation, of the call, of the break."""
    limit: str = ""
    share: float | None = None
    """Of the planned time, gone; over 1 when it is up. None: no limit runs."""
    soon: str = ""
    """A quiet word before the planned time is up."""
    over: str = ""
    """And once it is."""


def card_of(view: CounsellorView, now: datetime, voice: Voice) -> Card:
    """The desk as it is now."""
    state = view.desk.state
    match state:
        case DeskState.CALLED | DeskState.SERVING:
            assert view.current is not None, "a desk that has called has a visitor"
            return _with_visitor(view.current, state, now, voice)
        case DeskState.PAUSED:
            reason = "pause." + view.desk.pause_reason
            return _alone(
                view,
                voice,
                aside=voice.say(reason) if reason in voice.phrases else "",
                facts=(voice.say("desk.on_break"),),
                timer=stopwatch(view.desk.since, now) if view.desk.since else "",
            )
        case DeskState.FREE if view.staff != view.desk.counsellor:  # whose desk it is, is said above
            return _alone(view, voice, facts=("",))
        case DeskState.FREE:
            waiting = voice.say("desk.waiting_for_you", n=view.waiting_total)
            nobody_comes = not (view.open or view.waiting_total)
            says = voice.say("desk.no_tickets" if nobody_comes else "desk.free_says")
            return _alone(view, voice, facts=(waiting, says))
        case DeskState.READY:
            says = voice.say("desk.ready_says")
            return _alone(view, voice, facts=(says,) if view.open else (says, voice.say("desk.no_tickets")))
        case DeskState.CLOSED:
            return _alone(
                view,
                voice,
                facts=(voice.say("desk.day_over" if view.over else "desk.closed_says"),),
                short=voice.say("state.closed_short"),
            )
        case _:
            assert_never(state)


def _alone(
    view: CounsellorView,
    voice: Voice,
    *,
    facts: tuple[str, ...],
    aside: str = "",
    timer: str = "",
    short: str = "",
) -> Card:
    state = view.desk.state
    official = voice.centre.languages.official
    desk = voice.say("desk.title", desk=view.desk.desk)
    return Card(
        tone=state,
        state=desk.upper(),
        aside=aside,
        big=voice.say(f"state.{state}").upper(),
        short=short.upper(),
        alike=tuple(voice.phrases.say(f"state.{state}", language).upper() for language in official),
        facts=facts,
        timer=timer,
    )


def _with_visitor(ticket: StaffTicket, state: DeskState, now: datetime, voice: Voice) -> Card:
    field = voice.centre.field(ticket.field)
    called_at = ticket.called_at or now
    facts = [f"{codes(ticket.languages)}  {voice.talk(ticket.languages)}"]
    if state is DeskState.CALLED:
        facts.append(_called_words(ticket, now, voice))
    card = Card(
        tone=state,
        state=voice.say(f"state.{state}").upper(),
        aside=f"{field.letter} · {voice.noun(field.id)}",
        big=shown(ticket.ticket),
        colour=field.colour,
        facts=tuple(facts),
        special=_special(ticket, voice),
        reason=reason_words(ticket, called_at, voice),
    )
    if state is DeskState.CALLED:
        return replace(card, timer=stopwatch(ticket.rung_at or called_at, now))
    started_at = ticket.started_at or now
    limit_min = field.session_limit_min
    gone_s = (now - started_at).total_seconds()
    over_min = int(gone_s // SECONDS_PER_MINUTE) - limit_min
    return replace(
        card,
        timer=stopwatch(started_at, now),
        limit=voice.say("desk.planned", n=limit_min),
        share=gone_s / (limit_min * SECONDS_PER_MINUTE),
        soon=_soon(-over_min, voice),
        over=_over(over_min, voice),
    )


def _special(ticket: StaffTicket, voice: Voice) -> str:
    """What is not so of most visitors: called more than once, several people, priority; empty: nothing."""
    said = [voice.say("desk.calls_made", n=ticket.calls)] if ticket.calls > 1 else []
    if ticket.people > 1:
        said.append(group(voice, ticket))
    if ticket.priority and ticket.reason is not CallReason.PRIORITY:
        said.append(voice.say("column.priority"))
    return " · ".join(said)


def _called_words(ticket: StaffTicket, now: datetime, voice: Voice) -> str:
    """What may be done for whoever does not come; whoever does not come after that either is absent."""
    waited_s = (now - (ticket.rung_at or ticket.called_at or now)).total_seconds()
    if waited_s < NOT_HERE_S:
        return voice.say("desk.called_says")
    return voice.say("desk.ring_again" if ticket.calls < CALLS_ENOUGH else "desk.nobody_came")


def _soon(left_min: int, voice: Voice) -> str:
    """In the last minutes, so that a conversation can come to its end in peace."""
    return voice.say("desk.minutes_left", n=left_min) if 0 < left_min <= SOON_MIN else ""


def _over(over_min: int, voice: Voice) -> str:
    """Quiet: the counsellor decides when a conversation ends."""
    if over_min < 0:
        return ""
    return voice.say("desk.time_is_up") if over_min == 0 else voice.say("figure.over_limit", n=over_min)
