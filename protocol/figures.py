"""How the day goes, in numbers, as reception is shown it."""

from datetime import datetime

from msgspec import Struct


class Figures(Struct, frozen=True, gc=False, kw_only=True):
    """Figures of the day."""

    issued: int
    waiting: int
    called: int
    serving: int
    parked: int
    finished: int
    no_show: int
    cancelled: int
    oldest_issued_at: datetime | None
    """When the ticket that waits longest was issued."""
    desks_open: int
    went_without: int = 0
    """Visitors who wanted something that nobody could give them today."""
