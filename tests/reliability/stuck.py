"""Terminals that are stuck, each in its own way; and who sees when the server lets go of them."""

import asyncio
import base64
import secrets
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress

from reliability.crowd import Watcher, came_true
from reliability.proxy import Proxy
from support.badges import badge

from protocol.client import Update
from protocol.envelope import SUBPROTOCOL
from protocol.ids import Role
from protocol.views import ReceptionView

WINDOW_BYTES = 2048
SEGMENT_BYTES = 1460
"""As on Ethernet: the loopback's own makes the server's kernel swallow megabytes first."""
DRIP_S = 0.2
KINDS = ("deaf", "slow", "mute", "unplugged")
"""Reads nothing; reads a byte now and then; reads all and says nothing, not even that it is there; has no
cable any more."""
DOORKEEPER = "reception-9"
GONE_S = 10.0
"""A ping every 4 s, 4 s for its answer, 1 s for an end in good order; one more for a busy machine."""


class Doorkeeper(Watcher):
    """Reception: sees which terminals are connected."""

    def __init__(self, url: str) -> None:
        super().__init__(url, badge(Role.RECEPTION, DOORKEEPER))
        self.came: dict[str, float] = {}
        self.left: dict[str, float] = {}
        """Instants (s, monotonic) at which a device was first seen connected, then not."""

    def hear(self, update: Update) -> None:
        """Note who has come and who has left."""
        super().hear(update)
        if isinstance(update, ReceptionView):
            now = time.monotonic()
            for device in update.devices:
                if device.connected:
                    self.came.setdefault(device.device, now)
                elif device.device in self.came:
                    self.left.setdefault(device.device, now)

    async def sees_off(self, names: Sequence[str]) -> float:
        """How long (s) the slowest of these stayed, once all are gone; AssertionError when they stay."""
        gone = await came_true(lambda: all(name in self.left for name in names), GONE_S * 2)
        assert gone, f"still connected: {[name for name in names if name not in self.left]}"
        stayed_s = {name: round(self.left[name] - self.came[name], 1) for name in names}
        assert max(stayed_s.values()) <= GONE_S, f"stuck terminals stayed so long (s): {stayed_s}"
        return max(stayed_s.values())


@asynccontextmanager
async def stuck(port: int, names: Mapping[str, Role]) -> AsyncIterator[None]:
    """These terminals join and are stuck while the context lasts; a name begins with one of KINDS."""
    proxy = Proxy(port)
    with ExitStack() as sockets:
        async with proxy.listening() as url, asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(_behind(url, name, role)) for name, role in _of(names, "unplugged")]
            for kind in ("deaf", "slow", "mute"):
                for name, role in _of(names, kind):
                    connection = sockets.enter_context(await _joined(port, name, role))
                    waiting.append(tasks.create_task(_read(connection, kind)))
            await asyncio.sleep(0.3)
            proxy.up.light.clear()
            proxy.down.light.clear()
            yield
            for task in waiting:
                task.cancel()


def _of(names: Mapping[str, Role], kind: str) -> Iterator[tuple[str, Role]]:
    return ((name, role) for name, role in names.items() if name.startswith(kind))


async def _behind(url: str, name: str, role: Role) -> None:
    """The real client, at a cable that is about to be pulled."""
    await Watcher(url, badge(role, name)).run()


async def _joined(port: int, name: str, role: Role) -> socket.socket:
    """A terminal by hand that was let in, with next to no room for what it is sent."""
    loop = asyncio.get_running_loop()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    connection.setblocking(False)
    await loop.sock_connect(connection, ("127.0.0.1", port))
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    lines = ("GET / HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade")
    own = (f"Sec-WebSocket-Protocol: {SUBPROTOCOL}", f"Authorization: Bearer {badge(role, name).token}")
    asks = (*lines, *own, f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")
    await loop.sock_sendall(connection, "\r\n".join(asks).encode())
    return connection


async def _read(connection: socket.socket, kind: str) -> None:
    """Until the server ends the line, or for ever."""
    if kind == "deaf":
        return
    loop = asyncio.get_running_loop()
    size, rest_s = (1, DRIP_S) if kind == "slow" else (65536, 0.0)
    with suppress(OSError):
        while True:
            if not await loop.sock_recv(connection, size):
                return
            await asyncio.sleep(rest_s)
