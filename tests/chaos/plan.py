"""What a seed stands for: printers, slips, faults and stops, and when."""

from collections.abc import Iterator
from enum import StrEnum
from random import Random
from typing import Literal

from msgspec import Struct

from printers.outcome import Level

LENGTH_S = 0.8
"""The faults of one seed fall into so much time; a small slip takes 0.06 s."""
TICKETS = (6, 12)
FAULTS = (5, 12)
STOPS = (0, 2)
PRINTERS = 3
APART_EVERY = 5
"""Of so many seeds one runs the spooler in a process of its own and kills it; a start takes half a second."""
LASTS_S = (0.01, 0.3)
HELD_S = (0.2, 0.45)
"""Paper, cover and cutter wait for a person: mostly longer than a slip is held (see world.PATIENCE)."""
OFF_S = (0.45, 0.6)
"""Without power, longer than any restart of a printer takes (see world.RESTART_S)."""

How = Literal["rst", "fin"]


class Kind(StrEnum):
    """A fault of a printer or of the way to it."""

    BREAK = "the link breaks at a byte"
    HANG_UP = "the link breaks at once"
    BREAK_FOR_REPLY = "the link breaks instead of a reply"
    REPLIES_LOST = "replies are lost"
    POWER = "power lost"
    COUNTER = "power lost, and the counter with it"
    COVER = "cover open"
    PULLED = "cover opened as a slip falls"
    CUTTER = "cutter jammed"
    PAPER = "paper out"
    NEAR_END = "paper near its end"
    CHATTER = "chatter of automatic status"
    BLACK_HOLE = "black hole"
    IDLE_CLOSE = "closed when idle"
    SLOW = "slow"
    REFUSE = "refused"
    BUSY = "another host is served"
    MUTE = "answers nothing"
    DEAF = "reads nothing"
    FROZEN = "firmware hung"
    SECOND = "a second connection is refused"


STANDING_STILL = frozenset({Kind.COVER, Kind.PULLED, Kind.CUTTER, Kind.PAPER})
"""Faults in which the printer waits for somebody to help; they last longer than the others."""


class Stop(StrEnum):
    """How the spooler ends."""

    LEFT = "left"
    """Cancelled; its sockets are closed as by a process that ends."""
    TORN = "torn"
    """Cancelled; its sockets are reset, what had not arrived is gone."""
    KILLED = "killed"
    """SIGKILL."""


class Fault(Struct, frozen=True):
    """Something goes wrong with a printer."""

    kind: Kind
    printer: str
    aimed: bool
    """It waits for a slip that has begun to come out."""
    size: float
    """0 to 1: how many bytes, dots, replies or seconds, as the kind has it."""
    how: How


class Mend(Struct, frozen=True):
    """The same comes right again."""

    fault: Fault


class Submit(Struct, frozen=True):
    """Somebody takes a ticket, or asks for a copy."""

    number: int
    copy: int
    printer: str


class Drop(Struct, frozen=True):
    """The ticket needs no paper any more."""

    number: int


class Restart(Struct, frozen=True):
    """The spooler stops without warning and is started again."""

    how: Stop
    after_s: float
    aimed: bool = False
    """It waits for a ticket that has just been given."""


Deed = Fault | Mend | Submit | Drop | Restart


class Machine(Struct, frozen=True):
    """A printer of the plan."""

    name: str
    level: Level
    clearing: bool
    spare: str | None


class Plan(Struct, frozen=True):
    """Everything that a seed decides; sockets, disk and scheduler decide the rest."""

    seed: int
    apart: bool
    machines: tuple[Machine, ...]
    steps: tuple[tuple[float, Deed], ...]
    """Seconds from the start, in order."""
    nagging: bool
    """The person at the desk asks for a copy of whatever is offered, even if it lies there."""


def plan_of(seed: int) -> Plan:
    """The same plan for the same seed, always."""
    dice = Random(seed)
    machines = tuple(machines_of(dice))
    names = [machine.name for machine in machines]
    apart = seed % APART_EVERY == APART_EVERY - 1
    steps = [*_slips(dice, names), *faults_of(dice, names), *_restarts(dice, apart=apart)]
    return Plan(seed, apart, machines, tuple(sorted(steps, key=lambda step: step[0])), dice.random() < 1 / 3)


def machines_of(dice: Random) -> Iterator[Machine]:
    """Up to three printers, most of them good ones, some with another that stands by."""
    count = dice.randint(1, PRINTERS)
    names = [f"printer-{number}" for number in range(1, count + 1)]
    for name in names:
        others = [other for other in names if other != name]
        yield Machine(
            name,
            dice.choices(list(Level), weights=(6, 3, 1, 1))[0],
            dice.random() < 3 / 4,
            dice.choice(others) if others and dice.random() < 2 / 3 else None,
        )


def _slips(dice: Random, names: list[str]) -> Iterator[tuple[float, Deed]]:
    for number in range(1, dice.randint(*TICKETS) + 1):
        at_s = dice.random() * LENGTH_S
        asked = Submit(number, 1, dice.choice(names))
        yield at_s, asked
        if dice.random() < 1 / 4:
            yield at_s + dice.random() * 0.1, asked
        if dice.random() < 1 / 6:
            yield at_s + dice.random() * 0.3, Submit(number, 2, dice.choice(names))
        if dice.random() < 1 / 8:
            yield at_s + dice.random() * 0.2, Drop(number)


def faults_of(dice: Random, names: list[str]) -> Iterator[tuple[float, Fault | Mend]]:
    """What goes wrong with these printers and comes right again, and when."""
    for _ in range(dice.randint(*FAULTS)):
        at_s = dice.random() * LENGTH_S
        kind = dice.choice(list(Kind))
        fault = Fault(
            kind, dice.choice(names), dice.random() < 2 / 3, dice.random(), dice.choice(("rst", "fin"))
        )
        lasts_s = OFF_S if kind in {Kind.POWER, Kind.COUNTER} else LASTS_S
        lasts_s = HELD_S if kind in STANDING_STILL else lasts_s
        yield at_s, fault
        yield at_s + dice.uniform(*lasts_s), Mend(fault)


def _restarts(dice: Random, *, apart: bool) -> Iterator[tuple[float, Deed]]:
    least, most = STOPS
    for _ in range(dice.randint(max(least, apart), most)):
        how = Stop.KILLED if apart else dice.choice((Stop.LEFT, Stop.TORN))
        yield dice.random() * LENGTH_S, Restart(how, dice.random() * 0.1)
