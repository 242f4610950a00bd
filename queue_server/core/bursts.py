"""What kiosks gave that nobody has settled yet, and what of it is a burst: too much in a short time.

A ticket is settled as soon as somebody has met its visitor, or has decided that there is none. It no longer
counts then, neither against the limit nor for the alarm.
"""

from collections.abc import Iterable

from msgspec import Struct
from sortedcontainers import SortedList

from protocol.ids import DeviceName, FieldId, TicketCode

ALL_FIELDS: FieldId = ""
"""Key of all that a kiosk gave, beside those of its fields."""


class Taken(Struct, frozen=True, gc=False):
    """Where and when a visitor took a ticket, or somebody who wants none."""

    kiosk: DeviceName
    field: FieldId
    at_s: float
    """POSIX seconds."""


class Bursts:
    """The tickets of kiosks that still count; every change costs O(log of them)."""

    def __init__(self) -> None:
        self.taken: dict[TicketCode, Taken] = {}
        self.series: dict[tuple[DeviceName, FieldId], SortedList[tuple[float, TicketCode]]] = {}
        """The same in order of time, by kiosk and field; all of a kiosk under ALL_FIELDS."""
        self.noticed: dict[DeviceName, dict[TicketCode, None]] = {}
        """What of them was found to be a burst, by kiosk; ordered, so that replay and live agree."""

    def take(self, code: TicketCode, taken: Taken) -> None:
        """A kiosk has given a ticket."""
        self.taken[code] = taken
        for field in (taken.field, ALL_FIELDS):
            self.series.setdefault((taken.kiosk, field), SortedList()).add((taken.at_s, code))

    def notice(self, kiosk: DeviceName, codes: Iterable[TicketCode]) -> None:
        """These are part of a burst, unless they are settled."""
        found = self.noticed.setdefault(kiosk, {})
        found.update(dict.fromkeys(code for code in codes if code in self.taken))

    def settle(self, code: TicketCode) -> None:
        """It counts no more; one that never counted, or no longer, changes nothing."""
        taken = self.taken.pop(code, None)
        if taken is None:
            return
        for field in (taken.field, ALL_FIELDS):
            self.series[taken.kiosk, field].remove((taken.at_s, code))
        found = self.noticed.get(taken.kiosk, {})
        found.pop(code, None)
        if not found:
            self.noticed.pop(taken.kiosk, None)

    def count(self, kiosk: DeviceName, field: FieldId, after_s: float, until_s: float) -> int:
        """How many this kiosk gave for this field after an instant, up to another."""
        first, last = self._bounds(kiosk, field, after_s, until_s)
        return last - first

    def codes(self, kiosk: DeviceName, field: FieldId, after_s: float, until_s: float) -> list[TicketCode]:
        """Which these are, the oldest first."""
        first, last = self._bounds(kiosk, field, after_s, until_s)
        return [code for _, code in self.series[kiosk, field][first:last]] if last > first else []

    def _bounds(self, kiosk: DeviceName, field: FieldId, after_s: float, until_s: float) -> tuple[int, int]:
        series = self.series.get((kiosk, field))
        if series is None:
            return 0, 0
        return series.bisect_right((after_s, _LAST)), series.bisect_right((until_s, _LAST))


_LAST = "~"
"""Behind every code: letters and digits."""
