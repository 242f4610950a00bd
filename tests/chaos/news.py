"""Whoever started the spooler: hears what became of each slip, and how the printers are."""

import asyncio
from collections.abc import Callable

from printers.job import JobOutcome, JobState
from printers.outcome import Level, PrinterHealth, Reason

ENDS = frozenset({JobState.PRINTED, JobState.OFFERED, JobState.DROPPED})
"""Nothing happens to a slip after one of these, unless somebody asks."""


class News:
    """Everything told, in order, over any number of starts of the spooler."""

    def __init__(self, on_outcome: Callable[[JobOutcome], None] = lambda _: None) -> None:
        self._also = on_outcome
        self.told: list[JobOutcome] = []
        self.health: list[tuple[PrinterHealth, ...]] = []
        self._heard = asyncio.Event()

    async def on_outcome(self, outcome: JobOutcome) -> None:
        self.told.append(outcome)
        self._also(outcome)
        self._heard.set()

    def on_health(self, health: tuple[PrinterHealth, ...]) -> None:
        self.health.append(health)
        self._heard.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the condition holds; it is looked at whenever something is told."""
        while not condition():
            self._heard.clear()
            await self._heard.wait()

    def of(self, ticket: str, copy: int = 1) -> list[tuple[JobState, Reason | None]]:
        """What was told of one slip, in order; the same news twice running is one."""
        told = [(news.state, news.reason) for news in self.told if (news.ticket, news.copy) == (ticket, copy)]
        return [news for news, before in zip(told, [None, *told], strict=False) if news != before]

    def end(self, ticket: str, copy: int = 1) -> JobState | None:
        """How it ended by the latest news; None while it has not."""
        last = self.of(ticket, copy)[-1:]
        return next((state for state, _ in last if state in ENDS), None)

    async def ended(self, *tickets: str) -> list[JobState | None]:
        """Waits until all these have ended, and says how."""
        await self.until(lambda: all(self.end(ticket) for ticket in tickets))
        return [self.end(ticket) for ticket in tickets]

    def tickets(self, state: JobState = JobState.PRINTED) -> list[str]:
        """Of which this was told, in order and as often as it was told."""
        return [news.ticket for news in self.told if news.state is state]

    async def well(self) -> None:
        """Waits until every printer is well, and known to confirm everything."""
        await self.until(
            lambda: (
                bool(self.health)
                and all(one.prints and one.level is Level.COUNTED for one in self.health[-1])
            )
        )

    def causes(self, printer: str = "printer-1") -> set[tuple[str, Reason | None]]:
        """Every condition and cause this printer was ever shown with."""
        return {(one.condition, one.cause) for all_ in self.health for one in all_ if one.name == printer}
