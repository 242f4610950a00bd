"""The same printer behind a pseudo terminal, as a serial or USB printer looks to a program."""

import asyncio
import os
import tty
from contextlib import suppress
from pathlib import Path

from printers.simulator.changes import Changes
from printers.simulator.faults import Break, Faults
from printers.simulator.reception import READ_BYTES_MAX, Reception


class SerialLine:
    """A line without connections: who opens the device talks, and nobody says when a host has gone.

    With flow control a full printer stops reading, and the host's writing blocks once the kernel's own few
    kilobytes are full too. Without it bytes that find the buffer full are lost; real-time commands among them
    are executed nevertheless, as on every serial printer.
    """

    def __init__(
        self, received: Reception, faults: Faults, changes: Changes, *, flow_control: bool, link: Path | None
    ) -> None:
        """`link`: a name that stays when the device comes back under another path; OSError: it cannot be."""
        self._received = received
        self._faults = faults
        self._flow_control = flow_control
        self._link = link
        self._ends: tuple[int, int] | None = None
        self._listening = False
        self._plug()
        changes.follow(self._settle)

    @property
    def path(self) -> Path | None:
        """Where a program opens it; None while it is gone."""
        if self._ends is None:
            return None
        return self._link or Path(os.ttyname(self._ends[1]))

    def close(self) -> None:
        """Unplugs it: programs that have it open read its end."""
        if self._ends is not None:
            self._listen(listening=False)
            for end in self._ends:
                os.close(end)
            self._ends = None
            if self._link is not None:
                self._link.unlink(missing_ok=True)

    def hang_up(self, _: Break) -> None:
        """The device vanishes and comes back, as USB does when someone trips over the cable."""
        if self._ends is not None:
            self.close()
            self._plug()

    def send(self, words: bytes) -> None:
        """To whoever has the device open; lost when the cable is out or nobody reads."""
        if self._ends is not None and self._faults.powered and not self._faults.black_hole:
            with suppress(BlockingIOError):
                os.write(self._ends[0], words)

    def _plug(self) -> None:
        printer, host = os.openpty()
        try:
            self._name(os.ttyname(host))
        except OSError:
            os.close(printer)
            os.close(host)
            raise
        tty.setraw(host)
        os.set_blocking(printer, False)
        self._ends = printer, host
        self._listen(listening=True)

    def _name(self, device: str) -> None:
        if self._link is not None:
            if self._link.is_symlink():
                self._link.unlink()  # left by a printer that could not tidy up
            self._link.symlink_to(device)

    def _settle(self) -> None:
        if self._faults.present is (self._ends is None):
            self._plug() if self._faults.present else self.close()
        elif self._ends is not None and not self._listening and not self._holds_back:
            self._listen(listening=True)

    @property
    def _holds_back(self) -> bool:
        return self._flow_control and not (self._faults.reads and self._received.room)

    def _listen(self, *, listening: bool) -> None:
        if self._ends is not None and listening is not self._listening:
            self._listening = listening
            loop = asyncio.get_running_loop()
            if listening:
                loop.add_reader(self._ends[0], self._readable, self._ends[0])
            else:
                loop.remove_reader(self._ends[0])

    def _readable(self, printer: int) -> None:
        if self._holds_back:
            self._listen(listening=False)
            return
        count = self._received.room if self._flow_control else READ_BYTES_MAX
        chunk = os.read(printer, count)
        if self._faults.reads:
            self._received.accept(chunk)
