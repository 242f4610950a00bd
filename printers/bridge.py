"""A serial or USB printer offered on a TCP port, as the network card of a printer offers it.

One connection is served at a time. Bytes go both ways as they come, and nothing is kept: who sends faster
than the printer reads has to wait, and what a broken connection had still to say is thrown away.
"""

import asyncio
import contextlib
import select
import socket
import struct
from collections.abc import Awaitable, Callable

from printers.line import DeviceLink
from printers.link import TCP_OPTIONS, WRITE_TIMEOUT_S, LinkLost, Unreachable

CHUNK_BYTES = 1024
"""Carried at a time towards the printer."""
NETWORK_BUFFER_BYTES = 4096
"""Kept small, so that a full printer is felt by the sender as on a printer's own network card."""
WAITING_MAX = 8
TURN_TIMEOUT_S = 0.3
"""Then a newcomer is refused: before its driver, hearing nothing for 1 s, takes the printer for mute."""
IDLE_TIMEOUT_S = 90.0
"""Who says nothing for so long has forgotten the connection; network printers end it after 90 s to 5 min."""
ACCEPT_PAUSE_S = 1.0
"""When this machine is short of files or memory, so long until the next connection."""

OpenDevice = Callable[[], Awaitable[DeviceLink]]
"""Opens the printer's device; Unreachable."""


class Bridge:
    """One printer on one port."""

    def __init__(self, open_device: OpenDevice, notice: Callable[[str], None]) -> None:
        """`notice` hears in a sentence when the printer cannot be used, and when it can again."""
        self._open_device = open_device
        self._notice = notice
        self._trouble = ""
        self._turn = asyncio.Lock()

    async def serve(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serves until cancelled, `ready` hears the port (0 took a free one); OSError when it is taken."""
        with _listening(host, port) as listener:
            await self._look()
            ready(listener.getsockname()[1])
            async with asyncio.TaskGroup() as group:
                while True:
                    peer = await _accepted(listener)
                    if await self._has_turn(peer):
                        group.create_task(self._serve(peer), name="bridged connection")

    async def _has_turn(self, peer: socket.socket) -> bool:
        """Waits until the connection before has ended; False: that took too long, it has been refused."""
        try:
            async with asyncio.timeout(TURN_TIMEOUT_S):
                await self._turn.acquire()
        except BaseException as error:
            _reset(peer)
            if isinstance(error, TimeoutError):
                return False
            raise
        return True

    async def _look(self) -> None:
        """Says at the start already what keeps the printer from working."""
        with contextlib.suppress(Unreachable):
            await (await self._opened()).close()

    async def _opened(self) -> DeviceLink:
        try:
            device = await self._open_device()
        except Unreachable as error:
            self._in_trouble(str(error))
            raise
        if self._trouble:
            self._trouble = ""
            self._notice("the printer can be used again")
        return device

    def _in_trouble(self, sentence: str) -> None:
        if sentence != self._trouble:
            self._trouble = sentence
            self._notice(sentence)

    async def _serve(self, peer: socket.socket) -> None:
        """One connection, from its turn to its end; the next has its turn once the device is closed."""
        end: Callable[[socket.socket], None] = _reset
        try:
            device = await self._opened()
            try:
                await self._carry(peer, device)
                end = socket.socket.close
            except* LinkLost as group:
                self._in_trouble(str(group.exceptions[0]))
            except* OSError:
                """The peer broke the connection: what it had still to say is not kept."""
            finally:
                if end is _reset:
                    device.abort()
                await device.close()
        except Unreachable:
            """It has been noticed; the reset says it to the peer."""
        finally:
            self._turn.release()
            end(peer)

    async def _carry(self, peer: socket.socket, device: DeviceLink) -> None:
        """Until the peer has said all and the printer has taken it; LinkLost and OSError in a group."""
        async with asyncio.TaskGroup() as group:
            back = group.create_task(_back(device, peer))
            watch = group.create_task(_until_reset(peer))
            await _forth(peer, device)
            back.cancel()
            watch.cancel()
            await device.write(b"")  # waits until what the kernel still has is in the printer


async def _forth(peer: socket.socket, device: DeviceLink) -> None:
    """Peer to printer; ends when the peer has said all, or nothing for IDLE_TIMEOUT_S."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            async with asyncio.timeout(IDLE_TIMEOUT_S):
                words = await loop.sock_recv(peer, CHUNK_BYTES)
        except TimeoutError:
            return
        if not words:
            return
        while words:
            words = words[await _taken(words, peer, device) :]


async def _taken(words: bytes, peer: socket.socket, device: DeviceLink) -> int:
    """How many the printer took; waits while the peer does, and WRITE_TIMEOUT_S once it has said all."""
    while True:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                return await device.put(words)
        except TimeoutError as error:
            if _has_said_all(peer):
                raise LinkLost(
                    "the printer has stopped reading: look whether it is on and has paper"
                ) from error


def _has_said_all(peer: socket.socket) -> bool:
    """The peer has closed its side, though bytes of it may still wait here."""
    look = select.poll()
    look.register(peer, select.POLLRDHUP)
    return bool(look.poll(0))


async def _back(device: DeviceLink, peer: socket.socket) -> None:
    """Printer to peer."""
    loop = asyncio.get_running_loop()
    while True:
        await loop.sock_sendall(peer, await device.read())


async def _until_reset(peer: socket.socket) -> None:
    """Ends in a ConnectionResetError, also while nobody reads from the peer: the printer may be stalled."""
    loop = asyncio.get_running_loop()
    broken = asyncio.Event()
    with select.epoll() as watch:
        watch.register(peer, 0)  # errors and the end of both ways are told without being asked for
        loop.add_reader(watch, broken.set)
        try:
            await broken.wait()
        finally:
            loop.remove_reader(watch)
    raise ConnectionResetError("the peer broke the connection")


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=WAITING_MAX)
    listener.setblocking(False)
    for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        listener.setsockopt(socket.SOL_SOCKET, buffer, NETWORK_BUFFER_BYTES)
    return listener


async def _accepted(listener: socket.socket) -> socket.socket:
    """The next connection, watched by the kernel: a peer whose cable was pulled is noticed in 25 s."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            peer, _ = await loop.sock_accept(listener)
        except OSError:
            await asyncio.sleep(ACCEPT_PAUSE_S)
            continue
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in TCP_OPTIONS.items():
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        return peer


def _reset(peer: socket.socket) -> None:
    """RST: the other side hears at once that not everything has arrived."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
