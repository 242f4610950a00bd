"""What a counsellor can do, and when. Pure."""

from collections.abc import Callable

from desk.actions import ENTER, LOCK_KEY, NUMBER, Action, DeskSight, Form, chosen
from protocol.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    CloseDesk,
    Finish,
    MarkNoShow,
    OpenDesk,
    Recall,
    Reinstate,
    Resume,
    StartServing,
    Undo,
    Unpark,
)
from protocol.orders import SignOut
from protocol.views import CounsellorView, DeskState, StaffTicket, Stage

SERVED_KEY = "f11"
RING_AGAIN_S = 8
"""A board needs so long for the chime and the number in two languages."""


def is_own(view: CounsellorView) -> bool:
    """Whether whoever is signed in here can work with this desk: nobody else has left it open."""
    return view.desk.counsellor in {None, view.staff}


_IDLE = (DeskState.FREE, DeskState.READY)


def _in(*states: DeskState) -> Callable[[DeskSight], bool]:
    return lambda sight: sight.view.desk.state in states


def _mine(*states: DeskState) -> Callable[[DeskSight], bool]:
    """Whether the desk is in one of these states, and open for whoever is signed in."""
    return lambda sight: is_own(sight.view) and sight.view.desk.state in states


def _here(make: Callable[[str], AnyCommand]) -> Callable[[DeskSight], AnyCommand]:
    """A command about the visitor at the desk."""

    def command(sight: DeskSight) -> AnyCommand:
        assert sight.view.current is not None
        return make(sight.view.current.ticket)

    return command


def _at_hand(*stages: Stage) -> Callable[[DeskSight], bool]:
    """Whether the ticket under a counsellor's cursor is in one of these stages."""
    return lambda sight: sight.ticket is not None and sight.ticket.stage in stages


def _may_call(*stages: Stage) -> Callable[[DeskSight], bool]:
    return lambda sight: _mine(*_IDLE)(sight) and _at_hand(*stages)(sight)


def calls_of(view: CounsellorView) -> tuple[StaffTicket, ...]:
    """Whom a desk may call out of turn: its own line, whom it put aside, and who missed its call."""
    return (*view.waiting, *view.parked, *view.missed)


def _may_ring_again(sight: DeskSight) -> bool:
    """Not while the last call still sounds: a key that is pressed twice is one call."""
    if sight.view.current is None or not _in(DeskState.CALLED)(sight):
        return False
    rung_at = sight.view.current.rung_at
    return rung_at is None or sight.now is None or (sight.now - rung_at).total_seconds() >= RING_AGAIN_S


def _with_visitor(sight: DeskSight) -> bool:
    return sight.view.current is not None and _in(DeskState.CALLED, DeskState.SERVING)(sight)


COUNSELLOR_ACTIONS: tuple[Action[DeskSight], ...] = (
    Action(
        name="call_next",
        key="f2",
        enabled=_mine(DeskState.FREE),
        makes=lambda _: CallNext(),
        forward=True,
    ),
    Action(
        name="open_desk",
        key="f2",
        enabled=lambda sight: not sight.view.over and _in(DeskState.CLOSED)(sight),
        makes=lambda sight: OpenDesk(sight.view.staff),
        forward=True,
    ),
    Action(name="recall", key="f3", enabled=_may_ring_again, makes=_here(Recall)),
    Action(name="start", key="f4", enabled=_in(DeskState.CALLED), makes=_here(StartServing), forward=True),
    Action(
        name="finish",
        key="f5",
        enabled=_with_visitor,
        makes=_here(Finish),
        forward=True,
    ),
    Action(
        name="no_show",
        key="f6",
        enabled=_in(DeskState.CALLED),
        makes=_here(MarkNoShow),
        confirm="desk.confirm_no_show",
    ),
    Action(name="transfer", key="f7", enabled=_with_visitor, makes=Form.TRANSFER),
    Action(name="park", key="f8", enabled=_with_visitor, makes=Form.PARK),
    Action(
        name="unpark",
        key="f8",
        enabled=lambda sight: _mine(*_IDLE)(sight) and bool(sight.view.parked),
        makes=lambda sight: Unpark(sight.view.parked[0].ticket),
    ),
    Action(name="pause", key="f9", enabled=_mine(*_IDLE), makes=Form.PAUSE),
    Action(name="resume", key="f9", enabled=_mine(DeskState.PAUSED), makes=lambda _: Resume(), forward=True),
    Action(name="undo", key="f10", enabled=lambda sight: sight.view.undo is not None, makes=lambda _: Undo()),
    Action(
        name="close_desk",
        key="f12",
        enabled=_mine(*_IDLE, DeskState.PAUSED),
        makes=lambda _: CloseDesk(),
        confirm="desk.confirm_close",
    ),
    Action(
        name="close_desk",
        key="f12",
        enabled=lambda sight: not is_own(sight.view) and _in(*_IDLE, DeskState.PAUSED)(sight),
        makes=lambda _: CloseDesk(),
        confirm="desk.confirm_close_left",
        forward=True,
    ),
    Action(
        name="served",
        key=SERVED_KEY,
        enabled=lambda sight: not sight.view.over and is_own(sight.view),
        makes=Form.SERVED,
    ),
    Action(
        name="pick",
        key=NUMBER,
        enabled=lambda sight: _mine(*_IDLE)(sight) and bool(calls_of(sight.view)),
        makes=Form.PICK,
    ),
    Action(
        name="call_ticket",
        key=ENTER,
        enabled=_may_call(Stage.WAITING),
        makes=chosen(CallTicket),
        confirm="desk.confirm_call",
        of_ticket=True,
    ),
    Action(
        name="unpark",
        key=ENTER,
        enabled=_may_call(Stage.PARKED),
        makes=chosen(Unpark),
        confirm="desk.confirm_call",
        of_ticket=True,
    ),
    Action(
        name="reinstate",
        key=ENTER,
        enabled=lambda sight: not sight.view.over and _at_hand(Stage.NO_SHOW)(sight),
        makes=chosen(Reinstate),
        confirm="desk.confirm_reinstate",
        of_ticket=True,
    ),
    Action(name="lock", key=LOCK_KEY, enabled=lambda _: True, makes=lambda _: SignOut()),
)
"""What a counsellor can do. Only a desk without a visitor calls, and only for whoever sits there."""
