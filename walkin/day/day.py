"""What the actors of one played day share."""

from msgspec import Struct

from walkin.day.clock import DayClock
from walkin.day.ledger import Ledger


class PlayedDay(Struct):
    """A day under way."""

    clock: DayClock
    ledger: Ledger
    over: bool = False
    """Everybody has been served: the last desks close."""
    served_at_min: float = 0.0
    """When that was, minutes after midnight."""
