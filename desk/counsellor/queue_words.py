"""What a counsellor reads about the own queue: how many, how long, who is next and why. Pure."""

from datetime import datetime, timedelta

from textual.content import Content

from config.look import palette
from desk.counsellor.reasons import first_fitting, reason_words
from desk.words import Voice, codes, minutes_since
from protocol.ids import shown
from protocol.views import CounsellorView

_GAP = "   "


LAST_TICKET_SOON = timedelta(hours=2)
"""From so long before it, a counsellor sees when the last ticket of the own fields will be given."""


def queue_words(view: CounsellorView, now: datetime, voice: Voice, room: int) -> Content:
    """The head of the queue in so many columns: how many, the longest wait, when the last ticket is near.

    Where there is no room for both, the list itself shows the wait.
    """
    head = Content.assemble((voice.say("desk.my_queue"), "bold"), f"  {view.waiting_total}")
    longest, last = _longest(view, now, voice), _last(view, now, voice)
    ways = [longest[:1] + last[:1], longest[1:] + last[:1], last[1:] or longest[1:]]
    beside = first_fitting(room - len(head), *("".join(_GAP + words for words in way) for way in ways))
    return Content.assemble(head, (beside, palette.MUTED))


def _longest(view: CounsellorView, now: datetime, voice: Voice) -> tuple[str, ...]:
    """The longest wait in full and in short; nothing: nobody waits."""
    if not view.waiting:
        return ()
    minutes = minutes_since(min(ticket.issued_at for ticket in view.waiting), now)
    return voice.say("desk.longest", n=minutes), voice.say("desk.longest_short", n=minutes)


def _last(view: CounsellorView, now: datetime, voice: Voice) -> tuple[str, ...]:
    """When the last ticket will be given, in full and in short; nothing: that is far off."""
    at = min((one.at for one in view.last_tickets), default=None)
    if at is None or at - now >= LAST_TICKET_SOON:
        return ()
    time = voice.time(at)
    return voice.say("desk.last_ticket", time=time), voice.say("desk.last_ticket_short", time=time)


def next_words(view: CounsellorView, now: datetime, voice: Voice, room: int) -> Content:
    """Who is next, and why it is this one: two lines of so many columns."""
    if view.next is None:
        return Content(voice.say("desk.queue_empty"))
    says = voice.say("desk.next_is", code=shown(view.next.ticket))
    spoken = f"  {codes(view.next.languages)}"
    facts = first_fitting(room - len(says), f"{spoken}  {voice.noun(view.next.field)}", spoken)
    reason = first_fitting(room, *reason_words(view.next, now, voice))
    return Content.assemble((says, "bold"), facts, "\n", (reason, palette.NIGHT_MUTED))


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
