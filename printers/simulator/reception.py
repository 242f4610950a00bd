"""The receive buffer: bytes wait here for the mechanism; real-time commands are executed as they arrive."""

from collections.abc import Callable

from printers.simulator.changes import Changes
from printers.simulator.faults import Break, Faults
from printers.simulator.state import Abilities, State

READ_BYTES_MAX = 512
"""What an interface hands over at once."""
CLEAR = bytes([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8])
"""DLE DC4 8: throw away everything not yet printed."""
CLEARED = b"\x37\x25\x00"


class Reception:
    """What every interface hands its bytes to; its length is what waits."""

    def __init__(
        self,
        capacity_bytes: int,
        state: State,
        abilities: Abilities,
        faults: Faults,
        changes: Changes,
    ) -> None:
        self.capacity_bytes = capacity_bytes
        self.bytes_received = 0
        self.bytes_lost = 0
        """Bytes that found the buffer full: a serial line without flow control does not wait."""
        self._state = state
        self._abilities = abilities
        self._faults = faults
        self._changes = changes
        self._waiting = bytearray()
        self._tail = bytearray()
        self._answer: Callable[[bytes], None] = lambda _: None
        self._clear: Callable[[], None] = lambda: None
        self._break_off: Callable[[Break], None] = lambda _: None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def room(self) -> int:
        """Bytes that may come at once; 0 = full."""
        return max(0, min(READ_BYTES_MAX, self.capacity_bytes - len(self._waiting)))

    def connect(
        self, answer: Callable[[bytes], None], clear: Callable[[], None], break_off: Callable[[Break], None]
    ) -> None:
        """Where real-time answers go, who throws away what is not printed, who breaks the link."""
        self._answer, self._clear, self._break_off = answer, clear, break_off

    def accept(self, chunk: bytes) -> None:
        """Bytes from the host, in the buffer as far as there is room."""
        how: Break | None = None
        if self._faults.break_at is not None:
            count, then = self._faults.break_at
            if self.bytes_received + len(chunk) >= count:
                chunk, how = chunk[: count - self.bytes_received], then
                self._faults.break_at = None
        for byte in chunk:
            self.bytes_received += 1
            if len(self._waiting) < self.capacity_bytes:
                self._waiting.append(byte)
            else:
                self.bytes_lost += 1
            self._tail = (self._tail + bytes([byte]))[-len(CLEAR) :]
            self._real_time()
        if how is not None:
            self._break_off(how)
        self._changes.tell()

    def take(self, count: int) -> bytes:
        """The first bytes that wait, `count` at most; there is room again."""
        taken = bytes(self._waiting[:count])
        del self._waiting[:count]
        self._changes.tell()
        return taken

    def forget(self) -> None:
        """Throws away what waits."""
        self._waiting.clear()
        self._tail.clear()

    def _real_time(self) -> None:
        tail = bytes(self._tail)
        if tail[-3:-1] == b"\x10\x04" and tail[-1] in (1, 2, 3, 4):
            if self._abilities.real_time:
                self._answer(self._state.answer(tail[-1]))
        elif tail[-3:-1] == b"\x10\x05" and tail[-1] in (1, 2) and self._state.cutter_jammed:
            self._state.cutter_jammed = False
            if tail.endswith(b"\x02"):
                self._clear()
        elif tail == CLEAR and self._abilities.clearing:
            self._clear()
            self._answer(CLEARED)
