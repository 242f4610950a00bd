"""What may never be found of numbers that kiosks gave by themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chaos.queue_judge import Day
from simulation.robots import GivenAlone, History

from protocol.commands import RedeemTicket
from protocol.envelope import Refused
from protocol.refusals import RefusalCode
from queue_server.core.events import NumbersReserved, TicketCancelled, TicketIssued

SLACK_S = 2e-6
"""Instants on disk are whole microseconds."""


def given_alone(days: Sequence[Day], history: History) -> Iterator[str]:
    """Every broken rule, in one sentence each."""
    shown = Counter((one.day, one.ticket) for one in history.given)
    yield from (
        f"{ticket} of {day} was given to {times}" for (day, ticket), times in shown.items() if times > 1
    )
    for day in days:
        yield from _reserved(day)
        yield from _one_ticket(day, history)
        yield from _in_order(day, [one for one in history.given if one.day == day.name])
    yield from _redeemed(days[-1], history)


def _reserved(day: Day) -> Iterator[str]:
    """A provisional number goes to one kiosk, once; only such a number becomes a provisional ticket."""
    owner: dict[str, str] = {}
    for record in day.records:
        match record.event:
            case NumbersReserved(kiosk=kiosk, tickets=tickets):
                yield from (
                    f"{day.name}: {ticket} was set aside twice" for ticket in tickets if ticket in owner
                )
                owner |= dict.fromkeys(tickets, kiosk)
            case TicketIssued(ticket=ticket, provisional=provisional):
                if provisional is not (ticket in owner):
                    yield f"{day.name}: {ticket} is provisional or not, and was set aside or not"
            case _:
                pass


def _in_order(day: Day, given: Sequence[GivenAlone]) -> Iterator[str]:
    """Visitors of one kiosk stand in the order in which they came."""
    came = {
        record.event.ticket: record.at.timestamp() - record.event.waited_s
        for record in day.records
        if isinstance(record.event, TicketIssued) and record.event.provisional
    }
    for kiosk in dict.fromkeys(one.kiosk for one in given):
        line = [one.ticket for one in given if one.kiosk == kiosk and one.ticket in came]
        for first, second in pairwise(line):
            if came[first] > came[second] + SLACK_S:
                yield f"{day.name}: {first} came to {kiosk} before {second}, and stands behind"


def _one_ticket(day: Day, history: History) -> Iterator[str]:
    """A visitor whose question was in doubt has one ticket that was not taken back."""
    issued = {
        record.command_id: record.event.ticket
        for record in day.records
        if isinstance(record.event, TicketIssued)
    }
    cancelled = {record.event.ticket for record in day.records if isinstance(record.event, TicketCancelled)}
    for one in history.given:
        has = {one.ticket} & set(issued.values()) | {issued.get(one.doubt or "", one.ticket)}
        if one.day == day.name and len(has - cancelled) > 1:
            yield f"{day.name}: the visitor of {one.ticket} has {sorted(has)}"


def _redeemed(today: Day, history: History) -> Iterator[str]:
    """Whoever was given a number today waits with it, or has the other ticket in the hand."""
    issued = {record.event.ticket for record in today.records if isinstance(record.event, TicketIssued)}
    has_another = {
        one.command.ticket
        for one in history.asked
        if isinstance(one.command, RedeemTicket)
        and isinstance(one.answer, Refused)
        and one.answer.code is RefusalCode.NUMBER_NOT_NEEDED
    }
    for one in history.given:
        if one.day == today.name and one.ticket not in issued | has_another:
            yield f"{one.ticket} was given at {one.kiosk} and never redeemed"
