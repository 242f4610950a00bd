import asyncio
import os
import socket
import threading

import pytest
from msgspec.structs import replace
from support.wire import pulled_wire

from config.model import Printer, SerialLine
from printers import discovery, ways
from printers.discovery import Announced, AnnouncedWay
from printers.line import SerialLink, UsbLink
from printers.link import TcpLink, Unreachable
from printers.simulator.printer import SimulatedPrinter
from printers.ways import open_way


async def test_an_address_leads_over_the_network() -> None:
    async with SimulatedPrinter() as printer:
        link = await open_way(Printer(name="printer-1", host="127.0.0.1", port=printer.port))()
        assert isinstance(link, TcpLink)
        await link.close()


async def test_an_address_given_beside_the_configuration_wins() -> None:
    async with SimulatedPrinter() as printer:
        placed = Printer(name="printer-1", device="/dev/usb/lp0", host="127.0.0.1", port=printer.port)
        link = await open_way(placed)()
        assert isinstance(link, TcpLink)
        await link.close()


async def test_a_name_that_is_long_in_coming_holds_up_nobody_else_and_is_asked_for_once_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    at_last = threading.Event()

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        at_last.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(ways, "CONNECT_TIMEOUT_S", 0.01)
    async with SimulatedPrinter() as printer:
        names = [f"printer-{number}.example" for number in range(40)]
        opened = [open_way(Printer(name=name, host=name, port=printer.port)) for name in names]
        for _ in range(2):
            for way in opened:
                with pytest.raises(Unreachable, match="not found in time"):
                    await way()
        assert await asyncio.to_thread(lambda: "whoever needs a thread has one")
        assert sorted(asked) == sorted(names)
        monkeypatch.undo()
        at_last.set()
        await (await opened[0]()).close()


async def test_a_device_with_a_line_is_a_serial_printer_and_without_one_a_usb_printer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pulled_wire() as wire:
        serial = Printer(name="printer-1", device=wire.path, line=SerialLine(baud=9600))
        link = await open_way(serial)()
        assert isinstance(link, SerialLink)
        await link.close()
        monkeypatch.setattr(os, "isatty", lambda _: False)
        link = await open_way(replace(serial, line=None))()
        assert isinstance(link, UsbLink)
        await link.close()


async def test_a_name_is_looked_up_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedPrinter() as printer:

        async def look_up(service: str, _: object) -> Announced:
            return Announced(service, "127.0.0.1", printer.port)

        monkeypatch.setattr(discovery, "look_up", look_up)
        way = open_way(Printer(name="printer-1", service="TM-m30III Accueil"))
        assert isinstance(way, AnnouncedWay)
        await (await way()).close()
