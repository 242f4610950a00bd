"""The network card: a TCP port, hosts in a line of which the first is served, links that break."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from printers.simulator.changes import Changes
from printers.simulator.faults import Break, Faults
from printers.simulator.reception import Reception

CARD_BUFFER_BYTES = 1024
"""The card's own, kept small, so that a full printer is felt by the sender soon."""
CONNECTIONS_WAITING_MAX = 8
UNREAD_BYTES_MAX = 4096
"""Answers to a host that does not read them; later ones are lost."""


class Port:
    """A TCP port that stays ours while it is closed: no other program can take it meanwhile."""

    def __init__(self, on_host: Callable[[socket.socket], None]) -> None:
        self.number = 0
        self._on_host = on_host
        self._socket: socket.socket | None = None
        self._open = False

    def bind(self, host: str, port: int) -> None:
        """Takes the port (0 = any free one) and opens it; OSError when another program has it."""
        any_port = _bound(host, port)
        self.number = any_port.getsockname()[1]
        # Bound to its number a second time: only a port asked for by number stays bound when it is closed.
        self._socket = _bound(host, self.number)
        any_port.close()
        self._socket.setblocking(False)
        self.settle(is_open=True)

    def settle(self, *, is_open: bool) -> None:
        """Opens or closes it, if it is not so already; closed, hosts are refused."""
        if self._socket is None or is_open is self._open:
            return
        self._open = is_open
        loop = asyncio.get_running_loop()
        if is_open:
            self._socket.listen(CONNECTIONS_WAITING_MAX)
            loop.add_reader(self._socket, self._accept)
        else:
            loop.remove_reader(self._socket)
            self._socket.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Gives the port back."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket, self._open = None, False

    def _accept(self) -> None:
        assert self._socket is not None
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, ConnectionError):
            return  # the host has gone already
        self._on_host(connection)


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class Connection:
    """One host on the line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer
        self._held = bytearray()

    def over(self) -> bool:
        """We have closed it, or it broke."""
        return self._writer.is_closing()

    def say(self, words: bytes, *, hold: bool) -> None:
        """To the host; `hold` = the cable is out, TCP will say it again when it is back."""
        if self.over():
            return
        if len(self._held) + self._writer.transport.get_write_buffer_size() < UNREAD_BYTES_MAX:
            self._held += words
        if not hold:
            self._writer.write(bytes(self._held))
            self._held.clear()

    def end(self, how: Break) -> None:
        """Closes it; nothing of what waits in the card is printed any more."""
        if how == "rst":
            linger = struct.pack("ii", 1, 0)
            with suppress(OSError):  # the other side may have closed it this moment
                self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._writer.transport.abort()
        else:
            self._writer.close()


class NetworkCard:
    """Accepts hosts, serves the first of them, passes its bytes on while there is room."""

    def __init__(
        self, received: Reception, faults: Faults, changes: Changes, on_left: Callable[[], None]
    ) -> None:
        """`on_left`: called when the host that was served has gone."""
        self._received = received
        self._faults = faults
        self._changes = changes
        self._on_left = on_left
        self._line: list[Connection | None] = []
        """In the order they came; None stands for a host that is not ours."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = Port(self._host_came)
        self._idle: asyncio.TimerHandle | None = None
        changes.follow(self._settle)

    @property
    def port(self) -> int:
        """Its number; 0 before it is opened."""
        return self._port.number

    @property
    def hosts(self) -> int:
        """Connections of our own hosts, served or waiting."""
        return sum(connection is not None for connection in self._line)

    def open(self, host: str, port: int) -> None:
        """Opens the port; OSError when it is taken."""
        self._port.bind(host, port or self._port.number)

    def unplug(self) -> None:
        """Pulls the cable for good: the port is free, every connection torn."""
        self._port.release()
        self.hang_up("rst")

    async def close(self) -> None:
        """Unplugged, and nothing of it runs any more."""
        self.unplug()
        if self._idle is not None:
            self._idle.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang_up(self, how: Break) -> None:
        """Ends every connection."""
        for connection in self._line:
            if connection is not None:
                connection.end(how)

    def send(self, words: bytes) -> None:
        """To the host that is served."""
        if self._served is not None:
            self._served.say(words, hold=self._faults.black_hole)

    @property
    def _served(self) -> Connection | None:
        return self._line[0] if self._line else None

    def _settle(self) -> None:
        """What the faults ask for: port open or not, the other host in the line or not, held words said."""
        if self._faults.other_host is not (None in self._line):
            if self._faults.other_host:
                self._line.append(None)
            else:
                self._line.remove(None)
        free = self._faults.second == "waits" or not self._line
        self._port.settle(is_open=self._faults.powered and self._faults.present and free)
        if self._served is not None and not self._faults.black_hole:
            self._served.say(b"", hold=False)

    def _host_came(self, accepted: socket.socket) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(accepted), name="printer connection")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, accepted: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=accepted, limit=CARD_BUFFER_BYTES)
        connection = Connection(reader, writer)
        self._line.append(connection)
        self._changes.tell()
        try:
            while self._served is not connection:
                await self._changes.next()
            await self._receive(connection)
        except ConnectionError:
            pass
        finally:
            self._line.remove(connection)
            writer.close()
            self._on_left()
            self._changes.tell()

    async def _receive(self, connection: Connection) -> None:
        self.wind_up()
        while not connection.over():
            if not self._received.room:
                await self._changes.next()
                continue
            chunk = await connection.reader.read(self._received.room)
            while not connection.over() and not self._faults.reads:
                await self._changes.next()
            if connection.over() or not chunk:
                return
            self._received.accept(chunk)
            self.wind_up()

    def wind_up(self) -> None:
        """The time without a byte begins again."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._faults.idle_close is not None and self._served is not None:
            after_s, _ = self._faults.idle_close
            self._idle = asyncio.get_running_loop().call_later(after_s, self._idle_over)

    def _idle_over(self) -> None:
        self._idle = None
        if self._faults.idle_close is not None and self._served is not None and self._faults.reads:
            _, how = self._faults.idle_close
            self._served.end(how)
            self._changes.tell()
