"""Why it is this visitor, in one line: the rule that the queue has used, in words. Pure."""

from datetime import datetime

from desk.words import Voice, minutes_since
from protocol.views import CallReason, StaffTicket, Stage


def reason_words(ticket: StaffTicket, at: datetime, voice: Voice) -> tuple[str, ...]:
    """Why this visitor is next, or was called at this instant; in full, and where room is short."""
    n = minutes_since(ticket.issued_at, at)
    match ticket.reason:
        case CallReason.PRIORITY:
            return (voice.say("desk.next_priority_start", n=voice.centre.rules.priority_head_start_min),)
        case CallReason.SCARCITY:
            return (voice.say("desk.next_scarce", n=n),)
        case CallReason.YOUR_DESK:
            return (voice.say("desk.next_yours", n=n),)
        case CallReason.PARKED:
            return (voice.say("desk.next_aside", n=n),)
        case CallReason.CHOSEN:
            return (voice.say("desk.next_chosen", n=n),)
    if ticket.transferred:
        return (voice.say("desk.next_sent_on", n=n),)
    if ticket.calls and ticket.stage is Stage.WAITING:
        return (voice.say("desk.next_back", n=n),)
    return (voice.say("desk.next_longest", n=n), voice.say("desk.longest", n=n))


def first_fitting(room: int, *texts: str) -> str:
    """The first of these texts that has room in so many columns, else the last."""
    return next((text for text in texts if len(text) <= room), texts[-1])
