"""Small slips whose every line can be read back from the paper, and the reading of it."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from config.model import Printer
from printers.job import Job
from printers.render import Encoded
from printers.simulator.paper import Paper
from printers.slip import Slip

DAY = "2026-11-22"
COPIES_MAX = 20
"""No ticket has more slips."""
LINES = 12
"""Lines between the first and the last of a slip: enough bytes and dots for a fault to fall among them."""
LINE = "line"
MARK = "DUPLICATA / DUPLICAAT"
VOID = "VOID"
FIRST_LINE = re.compile(r"ticket (K\d{3}) copy (\d+)")


class Piece(Struct, frozen=True):
    """What fell out of a printer at one cut."""

    printer: str
    text: str

    @property
    def void(self) -> bool:
        """It says itself that it is no ticket."""
        return VOID in self.text

    @property
    def slips(self) -> tuple[tuple[str, int], ...]:
        """Ticket and copy of each slip that is complete on it, from the first line to the last."""
        found = (FIRST_LINE.match(self.text, at.start()) for at in FIRST_LINE.finditer(self.text))
        read = [(match[1], int(match[2])) for match in found if match]
        return tuple((ticket, copy) for ticket, copy in read if _text(ticket, copy) in self.text)

    @property
    def clean(self) -> bool:
        """Exactly one slip, and not a letter more."""
        return any(self.text == _text(ticket, copy) for ticket, copy in self.slips)


def job(number: int, printer: str = "printer-1", copy: int = 1) -> Job:
    """A slip of this ticket for this printer."""
    slip = Slip(
        ticket=f"K{number:03}",
        number=f"K {number:03}",
        field="training",
        languages=("fr",),
        talk=("fr",),
        ahead=0,
        taken_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        copy=copy,
    )
    return Job(DAY, printer, slip)


def plain(slip: Slip, _: Printer) -> Encoded:
    """The slip in 100 bytes of plain letters instead of pictures."""
    words = f"{_text(slip.ticket, slip.copy)}\n".encode("ascii")
    return Encoded((b"\x1b@\x1bt\x10", words), b"\x1dVB\x00")


def pieces(papers: Iterable[Paper], printer: str = "printer-1") -> list[Piece]:
    """The paper under this printer, as a person would pick it up."""
    return [Piece(printer, paper.text) for paper in papers]


def on_paper(found: Iterable[Piece]) -> Counter[tuple[str, int]]:
    """How often each ticket and copy stands complete on a piece that does not call itself void."""
    return Counter(slip for piece in found if not piece.void for slip in piece.slips)


def whole(papers: Iterable[Paper]) -> dict[tuple[str, int], int]:
    """How often each ticket and copy is on paper; a piece with more or less than one slip fails here."""
    found = pieces(papers)
    soiled = [piece.text for piece in found if not piece.void and not piece.clean]
    assert not soiled, f"neither a whole slip nor marked void: {soiled}"
    return dict(on_paper(found))


def originals(papers: Iterable[Paper]) -> dict[str, int]:
    """The same where nobody asked for a copy: a copy fails here too."""
    found = whole(papers)
    copies = [(ticket, copy) for ticket, copy in found if copy > 1]
    assert not copies, f"copies nobody asked for: {copies}"
    return {ticket: times for (ticket, _), times in found.items()}


def _text(ticket: str, copy: int) -> str:
    mark = [f"{MARK} {copy}"] if copy > 1 else []
    return "\n".join([f"ticket {ticket} copy {copy}", *mark, *[LINE] * LINES, f"end of {ticket}"])
