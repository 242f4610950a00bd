"""The rules of a queue with paper: what may never be found on it or in its days, whatever went wrong."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from chaos.news import ENDS
from chaos.queue_slips import Key, Piece, on_paper, slip_text
from chaos.queue_stage import Trace, What
from msgspec import Struct

from protocol.envelope import TicketGiven
from protocol.views import PrintState, ReceptionView, StaffTicket, Stage
from queue_server.answers import token_of
from queue_server.core.events import (
    ServingStarted,
    SlipReported,
    SlipRequested,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
    TicketParked,
    TicketReinstated,
)
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue, Ticket
from queue_server.log_port import Record

OVER = frozenset({Stage.SERVING, Stage.FINISHED, Stage.CANCELLED})
"""Whoever is so far needs no paper."""


class Day(Struct, frozen=True):
    """A day as it stands on disk."""

    name: str
    records: Sequence[Record]
    secret: bytes

    @property
    def queue(self) -> Queue:
        """What these events make."""
        queue = Queue(self.name, ("1",))
        for record in self.records:
            evolve(queue, record.event, record.at)
        return queue

    @property
    def asked(self) -> Iterator[Key]:
        """Every slip that was ever to be printed."""
        for record in self.records:
            match record.event:
                case TicketIssued(ticket=ticket, kiosk=str()):
                    yield self.name, ticket, 1
                case SlipRequested(ticket=ticket, copy_number=copy):
                    yield self.name, ticket, copy

    @property
    def reported(self) -> Iterator[tuple[Key, PrintState]]:
        """What the queue was told of its slips, in order."""
        for record in self.records:
            match record.event:
                case SlipReported(ticket=ticket, copy_number=copy, outcome=outcome):
                    yield (self.name, ticket, copy), outcome


class Found(Struct, frozen=True, kw_only=True):
    """Everything there is to look at when all is mended, quiet and ended."""

    days: Sequence[Day]
    """In order; the last is today."""
    paper: Sequence[Piece]
    traces: Sequence[Trace]
    given: Mapping[str, TicketGiven]
    """What visitors were given, by the id of their question."""


def violations(found: Found) -> list[str]:
    """Every broken rule in one sentence each."""
    if not found.days:
        return ["there is no day on disk"]
    rules = (_paper, _given, _today, _untold, _needless, _too_late)
    return [broken for rule in rules for broken in rule(found)]


def too_early(view: ReceptionView, paper: Sequence[Piece]) -> list[str]:
    """Whoever reads "printed" may look: a slip lies there already."""
    there = {(day, ticket) for day, ticket, _ in on_paper(paper)}
    return [
        f"{row.ticket} of {view.day} was shown as printed before it was on paper"
        for row in rows(view)
        if row.slip is PrintState.PRINTED and (view.day, row.ticket) not in there
    ]


def rows(view: ReceptionView) -> list[StaffTicket]:
    """All tickets that reception sees."""
    return [*view.waiting, *view.at_desks, *view.aside, *view.ended]


def needed(ticket: Ticket) -> bool:
    """Its visitor is expected and was promised a slip."""
    return ticket.placement.stage not in OVER and ticket.kiosk is not None


def endless(traces: Sequence[Trace]) -> list[Key]:
    """Slips on the list of slips of whose end the queue has not heard."""
    told = {trace.slip: trace.state for trace in traces if trace.what is What.TOLD}
    submitted = dict.fromkeys(trace.slip for trace in traces if trace.what is What.SUBMITTED)
    return [key for key in submitted if told.get(key) not in ENDS]


def _paper(found: Found) -> Iterator[str]:
    """A slip comes out once, if somebody asked for it, with its ticket's own token; printed is on paper."""
    times = on_paper(found.paper)
    asked = {key for day in found.days for key in day.asked}
    for key, count in sorted(times.items()):
        if count > 1:
            yield f"{_name(key)} came out {count} times{_history(found, key)}"
        if key not in asked:
            yield f"{_name(key)} came out, and nobody asked for it"
    secrets = {day.name: day.secret for day in found.days}
    for piece in found.paper:
        for key, token in piece.slips:
            if key in asked and token != token_of(secrets[key[0]], key[1]):
                yield f"{_name(key)} carries a token that is not its own"
    for day in found.days:
        for key, outcome in day.reported:
            if outcome is PrintState.PRINTED and not times[key]:
                yield f"{_name(key)} was reported printed and is on no paper{_history(found, key)}"


def _given(found: Found) -> Iterator[str]:
    """What a visitor was given is on disk; numbers of a day count up, each given to one question."""
    issued: set[tuple[str, str]] = set()
    for day in found.days:
        events = [(record.command_id, record.event) for record in day.records]
        tickets = [(asked, event) for asked, event in events if isinstance(event, TicketIssued)]
        numbers = [event.number for _, event in tickets]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the numbers of {day.name} are {numbers}"
        issued |= {(asked, token_of(day.secret, event.ticket)) for asked, event in tickets}
    for asked, given in found.given.items():
        if (asked, given.token) not in issued:
            yield f"{given.ticket} was given to {asked} and is not on disk"


def _today(found: Found) -> Iterator[str]:
    """Whoever waits has a slip, the first one or a copy asked for; nothing is still to be printed."""
    today = found.days[-1]
    there = {(day, ticket) for day, ticket, _ in on_paper(found.paper)}
    tokens = {given.token for given in found.given.values()}
    for ticket in today.queue.tickets.values():
        if ticket.slip is PrintState.QUEUED:
            yield f"{ticket.code} of {today.name} waits for its slip for ever"
        given = token_of(today.secret, ticket.code) in tokens
        if given and needed(ticket) and (today.name, ticket.code) not in there:
            yield f"{ticket.code} of {today.name} is {ticket.placement.stage} without any paper"
    for key in endless(found.traces):
        yield f"{_name(key)} never came to an end"


def _untold(found: Found) -> Iterator[str]:
    """The spooler hears of everybody who needs no paper any more."""
    today = found.days[-1]
    dropped = {one.ticket for one in found.traces if one.what is What.DROPPED and one.day == today.name}
    for ticket in sorted(_ended_early(today) - dropped):
        yield f"{ticket} of {today.name} needs no paper, and the spooler was never told"


def _needless(found: Found) -> Iterator[str]:
    """Once it has heard that, it sends nothing."""
    unneeded = {key for day in found.days for key in _asked_before_the_end(day)}
    known: set[tuple[str, str]] = set()
    for trace in found.traces:
        if trace.what is What.DROPPED:
            known.add((trace.day, trace.ticket))
        sent = trace.what is What.SENT and (trace.day, trace.ticket) in known
        if sent and trace.slip in unneeded:
            yield f"{_name(trace.slip)} was sent although nobody needed it any more"


def _too_late(found: Found) -> Iterator[str]:
    """The spooler comes to know that a day has begun, and then sends no slip of an earlier one."""
    begun = ""
    for trace in found.traces:
        if trace.what is What.BEGUN:
            begun = max(begun, trace.day)
        if trace.what is What.SENT and trace.day < begun:
            yield f"{_name(trace.slip)} was sent on {begun}"
    if begun != found.days[-1].name:
        yield f"it is {found.days[-1].name}, and the spooler was told of {begun or 'no day'}"


def _ended_early(day: Day) -> set[str]:
    """Tickets that ended for good while a slip of theirs was under way."""
    under_way: dict[str, set[int]] = {}
    early: set[str] = set()
    for record in day.records:
        match record.event:
            case TicketIssued(ticket=ticket, kiosk=str()):
                under_way[ticket] = {1}
            case SlipRequested(ticket=ticket, copy_number=copy):
                under_way.setdefault(ticket, set()).add(copy)
            case SlipReported(ticket=ticket, copy_number=copy):
                under_way[ticket].discard(copy)
            case ServingStarted() | TicketFinished() | TicketCancelled():
                early |= {record.event.ticket} if under_way.get(record.event.ticket) else set()
            case TicketReinstated(ticket=ticket) | TicketParked(ticket=ticket):
                early.discard(ticket)
    return early


def _asked_before_the_end(day: Day) -> Collection[Key]:
    """Slips of tickets that ended for good, asked for before that: a copy asked for afterwards is wanted."""
    before: dict[str, list[Key]] = {}
    ended: dict[str, list[Key]] = {}
    back: set[str] = set()
    for record in day.records:
        match record.event:
            case TicketIssued(ticket=ticket, kiosk=str()):
                before[ticket] = [(day.name, ticket, 1)]
            case SlipRequested(ticket=ticket, copy_number=copy):
                before.setdefault(ticket, []).append((day.name, ticket, copy))
            case ServingStarted() | TicketFinished() | TicketCancelled():
                ticket = record.event.ticket
                ended.setdefault(ticket, list(before.get(ticket, ())))
            case TicketReinstated(ticket=ticket) | TicketParked(ticket=ticket):
                back.add(ticket)
    return {key for ticket, keys in ended.items() if ticket not in back for key in keys}


def _history(found: Found, key: Key) -> str:
    """What was noted of a slip, and every piece that speaks of it: for whoever looks for the reason."""
    noted = [f"{one.what} {one.state or ''} {one.printer}".split() for one in found.traces if one.slip == key]
    head = slip_text(key, "").partition("\n")[0]
    lying = [piece for piece in found.paper if head in piece.text]
    return f" ({'; '.join(map(' '.join, noted))}; {lying})"


def _name(key: Key) -> str:
    day, ticket, copy = key
    return f"copy {copy} of {ticket} of {day}" if copy > 1 else f"{ticket} of {day}"
