"""What one seed of the queue with its paper has met: counted from what was found."""

from collections import Counter

from chaos.queue_judge import Found
from chaos.queue_plan import QueuePlan, kiosk_of
from chaos.queue_slips import on_paper
from chaos.queue_stage import What

from protocol.views import PrintState, Stage
from queue_server.core.events import SlipReported, SlipRequested, TicketIssued, TicketReinstated


def branches(found: Found, plan: QueuePlan) -> Counter[str]:
    """How often each branch was taken."""
    met: Counter[str] = Counter()
    sent = {trace.slip for trace in found.traces if trace.what is What.SENT}
    printers = {kiosk_of(machine.name): machine.name for machine in plan.machines}
    for day in found.days:
        tickets = day.queue.tickets
        homes: dict[tuple[str, int], str] = {}
        for record in day.records:
            match record.event:
                case TicketIssued(ticket=ticket, kiosk=str(kiosk)):
                    homes[ticket, 1] = printers[kiosk]
                case SlipReported(ticket=ticket, copy_number=copy, outcome=outcome, printer=printer):
                    met[f"slip: {outcome}"] += 1
                    unsent = (day.name, ticket, copy) not in sent
                    met["dropped before it was sent"] += outcome is PrintState.NONE and unsent
                    met["a spare stood in"] += homes[ticket, copy] != printer
                case SlipRequested(ticket=ticket, copy_number=copy, kiosk=kiosk):
                    homes[ticket, copy] = printers[kiosk]
                    met["a copy was ordered"] += 1
                case TicketReinstated():
                    met["a cancelled ticket was taken back"] += 1
        if day is not found.days[-1]:
            met["midnight with slips under way"] += any(
                ticket.slip is PrintState.QUEUED for ticket in tickets.values()
            )
        met["a slip was offered to a visitor who waits"] += sum(
            ticket.slip is PrintState.UNKNOWN and ticket.placement.stage is Stage.WAITING
            for ticket in tickets.values()
        )
    met["a copy was marked"] += sum(copy > 1 for _, _, copy in on_paper(found.paper))
    return +met
