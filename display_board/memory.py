"""What a board remembers over a restart: how far its announcements had come, so that it repeats none."""

from contextlib import suppress
from pathlib import Path

from protocol.epochs import state_directory
from protocol.ids import DayDate, DeviceName
from protocol.whole import write_whole


class Memory:
    """The last call that this board has announced, in a file of its own."""

    def __init__(self, path: Path) -> None:
        """A file that cannot be read remembers nothing: then young calls are announced again."""
        self._path = path
        self.day: DayDate = ""
        self.call = 0
        with suppress(OSError, ValueError):
            day, call = path.read_text(encoding="ascii").split()
            self.day, self.call = day, int(call)

    def keep(self, day: DayDate, call: int) -> None:
        """Whole or not at all; what cannot be kept is remembered until the board ends."""
        if (day, call) == (self.day, self.call):
            return
        self.day, self.call = day, call
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._path, f"{day} {call}\n".encode("ascii"))


def memory_of(device: DeviceName) -> Memory:
    """What the board of this name on this machine remembers."""
    return Memory(state_directory() / f"{device}.announced")
