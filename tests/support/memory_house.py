"""A store in memory behind the port of the log: what another database, elsewhere, would have to do."""

from collections.abc import Sequence

from queue_server.core.past import PastDay, Recent
from queue_server.log_port import ENDED, FencedError, Record


class MemoryDays:
    """What outlives every server: the days, whose each is, and what is kept of those that have ended."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = {}
        self.owners: dict[str, int] = {}
        self.counted: dict[str, PastDay] = {}
        self.epoch = 0


class MemoryLog:
    """One day of them, for one reign."""

    def __init__(self, days: MemoryDays, day: str, epoch: int) -> None:
        self._days = days
        self._day = day
        self._epoch = epoch
        self.secret = b""

    async def fence(self) -> None:
        if self._days.owners.get(self._day, 0) > self._epoch:
            raise FencedError(f"Another server has {self._day}. Stop one of them.")
        self._days.owners[self._day] = self._epoch
        self._days.records.setdefault(self._day, [])

    async def read(self) -> list[Record]:
        self.secret = f"secret of {self._day}".encode().ljust(32, b".")
        return list(self._days.records[self._day])

    async def last_kind(self) -> str:
        records = self._days.records.get(self._day)
        return str(records[-1].event.__struct_config__.tag) if records else ""

    async def has_ended(self) -> bool:
        return await self.last_kind() == ENDED

    async def append(self, records: Sequence[Record]) -> None:
        await self.beat()
        self._days.records[self._day] += records

    async def beat(self) -> None:
        owner = self._days.owners[self._day]
        if owner != self._epoch:
            raise FencedError(
                f"Another server has taken {self._day} over: epoch {owner} after {self._epoch}."
            )

    async def close(self) -> None:
        """Nothing is held."""


class MemoryStatistics:
    """What is kept for good of days that have ended."""

    def __init__(self, days: MemoryDays) -> None:
        self._days = days

    async def days(self) -> set[str]:
        return {*self._days.counted}

    async def write(self, day: str, past: PastDay) -> None:
        self._days.counted[day] = past

    async def recent(self, days: int) -> Recent:
        newest = [self._days.counted[day] for day in sorted(self._days.counted)[-days:]]
        return Recent(cycles=tuple(cycle for past in newest for cycle in past.cycles))

    async def close(self) -> None:
        """Nothing is held."""


class MemoryHouse:
    """All days for one reign, which begins here."""

    def __init__(self, days: MemoryDays) -> None:
        self._days = days
        days.epoch += 1
        self.epoch = days.epoch

    def day_log(self, day: str) -> MemoryLog:
        return MemoryLog(self._days, day, self.epoch)

    async def days(self) -> list[str]:
        return sorted(self._days.records)

    async def delete(self, day: str) -> None:
        self._days.records.pop(day, None)
        self._days.owners.pop(day, None)

    def statistics(self) -> MemoryStatistics:
        return MemoryStatistics(self._days)


def ended(days: MemoryDays) -> list[str]:
    """Days whose last word is that they have ended."""
    return sorted(
        day
        for day, records in days.records.items()
        if records and records[-1].event.__struct_config__.tag == ENDED
    )
