"""Links to printers that are not what they seem, and the way to give them to a spooler."""

from collections.abc import Callable

from config.model import Printer
from printers.link import Link
from printers.ways import Way, open_way


class PassingOn:
    """A link that hands everything on; its kinds do one of these in a way of their own."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def write(self, words: bytes) -> None:
        await self._link.write(words)

    async def read(self) -> bytes:
        return await self._link.read()

    async def close(self) -> None:
        await self._link.close()

    def abort(self) -> None:
        self._link.abort()

    @property
    def on_stall(self) -> Callable[[], object]:
        return self._link.on_stall

    @on_stall.setter
    def on_stall(self, told: Callable[[], object]) -> None:
        self._link.on_stall = told


class Through:
    """The ways to printers: while it is on, each link that is opened goes through another one."""

    def __init__(self, other: Callable[[Link], Link], *, on: bool = True) -> None:
        self._other = other
        self.on = on

    def __call__(self, printer: Printer) -> Way:
        """As `open_way`."""
        whole = open_way(printer)

        async def way() -> Link:
            link = await whole()
            return self._other(link) if self.on else link

        return way
