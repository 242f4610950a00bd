"""How an attempt to print ended, and how a printer is. Three outcomes, never two."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from protocol.ids import DeviceName


class SpoolError(Exception):
    """The spooler's file cannot be used; the sentence says what to do."""


class Outcome(StrEnum):
    """What is known about the paper."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    """Certain: nothing of this slip can come out any more."""
    UNKNOWN = "unknown"
    """It may be on paper, or half on paper, or in the printer's buffer."""


class Reason(StrEnum):
    """Why."""

    CONFIRMED = "confirmed"
    """The printer said so after the cut."""
    COUNTED = "counted"
    """The printer's counter of cuts said so afterwards."""
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    ERROR = "error"
    OFFLINE = "offline"
    MUTE = "mute"
    """It answers nothing, though it can: busy with another computer, or hung."""
    UNREACHABLE = "unreachable"
    LINK_LOST = "link_lost"
    DEADLINE = "deadline"
    UNCONFIRMED = "unconfirmed"
    """Sent to a printer that never says anything."""
    NO_BARRIER = "no_barrier"
    """It says how it is, but does not come to what it was asked: what is in its buffer nobody knows."""
    NO_COUNTER = "no_counter"
    """It does not count cuts, or the count makes no sense."""
    POWER = "power"
    """It was silent so long that it may have been off: what its counter says then proves nothing."""
    RESTART = "restart"
    """The spooler stopped while sending."""
    UNPRINTABLE = "unprintable"
    """The slip cannot be made for this printer: its texts or its profile are wrong."""


class Level(StrEnum):
    """How much a printer says about what it has done."""

    COUNTED = "counted"
    """Process ids and a counter of cuts: exactly once."""
    ORDERED = "ordered"
    """Answers in the order of the commands: printed is certain, a broken link is not."""
    STATUS = "status"
    """How it is, but not what it has done: a person has to look; when it falls silent, something is wrong."""
    MUTE = "mute"
    """Nothing, ever: a person has to look."""


class Result(Struct, frozen=True):
    """One attempt."""

    outcome: Outcome
    reason: Reason
    torn: bool = False
    """A piece of the slip may hang out of the printer: the next one must not land on it."""


Condition = Literal["ready", "paper_low", "blocked", "mute", "unreachable", "unknown"]


class PrinterHealth(Struct, frozen=True):
    """One printer as staff should see it."""

    name: DeviceName
    condition: Condition = "unknown"
    cause: Reason | None = None
    """Why it is blocked."""
    level: Level | None = None
    """What it can confirm; None until it has been asked."""

    @property
    def prints(self) -> bool:
        """A slip sent now comes out, as far as anybody can see."""
        silent = self.condition == "mute" and self.level is Level.MUTE
        return silent or self.condition in {"ready", "paper_low"}
