"""The two staff programs: every state of a desk and of the hall, every dialog, and the locked screen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from pictures.kiosk import brussels, phrases
from pictures.stage import HandClock, Made, Program, Scene, SilentLine, State, Story
from support import plans, views
from support.bare import bare_cells, thin_cells
from support.foreseen import last_tickets
from support.kiosk_stories import LANGUAGES

from desk.counsellor.actions import SERVED_KEY
from desk.counsellor.panel import CounsellorPanel
from desk.exchange import Updated
from desk.panel import StaffPanel
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.reception.planning import PlanningDialog
from desk.sign_in import PinDialog
from protocol.client import LinkLost, Update
from protocol.commands import BURST_TICKETS_MAX, IntakeHold
from protocol.orders import SignIn
from protocol.plan import PlanShown
from protocol.refusals import RefusalCode
from protocol.views import (
    CallReason,
    CounsellorView,
    DeskState,
    FieldQueue,
    HelpState,
    LockedView,
    PrinterLevel,
    PrinterSeen,
    PrinterState,
    PrintState,
    ReceptionView,
    Stage,
)
from protocol.waits import Expected, HeldIntake, WaitKind

LAYOUTS = ((80, 24), (120, 36), (160, 45))
PIN = "204816"
MESSAGE = {"fr": "L’atelier CV est dans la salle 2.", "nl": "De workshop over cv’s is in zaal 2."}


def making(make: Callable[[str, HandClock], StaffPanel[Any]]) -> Made:
    """Makes a program of this panel, which is made for a language and a clock."""

    def made(language: str) -> Scene:
        clock = HandClock()
        app = StaffApp(make(language, clock))
        return Scene(app, app.panel, language, clock)

    return made


def counsellor(language: str, clock: HandClock) -> CounsellorPanel:
    return CounsellorPanel(SilentLine(), brussels(), phrases(), language, "3", monotonic=clock)


def reception(language: str, clock: HandClock) -> ReceptionPanel:
    return ReceptionPanel(SilentLine(), brussels(), phrases(), language, monotonic=clock)


def shown(view: Callable[[], Any], *keys: str, typed: str = "") -> Story:
    """A view has come, keys were pressed, and something was typed."""

    async def story(scene: Scene) -> None:
        scene.panel.on_updated(Updated(view()))
        await scene.settle()
        await scene.press(*keys, *typed)

    return story


def away(view: Callable[[], Any]) -> Story:
    """The server has gone after this view."""

    async def story(scene: Scene) -> None:
        await shown(view)(scene)
        scene.panel.on_updated(Updated(LinkLost("gone")))

    return story


def refused(view: Callable[[], Any], code: RefusalCode) -> Story:
    """Something was asked, and not done."""

    async def story(scene: Scene) -> None:
        await shown(view)(scene)
        scene.panel.tell(lambda voice: voice.say(f"refusal.{code}"), refused=True)

    return story


def locked(last: str | None) -> Callable[[], Update]:
    return lambda: LockedView(day=views.DAY, at=views.NOW, last=last)


def wrong(code: RefusalCode) -> Story:
    """A PIN was typed, and the server says no."""

    async def story(scene: Scene) -> None:
        await shown(locked(views.COUNSELLOR))(scene)
        assert isinstance(scene.panel.dialog, PinDialog)
        scene.panel.dialog.told_no(SignIn(staff=views.COUNSELLOR, pin=PIN), code)

    return story


async def connecting(_: Scene) -> None:
    """The program has just been started."""


def evening() -> tuple[FieldQueue, ...]:
    """One field gets no more tickets in Dutch, and by the roster nobody works today for another."""
    first, *others, last = views.told_queues()
    nobody = dict.fromkeys(views.LANGUAGES, Expected(kind=WaitKind.NOT_TODAY))
    return (
        msgspec.structs.replace(first, ended=("nl",)),
        *others,
        msgspec.structs.replace(last, expected=nobody),
    )


def held() -> tuple[HeldIntake, ...]:
    """One cell that reception wants open, and one closed."""
    ways = (("fr", IntakeHold.OPEN), ("nl", IntakeHold.CLOSED))
    return tuple(HeldIntake(field="education", language=language, hold=hold) for language, hold in ways)


def desk(state: DeskState, **changes: Any) -> Callable[[], CounsellorView]:
    return lambda: views.counsellor_view(state, **changes)


def reminded() -> CounsellorView:
    """Of two whom the desk put aside it is time for one."""
    aside = (("M030", -2), ("S043", 7))
    return views.counsellor_view(
        DeskState.FREE,
        parked=tuple(
            views.staff_ticket(
                code,
                waited_min=55,
                stage=Stage.PARKED,
                desk="3",
                calls=1,
                remind_at=views.NOW + timedelta(minutes=minutes),
            )
            for code, minutes in aside
        ),
    )


TO_NOBODY = ("down", "space", "right", "right", "space")
"""In the form to send a visitor on: to German, which nobody serves."""
HELP_CALLS = (views.help_call(), views.help_call("kiosk-1", 4, state=HelpState.COMING, language=None))
LONG_TALK = views.served_ticket(minutes=51)

COUNSELLOR_STATES: dict[str, tuple[Story, str]] = {
    "connecting": (connecting, ""),
    "who": (shown(locked(None)), "who"),
    "pin": (shown(locked(views.COUNSELLOR), typed="2048"), "pin"),
    "pin wrong": (wrong(RefusalCode.WRONG_PIN), ""),
    "pin of one's own": (wrong(RefusalCode.OWN_PIN_NEEDED), "own pin"),
    "locked, server away": (away(locked(views.COUNSELLOR)), ""),
    "closed": (shown(desk(DeskState.CLOSED)), "closed"),
    "free": (shown(desk(DeskState.FREE)), "free"),
    "ready": (shown(desk(DeskState.READY)), ""),
    "called": (shown(desk(DeskState.CALLED)), "called"),
    "in conversation": (shown(desk(DeskState.SERVING)), "in conversation"),
    "in conversation for long": (shown(desk(DeskState.SERVING, current=LONG_TALK)), ""),
    "called again, server away": (away(desk(DeskState.CALLED, current=views.called_ticket(calls=2))), ""),
    "scarce": (shown(desk(DeskState.CALLED, current=views.called_ticket(reason=CallReason.SCARCITY))), ""),
    "last ticket near": (shown(desk(DeskState.FREE, last_tickets=last_tickets())), ""),
    "pause": (shown(desk(DeskState.PAUSED)), "pause"),
    "left open by somebody": (shown(desk(DeskState.FREE, staff="c05")), ""),
    "server away": (away(desk(DeskState.SERVING)), ""),
    "refused": (refused(desk(DeskState.FREE), RefusalCode.WRONG_STAGE), ""),
    "dialog: transfer": (shown(desk(DeskState.SERVING), "f7"), "transfer"),
    "dialog: pause": (shown(desk(DeskState.FREE), "f9"), ""),
    "dialog: pause that leaves bare": (shown(desk(DeskState.FREE, bare=bare_cells()), "f9"), ""),
    "dialog: close the desk": (shown(desk(DeskState.FREE), "f12"), ""),
    "dialog: take another": (shown(desk(DeskState.FREE), "down", "enter"), ""),
    "reminder due": (shown(reminded), "reminder due"),
    "dialog: put aside": (shown(desk(DeskState.SERVING), "f8"), ""),
    "dialog: served today": (shown(desk(DeskState.FREE), SERVED_KEY), ""),
    "dialog: by number": (shown(desk(DeskState.FREE), "4", "8"), ""),
    "dialog: close a desk that leaves bare": (
        shown(desk(DeskState.FREE, bare_without=bare_cells(6)), "f12"),
        "",
    ),
    "dialog: fewer fields that leave bare": (
        shown(desk(DeskState.FREE, bare_without=bare_cells(6)), SERVED_KEY, "space"),
        "",
    ),
    "ready, no tickets any more": (shown(desk(DeskState.READY, open=False)), ""),
    "day over": (shown(desk(DeskState.CLOSED, open=False, over=True)), ""),
    "without a visitor, server away": (away(desk(DeskState.FREE)), ""),
    "dialog: transfer to nobody": (shown(desk(DeskState.SERVING), "f7", *TO_NOBODY), ""),
}

TROUBLED = (
    PrinterSeen(
        printer="printer-1",
        state=PrinterState.BLOCKED,
        cause="paper_out",
        jobs=12,
        level=PrinterLevel.ORDERED,
        spare="printer-2",
        since=views.NOW,
    ),
    PrinterSeen(printer="printer-2", state=PrinterState.PAPER_LOW, cause="", jobs=0, since=views.NOW),
)


def doubtful() -> Any:
    return tuple(
        views.staff_ticket(f"K{number}", slip=PrintState.UNKNOWN, printer="printer-2")
        for number in range(115, 125)
    )


def hall(**changes: Any) -> Callable[[], ReceptionView]:
    return lambda: views.reception_view(**changes)


def planning(plan: PlanShown, *keys: str) -> Story:
    """Reception looks at a day of the roster, which the server has told, and presses keys."""

    async def story(scene: Scene) -> None:
        await shown(hall(), "ctrl+r")(scene)
        assert isinstance(scene.panel.dialog, PlanningDialog)
        scene.panel.dialog.take(plan)
        await scene.settle()
        await scene.press(*keys)

    return story


def full_hall() -> ReceptionView:
    fields = tuple(views.LETTERS)
    return views.reception_view(
        waiting=views.many_waiting(200), bursts=(views.burst(BURST_TICKETS_MAX, 999, fields=fields),)
    )


def bad_day() -> ReceptionView:
    return views.reception_view(
        waiting=views.many_waiting(200), printers=TROUBLED, doubtful=doubtful(), doubtful_total=10
    )


RECEPTION_STATES: dict[str, tuple[Story, str]] = {
    "connecting": (connecting, ""),
    "who": (shown(locked(None)), ""),
    "pin": (shown(locked(views.RECEPTIONIST), typed="2048"), ""),
    "morning": (shown(hall()), "morning"),
    "empty": (shown(hall(waiting=(), at_desks=(), aside=(), ended=())), ""),
    "full hall": (shown(full_hall), ""),
    "bad day": (shown(bad_day), "bad day"),
    "help calls": (shown(hall(help=HELP_CALLS)), "help calls"),
    "day not open": (shown(hall(open=False)), ""),
    "server away": (away(hall()), ""),
    "search": (shown(hall(), "f3", typed="S04"), "search"),
    "list: at the desks": (shown(hall(), "right"), ""),
    "list: set aside": (shown(hall(), "right", "right"), ""),
    "list: ended": (shown(hall(), "right", "right", "right"), ""),
    "list: fields": (shown(hall(), "right", "right", "right", "right"), "fields"),
    "list: desks, if narrow": (shown(hall(), "left", "left"), ""),
    "list: devices, if narrow": (shown(bad_day, "left"), "devices"),
    "menu": (shown(hall(), "enter"), ""),
    "dialog: give a ticket": (shown(hall(), "f2"), "give a ticket"),
    "dialog: transfer": (shown(hall(), "f5"), ""),
    "dialog: cancel": (shown(hall(), "f7"), ""),
    "dialog: print again": (shown(bad_day, "f8"), ""),
    "dialog: message": (shown(hall(), "f9"), "message"),
    "dialog: message that stands": (shown(hall(message=MESSAGE), "f9"), ""),
    "list: fields, thinly covered, last tickets": (
        shown(hall(coverage=thin_cells(), last_tickets=last_tickets()), *["right"] * 4),
        "",
    ),
    "dialog: fields": (shown(hall(), "f10"), ""),
    "dialog: close": (shown(hall(), "f12"), ""),
    "dialog: new terminal": (shown(hall(), "ctrl+n"), ""),
    "dialog: many tickets at once": (shown(full_hall, "ctrl+b"), ""),
    "dialog: end the day": (shown(hall(open=False), "ctrl+e"), ""),
    "list: fields, thinly covered": (
        shown(hall(coverage=thin_cells()), "right", "right", "right", "right"),
        "",
    ),
    "list: fields, last tickets": (
        shown(hall(last_tickets=last_tickets(), fields=evening()), "right", "right", "right", "right"),
        "",
    ),
    "dialog: fields, last tickets": (
        shown(hall(last_tickets=last_tickets(), fields=evening()), "f10"),
        "",
    ),
    "dialog: planning": (planning(plans.a_day()), "planning"),
    "dialog: planning, somebody's day": (planning(plans.a_day(), "enter"), "planning, somebody's day"),
    "dialog: planning, an absence": (planning(plans.a_day(), *["down"] * plans.SHIFTS, "enter"), ""),
    "dialog: planning, closing": (planning(plans.a_day(), "f12"), ""),
    "dialog: planning, closed": (planning(plans.closed_day()), ""),
    "dialog: fields, held": (
        shown(hall(last_tickets=last_tickets(), fields=evening(), held=held()), "f10", *["down"] * 5),
        "",
    ),
    "dialog: fields, before the doors open": (
        shown(
            hall(open=False, fields=views.field_queues(open=False), held=held(), closed_fields=("training",)),
            "f10",
            *["down"] * 5,
        ),
        "",
    ),
    "dialog: fields, one of them": (
        shown(hall(fields=evening(), held=held()), "f10", *["down"] * 5, "enter"),
        "",
    ),
    "dialog: planning, a bad day": (planning(plans.a_bad_day()), ""),
    "list: fields, last tickets, held": (
        shown(hall(last_tickets=last_tickets(), fields=evening(), held=held()), *["right"] * 4),
        "",
    ),
    "list: fields, before the doors open": (
        shown(
            hall(open=False, fields=views.told_queues(open=False), closed_fields=("training",)),
            *["right"] * 4,
        ),
        "",
    ),
    "list: desks, one left, if narrow": (shown(hall(left_desks=("7",)), "left", "left"), ""),
}


def _program(
    name: str,
    make: Callable[[str, HandClock], StaffPanel[Any]],
    states: dict[str, tuple[Story, str]],
) -> Program:
    return Program(
        name=name,
        layouts=LAYOUTS,
        made=making(make),
        states={key: State(story, LANGUAGES, guards) for key, (story, guards) in states.items()}
        | {"too small": State(connecting, LANGUAGES, layouts=((79, 24), (80, 23)))},
    )


COUNSELLOR = _program("counsellor", counsellor, COUNSELLOR_STATES)
RECEPTION = _program("reception", reception, RECEPTION_STATES)
