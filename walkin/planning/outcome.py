"""What came of a simulated day: the true waits, and where the day had gaps."""

from enum import StrEnum

from msgspec import Struct

from protocol.ids import CounsellorId
from walkin.planning.day import Cell
from walkin.planning.seen import Waiting

AT_ONCE_MIN = 0.01
"""A shorter wait is none."""


class NoTicket(StrEnum):
    """Why a visitor was turned away."""

    NOBODY = "nobody"
    """Nobody who works on that day serves this, at whatever hour."""
    GONE = "gone"
    """Whoever serves this has gone home."""
    ENDED = "ended"
    """Whoever comes would not be served by closing: no more tickets are given."""


class Visit(Struct, frozen=True, kw_only=True):
    """One ticket from issue to end; a transfer is another."""

    visitor: int
    """Place of the visitor in the day."""
    ticket: Waiting
    called_min: float | None = None
    """None: whoever could serve it went home before."""
    counsellor: CounsellorId | None = None
    came: bool = False
    """Answered the call."""
    cycle_min: float = 0.0
    """From the call until the counsellor was ready again."""

    @property
    def waited_min(self) -> float | None:
        """From issue to call; none: not called."""
        return None if self.called_min is None else self.called_min - self.ticket.issued_min


class Outcome(Struct, frozen=True, kw_only=True):
    """One day."""

    visits: tuple[Visit, ...]
    """By issue."""
    turned_away: dict[int, NoTicket]
    """Visitors who got no ticket, by their place in the day."""
    ended_min: float
    """When the last session was over."""
    after_close_min: float
    """Work of all counsellors after closing."""
    uncovered_min: dict[Cell, float]
    """While the centre was open: how long nobody on duty covered this cell."""
