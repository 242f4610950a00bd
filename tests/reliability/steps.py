"""What strace wrote, as steps in the order in which they began; a sync stands where it ended."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

HEX = r"(?:\\x[0-9a-f]{2})*"
LINE = re.compile(r"(\d+) +(?:(\w+)\((.*)|<\.\.\. \w+ resumed>(.*))")
RESULT = re.compile(r"\) += (-?\d+)")
QUOTED = re.compile(f'"({HEX})"')
OPEN_FILE = re.compile(f"\\d+<({HEX})>")
SOCKET = b"socket:["


class Wrote(Struct):
    """Bytes of a file."""

    path: str
    at: int
    data: bytes


class Resized(Struct):
    """A file was cut, or filled up with zeros."""

    path: str
    size: int


class Made(Struct):
    """There is a file of this name now, if there was none."""

    path: str


class MadeDirectory(Struct):
    """There is a directory of this name now."""

    path: str


class Moved(Struct):
    """A file has another name, or none any more."""

    path: str
    to: str | None


class Synced(Struct):
    """All that was done before to a file, or to the names in a directory, is on disk; or it failed."""

    path: str
    ok: bool


class Sent(Struct):
    """Bytes for a terminal."""

    data: bytes


Step = Wrote | Resized | Made | MadeDirectory | Moved | Synced | Sent


class Call(Struct):
    """One system call."""

    name: str
    words: str
    """Its arguments as strace puts them."""
    result: int | None = None
    """None: the process ended before the call did."""


def steps(record: str, directory: Path) -> list[Step]:
    """All that was done in this directory and sent from the process."""
    reader = _Reader(str(directory))
    return [step for call in _calls(record) for step in reader.steps(call)]


def _calls(record: str) -> list[Call]:
    """A sync stands where it ended, everything else where it began: so none is taken for surer than it is."""
    found: list[Call] = []
    under_way: dict[str, Call] = {}
    for line in record.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        thread, name, words, resumed = match.groups()
        if name is None:
            call = under_way.pop(thread)
            words = resumed
            call.words += resumed
        else:
            call = Call(name, words)
            if not name.endswith("sync"):
                found.append(call)
        if words.endswith("<unfinished ...>"):
            under_way[thread] = call
            continue
        result = RESULT.search(words)
        if result is not None:
            call.result = int(result[1])
            if call.name.endswith("sync"):
                found.append(call)
    return found


class _Reader:
    """Knows where the next `write` of a file goes."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._ends: dict[str, int] = {}
        self._of: dict[str, Callable[[Call], Iterator[Step]]] = {
            "write": self._write,
            "pwrite64": self._pwrite,
            "ftruncate": self._resize,
            "fsync": self._sync,
            "fdatasync": self._sync,
            "openat": self._open,
            "unlink": self._move,
            "unlinkat": self._move,
            "rename": self._move,
            "renameat": self._move,
            "renameat2": self._move,
            "mkdir": self._make_directory,
            "mkdirat": self._make_directory,
            "sendto": self._send,
            "sendmsg": self._send,
        }

    def steps(self, call: Call) -> Iterator[Step]:
        """What a call did here: nothing when it failed, all it was asked for when nobody knows."""
        failed = call.result is not None and call.result < 0
        if not failed or call.name.endswith("sync"):
            yield from self._of[call.name](call)

    def _ours(self, path: str) -> bool:
        return path == self._directory or path.startswith(f"{self._directory}/")

    def _opened(self, call: Call) -> str:
        """The file that a call is about; empty: none of ours."""
        match = OPEN_FILE.match(call.words)
        path = "" if match is None else _bytes(match[1]).decode()
        return path if self._ours(path) else ""

    def _named(self, call: Call) -> list[str]:
        named = [_bytes(quoted).decode() for quoted in QUOTED.findall(call.words)]
        return [path for path in named if self._ours(path)]

    def _write(self, call: Call) -> Iterator[Step]:
        if path := self._opened(call):
            data = _data(call)
            yield Wrote(path, self._ends.get(path, 0), data)
            self._ends[path] = self._ends.get(path, 0) + len(data)

    def _pwrite(self, call: Call) -> Iterator[Step]:
        if path := self._opened(call):
            at = re.search(r'", \d+, (\d+)', call.words)
            assert at is not None, call.words[-100:]
            yield Wrote(path, int(at[1]), _data(call))

    def _resize(self, call: Call) -> Iterator[Step]:
        if path := self._opened(call):
            size = re.search(r">, (\d+)", call.words)
            assert size is not None, call.words
            yield Resized(path, int(size[1]))

    def _sync(self, call: Call) -> Iterator[Step]:
        if path := self._opened(call):
            yield Synced(path, call.result == 0)

    def _open(self, call: Call) -> Iterator[Step]:
        for path in self._named(call):
            self._ends[path] = 0
            if "O_CREAT" in call.words:
                yield Made(path)
            if "O_TRUNC" in call.words:
                yield Resized(path, 0)

    def _move(self, call: Call) -> Iterator[Step]:
        if named := self._named(call):
            yield Moved(named[0], named[1] if len(named) > 1 else None)

    def _make_directory(self, call: Call) -> Iterator[Step]:
        for path in self._named(call):
            yield MadeDirectory(path)

    @staticmethod
    def _send(call: Call) -> Iterator[Step]:
        match = OPEN_FILE.match(call.words)
        if match is not None and _bytes(match[1]).startswith(SOCKET):
            yield Sent(_data(call))


def _data(call: Call) -> bytes:
    """What was written or sent, as much as the call took."""
    data = b"".join(map(_bytes, QUOTED.findall(call.words)))
    return data if call.result is None else data[: call.result]


def _bytes(words: str) -> bytes:
    return bytes.fromhex(words.replace("\\x", ""))
