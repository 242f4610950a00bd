"""Decisions about the cells for which tickets are still given today."""

from collections.abc import Iterable

from protocol.commands import HoldIntake, IntakeHold
from protocol.ids import FieldId, LanguageCode
from protocol.refusals import RefusalCode
from queue_server.core.decide.tickets import not_offered
from queue_server.core.events import AnyEvent, IntakeEnded, IntakeHeld
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Queue


def hold(queue: Queue, command: HoldIntake, context: Context) -> list[AnyEvent] | Refusal:
    """Reception wants a cell open or closed, or leaves it to the forecast again."""
    refusal = not_offered(command.field, (command.language,), context)
    if refusal is not None:
        return refusal
    cell = (command.field, command.language)
    unchanged = queue.intake.held.get(cell, IntakeHold.AUTOMATIC) is command.hold
    if unchanged and cell not in queue.intake.ended:
        code = RefusalCode.ALREADY_CLOSED if command.hold is IntakeHold.CLOSED else RefusalCode.ALREADY_OPEN
        return Refusal(code, command.field)
    return [IntakeHeld(command.field, command.language, command.hold)]


def end(queue: Queue, cells: Iterable[tuple[FieldId, LanguageCode]]) -> list[AnyEvent]:
    """Whoever came for these cells would not be served by closing: no more tickets for them today."""
    if not queue.open:
        return []
    fresh = tuple(cell for cell in cells if cell not in queue.intake.ended and cell not in queue.intake.held)
    return [IntakeEnded(fresh)] if fresh else []
