"""Commands about printers: what is on the LAN, a bridge to a printer of this machine, profiles that exist."""

import asyncio
import os
import signal
import stat
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail

if TYPE_CHECKING:
    from config.model import Centre
    from printers.discovery import Announced
    from printers.line import DeviceLink

IS_SERIAL = "{} is a serial line: give its --baud too, for example --baud 19200"
PRINTER_MAJORS = (6, 180)
"""Linux numbers parallel and USB printers so."""


def check_profiles(centre: "Centre", file: Path) -> None:
    """Ends the program when a printer has a profile that does not exist, naming each."""
    from config.problem import ConfigError, Problem, did_you_mean
    from printers.profiles import profile_names

    known = profile_names()
    problems = [
        Problem(
            str(file),
            f"printers[{index}].profile",
            f"no profile '{printer.profile}'",
            did_you_mean(printer.profile, known),
        )
        for index, printer in enumerate(centre.printers)
        if printer.profile not in known
    ]
    if problems:
        fail(ConfigError(problems), EXIT_CONFIG)


def _own_addresses(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for address in given:
        try:
            ip_address(address)
        except ValueError as error:
            raise click.BadParameter(
                f"{address!r} is no address; give one that this machine has, for example 192.0.2.5"
            ) from error
    return given


@click.command()
@click.option(
    "--interface",
    "interfaces",
    multiple=True,
    metavar="ADDRESS",
    callback=_own_addresses,
    help="Ask only where this machine has this address; by default everywhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def printers(interfaces: tuple[str, ...], as_json: bool) -> None:
    """List the printers that announce themselves on the LAN. Exit status 1: there are none."""
    import msgspec

    from printers.discovery import announced
    from printers.link import Unreachable

    try:
        found = asyncio.run(announced(interfaces))
    except Unreachable as error:
        fail(error, EXIT_REFUSED)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    elif found:
        click.echo(_table(found))
    if not found:
        fail(
            "No printer announces itself here. Many never do: give such a printer a fixed address, "
            'and write it as host = "…" in the configuration.',
            EXIT_REFUSED,
        )


def _table(found: "tuple[Announced, ...]") -> str:
    names = [_harmless(printer.name) for printer in found]
    width = max(len(name) for name in ("name", *names))
    lines = [f"{'name':<{width}}  {'address':<15}  port"]
    for name, printer in zip(names, found, strict=True):
        lines.append(f"{name:<{width}}  {printer.host:<15}  {printer.port}")
    return "\n".join([*lines, "", f'In the configuration: service = "{names[0]}"'])


def _harmless(name: str) -> str:
    """Anybody can announce anything: nothing that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


@click.command()
@click.option("--device", required=True, metavar="PATH", help="/dev/usb/lp0, or with --baud /dev/ttyUSB0.")
@click.option(
    "--baud",
    type=click.Choice(["9600", "19200", "38400", "57600", "115200"]),
    help="Speed of a serial line, as set at the printer. Without it: a USB printer.",
)
@click.option("--parity", type=click.Choice(["none", "even", "odd"]), default="none", show_default=True)
@click.option("--stop-bits", type=click.Choice(["1", "2"]), default="1", show_default=True)
@click.option(
    "--flow",
    type=click.Choice(["none", "rts-cts", "xon-xoff"]),
    default="none",
    show_default=True,
    help="How the printer says on a serial line that its buffer is full.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=9100, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
def printer_bridge(
    device: str, baud: str | None, parity: str, stop_bits: str, flow: str, host: str, port: int
) -> None:
    """Offer a serial or USB printer of this machine on the network, as port 9100. Ctrl+C ends it."""
    settings: dict[str, str | int] = {"parity": parity, "stop_bits": int(stop_bits), "flow": flow}
    open_device = _opener(device, None if baud is None else int(baud), settings)
    try:
        asyncio.run(_bridge(open_device, device, host, port))
    except OSError as error:
        fail(
            f"The bridge cannot listen on {host}:{port}: {error.strerror}. Take another --port or --host.",
            EXIT_REFUSED,
        )


def _opener(
    device: str, baud: int | None, settings: dict[str, str | int]
) -> "Callable[[], Awaitable[DeviceLink]]":
    """What opens this device; a usage error when only half is said."""
    from functools import partial

    import msgspec

    from config.consistency import SERIAL_DEVICES
    from config.model import SerialLine
    from printers.line import open_serial, open_usb

    _refuse_other_devices(device, serial=baud is not None)
    if baud is not None:
        return partial(open_serial, device, msgspec.convert({"baud": baud, **settings}, SerialLine))
    if device.startswith(SERIAL_DEVICES):
        raise click.BadParameter(IS_SERIAL.format(device), param_hint="--device")
    if settings != {"parity": "none", "stop_bits": 1, "flow": "none"}:
        raise click.UsageError("--parity, --stop-bits and --flow are of a serial line: give its --baud too")
    return partial(open_usb, device)


def _refuse_other_devices(device: str, *, serial: bool) -> None:
    """A usage error for what is there and can never be the printer; what is not there may come yet."""
    try:
        fd = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return  # the bridge says why, and goes on trying
    try:
        found, is_line = os.fstat(fd), os.isatty(fd)
    finally:
        os.close(fd)
    is_printer = stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) in PRINTER_MAJORS
    if not (is_line or is_printer):
        raise click.BadParameter(
            f"{device} is neither a serial line nor a printer, as /dev/usb/lp0 is", param_hint="--device"
        )
    if is_line and not serial:
        raise click.BadParameter(IS_SERIAL.format(device), param_hint="--device")
    if is_printer and serial:
        raise click.BadParameter(f"{device} is no serial line: leave --baud out", param_hint="--device")


async def _bridge(
    open_device: "Callable[[], Awaitable[DeviceLink]]", device: str, host: str, port: int
) -> None:
    from printers.bridge import Bridge

    def ready(taken: int) -> None:
        click.echo(f"walkin printer-bridge ready on {host}:{taken} for {device}")

    bridge = Bridge(open_device, lambda sentence: click.echo(sentence, err=True))
    serving = asyncio.create_task(bridge.serve(host, port, ready), name="bridge")
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, serving.cancel)
    await asyncio.wait({serving})
    if not serving.cancelled():
        serving.result()
