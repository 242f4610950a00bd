"""The network card of a simulated printer, on the simulated network instead of the kernel's."""

import asyncio
from collections.abc import Callable
from typing import Any

from simulation.network import Listener, Transport


class Caller(asyncio.Protocol):
    """A host that was let in and is not yet spoken to; stands for its accepted socket."""

    def __init__(self, on_host: Callable[[Any], None]) -> None:
        self._on_host = on_host
        self._transport: Transport
        self._gone = False
        self._error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, Transport)
        self._transport = transport
        transport.pause_reading()
        self._on_host(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone, self._error = True, exc

    def hand_over(
        self, factory: Callable[[], asyncio.BaseProtocol]
    ) -> tuple[Transport, asyncio.BaseProtocol]:
        """As `create_connection` with a socket: from now on this protocol hears it."""
        protocol = factory()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if self._gone:
            asyncio.get_running_loop().call_soon(protocol.connection_lost, self._error)
        else:
            self._transport.resume_reading()
        return self._transport, protocol


class Port:
    """As `printers.simulator.network.Port`."""

    def __init__(self, on_host: Callable[[Any], None]) -> None:
        self.number = 0
        self._on_host = on_host
        self._host = ""
        self._listener: Listener | None = None

    def bind(self, host: str, port: int) -> None:
        """Takes this port and opens it."""
        self._host, self.number = host, port
        self.settle(is_open=True)

    def settle(self, *, is_open: bool) -> None:
        """Opens or closes it, if it is not so already; closed, hosts are refused."""
        if not self._host or is_open is (self._listener is not None):
            return
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        else:
            loop: Any = asyncio.get_running_loop()
            self._listener = loop.listen(lambda: Caller(self._on_host), (self._host, self.number))

    def release(self) -> None:
        """Gives the port back."""
        self.settle(is_open=False)
        self._host = ""
