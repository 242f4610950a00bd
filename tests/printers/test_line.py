"""Printers at this machine: real pseudo terminals stand for the wire."""

import asyncio
import contextlib
import os
import select
import termios
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from support.servers import until
from support.wire import Wire, pulled_wire

from config.model import Centre, Printer, SerialLine
from config.phrases import Phrases
from printers import line
from printers.driver import Driver, Patience
from printers.line import DeviceLink, SerialLink, UsbLink, open_serial, open_usb
from printers.link import LinkLost, Unreachable
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded, renderer
from printers.simulator.printer import SimulatedPrinter
from printers.slip import Slip
from printers.talk import id_bytes

LINE = SerialLine(baud=115200)
XON, XOFF = b"\x11", b"\x13"
TOO_MUCH = 64 * 1024
"""More than a pseudo terminal keeps for a reader that does not come."""


@pytest.fixture
def wire() -> Iterator[Wire]:
    with pulled_wire() as wire:
        yield wire


@pytest.fixture
async def link(wire: Wire) -> AsyncIterator[SerialLink]:
    link = await open_serial(wire.path, LINE)
    yield link
    await link.close()


@pytest.fixture
def encoded(slip_of: Callable[..., Slip], centre: Centre, phrases: Phrases) -> Encoded:
    return renderer(centre, phrases)(slip_of("fr"), Printer(name="printer-1", host="127.0.0.1"))


def driver_over(open_link: Callable[[], Awaitable[DeviceLink]], patience: Patience) -> Driver:
    return Driver(PrinterHealth("printer-1"), open_link, map(id_bytes, count()), patience=patience)


async def say_stop(wire: Wire) -> None:
    os.write(wire.printer, XOFF)
    await until(lambda: not select.select([], [wire.host], [], 0)[1])


async def filled(link: DeviceLink) -> int:
    """As many bytes as a printer that reads nothing lets out."""
    sent = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            while True:
                sent += await link.put(b"x" * 1024)
    return sent


async def unconcerned(_: int | None) -> None:
    """Stands for the spooler, which writes down that a slip is being sent."""


@pytest.mark.parametrize("flow", ["none", "xon-xoff"])
async def test_a_slip_comes_out_of_a_printer_on_a_serial_line(
    flow: str, encoded: Encoded, quick: Patience
) -> None:
    async with SimulatedPrinter() as printer:
        settings = SerialLine(baud=115200, flow=flow)  # type: ignore[arg-type]
        driver = driver_over(partial(open_serial, str(printer.plug_serial()), settings), quick)
        assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert driver.health.level is Level.COUNTED
        assert [paper.complaints for paper in printer.papers] == [()]


async def test_a_slip_comes_out_of_a_usb_printer(
    encoded: Encoded, quick: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    async with SimulatedPrinter() as printer:
        driver = driver_over(partial(open_usb, str(printer.plug_serial())), quick)
        assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert [paper.complaints for paper in printer.papers] == [()]


async def test_a_cable_pulled_in_the_middle_of_a_slip_leaves_its_end_unknown_until_it_is_counted(
    encoded: Encoded, quick: Patience, tmp_path: Path
) -> None:
    async with SimulatedPrinter() as printer:
        device = str(printer.plug_serial(link=tmp_path / "printer"))
        driver = driver_over(partial(open_serial, device, LINE), quick)
        await driver.look()

        async def trip(_: int | None) -> None:
            printer.break_after(300)

        cuts = printer.state.cuts
        assert await driver.print(encoded, trip) == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
        assert await driver.resolve(cuts) == Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True)
        assert await driver.push_out()
        assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert ["VOID" in paper.text for paper in printer.papers] == [True, False]


async def test_an_unplugged_printer_is_unreachable_and_works_again_when_it_is_back(
    encoded: Encoded, quick: Patience, tmp_path: Path
) -> None:
    async with SimulatedPrinter() as printer:
        device = str(printer.plug_serial(link=tmp_path / "printer"))
        driver = driver_over(partial(open_serial, device, LINE), quick)
        await printer.refuse(True)
        assert await driver.print(encoded, unconcerned) == Result(Outcome.NOT_PRINTED, Reason.UNREACHABLE)
        await printer.refuse(False)
        assert await driver.print(encoded, unconcerned) == Result(Outcome.PRINTED, Reason.CONFIRMED)


@pytest.mark.parametrize(
    ("settings", "speed", "stop_bits", "odd", "hardware", "software"),
    [
        (SerialLine(baud=9600), termios.B9600, False, False, False, False),
        (SerialLine(baud=19200, parity="odd", flow="rts-cts"), termios.B19200, False, True, True, False),
        (SerialLine(baud=38400, stop_bits=2, flow="xon-xoff"), termios.B38400, True, False, False, True),
        (SerialLine(baud=115200, parity="even"), termios.B115200, False, False, False, False),
    ],
    ids=lambda value: value.flow if isinstance(value, SerialLine) else "",
)
async def test_the_line_is_set_as_configured(
    wire: Wire, settings: SerialLine, speed: int, stop_bits: bool, odd: bool, hardware: bool, software: bool
) -> None:
    link = await open_serial(wire.path, settings)
    put_in, put_out, control, local, speed_in, speed_out, _ = termios.tcgetattr(wire.host)
    await link.close()
    assert (speed_in, speed_out) == (speed, speed)
    assert bool(control & termios.CSTOPB) is stop_bits
    assert bool(control & termios.PARODD) is odd
    assert bool(control & termios.CRTSCTS) is hardware
    assert put_in & (termios.IXON | termios.IXOFF) == ((termios.IXON | termios.IXOFF) if software else 0)
    assert not put_out & termios.OPOST, "a picture's bytes are not letters"
    assert not local & (termios.ICANON | termios.ECHO | termios.ISIG)


@pytest.mark.parametrize(
    ("parity", "bits"), [("none", 0), ("even", termios.PARENB), ("odd", termios.PARENB | termios.PARODD)]
)
async def test_parity_is_asked_of_the_line(
    wire: Wire, parity: str, bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    really = termios.tcsetattr

    def noting(fd: int, when: int, settings: list[int]) -> None:
        asked.append(settings[2])
        really(fd, when, settings)  # a pseudo terminal itself knows no parity

    monkeypatch.setattr(termios, "tcsetattr", noting)
    await (await open_serial(wire.path, SerialLine(baud=9600, parity=parity))).close()  # type: ignore[arg-type]
    assert {control & (termios.PARENB | termios.PARODD) for control in asked} == {bits}


async def test_every_byte_arrives_as_it_was_sent_and_every_reply_too(wire: Wire, link: SerialLink) -> None:
    every = bytes(range(256))
    await link.write(every)
    assert wire.heard() == every
    os.write(wire.printer, every)
    heard = b""
    while len(heard) < 256:
        heard += await link.read()
    assert heard == every


async def test_a_printer_that_stops_reading_is_a_lost_link_in_time(
    wire: Wire, link: SerialLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "WRITE_TIMEOUT_S", 0.05)
    with pytest.raises(LinkLost, match=f"{wire.path} has stopped reading"):
        await link.write(b"x" * TOO_MUCH)
    with pytest.raises(LinkLost, match="was closed"):
        await link.write(b"more")


async def test_a_printer_that_says_stop_and_never_go_is_a_lost_link_in_time(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await open_serial(wire.path, SerialLine(baud=115200, flow="xon-xoff"))
    monkeypatch.setattr(line, "WRITE_TIMEOUT_S", 0.05)
    await say_stop(wire)
    with pytest.raises(LinkLost):
        await link.write(b"slip")
    await link.close()
    assert wire.heard() == b""


async def test_a_printer_that_says_stop_and_go_gets_everything(wire: Wire) -> None:
    link = await open_serial(wire.path, SerialLine(baud=115200, flow="xon-xoff"))
    await say_stop(wire)
    writing = asyncio.ensure_future(link.write(b"slip"))
    await until(lambda: bool(link._waiting))
    assert wire.heard() == b""
    os.write(wire.printer, XON)
    await writing
    assert wire.heard() == b"slip"
    await link.close()


async def test_a_write_ends_when_the_last_byte_has_left(
    link: SerialLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [200, 20, 0, 0]
    monkeypatch.setattr(SerialLink, "_unsent", lambda _: left.pop(0))
    await link.write(b"x")
    assert left == [0]


async def test_a_line_is_given_the_time_that_its_speed_needs(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "WRITE_TIMEOUT_S", 0.0)
    slow = await open_serial(wire.path, SerialLine(baud=9600))
    left = [400] * 3 + [0]
    monkeypatch.setattr(SerialLink, "_unsent", lambda _: left.pop(0))
    await slow.write(b"x" * 400)
    assert not left
    slow.abort()
    await slow.close()


async def test_a_device_that_vanishes_is_a_lost_link_and_then_no_printer(
    wire: Wire, link: SerialLink
) -> None:
    reading = asyncio.ensure_future(link.read())
    await until(lambda: bool(link._waiting))
    wire.cut()
    with pytest.raises(LinkLost, match=wire.path):
        await reading
    with pytest.raises(LinkLost, match="is gone"):
        await link.write(b"x")
    await link.close()
    with pytest.raises(Unreachable, match=f"no printer at {wire.path}: check its cable"):
        await open_serial(wire.path, LINE)


@pytest.mark.parametrize("opener", [partial(open_serial, line=LINE), open_usb], ids=["serial", "usb"])
async def test_a_device_that_is_not_there_is_no_printer(
    opener: Callable[[str], Awaitable[DeviceLink]],
) -> None:
    with pytest.raises(Unreachable, match="no printer at /dev/walkin-none: check its cable"):
        await opener("/dev/walkin-none")


@pytest.mark.parametrize(
    ("opener", "group"),
    [(partial(open_serial, line=LINE), "dialout"), (open_usb, "lp")],
    ids=["serial", "usb"],
)
async def test_who_may_not_use_a_device_is_told_the_group(
    opener: Callable[[str], Awaitable[DeviceLink]], group: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(Unreachable, match=f"no right to use {wire.path}: add .* to the group {group}"):
        await opener(wire.path)


async def test_a_serial_line_is_not_taken_for_a_usb_printer_nor_the_other_way_round(
    wire: Wire, tmp_path: Path
) -> None:
    with pytest.raises(Unreachable, match="is a serial line: give its line"):
        await open_usb(wire.path)
    with pytest.raises(Unreachable, match="/dev/null is no serial line: leave its line out"):
        await open_serial("/dev/null", LINE)
    (tmp_path / "slip.bin").touch()
    with pytest.raises(Unreachable, match="is no device"):
        await open_usb(str(tmp_path / "slip.bin"))


@pytest.mark.parametrize("opener", [partial(open_serial, line=LINE), open_usb], ids=["serial", "usb"])
async def test_a_device_has_one_owner_and_another_when_that_has_closed_it(
    opener: Callable[[str], Awaitable[DeviceLink]], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    first = await opener(wire.path)
    with pytest.raises(Unreachable, match=f"{wire.path} is in use by another program"):
        await opener(wire.path)
    await first.write(b"still")
    await first.close()
    second = await opener(wire.path)
    await second.write(b" mine")
    await second.close()
    assert wire.heard() == b"still mine"


async def test_what_was_said_before_the_opening_is_not_taken_for_an_answer(wire: Wire) -> None:
    os.write(wire.printer, b"old")
    link = await open_serial(wire.path, LINE)
    os.write(wire.printer, b"new")
    assert await link.read() == b"new"
    await link.close()


async def test_giving_up_throws_away_what_the_printer_has_not_taken(wire: Wire, link: SerialLink) -> None:
    sent = await filled(link)
    link.abort()
    await link.close()
    assert len(wire.heard()) < sent


async def test_giving_up_wakes_who_was_listening(link: SerialLink) -> None:
    reading = asyncio.ensure_future(link.read())
    await until(lambda: bool(link._waiting))
    link.abort()
    with pytest.raises(LinkLost):
        await reading


async def test_giving_up_is_no_arrival(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    link = await open_usb(wire.path)
    await filled(link)
    writing = asyncio.ensure_future(link.write(b""))  # waits until all has left
    await until(lambda: bool(link._waiting))
    link.abort()
    with pytest.raises(LinkLost, match="was closed"):
        await writing
    await link.close()


async def test_a_closed_link_says_so_instead_of_using_somebody_elses_file(link: SerialLink) -> None:
    await link.close()
    for use in (link.write(b"x"), link.write(b""), link.put(b"x"), link.read()):
        with pytest.raises(LinkLost, match="was closed"):
            await use
    await link.close()


async def test_a_close_does_not_wait_for_ever_for_a_line_that_stands_still(
    link: SerialLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[bool] = []
    monkeypatch.setattr(line, "DRAIN_TIMEOUT_S", 0.05)
    monkeypatch.setattr(SerialLink, "_unsent", lambda _: 100)
    monkeypatch.setattr(SerialLink, "_flush", lambda _: flushed.append(True))
    await link.close()
    assert flushed == [True]


async def test_a_usb_printer_with_nothing_to_say_is_not_gone(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = UsbLink(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), str(pipe))
    reading = asyncio.ensure_future(link.read())  # a pipe that nobody writes to reads as empty
    await asyncio.sleep(0)
    assert not reading.done()
    writer = os.open(pipe, os.O_WRONLY)
    os.write(writer, b"\x16")
    assert await reading == b"\x16"
    os.close(writer)
    link.abort()
    await link.close()


async def test_a_device_that_opens_too_late_is_unreachable_and_closed_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_last = threading.Event()
    opened: list[int] = []

    def dawdling(path: str) -> int:
        at_last.wait()
        opened.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
        return opened[0]

    monkeypatch.setattr(line, "CONNECT_TIMEOUT_S", 0.02)
    monkeypatch.setattr(line, "_open_usb", dawdling)
    try:
        with pytest.raises(Unreachable, match="does not answer"):
            await open_usb(wire.path)
    finally:
        at_last.set()

    def closed() -> bool:
        return bool(opened) and not Path(f"/proc/self/fd/{opened[0]}").exists()

    await until(closed)
