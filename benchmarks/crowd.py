"""A terminal that comes and takes a ticket, alone and while a crowd stands in the doorway."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from websockets.exceptions import InvalidHandshake

from benchmarks.load import answer, open_day, percentile, terminal, ticket_frame
from benchmarks.processes import running, walkin

CROWDS = (("silent", 1000), ("slow", 500), ("garbage", 500))
ROUNDS = 3
COMINGS = 20
"""In each round, first alone, then in the crowd."""


class Crowd(Struct):
    """How long it takes until a terminal has come and has its ticket, in milliseconds, as the median."""

    kind: str
    lines: int
    alone_ms: float
    amid_ms: float

    @property
    def times(self) -> float:
        """So many times as long as alone."""
        return self.amid_ms / self.alone_ms


async def measure(config: Path) -> list[Crowd]:
    """Each crowd beside none, in turns on one server."""
    with tempfile.TemporaryDirectory() as directory:
        async with walkin(Path(directory), config) as server:
            async with terminal(server.url, "reception-1") as reception:
                await open_day(reception)
            return [await _beside(server.url, kind, lines) for kind, lines in CROWDS]


async def _beside(url: str, kind: str, lines: int) -> Crowd:
    alone: list[float] = []
    amid: list[float] = []
    for _ in range(ROUNDS):
        alone += [await _comes(url) for _ in range(COMINGS)]
        async with running("-m", "benchmarks.flood", str(urlsplit(url).port), kind, str(lines)):
            amid += [await _comes(url) for _ in range(COMINGS)]
    return Crowd(kind, lines, percentile(alone, 0.5) * 1000, percentile(amid, 0.5) * 1000)


async def _comes(url: str) -> float:
    began = time.perf_counter()
    while True:
        with suppress(InvalidHandshake, ConnectionError):  # its line was the one that went: it tries again
            async with terminal(url, "kiosk-1") as kiosk:
                await answer(kiosk, ticket_frame())
                return time.perf_counter() - began
