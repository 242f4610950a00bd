"""What the server tells whoever brings it back, by systemd's notify socket; nothing where there is none.

The protocol is sd_notify(3): a datagram of NAME=VALUE lines to the socket named in NOTIFY_SOCKET.
"""

import os
import socket
from contextlib import suppress
from time import monotonic

ALIVE_GAP_S = 1.0
"""Least time between two signs of life; a disk that stalls for 5 s makes it 11, since the engine's beats are
5 s apart. systemd waits WatchdogSec, nearly twice as long."""


class Supervisor:
    """Whoever started this process, if it wants to hear."""

    def __init__(self, address: str | None = None) -> None:
        """`address`: of the notify socket; without one, what the environment says."""
        name = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        self._alive_at = 0.0

    def ready(self) -> None:
        """Terminals can come."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Something has just come to the disk: a server that hangs, or whose disk does, falls silent."""
        if self._address and monotonic() - self._alive_at >= ALIVE_GAP_S:
            self._alive_at = monotonic()
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It was told to stop, and does."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line,
        ):
            line.sendto(state.encode("ascii"), self._address)
