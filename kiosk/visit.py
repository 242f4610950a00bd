"""Where a kiosk and its visitor are, and what follows from it for whoever shows it: facts and questions."""

from enum import StrEnum

from msgspec import Struct

from config.model import Languages
from kiosk.inputs import Aid, NumbersAre, Switch, Tap
from kiosk.paper import SLIP_S, Printing, SlipNews
from kiosk.reserve import Given, unattended
from kiosk.waits import is_promised
from protocol.commands import UnservedWhy
from protocol.envelope import TicketGiven
from protocol.ids import FieldId, LanguageCode
from protocol.refusals import RefusalCode
from protocol.views import FieldQueue, HelpState, KioskView
from protocol.waits import WaitKind

SETTLE_S = 0.35
"""After a change of scene taps are ignored this long: the second half of a double tap hits a new button."""
HELD_S = 1.0
"""What was just switched is not switched back sooner: a held key repeats itself after 0.25 to 0.7 s."""
IDLE_S = 60.0
"""Without a tap for this long the kiosk asks whether the visitor is still there."""
LISTENING_IDLE_S = 120.0
"""The same for a visitor to whom each scene is read: that takes up to half a minute."""
HELP_S = 180.0
"""The same for a visitor who waits at the kiosk for somebody of reception."""
STILL_THERE_S = 20.0
"""Time to answer that question; then the visit is wiped."""
TICKET_S = 20.0
"""How long a ticket is shown that comes out on paper as well."""
TICKET_UNPRINTED_S = 60.0
"""How long a ticket is shown that exists on the screen alone: time to write it down or photograph it."""
TICKET_LONGEST_S = 120.0
"""How long a ticket is shown at most, whatever its printer does meanwhile: the next visitor waits."""
LINK_GRACE_S = 2.0
"""A line that is back sooner is not worth a word: a server restarts in less."""


class Scene(StrEnum):
    """One thing to look at."""

    CONNECTING = "connecting"
    OFFLINE = "offline"
    CLOSED = "closed"
    LANGUAGE = "language"
    FIELD = "field"
    UNSURE = "unsure"
    TALK = "talk"
    TAKING = "taking"
    TICKET = "ticket"
    REFUSED = "refused"
    HELP = "help"
    STILL_THERE = "still_there"


class Call(StrEnum):
    """What has become of this visit's own call for help."""

    NONE = "none"
    """The visit has made none; the view may tell of one of somebody before."""
    ASKED = "asked"
    HEARD = "heard"
    """The server has taken it; no view has told of it yet."""
    SEEN = "seen"
    """The view tells of it."""
    OVER = "over"
    """Reception answered it, and it ended while its visitor looked at it."""
    UNHEARD = "unheard"


class HelpNews(StrEnum):
    """What a visitor may know of help on its way."""

    NOT_CALLED = "not_called"
    CALLING = "calling"
    CALLED = "called"
    """Reception knows."""
    COMING = "coming"
    OVER = "over"
    """Somebody was to come, and should have been here by now."""
    UNHEARD = "unheard"
    """Nobody knows: the visitor has to go to reception."""


class Kiosk(Struct, frozen=True, kw_only=True):
    """Where a kiosk is; instants in seconds of one clock that never goes back."""

    languages: Languages
    scene: Scene = Scene.CONNECTING
    scene_since_s: float
    step: Scene = Scene.LANGUAGE
    """The visitor's own step, whatever lies over it."""
    step_since_s: float
    touched_s: float
    aids: frozenset[Aid] = frozenset()
    """What this visitor has switched on."""
    switched: Aid | None = None
    """What was last switched on or off."""
    switched_s: float = 0.0
    """When that was, or when a key still held last repeated it."""
    language: LanguageCode | None = None
    field: FieldId | None = None
    talk: tuple[LanguageCode, ...] = ()
    anyway: bool = False
    """Wants a ticket though nobody is in sight who could serve them."""
    ticket: TicketGiven | Given | None = None
    ticket_back_s: float | None = None
    """When the ticket was last uncovered from the scene of help."""
    slip: SlipNews = SlipNews.NONE
    """What is known of the slip of `ticket`."""
    slip_since_s: float = 0.0
    refusal: RefusalCode | None = None
    """Why there is no ticket in step `refused`; none: the server did not answer."""
    helping: bool = False
    """The scene of help lies over the visitor's step."""
    call: Call = Call.NONE
    view: KioskView | None = None
    printing: Printing = Printing.WELL
    """By the newest view; nothing is promised and nothing feared of a printer not yet looked at."""
    unknown_since_s: float | None = None
    """Since when the server does not know how the printer is."""
    link_lost_s: float | None = None
    """Since when the line is away."""
    cut_off: bool = False
    """The line is away for so long that it is worth a word."""
    numbers: NumbersAre = NumbersAre()
    alone: bool = False
    """The kiosk goes on without the server: nothing is known of who waits and who is there."""


def takes_taps(kiosk: Kiosk, at_s: float) -> bool:
    """Whether a tap now is meant for what is shown."""
    return at_s - max(kiosk.scene_since_s, kiosk.switched_s) >= SETTLE_S


def is_held(kiosk: Kiosk, tap: Tap, at_s: float) -> bool:
    """Whether a tap only repeats the newest switch: a double tap, or a key that is held."""
    return isinstance(tap, Switch) and tap.aid is kiosk.switched and at_s - kiosk.switched_s < HELD_S


def idle_s(kiosk: Kiosk) -> float:
    """How long the kiosk waits for a tap before it asks, in seconds."""
    if kiosk.helping and kiosk.call is not Call.OVER:
        return HELP_S
    return LISTENING_IDLE_S if Aid.LISTEN in kiosk.aids else IDLE_S


def left_s(kiosk: Kiosk, at_s: float) -> float | None:
    """Seconds until what is shown ends by itself; none when it stays, or something comes first."""
    if kiosk.scene is Scene.TICKET and kiosk.slip is not SlipNews.COMING:
        return max(0.0, ticket_until_s(kiosk) - at_s)
    if kiosk.scene is Scene.STILL_THERE:
        return max(0.0, kiosk.touched_s + idle_s(kiosk) + STILL_THERE_S - at_s)
    return None


def ticket_shown_s(kiosk: Kiosk) -> float:
    """How long the ticket stays on the screen after the newest word about its slip, in seconds."""
    match kiosk.slip:
        case SlipNews.OUT if Aid.LISTEN not in kiosk.aids:
            return TICKET_S
        case SlipNews.COMING:
            return SLIP_S + TICKET_UNPRINTED_S
    return TICKET_UNPRINTED_S


def ticket_until_s(kiosk: Kiosk) -> float:
    """When the ticket has been shown long enough; after the scene of help it is shown anew."""
    until_s = min(kiosk.slip_since_s + ticket_shown_s(kiosk), kiosk.step_since_s + TICKET_LONGEST_S)
    if kiosk.ticket_back_s is None:
        return until_s
    return max(until_s, kiosk.ticket_back_s + ticket_shown_s(kiosk))


def queue_of(kiosk: Kiosk, field: FieldId) -> FieldQueue | None:
    """The queue of a field in the newest view; none when the server does not know the field."""
    fields = kiosk.view.fields if kiosk.view is not None else ()
    queue = next((queue for queue in fields if queue.field == field), None)
    return unattended(queue, field, kiosk.numbers.fields, kiosk.languages) if kiosk.alone else queue


def is_official(kiosk: Kiosk) -> bool:
    """Whether the visitor chose an official language, in which the conversation is then held too."""
    return kiosk.language in kiosk.languages.official


def somebody_there(kiosk: Kiosk, queue: FieldQueue) -> bool:
    """Whether somebody is at a desk for a field now; in the visitor's language, if that is official.

    Whoever will have left before the visitor's turn is not there.
    """
    return any(
        is_promised(queue, language)
        for language in queue.served
        if language == kiosk.language or not is_official(kiosk)
    )


def talk_choices(kiosk: Kiosk, queue: FieldQueue) -> tuple[tuple[LanguageCode, ...], ...]:
    """Languages of the conversation a visitor can choose for a field; the last of several is any of them.

    Empty: no more tickets are given in any of them today, or nobody works today who could.
    """
    own = kiosk.language
    assert own is not None, "a conversation has a visitor"
    official = kiosk.languages.official
    if own in official:
        others = tuple(other for other in official if other != own and is_promised(queue, other))
        offered = (own, *others) if queue.offers(own) else others
    else:
        offered = tuple(language for language in official if queue.offers(language))
        offered += (own,) if is_promised(queue, own) else ()
    single = tuple((language,) for language in offered)
    return (*single, offered) if len(offered) > 1 else single


def in_doubt(kiosk: Kiosk, queue: FieldQueue) -> bool:
    """Whether tickets are given though nobody is in sight: then something else is what helps the visitor."""
    if kiosk.alone or kiosk.anyway or somebody_there(kiosk, queue):
        return False
    choices = talk_choices(kiosk, queue)
    return bool(choices) and not any(is_promised(queue, code) for choice in choices for code in choice)


def in_vain(kiosk: Kiosk, queue: FieldQueue) -> UnservedWhy | None:
    """Why nothing can be chosen in an open field: nobody works today who could, or it is full; else none."""
    own = kiosk.language
    assert own is not None, "a choice has a visitor"
    if not queue.open or talk_choices(kiosk, queue):
        return None
    languages = (own,) if is_official(kiosk) else kiosk.languages.official
    ended = [language for language in languages if language in queue.ended]
    absent = any(
        expected.kind is WaitKind.NOT_TODAY
        for language in languages
        if language not in ended and (expected := queue.expected.get(language)) is not None
    )
    if absent:
        return UnservedWhy.NOBODY
    return UnservedWhy.ENDED if ended else None


def help_news(kiosk: Kiosk) -> HelpNews:
    """What is known of help for whoever stands here; who comes for somebody before does not come for them."""
    if kiosk.cut_off or kiosk.call is Call.UNHEARD:
        return HelpNews.UNHEARD
    state = HelpState.NONE if kiosk.view is None else kiosk.view.help
    match state, kiosk.call:
        case _, Call.OVER:
            return HelpNews.OVER
        case HelpState.CALLED, _:
            return HelpNews.CALLED
        case _, Call.ASKED:
            return HelpNews.CALLING
        case HelpState.COMING, _:
            return HelpNews.COMING
        case _, Call.HEARD:
            return HelpNews.CALLED
    return HelpNews.NOT_CALLED
