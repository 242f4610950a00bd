"""What issue and call cost with 10 and with 10,000 people waiting: the core alone, in one process."""

import itertools
import time
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from benchmarks.load import percentile
from config.model import Centre
from protocol import commands as c
from protocol.ids import Role
from queue_server.core.decide import decide
from queue_server.core.evolve import evolve
from queue_server.core.policy import Actor, Context, Refusal
from queue_server.core.state import Queue
from walkin.stand import hurried

FEW, MANY = 10, 10_000
PAIRS = 8000
KIOSK = Actor(Role.KIOSK, "kiosk-1")
DESK = Actor(Role.COUNSELLOR, "desk-1", "1")


class Cost(Struct):
    """Microseconds of one command, decided and applied, as the median."""

    issue_few_us: float
    issue_many_us: float
    call_few_us: float
    call_many_us: float


class _Day:
    """A queue that people are put into and called from."""

    def __init__(self, centre: Centre, waiting: int) -> None:
        self._centre = centre
        self._queue = Queue("2026-11-23", tuple(desk.id for desk in centre.desks))
        self._instants = itertools.count()
        self._start = datetime(2026, 11, 23, 10, tzinfo=UTC)
        counsellor = max(centre.counsellors, key=lambda one: len(one.fields))
        self._fields = itertools.cycle(counsellor.fields)
        self._languages = counsellor.languages[:1]
        self.do(c.OpenDay(), Actor(Role.RECEPTION, "reception-1"))
        self.do(c.OpenDesk(counsellor.id), DESK)
        for _ in range(waiting):
            self.issue()

    def do(self, command: c.AnyCommand, actor: Actor) -> float:
        now = self._start + timedelta(milliseconds=next(self._instants))
        context = Context(now, actor, self._centre)
        began = time.perf_counter()
        events = decide(self._queue, command, context)
        assert not isinstance(events, Refusal), events
        for event in events:
            evolve(self._queue, event, now)
        return time.perf_counter() - began

    def issue(self) -> float:
        command = c.IssueTicket(
            field=next(self._fields), languages=self._languages, screen_language=self._languages[0]
        )
        return self.do(command, KIOSK)

    def call(self) -> float:
        took = self.do(c.CallNext(), DESK)
        ticket = self._queue.desks["1"].ticket
        assert ticket is not None
        self.do(c.Finish(ticket), DESK)
        return took


def measure(centre: Centre) -> Cost:
    """Issue and call in turn on both queues, interleaved, so that the numbers waiting stay."""
    centre = hurried(centre)
    few, many = _Day(centre, FEW), _Day(centre, MANY)
    took: dict[str, list[float]] = {"few issue": [], "few call": [], "many issue": [], "many call": []}
    for _ in range(PAIRS):
        for name, day in (("few", few), ("many", many)):
            took[f"{name} issue"].append(day.issue())
            took[f"{name} call"].append(day.call())
    median = {name: percentile(values, 0.5) * 1e6 for name, values in took.items()}
    return Cost(median["few issue"], median["many issue"], median["few call"], median["many call"])
