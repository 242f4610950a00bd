"""An ESC/POS printer on TCP or on a pseudo terminal: finite buffer, one host at a time, faults on demand.

What it prints falls out as `Paper`. It knows nothing of the programs that print: only the ESC/POS manuals.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from printers.simulator.changes import Changes
from printers.simulator.faults import Break, Faults, Second
from printers.simulator.mechanism import Mechanism
from printers.simulator.network import NetworkCard
from printers.simulator.paper import Paper, Roll
from printers.simulator.program import CODE_PAGES, Interpreter
from printers.simulator.reception import Reception
from printers.simulator.serial_line import SerialLine
from printers.simulator.state import FULL_ROLL_DOTS, NEAR_END_DOTS, Abilities, State

RECEIVE_BUFFER_BYTES = 4096
"""What common printers have; a slip should fit."""
COLUMNS = {384: 32, 512: 42, 576: 48}


class SimulatedPrinter:
    """A printer; enter it to plug it in. `papers` is all that fell out of it."""

    def __init__(
        self,
        width_dots: int = 576,
        *,
        abilities: Abilities | None = None,
        code_pages: dict[int, str] | None = None,
        dots_per_s: float | None = None,
        buffer_bytes: int = RECEIVE_BUFFER_BYTES,
        on_slip: Callable[[Paper], None] = lambda _: None,
    ) -> None:
        """`dots_per_s`: speed of the paper, a common printer feeds 1200; None = no waiting at all."""
        self.papers: list[Paper] = []
        self.state = State()
        self.faults = Faults()
        self._changes = Changes()
        self._roll = Roll(width_dots, COLUMNS[width_dots])
        self._abilities = abilities or Abilities()
        self._code_pages = code_pages or CODE_PAGES
        self._on_slip = on_slip
        self._received = Reception(buffer_bytes, self.state, self._abilities, self.faults, self._changes)
        self._received.connect(self._send, self._clear, self.hang_up)
        self._mechanism = Mechanism(self._received, self.state, self.faults, self._changes, dots_per_s)
        self._card = NetworkCard(self._received, self.faults, self._changes, self._host_left)
        self._serial: SerialLine | None = None
        self._chatter: asyncio.TimerHandle | None = None
        self._interpreter = self._started()
        self._changes.follow(self._say_what_changed)

    # -- plugging in and out

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        """Number of its TCP port; 0 before it listens."""
        return self._card.port

    @property
    def path(self) -> Path | None:
        """Its device when it is on a serial line and not unplugged."""
        return self._serial.path if self._serial else None

    @property
    def hosts(self) -> int:
        """Connections to its TCP port, served or waiting."""
        return self._card.hosts

    @property
    def buffer_bytes(self) -> int:
        """Size of the receive buffer."""
        return self._received.capacity_bytes

    @property
    def bytes_received(self) -> int:
        """Bytes the host got rid of, since the printer was made."""
        return self._received.bytes_received

    @property
    def piece(self) -> bytes:
        """What the piece of paper that hangs out of it was made from; empty when nothing is on it."""
        return self._roll.piece

    @property
    def bytes_waiting(self) -> int:
        """Bytes in the receive buffer."""
        return len(self._received)

    @property
    def bytes_lost(self) -> int:
        """Bytes that found the buffer full on a serial line without flow control."""
        return self._received.bytes_lost

    async def listen(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Opens the port (0 = any free one, see `port`), starts the mechanism; OSError when it is taken."""
        self._card.open(host, port)
        self._start()
        self._changes.tell()

    def plug_serial(self, *, flow_control: bool = True, link: Path | None = None) -> Path:
        """Off the network, onto a serial line; gives its device. `link`: a name that always leads there."""
        assert self._serial is None, "one serial line"
        self._serial = SerialLine(
            self._received, self.faults, self._changes, flow_control=flow_control, link=link
        )
        self._card.unplug()
        path = self._serial.path
        assert path is not None
        if not self._mechanism.running:
            self._start()
        self._changes.tell()
        return path

    async def stop(self) -> None:
        """Unplugs it: port and device are gone, everything not on paper too."""
        self.chatter(None)
        await self._mechanism.halt()
        if self._serial is not None:
            self._serial.close()
        await self._card.close()

    # -- what an operator does

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
            self.faults.mute = mute
        if deaf is not None:
            self.faults.deaf = deaf
        self._changes.tell()

    def paper_out(self, after_dots: int = 0) -> None:
        """The roll ends, now or when so many more dots have come out."""
        self.set(paper_dots=after_dots)

    def paper_near_end(self) -> None:
        """Enough for a few slips, and the near-end sensor sees it."""
        self.set(paper_dots=NEAR_END_DOTS)

    def paper_back(self) -> None:
        """A new roll."""
        self.set(paper_dots=FULL_ROLL_DOTS)

    def resize_buffer(self, capacity_bytes: int) -> None:
        """The receive buffer holds so many bytes from now on."""
        self._received.capacity_bytes = capacity_bytes
        self._changes.tell()

    async def power_off(self) -> None:
        """What is not on paper is gone; hosts hear nothing more, new ones are refused."""
        self.faults.powered = False
        await self._mechanism.halt()
        self._received.forget()
        self._changes.tell()

    async def power_on(self, *, counter_lost: bool = False) -> None:
        """Old connections are torn, modes are as in the manual, paper is as it was.

        The counters of cuts go on, unless what they had counted was lost with the power.
        """
        self._card.hang_up("rst")
        if counter_lost:
            self.state.cuts = self.state.cuts_ever = 0
        self.faults.frozen = False
        self.faults.powered = True
        self._start()
        self._changes.tell()

    async def power_cycle(self, *, counter_lost: bool = False) -> None:
        """Off and on."""
        await self.power_off()
        await self.power_on(counter_lost=counter_lost)

    # -- what goes wrong on the way

    def slow(self, dots_per_s: float | None) -> None:
        """Feeds so fast from now on; None = as fast as it can."""
        self.faults.dots_per_s = dots_per_s
        self._changes.tell()

    def freeze(self, on: bool) -> None:
        """Hung firmware: reads, prints and answers nothing, the connection stays; a power cycle cures it."""
        self.faults.frozen = on
        self._changes.tell()

    def black_hole(self, on: bool) -> None:
        """Hosts connect and write, nothing is read or answered.

        On TCP both sides hear everything in the end, as with a cable put back; on a serial line it is lost.
        """
        self.faults.black_hole = on
        self._changes.tell()

    async def refuse(self, on: bool) -> None:
        """The port is closed to new hosts; on a serial line the device is gone."""
        self.faults.refusing = on
        self._changes.tell()

    def busy(self, on: bool) -> None:
        """Another computer connects: it is served after those who came before, and all others wait."""
        self.faults.other_host = on
        self._changes.tell()

    def second_connection(self, meets: Second) -> None:
        """What a host meets while another is served: it waits in silence, or is refused."""
        self.faults.second = meets
        self._changes.tell()

    def hang_up(self, how: Break = "rst") -> None:
        """Ends every connection; on a serial line the device vanishes and comes back."""
        (self._serial or self._card).hang_up(how)
        self._changes.tell()

    def break_after(self, count: int, how: Break = "rst") -> None:
        """The link breaks once, when so many more bytes have been received."""
        self.faults.break_at = (self.bytes_received + count, how)

    def lose_replies(self, count: int) -> None:
        """The next so many replies in order of the commands never arrive."""
        self.faults.replies_lost = count

    def break_instead_of_reply(self, how: Break = "rst") -> None:
        """The next reply in order of the commands is not sent: the link breaks instead."""
        self.faults.break_for_reply = how

    def idle_close(self, after_s: float | None, how: Break = "fin") -> None:
        """The network card ends the connection it serves after so long without a byte; None = never."""
        self.faults.idle_close = None if after_s is None else (after_s, how)
        self._card.wind_up()

    def chatter(self, every_s: float | None) -> None:
        """Says its automatic status so often, asked for or not; None = only as asked for."""
        self.faults.chatter_s = every_s
        if self._chatter is not None:
            self._chatter.cancel()
            self._chatter = None
        if every_s is not None:
            self._chatter = asyncio.get_running_loop().call_later(every_s, self._chatters)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the condition holds; it is looked at whenever something happens to the printer."""
        await self._changes.until(condition)

    # -- inside

    def _started(self) -> Interpreter:
        return Interpreter(self._roll, self.state, self._reply, self._drop, self._abilities, self._code_pages)

    def _start(self) -> None:
        self._received.forget()
        self._interpreter = self._started()
        self._mechanism.start(self._interpreter.run())

    def _clear(self) -> None:
        """DLE DC4 8: throws away what is not on paper; the command being executed is broken off."""
        self._start()

    def _host_left(self) -> None:
        self._interpreter.hush()

    def _say_what_changed(self) -> None:
        self._send(self._interpreter.unasked())

    def _chatters(self) -> None:
        if self.faults.moves:
            self._send(self.state.automatic())
        self.chatter(self.faults.chatter_s)

    def _send(self, words: bytes) -> None:
        if words and not self.faults.mute and self.faults.powered:
            (self._serial or self._card).send(words)

    def _reply(self, words: bytes) -> None:
        """A reply in the order of the commands."""
        if self.faults.break_for_reply is not None:
            how, self.faults.break_for_reply = self.faults.break_for_reply, None
            self.hang_up(how)
        elif self.faults.replies_lost:
            self.faults.replies_lost -= 1
        else:
            self._send(words)

    def _drop(self, paper: Paper) -> None:
        self.papers.append(paper)
        self._on_slip(paper)
        self._changes.tell()
