"""The doorway: the socket on which the server listens, and who may stand in it before saying who he is.

Whoever is in the network can open lines and say nothing, or say it slowly. So lines are counted from the
first packet on, before any encryption is begun: each address has so many, and when too many have not said who
they are, one of those goes whose address has most. A terminal says it within a moment, others do not.
"""

import random
import socket
import time
from collections import Counter
from contextlib import suppress

from protocol.trust import is_here
from queue_server.pace import Pace

LINES_OF_AN_ADDRESS_MAX = 32
"""Of one machine in the network: a few screens, and their old lines that nobody has noticed to be dead. This
machine's own are not limited: whoever is on it is in already."""
UNKNOWN_MAX = 256
"""Lines whose terminal is not known yet: the largest house may come back in one instant."""
LINES_PER_S, LINES_AT_ONCE = 5.0, 64
"""Lines that one machine in the network may open, on and on and at once: a handshake is dear."""
ADDRESSES_KEPT = 1024
"""Machines whose pace is remembered; more than a centre has."""
BACKLOG = 128
"""Lines that the system keeps until we come to them."""

Peer = tuple[str, int]


class Line(socket.socket):
    """One accepted connection; leaves the doorway when it is closed."""

    peer: Peer | None = None
    doorway: "Doorway | None" = None

    def close(self) -> None:
        """Close it, and be counted no more."""
        doorway, self.doorway = self.doorway, None
        if doorway is not None:
            doorway.left(self)
        super().close()


class Doorway(socket.socket):
    """Listens; binds when it begins to."""

    def __init__(self, host: str, port: int) -> None:
        """OSError when the host is not known."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        super().__init__(family, socket.SOCK_STREAM)
        self.address = str(address[0]), int(address[1])
        self.turned_away = 0
        """Lines that were closed before anybody was known at the other end."""
        self._unknown: dict[Peer, Line] = {}
        self._of_address: Counter[str] = Counter()
        self._paces: dict[str, Pace] = {}

    def listen(self, backlog: int = BACKLOG) -> None:
        """Bind and listen; OSError when the address cannot be had."""
        if self.family == socket.AF_INET6:
            self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.bind(self.address)
        super().listen(min(backlog, BACKLOG))

    def accept(self) -> tuple[socket.socket, Peer]:
        """The next line; BlockingIOError: there is none, ConnectionAbortedError: it may not stand here.

        The loop has its turn after either: refusing many does not hold up the others.
        """
        accepted, peer = super().accept()
        line = Line(fileno=accepted.detach())
        if not self._lets_in(line, peer[:2]):
            self.turned_away += 1
            line.close()
            raise ConnectionAbortedError
        return line, peer

    def _lets_in(self, line: Line, peer: Peer) -> bool:
        host = peer[0]
        if not is_here(host) and (self._of_address[host] >= LINES_OF_AN_ADDRESS_MAX or self._is_early(host)):
            return False
        line.peer, line.doorway = peer, self
        self._of_address[host] += 1
        self._unknown[peer] = line
        if len(self._unknown) > UNKNOWN_MAX:
            self._push_out()
        return True

    def _is_early(self, host: str) -> bool:
        """Whether this machine opens lines faster than any screen comes back."""
        if len(self._paces) >= ADDRESSES_KEPT:
            self._paces.clear()
        pace = self._paces.setdefault(host, Pace(LINES_PER_S, LINES_AT_ONCE, time.monotonic))
        return not pace.may()

    def _push_out(self) -> None:
        """End a line of whoever has most; it leaves when that one lets it go."""
        of_host = Counter(host for host, _ in self._unknown)
        most = max(of_host.values())
        peer = random.choice([peer for peer in self._unknown if of_host[peer[0]] == most])
        self.turned_away += 1
        with suppress(OSError):
            self._unknown.pop(peer).shutdown(socket.SHUT_RDWR)

    def known(self, peer: Peer) -> None:
        """The terminal at the other end is known now."""
        self._unknown.pop(peer[:2], None)

    def left(self, line: Line) -> None:
        """A line is closed."""
        assert line.peer is not None, "it was let in"
        if self._unknown.get(line.peer) is line:
            del self._unknown[line.peer]
        host = line.peer[0]
        self._of_address[host] -= 1
        if not self._of_address[host]:
            del self._of_address[host]
