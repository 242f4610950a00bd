"""What staff can do, and when: one table per program drives keys, footer, tiles and what is dimmed. Pure.

An action asks a command at once, or after a yes, or opens a form in which staff chooses the rest. The
function keys have the same place in every language; Enter belongs to the ticket under the cursor.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from protocol.commands import (
    AnswerHelp,
    AnyCommand,
    Cancel,
    CloseDay,
    EndDay,
    MarkNoShow,
    OpenDay,
    Recall,
    Reinstate,
    SetPriority,
)
from protocol.house_seen import BurstSeen
from protocol.ids import TicketCode
from protocol.orders import AnyOrder, SignOut
from protocol.views import CounsellorView, HelpSeen, ReceptionView, StaffTicket, Stage


class Form(StrEnum):
    """What staff chooses before a command can be made, or what happens on the screen alone."""

    PAUSE = "pause"
    PARK = "park"
    SERVED = "served"
    PICK = "pick"
    TRANSFER = "transfer"
    ISSUE = "issue"
    REPRINT = "reprint"
    REPRINT_OFFER = "reprint_offer"
    MESSAGE = "message"
    FIELDS = "fields"
    PAIRING = "pairing"
    PLANNING = "planning"
    BURST = "burst"
    SEARCH = "search"
    ORDER = "order"


class DeskSight(Struct, frozen=True):
    """What a counsellor has before their eyes: the view, and the ticket the cursor is on."""

    view: CounsellorView
    ticket: StaffTicket | None = None
    now: datetime | None = None
    """The centre's clock; none: as if nothing had happened lately."""


class HallSight(Struct, frozen=True):
    """What reception has before its eyes."""

    view: ReceptionView
    ticket: StaffTicket | None = None
    number: TicketCode | None = None
    """Typed in full, and in no list: the server may know it."""
    offer: StaffTicket | None = None
    """The newest ticket whose slip may not be on paper."""
    burst: BurstSeen | None = None
    """The first burst of tickets that nobody has decided about."""
    help: HelpSeen | None = None
    """The oldest call for help to which nobody goes yet."""


S = TypeVar("S", DeskSight, HallSight)

ENTER = "enter"
HELP_KEY = "f1"
"""Works over a dialog too: somebody stands at a kiosk and waits."""
NUMBER = "number"
"""Any letter or digit: the number of a ticket begins with it."""
OFFER_KEY = "f11"
"""Named on the line that offers a reprint, not in the footer."""
LOCK_KEY = "ctrl+l"
"""Works over a dialog too: whoever leaves need not tidy up first."""


class Action(Struct, Generic[S], frozen=True, kw_only=True):
    """One thing staff can do; its texts are `action.<name>` and, where room is short, `key.<name>`."""

    name: str
    key: str
    """A function key, which actions may share that are never possible together; or Enter."""
    enabled: Callable[[S], bool]
    makes: Callable[[S], AnyCommand | AnyOrder] | Form
    """The command, or the form that makes it."""
    confirm: str = ""
    """Text of a question to be answered with yes first; it may name the {code}."""
    forward: bool = False
    """The usual next step of a desk: its tile stands out."""
    of_ticket: bool = False
    """It is about the ticket under the cursor: Enter offers it."""


def possible(actions: tuple[Action[S], ...], sight: S, key: str | None = None) -> tuple[Action[S], ...]:
    """The actions (of this key) that make sense now, in the table's order."""
    return tuple(action for action in actions if key in {None, action.key} and action.enabled(sight))


def of_key(actions: tuple[Action[S], ...], sight: S | None, key: str) -> Action[S]:
    """The action a key stands for now: the possible one, else the first of that key."""
    mine = [action for action in actions if action.key == key]
    assert mine, f"no action has the key {key}"
    return next((action for action in mine if sight is not None and action.enabled(sight)), mine[0])


def keys(actions: tuple[Action[S], ...]) -> tuple[str, ...]:
    """Every key of the table once, in its order."""
    return tuple(dict.fromkeys(action.key for action in actions))


def chosen(make: Callable[[str], AnyCommand]) -> Callable[[DeskSight | HallSight], AnyCommand]:
    """A command about the ticket under the cursor."""

    def command(sight: DeskSight | HallSight) -> AnyCommand:
        assert sight.ticket is not None
        return make(sight.ticket.ticket)

    return command


def _stands(*stages: Stage) -> Callable[[HallSight], bool]:
    """Whether the ticket under reception's cursor is in one of these stages."""
    return lambda sight: sight.ticket is not None and sight.ticket.stage in stages


def _answer(sight: HallSight) -> AnyCommand:
    assert sight.help is not None
    return AnswerHelp(sight.help.kiosk)


RECEPTION_ACTIONS: tuple[Action[HallSight], ...] = (
    Action(name="answer_help", key=HELP_KEY, enabled=lambda sight: sight.help is not None, makes=_answer),
    Action(name="issue", key="f2", enabled=lambda sight: sight.view.open, makes=Form.ISSUE, forward=True),
    Action(name="search", key="f3", enabled=lambda _: True, makes=Form.SEARCH),
    Action(name="order", key="f4", enabled=lambda _: True, makes=Form.ORDER),
    Action(name="recall", key=ENTER, enabled=_stands(Stage.CALLED), makes=chosen(Recall), of_ticket=True),
    Action(
        name="no_show",
        key=ENTER,
        enabled=_stands(Stage.CALLED),
        makes=chosen(MarkNoShow),
        confirm="desk.confirm_no_show",
        of_ticket=True,
    ),
    Action(
        name="transfer",
        key="f5",
        enabled=_stands(Stage.WAITING, Stage.CALLED, Stage.SERVING, Stage.PARKED),
        makes=Form.TRANSFER,
        of_ticket=True,
    ),
    Action(
        name="priority",
        key="f6",
        enabled=lambda sight: _stands(Stage.WAITING)(sight) and not _has_priority(sight),
        makes=chosen(lambda ticket: SetPriority(ticket, priority=True)),
        of_ticket=True,
    ),
    Action(
        name="remove_priority",
        key="f6",
        enabled=lambda sight: _stands(Stage.WAITING)(sight) and _has_priority(sight),
        makes=chosen(lambda ticket: SetPriority(ticket, priority=False)),
        of_ticket=True,
    ),
    Action(
        name="cancel",
        key="f7",
        enabled=_stands(Stage.WAITING, Stage.CALLED),
        makes=chosen(Cancel),
        confirm="desk.confirm_cancel",
        of_ticket=True,
    ),
    Action(
        name="reinstate",
        key="f7",
        enabled=_stands(Stage.PARKED, Stage.NO_SHOW, Stage.CANCELLED),
        makes=chosen(Reinstate),
        confirm="desk.confirm_reinstate",
        of_ticket=True,
    ),
    Action(
        name="cancel",
        key=ENTER,
        enabled=_stands(Stage.PARKED, Stage.NO_SHOW),
        makes=chosen(Cancel),
        confirm="desk.confirm_cancel",
        of_ticket=True,
    ),
    Action(
        name="reprint",
        key="f8",
        enabled=lambda sight: sight.ticket is not None or sight.number is not None,
        makes=Form.REPRINT,
        of_ticket=True,
    ),
    Action(
        name="reprint_offer",
        key=OFFER_KEY,
        enabled=lambda sight: sight.offer is not None,
        makes=Form.REPRINT_OFFER,
    ),
    Action(name="message", key="f9", enabled=lambda _: True, makes=Form.MESSAGE),
    Action(name="fields", key="f10", enabled=lambda sight: not sight.view.over, makes=Form.FIELDS),
    Action(
        name="open_day",
        key="f12",
        enabled=lambda sight: not sight.view.open and not sight.view.over,
        makes=lambda _: OpenDay(),
        forward=True,
    ),
    Action(
        name="close_day",
        key="f12",
        enabled=lambda sight: sight.view.open,
        makes=lambda _: CloseDay(),
        confirm="reception.confirm_close_day",
    ),
    Action(
        name="pairing",
        key="ctrl+n",
        enabled=lambda _: True,
        makes=Form.PAIRING,
    ),
    Action(name="planning", key="ctrl+r", enabled=lambda _: True, makes=Form.PLANNING),
    Action(
        name="burst",
        key="ctrl+b",
        enabled=lambda sight: sight.burst is not None,
        makes=Form.BURST,
    ),
    Action(
        name="end_day",
        key="ctrl+e",
        enabled=lambda sight: not sight.view.open and not sight.view.over,
        makes=lambda _: EndDay(),
        confirm="reception.confirm_end_day",
    ),
    Action(name="lock", key=LOCK_KEY, enabled=lambda _: True, makes=lambda _: SignOut()),
)
"""What reception can do. A desk calls; reception rings again, or sends a visitor to a desk by transfer."""


def _has_priority(sight: HallSight) -> bool:
    return sight.ticket is not None and sight.ticket.priority
