"""A pseudo terminal as the wire to a printer: a test is the printer, the program opens the other end."""

import contextlib
import os
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from support.servers import until

READ_BYTES_MAX = 65536


class Wire(Struct):
    """Both ends; `host` is kept open, so that the line is there whoever opens and closes `path`."""

    printer: int
    host: int
    path: str

    def heard(self) -> bytes:
        """What has come out at the printer's end since the last look."""
        heard = b""
        with contextlib.suppress(BlockingIOError):
            while True:
                heard += os.read(self.printer, READ_BYTES_MAX)
        return heard

    async def hears(self, count: int) -> bytes:
        """So many bytes and what comes with them."""
        heard = b""

        def enough() -> bool:
            nonlocal heard
            heard += self.heard()
            return len(heard) >= count

        await until(enough)
        return heard

    async def hears_until(self, end: bytes) -> bytes:
        """Everything that comes out up to these bytes."""
        heard = b""

        def ended() -> bool:
            nonlocal heard
            heard += self.heard()
            return heard.endswith(end)

        await until(ended)
        return heard

    def cut(self) -> None:
        """The device vanishes."""
        for end in (self.printer, self.host):
            with contextlib.suppress(OSError):
                os.close(end)


@contextmanager
def pulled_wire() -> Iterator[Wire]:
    """A wire that passes every byte as it is."""
    printer, host = os.openpty()
    tty.setraw(host)
    for end in (printer, host):
        os.set_blocking(end, False)
    wire = Wire(printer, host, os.ttyname(host))
    try:
        yield wire
    finally:
        wire.cut()
