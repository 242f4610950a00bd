"""What a kiosk shows and asks, as a state machine: taps, views, answers and time go in, a scene comes out.

    language -> field -> (talk) -> taking -> ticket -> language
                                     |
                                     +---> refused -> field or language

The ticket is the server's or, while that is away, a number of the kiosk's own. Over these lie four scenes
that no tap leads to: connecting, offline, closed and the question "are you still there?". They hide the
visitor's step without ending it, except that a ticket, once given, is always shown.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from config.model import Languages
from kiosk.paper import SLIP_S, Printing, SlipNews, own_slip_news, printing, slip_news
from kiosk.reserve import Given, unattended
from protocol.commands import IssueTicket
from protocol.envelope import TicketGiven
from protocol.ids import FieldId, LanguageCode, TicketCode
from protocol.refusals import RefusalCode
from protocol.views import FieldQueue, KioskView, PrinterState, PrintState

SETTLE_S = 0.35
"""After a change of scene taps are ignored this long: the second half of a double tap hits a new button."""
IDLE_S = 60.0
"""Without a tap for this long the kiosk asks whether the visitor is still there."""
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
    TALK = "talk"
    TAKING = "taking"
    TICKET = "ticket"
    REFUSED = "refused"
    STILL_THERE = "still_there"


class PickLanguage(Struct, frozen=True):
    """A tap on a language of the screen."""

    language: LanguageCode


class PickField(Struct, frozen=True):
    """A tap on a field."""

    field: FieldId


class PickTalk(Struct, frozen=True):
    """A tap on the language, or languages, of the conversation."""

    languages: tuple[LanguageCode, ...]


class Back(Struct, frozen=True):
    """A tap on the way back, one step."""


class Continue(Struct, frozen=True):
    """A tap that only says: I am here."""


class Finish(Struct, frozen=True):
    """A tap that ends the visit."""


Tap = PickLanguage | PickField | PickTalk | Back | Continue | Finish


class LinkIs(Struct, frozen=True):
    """The line to the server is there, or away."""

    up: bool


class NumbersAre(Struct, frozen=True):
    """Fields for which the kiosk has numbers of its own, and whether it prints them itself."""

    fields: tuple[FieldId, ...] = ()
    paper: bool = False


class SlipIs(Struct, frozen=True):
    """What the kiosk's own printer says of a slip."""

    ticket: TicketCode
    slip: PrintState


class ServerGone(Struct, frozen=True):
    """The wish for a ticket got no answer, and the kiosk has no number."""


class TimePasses(Struct, frozen=True):
    """Nothing happened but the time."""


Answer = TicketGiven | Given | RefusalCode | ServerGone
Input = Tap | KioskView | LinkIs | NumbersAre | SlipIs | Answer | TimePasses


class Kiosk(Struct, frozen=True, kw_only=True):
    """Where a kiosk is; instants in seconds of one clock that never goes back."""

    languages: Languages
    scene: Scene = Scene.CONNECTING
    scene_since_s: float
    step: Scene = Scene.LANGUAGE
    """The visitor's own step, whatever lies over it."""
    step_since_s: float
    touched_s: float
    language: LanguageCode | None = None
    field: FieldId | None = None
    talk: tuple[LanguageCode, ...] = ()
    ticket: TicketGiven | Given | None = None
    slip: SlipNews = SlipNews.NONE
    """What is known of the slip of `ticket`."""
    slip_since_s: float = 0.0
    refusal: RefusalCode | None = None
    """Why there is no ticket in step `refused`; none: the server did not answer."""
    view: KioskView | None = None
    printing: Printing = Printing.WELL
    """By the newest view; nothing is promised and nothing feared of a printer not yet looked at."""
    unknown_since_s: float | None = None
    """Since when the server does not know how the printer is."""
    link_lost_s: float | None = None
    """Since when the line is away."""
    numbers: NumbersAre = NumbersAre()
    alone: bool = False
    """The kiosk goes on without the server: nothing is known of who waits and who is there."""


def started(languages: Languages, at_s: float) -> Kiosk:
    """A kiosk that knows nothing yet."""
    return Kiosk(languages=languages, scene_since_s=at_s, step_since_s=at_s, touched_s=at_s, link_lost_s=at_s)


def advance(kiosk: Kiosk, what: Input, at_s: float) -> tuple[Kiosk, IssueTicket | None]:
    """The kiosk after an input at an instant, and what it now asks of the server."""
    assert at_s >= kiosk.scene_since_s, "the clock of a kiosk never goes back"
    kiosk = _expired(kiosk, at_s)
    wish = None
    match what:
        case KioskView():
            kiosk = _seen(kiosk, what, at_s)
        case LinkIs(up):
            lost_s = None if up else at_s if kiosk.link_lost_s is None else kiosk.link_lost_s
            kiosk = msgspec.structs.replace(kiosk, link_lost_s=lost_s)
        case NumbersAre():
            kiosk = msgspec.structs.replace(kiosk, numbers=what)
        case SlipIs(ticket, slip) if kiosk.ticket is not None and kiosk.ticket.ticket == ticket:
            news = SlipNews.OUT if slip is PrintState.PRINTED else SlipNews.DOUBTFUL
            kiosk = msgspec.structs.replace(kiosk, slip=news, slip_since_s=at_s)
        case TimePasses() | SlipIs():
            pass
        case TicketGiven() | Given() | RefusalCode() | ServerGone():
            kiosk = _answered(kiosk, what, at_s)
        case _:
            if takes_taps(kiosk, at_s):
                kiosk, wish = _tapped(kiosk, what, at_s)
    alone = _away(kiosk, at_s) and bool(kiosk.numbers.fields)
    if alone is not kiosk.alone:
        kiosk = msgspec.structs.replace(kiosk, alone=alone)
    kiosk = _with_paper(kiosk, at_s)
    scene = _scene(kiosk, at_s)
    if scene is not kiosk.scene:
        kiosk = msgspec.structs.replace(kiosk, scene=scene, scene_since_s=at_s)
    return kiosk, wish


def takes_taps(kiosk: Kiosk, at_s: float) -> bool:
    """Whether a tap now is meant for what is shown."""
    return at_s - kiosk.scene_since_s >= SETTLE_S


def left_s(kiosk: Kiosk, at_s: float) -> float | None:
    """Seconds until what is shown ends by itself; none when it stays, or something comes first."""
    if kiosk.scene is Scene.TICKET and kiosk.slip is not SlipNews.COMING:
        return max(0.0, _ticket_until_s(kiosk) - at_s)
    if kiosk.scene is Scene.STILL_THERE:
        return max(0.0, kiosk.touched_s + IDLE_S + STILL_THERE_S - at_s)
    return None


def ticket_shown_s(kiosk: Kiosk) -> float:
    """How long the ticket stays on the screen after the newest word about its slip, in seconds."""
    match kiosk.slip:
        case SlipNews.OUT:
            return TICKET_S
        case SlipNews.COMING:
            return SLIP_S + TICKET_UNPRINTED_S
    return TICKET_UNPRINTED_S


def _ticket_until_s(kiosk: Kiosk) -> float:
    return min(kiosk.slip_since_s + ticket_shown_s(kiosk), kiosk.step_since_s + TICKET_LONGEST_S)


def queue_of(kiosk: Kiosk, field: FieldId) -> FieldQueue | None:
    """The queue of a field in the newest view; none when the server does not know the field."""
    fields = kiosk.view.fields if kiosk.view is not None else ()
    queue = next((queue for queue in fields if queue.field == field), None)
    return unattended(queue, field, kiosk.numbers.fields, kiosk.languages) if kiosk.alone else queue


def is_official(kiosk: Kiosk) -> bool:
    """Whether the visitor chose an official language, in which the conversation is then held too."""
    return kiosk.language in kiosk.languages.official


def somebody_there(kiosk: Kiosk, queue: FieldQueue) -> bool:
    """Whether somebody is at a desk for a field now; in the visitor's language, if that is official."""
    return kiosk.language in queue.served if is_official(kiosk) else bool(queue.served)


def talk_choices(kiosk: Kiosk, queue: FieldQueue) -> tuple[tuple[LanguageCode, ...], ...]:
    """Languages of the conversation a visitor can choose for a field; the last of several may be "either"."""
    own = kiosk.language
    assert own is not None, "a conversation has a visitor"
    official = kiosk.languages.official
    if own in official:
        offered = (own, *(other for other in official if other != own and other in queue.served))
    else:
        offered = official
    single = tuple((language,) for language in offered)
    either = (tuple(offered),) if len(offered) > 1 else ()
    further = ((own,),) if own not in official and own in queue.served else ()
    return single + further + either


def _tapped(kiosk: Kiosk, tap: Tap, at_s: float) -> tuple[Kiosk, IssueTicket | None]:
    """The kiosk after a tap that counts; a tap on what is not offered only says that somebody is there."""
    touched = msgspec.structs.replace(kiosk, touched_s=at_s)
    if kiosk.scene is not kiosk.step:
        ends = kiosk.scene is Scene.STILL_THERE and isinstance(tap, Finish)
        return (_wiped(kiosk, at_s) if ends else touched), None
    match tap:
        case PickLanguage(language) if kiosk.step is Scene.LANGUAGE and language in kiosk.languages.all:
            return _stepped(kiosk, Scene.FIELD, at_s, language=language), None
        case PickField(field) if kiosk.step is Scene.FIELD:
            return _chosen(touched, queue_of(kiosk, field), at_s)
        case PickTalk(languages) if kiosk.step is Scene.TALK and languages in _offered(kiosk):
            assert kiosk.field is not None, "a conversation has a field"
            return _taking(kiosk, kiosk.field, languages, at_s)
        case Back() | Finish():
            return _gone_back(touched, tap, at_s), None
    return touched, None


def _gone_back(kiosk: Kiosk, tap: Back | Finish, at_s: float) -> Kiosk:
    """One step back, or out, where that is offered."""
    match kiosk.step, tap:
        case ((Scene.TALK | Scene.REFUSED), Back()):
            return _stepped(kiosk, Scene.FIELD, at_s, field=None, refusal=None, talk=())
        case (Scene.FIELD, Back()) | ((Scene.TICKET | Scene.REFUSED), Finish()):
            return _wiped(kiosk, at_s)
    return kiosk


def _offered(kiosk: Kiosk) -> tuple[tuple[LanguageCode, ...], ...]:
    """What the visitor can choose in step `talk`."""
    queue = queue_of(kiosk, kiosk.field or "")
    return () if queue is None else talk_choices(kiosk, queue)


def _chosen(kiosk: Kiosk, queue: FieldQueue | None, at_s: float) -> tuple[Kiosk, IssueTicket | None]:
    """On to the ticket when the language of the conversation is beyond doubt, else to that question."""
    if queue is None or not queue.open:
        return kiosk, None
    choices = talk_choices(kiosk, queue)
    if somebody_there(kiosk, queue) and (is_official(kiosk) or len(choices) == 1):
        return _taking(kiosk, queue.field, choices[0], at_s)
    return _stepped(kiosk, Scene.TALK, at_s, field=queue.field), None


def _taking(
    kiosk: Kiosk, field: FieldId, talk: Sequence[LanguageCode], at_s: float
) -> tuple[Kiosk, IssueTicket]:
    assert kiosk.language is not None, "a ticket has a visitor"
    wish = IssueTicket(field=field, languages=tuple(talk), screen_language=kiosk.language)
    return _stepped(kiosk, Scene.TAKING, at_s, field=field, talk=wish.languages), wish


def _answered(kiosk: Kiosk, answer: Answer, at_s: float) -> Kiosk:
    """The answer to the one wish under way; any other has no visitor any more."""
    if kiosk.step is not Scene.TAKING:
        return kiosk
    match answer:
        case TicketGiven() | Given():
            prints = answer.printer if isinstance(answer, TicketGiven) else answer.slip is PrintState.QUEUED
            slip = SlipNews.COMING if prints else SlipNews.NONE
            return _stepped(kiosk, Scene.TICKET, at_s, ticket=answer, slip=slip, slip_since_s=at_s)
        case RefusalCode():
            return _stepped(kiosk, Scene.REFUSED, at_s, refusal=answer)
        case ServerGone():
            return _stepped(kiosk, Scene.REFUSED, at_s, refusal=None)


def _stepped(kiosk: Kiosk, step: Scene, at_s: float, **changes: object) -> Kiosk:
    return msgspec.structs.replace(kiosk, step=step, step_since_s=at_s, touched_s=at_s, **changes)


def _wiped(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The same kiosk without its visitor."""
    fresh = started(kiosk.languages, at_s)
    return msgspec.structs.replace(
        fresh,
        scene=kiosk.scene,
        scene_since_s=kiosk.scene_since_s,
        view=kiosk.view,
        printing=kiosk.printing,
        unknown_since_s=kiosk.unknown_since_s,
        link_lost_s=kiosk.link_lost_s,
        numbers=kiosk.numbers,
        alone=kiosk.alone,
    )


def _seen(kiosk: Kiosk, view: KioskView, at_s: float) -> Kiosk:
    """The kiosk with a new view."""
    known = view.printer is not PrinterState.UNKNOWN
    since_s = None if known else at_s if kiosk.unknown_since_s is None else kiosk.unknown_since_s
    return msgspec.structs.replace(kiosk, view=view, unknown_since_s=since_s)


def _with_paper(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The kiosk with what visitors may expect of paper now."""
    paper, slip, slip_since_s = kiosk.printing, kiosk.slip, kiosk.slip_since_s
    if kiosk.alone:
        paper = Printing.WELL if kiosk.numbers.paper else Printing.PAPERLESS
    elif kiosk.view is not None:
        unknown_s = 0.0 if kiosk.unknown_since_s is None else at_s - kiosk.unknown_since_s
        paper = printing(kiosk.view, unknown_s)
    if isinstance(kiosk.ticket, Given):
        slip = own_slip_news(slip, at_s - slip_since_s)
    elif kiosk.ticket is not None and kiosk.view is not None:
        slip = slip_news(slip, at_s - slip_since_s, paper, kiosk.view, kiosk.ticket.ticket)
    if (paper, slip) == (kiosk.printing, kiosk.slip):
        return kiosk
    slip_since_s = slip_since_s if slip is kiosk.slip else at_s
    return msgspec.structs.replace(kiosk, printing=paper, slip=slip, slip_since_s=slip_since_s)


def _expired(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The kiosk after the time that has passed: what is over is wiped."""
    match kiosk.step:
        case Scene.TICKET if at_s >= _ticket_until_s(kiosk):
            return _wiped(kiosk, at_s)
        case Scene.FIELD | Scene.TALK | Scene.REFUSED if at_s >= kiosk.touched_s + IDLE_S + STILL_THERE_S:
            return _wiped(kiosk, at_s)
    return kiosk


def _away(kiosk: Kiosk, at_s: float) -> bool:
    """Whether the line is away for so long that it is worth a word."""
    return kiosk.link_lost_s is not None and at_s - kiosk.link_lost_s >= LINK_GRACE_S


def _scene(kiosk: Kiosk, at_s: float) -> Scene:
    """What is shown: the visitor's step, or what lies over it."""
    if kiosk.step in {Scene.TAKING, Scene.TICKET}:
        return kiosk.step
    if not kiosk.alone:
        if _away(kiosk, at_s):
            return Scene.OFFLINE
        if kiosk.view is None:
            return Scene.CONNECTING
        if not kiosk.view.open:
            return Scene.CLOSED
    if kiosk.step is not Scene.LANGUAGE and at_s >= kiosk.touched_s + IDLE_S:
        return Scene.STILL_THERE
    return kiosk.step
