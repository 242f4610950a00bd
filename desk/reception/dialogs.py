"""Which dialog lies over reception's screen for each form."""

from collections.abc import Callable

from desk.actions import Form, HallSight
from desk.reception.bursts import BurstDialog
from desk.reception.forms import IssueDialog, message_dialog, reprint_dialog
from desk.reception.intake import Tell, fields_dialog
from desk.reception.pairing import PairingDialog
from desk.reception.planning import PlanningDialog
from desk.transfer import TransferDialog
from desk.widgets.dialogs import Dialog
from desk.words import Voice
from protocol.commands import AnyCommand
from protocol.orders import AnyOrder
from protocol.views import StaffTicket

Ask = Callable[[AnyCommand | AnyOrder], bool]
"""Asks the server; false: something else is being asked, and this is not."""


def dialog_of(
    form: Form, sight: HallSight, voice: Voice, ask: Ask, tell: Tell, follow: Callable[[Dialog], object]
) -> Dialog:
    """What is asked before the command of this form can be made; `follow` lays a further dialog over it."""
    view = sight.view
    match form:
        case Form.ISSUE:
            return IssueDialog(voice, view, ask)
        case Form.MESSAGE:
            return message_dialog(voice, view, ask)
        case Form.FIELDS:
            return fields_dialog(voice, view, ask, tell, follow)
        case Form.PAIRING:
            return PairingDialog(voice, view, ask)
        case Form.PLANNING:
            return PlanningDialog(voice, view, ask)
        case Form.BURST:
            assert sight.burst is not None
            return BurstDialog(voice, sight.burst, ask)
        case Form.TRANSFER:
            assert sight.ticket is not None
            return TransferDialog(voice, sight.ticket, view, ask)
        case Form.REPRINT:
            return _where(sight, sight.ticket, voice, ask)
        case Form.REPRINT_OFFER:
            return _where(sight, sight.offer, voice, ask)
        case _:
            raise AssertionError(form)


def _where(sight: HallSight, ticket: StaffTicket | None, voice: Voice, ask: Ask) -> Dialog:
    """Where to print a further slip of this ticket, or of the number that was typed."""
    code = sight.number if ticket is None else ticket.ticket
    assert code is not None, "a further slip is of a ticket"
    return reprint_dialog(voice, sight.view, code, None if ticket is None else ticket.kiosk, ask)
