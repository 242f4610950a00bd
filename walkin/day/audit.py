"""Was anything lost? Compares what kiosks gave, what is on paper, how tickets ended, and who called. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import Struct

from protocol.ids import DeskId, DeviceName, TicketCode, shown
from protocol.views import PrintState, Stage


class Given(Struct, frozen=True):
    """A ticket as a visitor was given it; no printer: the number on the screen alone."""

    ticket: TicketCode
    token_url: str
    printer: DeviceName | None


class DeskCall(Struct, frozen=True):
    """A desk called a ticket, or called it again."""

    desk: DeskId
    ticket: TicketCode
    recall: bool = False


class Announcement(Struct, frozen=True):
    """A board showed and rang a call."""

    call: int
    desk: DeskId
    ticket: TicketCode
    recall: bool = False


class Evidence(Struct, frozen=True, kw_only=True):
    """Everything the day left behind."""

    own: bool
    """Nobody else gave tickets that day: numbers and calls start at 1."""
    shared_series: bool
    """One series of numbers for all letters."""
    given: tuple[Given, ...]
    paper: tuple[str, ...] | None
    """What the QR codes on paper say, slip by slip; none: no paper was seen, the print state counts."""
    slips: dict[TicketCode, PrintState]
    stages: dict[TicketCode, Stage]
    """Where reception saw each ticket last."""
    finished: dict[TicketCode, int]
    """How often desks ended a conversation, those taken back not counted."""
    desk_calls: tuple[DeskCall, ...]
    announcements: tuple[Announcement, ...]
    surprises: tuple[str, ...] = ()
    """What happened that the day did not foresee, in words."""


class Audit(Struct, frozen=True):
    """The outcome: no difference, nothing lost."""

    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing was lost."""
        return not self.differences


def audit(evidence: Evidence) -> Audit:
    """Every difference, in words."""
    checks = (_numbers, _slips if evidence.paper is None else _paper, _ends, _calls)
    found = [difference for check in checks for difference in check(evidence)]
    return Audit((*evidence.surprises, *found))


def _numbers(evidence: Evidence) -> Iterator[str]:
    """Unique, and without gaps; beside tickets of others, from the first to the last given here."""
    counts = Counter(given.ticket for given in evidence.given)
    for ticket, count in counts.items():
        if count > 1:
            yield f"{shown(ticket)} was given {count} times"
    series: defaultdict[str, set[int]] = defaultdict(set)
    known: defaultdict[str, set[int]] = defaultdict(set)
    for ticket in counts:
        series["" if evidence.shared_series else ticket[0]].add(int(ticket[1:]))
    for ticket in (*counts, *evidence.stages):
        known["" if evidence.shared_series else ticket[0]].add(int(ticket[1:]))
    for letter, numbers in sorted(series.items()):
        first = 1 if evidence.own else min(numbers)
        for number in range(first, max(numbers)):
            if number not in known[letter]:
                yield f"number {letter or '?'} {number:03d} is missing"
    if evidence.own:
        for ticket in sorted(evidence.stages.keys() - counts.keys()):
            yield f"{shown(ticket)} is in the queue, but nobody was given it"
    if evidence.shared_series:
        for number, count in Counter(int(ticket[1:]) for ticket in counts).items():
            if count > 1:
                yield f"number {number:03d} was given with {count} letters"


def _paper(evidence: Evidence) -> Iterator[str]:
    """One slip for each ticket."""
    assert evidence.paper is not None
    slips = Counter(evidence.paper)
    for given in dict.fromkeys(evidence.given):
        count = slips.pop(given.token_url, 0)
        if given.printer is None and count:
            yield f"{shown(given.ticket)} has no printer, but {count} slips are on paper"
        elif given.printer is not None and count == 0:
            state = evidence.slips.get(given.ticket, PrintState.NONE)
            yield f"the slip of {shown(given.ticket)} is not on paper (the server says: {state})"
        elif given.printer is not None and count > 1:
            yield f"the slip of {shown(given.ticket)} is on paper {count} times"
    for words, count in slips.items():
        yield f"{count} slips on paper say {words!r}, which no ticket given here does"


def _slips(evidence: Evidence) -> Iterator[str]:
    """The server knows of each slip that it is printed."""
    for given in dict.fromkeys(evidence.given):
        state = evidence.slips.get(given.ticket, PrintState.NONE)
        if given.printer is not None and state is not PrintState.PRINTED:
            yield f"the slip of {shown(given.ticket)} is not printed: {state}"


def _ends(evidence: Evidence) -> Iterator[str]:
    """Every ticket ended, and a finished one was finished once."""
    for ticket in dict.fromkeys(given.ticket for given in evidence.given):
        stage = evidence.stages.get(ticket)
        finished = evidence.finished.get(ticket, 0)
        if stage is None:
            yield f"{shown(ticket)} was given, but reception never saw it"
        elif stage not in {Stage.FINISHED, Stage.CANCELLED, Stage.NO_SHOW}:
            yield f"{shown(ticket)} has not ended: it is {stage}"
        elif finished != (stage is Stage.FINISHED):
            yield f"{shown(ticket)} ended as {stage}, and desks finished it {finished} times"


def _calls(evidence: Evidence) -> Iterator[str]:
    """What boards announced is what desks called, each call once."""
    ours = {given.ticket for given in evidence.given}
    made = Counter(call for call in evidence.desk_calls if call.ticket in ours)
    once = {announcement.call: announcement for announcement in evidence.announcements}
    rung = Counter(DeskCall(a.desk, a.ticket, a.recall) for a in once.values() if a.ticket in ours)
    for call, count in (made - rung).items():
        yield f"{_words(call)} was not announced{_times(count)}"
    for call, count in (rung - made).items():
        yield f"{_words(call)} was announced, but not made{_times(count)}"
    numbers = Counter(announcement.call for announcement in evidence.announcements)
    for number, count in sorted(numbers.items()):
        if count > 1:
            yield f"call {number} was announced {count} times"
    if numbers:
        first = 1 if evidence.own else min(numbers)
        for number in sorted(set(range(first, max(numbers))) - numbers.keys()):
            yield f"call number {number} was never announced"


def _words(call: DeskCall) -> str:
    kind = "recall" if call.recall else "call"
    return f"a {kind} of {shown(call.ticket)} to desk {call.desk}"


def _times(count: int) -> str:
    return "" if count == 1 else f", {count} times"
