"""Which way leads to a configured printer."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from threading import Thread

from config.model import Printer
from printers.discovery import AnnouncedWay
from printers.line import open_serial, open_usb
from printers.link import CONNECT_TIMEOUT_S, Link, Unreachable, open_tcp

Way = Callable[[], Awaitable[Link]]
"""Opens a link to one printer; Unreachable."""


def open_way(printer: Printer) -> Way:
    """What opens a link to this printer; keep it: it may remember where the printer stands. Unreachable."""
    if printer.host:  # first, since an address may have been given beside the configuration
        if _is_name(printer.host):
            return NamedWay(printer.host, printer.port)
        return partial(open_tcp, printer.host, printer.port)
    if printer.service:
        return AnnouncedWay(printer.service)
    assert printer.device, "a printer without a way is not loaded"
    if printer.line is None:
        return partial(open_usb, printer.device)
    return partial(open_serial, printer.device, printer.line)


class NamedWay:
    """To a printer by its name in the DNS.

    A look-up may take half a minute, and nothing ends it sooner: each way has one at a time, in a thread that
    nobody else needs.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._looking_up: asyncio.Future[str] | None = None

    async def __call__(self) -> Link:
        """A connection; Unreachable when the name is not found in time, or nobody is there."""
        if self._looking_up is None or self._looking_up.done():
            self._looking_up = _address_of(self._host)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                address = await asyncio.shield(self._looking_up)
        except (OSError, UnicodeError) as error:  # UnicodeError: no such name can exist, "192.0.2..7"
            why = str(error) or "its name is not found in time"
            raise Unreachable(f"no printer at {self._host}:{self._port}: {why}") from error
        return await open_tcp(address, self._port)


def _address_of(host: str) -> "asyncio.Future[str]":
    """The address of this name, an IPv4 one first: few printers have another. OSError, UnicodeError."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()

    def tell(address: str, error: Exception | None) -> None:
        if found.cancelled():
            return
        if error is not None:
            found.set_exception(error)
            found.exception()  # nobody may wait for it any more
        else:
            found.set_result(address)

    def look_up() -> None:
        address, failed = "", None
        try:
            known = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            address = str(min(known, key=lambda one: one[0] is not socket.AF_INET)[4][0])
        except (OSError, UnicodeError) as error:
            failed = error
        with suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(tell, address, failed)

    Thread(target=look_up, name=f"looks up {host}", daemon=True).start()
    return found


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
