"""What a counsellor reads about the own queue: how many, how long, who is next and why. Pure."""

from datetime import datetime

from textual.content import Content

from config.look import palette
from desk.words import Voice, codes, minutes_since
from protocol.ids import shown
from protocol.views import CounsellorView, StaffTicket

_GAP = "   "


def queue_words(view: CounsellorView, now: datetime, voice: Voice, room: int) -> Content:
    """The head of the queue in so many columns: how many, and the longest wait."""
    words = [Content.styled(voice.say("desk.my_queue"), "bold"), Content(f"  {view.waiting_total}")]
    if view.waiting:
        oldest = min(ticket.issued_at for ticket in view.waiting)
        minutes = minutes_since(oldest, now)
        longest = _fitting(
            room - sum(map(len, words)) - len(_GAP),
            voice.say("desk.longest", n=minutes),
            voice.minutes(minutes),
        )
        words.append(Content.styled(_GAP + longest, palette.MUTED))
    return Content().join(words)


def next_words(view: CounsellorView, now: datetime, voice: Voice, room: int) -> Content:
    """Who is next, and why it is this one: two lines of so many columns."""
    if view.next is None:
        return Content(voice.say("desk.queue_empty"))
    says = voice.say("desk.next_is", code=shown(view.next.ticket))
    spoken = f"  {codes(view.next.languages)}"
    facts = _fitting(room - len(says), f"{spoken}  {voice.noun(view.next.field)}", spoken)
    reason = why(view, view.next, now, voice, room)
    return Content.assemble((says, "bold"), facts, "\n", (reason, palette.NIGHT_MUTED))


def why(view: CounsellorView, ticket: StaffTicket, now: datetime, voice: Voice, room: int) -> str:
    """The rule that makes this ticket the next one, as far as the view knows it.

    Places go by arrival; a ticket that overtakes somebody who came earlier has accessible priority, or is
    one of those who wait for this desk alone.
    """
    n = minutes_since(ticket.issued_at, now)
    if ticket.desk == view.desk.desk:
        return voice.say("desk.next_yours", n=n)
    passed = any(other.issued_at < ticket.issued_at for other in view.waiting)
    if ticket.priority and passed:
        return voice.say("desk.next_priority_start", n=voice.centre.rules.priority_head_start_min)
    if ticket.transferred:
        return voice.say("desk.next_sent_on", n=n)
    if ticket.calls:
        return voice.say("desk.next_back", n=n)
    return _fitting(room, voice.say("desk.next_longest", n=n), voice.say("desk.longest", n=n))


def _fitting(room: int, whole: str, short: str) -> str:
    return whole if len(whole) <= room else short


def served_words(view: CounsellorView, voice: Voice) -> str:
    """Languages and fields of this desk; a word before them where they are fewer than usual."""
    parts = [codes(view.desk.languages), ", ".join(voice.noun(field) for field in view.desk.fields)]
    said = "  ·  ".join(parts)
    return f"{voice.say('desk.today_only')} {said}" if is_narrowed(view, voice) else said


def is_narrowed(view: CounsellorView, voice: Voice) -> bool:
    """Whether this desk serves fewer fields or languages than its counsellor could."""
    person = next((one for one in voice.centre.counsellors if one.id == view.desk.counsellor), None)
    if person is None:
        return False
    return {*view.desk.fields} < {*person.fields} or {*view.desk.languages} < {*person.languages}
