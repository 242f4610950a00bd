"""The simulated printer behind a pseudo terminal, as a program that opens a serial port meets it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial
from support.host import CUT, FINE, PRINTER, Asker, texts

from printers.simulator.printer import SimulatedPrinter

pytestmark = pytest.mark.timeout(30)

COVER_OPEN = b"\x1e"
MORE_THAN_ANY_BUFFER = 100_000
"""Bytes: the printer's, and the kernel's on the way."""


class Port(Asker):
    """The device, open in a program that prints."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def say(self, words: bytes) -> int:
        try:
            return os.write(self.descriptor, words)
        except BlockingIOError:
            return 0

    async def hear(self, count: int = 1) -> bytes:
        heard = b""
        while len(heard) < count:
            await self.readable()
            chunk = os.read(self.descriptor, count - len(heard))
            if not chunk:
                break
            heard += chunk
        return heard

    async def readable(self) -> None:
        readable = asyncio.Event()
        asyncio.get_running_loop().add_reader(self.descriptor, readable.set)
        try:
            await readable.wait()
        finally:
            asyncio.get_running_loop().remove_reader(self.descriptor)


@contextmanager
def opened(path: Path) -> Iterator[Port]:
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        yield Port(descriptor)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("flow_control", [True, False])
async def test_it_prints_and_answers_as_on_the_network(flow_control: bool, printer: SimulatedPrinter) -> None:
    with opened(printer.plug_serial(flow_control=flow_control)) as port:
        letters = bytes(range(0xD0, 0x100))
        answer = await port.ask(b"\x1bt\x10\r" + letters + b"\n" + CUT + PRINTER + b"\x1d(H\x06\x0000done", 8)
        assert sorted(answer) == sorted(FINE + b"\x37\x22done\x00")
        assert texts(printer) == [letters.decode("cp1252")]


async def test_a_library_for_serial_ports_can_open_it(printer: SimulatedPrinter) -> None:
    path = printer.plug_serial()

    def ask() -> bytes:
        with serial.Serial(str(path), 38400, timeout=10) as port:
            port.write(PRINTER)
            return port.read(1)

    assert await asyncio.to_thread(ask) == FINE


async def test_on_a_serial_line_the_network_port_is_closed(printer: SimulatedPrinter) -> None:
    number = printer.port
    printer.plug_serial()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", number)


async def test_without_flow_control_a_full_printer_loses_bytes_yet_answers_at_once() -> None:
    async with SimulatedPrinter(buffer_bytes=16) as printer:
        with opened(printer.plug_serial(flow_control=False)) as port:
            printer.set(cover_open=True)
            assert await port.ask(b"0123456789abcde\n" + b"lost\n" + PRINTER) == COVER_OPEN
            assert printer.bytes_lost == len(b"lost\n" + PRINTER)
            printer.set(cover_open=False)
            await printer.until(lambda: not printer.bytes_waiting)
            port.say(CUT)
            await printer.until(lambda: texts(printer) == ["0123456789abcde"])


async def test_with_flow_control_a_full_printer_makes_the_host_wait_and_loses_nothing() -> None:
    async with SimulatedPrinter(buffer_bytes=16) as printer:
        with opened(printer.plug_serial(flow_control=True)) as port:
            printer.set(cover_open=True)
            lines = b"0123456789\n" * (MORE_THAN_ANY_BUFFER // 11)
            taken = port.say(lines)
            await printer.until(lambda: printer.bytes_waiting == 16)
            while more := port.say(lines[taken:]):
                taken += more
            assert taken < len(lines)
            assert await port.hears_nothing()
            assert printer.bytes_received == 16
            printer.set(cover_open=False)
            await printer.until(lambda: printer.bytes_received == taken)
            tail = lines[taken : taken + 11 - taken % 11]
            assert port.say(tail + CUT) == len(tail + CUT)
            await printer.until(lambda: bool(printer.papers))
            assert set(texts(printer)[0].splitlines()) == {"0123456789"}
            assert len(texts(printer)[0].splitlines()) == (taken + len(tail)) // 11
            assert printer.bytes_lost == 0


def at_its_end(port: Port) -> bool:
    try:
        return os.read(port.descriptor, 1) == b""
    except OSError:
        return True


async def test_a_device_that_vanishes_ends_for_its_host_and_comes_back_under_its_name(
    tmp_path: Path, printer: SimulatedPrinter
) -> None:
    path = printer.plug_serial(link=tmp_path / "printer")
    assert path == tmp_path / "printer"
    with opened(path) as port:
        assert await port.ask(PRINTER) == FINE
        printer.hang_up()
        await port.readable()
        assert at_its_end(port)
        with opened(path) as again:
            assert await again.ask(PRINTER) == FINE


async def test_a_line_that_breaks_after_so_many_bytes_lets_no_more_through(
    tmp_path: Path, printer: SimulatedPrinter
) -> None:
    path = printer.plug_serial(link=tmp_path / "printer")
    printer.break_after(4)
    with opened(path) as port:
        port.say(b"one\ntwo\n")
        await port.readable()
        assert at_its_end(port)
    with opened(path) as port:
        port.say(CUT)
        await printer.until(lambda: texts(printer) == ["one"])


async def test_a_device_that_is_gone_has_no_path_and_comes_back(
    tmp_path: Path, printer: SimulatedPrinter
) -> None:
    path = printer.plug_serial(link=tmp_path / "printer")
    await printer.refuse(True)
    assert printer.path is None
    assert not path.is_symlink()
    await printer.refuse(False)
    assert printer.path == path
    with opened(path) as port:
        assert await port.ask(PRINTER) == FINE


@pytest.mark.parametrize("flow_control", [True, False])
async def test_with_the_cable_out_nothing_is_heard_on_either_side(
    flow_control: bool, printer: SimulatedPrinter
) -> None:
    with opened(printer.plug_serial(flow_control=flow_control)) as port:
        printer.black_hole(True)
        printer.chatter(0.001)
        port.say(b"slip\n")
        assert await port.hears_nothing()
        printer.chatter(None)
        printer.black_hole(False)
        assert await port.ask(PRINTER) == FINE
        port.say(CUT)
        await printer.until(lambda: bool(printer.papers))
        assert texts(printer) == ["slip" if flow_control else ""]


async def test_without_power_a_line_without_flow_control_loses_everything(printer: SimulatedPrinter) -> None:
    with opened(printer.plug_serial(flow_control=False)) as port:
        await printer.power_off()
        port.say(b"lost\n" + PRINTER)
        assert await port.hears_nothing()
        await printer.power_on()
        assert await port.ask(PRINTER + CUT) == FINE
        await printer.until(lambda: texts(printer) == [""])


async def test_answers_nobody_reads_are_lost_and_stop_nothing(printer: SimulatedPrinter) -> None:
    with opened(printer.plug_serial()) as port:
        questions = PRINTER * 1000
        for _ in range(MORE_THAN_ANY_BUFFER // 1000):
            before, said = printer.bytes_received, port.say(questions)
            await printer.until(lambda: printer.bytes_received == before + said)  # noqa: B023 - awaited here
        port.say(b"slip\n" + CUT)
        await printer.until(lambda: texts(printer) == ["slip"])


async def test_its_name_never_replaces_a_file(tmp_path: Path, printer: SimulatedPrinter) -> None:
    file = tmp_path / "precious"
    file.write_text("kept")
    with pytest.raises(FileExistsError):
        printer.plug_serial(link=file)
    assert file.read_text() == "kept"


async def test_its_name_replaces_one_left_behind_and_goes_with_it(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    link.symlink_to("/dev/pts/gone")
    async with SimulatedPrinter() as printer:
        with opened(printer.plug_serial(link=link)) as port:
            assert await port.ask(PRINTER) == FINE
    assert not link.is_symlink()
