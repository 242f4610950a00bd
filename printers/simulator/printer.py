"""An ESC/POS printer on TCP: finite buffer, one connection at a time, faults on demand.

What it prints falls out as `Paper`. It knows nothing of the programs that print: only the ESC/POS manuals.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Literal, Self

from printers.simulator.paper import Paper, Roll
from printers.simulator.program import CODE_PAGES, Interpreter, Take, Work
from printers.simulator.state import Abilities, State

RECEIVE_BUFFER_BYTES = 4096
"""What common printers have; a slip should fit."""
READ_BYTES_MAX = 512
NETWORK_BUFFER_BYTES = 1024
"""Kept small, so that a full printer is felt by the sender as on a real Ethernet card."""
CONNECTIONS_WAITING_MAX = 8
CLEAR = bytes([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8])
"""DLE DC4 8: throw away everything not yet printed."""
CLEARED = b"\x37\x25\x00"
COLUMNS = {384: 32, 512: 42, 576: 48}

Break = Literal["rst", "fin"]


class SimulatedPrinter:
    """A printer; enter it to plug it in. `papers` is all that fell out of it."""

    def __init__(
        self,
        width_dots: int = 576,
        *,
        abilities: Abilities | None = None,
        code_pages: dict[int, str] | None = None,
        dots_per_s: float | None = None,
        on_slip: Callable[[Paper], None] = lambda _: None,
    ) -> None:
        """`dots_per_s`: speed of the paper, a common printer feeds 1200; None = no waiting at all."""
        self.papers: list[Paper] = []
        self.state = State()
        self.port = 0
        self.bytes_received = 0
        self._roll = Roll(width_dots, COLUMNS[width_dots])
        self._abilities = abilities or Abilities()
        self._code_pages = code_pages or CODE_PAGES
        self._dots_per_s = dots_per_s
        self._on_slip = on_slip
        self._mute = False
        self._deaf = False
        self._break_after: tuple[int, Break] | None = None
        self._replies_lost = 0
        self._break_for_reply: Break | None = None
        self._changed = asyncio.Event()
        self._served = asyncio.Lock()
        self._connections: set[asyncio.StreamWriter] = set()
        self._active: asyncio.StreamWriter | None = None
        self._mechanism: asyncio.Task[None] | None = None
        self._stack = AsyncExitStack()
        self._forget()

    # -- plugging in and out

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def listen(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Opens the port (0 = any free one, see `port`), starts the mechanism; OSError when it is taken."""
        server = await asyncio.start_server(
            self._connected,
            host,
            port or self.port,
            limit=NETWORK_BUFFER_BYTES,
            backlog=CONNECTIONS_WAITING_MAX,
        )
        self.port = server.sockets[0].getsockname()[1]
        self._stack.callback(server.close)
        self._start()

    async def stop(self) -> None:
        """Unplugs it: the port closes, everything not on paper is gone."""
        await self._stack.aclose()
        await self._halt()
        self._hang_up("rst")

    async def power_cycle(self) -> None:
        """Off and on: buffers and modes are gone, connections too; paper and counters stay."""
        await self._halt()
        self._hang_up("rst")
        self._forget()
        self._start()

    def _forget(self) -> None:
        self._received = bytearray()
        self._tail = bytearray()
        self._interpreter = Interpreter(
            self._roll, self.state, self._reply, self._drop, self._abilities, self._code_pages
        )

    def _start(self) -> None:
        self._mechanism = asyncio.get_running_loop().create_task(self._work(), name="printer mechanism")

    async def _halt(self) -> None:
        mechanism, self._mechanism = self._mechanism, None
        if mechanism is not None:
            mechanism.cancel()
            await asyncio.gather(mechanism, return_exceptions=True)

    # -- what an operator or a fault does

    def set(
        self,
        *,
        paper_dots: int | None = None,
        cover_open: bool | None = None,
        cutter_jammed: bool | None = None,
        mute: bool | None = None,
        deaf: bool | None = None,
    ) -> None:
        """Changes what is given: paper left, cover, cutter; mute = answers nothing, deaf = reads nothing."""
        if paper_dots is not None:
            self.state.paper_dots = paper_dots
        if cover_open is not None:
            self.state.cover_open = cover_open
        if cutter_jammed is not None:
            self.state.cutter_jammed = cutter_jammed
        if mute is not None:
            self._mute = mute
        if deaf is not None:
            self._deaf = deaf
        if self._interpreter.automatic_status:
            self._reply(self.state.automatic())
        self._changed.set()

    def break_after(self, count: int, how: Break = "rst") -> None:
        """The link breaks once, when so many more bytes have been received."""
        self._break_after = (self.bytes_received + count, how)

    def lose_replies(self, count: int) -> None:
        """The next so many replies in order of the commands never arrive."""
        self._replies_lost = count

    def break_instead_of_reply(self, how: Break = "rst") -> None:
        """The next reply in order of the commands is not sent: the link breaks instead."""
        self._break_for_reply = how

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the condition holds; it is looked at whenever something happens to the printer."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()
            await asyncio.sleep(0)

    # -- the network card

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            async with self._served:
                self._active = writer
                await self._receive(reader)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            if self._active is writer:
                self._active = None
            self._interpreter.automatic_status = False
            self._connections.discard(writer)
            writer.close()

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        while True:
            while self._deaf or len(self._received) >= RECEIVE_BUFFER_BYTES:
                await self._event()
            room = min(READ_BYTES_MAX, RECEIVE_BUFFER_BYTES - len(self._received))
            chunk = await reader.read(room)
            if not chunk:
                return
            if self._break_after is not None and self.bytes_received + len(chunk) >= self._break_after[0]:
                count, how = self._break_after
                self._break_after = None
                self._accept(chunk[: count - self.bytes_received])
                self._hang_up(how)
                return
            self._accept(chunk)

    def _accept(self, chunk: bytes) -> None:
        """Bytes into the buffer; real-time commands are executed here, whatever they stand in."""
        self.bytes_received += len(chunk)
        for byte in chunk:
            self._received.append(byte)
            self._tail = (self._tail + bytes([byte]))[-len(CLEAR) :]
            self._real_time()
        self._changed.set()

    def _real_time(self) -> None:
        tail = bytes(self._tail)
        if tail[-3:-1] == b"\x10\x04" and tail[-1] in (1, 2, 3, 4):
            if self._abilities.real_time:
                self._send(self.state.answer(tail[-1]))
        elif tail[-3:-1] == b"\x10\x05" and tail[-1] in (1, 2) and self.state.cutter_jammed:
            self.state.cutter_jammed = False
            if tail.endswith(b"\x02"):
                self._clear()
        elif tail == CLEAR and self._abilities.clearing:
            self._clear()
            self._send(CLEARED)

    def _clear(self) -> None:
        """Throws away what is not on paper; the command being executed is broken off."""
        self._forget()
        if self._mechanism is not None:
            self._mechanism.cancel()
            self._start()

    def _send(self, words: bytes) -> None:
        if self._active is not None and not self._mute and words:
            self._active.write(words)

    def _reply(self, words: bytes) -> None:
        """A reply in the order of the commands."""
        if self._break_for_reply is not None:
            how, self._break_for_reply = self._break_for_reply, None
            self._hang_up(how)
        elif self._replies_lost:
            self._replies_lost -= 1
        else:
            self._send(words)

    def _hang_up(self, how: Break) -> None:
        for writer in tuple(self._connections):
            if how == "rst":
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            else:
                writer.close()

    # -- the mechanism

    async def _work(self) -> None:
        program = self._interpreter.run()
        step = next(program)
        while True:
            while self.state.offline:
                await self._event()
            taken = b""
            match step:
                case Take(count):
                    while len(self._received) < count:
                        await self._event()
                    taken = bytes(self._received[:count])
                    del self._received[:count]
                    self._changed.set()
                case Work(dots):
                    if self._dots_per_s is not None:
                        await asyncio.sleep(dots / self._dots_per_s)
            step = program.send(taken)

    async def _event(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _drop(self, paper: Paper) -> None:
        self.papers.append(paper)
        self._on_slip(paper)
        self._changed.set()
