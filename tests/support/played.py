"""A kiosk without a screen, in the hands of a test: what goes in, what comes out, and stories of any kind."""

from dataclasses import dataclass, field

import msgspec
from hypothesis import strategies as st
from support.views import kiosk_view
from support.waits import AT_ONCE, NOBODY, NOT_TODAY, expecting, foreseen, wait

from config.model import Languages
from kiosk import flow
from kiosk.inputs import (
    Aid,
    Back,
    Bell,
    CallAnswered,
    Continue,
    Finish,
    Input,
    LinkIs,
    NotNeeded,
    NumbersAre,
    PickField,
    PickLanguage,
    PickTalk,
    PickUnsure,
    ServerGone,
    SlipIs,
    Switch,
    TimePasses,
)
from kiosk.reserve import Given
from kiosk.visit import Kiosk
from protocol.commands import CallForHelp, IssueTicket, NoteUnserved, WithdrawHelp
from protocol.envelope import TicketGiven
from protocol.refusals import RefusalCode
from protocol.views import HelpState, KioskView, PrinterState, PrintState, SlipSeen

LANGUAGES = Languages(official=("fr", "nl"), further=("de", "en"))
TICKET = TicketGiven(
    ticket="S042", ahead=3, token="7K3F9QX2ZD", token_url="https://x.example/t/7K3F9QX2ZD", printer="p-1"
)
OWN = Given(
    ticket="S903",
    token_url="",
    field="employment",
    languages=("fr",),
    screen_language="fr",
    asked_s=0.0,
    id="redeem-000000000",
    slip=PrintState.QUEUED,
)
NOT_PRINTED = msgspec.structs.replace(TICKET, printer=None)


def served(field_id: str, *languages: str, **changes: object) -> KioskView:
    """A view in which somebody is there for one field in these languages alone."""
    view = kiosk_view()
    queues = tuple(
        msgspec.structs.replace(queue, served=languages, **changes) if queue.field == field_id else queue
        for queue in view.fields
    )
    return msgspec.structs.replace(view, fields=queues)


VIEWS = [
    kiosk_view(),
    kiosk_view(open=False),
    kiosk_view(printer=PrinterState.BLOCKED),
    kiosk_view(printer=PrinterState.UNKNOWN),
    kiosk_view(slips=(SlipSeen(ticket="S042", slip=PrintState.PRINTED),)),
    kiosk_view(slips=(SlipSeen(ticket="S042", slip=PrintState.UNKNOWN),)),
    kiosk_view(slips=(SlipSeen(ticket="S042", slip=PrintState.QUEUED, elsewhere=True),)),
    kiosk_view(fields=()),
    served("employment"),
    served("employment", "nl"),
    served("employment", "fr", "nl", "en"),
    served("employment", "fr", open=False),
    foreseen(served("employment"), employment=wait(60, 80)),
    foreseen(kiosk_view(), employment=NOBODY, training=AT_ONCE),
    foreseen(served("employment"), employment=NOT_TODAY),
    expecting(kiosk_view(), "employment", fr=NOT_TODAY, nl=AT_ONCE),
    served("employment", "fr", "nl", ended=("fr",)),
    served("employment", "nl", ended=("fr", "nl")),
    kiosk_view(help=HelpState.CALLED),
    kiosk_view(help=HelpState.COMING),
]
TALKS = [("fr",), ("nl",), ("en",), ("fr", "nl"), ("nl", "fr"), ("de",)]
INPUTS = st.one_of(
    st.sampled_from(VIEWS),
    st.sampled_from(["fr", "nl", "de", "en", "xx"]).map(PickLanguage),
    st.sampled_from(["employment", "training", "mobility", "unheard-of"]).map(PickField),
    st.sampled_from(TALKS).map(PickTalk),
    st.sampled_from([Back(), Continue(), Finish(), TimePasses(), ServerGone(), PickUnsure()]),
    st.sampled_from([Bell(), Bell(), NotNeeded(), CallAnswered(heard=True), CallAnswered(heard=False)]),
    st.sampled_from(Aid).map(Switch),
    st.booleans().map(LinkIs),
    st.sampled_from([TICKET, NOT_PRINTED, OWN]),
    st.sampled_from(
        [NumbersAre(("employment",), paper=True), NumbersAre(), SlipIs("S903", PrintState.PRINTED)]
    ),
    st.sampled_from([RefusalCode.FIELD_CLOSED, RefusalCode.BUSY]),
)
PAUSES = st.sampled_from([0.0, 0.1, 0.34, 0.35, 1.0, 3.0, 10.0, 19.9, 20.0, 59.0, 61.0, 81.0, 181.0])
STORIES = st.lists(st.tuples(INPUTS, PAUSES), max_size=60)


@dataclass
class Played:
    """A kiosk in the hands of a test."""

    kiosk: Kiosk = field(default_factory=lambda: flow.started(LANGUAGES, 0.0))
    at_s: float = 0.0
    wishes: list[IssueTicket] = field(default_factory=list)
    calls: list[CallForHelp | WithdrawHelp] = field(default_factory=list)
    unserved: list[NoteUnserved] = field(default_factory=list)

    def put(self, what: Input, after_s: float = 1.0) -> "Played":
        self.at_s += after_s
        self.kiosk, wish = flow.advance(self.kiosk, what, self.at_s)
        if isinstance(wish, IssueTicket):
            self.wishes.append(wish)
        elif isinstance(wish, NoteUnserved):
            self.unserved.append(wish)
        elif wish is not None:
            self.calls.append(wish)
        return self

    def all(self, *inputs: Input) -> "Played":
        for one in inputs:
            self.put(one)
        return self


def at_work(view: KioskView | None = None) -> Played:
    """A kiosk with its line up and a view."""
    return Played().all(LinkIs(up=True), view or kiosk_view())


def with_ticket(ticket: TicketGiven = TICKET, view: KioskView | None = None) -> Played:
    return at_work(view).all(PickLanguage("fr"), PickField("employment"), ticket)
