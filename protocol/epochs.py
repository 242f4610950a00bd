"""What a terminal remembers of servers: the highest epoch it has seen.

A server that was cut off while another took its days over does not know it. Its terminals do, and leave it.
"""

import os
from contextlib import suppress
from pathlib import Path

from protocol.ids import DeviceName
from protocol.whole import write_whole


class OldServerError(ConnectionError):
    """This server's days were taken over by another."""

    def __init__(self, url: str, epoch: int, highest: int, where: Path | None) -> None:
        forget = f" If it is a new installation, remove {where} here." if where else ""
        super().__init__(
            f"The server at {url} was replaced by another one (epoch {epoch}, seen before: {highest}). "
            f"Stop the old one, or give this terminal the address of the new one.{forget}"
        )


class Epochs:
    """The highest epoch one terminal has seen."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: keeps it over a restart of the terminal; a file that cannot be read holds none."""
        self._path = path
        self.highest = 0
        if path is not None:
            with suppress(OSError, ValueError):
                self.highest = int(path.read_text(encoding="ascii"))

    def meet(self, url: str, epoch: int) -> None:
        """Take note of the server there; OldServerError when a later one was seen."""
        if epoch < self.highest:
            raise OldServerError(url, epoch, self.highest, self._path)
        if epoch > self.highest:
            self.highest = epoch
            self._keep()

    def _keep(self) -> None:
        """Durably, whole or not at all; what cannot be kept is remembered until the terminal ends."""
        if self._path is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._path, f"{self.highest}\n".encode("ascii"))


def remembered_by(device: DeviceName) -> Epochs:
    """What the terminal of this name on this machine has seen: kept in the account's state directory."""
    return Epochs(state_directory() / f"{device}.epoch")


def state_directory() -> Path:
    """Where terminals of this account keep what has to outlive them."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "walkin"
