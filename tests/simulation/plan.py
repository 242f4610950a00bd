"""What a seed decides beforehand: how large the centre is, when its day is, and what goes wrong."""

from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

ZONE = ZoneInfo("Europe/Brussels")
CALM_S = 20.0
"""Nothing goes wrong before: somebody is in the queue by then."""
TROUBLE_S = (60.0, 150.0)
"""How long things go wrong."""
FAULTS = (3, 9)
LASTS_S = (0.5, 15.0)
NIGHT_S = 60.0
"""When the day ends in worlds that begin shortly before."""
CLOCK_S = (-5400.0, -60.0, -1.0, 1.0, 60.0, 5400.0)


class Kind(StrEnum):
    """What may go wrong."""

    SERVER_KILLED = "server killed"
    SERVER_STOPPED = "server stopped"
    SERVER_AWAY = "server away"
    """Killed, and not started again for a while."""
    SERVER_FROZEN = "server frozen"
    DISK_REFUSES = "disk refuses"
    DISK_DOUBTFUL = "disk doubtful"
    DISK_STALLS = "disk stalls"
    CABLE_OUT = "cable out"
    CONNECTIONS_CUT = "connections cut"
    NETWORK_SLOW = "network slow"
    TERMINAL_KILLED = "terminal killed"
    TERMINAL_FROZEN = "terminal frozen"
    CLOCK_SET = "clock set"
    PAPER_OUT = "paper out"
    COVER_OPEN = "cover open"
    PRINTER_OFF = "printer off"
    PRINTER_RESETS = "printer resets"


DISK = (Kind.DISK_REFUSES, Kind.DISK_DOUBTFUL)
STARTS = {
    "morning": datetime(2026, 9, 15, 10, 0, tzinfo=ZONE),
    "midnight": datetime(2026, 9, 15, 23, 59, tzinfo=ZONE),
    "clocks forward": datetime(2026, 3, 29, 1, 59, tzinfo=ZONE),
    "clocks back": datetime(2026, 10, 25, 2, 59, tzinfo=ZONE),
    "leap day": datetime(2028, 2, 28, 23, 59, tzinfo=ZONE),
    "year end": datetime(2026, 12, 31, 23, 59, tzinfo=ZONE),
}
"""Local time at which a world may begin."""
LATE = ("midnight", "leap day", "year end")
Step = Literal["opening", "reading", "writing", "beating", "closing"]
"""What a day's file is asked for, each of which may fail; it stands in the place of whom a fault befalls."""
STEPS: tuple[Step, ...] = get_args(Step)
FAILS_AT_NIGHT = 0.6
"""In so many of those a step with yesterday's or today's file fails at midnight."""
AT_NIGHT: tuple[Step, ...] = ("opening", "reading", "closing")
SET_AT_NIGHT = 0.4
"""In so many of those the clock is set on over midnight shortly before it."""
AWAY_AT_NIGHT = 0.4
"""In so many of those the server sleeps over midnight."""
KIOSK_KILLED_ALONE = 0.4
"""In so many worlds a kiosk is killed that gives numbers by itself."""
ALONE_S = (30.0, 60.0)
"""So long the server is away then: some visitors take a number before the kill."""
OPENING_FAILS = 0.15
"""In so many worlds a server that starts again cannot open its day."""
BOARD_KILLED = 0.3
"""In so many worlds a board is killed, and is back while the calls it rang are young."""
BACK_S = (0.5, 5.0)
ENDED_BY_HAND = 0.5
"""In so many worlds reception ends the day when everybody is through."""


class Fault(Struct, frozen=True):
    """One thing that goes wrong."""

    kind: Kind
    at_s: float
    lasts_s: float
    whom: str
    amount: float


class Plan(Struct, frozen=True):
    """What a seed decides."""

    seed: int
    season: str
    kiosks: int
    desks: int
    boards: int
    trouble_s: float
    faults: tuple[Fault, ...]
    ended_by_hand: bool = False
    """Reception ends the day."""

    @property
    def start(self) -> datetime:
        """The first instant, aware."""
        return STARTS[self.season]

    @property
    def terminals(self) -> tuple[str, ...]:
        """Names of all terminals."""
        numbered = (("kiosk", self.kiosks), ("desk", self.desks), ("board", self.boards), ("reception", 1))
        return tuple(f"{kind}-{number}" for kind, many in numbered for number in range(1, many + 1))


def plan_of(seed: int) -> Plan:
    """The same seed gives the same plan."""
    dice = Random(seed)
    season = "morning" if dice.random() < 0.5 else dice.choice(list(STARTS))
    kiosks, desks, boards = dice.randint(1, 3), dice.randint(1, 4), dice.randint(1, 2)
    trouble_s = dice.uniform(*TROUBLE_S)
    calm = Plan(seed, season, kiosks, desks, boards, trouble_s, ())
    faults = []
    for _ in range(dice.randint(*FAULTS)):
        kind = dice.choice(list(Kind))
        whom: tuple[str, ...] = STEPS if kind in DISK else (*calm.terminals, "server", "printer-1")
        fault = Fault(
            kind,
            at_s=dice.uniform(CALM_S, CALM_S + trouble_s),
            lasts_s=dice.uniform(*LASTS_S),
            whom=dice.choice(whom),
            amount=dice.choice(CLOCK_S),
        )
        faults.append(fault)
    if season in LATE and dice.random() < AWAY_AT_NIGHT:
        before_s, after_s = dice.uniform(*LASTS_S), dice.uniform(*LASTS_S)
        faults.append(Fault(Kind.SERVER_AWAY, NIGHT_S - before_s, before_s + after_s, "server", 0.0))
    if season in LATE and dice.random() < FAILS_AT_NIGHT:
        before_s, after_s = dice.uniform(*LASTS_S), dice.uniform(*LASTS_S)
        kind, step = dice.choice(DISK), dice.choice(AT_NIGHT)
        faults.append(Fault(kind, NIGHT_S - before_s, before_s + after_s, step, 0.0))
    if season in LATE and dice.random() < SET_AT_NIGHT:
        at_s = dice.uniform(CALM_S, NIGHT_S)
        faults.append(Fault(Kind.CLOCK_SET, at_s, dice.uniform(*LASTS_S), "server", max(CLOCK_S)))
    if dice.random() < KIOSK_KILLED_ALONE:
        lasts_s = dice.uniform(*ALONE_S)
        at_s = dice.uniform(CALM_S, CALM_S + trouble_s)
        killed_s = at_s + dice.uniform(0.4, 1.0) * lasts_s
        faults.append(Fault(Kind.SERVER_AWAY, at_s, lasts_s, "server", 0.0))
        faults.append(Fault(Kind.TERMINAL_KILLED, killed_s, dice.uniform(*LASTS_S), "kiosk-1", 0.0))
    if dice.random() < OPENING_FAILS:
        at_s = dice.uniform(CALM_S, CALM_S + trouble_s)
        faults.append(Fault(dice.choice(DISK), at_s, max(LASTS_S), "opening", 0.0))
        faults.append(Fault(Kind.SERVER_KILLED, at_s, min(LASTS_S), "server", 0.0))
    if dice.random() < BOARD_KILLED:
        at_s = dice.uniform(CALM_S, CALM_S + trouble_s)
        faults.append(Fault(Kind.TERMINAL_KILLED, at_s, dice.uniform(*BACK_S), "board-1", 0.0))
    in_order = tuple(sorted(faults, key=lambda fault: fault.at_s))
    return replace(calm, faults=in_order, ended_by_hand=dice.random() < ENDED_BY_HAND)
