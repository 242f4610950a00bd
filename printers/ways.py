"""Which way leads to a configured printer."""

from collections.abc import Awaitable, Callable
from functools import partial

from config.model import Printer
from printers.discovery import AnnouncedWay
from printers.line import open_serial, open_usb
from printers.link import Link, open_tcp

Way = Callable[[], Awaitable[Link]]
"""Opens a link to one printer; Unreachable."""


def open_way(printer: Printer) -> Way:
    """What opens a link to this printer; keep it: it may remember where the printer stands. Unreachable."""
    if printer.host:  # first, since an address may have been given beside the configuration
        return partial(open_tcp, printer.host, printer.port)
    if printer.service:
        return AnnouncedWay(printer.service)
    assert printer.device, "a printer without a way is not loaded"
    if printer.line is None:
        return partial(open_usb, printer.device)
    return partial(open_serial, printer.device, printer.line)
