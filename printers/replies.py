"""What a printer says back, parted into replies (Epson: "identifying transmission status"). Pure."""

from msgspec import Struct

KIND_MASK = 0x93
REAL_TIME_KIND = 0x12
AUTOMATIC_KIND = 0x10
"""Bits every answer to DLE EOT and every first byte of automatic status has."""
BLOCK_HEADS = frozenset({0x35, 0x37, 0x39, 0x3B, 0x3D, 0x53, 0x5F})
BLOCK_BYTES_MAX = 256
"""The longest block a printer sends is a model name; beyond this it is noise."""
FLOW_CONTROL = frozenset({0x11, 0x13})

PROCESS_DONE = b"\x37\x22"
BUFFER_CLEARED = b"\x37\x25"
COUNTER = b"\x5f"


class RealTime(Struct, frozen=True):
    """Answer to DLE EOT."""

    status: int


class Automatic(Struct, frozen=True):
    """Automatic status back: four bytes nobody asked for just now."""

    status: bytes


class Block(Struct, frozen=True):
    """A reply with a head, its closing NUL left off."""

    words: bytes


class Plain(Struct, frozen=True):
    """One byte in the order of the commands: GS r, ESC v."""

    status: int


Reply = RealTime | Automatic | Block | Plain


class Replies:
    """Parts a stream of bytes into replies; what is incomplete waits, what is no reply is left out."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, heard: bytes) -> list[Reply]:
        """Replies that are complete now."""
        self._waiting += heard
        replies: list[Reply] = []
        while self._waiting:
            length, reply = self._first()
            if not length:
                break
            del self._waiting[:length]
            if reply is not None:
                replies.append(reply)
        return replies

    def _first(self) -> tuple[int, Reply | None]:
        """Length of what stands first (0 = incomplete) and the reply it is, if any."""
        first = self._waiting[0]
        if first in FLOW_CONTROL:
            return 1, None
        if first & KIND_MASK == REAL_TIME_KIND:
            return 1, RealTime(first)
        if first & KIND_MASK == AUTOMATIC_KIND:
            return self._automatic()
        if first in BLOCK_HEADS:
            return self._block()
        if first & 0x90 == 0:
            return 1, Plain(first)
        return 1, None

    def _automatic(self) -> tuple[int, Reply | None]:
        four = bytes(self._waiting[:4])
        if any(byte & 0x90 for byte in four[1:]):
            return 1, None
        return (4, Automatic(four)) if len(four) == 4 else (0, None)  # noqa: PLR2004 - four bytes by the manual

    def _block(self) -> tuple[int, Reply | None]:
        end = self._waiting.find(0, 0, BLOCK_BYTES_MAX + 1)  # what comes later says nothing of it
        if end >= 0:
            return end + 1, Block(bytes(self._waiting[:end]))
        return (1, None) if len(self._waiting) > BLOCK_BYTES_MAX else (0, None)


class Status(Struct, frozen=True):
    """The four answers to DLE EOT 1-4, read bit by bit: bits the manual leaves open differ between makers."""

    printer: int
    cause: int
    error: int
    paper: int
    asked_at: float = 0.0
    """When the first of them was asked for, by the event loop's clock: the printer was on after that."""

    @property
    def offline(self) -> bool:
        """The mechanism stands still."""
        return bool(self.printer & 0x08)

    @property
    def cover_open(self) -> bool:
        """The cover is open: only a printer that stands still has one, else an answer was misplaced."""
        return self.offline and bool(self.cause & 0x04)

    @property
    def paper_out(self) -> bool:
        """No paper under the head."""
        return bool(self.paper & 0x60 or self.cause & 0x20)

    @property
    def paper_low(self) -> bool:
        """The near-end sensor sees the end of the roll."""
        return bool(self.paper & 0x0C)

    @property
    def in_error(self) -> bool:
        """Cutter jammed, head too hot, or broken."""
        return bool(self.cause & 0x40)
