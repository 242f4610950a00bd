"""Decisions about the cells for which tickets are still given today."""

from collections.abc import Iterable
from datetime import timedelta

from protocol.commands import HoldIntake, IntakeHold, NoteUnserved
from protocol.ids import FieldId, LanguageCode
from protocol.refusals import RefusalCode
from queue_server.core.decide.tickets import not_offered
from queue_server.core.events import AnyEvent, DemandUnserved, IntakeEnded, IntakeHeld
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Queue


def hold(queue: Queue, command: HoldIntake, context: Context) -> list[AnyEvent] | Refusal:
    """Reception wants a cell open or closed, or leaves it to the forecast again."""
    refusal = not_offered(command.field, (command.language,), context)
    if refusal is not None:
        return refusal
    cell = (command.field, command.language)
    unchanged = queue.intake.held.get(cell, IntakeHold.AUTOMATIC) is command.hold
    reopens = command.hold is IntakeHold.AUTOMATIC and cell in queue.intake.ended
    if unchanged and not reopens:
        code = RefusalCode.ALREADY_CLOSED if command.hold is IntakeHold.CLOSED else RefusalCode.ALREADY_OPEN
        return Refusal(code, command.field)
    return [IntakeHeld(command.field, command.language, command.hold)]


SAME_VISITOR = timedelta(minutes=1)
"""Whoever wants the same at the same kiosk so soon is the same visitor, or a child who plays."""


def unserved(queue: Queue, command: NoteUnserved, context: Context) -> list[AnyEvent] | Refusal:
    """A visitor goes without a ticket."""
    refusal = not_offered(command.field, command.languages, context)
    if refusal is not None:
        return refusal
    event = DemandUnserved(
        kiosk=context.actor.device,
        field=command.field,
        languages=tuple(dict.fromkeys(command.languages)),
        why=command.why,
    )
    last, at = queue.unserved.get(event.kiosk, (None, context.now))
    return [] if last == event and context.now - at < SAME_VISITOR else [event]


def end(queue: Queue, cells: Iterable[tuple[FieldId, LanguageCode]]) -> list[AnyEvent]:
    """Whoever came for these cells would not be served by closing: no more tickets for them today."""
    if not queue.open:
        return []
    fresh = tuple(cell for cell in cells if cell not in queue.intake.ended and cell not in queue.intake.held)
    return [IntakeEnded(fresh)] if fresh else []
