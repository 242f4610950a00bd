"""A command in, events or a refusal out. Nothing changes here: evolve does that."""

from typing import assert_never

from protocol import commands as c
from protocol.refusals import RefusalCode
from queue_server.core.decide import bursts, day, desks, help_calls, intake, provisional, tickets
from queue_server.core.events import AnyEvent
from queue_server.core.housekeeping import EndDay, EndIntake, ForgetDevice, Housekeeping, ReportPrint, Tick
from queue_server.core.policy import Context, Refusal, may_ask
from queue_server.core.state import Queue

__all__ = ["decide"]


def decide(queue: Queue, command: c.AnyCommand, context: Context) -> list[AnyEvent] | Refusal:
    """What this command makes happen now, or why it does not."""
    if not may_ask(context.actor, command):
        return Refusal(RefusalCode.NOT_ALLOWED)
    if queue.ended:
        return Refusal(RefusalCode.DAY_OVER)
    match command:
        case c.IssueTicket():
            return tickets.issue(queue, command, context)
        case c.ReserveNumbers():
            return provisional.reserve(queue, command, context)
        case c.RedeemTicket():
            return provisional.redeem(queue, command, context)
        case c.Reinstate() | c.Transfer() | c.Cancel() | c.SetPriority() | c.Reprint():
            return _ticket(queue, command, context)
        case c.CancelBurst() | c.DismissBurst():
            return bursts.settle(queue, command)
        case c.CallNext() | c.CallTicket() | c.Unpark():
            return desks.call(queue, command, context)
        case c.Recall() | c.StartServing() | c.Finish() | c.MarkNoShow() | c.Park():
            return desks.serve(queue, command, context)
        case c.Undo():
            return desks.undo(queue, context)
        case c.OpenDesk() | c.NarrowDesk() | c.CloseDesk() | c.Pause() | c.Resume():
            return desks.attend(queue, command, context)
        case c.OpenDay() | c.CloseDay() | c.EndDay() | c.OpenField() | c.CloseField() | c.PostMessage():
            return day.decide_day(queue, command, context)
        case c.HoldIntake():
            return intake.hold(queue, command, context)
        case c.NoteUnserved():
            return intake.unserved(queue, command, context)
        case c.CallForHelp() | c.WithdrawHelp() | c.AnswerHelp():
            return help_calls.help_calls(queue, command, context)
        case _:
            assert_never(command)


def _ticket(
    queue: Queue,
    command: c.Reinstate | c.Transfer | c.Cancel | c.SetPriority | c.Reprint,
    context: Context,
) -> list[AnyEvent] | Refusal:
    ticket = queue.tickets.get(command.ticket)
    if ticket is None:
        return Refusal(RefusalCode.UNKNOWN_TICKET, command.ticket)
    match command:
        case c.Reinstate():
            return tickets.reinstate(queue, ticket, context)
        case c.Transfer():
            return tickets.transfer(queue, ticket, command, context)
        case c.Cancel():
            return tickets.cancel(ticket)
        case c.SetPriority():
            return tickets.set_priority(ticket, command.priority, context)
        case c.Reprint():
            return tickets.reprint(ticket, command, context)
        case _:
            assert_never(command)


def keep_house(queue: Queue, command: Housekeeping, context: Context) -> list[AnyEvent]:
    """What the server's own wishes make happen; nothing is an ordinary answer."""
    if queue.ended:
        return []
    match command:
        case Tick(hours=hours):
            by_the_hour = day.tick(queue, hours, context.now)
            return [*by_the_hour, *day.take_message_down(queue), *help_calls.tick(queue, context)]
        case EndDay():
            return day.end(queue)
        case ReportPrint():
            return tickets.report_print(queue, command)
        case EndIntake(cells=cells):
            return intake.end(queue, cells)
        case ForgetDevice(device=device):
            return help_calls.forget(queue, device)
        case _:
            assert_never(command)
