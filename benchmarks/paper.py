"""From a visitor's tap to the printer: the first byte of the conversation, and of the slip."""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from benchmarks.load import answer as answered
from benchmarks.load import open_day, percentile, terminal, ticket_frame
from benchmarks.processes import walkin
from config.load import load
from printers.simulator.printer import SimulatedPrinter

SLIPS = 200
SLIP_STARTS = b"\x1b@"
"""ESC @: every slip begins with it, no question to the printer does."""
CHUNK_BYTES = 4096
KIOSK = "kiosk-1"


class Paper(Struct):
    """Milliseconds after the tap, beside a connection and one byte there and back without a server."""

    first_byte_p50_ms: float
    first_byte_p99_ms: float
    slip_p50_ms: float
    slip_p99_ms: float
    bare_p50_ms: float
    bare_p99_ms: float


class _Arrival(Struct):
    """One conversation that carried a slip: when its first byte came, and the slip's (perf_counter)."""

    first: float
    slip: float


class _Watch:
    """Stands before a printer and notes when bytes of a slip come in."""

    def __init__(self, printer_port: int) -> None:
        self._printer_port = printer_port
        self.arrivals: asyncio.Queue[_Arrival] = asyncio.Queue()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, both ways."""
        there, back = await asyncio.open_connection("127.0.0.1", self._printer_port)
        replies = asyncio.create_task(_pump(there, writer))
        first = 0.0
        told = False
        while chunk := await reader.read(CHUNK_BYTES):
            now = time.perf_counter()
            first = first or now
            if SLIP_STARTS in chunk and not told:
                told = True
                self.arrivals.put_nowait(_Arrival(first, now))
            back.write(chunk)
            await back.drain()
        back.close()
        await replies
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)


async def measure(real_config: Path) -> Paper:
    """One ticket after the other at one kiosk, its printer simulated; a bare round trip after each."""
    async with SimulatedPrinter() as printer, _bare() as bare_port:
        watch = _Watch(printer.port)
        before = await asyncio.start_server(watch.carry, "127.0.0.1", 0)
        async with before:
            port = before.sockets[0].getsockname()[1]
            with tempfile.TemporaryDirectory() as directory:
                config = Path(directory) / "centre.toml"
                config.write_text(_at_this_printer(real_config, port), encoding="utf-8")
                return await _slips(config, Path(directory) / "data", watch, bare_port)


def _at_this_printer(real_config: Path, port: int) -> str:
    """The centre's file with one printer, here, at the kiosk that is measured."""
    centre = load(real_config)
    name = centre.kiosks_by_name[KIOSK].printer
    text = real_config.read_text(encoding="utf-8")
    text = re.sub(r"^\[\[printers\]\].*?(?=^\[\[)", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(rf'^printer = "(?!{name}").*"$', "", text, flags=re.MULTILINE)
    return f'{text}\n[[printers]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {port}\n'


async def _slips(config: Path, data: Path, watch: _Watch, bare_port: int) -> Paper:
    taps: list[_Arrival] = []
    bare: list[float] = []
    async with (
        walkin(data, config) as server,
        terminal(server.url, "reception-1") as reception,
        terminal(server.url, KIOSK) as kiosk,
    ):
        await open_day(reception)
        draining = asyncio.create_task(_drain(reception))
        await _tap(kiosk, watch)  # the first slip loads Pillow and the printer profiles
        for _ in range(SLIPS):
            taps.append(await _tap(kiosk, watch))
            bare.append(await _round_trip(bare_port))
        draining.cancel()
    firsts, slips = [one.first for one in taps], [one.slip for one in taps]
    return Paper(*(percentile(took, share) * 1e3 for took in (firsts, slips, bare) for share in (0.5, 0.99)))


async def _tap(kiosk: ClientConnection, watch: _Watch) -> _Arrival:
    """Seconds from the request to the first bytes."""
    began = time.perf_counter()
    await answered(kiosk, ticket_frame())
    arrival = await watch.arrivals.get()
    return _Arrival(arrival.first - began, arrival.slip - began)


async def _drain(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


@asynccontextmanager
async def _bare() -> AsyncIterator[int]:
    """A port that gives back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _pump(reader, writer)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def _round_trip(port: int) -> float:
    """Seconds for a connection, and one byte there and back."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"?")
    await reader.readexactly(1)
    took = time.perf_counter() - began
    writer.close()
    await writer.wait_closed()
    return took
