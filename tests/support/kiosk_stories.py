"""What happens at a kiosk before each of its pictures, told to its panel without a server."""

from typing import Any

import msgspec
from support.views import NOW, kiosk_view
from support.waits import AT_ONCE, FORESEEN, LONG, NOBODY, NOT_TODAY, expecting, foreseen, wait, window

from kiosk import visit
from kiosk.flow import started
from kiosk.inputs import (
    Aid,
    Bell,
    CallAnswered,
    Input,
    LinkIs,
    NumbersAre,
    PickField,
    PickLanguage,
    PickTalk,
    PickUnsure,
    ServerGone,
    Switch,
    TimePasses,
)
from kiosk.paper import SLIP_S
from kiosk.reserve import Given
from protocol.envelope import TicketGiven
from protocol.refusals import RefusalCode
from protocol.views import HelpState, KioskView, PrinterState, PrintState, SlipSeen

LANGUAGES = ("fr", "nl", "de", "en")
MOST_AHEAD = 128


def served(view: KioskView, **by_field: tuple[str, ...]) -> KioskView:
    queues = (msgspec.structs.replace(q, served=by_field.get(q.field, q.served)) for q in view.fields)
    return msgspec.structs.replace(view, fields=tuple(queues))


def served_until(view: KioskView, *languages: str) -> KioskView:
    """In these languages alone tickets are still given."""
    ended = tuple(language for language in LANGUAGES if language not in languages)
    queues = (msgspec.structs.replace(q, ended=ended) for q in view.fields)
    return msgspec.structs.replace(view, fields=tuple(queues))


def crowded() -> KioskView:
    view = kiosk_view()
    queues = (
        msgspec.structs.replace(q, waiting=dict.fromkeys(LANGUAGES, 128), waiting_total=128)
        for q in view.fields
    )
    return msgspec.structs.replace(view, fields=tuple(queues))


def without_paper(**changes: Any) -> KioskView:
    return kiosk_view(printer=PrinterState.BLOCKED, printer_cause="paper_out", **changes)


def told(slip: PrintState, ticket: TicketGiven, *, elsewhere: str | None = None) -> KioskView:
    return kiosk_view(slips=(SlipSeen(ticket=ticket.ticket, slip=slip, elsewhere=elsewhere),))


def own_ticket(slip: PrintState) -> Given:
    """A number that the kiosk gave while the server was away."""
    return Given(
        ticket="S903",
        token_url="https://wachten.example/t/7K3F9QX2ZD",
        field="employment",
        languages=("fr", "nl"),
        screen_language="fr",
        asked_s=0.0,
        id="redeem-000000000",
        slip=slip,
    )


def stories(language: str, ticket: TicketGiven) -> dict[str, list[Any]]:
    """What happens before each picture that is looked at."""
    other = "fr" if language == "nl" else "nl"
    many = msgspec.structs.replace(ticket, ahead=MOST_AHEAD)
    told_when = msgspec.structs.replace(many, window=LONG)
    wish = [PickField("employment"), PickTalk(("fr", "nl"))]
    nobody = served(kiosk_view(), employment=())
    elsewhere = served(kiosk_view(), employment=(other,))
    spoken = served(crowded(), employment=("fr", "nl", language))
    chosen = PickLanguage(language)
    elsewhere_printed = without_paper(elsewhere="printer-2")
    unreachable = kiosk_view(printer=PrinterState.UNREACHABLE, printer_cause="unreachable")
    given = [kiosk_view(), chosen, *wish, many]
    return {
        "connecting": [],
        "offline": [LinkIs(up=True), LinkIs(up=False), 5.0],
        "closed early": [kiosk_view(open=False, at=NOW.replace(hour=7))],
        "closed now": [kiosk_view(open=False)],
        "language": [kiosk_view()],
        "language without paper": [without_paper()],
        "language without printer": [unreachable],
        "language, printed elsewhere": [elsewhere_printed],
        "field": [foreseen(crowded(), **FORESEEN), chosen],
        "field without anybody": [served(kiosk_view(), **{q.field: () for q in kiosk_view().fields}), chosen],
        "field elsewhere": [served(kiosk_view(), **{q.field: (other,) for q in kiosk_view().fields}), chosen],
        "field without paper": [without_paper(), chosen],
        "field without printer": [unreachable, chosen],
        "field, printed elsewhere": [elsewhere_printed, chosen],
        "talk, nobody": [nobody, chosen, PickField("employment")],
        "talk, elsewhere": [elsewhere, chosen, PickField("employment")],
        "talk, spoken": [
            foreseen(spoken, employment=FORESEEN["employment"]),
            chosen,
            PickField("employment"),
        ],
        "talk without paper": [without_paper(), served(without_paper(), employment=()), chosen, wish[0]],
        "taking": [kiosk_view(), chosen, *wish],
        "taking without paper": [without_paper(), chosen, *wish],
        "ticket, slip coming": [*given[:-1], told_when],
        "ticket, slip out": [*given, told(PrintState.PRINTED, ticket)],
        "ticket, slip late": [*given, SLIP_S],
        "ticket, slip failed": [*given, told(PrintState.FAILED, ticket)],
        "ticket without paper": [without_paper(), chosen, *wish, many],
        "ticket without printer": [unreachable, chosen, *wish, many],
        "ticket, another printer stands by": [elsewhere_printed, chosen, *wish, many],
        "ticket, printed elsewhere": [*given, told(PrintState.PRINTED, ticket, elsewhere="printer-2")],
        "ticket without an address": [*given[:-1], msgspec.structs.replace(many, token_url=many.token)],
        "ticket of a paperless kiosk": [*given[:-1], msgspec.structs.replace(many, printer=None)],
        "refused": [kiosk_view(), chosen, *wish, RefusalCode.FIELD_CLOSED],
        "refused, too many tickets": [kiosk_view(), chosen, *wish, RefusalCode.TOO_MANY_TICKETS],
        "unanswered": [kiosk_view(), chosen, *wish, ServerGone()],
        "still there": [kiosk_view(), chosen, visit.IDLE_S],
        **_help(chosen, given),
        **_alone(chosen, wish),
        **_foreseen(language, chosen, wish, many),
    }


def _help(chosen: PickLanguage, given: list[Any]) -> dict[str, list[Any]]:
    """The visitor does not know, or asks for somebody."""
    called = [kiosk_view(), chosen, Bell()]
    coming = [CallAnswered(heard=True), kiosk_view(help=HelpState.COMING)]
    return {
        "unsure": [kiosk_view(), chosen, PickUnsure()],
        "field, somebody comes": [kiosk_view(help=HelpState.COMING), chosen],
        "help, calling": called,
        "help, called": [*called, CallAnswered(heard=True)],
        "help, coming": [*called, *coming],
        "help, over": [*called, *coming, kiosk_view()],
        "help, unheard": [*called, CallAnswered(heard=False)],
        "help over a ticket": [*given, Bell(), CallAnswered(heard=True)],
    }


def _foreseen(
    language: str, chosen: PickLanguage, wish: list[Any], many: TicketGiven
) -> dict[str, list[Any]]:
    """What else can be said of a wait; last, so that the pictures before keep their languages."""
    other = "fr" if language == "nl" else "nl"
    work = PickField("employment")
    nobody = served(kiosk_view(), employment=())
    long_wait, short_wait = wait(130, 200), wait(20, 35)
    again = msgspec.structs.replace(wait(25, 40), next_at=NOW.replace(day=30, hour=9, minute=30))
    full = foreseen(served_until(kiosk_view()), **dict.fromkeys(FORESEEN, again))
    until_closing = foreseen(served_until(kiosk_view(), other), **dict.fromkeys(FORESEEN, short_wait))
    another_day = msgspec.structs.replace(NOBODY, next_at=NOW.replace(day=30, hour=9, minute=30))
    not_today = foreseen(nobody, employment=NOT_TODAY, training=AT_ONCE)
    other_today = expecting(kiosk_view(), "employment", **{language: NOT_TODAY, other: short_wait})
    soon = msgspec.structs.replace(many, ahead=3, window=window(3, 18))
    told_when = msgspec.structs.replace(many, window=LONG)
    at_hand = msgspec.structs.replace(many, ahead=1, window=window(-2, 13))
    spoken = foreseen(served(kiosk_view(), employment=("fr", "nl", language)), employment=short_wait)
    return {
        "field without a forecast": [crowded(), chosen],
        "field, long waits": [foreseen(crowded(), **dict.fromkeys(FORESEEN, long_wait)), chosen],
        "field, full for today": [until_closing, chosen],
        "talk, full for today": [until_closing, chosen, work],
        "talk without a forecast": [served(crowded(), employment=("fr", "nl", language)), chosen, work],
        "talk, somebody comes later": [foreseen(nobody, employment=wait(48, 73)), chosen, work],
        "talk, nobody is planned": [foreseen(nobody, employment=NOBODY), chosen, work],
        "ticket, slip coming, soon": [kiosk_view(), chosen, *wish, soon],
        "ticket without a forecast": [kiosk_view(), chosen, *wish, many],
        "ticket without paper, with a forecast": [without_paper(), chosen, *wish, told_when],
        "talk, somebody on another day": [foreseen(nobody, employment=another_day), chosen, work],
        "field, not today": [not_today, chosen],
        "talk, not today": [not_today, chosen, work],
        "talk, another language today": [other_today, chosen, work],
        "talk, all is full for today": [full, chosen, work],
        "ticket, nobody is planned": [
            foreseen(nobody, employment=NOBODY),
            chosen,
            work,
            PickTalk((language,) if language in ("fr", "nl") else ("fr", "nl")),
            msgspec.structs.replace(many, nobody=True),
        ],
        "ticket, slip coming, at any moment": [kiosk_view(), chosen, *wish, at_hand],
        "ticket in any language": [spoken, chosen, work, PickTalk(("fr", "nl", language)), told_when],
    }


def _alone(chosen: PickLanguage, wish: list[Any]) -> dict[str, list[Any]]:
    """The kiosk gives numbers of its own: the server is away."""
    own = NumbersAre(("employment", "training"), paper=True)
    alone = [foreseen(crowded(), **FORESEEN), own, LinkIs(up=False), 5.0, chosen]
    return {
        "language, alone": alone[:-1],
        "field, alone": alone,
        "talk, alone": [*alone, PickField("employment")],
        "unsure, alone": [*alone, PickUnsure()],
        "ticket of its own, on paper": [*alone, *wish, own_ticket(PrintState.QUEUED)],
        "ticket of its own, late": [*alone, *wish, own_ticket(PrintState.QUEUED), SLIP_S],
        "ticket of its own, on the screen": [*alone, *wish, own_ticket(PrintState.NONE)],
    }


def before_language() -> dict[str, list[Any]]:
    """The pictures that everybody sees, whatever language is theirs."""
    called = [kiosk_view(), Bell()]
    coming = [CallAnswered(heard=True), kiosk_view(help=HelpState.COMING)]
    return {
        "help for everybody, calling": called,
        "help for everybody, called": [*called, CallAnswered(heard=True)],
        "help for everybody, coming": [*called, *coming],
        "help for everybody, over": [*called, *coming, kiosk_view()],
        "help for everybody, unheard": [*called, CallAnswered(heard=False)],
        "language, called": [kiosk_view(help=HelpState.CALLED)],
        "language, coming": [kiosk_view(help=HelpState.COMING)],
        "still there, everybody": [*called, visit.HELP_S],
    }


def tell(panel: Any, clock: Any, story: list[Any], *aids: Aid, connecting: bool = False) -> None:
    """Begin anew, switch these on, and let it all happen: an input, or so many seconds that pass."""
    panel.kiosk = started(panel.kiosk.languages, clock())
    if not connecting:
        panel.hear(LinkIs(up=True))
    for what in [*story[:1], *map(Switch, aids), *story[1:]]:
        clock.pass_s(what if isinstance(what, float) else 1.0)
        said: Input = TimePasses() if isinstance(what, float) else what
        panel.hear(said)
