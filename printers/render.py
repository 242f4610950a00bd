"""From a slip to the bytes of a printer. Light to import: Pillow and escpos come with the first slip."""

from collections.abc import Callable

from msgspec import Struct

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.layout import lay_out
from printers.slip import Slip


class Encoded(Struct, frozen=True):
    """One slip in the printer's own words, parted where a driver may ask how the printer is."""

    parts: tuple[bytes, ...]
    """Whole commands each; together all that is printed."""
    cut: bytes
    """Feeds the slip out and cuts it, or only feeds where there is no cutter."""
    counted: bool = True
    """The printer's counter of cuts goes up with it: not where there is no cutter."""

    @property
    def body(self) -> bytes:
        """All that is printed, in one."""
        return b"".join(self.parts)


class UnknownProfile(Exception):  # noqa: N818 - named for what it says
    """The configuration names a printer profile that python-escpos does not have."""


Render = Callable[[Slip, Printer], Encoded]
"""Makes the bytes of a slip; SlipTooLong, UnknownProfile. Slow: milliseconds, the first time 0.5 s."""


def renderer(centre: Centre, phrases: Phrases) -> Render:
    """Slips of this centre in these words, for any of its printers; to be called in a thread."""

    def render(slip: Slip, printer: Printer) -> Encoded:
        from printers.encode import encode, medium_of  # loads Pillow and python-escpos

        return encode(lay_out(slip, centre, phrases, medium_of(printer)), printer.profile)

    return render
