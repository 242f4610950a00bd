import os

import pytest
from msgspec.structs import replace
from support.wire import pulled_wire

from config.model import Printer, SerialLine
from printers import discovery
from printers.discovery import Announced, AnnouncedWay
from printers.line import SerialLink, UsbLink
from printers.link import TcpLink
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
