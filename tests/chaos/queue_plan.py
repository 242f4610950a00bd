"""What a seed stands for when the queue is played: visitors, staff, midnight, faults and stops."""

from collections.abc import Iterator
from enum import StrEnum
from random import Random

from chaos.plan import LENGTH_S, Fault, Machine, Mend, Restart, Stop, faults_of, machines_of
from msgspec import Struct

TICKETS = (5, 9)
CROWD = (4, 7)
"""Visitors who tap in one instant, as when the doors open: their orders wait for one another."""
LATER_S = 0.5
"""What happens to a visitor happens so soon: some slips are out by then, some under way, some not sent."""
STOPS = (0, 2)
APART_EVERY = 5
"""Of so many seeds one runs the server in a process of its own; a start takes a second."""


class Ending(StrEnum):
    """What becomes of a visitor who was called."""

    SERVED = "served"
    """Until the next visitor is called."""
    FINISHED = "served and finished"
    AT_ONCE = "finished without having been served"
    SENT_BACK = "served, and put aside"
    MISSED = "missed"


class Take(Struct, frozen=True):
    """A visitor takes a ticket."""

    visitor: int
    kiosk: str


class Call(Struct, frozen=True):
    """The desk calls this visitor, and after so many seconds it ends like this."""

    visitor: int
    ending: Ending
    after_s: float


class Cancel(Struct, frozen=True):
    """Reception cancels the ticket, and takes that back or not."""

    visitor: int
    taken_back: bool


class Reprint(Struct, frozen=True):
    """Reception asks for a copy."""

    visitor: int
    kiosk: str | None
    """Where it is to come out; none: where the first slip did."""


class Midnight(Struct, frozen=True):
    """A new day begins."""

    aimed: bool
    """It waits for a ticket that has just been given."""


Deed = Fault | Mend | Restart | Take | Call | Cancel | Reprint | Midnight


class QueuePlan(Struct, frozen=True):
    """Everything that a seed decides; sockets, disk and scheduler decide the rest."""

    seed: int
    apart: bool
    machines: tuple[Machine, ...]
    """Each stands at a kiosk: printer-1 at kiosk-1."""
    steps: tuple[tuple[float, Deed], ...]
    """Seconds from the start, in order."""
    nagging: bool
    """Reception asks for a copy of whatever is offered, even if it lies there."""
    last: Stop
    """How the server ends when everything is quiet."""


def kiosk_of(printer: str) -> str:
    """The kiosk this printer stands at."""
    return printer.replace("printer", "kiosk")


def queue_plan_of(seed: int) -> QueuePlan:
    """The same plan for the same seed, always."""
    dice = Random(f"queue {seed}")
    machines = tuple(machines_of(dice))
    names = [machine.name for machine in machines]
    apart = seed % APART_EVERY == APART_EVERY - 1
    steps = [*_visitors(dice, names), *faults_of(dice, names), *_stops(dice, apart=apart)]
    if dice.random() < 1 / 3:
        steps.append((dice.uniform(0.2, 1.0) * LENGTH_S, Midnight(dice.random() < 1 / 2)))
    return QueuePlan(
        seed,
        apart,
        machines,
        tuple(sorted(steps, key=lambda step: step[0])),
        dice.random() < 1 / 3,
        dice.choice((Stop.LEFT, Stop.KILLED)) if apart else Stop.LEFT,
    )


def _visitors(dice: Random, names: list[str]) -> Iterator[tuple[float, Deed]]:
    moments = [dice.random() * LENGTH_S for _ in range(dice.randint(*TICKETS))]
    moments += [dice.random() * LENGTH_S] * dice.choice((0, dice.randint(*CROWD)))
    for visitor, at_s in enumerate(moments):
        yield at_s, Take(visitor, kiosk_of(dice.choice(names)))
        if dice.random() < 1 / 4:
            ending = dice.choice([Ending.SERVED, *Ending])
            yield at_s + dice.random() * LATER_S, Call(visitor, ending, dice.random() * 0.05)
        if dice.random() < 1 / 5:
            yield at_s + dice.choice((0.0, dice.random())) * LATER_S, Cancel(visitor, dice.random() < 1 / 4)
        for _ in range(dice.choices((0, 1, 2), weights=(6, 2, 1))[0]):
            elsewhere = kiosk_of(dice.choice(names)) if dice.random() < 1 / 2 else None
            yield at_s + dice.random() ** 2 * LATER_S, Reprint(visitor, elsewhere)


def _stops(dice: Random, *, apart: bool) -> Iterator[tuple[float, Deed]]:
    least, most = STOPS
    for number in range(dice.randint(max(least, apart), most)):
        how = dice.choice((Stop.LEFT, Stop.TORN))
        if apart:
            how = Stop.KILLED if number == 0 else dice.choice((Stop.LEFT, Stop.KILLED))
        yield dice.random() * LENGTH_S, Restart(how, dice.random() * 0.1, aimed=dice.random() < 2 / 3)
