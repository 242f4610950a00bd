"""What may never be found in a centre, whatever went wrong: from its files, and from what its users saw.

The model here is a second one, made from the events alone: it shares no code with the rules that decide.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta

from chaos.queue_judge import Day
from msgspec import Struct
from msgspec.structs import replace
from simulation.disk import Committed
from simulation.intake import given_while_closed
from simulation.robots import Asked, History

from protocol.envelope import Accepted, Called, TicketGiven
from queue_server.core import events as e
from queue_server.log_port import Record

SLACK_S = 1e-6
ANNOUNCED_S = 4.5
"""A board announces a call in four seconds, and writes down that it has."""
OWN = ("house:", "tick:", "end:")
"""So begin the server's own deeds: news of slips, opening hours, midnight."""


class Found(Struct, frozen=True, kw_only=True):
    """All there is to look at when the world is quiet again."""

    days: Sequence[Day]
    committed: Sequence[Committed]
    history: History
    unread_days: AbstractSet[str] = frozenset()
    """Days whose files could not be read once: such a one is left as it is at a start."""


def violations(found: Found) -> Iterator[str]:
    """Every broken rule, in one sentence each."""
    for day in found.days[:-1]:
        if not isinstance(day.records[-1].event, e.DayEnded) and day.name not in found.unread_days:
            yield f"{day.name} was never brought to its end"
    for day in found.days:
        yield from _numbers(day)
        yield from given_while_closed(day)
        yield from Model(day.name).violations(day.records)
    yield from _answers(found)
    yield from _announcements(found)


def _numbers(day: Day) -> Iterator[str]:
    """Ordinary numbers of a day and letter count up from 1, each given once; calls count up from 1."""
    events = [record.event for record in day.records]
    issued = [event for event in events if isinstance(event, e.TicketIssued) and not event.provisional]
    for letter in dict.fromkeys(event.ticket[0] for event in issued):
        numbers = [event.number for event in issued if event.ticket[0] == letter]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{day.name}: the numbers of {letter} are {numbers}"
    calls = [
        record.event.call
        for record in day.records
        if isinstance(record.event, e.TicketCalled | e.TicketRecalled)
    ]
    if calls != list(range(1, len(calls) + 1)):
        yield f"{day.name}: the calls are {calls}"


EPOCH, SECOND_US = datetime(1970, 1, 1, tzinfo=UTC), 1_000_000


class Waiting(Struct):
    """A ticket as the model has it."""

    code: str
    order: int
    issued_us: int
    key_us: int
    """Microseconds, whole as the log has them: seconds of this century in a float are coarser than that."""
    field: str
    languages: tuple[str, ...]
    stage: str = "waiting"
    desk: str | None = None

    @property
    def rank(self) -> tuple[int, int]:
        return self.key_us, self.order


class Place(Struct):
    """A desk as the model has it."""

    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    open: bool = False
    ready: bool = False
    ticket: str | None = None


LEAVING: Mapping[type[e.Event], tuple[frozenset[str], str]] = {
    e.ServingStarted: (frozenset({"called"}), "serving"),
    e.TicketFinished: (frozenset({"called", "serving"}), "finished"),
    e.TicketMissed: (frozenset({"called"}), "no_show"),
    e.TicketParked: (frozenset({"called", "serving"}), "parked"),
    e.TicketReinstated: (frozenset({"parked", "no_show", "cancelled"}), "waiting"),
    e.TicketTransferred: (frozenset({"waiting", "called", "serving", "parked"}), "waiting"),
    e.TicketCancelled: (frozenset({"waiting", "called", "parked", "no_show"}), "cancelled"),
}
"""From which stages an event leads where."""


class Model:
    """A second account of a day: who waits, who is where, and who should have been called."""

    def __init__(self, day: str) -> None:
        self._day = day
        self._tickets: dict[str, Waiting] = {}
        self._desks: dict[str, Place] = {}
        self._before: dict[str, tuple[str, Waiting]] = {}
        """What the last action of a desk found: its ticket as it was."""
        self._ended = False
        self._found: list[str] = []

    def violations(self, records: Sequence[Record]) -> list[str]:
        """Plays the day."""
        previous: Record | None = None
        for record in records:
            if previous is not None and record.command_id != previous.command_id:
                self._nobody_waits_for_nothing()
            if previous is not None and record.at < previous.at:
                self._wrong(f"{record.event} is earlier than what came before")
            if self._ended:
                self._wrong(f"{record.event} came after the end")
            self._play(record)
            previous = record
        if not self._ended:
            self._nobody_waits_for_nothing()
        return self._found

    def _wrong(self, what: str) -> None:
        self._found.append(f"{self._day}: {what}")

    def _play(self, record: Record) -> None:
        event = record.event
        match event:
            case e.TicketIssued():
                at_us = microseconds(record.at.astimezone(UTC) - timedelta(seconds=event.waited_s))
                self._tickets[event.ticket] = Waiting(
                    event.ticket,
                    len(self._tickets) + 1,
                    at_us,
                    at_us - event.head_start_s * SECOND_US,
                    event.field,
                    event.languages,
                )
            case e.TicketCalled():
                self._called(event)
            case e.PrioritySet():
                ticket = self._tickets[event.ticket]
                ticket.key_us = ticket.issued_us - event.head_start_s * SECOND_US
            case e.ActionUndone():
                self._undone(event)
            case e.DayEnded():
                self._ended = True
                left = [
                    one.code
                    for one in self._tickets.values()
                    if one.stage in {"waiting", "called", "serving"}
                ]
                if left:
                    self._wrong(f"the day ended with {left}")
            case e.DeskOpened() | e.DeskClosed() | e.DeskReadied() | e.DeskPaused() | e.DeskResumed():
                self._at_desk(event)
            case e.DeskNarrowed(desk=desk, fields=fields, languages=languages):
                self._desks[desk].fields, self._desks[desk].languages = fields, languages
            case _ if type(event) in LEAVING:
                self._moved(event)
            case _:
                pass

    def _called(self, event: e.TicketCalled) -> None:
        ticket, desk = self._tickets[event.ticket], self._desks[event.desk]
        if ticket.stage not in {"waiting", "parked"} or (ticket.stage == "parked") != (
            event.how == "unparked"
        ):
            self._wrong(f"{event.ticket} was called while {ticket.stage}")
        if desk.ticket is not None:
            self._wrong(f"desk {event.desk} called {event.ticket} and had {desk.ticket}")
        if event.how in {"next", "assigned"}:
            if not _fits(ticket, event.desk, desk):
                self._wrong(f"desk {event.desk} does not serve {event.ticket}")
            earlier = [
                one.code
                for one in self._tickets.values()
                if one.stage == "waiting" and _fits(one, event.desk, desk) and one.rank < ticket.rank
            ]
            if earlier and ticket.desk is None:
                self._wrong(f"{event.ticket} was called at {event.desk} before {earlier}")
        self._remember(event.desk, ticket)
        ticket.stage, ticket.desk = "called", event.desk
        desk.ticket, desk.ready = ticket.code, False

    def _moved(self, event: object) -> None:
        allowed, after = LEAVING[type(event)]  # type: ignore[index]
        ticket = self._tickets[event.ticket]  # type: ignore[attr-defined]
        if ticket.stage not in allowed:
            self._wrong(f"{event} came while {ticket.stage}")
        if ticket.stage in {"called", "serving"} and ticket.desk is not None:
            self._remember(ticket.desk, ticket)
            if after != "serving":
                self._desks[ticket.desk].ticket = None
        ticket.stage = after
        match event:
            case e.TicketTransferred():
                ticket.field, ticket.languages, ticket.desk = event.field, event.languages, event.desk
            case e.TicketReinstated():
                ticket.desk = None
            case _:
                pass

    def _remember(self, desk: str, ticket: Waiting) -> None:
        self._before[desk] = ticket.code, replace(ticket)

    def _undone(self, event: e.ActionUndone) -> None:
        ticket = self._tickets[event.ticket]
        code, before = self._before[event.desk]
        if code != event.ticket:
            self._wrong(f"desk {event.desk} took back {event.ticket}, its last was {code}")
            return
        if ticket.stage in {"called", "serving"} and ticket.desk is not None:
            self._desks[ticket.desk].ticket = None
        ticket.stage, ticket.desk = before.stage, before.desk
        ticket.field, ticket.languages = before.field, before.languages
        if ticket.stage in {"called", "serving"} and ticket.desk is not None:
            desk = self._desks[ticket.desk]
            if desk.ticket is not None:
                self._wrong(f"desk {ticket.desk} got {ticket.code} back and had {desk.ticket}")
            desk.ticket, desk.ready = ticket.code, False

    def _at_desk(self, event: object) -> None:
        desk = self._desks.setdefault(event.desk, Place())  # type: ignore[attr-defined]
        if desk.ticket is not None and not self._ended:
            self._wrong(f"{event} with {desk.ticket} at the desk")
        desk.ready = isinstance(event, e.DeskReadied)
        match event:
            case e.DeskOpened(fields=fields, languages=languages):
                desk.fields, desk.languages, desk.open = fields, languages, True
            case e.DeskClosed():
                desk.open = False
            case _:
                pass

    def _nobody_waits_for_nothing(self) -> None:
        """No desk is ready while somebody waits whom it serves."""
        for name, desk in self._desks.items():
            if desk.ready:
                waiting = [
                    one.code
                    for one in self._tickets.values()
                    if one.stage == "waiting" and _fits(one, name, desk)
                ]
                if waiting:
                    self._wrong(f"desk {name} is ready and {waiting} wait")


def microseconds(at: datetime) -> int:
    """Since the epoch."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _fits(ticket: Waiting, name: str, desk: Place) -> bool:
    if ticket.desk is not None:
        return ticket.desk == name
    return ticket.field in desk.fields and bool(set(ticket.languages) & set(desk.languages))


def _answers(found: Found) -> Iterator[str]:
    """Whoever was answered is on disk, and was not answered before it was; one question, one deed."""
    on_disk: dict[str, list[Record]] = {}
    for day in found.days:
        for record in day.records:
            on_disk.setdefault(record.command_id, []).append(record)
    for asked, records in on_disk.items():
        firsts = [record for record in records if record.ordinal == 0]
        if len(firsts) != 1:
            yield f"{asked} was done {len(firsts)} times"
    at_s = {record.command_id: one.at_s for one in found.committed for record in one.records}
    for one in found.history.asked:
        if isinstance(one.answer, Accepted):
            yield from _answered(one, on_disk.get(one.id, []), at_s)
    known = {one.id for one in found.history.asked}
    for asked in on_disk:
        if asked not in known and not asked.startswith(OWN):
            yield f"{asked} was done and nobody asked for it"
    for asked in found.history.left_waiting:
        yield f"{asked} waited for its answer, with nothing wrong any more"
    for asked in found.history.differing:
        yield f"{asked} was answered in two ways"
    tickets = dict.fromkeys(
        (one.answer.outcome.token, one.id)
        for one in found.history.asked
        if isinstance(one.answer, Accepted) and isinstance(one.answer.outcome, TicketGiven)
    )
    for token, times in Counter(token for token, _ in tickets).items():
        if times > 1:
            yield f"the ticket {token} was given to {[who for other, who in tickets if other == token]}"


def _answered(one: Asked, records: Sequence[Record], at_s: Mapping[str, float]) -> Iterator[str]:
    assert isinstance(one.answer, Accepted)
    outcome = one.answer.outcome
    if not isinstance(outcome, TicketGiven | Called):
        return
    if not records:
        yield f"{one.id} was answered {outcome} and is not on disk"
        return
    codes = [getattr(record.event, "ticket", None) for record in records]
    if outcome.ticket not in codes:
        yield f"{one.id} was answered {outcome.ticket} and the disk has {codes}"
    if one.answered_at_s < at_s[one.id] - SLACK_S:
        yield f"{one.id} was answered {at_s[one.id] - one.answered_at_s:.3f} s before it was on disk"


def _announcements(found: Found) -> Iterator[str]:
    """A board rings a call once, in order, and not before it is on disk.

    What it began to ring and could not bring to its end, since it was stopped, it may ring again; never what
    it has written down.
    """
    calls: dict[tuple[str, int], tuple[float, str, str]] = {}
    for one in found.committed:
        for record in one.records:
            match record.event:
                case e.TicketCalled() | e.TicketRecalled():
                    event = record.event
                    calls[one.day, event.call] = one.at_s, event.ticket, event.desk
                case _:
                    pass
    last: dict[tuple[str, int], tuple[str, int]] = {}
    before: dict[tuple[str, str, int], list[float]] = {}
    for rung in found.history.rung:
        key = rung.day, rung.call
        who = f"{rung.board} rang call {rung.call} of {rung.day}"
        if key not in calls:
            yield f"{who}, which is not on disk"
            continue
        at_s, ticket, desk = calls[key]
        if (rung.ticket, rung.desk) != (ticket, desk):
            yield f"{who} as {rung.ticket} at {rung.desk}: it was {ticket} at {desk}"
        if rung.at_s < at_s - SLACK_S:
            yield f"{who} before it was on disk"
        life = rung.board, rung.life
        if last.get(life, ("", 0)) >= key:
            yield f"{who} after {last[life]}"
        last[life] = key
        for rung_s in before.setdefault((rung.board, *key), []):
            if not _stopped_within(found.history, rung.board, rung_s):
                yield f"{who} again, though nothing had stopped it"
        before[rung.board, *key].append(rung.at_s)
        if any(
            (one.board, one.day) == (rung.board, rung.day) and one.call >= rung.call and one.at_s < rung.at_s
            for one in found.history.remembered
        ):
            yield f"{who}, and had written down that it was announced"
    if found.history.missed_calls:
        yield f"{found.history.missed_calls} calls had left the view before a board saw them"


def _stopped_within(history: History, board: str, rung_s: float) -> bool:
    """Whether a board was killed or frozen before it can have written down what it rang then."""
    return any(
        one.terminal == board and rung_s <= one.at_s <= rung_s + ANNOUNCED_S for one in history.stopped
    )
