"""Printers that announce themselves on the LAN (DNS-SD over multicast DNS), found again by their name."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING

from msgspec import Struct

from printers.link import TcpLink, Unreachable, open_tcp

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE_TYPE = "_pdl-datastream._tcp.local."
"""Printers that take a stream of bytes on a port, 9100 as a rule."""
LOOK_UP_TIMEOUT_S = 2.0
"""A printer answers for its name in less than a second; with the pause before it staff know within 5 s."""
BROWSE_S = 3.0
"""Who has not answered by then will not."""
PRINTERS_MAX = 100
"""A list that a person reads; a network that announces more is not a centre's."""


class Announced(Struct, frozen=True, order=True):
    """A printer as it announces itself."""

    name: str
    host: str
    port: int


class AnnouncedWay:
    """The way to one announced printer: where it stood last, or else where it says that it stands now."""

    def __init__(self, service: str, interfaces: Sequence[str] = ()) -> None:
        """`interfaces`: addresses of this machine's own to ask on; none given, on all."""
        self._service = service
        self._interfaces = interfaces
        self._last: Announced | None = None

    async def __call__(self) -> TcpLink:
        """A connection; Unreachable when nobody announces the name or nobody answers at its address."""
        last, self._last = self._last, None
        if last is not None:
            try:
                link = await open_tcp(last.host, last.port)
            except Unreachable as error:
                raise Unreachable(f"{error}; it is looked up again") from error  # at once: staff wait to know
            self._last = last
            return link
        found = await look_up(self._service, self._interfaces)
        link = await open_tcp(found.host, found.port)
        self._last = found
        return link


async def look_up(service: str, interfaces: Sequence[str] = ()) -> Announced:
    """Where the printer of this name stands; Unreachable when nobody says so within LOOK_UP_TIMEOUT_S."""
    async with _asking(interfaces) as lan:
        found = await _resolved(lan, f"{service}.{SERVICE_TYPE}")
    if found is None:
        raise Unreachable(
            f"no printer announces itself as '{service}': look whether it is on; `walkin printers` lists them"
        )
    return found


async def announced(interfaces: Sequence[str] = ()) -> tuple[Announced, ...]:
    """Who announces a printer now, by name, after BROWSE_S; Unreachable when the LAN cannot be asked."""
    names: set[str] = set()

    def noted(name: str, **_: object) -> None:
        if len(names) < PRINTERS_MAX:
            names.add(name)

    async with _asking(interfaces) as lan:
        from zeroconf import DNSQuestionType
        from zeroconf.asyncio import AsyncServiceBrowser

        aloud = DNSQuestionType.QM  # an answer to this program alone may reach another that listens here too
        async with AsyncServiceBrowser(lan.zeroconf, SERVICE_TYPE, handlers=[noted], question_type=aloud):
            await asyncio.sleep(BROWSE_S)
        found = await asyncio.gather(*(_resolved(lan, name) for name in names))
    return tuple(sorted(printer for printer in found if printer is not None))


@asynccontextmanager
async def _asking(interfaces: Sequence[str]) -> "AsyncIterator[AsyncZeroconf]":
    await asyncio.to_thread(import_module, "zeroconf.asyncio")  # 0.1 s that the event loop does not wait
    from zeroconf import Error

    try:
        async with _lan(interfaces) as lan:
            yield lan
    except (OSError, Error) as error:
        raise Unreachable(
            f"the LAN cannot be asked for printers: {str(error) or type(error).__name__}"
        ) from error


def _lan(interfaces: Sequence[str]) -> "AsyncZeroconf":
    from zeroconf import InterfaceChoice
    from zeroconf.asyncio import AsyncZeroconf

    try:
        return AsyncZeroconf(interfaces=list(interfaces) or InterfaceChoice.All)
    except RuntimeError as error:  # how an IPv6 address that this machine does not have is told
        raise Unreachable(f"the LAN cannot be asked for printers: {error}") from error


async def _resolved(lan: "AsyncZeroconf", name: str) -> Announced | None:
    from zeroconf.asyncio import AsyncServiceInfo

    info = AsyncServiceInfo(SERVICE_TYPE, name)
    if not await info.async_request(lan.zeroconf, LOOK_UP_TIMEOUT_S * 1000):
        return None
    return _stands(info)


def _stands(info: "AsyncServiceInfo") -> Announced | None:
    """An address that somebody gave to the printer goes before one that it gave itself."""
    hosts = sorted(info.parsed_scoped_addresses(), key=lambda host: ip_address(host).is_link_local)
    if not hosts or not info.port:
        return None
    return Announced(info.name.removesuffix(f".{SERVICE_TYPE}"), hosts[0], info.port)
