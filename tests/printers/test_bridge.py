"""A serial printer offered on the network: printer and server are real, the wire is a pseudo terminal."""

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from msgspec import Struct
from support.servers import START_PATIENCE_S, until
from support.wire import Wire, pulled_wire

from config.model import Centre, Printer, SerialLine
from config.phrases import Phrases
from printers import bridge as bridging
from printers import line
from printers.bridge import Bridge
from printers.driver import Driver, Patience
from printers.line import SerialLink, open_serial
from printers.link import open_tcp
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded, renderer
from printers.simulator.printer import SimulatedPrinter
from printers.slip import Slip
from printers.talk import id_bytes

LINE = SerialLine(baud=115200)
STATUS = b"\x10\x04\x01"
FINE = b"\x16"
ON_THE_WAY_MAX = 64 * 1024
"""Sockets with small buffers and a pseudo terminal keep less than this; no bridge may add to it."""
STILL_S = 0.1
"""Whoever takes nothing for so long is full."""


@pytest.fixture
def wire() -> Iterator[Wire]:
    with pulled_wire() as wire:
        yield wire


@asynccontextmanager
async def bridged(path: str, notices: list[str] | None = None) -> AsyncIterator[int]:
    """A bridge to this device: gives its port."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    heard = [] if notices is None else notices
    bridge = Bridge(partial(open_serial, path, LINE), heard.append)
    serving = asyncio.ensure_future(bridge.serve("127.0.0.1", 0, told.set_result))
    try:
        yield await told
    finally:
        serving.cancel()
        await asyncio.wait({serving})


@pytest.fixture
async def port(wire: Wire) -> AsyncIterator[int]:
    async with bridged(wire.path) as port:
        yield port


class Client(Struct):
    """One connection to the bridge, without help."""

    line: socket.socket

    async def say(self, words: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.line, words)

    async def hear(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self.line, 65536)

    async def stuff(self) -> bytes:
        """Says as much as anybody on the way takes, and gives it."""
        return await stuffed(self.line.send)

    def reset(self) -> None:
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.close()


async def stuffed(send: Callable[[bytes], int]) -> bytes:
    """As many bytes as could be sent, each four of them different, until nobody took more for STILL_S."""
    said, still = b"", asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - still < STILL_S and len(said) < 2 * ON_THE_WAY_MAX:
        words = b"".join((len(said) + 4 * number).to_bytes(4, "big") for number in range(256))
        with contextlib.suppress(BlockingIOError):
            said += words[: send(words)]
            still = asyncio.get_running_loop().time()
        await asyncio.sleep(0.001)
    return said


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    with client:
        yield Client(client)


@pytest.fixture
def encoded(slip_of: Callable[..., Slip], centre: Centre, phrases: Phrases) -> Encoded:
    return renderer(centre, phrases)(slip_of("fr"), Printer(name="printer-1", host="127.0.0.1"))


def driver_at(port: int, patience: Patience, level: Level | None = None) -> Driver:
    return Driver(
        PrinterHealth("printer-1", level=level),
        partial(open_tcp, "127.0.0.1", port),
        map(id_bytes, count()),
        patience=patience,
    )


async def unconcerned(_: int | None) -> None:
    """Stands for the spooler, which writes down that a slip is being sent."""


async def test_a_slip_comes_out_behind_the_bridge_and_its_end_is_certain(
    encoded: Encoded, quick: Patience
) -> None:
    async with SimulatedPrinter() as printer, bridged(str(printer.plug_serial())) as port:
        driver = driver_at(port, quick)
        for _ in range(3):
            assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert driver.health.level is Level.COUNTED
        assert [paper.complaints for paper in printer.papers] == [()] * 3


async def test_the_printers_state_comes_through(quick: Patience) -> None:
    async with SimulatedPrinter() as printer, bridged(str(printer.plug_serial())) as port:
        driver = driver_at(port, quick)
        assert (await driver.look()).condition == "ready"
        printer.set(cover_open=True)
        assert (await driver.look()).cause is Reason.COVER_OPEN


async def test_every_byte_passes_both_ways_as_it_is(wire: Wire, port: int) -> None:
    every = bytes(range(256))
    async with connected(port) as client:
        await client.say(every)
        assert await wire.hears(256) == every
        os.write(wire.printer, every)
        heard = b""
        while len(heard) < 256:
            heard += await client.hear()
        assert heard == every


async def test_a_second_connection_is_refused_while_one_is_served_and_has_its_turn_afterwards(
    port: int, wire: Wire
) -> None:
    async with connected(port) as first:
        await first.say(b"first")
        await wire.hears(5)
        async with connected(port) as second:
            await second.say(STATUS)
            with pytest.raises(ConnectionResetError):
                await second.hear()
    async with connected(port) as third:
        await third.say(b"third")
        assert await wire.hears(5) == b"third"


async def test_a_newcomer_waits_for_a_connection_that_is_just_ending(
    port: int, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridging, "TURN_TIMEOUT_S", START_PATIENCE_S)
    async with connected(port) as first, connected(port) as second:
        await first.say(b"first ")
        await second.say(b"second")
        assert await wire.hears(6) == b"first "
        first.line.close()
        assert await wire.hears(6) == b"second"


async def test_who_sends_faster_than_the_printer_reads_has_to_wait_and_nothing_is_lost(
    wire: Wire, port: int
) -> None:
    async with connected(port) as client:
        said = await client.stuff()
        assert len(said) < ON_THE_WAY_MAX
        assert await wire.hears(len(said)) == said


async def test_a_printer_that_speaks_faster_than_the_server_reads_has_to_wait_and_nothing_is_lost(
    wire: Wire, port: int
) -> None:
    async with connected(port) as client:
        await client.say(b"!")
        await wire.hears(1)
        said = await stuffed(partial(os.write, wire.printer))
        assert len(said) < ON_THE_WAY_MAX
        heard = b""
        while len(heard) < len(said):
            heard += await client.hear()
        assert heard == said


async def test_what_a_broken_connection_had_still_to_say_is_thrown_away(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[bool] = []
    flush = SerialLink._flush

    def noted(link: SerialLink) -> None:
        flush(link)
        flushed.append(True)

    monkeypatch.setattr(SerialLink, "_flush", noted)
    monkeypatch.setattr(bridging, "WRITE_TIMEOUT_S", START_PATIENCE_S)  # the reset itself is noticed
    async with connected(port) as client:
        said = await client.stuff()
        client.reset()
        await until(lambda: bool(flushed))
    async with connected(port) as client:
        await client.say(b"*new*")
        heard = await wire.hears_until(b"*new*")
    assert len(heard) < len(said) // 2, "only what was in the printer already"


async def test_what_was_said_before_a_proper_end_arrives(wire: Wire, port: int) -> None:
    async with connected(port) as client:
        said = await client.stuff()
        client.line.shutdown(socket.SHUT_WR)
        assert await wire.hears(len(said)) == said
        assert await client.hear() == b""


async def test_what_the_line_has_not_passed_on_at_a_proper_end_is_waited_for(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, dropped = [100, 100, 100], []
    monkeypatch.setattr(SerialLink, "_unsent", lambda _: left.pop() if left else 0)
    monkeypatch.setattr(SerialLink, "_flush", lambda _: dropped.append(True))
    monkeypatch.setattr(line, "DRAIN_TIMEOUT_S", 0.0)
    async with connected(port) as client:
        await client.say(b"slip")
        client.line.shutdown(socket.SHUT_WR)
        assert await client.hear() == b""
    assert (await wire.hears(4), left, dropped) == (b"slip", [], [])


async def test_a_printer_that_stands_still_is_waited_for_as_long_as_the_peer_waits(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridging, "WRITE_TIMEOUT_S", 0.02)
    async with connected(port) as client:
        said = await client.stuff()  # many times longer than the limit
        assert await wire.hears(len(said)) == said


async def test_a_printer_that_stands_still_after_the_peer_has_gone_is_given_up(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridging, "WRITE_TIMEOUT_S", 0.02)
    notices: list[str] = []
    async with bridged(wire.path, notices) as port:
        await stuffed(partial(os.write, wire.host))
        async with connected(port) as client:
            await client.say(b"never")
        await until(lambda: bool(notices))
        assert notices == ["the printer has stopped reading: look whether it is on and has paper"]
        async with connected(port) as client:
            await client.say(b"*new*")
            heard = await wire.hears_until(b"*new*")
        assert b"never" not in heard


async def test_a_forgotten_connection_ends(wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridging, "IDLE_TIMEOUT_S", 0.02)
    async with connected(port) as client:
        await client.say(b"once")
        assert await wire.hears(4) == b"once"
        assert await client.hear() == b""


async def test_a_lost_device_ends_the_connection_and_works_again_by_itself(
    tmp_path: Path, encoded: Encoded, quick: Patience
) -> None:
    notices: list[str] = []
    device = tmp_path / "printer"
    async with SimulatedPrinter() as printer:
        printer.plug_serial(link=device)
        async with bridged(str(device), notices) as port:
            driver = driver_at(port, quick)
            assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
            async with connected(port) as client:
                await client.say(STATUS)
                assert await client.hear() == FINE
                await printer.refuse(True)
                with pytest.raises(ConnectionResetError):
                    await client.hear()
            assert (await driver.look()).condition == "unreachable"
            assert (await driver.look()).condition == "unreachable"
            await printer.refuse(False)
            assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
    lost, missing, back = notices
    assert "hung up" in lost or "is gone" in lost
    assert missing.startswith(f"no printer at {device}")
    assert back == "the printer can be used again"


async def test_a_device_pulled_in_the_middle_of_a_slip_is_a_lost_link_for_the_server(
    tmp_path: Path, encoded: Encoded, quick: Patience
) -> None:
    async with SimulatedPrinter() as printer:
        device = printer.plug_serial(link=tmp_path / "printer")
        async with bridged(str(device)) as port:
            driver = driver_at(port, quick)
            await driver.look()

            async def trip(_: int | None) -> None:
                printer.break_after(300)

            cuts = printer.state.cuts
            assert await driver.print(encoded, trip) == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
            assert await driver.resolve(cuts) == Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True)


async def test_a_device_that_comes_later_is_awaited(tmp_path: Path) -> None:
    notices: list[str] = []
    device = tmp_path / "printer"
    async with bridged(str(device), notices) as port, SimulatedPrinter() as printer:
        assert notices == [f"no printer at {device}: check its cable and power, and the name of its device"]
        printer.plug_serial(link=device)
        async with connected(port) as client:
            await client.say(STATUS)
            assert await client.hear() == FINE
    assert notices[1:] == ["the printer can be used again"]


async def test_the_end_of_the_bridge_is_the_end_of_its_connection(wire: Wire) -> None:
    async with bridged(wire.path) as port:
        client = await asyncio.open_connection("127.0.0.1", port)
        client[1].write(b"x")
        await wire.hears(1)
    with pytest.raises(ConnectionResetError):
        await client[0].read()
    client[1].close()
    await (await open_serial(wire.path, LINE)).close()


async def test_the_bridge_as_a_program_prints_says_where_it_is_and_ends_when_told(
    encoded: Encoded, quick: Patience
) -> None:
    async with SimulatedPrinter() as printer:
        device = str(printer.plug_serial())
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "walkin", "printer-bridge", "--device", device),
            *("--baud", "115200", "--flow", "xon-xoff", "--port", "0"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert program.stdout is not None
        try:
            async with asyncio.timeout(START_PATIENCE_S):
                said = (await program.stdout.readline()).decode().split()
            assert said[:4] == ["walkin", "printer-bridge", "ready", "on"]
            assert said[5:] == ["for", device]
            driver = driver_at(int(said[4].rpartition(":")[2]), quick)
            assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        finally:
            program.send_signal(signal.SIGTERM)
            ended = await program.wait()
        assert ended == 0
        assert len(printer.papers) == 1
