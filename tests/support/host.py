"""Whoever speaks to a simulated printer, and the words that takes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from printers.simulator.printer import SimulatedPrinter

CUT = b"\x1dVB\x00"
PRINTER = b"\x10\x04\x01"
FINE = b"\x16"
"""The answer to DLE EOT 1 of a printer that is fine."""
SILENCE_S = 0.05
"""An answer that comes takes a millisecond."""


class Asker(ABC):
    """Whoever speaks to a printer, whichever way leads there."""

    @abstractmethod
    def say(self, words: bytes) -> int:
        """How many of them the way took."""

    @abstractmethod
    async def hear(self, count: int = 1) -> bytes:
        """So many bytes; fewer or an error when the way ends before."""

    async def ask(self, words: bytes, count: int = 1) -> bytes:
        assert self.say(words) == len(words)
        return await self.hear(count)

    async def hears_nothing(self) -> bool:
        try:
            async with asyncio.timeout(SILENCE_S):
                return not await self.hear()
        except TimeoutError:
            return True


class Host(Asker):
    """A computer connected over the network."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def say(self, words: bytes) -> int:
        self.writer.write(words)
        return len(words)

    async def hear(self, count: int = 1) -> bytes:
        return await self.reader.readexactly(count)


@asynccontextmanager
async def connected(printer: SimulatedPrinter) -> AsyncIterator[Host]:
    """A connection of its own, closed at the end, however the printer has ended it."""
    host = Host(*await asyncio.open_connection("127.0.0.1", printer.port))
    try:
        yield host
    finally:
        host.writer.close()
        with suppress(ConnectionError):
            await host.writer.wait_closed()


def texts(printer: SimulatedPrinter) -> list[str]:
    """What can be read on each slip that fell out."""
    return [paper.text for paper in printer.papers]
