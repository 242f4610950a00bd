"""Printers announced on this machine's loopback interface, and nowhere else."""

import itertools
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from printers import discovery
from printers.discovery import Announced, AnnouncedWay, announced, look_up
from printers.link import Unreachable
from printers.simulator.printer import SimulatedPrinter

LOOPBACK = ("127.0.0.1",)
serial = itertools.count()


@pytest.fixture(autouse=True)
def among_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of service of this process alone: other tests announce on the same loopback."""
    monkeypatch.setattr(discovery, "SERVICE_TYPE", f"_w{os.getpid()}-{next(serial)}._tcp.local.")
    monkeypatch.setattr(discovery, "BROWSE_S", 1.5)


@asynccontextmanager
async def announcing(name: str, port: int, *hosts: str) -> AsyncIterator[None]:
    info = AsyncServiceInfo(
        discovery.SERVICE_TYPE,
        f"{name}.{discovery.SERVICE_TYPE}",
        port,
        addresses=[socket.inet_aton(host) for host in hosts or ("127.0.0.1",)],
        server=f"w{os.getpid()}-{port}.local.",
    )
    async with AsyncZeroconf(interfaces=list(LOOPBACK)) as lan:
        await (
            await lan.async_register_service(info, cooperating_responders=True)
        )  # no search for a namesake
        yield


@pytest.mark.parametrize("name", ["TM-m30III-0123", "Guichet d'accueil nº 2.1"])
async def test_a_printer_is_found_by_the_name_it_announces(name: str) -> None:
    async with announcing(name, 9123):
        assert await look_up(name, LOOPBACK) == Announced(name, "127.0.0.1", 9123)


async def test_a_name_that_nobody_announces_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "LOOK_UP_TIMEOUT_S", 0.3)
    async with announcing("printer-2", 9123):
        with pytest.raises(Unreachable, match="no printer announces itself as 'printer-1': look whether"):
            await look_up("printer-1", LOOPBACK)


async def test_a_name_that_cannot_be_asked_for_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="the LAN cannot be asked for printers: "):
        await look_up("x" * 64, LOOPBACK)


async def test_a_network_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(**_: object) -> AsyncZeroconf:
        raise OSError(19, "No such device")

    monkeypatch.setattr("zeroconf.asyncio.AsyncZeroconf", no_network)
    with pytest.raises(Unreachable, match=r"the LAN cannot be asked for printers: .*No such device"):
        await look_up("printer-1", LOOPBACK)


async def test_an_address_somebody_gave_goes_before_one_the_printer_gave_itself() -> None:
    async with announcing("printer-1", 9123, "169.254.3.4", "192.0.2.9", "169.254.1.2"):
        assert (await look_up("printer-1", LOOPBACK)).host == "192.0.2.9"


async def test_a_list_names_every_announced_printer_in_order() -> None:
    assert await announced(LOOPBACK) == ()
    async with announcing("b", 9102), announcing("a", 9101):
        assert await announced(LOOPBACK) == (
            Announced("a", "127.0.0.1", 9101),
            Announced("b", "127.0.0.1", 9102),
        )


async def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "PRINTERS_MAX", 1)
    async with announcing("b", 9102), announcing("a", 9101):
        assert len(await announced(LOOPBACK)) == 1


async def test_a_printer_is_remembered_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedPrinter() as printer:
        way = AnnouncedWay("printer-1", LOOPBACK)
        async with announcing("printer-1", printer.port):
            await (await way()).close()
        monkeypatch.setattr(discovery, "LOOK_UP_TIMEOUT_S", 0.1)
        await (await way()).close()


async def test_a_printer_that_has_moved_is_looked_up_again() -> None:
    way = AnnouncedWay("printer-1", LOOPBACK)
    async with SimulatedPrinter() as printer, announcing("printer-1", printer.port):
        await (await way()).close()
    async with SimulatedPrinter() as printer, announcing("printer-1", printer.port):
        with pytest.raises(Unreachable, match="looked up again"):
            await way()
        link = await way()
        await link.write(b"\x10\x04\x01")
        assert await link.read() == b"\x16"
        await link.close()


async def test_a_printer_that_is_off_is_unreachable_and_its_old_address_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = AnnouncedWay("printer-1", LOOPBACK)
    async with SimulatedPrinter() as printer, announcing("printer-1", printer.port):
        await (await way()).close()
    monkeypatch.setattr(discovery, "LOOK_UP_TIMEOUT_S", 0.1)
    for why in ("looked up again", "no printer announces itself"):
        with pytest.raises(Unreachable, match=why):
            await way()
    assert way._last is None, "by now another printer may stand there"


def test_nothing_of_the_search_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, printers.ways, walkin.paper; print('zeroconf' in sys.modules, 'serial' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == ["False", "False"]
