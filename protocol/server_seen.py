"""What about the server itself a person has to look at."""

from datetime import datetime

from msgspec import Struct

from protocol.ids import DayDate


class ClockAhead(Struct, frozen=True, gc=False):
    """The server's clock came to a later date by a jump, which is not believed yet."""

    date: DayDate
    """What the clock says."""
    until: datetime
    """When it is believed, by the time that the views tell, unless the clock is set right before."""


class PairingSeen(Struct, frozen=True, gc=False):
    """New terminals may come and wait for somebody to type their code."""

    until: datetime
    waiting: int
    """Terminals that show a code."""
    wrong_left: int
    """Wrong codes that may still be typed before no terminal may come any more."""


class ServerSeen(Struct, frozen=True, gc=False):
    """What about the server itself a person has to look at."""

    clock_ahead: ClockAhead | None = None
    days_stuck: bool = False
    """At least one day that has ended is neither counted nor deleted; the server's log says why."""
    trail_changed: bool = False
    """What was written about who let which terminals in is not what is there now; its log says where."""
    pairing: PairingSeen | None = None
    """None: no new terminal may come."""
