"""Connections between simulated processes: ordered bytes with delays, windows, cuts and dark stretches.

It behaves as TCP on a LAN: what is sent arrives in order or the connection breaks; over a dark stretch it
waits, and arrives when there is light again; a peer that reads nothing fills the window and then the sender's
buffer.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from random import Random
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from simulation.loop import Process, VirtualLoop

DELAY_S = (0.0002, 0.004)
"""On its way over the LAN, each direction."""
APART_S = 1e-6
"""Between two pieces of one line: of what is due at one instant asyncio keeps no order."""
WINDOW_BYTES = 4 * 1024
"""What the other side's kernel takes while its program reads nothing: little, so lines are often full."""
HIGH_WATER_BYTES = 64 * 1024
CONNECT_TIMEOUT_S = 60.0
"""How long a connect into the dark waits if nobody bounds it."""

Address = tuple[str, int]


class Socket:
    """What programs ask of a socket's descriptor; options change nothing here."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self.family = 2

    def getsockname(self) -> Address:
        """Host and port."""
        return self._address

    def setsockopt(self, *_: object) -> None:
        """Every option is taken."""


class Transport(asyncio.Transport):
    """One end of a connection."""

    def __init__(self, network: "Network", here: Address, there: Address, owner: "Process | None") -> None:
        super().__init__({"socket": Socket(here), "sockname": here, "peername": there})
        self.owner = owner
        self.peer: Transport
        self._network = network
        self._protocol: asyncio.BaseProtocol
        self._context: Any = None
        self._out: list[bytes] = []
        self._under_way = 0
        self._arrived: list[bytes | None] = []
        self._last_arrival_s = 0.0
        self._reading = True
        self._closing = False
        self._eof_sent = False
        self._end_sent = False
        self._over = False
        self._high = HIGH_WATER_BYTES
        self._writing_paused = False

    def begin(self, peer: "Transport", protocol: asyncio.BaseProtocol, context: Any) -> None:
        """Connected; the protocol is told by whoever made the connection."""
        self.peer, self._protocol, self._context = peer, protocol, context

    def tell(self, what: Callable[..., object], *args: object) -> None:
        """Calls the protocol in its own process: at once, or when that goes on."""
        if self.owner is None or (self.owner.alive and not self.owner.frozen):
            self._context.run(what, *args)
        elif self.owner.alive:
            self.owner.held.append(lambda: self.tell(what, *args))

    # -- the program's side

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def is_reading(self) -> bool:
        return self._reading and not self._closing

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True
        self._network.soon(self._hand_up)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:  # noqa: ARG002 - asyncio's name
        self._high = HIGH_WATER_BYTES if high is None else high

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self._out))

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._high // 4, self._high

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._over or self._eof_sent or not data:
            return
        self._out.append(bytes(data))
        self._push()
        if not self._writing_paused and self.get_write_buffer_size() > self._high:
            self._writing_paused = True
            self._protocol.pause_writing()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        if not self._eof_sent and not self._over:
            self._eof_sent = True
            self._push()

    def close(self) -> None:
        """What was written still goes out; then the end."""
        if not self._closing:
            self._closing = True
            self._push()
            if not self._out:
                self._network.soon(self._lost, None)

    def abort(self) -> None:
        """RST: what is under way is thrown away."""
        self._closing = True
        self._out.clear()
        if not self._over:
            self._network.send_reset(self)
            self._network.soon(self._lost, None)

    # -- the network's side

    def _push(self) -> None:
        """Sends what the other side's window takes."""
        while self._out and self._under_way < WINDOW_BYTES:
            piece = self._out.pop(0)
            self._under_way += len(piece)
            self._network.send(self, piece)
        if not self._out:
            if self._writing_paused:
                self._writing_paused = False
                self.tell(self._protocol.resume_writing)
            if (self._eof_sent or self._closing) and not self._over:
                self._eof_sent = True
                if not self._end_sent:  # a second end would be an error of whoever hears it
                    self._end_sent = True
                    self._network.send(self, None)
                if self._closing:
                    self._network.soon(self._lost, None)

    def arrives(self, piece: bytes | None) -> None:
        """Bytes, or the end of them, have come to this machine."""
        if self._over:
            if piece and not self.peer._over:
                self._network.send_reset(self)
            return
        self._arrived.append(piece)
        self._hand_up()

    def _hand_up(self) -> None:
        while self._arrived and self._reading and not self._over and not self._frozen:
            piece = self._arrived.pop(0)
            if piece is None:
                keep_open = False
                if isinstance(self._protocol, asyncio.Protocol):
                    keep_open = bool(self._context.run(self._protocol.eof_received))
                if not keep_open:
                    self.close()
                return
            self.peer._under_way -= len(piece)
            if self.peer._out:
                self._network.soon(self.peer._push)
            assert isinstance(self._protocol, asyncio.Protocol)
            self.tell(self._protocol.data_received, piece)

    @property
    def _frozen(self) -> bool:
        return self.owner is not None and self.owner.frozen

    def breaks(self, error: Exception) -> None:
        """RST has come, or the kernel has given up."""
        self._closing = True
        self._lost(error)

    def _lost(self, error: Exception | None) -> None:
        if not self._over:
            self._over = True
            self._out.clear()
            self._arrived.clear()
            self._network.forget(self)
            self.tell(self._protocol.connection_lost, error)


class Listener(asyncio.AbstractServer):
    """A port that takes connections."""

    def __init__(
        self,
        network: "Network",
        factory: Callable[[], asyncio.BaseProtocol],
        address: Address,
        owner: "Process | None",
        context: Any,
    ) -> None:
        self.factory, self.address, self.owner, self.context = factory, address, owner, context
        self._network = network
        self._serving = True

    @property
    def sockets(self) -> tuple[Socket, ...]:
        """The one it listens on."""
        return (Socket(self.address),) if self._serving else ()

    def is_serving(self) -> bool:
        """Whether it takes connections."""
        return self._serving and (self.owner is None or self.owner.alive)

    def close(self) -> None:
        """Takes no more."""
        self._serving = False
        self._network.unlisten(self)

    async def start_serving(self) -> None:
        """It does already."""

    async def wait_closed(self) -> None:
        """It is."""

    def get_loop(self) -> "VirtualLoop":
        """The world's."""
        return self._network.loop

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class Network:
    """All machines' cables."""

    def __init__(self, loop: "VirtualLoop", dice: Random) -> None:
        self.loop = loop
        self._dice = dice
        self._listeners: dict[Address, Listener] = {}
        self._transports: dict[Transport, None] = {}
        self._next_port = 40_000
        self._dark: dict[str, None] = {}
        self._held: list[Callable[[], None]] = []
        self._orphans: list[Transport] = []
        self.slowness = 1.0
        """Delays are so many times as long."""

    # -- faults

    def darken(self, name: str) -> None:
        """This process's cable is out: nothing arrives, nobody is told."""
        self._dark[name] = None

    def lighten(self, name: str) -> None:
        """Its cable is back: what waited arrives, in order."""
        self._dark.pop(name, None)
        held, self._held = self._held, []
        for deliver in held:
            deliver()

    def cut(self, name: str) -> int:
        """Every connection of this process is reset; how many there were."""
        hit = [one for one in self._transports if one.owner is not None and one.owner.name == name]
        for one in hit:
            self.soon(one.breaks, ConnectionResetError(104, "cut"))
            self.soon(one.peer.breaks, ConnectionResetError(104, "cut"))
        return len(hit)

    def died(self, process: "Process") -> None:
        """The kernel of a killed process resets its connections and closes its ports."""
        for listener in list(self._listeners.values()):
            if listener.owner is process:
                del self._listeners[listener.address]
        for one in list(self._transports):
            if one.owner is process:
                self._orphans.append(one)
                self.forget(one)
                one._over = True
                self.send_reset(one)

    def thawed(self, process: "Process") -> None:
        """What has arrived at its machine meanwhile is handed up."""
        for one in [one for one in self._transports if one.owner is process]:
            self.soon(one._hand_up)

    def end(self) -> None:
        """At the very end every connection is told that it is lost, those of the dead too."""
        for one in self._orphans:
            one._over = False
        for one in [*self._orphans, *self._transports]:
            one.breaks(ConnectionResetError(104, "the world has ended"))

    # -- connecting

    def listen(
        self, factory: Callable[[], asyncio.BaseProtocol], address: Address, owner: "Process | None"
    ) -> Listener:
        """A port of this address; OSError when it is taken."""
        host, port = address
        address = (host, port or self._port())
        if address in self._listeners:
            raise OSError(98, "Address already in use")
        listener = Listener(self, factory, address, owner, copy_context())
        self._listeners[address] = listener
        return listener

    def unlisten(self, listener: Listener) -> None:
        """Nobody is taken any more."""
        if self._listeners.get(listener.address) is listener:
            del self._listeners[listener.address]

    async def connect(
        self, factory: Callable[[], asyncio.BaseProtocol], address: Address, owner: "Process | None"
    ) -> tuple[Transport, asyncio.BaseProtocol]:
        """A connection to this address, as the program here sees it; ConnectionRefusedError, TimeoutError."""
        await asyncio.sleep(self.delay())
        listener = self._listeners.get(address)
        waited_s = 0.0
        while self._is_dark(owner) or (listener is not None and self._is_dark(listener.owner)):
            await asyncio.sleep(0.2)
            waited_s += 0.2
            if waited_s > CONNECT_TIMEOUT_S:
                raise TimeoutError
            listener = self._listeners.get(address)
        if listener is None or not listener.is_serving():
            raise ConnectionRefusedError(111, f"Connect call failed {address}")
        here = Transport(self, ("127.0.0.1", self._port()), address, owner)
        there = Transport(self, address, here.get_extra_info("sockname"), listener.owner)
        protocol, served = factory(), listener.context.run(listener.factory)
        here.begin(there, protocol, copy_context())
        there.begin(here, served, listener.context.copy())
        self._transports[here] = self._transports[there] = None
        there.tell(served.connection_made, there)
        protocol.connection_made(here)
        return here, protocol

    # -- carrying

    def delay(self) -> float:
        """Seconds on the way."""
        return self._dice.uniform(*DELAY_S) * self.slowness

    def send(self, sender: Transport, piece: bytes | None) -> None:
        """Brings bytes, or their end, to the other side: later, and in order."""
        self._carry(sender, lambda: sender.peer.arrives(piece))

    def send_reset(self, sender: Transport) -> None:
        """Brings an RST to the other side."""
        reset = ConnectionResetError(104, "Connection reset by peer")
        self._carry(sender, lambda: sender.peer.breaks(reset))

    def _carry(self, sender: Transport, deliver: Callable[[], None]) -> None:
        at_s = max(self.loop.now_s + self.delay(), sender._last_arrival_s + APART_S)
        sender._last_arrival_s = at_s

        def arrive() -> None:
            if self._is_dark(sender.owner) or self._is_dark(sender.peer.owner):
                self._held.append(arrive)
            else:
                deliver()

        self.outside(at_s, arrive)

    def soon(self, what: Callable[..., object], *args: object) -> None:
        """In the next turn of the loop, in nobody's process."""
        self.outside(self.loop.now_s, what, *args)

    def outside(self, at_s: float, what: Callable[..., object], *args: object) -> None:
        """At this time, in nobody's process: cables outlive those who speak over them."""
        self.loop.call_at(at_s, what, *args, context=Context())

    def forget(self, transport: Transport) -> None:
        """This end is over."""
        self._transports.pop(transport, None)

    def _is_dark(self, owner: "Process | None") -> bool:
        return owner is not None and owner.name in self._dark

    def _port(self) -> int:
        self._next_port += 1
        return self._next_port
