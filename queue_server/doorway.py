"""The doorway: the socket on which the server listens, and who may stand in it before saying who he is.

Whoever is in the network can open lines and say nothing, or say it slowly. So lines are counted from the
first packet on, before any encryption is begun: each address has so many, and of those who have not said who
they are, the oldest goes when there are too many. A terminal says it within a moment, others do not.
"""

import socket
from collections import Counter
from contextlib import suppress

from protocol.trust import is_here

LINES_OF_AN_ADDRESS_MAX = 32
"""Of one machine in the network: a few screens, and their old lines that nobody has noticed to be dead. This
machine's own are not limited: whoever is on it is in already."""
UNKNOWN_MAX = 256
"""Lines whose terminal is not known yet: the largest house may come back in one instant."""
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

    def listen(self, backlog: int = BACKLOG) -> None:
        """Bind and listen; OSError when the address cannot be had."""
        if self.family == socket.AF_INET6:
            self.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.bind(self.address)
        super().listen(min(backlog, BACKLOG))

    def accept(self) -> tuple[socket.socket, Peer]:
        """The next line that may stand here; BlockingIOError when there is none."""
        while True:
            accepted, peer = super().accept()
            line = Line(fileno=accepted.detach())
            if self._lets_in(line, peer[:2]):
                return line, peer
            self.turned_away += 1
            line.close()

    def _lets_in(self, line: Line, peer: Peer) -> bool:
        host = peer[0]
        if self._of_address[host] >= LINES_OF_AN_ADDRESS_MAX and not is_here(host):
            return False
        line.peer, line.doorway = peer, self
        self._of_address[host] += 1
        self._unknown[peer] = line
        if len(self._unknown) > UNKNOWN_MAX:
            self._push_out(next(iter(self._unknown)))
        return True

    def _push_out(self, peer: Peer) -> None:
        """Whoever reads or writes this line finds it ended; it leaves when that one lets it go."""
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
