"""What a kiosk shows and asks, as a state machine: taps, views, answers and time go in, a scene comes out.

    language -> field -> (talk) -> taking -> ticket -> language
                  |                  |
                  +-> unsure         +---> refused -> field or language

The ticket is the server's or, while that is away, a number of the kiosk's own. Over these lie five scenes:
connecting, offline, closed, help, and the question "are you still there?". They hide the visitor's step
without ending it, except that a ticket, once given, is always shown: only the visitor's own call for help
covers it, and then it is shown anew.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from config.model import Languages
from kiosk.inputs import (
    Aid,
    Answer,
    Back,
    Bell,
    CallAnswered,
    Finish,
    Input,
    LinkIs,
    NotNeeded,
    NumbersAre,
    PickAnyway,
    PickField,
    PickLanguage,
    PickTalk,
    PickUnsure,
    ServerGone,
    SlipIs,
    Switch,
    Tap,
    TimePasses,
)
from kiosk.paper import Printing, SlipNews, own_slip_news, printing, slip_news
from kiosk.reserve import Given
from kiosk.visit import (
    LINK_GRACE_S,
    STILL_THERE_S,
    Call,
    HelpNews,
    Kiosk,
    Scene,
    help_news,
    idle_s,
    in_vain,
    is_held,
    is_official,
    queue_of,
    somebody_there,
    takes_taps,
    talk_choices,
    ticket_until_s,
)
from kiosk.waits import is_planned
from protocol.commands import CallForHelp, HelpTopic, IssueTicket, NoteUnserved, UnservedWhy, WithdrawHelp
from protocol.envelope import TicketGiven
from protocol.ids import FieldId, LanguageCode
from protocol.refusals import RefusalCode
from protocol.views import FieldQueue, HelpState, KioskView, PrinterState, PrintState

Wish = IssueTicket | NoteUnserved | CallForHelp | WithdrawHelp
"""What a kiosk asks of the server."""

_IDLES = frozenset({Scene.FIELD, Scene.UNSURE, Scene.TALK, Scene.REFUSED})
"""Steps that end when nobody touches the kiosk for long."""
_UNDER_WAY = frozenset({Call.ASKED, Call.HEARD, Call.SEEN})
RINGS = frozenset({Scene.CLOSED, Scene.LANGUAGE, Scene.TICKET, Scene.STILL_THERE, *_IDLES})
"""Scenes from which a visitor can call for help."""


def started(languages: Languages, at_s: float) -> Kiosk:
    """A kiosk that knows nothing yet."""
    return Kiosk(languages=languages, scene_since_s=at_s, step_since_s=at_s, touched_s=at_s, link_lost_s=at_s)


def advance(kiosk: Kiosk, what: Input, at_s: float) -> tuple[Kiosk, Wish | None]:
    """The kiosk after an input at an instant, and what it now asks of the server."""
    assert at_s >= kiosk.scene_since_s, "the clock of a kiosk never goes back"
    kiosk = _expired(kiosk, at_s)
    wish: Wish | None = None
    match what:
        case KioskView():
            kiosk = _seen(kiosk, what, at_s)
        case LinkIs(up):
            lost_s = None if up else at_s if kiosk.link_lost_s is None else kiosk.link_lost_s
            kiosk = replace(kiosk, link_lost_s=lost_s)
        case NumbersAre():
            kiosk = replace(kiosk, numbers=what)
        case SlipIs(ticket, slip) if kiosk.ticket is not None and kiosk.ticket.ticket == ticket:
            news = SlipNews.OUT if slip is PrintState.PRINTED else SlipNews.DOUBTFUL
            kiosk = replace(kiosk, slip=news, slip_since_s=at_s)
        case CallAnswered(heard):
            if kiosk.call is Call.ASKED:
                kiosk = _told(replace(kiosk, call=Call.HEARD if heard else Call.UNHEARD))
        case TimePasses() | SlipIs():
            pass
        case TicketGiven() | Given() | RefusalCode() | ServerGone():
            kiosk = _answered(kiosk, what, at_s)
        case Switch() if is_held(kiosk, what, at_s):
            kiosk = replace(kiosk, switched_s=at_s)
        case _:
            if takes_taps(kiosk, at_s):
                kiosk, wish = _tapped(kiosk, what, at_s)
    return _settled(kiosk, at_s), wish


def _settled(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The kiosk with all that follows from what it knows."""
    cut_off = kiosk.link_lost_s is not None and at_s - kiosk.link_lost_s >= LINK_GRACE_S
    alone = cut_off and bool(kiosk.numbers.fields)
    if (cut_off, alone) != (kiosk.cut_off, kiosk.alone):
        kiosk = replace(kiosk, cut_off=cut_off, alone=alone)
    kiosk = _with_paper(kiosk, at_s)
    scene = _scene(kiosk, at_s)
    return kiosk if scene is kiosk.scene else replace(kiosk, scene=scene, scene_since_s=at_s)


def _tapped(kiosk: Kiosk, tap: Tap, at_s: float) -> tuple[Kiosk, Wish | None]:
    """The kiosk after a tap that counts; a tap on what is not offered only says that somebody is there."""
    touched = replace(kiosk, touched_s=at_s)
    match tap:
        case Switch(aid):
            return replace(touched, aids=kiosk.aids ^ {aid}, switched=aid, switched_s=at_s), None
        case Bell() if kiosk.scene in RINGS:
            return _rung(touched)
    if kiosk.scene is Scene.HELP:
        return _helped(touched, tap, at_s)
    if kiosk.scene is not kiosk.step:
        ends = kiosk.scene is Scene.STILL_THERE and isinstance(tap, Finish)
        return (_wiped(kiosk, at_s) if ends else touched), None
    match tap:
        case PickLanguage(language) if kiosk.step is Scene.LANGUAGE and language in kiosk.languages.all:
            return _stepped(kiosk, Scene.FIELD, at_s, language=language), None
        case PickField(field) if kiosk.step is Scene.FIELD:
            return _chosen(touched, queue_of(kiosk, field), at_s)
        case PickUnsure() if kiosk.step is Scene.FIELD:
            return _stepped(kiosk, Scene.UNSURE, at_s), None
        case PickTalk(languages) if kiosk.step is Scene.TALK and languages in _offered(kiosk):
            assert kiosk.field is not None, "a conversation has a field"
            return _taking(kiosk, kiosk.field, languages, at_s)
        case PickAnyway() if kiosk.step is Scene.TALK:
            return _stepped(kiosk, Scene.TALK, at_s, anyway=True, scene_since_s=at_s), None
        case Back() | Finish():
            return _gone_back(touched, tap, at_s), None
    return touched, None


def _rung(kiosk: Kiosk) -> tuple[Kiosk, Wish | None]:
    """Help is asked for, once a visit, and its scene shown; nobody can be asked while the server is away.

    A call of somebody before is not this visitor's: the server knows whether it stands for both.
    """
    kiosk = replace(kiosk, helping=True)
    if kiosk.call in _UNDER_WAY:
        return kiosk, None
    if kiosk.cut_off:
        return replace(kiosk, call=Call.UNHEARD), None
    topic = HelpTopic.UNSURE if kiosk.step is Scene.UNSURE else HelpTopic.HERE
    return replace(kiosk, call=Call.ASKED), CallForHelp(topic=topic, screen_language=kiosk.language)


def _helped(kiosk: Kiosk, tap: Tap, at_s: float) -> tuple[Kiosk, Wish | None]:
    """Away from the scene of help: back to the visitor's step, or with nobody to come."""
    match tap:
        case NotNeeded():
            called = help_news(kiosk) in {HelpNews.CALLING, HelpNews.CALLED, HelpNews.COMING}
            return _uncovered(replace(kiosk, call=Call.NONE), at_s), WithdrawHelp() if called else None
        case Back():
            return _uncovered(kiosk, at_s), None
        case Bell() if help_news(kiosk) is HelpNews.OVER:
            return _rung(kiosk)
    return kiosk, None


def _uncovered(kiosk: Kiosk, at_s: float) -> Kiosk:
    """Without the scene of help over the visitor's step."""
    back_s = at_s if kiosk.step is Scene.TICKET else None
    return replace(kiosk, helping=False, touched_s=at_s, ticket_back_s=back_s)


def _gone_back(kiosk: Kiosk, tap: Back | Finish, at_s: float) -> Kiosk:
    """One step back, or out, where that is offered."""
    match kiosk.step, tap:
        case ((Scene.TALK | Scene.UNSURE | Scene.REFUSED), Back()):
            return _stepped(kiosk, Scene.FIELD, at_s, field=None, refusal=None, talk=())
        case (Scene.FIELD, Back()):  # the same visitor, who still sees and hears as before
            return replace(_wiped(kiosk, at_s), aids=kiosk.aids, call=kiosk.call)
        case ((Scene.TALK | Scene.TICKET | Scene.REFUSED | Scene.UNSURE), Finish()):
            return _wiped(kiosk, at_s)
    return kiosk


def _offered(kiosk: Kiosk) -> tuple[tuple[LanguageCode, ...], ...]:
    """What the visitor can choose in step `talk`."""
    queue = queue_of(kiosk, kiosk.field or "")
    return () if queue is None else talk_choices(kiosk, queue)


def _is_answered(kiosk: Kiosk) -> bool:
    """Whether step `talk` has something to say: a choice, or when to come back."""
    queue = queue_of(kiosk, kiosk.field or "")
    return queue is not None and (bool(talk_choices(kiosk, queue)) or in_vain(kiosk, queue) is not None)


def _chosen(
    kiosk: Kiosk, queue: FieldQueue | None, at_s: float
) -> tuple[Kiosk, IssueTicket | NoteUnserved | None]:
    """On to the ticket when the language of the conversation is beyond doubt, else to that question.

    Whoever cannot be served today in the language chosen is counted, whatever else is offered. A field that
    is closed says so.
    """
    if queue is None:
        return kiosk, None
    choices = talk_choices(kiosk, queue) if queue.open else ()
    why = in_vain(kiosk, queue)
    if not choices and why is None:
        wish = _unserved(kiosk, queue, UnservedWhy.ENDED)
        return _stepped(kiosk, Scene.REFUSED, at_s, refusal=RefusalCode.FIELD_CLOSED), wish
    beyond_doubt = is_official(kiosk) or choices == (kiosk.languages.official,)
    if somebody_there(kiosk, queue) and beyond_doubt:
        return _taking(kiosk, queue.field, choices[0], at_s)
    assert kiosk.language is not None, "a choice has a visitor"
    if kiosk.language in queue.ended:
        why = UnservedWhy.ENDED
    elif why is None and not (is_planned(queue, kiosk.language) and _planned(queue, choices)):
        why = UnservedWhy.NOBODY
    wish = None if why is None else _unserved(kiosk, queue, why)
    return _stepped(kiosk, Scene.TALK, at_s, field=queue.field), wish


def _planned(queue: FieldQueue, choices: Sequence[Sequence[LanguageCode]]) -> bool:
    """Whether somebody may serve one of these."""
    return any(is_planned(queue, language) for choice in choices for language in choice)


def _unserved(kiosk: Kiosk, queue: FieldQueue, why: UnservedWhy) -> NoteUnserved | None:
    """What is said of a visitor who wanted this in vain; nothing while nobody hears it."""
    assert kiosk.language is not None, "a choice has a visitor"
    return None if kiosk.cut_off else NoteUnserved(queue.field, (kiosk.language,), why)


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
    return replace(kiosk, step=step, step_since_s=at_s, touched_s=at_s, **{"anyway": False, **changes})


def _wiped(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The same kiosk without its visitor."""
    return replace(
        started(kiosk.languages, at_s),
        scene=kiosk.scene,
        scene_since_s=kiosk.scene_since_s,
        view=kiosk.view,
        printing=kiosk.printing,
        unknown_since_s=kiosk.unknown_since_s,
        link_lost_s=kiosk.link_lost_s,
        cut_off=kiosk.cut_off,
        numbers=kiosk.numbers,
        alone=kiosk.alone,
    )


def _seen(kiosk: Kiosk, view: KioskView, at_s: float) -> Kiosk:
    """The kiosk with a new view."""
    known = view.printer is not PrinterState.UNKNOWN
    since_s = None if known else at_s if kiosk.unknown_since_s is None else kiosk.unknown_since_s
    kiosk = _told(replace(kiosk, view=view, unknown_since_s=since_s))
    if kiosk.step is Scene.TALK and not kiosk.alone and not _is_answered(kiosk):
        kiosk = replace(kiosk, step=Scene.FIELD, step_since_s=at_s, field=None)  # nothing is left to choose
    if kiosk.call is not Call.SEEN or view.help is not HelpState.NONE:
        return kiosk
    if kiosk.helping:  # somebody was there or was to be: the visitor knows which, and may ring again
        return replace(kiosk, call=Call.OVER, touched_s=at_s)
    return replace(kiosk, call=Call.NONE)


def _told(kiosk: Kiosk) -> Kiosk:
    """The kiosk whose own call, once taken, is the one its view tells of.

    Until the server has answered, the view may be older than the call, and tell of another. A call whose
    answer was lost has reached it all the same when the view tells of one that waits.
    """
    state = HelpState.NONE if kiosk.view is None else kiosk.view.help
    match kiosk.call, state:
        case (Call.HEARD, HelpState.CALLED | HelpState.COMING) | (Call.UNHEARD, HelpState.CALLED):
            return replace(kiosk, call=Call.SEEN)
    return kiosk


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
    return replace(kiosk, printing=paper, slip=slip, slip_since_s=slip_since_s)


def _expired(kiosk: Kiosk, at_s: float) -> Kiosk:
    """The kiosk after the time that has passed: what is over is wiped."""
    idle_until_s = kiosk.touched_s + idle_s(kiosk)
    if kiosk.step is Scene.TICKET:
        if kiosk.helping:
            return _uncovered(kiosk, at_s) if at_s >= idle_until_s else kiosk
        return _wiped(kiosk, at_s) if at_s >= ticket_until_s(kiosk) else kiosk
    if (kiosk.step in _IDLES or kiosk.helping) and at_s >= idle_until_s + STILL_THERE_S:
        return _wiped(kiosk, at_s)
    left_behind = bool(kiosk.aids) or kiosk.call is not Call.NONE
    if kiosk.step is Scene.LANGUAGE and left_behind and not kiosk.helping and at_s >= idle_until_s:
        return replace(kiosk, aids=frozenset[Aid](), call=Call.NONE)  # whose they were has left
    return kiosk


def _scene(kiosk: Kiosk, at_s: float) -> Scene:
    """What is shown: the visitor's step, or what lies over it."""
    if kiosk.step in {Scene.TAKING, Scene.TICKET}:
        return Scene.HELP if kiosk.helping else kiosk.step
    if not kiosk.alone:
        if kiosk.cut_off:
            return Scene.OFFLINE
        if kiosk.view is None:
            return Scene.CONNECTING
    asks = at_s >= kiosk.touched_s + idle_s(kiosk)
    if kiosk.helping:
        return Scene.STILL_THERE if asks else Scene.HELP
    if not kiosk.alone and kiosk.view is not None and not kiosk.view.open:
        return Scene.CLOSED
    if kiosk.step in _IDLES and asks:
        return Scene.STILL_THERE
    return kiosk.step
