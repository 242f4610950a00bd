"""Small slips of a queue: day, ticket, copy and token can be read back from the paper."""

import re
from collections import Counter
from collections.abc import Iterable

from chaos.slips import LINE, LINES, MARK, VOID
from msgspec import Struct

from config.model import Printer
from printers.render import Encoded
from printers.simulator.paper import Paper
from printers.slip import Slip

Key = tuple[str, str, int]
"""Day, ticket and copy: what makes a slip."""

UNPRINTABLE = "T006"
"""The first slip of this ticket cannot be made; a copy can: somebody has mended the words."""
HEAD = re.compile(r"(\d{4}-\d\d-\d\d) ([A-Z]\d{3}) copy (\d+)\n(\w+)")


class Piece(Struct, frozen=True):
    """What fell out of a printer at one cut."""

    printer: str
    text: str

    @property
    def slips(self) -> tuple[tuple[Key, str], ...]:
        """Each slip that is complete on it, with its token; none on a piece that calls itself void."""
        if VOID in self.text:
            return ()
        heads = (HEAD.match(self.text, at.start()) for at in HEAD.finditer(self.text))
        read = [((head[1], head[2], int(head[3])), head[4]) for head in heads if head]
        return tuple((key, token) for key, token in read if slip_text(key, token) in self.text)


def slip_text(key: Key, token: str) -> str:
    """What is to be read on it, from the first line to the last."""
    day, ticket, copy = key
    mark = [f"{MARK} {copy}"] if copy > 1 else []
    return "\n".join([f"{day} {ticket} copy {copy}", token, *mark, *[LINE] * LINES, f"end of {ticket}"])


class Unprintable(Exception):  # noqa: N818 - named for what it says
    """The words of this slip are wrong."""


def plain(slip: Slip, _: Printer) -> Encoded:
    """The slip in plain letters instead of pictures; its day is the one it was taken on. Unprintable."""
    if (slip.ticket, slip.copy) == (UNPRINTABLE, 1):
        raise Unprintable
    key = (slip.taken_at.date().isoformat(), slip.ticket, slip.copy)
    return Encoded((b"\x1b@\x1bt\x10", f"{slip_text(key, slip.token_url)}\n".encode("ascii")), b"\x1dVB\x00")


def named_in(words: bytes) -> Key | None:
    """The slip that begins in these words to a printer, if one does."""
    head = HEAD.search(words.decode("latin-1"))
    return (head[1], head[2], int(head[3])) if head else None


def pieces(papers: Iterable[Paper], printer: str) -> list[Piece]:
    """The paper under this printer, as a person would pick it up."""
    return [Piece(printer, paper.text) for paper in papers]


def on_paper(found: Iterable[Piece]) -> Counter[Key]:
    """How often each slip is on paper, complete and valid."""
    return Counter(key for piece in found for key, _ in piece.slips)
