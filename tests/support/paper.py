"""Slips that can be read back from paper, and who hears of them."""

import asyncio
from collections import Counter
from collections.abc import Callable

from config.model import Printer
from printers.job import JobOutcome, JobState
from printers.outcome import PrinterHealth
from printers.render import Encoded
from printers.simulator.paper import Paper
from printers.slip import Slip
from printers.spooler import Spooler

Open = Callable[..., Spooler]
"""A spooler over the test's one store: each call is a new start of the program."""


def readable(slip: Slip, _: Printer) -> Encoded:
    """A slip whose ticket can be read from the text on paper."""
    text = f"ticket {slip.ticket} copy {slip.copy}\n" + "line\n" * 20 + f"end of {slip.ticket}\n"
    return Encoded(b"\x1b@\x1bt\x10" + text.encode(), b"\x1dVB\x00")


def whole(papers: list[Paper]) -> Counter[str]:
    """Tickets on whole slips; a slip with parts of two tickets fails here."""
    found: Counter[str] = Counter()
    for paper in papers:
        if "VOID" in paper.text:
            continue
        lines = paper.text.splitlines()
        ticket = lines[0].removeprefix("ticket ").partition(" ")[0]
        assert lines == [lines[0], *["line"] * 20, f"end of {ticket}"]
        found[lines[0]] += 1
    return found


class Desk:
    """Whoever started the spooler: hears its news and its printers' health."""

    def __init__(self) -> None:
        self.news: list[JobOutcome] = []
        self.health: list[tuple[PrinterHealth, ...]] = []
        self._heard = asyncio.Event()

    async def on_outcome(self, outcome: JobOutcome) -> None:
        self.news.append(outcome)
        self._heard.set()

    def on_health(self, health: tuple[PrinterHealth, ...]) -> None:
        self.health.append(health)
        self._heard.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._heard.clear()
            await self._heard.wait()

    def ended(self, state: JobState = JobState.PRINTED) -> list[str]:
        return [outcome.ticket for outcome in self.news if outcome.state is state]
