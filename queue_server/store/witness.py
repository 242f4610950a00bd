"""Who saw how far a day went: a line beside the day's file, written after each commit and not waited for.

A write-ahead log that was cut short, or spoiled in a page, reads as a shorter day that is sound in itself.
The witness can be behind the day, never before it: what it has seen was on disk.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from msgspec import Struct

DIGEST_CHARS = 16
"""Of the secret's hash: it shows a change, and tells nothing."""


class Seen(Struct, frozen=True):
    """What a witness saw."""

    position: int
    chain: str
    secret: str
    """Digest of it."""


class Witness:
    """Of one day."""

    def __init__(self, day: Path) -> None:
        self.path = day.with_suffix(".witness")
        self._fd: int | None = None

    def contradicts(self, seen: Seen | None, position: int, chain: bytes, secret: bytes) -> str:
        """How the day is not what was seen, in words; empty when it is, or went on."""
        if seen is None:
            return ""
        if seen.position > position:
            return (
                f"events {position + 1} to {seen.position} are missing (to go on without them, "
                f"remove {self.path})"
            )
        if seen.position == position and seen.chain != chain.hex():
            return "the last event is another one"
        return "" if seen.secret == _digest(secret) else "the key of its tickets is another one"

    def seen(self) -> Seen | None:
        """None: unreadable, since it was never waited for, or spoiled itself: then it says nothing."""
        with suppress(OSError, ValueError):
            words, _, proof = self.path.read_text(encoding="ascii").rpartition(" ")
            if proof == _proof(words):
                position, chain, secret = words.split(" ")
                return Seen(int(position), chain, secret)
        return None

    def open(self) -> None:
        """Be there for what comes; OSError."""
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)

    def saw(self, position: int, chain: bytes, secret: bytes) -> None:
        """The day has come so far; OSError."""
        assert self._fd is not None, "a witness is opened when its day was read"
        words = f"{position:010d} {chain.hex()} {_digest(secret)}"
        os.pwrite(self._fd, f"{words} {_proof(words)}".encode("ascii"), 0)

    def close(self) -> None:
        """Nothing more comes."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:DIGEST_CHARS]


def _proof(words: str) -> str:
    """Ends the line; the same length for every line, so that no end of an earlier one is left."""
    return f"{crc32(words.encode('ascii')):08x}\n"
