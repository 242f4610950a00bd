"""The way to a printer: a byte stream. Here TCP; serial lines and USB stand in line.py."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

CONNECT_TIMEOUT_S = 2.0
"""A printer on the LAN answers in milliseconds; longer means it is not there, and staff know within 5 s."""
WRITE_TIMEOUT_S = 10.0
"""A slip fits every buffer on the way: a write that blocks this long has no reader."""
STALLED_S = 2.0
"""A printer reads on while it prints or cuts: if nothing has left for so long, staff should look."""
STALL_LOOK_S = 0.5
UNACKNOWLEDGED_MAX_MS = 20_000
"""TCP_USER_TIMEOUT: a pulled cable is noticed in 20 s instead of 15 minutes."""
KEEPALIVE_IDLE_S = 10
KEEPALIVE_INTERVAL_S = 5
KEEPALIVE_PROBES = 3
DRAIN_TIMEOUT_S = 0.5
READ_BYTES_MAX = 256
TCP_OPTIONS = {
    "TCP_NODELAY": 1,
    "TCP_KEEPIDLE": KEEPALIVE_IDLE_S,
    "TCP_KEEPINTVL": KEEPALIVE_INTERVAL_S,
    "TCP_KEEPCNT": KEEPALIVE_PROBES,
    "TCP_USER_TIMEOUT": UNACKNOWLEDGED_MAX_MS,
}


class LinkError(Exception):
    """The way to the printer cannot be used."""


class Unreachable(LinkError):  # noqa: N818 - named for what it says
    """No connection: nothing has been sent. Check the printer's address, cable and power."""


class LinkLost(LinkError):  # noqa: N818 - named for what it says
    """The connection broke: what had been sent may or may not be on paper."""


class Link(Protocol):
    """An open way to a printer, used by one task."""

    on_stall: Callable[[], object]
    """Called again and again while a write has made no headway for STALLED_S."""

    async def write(self, words: bytes) -> None:
        """Hands the bytes over; LinkLost when the way is gone."""

    async def read(self) -> bytes:
        """The next bytes from the printer, at least one; LinkLost at the end."""

    async def close(self) -> None:
        """Lets everything written arrive, then closes; never raises."""

    def abort(self) -> None:
        """Closes at once: what has not reached the printer never will."""


def nobody_told() -> None:
    """A stall that nobody asked about."""


class TellingStalls:
    """Within it: tells while what is left to send has not become less for STALLED_S."""

    def __init__(self, unsent: Callable[[], int], on_stall: Callable[[], object]) -> None:
        self._unsent = unsent
        self._on_stall = on_stall
        self._loop = asyncio.get_running_loop()
        self._left = -1
        self._moved_at = self._loop.time()

    def __enter__(self) -> None:
        self._next = self._loop.call_later(STALL_LOOK_S, self._look)

    def __exit__(self, *_: object) -> None:
        self._next.cancel()

    def _look(self) -> None:
        now = self._unsent()
        if now != self._left:
            self._left, self._moved_at = now, self._loop.time()
        elif self._loop.time() - self._moved_at >= STALLED_S:
            self._on_stall()
        self._next = self._loop.call_later(STALL_LOOK_S, self._look)


class TcpLink:
    """A connection to port 9100."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.on_stall: Callable[[], object] = nobody_told

    async def write(self, words: bytes) -> None:
        """Hands the bytes over; LinkLost when the connection is gone or nobody reads for WRITE_TIMEOUT_S."""
        try:
            self._writer.write(words)
            unsent = self._writer.transport.get_write_buffer_size
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                with TellingStalls(unsent, self.on_stall):
                    await self._writer.drain()
        except OSError as error:
            raise LinkLost(f"the printer's connection broke while writing: {error}") from error

    async def read(self) -> bytes:
        """The next bytes from the printer; LinkLost when it closed or broke the connection."""
        try:
            heard = await self._reader.read(READ_BYTES_MAX)
        except OSError as error:
            raise LinkLost(f"the printer's connection broke: {error}") from error
        if not heard:
            raise LinkLost("the printer closed the connection")
        return heard

    async def close(self) -> None:
        """FIN, then read what is still coming, then close: closing over unread bytes would be an RST."""
        try:
            async with asyncio.timeout(DRAIN_TIMEOUT_S):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                while await self._reader.read(READ_BYTES_MAX):
                    pass
        except OSError:
            pass
        finally:
            self._writer.close()

    def abort(self) -> None:
        """RST: what waits in our buffers and in the printer's network card is thrown away."""
        linger = struct.pack("ii", 1, 0)
        with suppress(OSError):  # the other side may have closed it this moment
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()


async def open_tcp(host: str, port: int) -> TcpLink:
    """A connection to this printer; Unreachable when there is none within CONNECT_TIMEOUT_S."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        raise Unreachable(f"no printer at {host}:{port}: {str(error) or 'no answer'}") from error
    line: socket.socket = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in TCP_OPTIONS.items():
        if hasattr(socket, option):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    return TcpLink(reader, writer)
