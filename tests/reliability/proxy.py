"""A cable that breaks on command: between terminals and a server it delays, holds, drips, resets or hangs up.

What is said into the dark is not lost: as with TCP it arrives, in order, when there is light again.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

CHUNK_BYTES = 64 * 1024
DELAY_S = (0.05, 0.4)
"""How long a slow cable holds each piece."""
DRIP_BYTES = 48
DRIP_S = 0.02
"""A dripping cable lets so much through, then rests so long: 2.4 kB/s."""
FAULTS = ("slow", "drips", "dark", "dark upwards", "dark downwards", "reset", "hung up")
"""The last two are dark downwards, then end with RST or FIN: what was done meanwhile is never answered."""


class Wire:
    """One direction of a cable."""

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.drips = False
        self.light = asyncio.Event()
        self.light.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All that is said, then its end; OSError when the line breaks."""
        while piece := await reader.read(CHUNK_BYTES):
            await asyncio.sleep(self.delay_s)
            while piece:
                await self.light.wait()
                size = DRIP_BYTES if self.drips else len(piece)
                writer.write(piece[:size])
                await writer.drain()
                piece = piece[size:]
                if self.drips:
                    await asyncio.sleep(DRIP_S)
        await self.light.wait()
        writer.write_eof()


class Proxy:
    """A cable to the server's port, for any number of terminals."""

    def __init__(self, port: int) -> None:
        self.up, self.down = Wire(), Wire()
        self._port = port
        self._ends_with = ""
        self._lines: dict[tuple[asyncio.StreamWriter, asyncio.StreamWriter], None] = {}
        self._carrying: dict[asyncio.Task[None], None] = {}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Carry while the context lasts; gives the address for terminals."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        try:
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in list(self._carrying):
                task.cancel()
            await asyncio.gather(*self._carrying, return_exceptions=True)

    def strike(self, fault: str, dice: Random) -> None:
        """Begin one of FAULTS; it lasts until `heal`."""
        match fault:
            case "slow":
                self.up.delay_s, self.down.delay_s = dice.uniform(*DELAY_S), dice.uniform(*DELAY_S)
            case "drips":
                self.up.drips = self.down.drips = True
            case "dark upwards":
                self.up.light.clear()
            case "dark downwards":
                self.down.light.clear()
            case "reset" | "hung up":
                self.down.light.clear()
                self._ends_with = fault
            case _:
                self.up.light.clear()
                self.down.light.clear()

    def heal(self) -> None:
        """A cable as it should be; what was held goes on, unless the line ends."""
        if self._ends_with:
            self._cut(reset=self._ends_with == "reset")
        self._ends_with = ""
        for wire in (self.up, self.down):
            wire.delay_s, wire.drips = 0.0, False
            wire.light.set()

    def lead_to(self, port: int) -> None:
        """From now on to another server; every line ends, with RST."""
        self._port = port
        self._cut(reset=True)

    def _cut(self, *, reset: bool) -> None:
        """End all lines on both sides, with RST or with FIN."""
        for writer in [end for line in self._lines for end in line]:
            if reset:
                _reset(writer)
            else:
                writer.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(reader, writer))
        self._carrying[task] = None
        task.add_done_callback(lambda done: self._carrying.pop(done, None))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A line from end to end; nobody comes through in the dark."""
        await self.up.light.wait()
        await self.down.light.wait()
        try:
            answers, onward = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            _reset(writer)
            return
        line = (writer, onward)
        self._lines[line] = None
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.up.carry(reader, onward))
                tasks.create_task(self.down.carry(answers, writer))
        except* OSError:
            pass
        finally:
            del self._lines[line]
            for end in line:
                end.transport.abort()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a line with RST."""
    connection = writer.get_extra_info("socket")
    if not writer.transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
