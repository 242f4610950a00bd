"""From a printer's trouble to the words about it at reception, idle and in the middle of a slip."""

import asyncio
import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from benchmarks.load import ask, open_day, picture, terminal
from benchmarks.processes import walkin
from printers.simulator.printer import SimulatedPrinter
from protocol import commands as c
from protocol.ids import DeviceName
from protocol.views import PrinterSeen, PrinterState, ReceptionView

ROUNDS = 3
SLOW_BYTE_S = 10 / 9600
"""One byte on the slowest line there is."""
SLOW_CHUNK_BYTES = 16
DOTS_PER_S = 200.0
"""A slip takes some seconds, so that there is a middle."""
INTO_THE_SLIP_BYTES = 400
UNNOTICED_PAUSE_S = 2.5
"""Up to so long after the last change the trouble begins: at any moment between two looks."""
WELL = frozenset({PrinterState.READY, PrinterState.PAPER_LOW})


class Alarm(Struct, frozen=True):
    """One kind of trouble."""

    way: str
    trouble: str
    idle_s: float
    """Until it stood in reception's view, the slowest of ROUNDS."""
    in_slip_s: float
    """The same in the middle of a slip."""


class _Trouble(Struct, frozen=True):
    """What happens to a printer, and how it is mended."""

    name: str
    strike: Callable[[SimulatedPrinter], Awaitable[None]]
    mend: Callable[[SimulatedPrinter], Awaitable[None]]


async def _set(printer: SimulatedPrinter, **state: bool) -> None:
    printer.set(**state)  # type: ignore[arg-type]


async def _paper(printer: SimulatedPrinter, *, out: bool) -> None:
    printer.paper_out() if out else printer.paper_back()


async def _hang(printer: SimulatedPrinter, *, on: bool) -> None:
    printer.freeze(on=on)


async def _cable(printer: SimulatedPrinter, *, out: bool) -> None:
    printer.black_hole(on=out)


AT_THE_PRINTER = (
    _Trouble("paper out", lambda p: _paper(p, out=True), lambda p: _paper(p, out=False)),
    _Trouble("cover open", lambda p: _set(p, cover_open=True), lambda p: _set(p, cover_open=False)),
    _Trouble("cutter jammed", lambda p: _set(p, cutter_jammed=True), lambda p: _set(p, cutter_jammed=False)),
    _Trouble("hung", lambda p: _hang(p, on=True), lambda p: _hang(p, on=False)),
)
ON_THE_NETWORK = (
    _Trouble("power off", SimulatedPrinter.power_off, SimulatedPrinter.power_on),
    _Trouble("cable out", lambda p: _cable(p, out=True), lambda p: _cable(p, out=False)),
)
WAYS = {"network": AT_THE_PRINTER + ON_THE_NETWORK, "9600 baud behind a bridge": AT_THE_PRINTER}


class _Place(Struct):
    """A kiosk, its printer, and what will happen to it."""

    name: DeviceName
    way: str
    trouble: _Trouble
    printer: SimulatedPrinter
    port: int


class _Reception:
    """Follows the view of reception and knows when which printer changed."""

    def __init__(self) -> None:
        self._printers: Mapping[DeviceName, PrinterSeen] = {}
        self._news = asyncio.Condition()

    async def follow(self, connection: ClientConnection) -> None:
        while True:
            view = (await picture(connection)).view
            assert isinstance(view, ReceptionView)
            async with self._news:
                self._printers = {seen.printer: seen for seen in view.printers}
                self._news.notify_all()

    async def sees(self, name: DeviceName, wanted: Callable[[PrinterSeen], bool]) -> float:
        """When reception saw the printer so (perf_counter)."""
        async with self._news:
            await self._news.wait_for(lambda: name in self._printers and wanted(self._printers[name]))
        return time.perf_counter()


async def measure(real_config: Path) -> list[Alarm]:
    """Every kind of trouble at a printer of its own, all side by side in one centre."""
    async with AsyncExitStack() as stack:
        places = [
            await _place(stack, f"{way.partition(' ')[0]}-{number}", way, trouble)
            for way, troubles in WAYS.items()
            for number, trouble in enumerate(troubles, 1)
        ]
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        config = directory / "centre.toml"
        config.write_text(_with(real_config, places), encoding="utf-8")
        server = await stack.enter_async_context(walkin(directory / "data", config))
        desk = await stack.enter_async_context(terminal(server.url, "reception-2"))
        await open_day(desk)
        eyes = await stack.enter_async_context(terminal(server.url, "reception-1"))
        reception = _Reception()
        following = asyncio.create_task(reception.follow(eyes))
        drained = asyncio.create_task(_drain(desk))
        alarms = await asyncio.gather(*(_alarm(place, server.url, reception) for place in places))
        following.cancel()
        drained.cancel()
        return alarms


async def _place(stack: AsyncExitStack, name: str, way: str, trouble: _Trouble) -> _Place:
    printer = await stack.enter_async_context(SimulatedPrinter(dots_per_s=DOTS_PER_S))
    port = printer.port if way == "network" else await stack.enter_async_context(_slow_line(printer.port))
    return _Place(name, way, trouble, printer, port)


def _with(real_config: Path, places: list[_Place]) -> str:
    """The centre's file with these kiosks and printers instead of its own."""
    text = real_config.read_text(encoding="utf-8")
    ours = r"^\[\[(printers|kiosks)\]\].*?(?=^\[\[|\Z)"
    text = re.sub(ours, "", text, flags=re.DOTALL | re.MULTILINE)
    for place in places:
        bridged = "false" if place.way == "network" else "true"
        text += f'\n[[printers]]\nname = "{place.name}"\nhost = "127.0.0.1"\nport = {place.port}\n'
        text += f'bridged = {bridged}\n\n[[kiosks]]\nname = "kiosk-{place.name}"\nprinter = "{place.name}"\n'
    return text


async def _alarm(place: _Place, url: str, reception: _Reception) -> Alarm:
    idle, in_slip = [], []
    chance = random.Random(place.name)
    await reception.sees(place.name, lambda seen: seen.state in WELL)
    for _ in range(ROUNDS):
        await asyncio.sleep(chance.uniform(0, UNNOTICED_PAUSE_S))
        idle.append(await _seen(place, reception))
        sent = place.printer.bytes_received
        async with terminal(url, f"kiosk-{place.name}") as kiosk:
            await ask(kiosk, c.IssueTicket(field="training", languages=("fr",), screen_language="fr"))
        enough = sent + INTO_THE_SLIP_BYTES
        await place.printer.until(partial(_in_the_middle, place.printer, enough))
        in_slip.append(await _seen(place, reception))
    return Alarm(place.way, place.trouble.name, max(idle), max(in_slip))


def _in_the_middle(printer: SimulatedPrinter, enough: int) -> bool:
    return printer.bytes_received >= enough and bool(printer.piece)


async def _seen(place: _Place, reception: _Reception) -> float:
    """Seconds from the trouble to reception; the printer is well and done again afterwards."""
    began = time.perf_counter()
    await place.trouble.strike(place.printer)
    seen_at = await reception.sees(place.name, lambda seen: seen.state not in WELL)
    await place.trouble.mend(place.printer)
    await reception.sees(place.name, lambda seen: seen.state in WELL and not seen.jobs)
    return seen_at - began


async def _drain(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


@asynccontextmanager
async def _slow_line(printer_port: int) -> AsyncIterator[int]:
    """A port that leads to the printer at 9600 baud, as a bridge to a serial line does."""

    async def pace(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, byte_s: float) -> None:
        while chunk := await reader.read(SLOW_CHUNK_BYTES):
            await asyncio.sleep(len(chunk) * byte_s)
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", printer_port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(pace(reader, back, SLOW_BYTE_S))
                both.create_task(pace(there, writer, SLOW_BYTE_S))
        except* OSError:
            """One side is gone, and the other with it."""
        finally:
            writer.close()
            back.close()

    async with await asyncio.start_server(carry, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
