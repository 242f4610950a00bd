"""The kiosk: every scene, and every state that changes what a scene says."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path, PurePath
from typing import Any, ClassVar

import msgspec
from pictures.stage import HandClock, Layout, Program, Scene, SilentLine, State, Story
from support.views import DAY, NOW, kiosk_view
from textual.app import App, ComposeResult

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.flow import LinkIs, NumbersAre, PickField, PickLanguage, PickTalk, TimePasses
from kiosk.panel import CSS_FILES, KioskPanel
from kiosk.paper import SLIP_S
from kiosk.reserve import Given
from protocol.envelope import TicketGiven
from protocol.refusals import RefusalCode
from protocol.views import KioskView, PrinterState, PrintState, SlipSeen

LAYOUTS = ((80, 24), (100, 30), (160, 45), (60, 60), (45, 48))
LANGUAGES = ("fr", "nl", "de", "en")
ORDERS = ("fr", "nl")
"""Of the two official languages: which is first that day."""
DAYS = {"fr": DAY, "nl": "2026-09-16"}
MOST_AHEAD = 128
STEP_S = 1.0
"""Between two things that happen at a kiosk."""


class KioskScreen(App[None]):
    """A terminal with nothing but a kiosk in it."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*CSS_FILES]

    def __init__(self, panel: KioskPanel) -> None:
        super().__init__()
        self.panel = panel

    def compose(self) -> ComposeResult:
        yield self.panel


@cache
def brussels() -> Centre:
    return load(Path(__file__).parents[2] / "config" / "brussels.toml")


@cache
def phrases() -> Phrases:
    return Phrases.load()


@asynccontextmanager
async def opened(language: str, layout: Layout) -> AsyncIterator[Scene]:
    clock = HandClock()
    panel = KioskPanel(SilentLine(), brussels(), phrases(), clock)
    async with KioskScreen(panel).run_test(size=layout) as pilot:
        yield Scene(pilot.app, panel, language, clock)


TICKET = TicketGiven(
    ticket="S042",
    ahead=MOST_AHEAD,
    token="7K3F9QX2ZD",
    token_url="https://wachten.example/t/7K3F9QX2ZD",
    printer="printer-1",
)


def served(view: KioskView, **by_field: tuple[str, ...]) -> KioskView:
    queues = (msgspec.structs.replace(q, served=by_field.get(q.field, q.served)) for q in view.fields)
    return msgspec.structs.replace(view, fields=tuple(queues))


def crowded() -> KioskView:
    view = kiosk_view()
    queues = (
        msgspec.structs.replace(q, waiting=dict.fromkeys(LANGUAGES, MOST_AHEAD), waiting_total=MOST_AHEAD)
        for q in view.fields
    )
    return msgspec.structs.replace(view, fields=tuple(queues))


def without_paper(**changes: Any) -> KioskView:
    return kiosk_view(printer=PrinterState.BLOCKED, printer_cause="paper_out", **changes)


def slip_is(slip: PrintState, *, elsewhere: bool = False) -> KioskView:
    return kiosk_view(slips=(SlipSeen(ticket=TICKET.ticket, slip=slip, elsewhere=elsewhere),))


def own_ticket(slip: PrintState) -> Given:
    """A number that the kiosk gave while the server was away."""
    return Given(
        ticket="S903",
        token_url=TICKET.token_url,
        field="employment",
        languages=("fr", "nl"),
        screen_language="fr",
        asked_s=0.0,
        id="redeem-000000000",
        slip=slip,
    )


def stories(language: str) -> dict[str, Sequence[Any]]:
    """What happens before each picture: inputs of the flow, and seconds that pass."""
    other = "fr" if language == "nl" else "nl"
    wish = [PickField("employment"), PickTalk(("fr", "nl"))]
    nobody = served(kiosk_view(), employment=())
    elsewhere = served(kiosk_view(), employment=(other,))
    spoken = served(crowded(), employment=("fr", "nl", language))
    chosen = PickLanguage(language)
    elsewhere_printed = without_paper(elsewhere=True)
    unreachable = kiosk_view(printer=PrinterState.UNREACHABLE, printer_cause="unreachable")
    given = [kiosk_view(), chosen, *wish, TICKET]
    own = NumbersAre(("employment", "training"), paper=True)
    alone = [crowded(), own, LinkIs(up=False), 5.0, chosen]
    return {
        "field": [crowded(), chosen],
        "field without anybody": [served(kiosk_view(), **{q.field: () for q in kiosk_view().fields}), chosen],
        "field elsewhere": [served(kiosk_view(), **{q.field: (other,) for q in kiosk_view().fields}), chosen],
        "field without paper": [without_paper(), chosen],
        "field without printer": [unreachable, chosen],
        "field, printed elsewhere": [elsewhere_printed, chosen],
        "talk, nobody": [nobody, chosen, PickField("employment")],
        "talk, elsewhere": [elsewhere, chosen, PickField("employment")],
        "talk, spoken": [spoken, chosen, PickField("employment")],
        "talk without paper": [without_paper(), served(without_paper(), employment=()), chosen, wish[0]],
        "taking": [kiosk_view(), chosen, *wish],
        "taking without paper": [without_paper(), chosen, *wish],
        "ticket, slip coming": given,
        "ticket, slip out": [*given, slip_is(PrintState.PRINTED)],
        "ticket, slip late": [*given, SLIP_S],
        "ticket, slip failed": [*given, slip_is(PrintState.FAILED)],
        "ticket without paper": [without_paper(), chosen, *wish, TICKET],
        "ticket without printer": [unreachable, chosen, *wish, TICKET],
        "ticket, another printer stands by": [elsewhere_printed, chosen, *wish, TICKET],
        "ticket, printed elsewhere": [*given, slip_is(PrintState.PRINTED, elsewhere=True)],
        "ticket without an address": [*given[:-1], msgspec.structs.replace(TICKET, token_url=TICKET.token)],
        "ticket of a paperless kiosk": [*given[:-1], msgspec.structs.replace(TICKET, printer=None)],
        "refused": [kiosk_view(), chosen, *wish, RefusalCode.FIELD_CLOSED],
        "refused, too many tickets": [kiosk_view(), chosen, *wish, RefusalCode.TOO_MANY_TICKETS],
        "unanswered": [kiosk_view(), chosen, *wish, flow.ServerGone()],
        "field, alone": alone,
        "talk, alone": [*alone, PickField("employment")],
        "ticket of its own, on paper": [*alone, *wish, own_ticket(PrintState.QUEUED)],
        "ticket of its own, late": [*alone, *wish, own_ticket(PrintState.QUEUED), SLIP_S],
        "ticket of its own, on the screen": [*alone, *wish, own_ticket(PrintState.NONE)],
        "still there": [kiosk_view(), chosen, flow.IDLE_S],
    }


def before_anybody(first: str) -> dict[str, Sequence[Any]]:
    """The same while nobody has chosen a language; `first`: the official language that is first that day."""
    day = DAYS[first]
    own = NumbersAre(("employment", "training"), paper=True)
    unreachable = kiosk_view(printer=PrinterState.UNREACHABLE, printer_cause="unreachable", day=day)
    return {
        "connecting": [],
        "offline": [kiosk_view(day=day), LinkIs(up=False), 5.0],
        "closed early": [kiosk_view(open=False, at=NOW.replace(hour=7), day=day)],
        "closed now": [kiosk_view(open=False, day=day)],
        "language": [kiosk_view(day=day)],
        "language without paper": [without_paper(day=day)],
        "language without printer": [unreachable],
        "language, printed elsewhere": [without_paper(elsewhere=True, day=day)],
        "language, alone": [kiosk_view(day=day), own, LinkIs(up=False), 5.0],
    }


GUARDED = {
    "connecting": "connecting",
    "offline": "offline",
    "closed early": "closed",
    "language": "language",
    "field": "field",
    "talk, spoken": "talk",
    "taking": "taking",
    "ticket, slip coming": "ticket",
    "refused": "refused",
    "still there": "still there",
}
"""The states whose pictures are compared, one for each scene of the flow."""


ASKED_IN = {"talk, spoken": ("de", "en")}
"""Whom the kiosk asks: in an official language the visitor's own is the language of the conversation."""


def hearing(name: str) -> Story:
    """The kiosk hears what the story tells."""

    async def story(scene: Scene) -> None:
        if name != "connecting":
            scene.panel.hear(LinkIs(up=True))
        told = stories if name in stories("fr") else before_anybody
        for what in told(scene.language)[name]:
            scene.clock.pass_s(what if isinstance(what, float) else STEP_S)
            scene.panel.hear(TimePasses() if isinstance(what, float) else what)

    return story


TOO_SMALL = {"too small": State(hearing("language"), ORDERS, layouts=((79, 24), (44, 47), (60, 20)))}

KIOSK = Program(
    name="kiosk",
    layouts=LAYOUTS,
    opened=opened,
    states={name: State(hearing(name), ORDERS, GUARDED.get(name, "")) for name in before_anybody("fr")}
    | {
        name: State(hearing(name), ASKED_IN.get(name, LANGUAGES), GUARDED.get(name, ""))
        for name in stories("fr")
    }
    | TOO_SMALL,
)
